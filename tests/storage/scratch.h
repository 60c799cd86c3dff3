// Owns: what storage tests share: a folder of their own, events to write, a way to wait.
// Promises: the folder is removed at the end.
// Thread: one.
#ifndef MERITBOOK_TESTS_STORAGE_SCRATCH_H_
#define MERITBOOK_TESTS_STORAGE_SCRATCH_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/event_log.h"

namespace meritbook {

// For tests that write thousands of files: a disk's syncs would take most of their time.
inline std::string MemoryFolder() {
  return std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : testing::TempDir();
}

class ScratchDir {
 public:
  explicit ScratchDir(const std::string& parent = testing::TempDir())
      : path_(parent + "/meritbook-storage-XXXXXX") {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
  }
  ~ScratchDir() { std::filesystem::remove_all(path_); }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline void CopyTree(const std::string& from, const std::string& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

// The event a test expects at a sequence: any function of ledger and sequence does.
inline std::string EventAt(std::string_view ledger, uint64_t sequence) {
  std::string event(ledger);
  event += '#';
  event += std::to_string(sequence);
  event.append(sequence * 7 % 50, static_cast<char>('a' + sequence % 26));
  return event;
}

inline EventRun EventsAt(std::string_view ledger, uint64_t from, uint64_t count) {
  EventRun run;
  for (uint64_t i = from; i < from + count; ++i) run.Add(EventAt(ledger, i));
  return run;
}

inline AppendResult AppendAndWait(EventLog& log, std::vector<LedgerAppend> group) {
  std::promise<AppendResult> result;
  log.Append(std::move(group), [&result](AppendResult r) { result.set_value(r); });
  return result.get_future().get();
}

// The ledger's next `count` events of EventAt.
inline AppendResult AppendNext(EventLog& log, const std::string& ledger, uint64_t epoch,
                               uint64_t count) {
  const uint64_t size = log.Size(ledger);
  return AppendAndWait(log, {{.ledger = ledger,
                              .epoch = epoch,
                              .expected_size = size,
                              .events = EventsAt(ledger, size, count)}});
}

inline void ExpectHolds(const EventLog& log, const std::string& ledger, uint64_t size) {
  EXPECT_EQ(log.Size(ledger), size);
  const absl::StatusOr<EventRun> run = log.Read(ledger, 0, size + 1, SIZE_MAX);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_TRUE(*run == EventsAt(ledger, 0, size)) << "other events than were written";
}

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_STORAGE_SCRATCH_H_
