#include "cli/archive_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "cli/audit/archive.h"
#include "cli/text.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {
namespace {

constexpr size_t kEventBytesMax = std::numeric_limits<uint16_t>::max();

absl::Status SystemProblem(const std::string& path, int error) {
  return absl::UnavailableError(Text(path, ": ", std::generic_category().message(error)));
}

// "a/b/" as "a/b", so that its parent is a.
std::string WithoutSlashes(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

absl::Status WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return absl::ErrnoToStatus(errno, "write");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// Writes, syncs, and lets go of what the system keeps in memory, so that a reader asks the disk.
absl::Status WriteSynced(const std::string& path, std::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return SystemProblem(path, errno);
  const bool written = WriteAll(fd, bytes).ok() && fsync(fd) == 0;
  const int error = errno;
  if (written) (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  close(fd);
  return written ? absl::OkStatus() : SystemProblem(path, error);
}

}  // namespace

ArchiveWriter::ArchiveWriter(std::string folder, std::string ledger_id, uint64_t part_bytes_max)
    : folder_(WithoutSlashes(std::move(folder))),
      ledger_id_(std::move(ledger_id)),
      part_bytes_max_(part_bytes_max) {}

ArchiveWriter::~ArchiveWriter() {
  if (folder_fd_ >= 0) close(folder_fd_);
}

absl::StatusOr<std::unique_ptr<ArchiveWriter>> ArchiveWriter::Open(const std::string& folder,
                                                                   const std::string& ledger_id,
                                                                   uint64_t part_bytes_max,
                                                                   const Progress& progress) {
  std::unique_ptr<ArchiveWriter> writer(new ArchiveWriter(folder, ledger_id, part_bytes_max));
  if (absl::Status status = writer->Lock(); !status.ok()) return status;
  if (absl::Status status = writer->Verify(progress); !status.ok()) return status;
  return writer;
}

absl::Status ArchiveWriter::Lock() {
  const auto problem = [this](std::string_view what) {
    return absl::InvalidArgumentError(Text(folder_, ": ", what));
  };
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(folder_).parent_path(), error);
  if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
    return problem(std::generic_category().message(errno));
  }
  folder_fd_ = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_fd_ < 0) return problem(std::generic_category().message(errno));
  if (flock(folder_fd_, LOCK_EX | LOCK_NB) != 0) {
    return problem("another merit archive is at work here");
  }
  return absl::OkStatus();
}

absl::Status ArchiveWriter::Verify(const Progress& progress) {
  auto archive = audit::Archive::Open(folder_);
  if (!archive.ok()) return archive.status();
  while (true) {
    const auto part = archive->Next();
    if (!part.ok()) return part.status();
    if (!*part) break;
    if ((*part)->ledger_id != ledger_id_) {
      return absl::DataLossError(Text(folder_, ": this is the archive of ledger ",
                                      (*part)->ledger_id, ", not of ", ledger_id_));
    }
    last_event_ = (*part)->events.back();
    if (progress) progress(archive->bytes_read(), archive->bytes());
  }
  size_ = archive->size();
  files_ = archive->files();
  bytes_ = archive->bytes_read();
  last_hash_ = archive->last_hash();
  next_ = size_;
  return absl::OkStatus();
}

absl::Status ArchiveWriter::Add(std::string_view event) {
  const auto problem = [this](std::string_view what) {
    return absl::DataLossError(Text("event ", next_, " as it is served ", what));
  };
  v1::Event envelope;
  if (event.empty() || event.size() > kEventBytesMax ||
      !envelope.ParseFromArray(event.data(), static_cast<int>(event.size()))) {
    return problem("can't be read");
  }
  if (envelope.sequence() != next_) {
    return problem(Text("says that it is event ", envelope.sequence()));
  }
  if (envelope.command_first_sequence() != next_ - command_.size() ||
      envelope.command_event_count() <= command_.size()) {
    return problem("doesn't go on where its command stands");
  }
  command_.emplace_back(event);
  ++next_;
  return command_.size() == envelope.command_event_count() ? EndCommand() : absl::OkStatus();
}

absl::Status ArchiveWriter::EndCommand() {
  uint64_t bytes = 0;
  for (const std::string& event : command_) bytes += sizeof(uint16_t) + event.size();
  if (part_ != nullptr && part_->bytes() + bytes > part_bytes_max_) {
    if (absl::Status status = WritePart(); !status.ok()) return status;
  }
  if (part_ == nullptr) {
    part_ = std::make_unique<audit::PartBuilder>(ledger_id_, size_, last_hash_);
  }
  for (const std::string& event : command_) part_->Add(event);
  part_last_event_ = std::move(command_.back());
  command_.clear();
  return absl::OkStatus();
}

absl::Status ArchiveWriter::Finish() {
  command_.clear();
  return part_ == nullptr ? absl::OkStatus() : WritePart();
}

absl::Status ArchiveWriter::WritePart() {
  const uint64_t count = part_->count();
  const std::string bytes = part_->Finish();
  part_.reset();
  const std::string path = (std::filesystem::path(folder_) / audit::PartName(size_)).string();
  const std::string partial = path + ".partial";
  if (absl::Status status = WriteSynced(partial, bytes); !status.ok()) return status;
  const auto read = audit::ReadWholeFile(partial);
  if (!read.ok()) return read.status();
  if (*read != bytes) {
    return absl::DataLossError(Text(partial, ": the disk gives other bytes than were written"));
  }
  const auto part = audit::ReadPart(*read);
  if (!part.ok()) return part.status();
  if (access(path.c_str(), F_OK) == 0) {
    return absl::DataLossError(Text(path, ": somebody else has just written it"));
  }
  if (std::rename(partial.c_str(), path.c_str()) != 0) return SystemProblem(path, errno);
  if (fsync(folder_fd_) != 0) return SystemProblem(folder_, errno);
  size_ += count;
  ++files_;
  bytes_ += bytes.size();
  last_hash_ = part->hash;
  last_event_ = std::move(part_last_event_);
  ++files_written_;
  events_written_ += count;
  return absl::OkStatus();
}

}  // namespace meritbook::cli
