#include "services/sequencer.h"

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"
#include "storage/state_rows.h"

namespace meritbook {
namespace {

constexpr int64_t kReopenIntervalUs = 1'000'000;
// A call that arrives meanwhile waits for as many.
constexpr size_t kSweepVolunteersMax = 6;

Refused LedgerUnknown(const std::string& ledger_id) {
  return Unknown(v1::REFUSAL_LEDGER_UNKNOWN, "ledger_id", ledger_id);
}

}  // namespace

Sequencer::Sequencer(SequencerOptions options) : options_(std::move(options)) {}

std::shared_ptr<EventLog> Sequencer::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

absl::Status Sequencer::Open() {
  std::shared_ptr<EventLog> old;
  {
    const std::lock_guard lock(mutex_);
    old = std::exchange(log_, nullptr);
    completion_.reset();
  }
  old.reset();  // before another one opens the same files
  // Loading reads what the sink may still be writing, and may discard it.
  options_.state_sink->Drain();
  auto opened = options_.open_log();
  if (!opened.ok()) return opened.status();
  std::shared_ptr<EventLog> log = *std::move(opened);
  const std::vector<std::string> ids = log->Ledgers();
  auto epoch = log->AcquireWriter(ids);
  if (!epoch.ok()) return epoch.status();

  std::map<std::string, std::unique_ptr<Ledger>> ledgers;
  appended_size_.clear();
  int64_t last_recorded_us = 0;
  for (const std::string& id : ids) {
    // Founded in name only: its guard was made, its first event never was durable.
    if (log->Size(id) == 0) continue;
    auto ledger = options_.load(*log, id);
    if (!ledger.ok()) return ledger.status();
    const State& state = (*ledger)->state();
    if (!state.migrating()) {
      last_recorded_us = std::max(last_recorded_us, state.ledger().last_recorded_us);
    }
    if (options_.on_loaded) options_.on_loaded(state);
    appended_size_[id] = state.size();
    ledgers[id] = *std::move(ledger);
  }
  epoch_ = *epoch;
  epochs_.clear();
  ledgers_ = std::move(ledgers);
  if (!clock_guard_) {
    clock_guard_.emplace(*options_.clock, last_recorded_us, options_.clock_ahead_us_max);
  }
  const std::lock_guard lock(mutex_);
  log_ = std::move(log);
  return absl::OkStatus();
}

void Sequencer::Enqueue(Call call) {
  const auto ledger = ledgers_.find(call.ledger_id);
  const bool migrating = ledger != ledgers_.end() && ledger->second->state().migrating();
  // While broken nobody knows which ledgers are migrating: first come, first served suits both.
  const bool counter = call.lane == Lane::kCounter && !migrating && !broken_;
  (counter ? counter_ : bulk_).push_back(Begun{std::move(call), {}});
}

SequencerVitals Sequencer::vitals() const {
  SequencerVitals vitals{.broken = broken_,
                         .clock_suspect = clock_suspect_,
                         .damage = {},
                         .append_since_us = append_since_us_};
  const std::lock_guard lock(mutex_);
  vitals.damage = damage_;
  return vitals;
}

// For others to see, who must not hold on to the log themselves: whoever lets go of a failed one
// last waits for its disk.
void Sequencer::NoteDamage() {
  const absl::Status damage = log()->Damage();
  const std::lock_guard lock(mutex_);
  if (damage_ != MessageOf(damage)) damage_ = MessageOf(damage);
}

bool Sequencer::Step() {
  if (broken_) {
    if (options_.clock->MonotonicUs() < reopen_at_us_) return false;
    const absl::Status opened = Open();
    if (!opened.ok()) {
      if (reopen_error_ != MessageOf(opened)) {
        reopen_error_ = MessageOf(opened);
        options_.warn(Text("the log can't be opened again: ", reopen_error_));
      }
      reopen_at_us_ = options_.clock->MonotonicUs() + kReopenIntervalUs;
      RefuseQueued(
          {v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log can't be opened; nothing was done", {}});
      Release();
      return true;
    }
    options_.warn("the log is open again");
    broken_ = false;
    reopen_error_.clear();
    if (options_.on_durable) options_.on_durable();
  }
  bool progress = TakeCompletion();
  if (broken_) return true;
  NoteDamage();
  progress |= Decide();
  if (log_failed_) {
    if (in_flight_) return progress;
    Release();
    Recover("the log took no new ledger");
    return true;
  }
  progress |= Sweep();
  progress |= StartAppend();
  Release();
  return progress;
}

bool Sequencer::Busy() const {
  return in_flight_ || !counter_.empty() || !bulk_.empty() || !waiting_.empty() ||
         !pending_.empty();
}

absl::Status Sequencer::Close() {
  MB_CHECK(!in_flight_);
  MB_CHECK(pending_.empty());
  RefuseQueued({v1::REFUSAL_STOPPING, "", "the server is stopping", {}});
  Release();
  std::shared_ptr<EventLog> closing;
  {
    const std::lock_guard lock(mutex_);
    closing = std::exchange(log_, nullptr);  // nobody may read it once it is closed
  }
  if (closing == nullptr) return absl::UnavailableError("the log is not open");
  options_.state_sink->Drain();
  if (!broken_) {
    state_dirty_ = true;
    CollectState();
    if (!state_writes_.empty()) options_.state_sink->Write(std::exchange(state_writes_, {}));
    options_.state_sink->Drain();
  }
  return closing->Close();
}

void Sequencer::Completed(AppendResult result) {
  append_since_us_ = 0;
  {
    const std::lock_guard lock(mutex_);
    completion_ = result;
  }
  if (options_.on_completed) options_.on_completed();
}

bool Sequencer::TakeCompletion() {
  AppendResult result;
  {
    const std::lock_guard lock(mutex_);
    if (!completion_) return false;
    result = *std::exchange(completion_, std::nullopt);
  }
  in_flight_ = false;
  switch (result) {
    case AppendResult::kDurable:
      ++durable_group_;
      if (!state_writes_.empty() && state_group_ <= durable_group_) {
        options_.state_sink->Write(std::exchange(state_writes_, {}));
      }
      Release();
      if (options_.on_durable) options_.on_durable();
      return true;
    case AppendResult::kFenced:
      Recover("another writer took the log over");
      return true;
    case AppendResult::kUnknown:
      Recover("the outcome of a write is unknown");
      return true;
  }
  return true;
}

bool Sequencer::Decide() {
  bool progress = false;
  size_t room = options_.slice_commands_max;
  // Counter first; an atomic call is taken whole, even beyond the slice.
  while (room > 0 && pending_bytes_ < options_.pending_bytes_max && !log_failed_) {
    std::deque<Begun>& lane = counter_.empty() ? bulk_ : counter_;
    if (lane.empty()) break;
    room -= std::min(room, RunFirst(lane, room));
    progress = true;
  }
  return progress;
}

size_t Sequencer::RunFirst(std::deque<Begun>& lane, size_t commands_max) {
  Begun& begun = lane.front();
  Call& call = begun.call;
  size_t count = 1;
  const auto found = ledgers_.find(call.ledger_id);
  if (begun.answers.empty() && options_.clock->MonotonicUs() > call.deadline_us) {
    RefuseAll(begun, {v1::REFUSAL_DEADLINE_EXCEEDED,
                      "",
                      "the deadline passed while the call waited; nothing was done",
                      {}});
  } else if (call.confirms_clock) {
    clock_guard_->Confirm();
    FinishCall(begun);
  } else if (found == ledgers_.end()) {
    const bool creates = !call.commands.empty() && std::holds_alternative<const v1::CreateLedger*>(
                                                       call.commands.front().body);
    if (creates) {
      RunCreate(begun);
    } else {
      RefuseAll(begun, LedgerUnknown(call.ledger_id));
    }
  } else if (call.read) {
    call.read(*found->second);
    FinishCall(begun);
  } else if (auto hindrance = Hindrance(found->second->state().migrating())) {
    RefuseAll(begun, *hindrance);
  } else {
    const size_t left = call.commands.size() - begun.answers.size();
    count = call.atomic ? left : std::min(left, commands_max);
    RunCommands(begun, *found->second, count,
                [&](std::string_view event) { Emit(call.ledger_id, event); });
    if (begun.answers.size() < call.commands.size()) return count;
    FinishCall(begun);
  }
  lane.pop_front();
  return count;
}

void Sequencer::RunCommands(Begun& begun, Ledger& ledger, size_t count, EventSink emit) {
  Inputs inputs = InputsNow();
  inputs.wants_event = begun.call.wants_events;
  const auto commands =
      absl::MakeConstSpan(begun.call.commands).subspan(begun.answers.size(), count);
  if (begun.call.atomic) {
    begun.answers = ledger.ExecuteAtomic(commands, inputs, emit);
    return;
  }
  for (const Command& command : commands) {
    begun.answers.push_back(ledger.Execute(command, inputs, emit));
  }
}

// A ledger's first event. Decided before the log takes the ledger in, so that a refusal leaves
// nothing behind.
void Sequencer::RunCreate(Begun& begun) {
  const std::string& id = begun.call.ledger_id;
  if (const absl::Status form = CheckLedgerId(id); !form.ok()) {
    RefuseAll(begun, {v1::REFUSAL_ID_MALFORMED, "ledger_id", std::string(MessageOf(form)), {}});
    return;
  }
  const auto& create = *std::get<const v1::CreateLedger*>(begun.call.commands.front().body);
  if (auto hindrance = Hindrance(create.migrating())) {
    RefuseAll(begun, *hindrance);
    return;
  }
  auto ledger = std::make_unique<Ledger>(id);
  EventRun events;
  RunCommands(begun, *ledger, begun.call.commands.size(),
              [&](std::string_view event) { events.Add(event); });
  if (!ledger->state().created()) {
    FinishCall(begun);
    return;
  }
  const auto epoch = log()->AcquireWriter({id});
  if (!epoch.ok()) {
    log_failed_ = true;
    begun.answers.clear();
    RefuseAll(begun, {v1::REFUSAL_OUTCOME_UNKNOWN, "", std::string(MessageOf(epoch.status())), {}});
    return;
  }
  epochs_[id] = *epoch;
  options_.state_sink->Forget(id);
  for (size_t i = 0; i < events.size(); ++i) Emit(id, events[i]);
  ledgers_[id] = std::move(ledger);
  FinishCall(begun);
}

// What keeps every command of the ledger from being decided now.
std::optional<Refused> Sequencer::Hindrance(bool migrating) {
  if (const absl::Status status = log()->CheckWritable(); !status.ok()) {
    const v1::Refusal reason =
        absl::IsDataLoss(status) ? v1::REFUSAL_LOG_DAMAGED : v1::REFUSAL_STORAGE_LOW;
    return Refused{reason, "", std::string(MessageOf(status)), {}};
  }
  // While migrating no wall clock rules, so it needn't be right either.
  if (!migrating && !ClockBelievable()) {
    return Refused{v1::REFUSAL_CLOCK_SUSPECT,
                   "",
                   "the server's clock stepped or lags; an operator has to confirm it",
                   {}};
  }
  return std::nullopt;
}

bool Sequencer::ClockBelievable() {
  clock_suspect_ = !clock_guard_->Believable();
  return !clock_suspect_;
}

void Sequencer::FinishCall(Begun& begun) {
  waiting_.push_back({SeenGroup(), std::move(begun.call.done), std::move(begun.answers)});
}

void Sequencer::RefuseAll(Begun& begun, const Refused& refused) {
  begun.answers.resize(begun.call.weight(), refused);
  FinishCall(begun);
}

bool Sequencer::Sweep() {
  if (!pending_.empty() || !counter_.empty() || !ClockBelievable()) return false;
  bool progress = false;
  for (auto& [id, ledger] : ledgers_) {
    const State& state = ledger->state();
    const int64_t now_us = std::max(state.ledger().last_recorded_us, options_.clock->WallUs());
    const bool overdue = NextTimer(state, now_us) || NextDue(state, now_us);
    if (state.migrating() || !overdue) continue;
    if (state.dirty_rows() >= options_.sweep_rows_max) {
      // A sweep is in no hurry: it waits for the write-behind rather than piling rows up before it,
      // for to collect them takes the time of the commands that come meanwhile.
      state_dirty_ = true;
      return WriteStateBehind() || progress;
    }
    if (!log()->CheckWritable().ok()) return false;
    const std::string& ledger_id = id;
    ledger->Sweep(InputsNow(), kSweepVolunteersMax,
                  [&](std::string_view event) { Emit(ledger_id, event); });
    progress = true;
  }
  return progress;
}

Inputs Sequencer::InputsNow() { return {options_.clock->WallUs(), options_.salt}; }

void Sequencer::RefuseQueued(const Refused& refused) {
  for (std::deque<Begun>* lane : {&counter_, &bulk_}) {
    for (Begun& begun : *lane) RefuseAll(begun, refused);
    lane->clear();
  }
}

void Sequencer::Emit(const std::string& ledger_id, std::string_view event) {
  pending_[ledger_id].Add(event);
  pending_bytes_ += event.size();
}

uint64_t Sequencer::SeenGroup() const {
  return durable_group_ + (in_flight_ ? 1 : 0) + (pending_.empty() ? 0 : 1);
}

bool Sequencer::StartAppend() {
  if (in_flight_ || pending_.empty()) return false;
  CollectState();
  std::vector<LedgerAppend> group;
  for (auto& [id, run] : pending_) {
    const auto epoch = epochs_.find(id);
    uint64_t& size = appended_size_[id];
    const uint64_t expected_size = size;
    size += run.size();
    group.push_back(
        {id, epoch == epochs_.end() ? epoch_ : epoch->second, expected_size, std::move(run)});
  }
  pending_.clear();
  pending_bytes_ = 0;
  in_flight_ = true;
  append_since_us_ = std::max<int64_t>(options_.clock->MonotonicUs(), 1);
  log()->Append(std::move(group), [this](AppendResult result) { Completed(result); });
  return true;
}

// What is changed and durable, now; false if that isn't possible yet.
bool Sequencer::WriteStateBehind() {
  if (in_flight_ || !pending_.empty()) return false;
  CollectState();
  if (state_writes_.empty()) return false;
  options_.state_sink->Write(std::exchange(state_writes_, {}));
  return true;
}

// At the boundary of a group: the working state is what the log will be once it is durable.
void Sequencer::CollectState() {
  const int64_t now_us = options_.clock->MonotonicUs();
  if (!state_writes_.empty() || !options_.state_sink->Idle()) return;
  if (!state_dirty_ && now_us - state_collected_at_us_ < options_.state_interval_us) return;
  state_collected_at_us_ = now_us;
  state_dirty_ = false;
  state_group_ = durable_group_ + 1;
  for (auto& [id, ledger] : ledgers_) {
    StateWrite write = EncodeDirty(*ledger);
    if (!write.rows.empty()) state_writes_.push_back(std::move(write));
  }
}

void Sequencer::Release() {
  while (!waiting_.empty() && waiting_.front().group <= durable_group_) {
    Waiting ready = std::move(waiting_.front());
    waiting_.pop_front();
    ready.done(std::move(ready.answers));
  }
}

void Sequencer::Recover(const std::string& why) {
  options_.warn(Text(why, "; everything that waits is answered so, and the log is read again"));
  const Refused unknown{
      v1::REFUSAL_OUTCOME_UNKNOWN, "", "nobody knows yet whether this was written; repeat it", {}};
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    for (Answer& answer : waiting.answers) answer = unknown;
    if (waiting.answers.empty()) waiting.answers.push_back(unknown);
    waiting.done(std::move(waiting.answers));
  }
  for (std::deque<Begun>* lane : {&counter_, &bulk_}) {
    if (lane->empty() || lane->front().answers.empty()) continue;
    Begun& begun = lane->front();
    begun.call.done(std::vector<Answer>(begun.call.commands.size(), unknown));
    lane->pop_front();
  }
  ledgers_.clear();
  pending_.clear();
  pending_bytes_ = 0;
  state_writes_.clear();
  state_dirty_ = true;
  // No answer waits for a group of the old log any more.
  ++durable_group_;
  log_failed_ = false;
  broken_ = true;
  reopen_at_us_ = options_.clock->MonotonicUs();
}

}  // namespace meritbook
