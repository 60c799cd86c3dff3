#include "ledger/ledger.h"

#include <cstdio>
#include <utility>

#include "ledger/apply.h"
#include "ledger/check.h"
#include "ledger/posting.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

// An arena is reset after this many events: often enough to stay in the cache.
constexpr size_t kArenaUsesMax = 64;

void Link(const State& state, v1::Event* event) {
  for (std::string_view id : VolunteersOf(*event)) {
    v1::PassbookLink* link = event->add_passbook();
    link->set_volunteer_id(std::string(id));
    const Volunteer* volunteer = state.volunteers().Find(id);
    if (volunteer == nullptr) {
      link->set_event_count(1);
    } else {
      link->set_event_count(volunteer->event_count + 1);
      link->set_previous_sequence(volunteer->last_sequence);
    }
  }
}

}  // namespace

Answer Ledger::Execute(const Command& command, const Inputs& inputs, EventSink emit) {
  RecycleArena();
  return Run(command, inputs, emit);
}

std::vector<Answer> Ledger::ExecuteAtomic(absl::Span<const Command> commands, const Inputs& inputs,
                                          EventSink emit) {
  MB_CHECK(!commands.empty());
  RecycleArena();
  EmitDueBefore(commands, inputs, emit);

  std::vector<std::string> pending;
  const std::string last_event = last_event_;
  state_.SetSavepoint();
  std::vector<Answer> answers;
  for (const Command& command : commands) {
    answers.push_back(
        Run(command, inputs, [&](std::string_view event) { pending.emplace_back(event); }));
    if (std::holds_alternative<Refused>(answers.back())) break;
  }
  if (!std::holds_alternative<Refused>(answers.back())) {
    state_.Release();
    for (const std::string& event : pending) emit(event);
    return answers;
  }
  state_.Rollback();
  last_event_ = last_event;
  const Refused aborted{v1::REFUSAL_ATOMIC_ABORTED,
                        "",
                        Text("item ", answers.size() - 1, " of this atomic call was refused"),
                        {{"refused_item", Text(answers.size() - 1)}}};
  Answer refused = std::move(answers.back());
  std::vector<Answer> all(commands.size(), aborted);
  all[answers.size() - 1] = std::move(refused);
  return all;
}

size_t Ledger::Sweep(const Inputs& inputs, size_t most, EventSink emit) {
  if (!state_.created() || state_.migrating()) return 0;
  const int64_t now_us = std::max(state_.ledger().last_recorded_us, inputs.wall_us);
  size_t swept = 0;
  while (swept < most) {
    RecycleArena();
    if (const auto timer = NextTimer(state_, now_us)) {
      EmitTimer(*timer, now_us, inputs, emit);
    } else if (const auto volunteer = NextDue(state_, now_us)) {
      EmitDue(*volunteer, now_us, now_us, inputs, emit);
    } else {
      break;
    }
    ++swept;
  }
  return swept;
}

absl::Status Ledger::Replay(std::string_view bytes) {
  RecycleArena();
  v1::Event* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
  if (!event->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(
        Text("ledger ", state_.ledger_id(), ", event ", state_.size(), ": not an event"));
  }
  if (absl::Status status = Apply(state_, *event); !status.ok()) return status;
  last_event_.assign(bytes);
  return absl::OkStatus();
}

Answer Ledger::Run(const Command& command, const Inputs& inputs, EventSink emit) {
  auto admission = Admit(state_, command, inputs.wall_us);
  if (auto* refused = std::get_if<Refused>(&admission)) return std::move(*refused);
  if (auto* applied = std::get_if<AlreadyApplied>(&admission)) return *applied;
  const Admitted admitted = std::get<Admitted>(admission);

  if (command.show_code && !command.shown) {
    auto shown = command.show_code();
    if (auto* refused = std::get_if<Refused>(&shown)) return std::move(*refused);
    Command seen = command;
    seen.shown = std::get<ShownCode>(std::move(shown));
    return Run(seen, inputs, emit);
  }
  // A loss is declared at the very size that was kept: nothing comes before it.
  if (admitted.in_order && command.kind != v1::COMMAND_KIND_DECLARE_LOSS) {
    EmitTimers(admitted.now_us, inputs, emit);
    for (const uint32_t volunteer : VolunteersOf(state_, command)) {
      EmitDue(volunteer, admitted.now_us, admitted.now_us, inputs, emit);
    }
  }
  auto decision = Decide(state_, command, admitted.now_us, &arena_);
  if (auto* refused = std::get_if<Refused>(&decision)) return std::move(*refused);
  if (!admitted.in_order) return RecordedTimeBackwards(state_);
  const Events& events = std::get<Events>(decision);
  Accepted accepted{state_.size(), admitted.now_us, {}};
  absl::InlinedVector<uint32_t, 2> turned;
  for (size_t i = 0; i < events.size(); ++i) {
    Emit(events[i], &command, {accepted.sequence, events.size()}, admitted.now_us, inputs, emit);
    if (i == 0 && inputs.wants_event) accepted.event = last_event_;
    for (const v1::PassbookLink& link : events[i]->passbook()) {
      turned.push_back(state_.Survivor(*state_.volunteers().IndexOf(link.volunteer_id())));
    }
  }
  // Points may reach a lot that has lapsed already: then they lapse at once.
  for (const uint32_t volunteer : turned) {
    EmitDue(volunteer, admitted.now_us, admitted.now_us, inputs, emit);
  }
  return accepted;
}

