// Owns: a file's bytes, mapped into memory.
// Promises: read-only, unmapped at the end; nobody may shorten the file meanwhile.
// Thread: any for reading.
#ifndef MERITBOOK_CLI_IMPORT_MAPPED_FILE_H_
#define MERITBOOK_CLI_IMPORT_MAPPED_FILE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class MappedFile {
 public:
  // NotFound when there is no such file, InvalidArgument when it can't be read.
  static absl::StatusOr<std::unique_ptr<MappedFile>> Open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view text() const { return text_; }

 private:
  explicit MappedFile(std::string_view text) : text_(text) {}

  const std::string_view text_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_MAPPED_FILE_H_
