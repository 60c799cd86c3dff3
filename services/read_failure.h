// Owns: what a caller is told where events can't be read.
// Promises: damage is told as such, with its sequence; anything else is ours to explain.
// Thread: any.
#ifndef MERITBOOK_SERVICES_READ_FAILURE_H_
#define MERITBOOK_SERVICES_READ_FAILURE_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "ledger/refusal.h"
#include "ledger/text.h"

namespace meritbook {

// Of EventLog::Read from `sequence` on; `what` couldn't be done for it, such as "can't be read".
inline Refused ReadFailure(uint64_t sequence, std::string_view what, const absl::Status& status) {
  const bool damaged = absl::IsDataLoss(status);
  return {damaged ? v1::REFUSAL_LOG_DAMAGED : v1::REFUSAL_INTERNAL,
          "",
          Text("event ", sequence, " ", what, ": ", MessageOf(status)),
          {}};
}

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_READ_FAILURE_H_
