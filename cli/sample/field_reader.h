// Owns the reading of fields where a malformed one is the generator's own mistake.
// Promises to keep the first error, so that the rules need not look at every one.
// Not shared between threads.
#ifndef MERITBOOK_CLI_SAMPLE_FIELD_READER_H_
#define MERITBOOK_CLI_SAMPLE_FIELD_READER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/sample/csv_rows.h"

namespace meritbook::sample {

class FieldReader {
 public:
  int64_t Instant(absl::string_view text) { return Keep(ReadInstant(text)); }
  int Day(absl::string_view text) { return Keep(ReadDay(text)); }
  int Number(absl::string_view text) { return Keep(ReadNumber(text)); }
  int NumberOr(absl::string_view text, int absent) { return text.empty() ? absent : Number(text); }
  const absl::Status& status() const { return status_; }

 private:
  template <typename T>
  T Keep(const absl::StatusOr<T>& value) {
    if (value.ok()) return *value;
    status_.Update(value.status());
    return T{};
  }
  absl::Status status_;
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_FIELD_READER_H_
