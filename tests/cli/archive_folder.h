// Owns: a folder for an archive in a test, and archives of good logs in it.
// Promises: the folder is removed with this object.
// Thread: one.
#ifndef MERITBOOK_TESTS_CLI_ARCHIVE_FOLDER_H_
#define MERITBOOK_TESTS_CLI_ARCHIVE_FOLDER_H_

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "cli/archive_writer.h"
#include "cli/audit/archive.h"
#include "cli/audit/archive_part.h"
#include "tests/cli/audit_log.h"

namespace meritbook::audit {

namespace fs = std::filesystem;
using cli::ArchiveWriter;

inline constexpr char kLedger[] = "county";

class Folder {
 public:
  Folder() {
    std::string name = testing::TempDir() + "archive-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }

  const std::string& path() const { return path_; }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string Read(const std::string& name) const { return *ReadWholeFile(path_ + "/" + name); }
  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
  }
  void Remove(const std::string& name) const { fs::remove(fs::path(path_) / name); }
  // Every file and its bytes.
  std::vector<std::string> All() const {
    std::vector<std::string> all;
    for (const std::string& name : Files()) all.push_back(name + ":" + Read(name));
    return all;
  }

 private:
  std::string path_;
};

inline std::vector<std::string> EventsOf(Log log) {
  std::vector<std::string> events;
  for (uint64_t i = 0; i < log.size(); ++i) events.push_back(log.at(i).SerializeAsString());
  return events;
}

// Room for a few events.
inline constexpr uint64_t kSmall = 1'500;

inline absl::StatusOr<std::unique_ptr<ArchiveWriter>> OpenWriter(
    const Folder& folder, uint64_t part_bytes_max = kSmall, const std::string& ledger = kLedger) {
  return ArchiveWriter::Open(folder.path(), ledger, part_bytes_max, {});
}

// Adds the events from where the folder ends to `end`.
inline absl::Status Grow(const Folder& folder, const std::vector<std::string>& events, uint64_t end,
                         uint64_t part_bytes_max = kSmall) {
  auto writer = OpenWriter(folder, part_bytes_max);
  if (!writer.ok()) return writer.status();
  for (uint64_t i = (*writer)->size(); i < end; ++i) {
    if (absl::Status status = (*writer)->Add(events[i]); !status.ok()) return status;
  }
  return (*writer)->Finish();
}

// All of the archive's events; what is wrong with it.
inline absl::StatusOr<std::vector<std::string>> ReadAll(const Folder& folder) {
  auto archive = Archive::Open(folder.path());
  if (!archive.ok()) return archive.status();
  std::vector<std::string> events;
  while (true) {
    const auto part = archive->Next();
    if (!part.ok()) return part.status();
    if (!*part) return events;
    events.insert(events.end(), (*part)->events.begin(), (*part)->events.end());
  }
}

}  // namespace meritbook::audit

#endif  // MERITBOOK_TESTS_CLI_ARCHIVE_FOLDER_H_
