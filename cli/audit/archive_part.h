// Owns: the format of one file of an archive: whole commands of one ledger, and how files are
// chained. Promises: what ReadPart gives is what was written: every bit of the file is under its
// hash. Thread: any; a builder one at a time.
//
// Integers are unsigned and little-endian; hash is SHA-256.
//
//   file = magic          4   "MBAR"
//          version        4   1
//          ledger     1 + n   length, bytes
//          first          8   sequence of the first event; the file's name says it too
//          count          8   events, >= 1
//          before        32   hash of the file before; zeros in the one that begins at 0
//          events             count times: length:2, the event's exact bytes
//          hash          32   of all bytes before it
//
// The file is named "<first, 20 digits>.events", so that names sort as sequences do.
#ifndef MERITBOOK_CLI_AUDIT_ARCHIVE_PART_H_
#define MERITBOOK_CLI_AUDIT_ARCHIVE_PART_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook::audit {

inline constexpr size_t kArchiveHashBytes = 32;
inline constexpr char kArchiveEnding[] = ".events";
// Of a whole file; one command that alone is larger is written all the same.
inline constexpr uint64_t kPartBytesMax = uint64_t{1} << 30;

std::string PartName(uint64_t first);
// Nothing for what is no such name.
std::optional<uint64_t> FirstOfPartName(std::string_view name);

class PartBuilder {
 public:
  // `before`: the hash of the file before; zeros for the first one.
  PartBuilder(std::string_view ledger_id, uint64_t first, std::string_view before);

  // 1 to 65,535 bytes.
  void Add(std::string_view event);
  uint64_t count() const { return count_; }
  // Of the whole file, were it finished now.
  uint64_t bytes() const { return bytes_.size() + kArchiveHashBytes; }
  // The file. Once.
  std::string Finish();

 private:
  std::string bytes_;
  size_t count_at_;
  uint64_t count_ = 0;
};

struct Part {
  std::string ledger_id;
  uint64_t first = 0;
  std::string before;
  std::string hash;
  std::vector<std::string_view> events;  // in `bytes`
  std::unique_ptr<const std::string> bytes;

  uint64_t next() const { return first + events.size(); }
};

// DataLoss, with what is wrong.
absl::StatusOr<Part> ReadPart(std::string bytes);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_ARCHIVE_PART_H_
