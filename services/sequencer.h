// Owns: the order of all events: takes calls from two lanes, decides them slice by slice on the
//       working state, appends the events, and releases the answers once they are durable.
// Promises: every answer (success, refusal, duplicate, read) waits until all that it saw is
// durable;
//           an append whose outcome is unknown throws the working state away and starts from the
//           log.
// Thread: one, which calls Step; only `Completed` comes from the log's thread. No gRPC, no thread,
//         no clock of its own, so that a simulation can drive it.
//
//   calls ─► lanes ─► Step: decide ≤ 512 ─► pending group ─► Append (one in flight) ─► durable ─►
//   done
//                                                       └─► dirty rows ─► StateSink, when durable
#ifndef MERITBOOK_SERVICES_SEQUENCER_H_
#define MERITBOOK_SERVICES_SEQUENCER_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/ledger.h"
#include "services/call.h"
#include "services/clock.h"
#include "storage/event_log.h"
#include "storage/state_store.h"

namespace meritbook {

// Where dirty rows go; at most one write is under way.
class StateSink {
 public:
  virtual ~StateSink() = default;
  // True if a Write may be given now.
  virtual bool Idle() const = 0;
  virtual void Write(std::vector<StateWrite> writes) = 0;
  // A ledger is founded: whatever is stored under its name is of another log. Doesn't wait.
  virtual void Forget(const std::string& ledger_id) = 0;
  // Waits until all of that is done.
  virtual void Drain() = 0;
};

struct SequencerOptions {
  // Opens the log anew; called at start and after an append of unknown outcome.
  std::function<absl::StatusOr<std::shared_ptr<EventLog>>()> open_log;
  // Brings a ledger to the size of the log: from stored state where there is one, else by replay.
  std::function<absl::StatusOr<std::unique_ptr<Ledger>>(EventLog&, const std::string& ledger_id)>
      load;
  const Clock* clock = nullptr;
  std::function<uint64_t()> salt;  // 64 random bits a call
  StateSink* state_sink = nullptr;
  // Called with each ledger when it has been loaded.
  std::function<void(const State&)> on_loaded;
  // Called after durable events: sizes may have grown.
  std::function<void()> on_durable;
  // Called on the log's thread when an append has ended: Step has work.
  std::function<void()> on_completed;
  // Once for each fault that an operator should know of.
  std::function<void(const std::string&)> warn;

  size_t slice_commands_max = 512;
  // Deciding pauses while this much waits behind the append in flight.
  size_t pending_bytes_max = 4 << 20;
  // Rows are written behind this often.
  int64_t state_interval_us = 2'000'000;
  // … and sooner while points lapse: a sweep waits when it has changed this many.
  size_t sweep_rows_max = 1'024;
  int64_t clock_ahead_us_max = 0;
};

// What shows from outside whether commands are taken.
struct SequencerVitals {
  bool broken = false;          // the log is being opened again
  bool clock_suspect = false;   // as of the last look
  std::string damage = {};      // of the log, as of the last step; empty if there is none
  int64_t append_since_us = 0;  // monotonic: when the append in flight was given; 0 if none is
  int64_t turned_at_us = 0;     // monotonic: when the thread last began a turn
};

class Sequencer {
 public:
  explicit Sequencer(SequencerOptions options);
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // Opens the log, acquires every ledger and loads it. Nothing else may be called before it is ok.
  absl::Status Open();

  // Takes the call into its lane; one lane for a ledger that is migrating.
  void Enqueue(Call call);

  // Does what can be done now; false if that is nothing.
  bool Step();

  // True if an append or a call is under way or waiting.
  bool Busy() const;

  // True while the log could not be opened again.
  bool broken() const { return broken_; }

  // Refuses what waits, writes the state behind and closes the log. Only when not in flight.
  absl::Status Close();

  // Waits for nothing. Any thread.
  SequencerVitals vitals() const;

  // The log in use; null while there is none. Any thread.
  std::shared_ptr<EventLog> log() const;

 private:
  struct Waiting {
    uint64_t group = 0;  // the append it waits for
    std::function<void(std::vector<Answer>)> done;
    std::vector<Answer> answers;
  };
  struct Begun {  // a call of more commands than a slice takes
    Call call;
    std::vector<Answer> answers;
  };

  bool TakeCompletion();
  bool Decide();
  bool StartAppend();
  bool Sweep();
  // Runs as much of the lane's first call as fits; returns the number of commands.
  size_t RunFirst(std::deque<Begun>& lane, size_t commands_max);
  void RunCommands(Begun& begun, Ledger& ledger, size_t count, EventSink emit);
  void RunCreate(Begun& begun);
  std::optional<Refused> Hindrance(bool migrating);
  bool ClockBelievable();
  void NoteDamage();
  void FinishCall(Begun& begun);
  void RefuseAll(Begun& begun, const Refused& refused);
  void RefuseQueued(const Refused& refused);
  void Emit(const std::string& ledger_id, std::string_view event);
  Inputs InputsNow();
  // The append whose durability covers all that the working state shows.
  uint64_t SeenGroup() const;
  void Release();
  bool WriteStateBehind();
  void CollectState();
  void Recover(const std::string& why);
  void Completed(AppendResult result);

  const SequencerOptions options_;
  std::map<std::string, std::unique_ptr<Ledger>> ledgers_;
  std::optional<ClockGuard> clock_guard_;

  std::deque<Begun> counter_;
  std::deque<Begun> bulk_;

  uint64_t epoch_ = 0;
  std::map<std::string, uint64_t> epochs_;         // of ledgers founded since Open
  std::map<std::string, EventRun> pending_;        // decided, not yet given to the log
  std::map<std::string, uint64_t> appended_size_;  // the log's size with the append in flight
  size_t pending_bytes_ = 0;
  uint64_t durable_group_ = 0;
  bool in_flight_ = false;            // group durable_group_ + 1
  bool log_failed_ = false;           // has to be reopened once nothing is in flight
  std::atomic<bool> broken_ = false;  // waits to be reopened
  std::atomic<bool> clock_suspect_ = false;
  std::atomic<int64_t> append_since_us_ = 0;
  int64_t reopen_at_us_ = 0;
  std::string reopen_error_;     // the newest that was warned of
  std::deque<Waiting> waiting_;  // groups ascending

  int64_t state_collected_at_us_ = 0;
  uint64_t state_group_ = 0;              // the append that covers `state_writes_`
  std::vector<StateWrite> state_writes_;  // collected, not yet durable
  bool state_dirty_ = false;

  // Not absl's: the thread sanitizer can't see through Debian's, which is built without it.
  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<EventLog> log_;
  std::optional<AppendResult> completion_;
  std::string damage_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SEQUENCER_H_
