// Owns: the file of rows that were refused, for whoever corrects them.
// Promises: appears whole under its name, or not at all; an old one stays until then.
// Thread: one at a time.
#ifndef MERITBOOK_CLI_IMPORT_REFUSED_FILE_H_
#define MERITBOOK_CLI_IMPORT_REFUSED_FILE_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace meritbook::cli {

// One line of the file.
struct RefusedLine {
  std::string_view file;
  uint32_t line = 0;
  std::string column;  // "5:minutes"; empty for the row as a whole
  std::string reason;
  std::string message;
  std::string id;
};

class RefusedFile {
 public:
  // Starts a temporary file beside `path`. InvalidArgument when that can't be written.
  static absl::StatusOr<std::unique_ptr<RefusedFile>> Start(const std::string& path);
  // Removes the temporary file unless it was kept.
  ~RefusedFile();
  RefusedFile(const RefusedFile&) = delete;
  RefusedFile& operator=(const RefusedFile&) = delete;

  void Add(const RefusedLine& line);
  // Gives it its name. InvalidArgument when the disk refused a write.
  absl::Status Keep();

 private:
  RefusedFile(std::string path, std::string temporary, std::FILE* out);

  const std::string path_;
  const std::string temporary_;
  std::FILE* out_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_REFUSED_FILE_H_
