// Owns the reading back of the county's own CSV texts: no quotes, known columns.
// Promises a Status that names what is malformed, and views into the text, which must outlive it.
// Any thread.
#ifndef MERITBOOK_CLI_SAMPLE_CSV_ROWS_H_
#define MERITBOOK_CLI_SAMPLE_CSV_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace meritbook::sample {

// Rows without the header, which must be `columns` joined by commas.
absl::StatusOr<std::vector<std::vector<absl::string_view>>> ReadRows(
    absl::string_view text, const std::vector<absl::string_view>& columns);

// "2021-03-05T09:00:00+08:00" → seconds since 2021-01-01T00:00:00+08:00.
absl::StatusOr<int64_t> ReadInstant(absl::string_view text);
// "2021-03-05" → days since 2021-01-01.
absl::StatusOr<int> ReadDay(absl::string_view text);
absl::StatusOr<int> ReadNumber(absl::string_view text);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_CSV_ROWS_H_
