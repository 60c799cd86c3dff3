#include "services/scrubber.h"

#include <algorithm>
#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

using std::chrono::microseconds;

// While there is no log, or nothing to learn of it.
constexpr microseconds kIdle = std::chrono::seconds(1);
// After a part that the disk didn't give.
constexpr microseconds kRetry = std::chrono::minutes(1);

// A sixteenth of a second's worth: reading and hashing a piece takes few milliseconds of a core.
// Smaller ones would have more read ahead of them than is used.
size_t PieceBytes(uint64_t bytes_per_second) {
  return std::clamp<uint64_t>(bytes_per_second / 16, 256 << 10, 1 << 20);
}

int64_t TimeOf(uint64_t bytes, uint64_t bytes_per_second) {
  return static_cast<int64_t>(static_cast<double>(bytes) * 1e6 /
                              static_cast<double>(bytes_per_second));
}

}  // namespace

microseconds Scrubber::Turn() {
  const int64_t now_us = options_.clock->MonotonicUs();
  if (now_us < due_us_) return microseconds(due_us_ - now_us);
  const std::shared_ptr<EventLog> log = options_.log();
  // A damaged one has said what there is to say: it has to be restored.
  if (log == nullptr || !log->Damage().ok()) return kIdle;
  return Scrub(*log, now_us);
}

microseconds Scrubber::Scrub(const EventLog& log, int64_t now_us) {
  if (!pass_) {
    if (const absl::Status s = log.PrepareVerify(); !s.ok()) {
      Fail(s);
      return kRetry;
    }
    pass_.emplace(log);
    pass_began_us_ = now_us;
  }
  const auto bytes = pass_->Next(log, PieceBytes(options_.bytes_per_second));
  if (!bytes.ok()) {
    Fail(bytes.status());
    return absl::IsDataLoss(bytes.status()) ? kIdle : kRetry;
  }
  // What a slow disk held up isn't caught up on.
  due_us_ = now_us + TimeOf(*bytes, options_.bytes_per_second);
  Tell();
  if (pass_->done()) {
    pass_.reset();
    due_us_ = std::max(due_us_, pass_began_us_ + options_.pass_interval_us);
  }
  return microseconds(std::max<int64_t>(due_us_ - options_.clock->MonotonicUs(), 0));
}

void Scrubber::Tell() {
  const std::lock_guard lock(mutex_);
  progress_.unreadable.clear();
  progress_.events_verified = pass_->events_verified();
  progress_.events_total = pass_->events_total();
  if (!pass_->done()) return;
  ++progress_.passes;
  progress_.last_pass_us = options_.clock->WallUs();
}

void Scrubber::Fail(const absl::Status& status) {
  if (absl::IsDataLoss(status)) return;  // the log warns of it, and remembers
  const std::string why(MessageOf(status));
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(progress_.unreadable, why) == why) return;
  }
  options_.warn(Text("the log can't be read to verify it, which is tried again: ", why));
}

ScrubProgress Scrubber::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

}  // namespace meritbook
