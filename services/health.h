// Owns: whether a load balancer should send clients here.
// Promises: judges by what others left in memory, and so never waits for disk, sequencer or log.
// Thread: Turn and Stop from one at a time; AilmentOf any.
//
// Not serving: the log is being opened again, damaged, or the disk hangs. Other hindrances (room,
// clock) leave reads as they are and are an operator's to lift: see GetServerStatus.
#ifndef MERITBOOK_SERVICES_HEALTH_H_
#define MERITBOOK_SERVICES_HEALTH_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "services/clock.h"
#include "services/sequencer_thread.h"

namespace meritbook {

inline constexpr int64_t kHungAfterUs = 5'000'000;

// How long the write under way has been waiting for the disk; 0 if none is.
int64_t WriteWaitingUs(const SequencerVitals& vitals, int64_t now_us);
// True if nothing moves any more.
bool IsHung(const SequencerVitals& vitals, int64_t now_us);
// Why no client should be sent here; empty if there is no reason.
std::string AilmentOf(const SequencerVitals& vitals, int64_t now_us);

class Health {
 public:
  // `tell` is called with each change, first with what is found first.
  struct Options {
    std::function<SequencerVitals()> vitals;
    const Clock* clock = nullptr;
    std::function<void(bool serving)> tell;
    std::function<void(const std::string&)> warn;
  };

  explicit Health(Options options) : options_(std::move(options)) {}

  // Judges; returns when to come again.
  std::chrono::microseconds Turn();

 private:
  const Options options_;
  bool told_ = false;
  bool serving_ = true;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_HEALTH_H_
