// Owns: double entry: which accounts an event moves units between.
// Promises: a pure function of the event alone; the units of one event sum to zero.
// Thread: any.
#ifndef MERITBOOK_LEDGER_POSTING_H_
#define MERITBOOK_LEDGER_POSTING_H_

#include <cstdint>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook {

enum class Account {
  kIssued,      // of the ledger, <= 0
  kExpired,     // of the ledger
  kRevoked,     // of the ledger
  kForfeited,   // of the ledger
  kDonated,     // of the ledger
  kPending,     // of a volunteer, >= 0
  kAvailable,   // of a volunteer, >= 0
  kHeld,        // of a volunteer, >= 0
  kDebt,        // of a volunteer, <= 0
  kPayable,     // of a merchant
  kSettled,     // of the ledger: what merchants were paid
  kWrittenOff,  // of the ledger
};

struct Posting {
  Account account;
  std::string_view owner;  // the volunteer or merchant; empty for the ledger's own accounts
  int64_t units;           // signed
};

using Postings = absl::InlinedVector<Posting, 4>;

// Empty for an event that moves no points.
Postings PostingsOf(const v1::Event& event);

// The volunteers whose passbook the event belongs to, in order, each once.
absl::InlinedVector<std::string_view, 2> VolunteersOf(const v1::Event& event);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_POSTING_H_
