// Owns: the thread around a Sequencer, and the bounded queue in front of it.
// Promises: an accepted call is answered, also when the server stops; a full queue refuses at once.
// Thread: Submit from any.
#ifndef MERITBOOK_SERVICES_SEQUENCER_THREAD_H_
#define MERITBOOK_SERVICES_SEQUENCER_THREAD_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "ledger/refusal.h"
#include "services/call.h"
#include "services/sequencer.h"

namespace meritbook {

class SequencerThread {
 public:
  SequencerThread(SequencerOptions options, size_t queue_commands_max);
  ~SequencerThread();

  // Opens log and ledgers, then starts the thread.
  absl::Status Start();

  // Takes the call, or refuses it without calling `done`.
  std::optional<Refused> Submit(Call call);

  // Answers what was accepted, then closes the log. Later calls are refused.
  absl::Status Stop();

  // Waits for nothing. Any thread.
  SequencerVitals vitals() const;

  std::shared_ptr<EventLog> log() const { return sequencer_.log(); }
  int64_t MonotonicUs() const { return clock_->MonotonicUs(); }

 private:
  void Run();
  void Wake();
  void WakeLocked();

  const Clock* const clock_;
  const size_t queue_commands_max_;
  std::atomic<size_t> queued_commands_ = 0;
  std::atomic<int64_t> turned_at_us_ = 0;

  std::mutex mutex_;  // guards what follows, up to the sequencer
  std::condition_variable wake_;
  std::vector<Call> mailbox_;
  bool woken_ = false;
  bool stopping_ = false;

  Sequencer sequencer_;
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SEQUENCER_THREAD_H_
