#include "cli/sample/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <ios>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace meritbook::sample {
namespace fs = std::filesystem;

absl::Status MakeFolder(const fs::path& dir) {
  std::error_code error;
  const fs::file_status found = fs::status(dir, error);
  if (fs::exists(found) && !fs::is_directory(found)) {
    return absl::InvalidArgumentError(absl::StrCat(dir.string(), " is not a folder"));
  }
  error.clear();
  fs::create_directories(dir, error);
  if (error == std::errc::not_a_directory || error == std::errc::file_exists) {
    return absl::InvalidArgumentError(
        absl::StrCat(dir.string(), " can't be made: a part of the path is not a folder"));
  }
  if (error == std::errc::permission_denied || error == std::errc::read_only_file_system) {
    return absl::PermissionDeniedError(
        absl::StrCat(dir.string(), " can't be made: ", error.message()));
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat(dir.string(), " can't be made: ", error.message()));
  }
  if (faccessat(AT_FDCWD, dir.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat(dir.string(), " can't be written: ", std::generic_category().message(errno)));
  }
  return absl::OkStatus();
}

absl::Status WriteWholeFile(const fs::path& path, absl::string_view text) {
  const fs::path partial =
      path.parent_path() / absl::StrCat(".", path.filename().string(), ".partial");
  errno = 0;
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  std::error_code error;
  if (file.fail()) {
    error = std::error_code(errno != 0 ? errno : EIO, std::generic_category());
  } else {
    fs::rename(partial, path, error);
  }
  if (!error) return absl::OkStatus();
  std::error_code ignored;
  fs::remove(partial, ignored);
  return absl::UnavailableError(
      absl::StrCat(path.string(), " can't be written: ", error.message()));
}

}  // namespace meritbook::sample
