// Owns: the passes over the whole log that look for damage before somebody needs what is damaged.
// Promises: reads no faster than told, in small pieces, and holds on to no log between them, so
//           that a log can be closed and opened again meanwhile. Damage is the log's to tell.
// Thread: Turn from one; progress from any.
#ifndef MERITBOOK_SERVICES_SCRUBBER_H_
#define MERITBOOK_SERVICES_SCRUBBER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "services/clock.h"
#include "storage/event_log.h"
#include "storage/scrub_pass.h"

namespace meritbook {

struct ScrubberOptions {
  // The log in use, or null while there is none.
  std::function<std::shared_ptr<EventLog>()> log;
  const Clock* clock = nullptr;
  uint64_t bytes_per_second = 0;  // above 0
  // A pass begins so long after the one before began, or at once if that took longer.
  int64_t pass_interval_us = 3'600'000'000;
  std::function<void(const std::string&)> warn;
};

struct ScrubProgress {
  uint64_t passes = 0;
  uint64_t events_verified = 0;  // of the pass under way, or the last one
  uint64_t events_total = 0;
  int64_t last_pass_us = 0;     // wall clock; 0 if none has ended
  std::string unreadable = {};  // why the pass can't go on just now; tried again
};

class Scrubber {
 public:
  explicit Scrubber(ScrubberOptions options) : options_(std::move(options)) {}

  // Does the next piece if it is due; returns when to come again.
  std::chrono::microseconds Turn();

  ScrubProgress progress() const;

 private:
  std::chrono::microseconds Scrub(const EventLog& log, int64_t now_us);
  void Fail(const absl::Status& status);
  void Tell();

  const ScrubberOptions options_;
  // Turn's.
  std::optional<ScrubPass> pass_;
  int64_t pass_began_us_ = 0;
  int64_t due_us_ = 0;

  mutable std::mutex mutex_;  // guards progress_
  ScrubProgress progress_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SCRUBBER_H_
