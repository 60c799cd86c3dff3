// Owns: decisions: a command and a state come in, events or one refusal come out.
// Promises: pure; reads no clock, changes nothing; the same inputs give the same answer.
// Thread: any, while nobody changes the state.
#ifndef MERITBOOK_LEDGER_DECIDE_H_
#define MERITBOOK_LEDGER_DECIDE_H_

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "google/protobuf/arena.h"
#include "ledger/command.h"
#include "ledger/refusal.h"
#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook {

// The request id was used before, with the same content.
struct AlreadyApplied {
  uint64_t sequence = 0;  // of the first command's first event
};

// The command may be decided.
struct Admitted {
  int64_t now_us = 0;    // what the decision takes for now
  bool in_order = true;  // false: refuse it as RECORDED_TIME_BACKWARDS, unless it has a fault of
                         // its own
};

// Authorisation by what the caller is bound to, then idempotency, then the clock, in this order.
// `wall_us` is the wall clock's time.
std::variant<Admitted, AlreadyApplied, Refused> Admit(const State& state, const Command& command,
                                                      int64_t wall_us);

// The events of one command, in order: bodies and occurred_us, without the envelope.
using Events = std::vector<v1::Event*>;

// What the command comes to. The events live in `arena`.
std::variant<Events, Refused> Decide(const State& state, const Command& command, int64_t now_us,
                                     google::protobuf::Arena* arena);

// For an admitted command that stands before the newest event.
Refused RecordedTimeBackwards(const State& state);

// The first thing that the clock has come to for one volunteer, by (instant, kind): units that
// mature, or a lot whose last day is over. Null when there is nothing. (ledger/due.cc)
v1::Event* NextDueOf(const State& state, int64_t now_us, uint32_t volunteer,
                     google::protobuf::Arena* arena);

// The volunteer for whom something is due first; nothing if nothing is.
std::optional<uint32_t> NextDue(const State& state, int64_t now_us);

// The first hold or statement that the clock has ended by now; nothing if there is none.
std::optional<Timer> NextTimer(const State& state, int64_t now_us);
// How it ends. What is due of the volunteer whose hold it is comes before it.
v1::Event* TimerEvent(const State& state, const Timer& timer, google::protobuf::Arena* arena);

// The volunteers whose points a command is about, each once: what is due for them comes before the
// decision.
absl::InlinedVector<uint32_t, 2> VolunteersOf(const State& state, const Command& command);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_DECIDE_H_