void Ledger::EmitDueBefore(absl::Span<const Command> commands, const Inputs& inputs,
                           EventSink emit) {
  std::optional<int64_t> first_us;
  for (const Command& command : commands) {
    const auto admission = Admit(state_, command, inputs.wall_us);
    const auto* admitted = std::get_if<Admitted>(&admission);
    if (admitted == nullptr || !admitted->in_order) continue;
    // While migrating, each command has its own time. What later ones find due waits for its turn:
    // recorded now, it would put the earlier ones in the past.
    if (admitted->now_us != first_us.value_or(admitted->now_us)) continue;
    first_us = admitted->now_us;
    if (command.kind == v1::COMMAND_KIND_DECLARE_LOSS) continue;
    EmitTimers(*first_us, inputs, emit);
    for (const uint32_t volunteer : VolunteersOf(state_, command)) {
      EmitDue(volunteer, *first_us, *first_us, inputs, emit);
    }
  }
}

void Ledger::EmitDue(uint32_t volunteer, int64_t until_us, int64_t now_us, const Inputs& inputs,
                     EventSink emit) {
  while (v1::Event* event = NextDueOf(state_, until_us, volunteer, &arena_)) {
    Emit(event, nullptr, {state_.size(), 1}, now_us, inputs, emit);
  }
}

void Ledger::EmitTimers(int64_t now_us, const Inputs& inputs, EventSink emit) {
  while (const auto timer = NextTimer(state_, now_us)) EmitTimer(*timer, now_us, inputs, emit);
}

void Ledger::EmitTimer(const Timer& timer, int64_t now_us, const Inputs& inputs, EventSink emit) {
  if (timer.kind == Timer::kHold) {
    // As if it had been noticed at once: her debt and her lots are those of that instant.
    const uint32_t volunteer = state_.Survivor(state_.orders()[timer.index].volunteer);
    EmitDue(volunteer, timer.due_us, now_us, inputs, emit);
  }
  Emit(TimerEvent(state_, timer, &arena_), nullptr, {state_.size(), 1}, now_us, inputs, emit);
}

void Ledger::Emit(v1::Event* event, const Command* command, const CommandRun& run, int64_t now_us,
                  const Inputs& inputs, EventSink emit) {
  event->set_sequence(state_.size());
  event->set_recorded_us(now_us);
  event->set_command_first_sequence(run.first_sequence);
  event->set_command_event_count(static_cast<uint32_t>(run.events));
  event->set_salt(inputs.salt());
  if (event->occurred_us() < state_.ledger().open_from_us) {
    event->set_booked_month_number(*state_.ledger().closed_through + 1);
  }
  if (command != nullptr) {
    event->set_actor(command->caller->principal_id);
    event->set_source(SourceOf(*command->caller));
    event->set_scope(ScopeOf(*command->caller));
    event->set_request_id(std::string(command->request_id));
    event->set_kind(command->kind);
  }
  Link(state_, event);

  event->SerializeToString(&last_event_);
  MB_CHECK(last_event_.size() <= 65'535);
  // What is applied is what was encoded, so that a replay can't come to anything else.
  v1::Event* decoded = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
  MB_CHECK(decoded->ParseFromString(last_event_));
  const absl::Status status = Apply(state_, *decoded);
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(MessageOf(status)).c_str());
  MB_CHECK(status.ok());
  emit(last_event_);
}

void Ledger::RecycleArena() {
  if (++arena_uses_ < kArenaUsesMax) return;
  arena_.Reset();
  arena_uses_ = 0;
}

}  // namespace meritbook
