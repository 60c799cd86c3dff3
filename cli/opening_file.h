// Owns: the balances of an old system as a CSV file, cut into parts that one proposal can carry.
// Promises: the same parts and proposal ids from the same bytes, on anybody's machine, so that the
// second person can compare what was proposed with a copy of her own. Thread: any.
#ifndef MERITBOOK_CLI_OPENING_FILE_H_
#define MERITBOOK_CLI_OPENING_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

inline constexpr int kOpeningPartMax = 128;         // volunteers
inline constexpr int kOpeningLotsMax = 64;          // of one volunteer
inline constexpr size_t kOpeningBytesMax = 24'000;  // well below what one command may have

struct OpeningFile {
  // In order; with their proposal ids.
  std::vector<v1::ProposeChange> parts;
  std::string file_sha256;  // 32 bytes
  uint64_t volunteers = 0;
  uint64_t lots = 0;
  int64_t units = 0;
  uint64_t credited_minutes = 0;
  uint64_t honorary_minutes = 0;
};

// Columns volunteer_id, units or points (decimal), expiry_day (empty: never lapses),
// credited_minutes, honorary_minutes. Several rows of a volunteer are several lots of hers; her
// minutes stand in one of them. InvalidArgument with file, line and column.
absl::StatusOr<OpeningFile> ParseOpening(const std::string& name, std::string_view text);

// Of the proposals of this file, whatever their part: "opening-" and 32 hex digits of its hash.
std::string OpeningPrefix(std::string_view file_sha256);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_OPENING_FILE_H_
