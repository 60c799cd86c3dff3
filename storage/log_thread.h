// Owns: the thread that a LogWriter's writes and its guards' syncs run in.
// Promises: one append at a time, ended by `done` on this thread; guards are synced each second.
// Thread: Acquire, Append and Stop from one at a time.
#ifndef MERITBOOK_STORAGE_LOG_THREAD_H_
#define MERITBOOK_STORAGE_LOG_THREAD_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/event_log.h"
#include "storage/log_writer.h"

namespace meritbook {

class LogThread {
 public:
  explicit LogThread(LogWriter* writer);
  ~LogThread();  // as Stop

  absl::StatusOr<uint64_t> Acquire(const std::vector<std::string>& ledgers);
  void Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done);

  // Waits for the append in flight and ends the thread.
  void Stop();

 private:
  struct Job {
    std::vector<LedgerAppend> group;
    std::function<void(AppendResult)> done;
  };

  void Run();

  LogWriter* const writer_;  // the thread's, while in_flight_ or its guards are being synced

  std::mutex mutex_;              // guards what follows, up to the thread
  std::condition_variable wake_;  // job_ or stopping_ was set
  std::condition_variable idle_;  // busy_ was cleared
  std::optional<Job> job_;
  bool in_flight_ = false;  // an append was given and is not done
  bool busy_ = false;       // the thread uses the writer
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOG_THREAD_H_
