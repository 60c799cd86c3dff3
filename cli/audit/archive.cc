#include "cli/audit/archive.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

absl::Status Damaged(const std::string& path, std::string_view what) {
  return absl::DataLossError(Text(path, ": ", what));
}

std::string SystemWords(int error) { return std::generic_category().message(error); }

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return absl::NotFoundError(Text(path, ": there is no such file"));
  if (fd < 0) return absl::UnavailableError(Text(path, ": ", SystemWords(errno)));
  // Grows by what is read: a size that was looked up may be wrong, or that of a device.
  std::string bytes;
  absl::Status status;
  constexpr size_t kStepBytes = size_t{1} << 20;
  while (true) {
    const size_t have = bytes.size();
    bytes.resize(have + kStepBytes);
    const ssize_t got = read(fd, bytes.data() + have, kStepBytes);
    bytes.resize(have + (got > 0 ? static_cast<size_t>(got) : 0));
    if (got == 0) break;
    if (got > 0 || errno == EINTR) continue;
    status = absl::UnavailableError(Text(path, ": ", SystemWords(errno)));
    break;
  }
  close(fd);
  if (!status.ok()) return status;
  return bytes;
}

absl::StatusOr<Archive> Archive::Open(const std::string& folder) {
  Archive archive(folder);
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  if (error) return absl::InvalidArgumentError(Text(folder, ": ", error.message()));
  for (; entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.ends_with(kArchiveEnding)) continue;
    const auto first = FirstOfPartName(name);
    if (!first) return Damaged(entry->path().string(), "no file of an archive has such a name");
    archive.files_.push_back(*first);
    const uint64_t bytes = entry->file_size(error);
    if (!error) archive.bytes_ += bytes;
  }
  if (error) return absl::UnavailableError(Text(folder, ": ", error.message()));
  std::sort(archive.files_.begin(), archive.files_.end());
  return archive;
}

absl::StatusOr<std::optional<Part>> Archive::Next() {
  if (next_ == files_.size()) return std::nullopt;
  const uint64_t named_first = files_[next_];
  const std::string path = (std::filesystem::path(folder_) / PartName(named_first)).string();
  if (named_first != size_) {
    return named_first > size_
               ? Damaged((std::filesystem::path(folder_) / PartName(size_)).string(),
                         Text("this file is missing; the next one is ", PartName(named_first)))
               : Damaged(path, Text("event ", named_first, " is in the file before already"));
  }
  auto bytes = ReadWholeFile(path);
  if (!bytes.ok()) return bytes.status();
  const uint64_t file_bytes = bytes->size();
  auto part = ReadPart(*std::move(bytes));
  if (!part.ok()) {
    const absl::string_view what = part.status().message();
    return Damaged(path, std::string_view(what.data(), what.size()));
  }
  if (absl::Status status = CheckFit(*part, named_first); !status.ok()) {
    const absl::string_view what = status.message();
    return Damaged(path, std::string_view(what.data(), what.size()));
  }
  ++next_;
  size_ = part->next();
  bytes_read_ += file_bytes;
  ledger_id_ = part->ledger_id;
  last_hash_ = part->hash;
  return std::optional<Part>(*std::move(part));
}

absl::Status Archive::CheckFit(const Part& part, uint64_t named_first) const {
  if (part.first != named_first) {
    return absl::DataLossError(
        Text("it begins with event ", part.first, ", not with the one that its name says"));
  }
  if (!ledger_id_.empty() && part.ledger_id != ledger_id_) {
    return absl::DataLossError(
        Text("it is of ledger ", part.ledger_id, ", the files before of ", ledger_id_));
  }
  if (part.before != last_hash_) {
    return absl::DataLossError("it was written after another file than the one before it here");
  }
  return absl::OkStatus();
}

}  // namespace meritbook::audit
