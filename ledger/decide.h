// Owns: decisions: a command and a state come in, one event or one refusal comes out.
// Promises: pure; reads no clock, changes nothing; the same inputs give the same answer.
// Thread: any, while nobody changes the state.
#ifndef MERITBOOK_LEDGER_DECIDE_H_
#define MERITBOOK_LEDGER_DECIDE_H_

#include <cstdint>
#include <optional>
#include <variant>

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

// The event that the command comes to: body and occurred_us, without the envelope. Lives in
// `arena`.
std::variant<v1::Event*, Refused> Decide(const State& state, const Command& command, int64_t now_us,
                                         google::protobuf::Arena* arena);

// For an admitted command that stands before the newest event.
Refused RecordedTimeBackwards(const State& state);

// What the clock has come to for one volunteer: a PointsExpired for each lot whose last day is
// over, in the order of the days. (ledger/due.cc)
std::vector<v1::Event*> Due(const State& state, int64_t now_us, uint32_t volunteer,
                            google::protobuf::Arena* arena);

// The volunteer who has something due, the longest overdue first; nothing if nobody has.
std::optional<uint32_t> NextDue(const State& state, int64_t now_us);

// The volunteer whose points the command concerns, if she is known.
std::optional<uint32_t> VolunteerOf(const State& state, const CommandBody& body);

// The parts of Decide, by concern.
using Decision = std::variant<v1::Event*, Refused>;
Decision DecideCreditHours(const State& state, const v1::CreditHours& command,
                           const Command& context, int64_t now_us, v1::Event* event);
Decision DecideRedeemNow(const State& state, const v1::RedeemNow& command, const Command& context,
                         v1::Event* event);
Decision DecidePublishItem(const State& state, const v1::PublishItem& command, v1::Event* event);
Decision DecideReceiveStock(const State& state, const v1::ReceiveStock& command, v1::Event* event);

// "NAME_UNKNOWN" and "NAME_EXISTS" refusals read alike everywhere.
Refused Unknown(v1::Refusal reason, std::string_view field, std::string_view id);
Refused Exists(v1::Refusal reason, std::string_view field, std::string_view id);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_DECIDE_H_
