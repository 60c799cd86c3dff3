// Owns: one ledger: its state, and the way from a command to events in its log.
// Promises: what is emitted has been encoded, decoded and applied with all checks, in this order;
//           an atomic call leaves everything or nothing.
// Thread: one at a time, the sequencer's. No clock, file or thread of its own.
//
//   Ledger ledger("linhai");
//   const auto answer = ledger.Execute(command, {.wall_us = now, .salt = salt},
//                                      [&](std::string_view event) { run.Add(event); });
#ifndef MERITBOOK_LEDGER_LEDGER_H_
#define MERITBOOK_LEDGER_LEDGER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "google/protobuf/arena.h"
#include "ledger/command.h"
#include "ledger/decide.h"
#include "ledger/state.h"

namespace meritbook {

// The command became events.
struct Accepted {
  uint64_t sequence = 0;  // of the first
  int64_t recorded_us = 0;
  std::string event;  // its first event's bytes, where asked for
};

using Answer = std::variant<Accepted, AlreadyApplied, Refused>;

// What the outside world adds to a decision.
struct Inputs {
  int64_t wall_us = 0;                 // the wall clock
  absl::FunctionRef<uint64_t()> salt;  // 64 fresh random bits at each call
  bool wants_event = false;            // fill in Accepted::event
};

// Takes an event's exact bytes.
using EventSink = absl::FunctionRef<void(std::string_view event)>;

class Ledger {
 public:
  explicit Ledger(std::string ledger_id) : state_(std::move(ledger_id)) {}
  // Continues from a state that was stored.
  Ledger(State state, std::string last_event)
      : state_(std::move(state)), last_event_(std::move(last_event)) {}

  const State& state() const { return state_; }
  State& mutable_state() { return state_; }  // for the write-behind's TakeDirty
  // The newest event's bytes; empty at size 0.
  std::string_view last_event() const { return last_event_; }

  // What the clock has come to for the volunteer concerned is emitted first, and stays even if the
  // command is refused.
  Answer Execute(const Command& command, const Inputs& inputs, EventSink emit);

  // All of them or none: at the first refusal the rest is ATOMIC_ABORTED and nothing of the
  // commands is emitted. At least one command.
  std::vector<Answer> ExecuteAtomic(absl::Span<const Command> commands, const Inputs& inputs,
                                    EventSink emit);

  // Emits what is overdue, the oldest first, of at most so many holds, statements and volunteers;
  // returns how many it was. Not while migrating, where no wall clock rules.
  size_t Sweep(const Inputs& inputs, size_t most, EventSink emit);

  // The next event of the log.
  absl::Status Replay(std::string_view event);

 private:
  Answer Run(const Command& command, const Inputs& inputs, EventSink emit);
  // What is due when an atomic call begins. It stands whatever becomes of the call, so that a
  // savepoint must not cover it.
  void EmitDueBefore(absl::Span<const Command> commands, const Inputs& inputs, EventSink emit);
  // What the clock had come to by `until_us`, for one volunteer.
  void EmitDue(uint32_t volunteer, int64_t until_us, int64_t now_us, const Inputs& inputs,
               EventSink emit);
  // Every hold and statement that has ended by now.
  void EmitTimers(int64_t now_us, const Inputs& inputs, EventSink emit);
  void EmitTimer(const Timer& timer, int64_t now_us, const Inputs& inputs, EventSink emit);
  // Where the events of one command stand.
  struct CommandRun {
    uint64_t first_sequence;
    size_t events;
  };
  // Puts the envelope on, encodes, decodes and applies. `command` is null for the ledger's own.
  void Emit(v1::Event* event, const Command* command, const CommandRun& run, int64_t now_us,
            const Inputs& inputs, EventSink emit);
  void RecycleArena();

  State state_;
  std::string last_event_;
  google::protobuf::Arena arena_;
  size_t arena_uses_ = 0;
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_LEDGER_H_
