#include "cli/import/refused_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "cli/table.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr const char* kHeader = "file,line,column,reason,message,id\n";

}  // namespace

absl::StatusOr<std::unique_ptr<RefusedFile>> RefusedFile::Start(const std::string& path) {
  std::string temporary = Text(path, ".partial");
  std::FILE* const out = std::fopen(temporary.c_str(), "we");
  if (out == nullptr) {
    return absl::InvalidArgumentError(
        Text(temporary, ": ", std::strerror(errno), "; choose another place with --refused FILE"));
  }
  std::fputs(kHeader, out);
  return std::unique_ptr<RefusedFile>(new RefusedFile(path, std::move(temporary), out));
}

RefusedFile::RefusedFile(std::string path, std::string temporary, std::FILE* out)
    : path_(std::move(path)), temporary_(std::move(temporary)), out_(out) {}

RefusedFile::~RefusedFile() {
  if (out_ == nullptr) return;
  std::fclose(out_);
  unlink(temporary_.c_str());
}

void RefusedFile::Add(const RefusedLine& line) {
  const std::string text =
      Text(line.file, ",", line.line, ",", CsvField(line.column), ",", line.reason, ",",
           CsvField(line.message), ",", CsvField(line.id), "\n");
  std::fwrite(text.data(), 1, text.size(), out_);
}

absl::Status RefusedFile::Keep() {
  const bool written = std::fflush(out_) == 0 && std::ferror(out_) == 0 && fsync(fileno(out_)) == 0;
  if (!written || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return absl::InvalidArgumentError(Text(path_, ": ", std::strerror(errno)));
  }
  std::fclose(std::exchange(out_, nullptr));
  return absl::OkStatus();
}

}  // namespace meritbook::cli
