// Owns: what the sequencer's tests share: a clock to set, requests that outlive their calls, a sink
//       that remembers, and a sequencer over a disk in memory.
// Promises: a call that is answered twice fails the test; rows ahead of the log do too.
// Thread: one, but for ManualClock and Requests' results.
#ifndef MERITBOOK_TESTS_SERVICES_WORLD_H_
#define MERITBOOK_TESTS_SERVICES_WORLD_H_

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/check.h"
#include "ledger/text.h"
#include "services/sequencer.h"
#include "storage/memory_event_log.h"

namespace meritbook {

inline constexpr int64_t kSecondUs = 1'000'000;
inline constexpr int64_t kDayUs = 86'400 * kSecondUs;
inline constexpr int64_t kJuneUs = int64_t{1'717'200'000} * kSecondUs;  // 2024-06-01T00:00:00Z
inline constexpr char kTown[] = "linhai";

class ManualClock final : public Clock {
 public:
  int64_t WallUs() const override { return wall_us; }
  int64_t MonotonicUs() const override { return monotonic_us; }

  // Time passes.
  void Advance(int64_t us) {
    wall_us += us;
    monotonic_us += us;
  }
  // The wall clock is set.
  void StepWall(int64_t us) { wall_us += us; }

  std::atomic<int64_t> wall_us = kJuneUs;
  std::atomic<int64_t> monotonic_us = 5 * kSecondUs;
};

// Messages and callers, kept for as long as calls may refer to them.
class Requests {
 public:
  template <typename Message>
  Command Of(Message message, std::optional<std::string> request_id = std::nullopt,
             std::optional<int64_t> recorded_us = std::nullopt) {
    return By(platform_, std::move(message), std::move(request_id), recorded_us);
  }

  // By somebody else, for what needs a second person.
  template <typename Message>
  Command OfCommittee(Message message, std::optional<std::string> request_id) {
    return By(committee_, std::move(message), std::move(request_id), std::nullopt);
  }

 private:
  template <typename Message>
  Command By(const Caller& caller, Message message, std::optional<std::string> request_id,
             std::optional<int64_t> recorded_us) {
    auto kept = std::make_shared<Message>(std::move(message));
    const Message* body = kept.get();
    messages_.push_back(std::move(kept));
    std::optional<std::string_view> id;
    if (request_id) id = ids_.emplace_back(*std::move(request_id));
    auto prepared = Prepare(caller, body, id, recorded_us);
    if (auto* refused = std::get_if<Refused>(&prepared)) {
      ADD_FAILURE() << refused->field << ": " << refused->message;
      MB_CHECK(false);
    }
    return std::get<Command>(prepared);
  }

  const Caller platform_{"backend", "platform", "", ""};
  const Caller committee_{"lin", "", "", ""};
  std::deque<std::shared_ptr<void>> messages_;
  std::deque<std::string> ids_;
};

inline v1::CreateLedger Founding(bool migrating = false) {
  v1::CreateLedger message;
  message.set_migrating(migrating);
  return message;
}

// 10 points an hour for `care`, 1,000 for `feat`, 10 for `traffic_courtesy`.
inline v1::PublishRule TheRule(std::optional<uint32_t> year_end_grace_days = std::nullopt) {
  v1::PublishRule rule;
  rule.set_effective_from_day("2020-01-01");
  for (const auto& [category, points] :
       {std::pair{"care", 10}, {"feat", 1000}, {"traffic_courtesy", 10}}) {
    v1::CategoryRate* rate = rule.mutable_earning()->add_rates();
    rate->set_category(category);
    rate->set_points_per_hour(static_cast<uint32_t>(points));
    rate->set_percentage(100);
  }
  rule.mutable_earning()->set_recording_unit_minutes(1);
  rule.mutable_earning()->set_credited_minutes_per_day(1440);
  rule.mutable_earning()->set_backdating_days(3660);
  if (year_end_grace_days) {
    rule.mutable_expiry()->set_year_end_grace_days(*year_end_grace_days);
  } else {
    rule.mutable_expiry()->mutable_never();
  }
  return rule;
}

inline v1::RegisterOrganisation TheOrganisation(
    const std::string& id = "org", v1::OrganisationKind kind = v1::ORGANISATION_KIND_TEAM) {
  v1::RegisterOrganisation message;
  message.set_organisation_id(id);
  message.set_kind(kind);
  return message;
}

inline v1::RegisterActivity TheActivity(const std::string& id = "visit",
                                        const std::string& organisation = "org",
                                        const std::string& category = "care") {
  v1::RegisterActivity message;
  message.set_activity_id(id);
  message.set_organisation_id(organisation);
  message.set_category(category);
  message.set_starts_us(1);
  return message;
}

inline v1::RegisterVolunteer VolunteerNamed(const std::string& id) {
  v1::RegisterVolunteer message;
  message.set_volunteer_id(id);
  message.set_age_band(v1::AGE_BAND_18_TO_59);
  return message;
}

inline v1::CreditHours Credit(const std::string& record_id, const std::string& volunteer,
                              const std::string& day = "2024-05-01", uint32_t minutes = 60,
                              const std::string& activity = "visit") {
  v1::CreditHours message;
  v1::ServiceRecord* record = message.mutable_record();
  record->set_record_id(record_id);
  record->set_volunteer_id(volunteer);
  record->set_activity_id(activity);
  record->mutable_duration()->set_service_day(day);
  record->mutable_duration()->set_minutes(minutes);
  return message;
}

// What became of a call.
struct Reply {
  int times = 0;
  std::vector<Answer> answers;

  bool done() const { return times > 0; }
  // The refusal of the only or the i-th answer; REFUSAL_UNSPECIFIED if it is none.
  v1::Refusal reason(size_t i = 0) const {
    if (i >= answers.size()) return v1::REFUSAL_UNSPECIFIED;
    const auto* refused = std::get_if<Refused>(&answers[i]);
    return refused == nullptr ? v1::REFUSAL_UNSPECIFIED : refused->reason;
  }
  const Accepted* accepted(size_t i = 0) const {
    return i < answers.size() ? std::get_if<Accepted>(&answers[i]) : nullptr;
  }
  const AlreadyApplied* repeated(size_t i = 0) const {
    return i < answers.size() ? std::get_if<AlreadyApplied>(&answers[i]) : nullptr;
  }
};

// Keeps rows as StateStore would, and checks that none runs ahead of the log.
class RememberingSink final : public StateSink {
 public:
  bool Idle() const override { return idle; }
  void Write(std::vector<StateWrite> writes) override {
    EXPECT_TRUE(idle);
    for (StateWrite& write : writes) {
      EXPECT_LE(write.applied_size, size_of(write.ledger)) << "rows ahead of the log";
      EXPECT_GE(write.applied_size, applied_sizes[write.ledger]);
      applied_sizes[write.ledger] = write.applied_size;
      ++writes_seen;
    }
    idle = !lags;
  }
  void Forget(const std::string& ledger_id) override { forgotten.push_back(ledger_id); }
  void Drain() override {
    ++drained;
    idle = true;
  }

  bool idle = true;
  bool lags = false;  // stays busy after a write
  int drained = 0;
  int writes_seen = 0;
  std::vector<std::string> forgotten;
  std::map<std::string, uint64_t> applied_sizes;
  std::function<uint64_t(const std::string&)> size_of;
};

// Replays the whole log.
inline absl::StatusOr<std::unique_ptr<Ledger>> Replayed(const EventLog& log,
                                                        const std::string& ledger_id) {
  auto ledger = std::make_unique<Ledger>(ledger_id);
  const auto run = log.Read(ledger_id, 0, SIZE_MAX, SIZE_MAX);
  if (!run.ok()) return run.status();
  for (size_t i = 0; i < run->size(); ++i) {
    if (absl::Status status = ledger->Replay((*run)[i]); !status.ok()) return status;
  }
  return ledger;
}

// A log that can be made to take no new ledger.
class FaultyEventLog final : public MemoryEventLog {
 public:
  using MemoryEventLog::MemoryEventLog;
  absl::StatusOr<uint64_t> AcquireWriter(const std::vector<std::string>& ledgers) override {
    if (acquire_fails) return absl::UnavailableError("a guard can't be made");
    return MemoryEventLog::AcquireWriter(ledgers);
  }
  bool acquire_fails = false;
};

// A sequencer on a disk in memory. Starts held: an append ends when Complete says so.
class World {
 public:
  World() {
    sink.size_of = [this](const std::string& id) { return log == nullptr ? 0 : log->Size(id); };
    options.open_log = [this]() -> absl::StatusOr<std::shared_ptr<EventLog>> {
      if (open_errors > 0) {
        --open_errors;
        return absl::UnavailableError("the disk is away");
      }
      log = std::make_shared<FaultyEventLog>(disk);
      log->set_hold(hold);
      ++opened;
      return log;
    };
    options.load = [this](EventLog& from, const std::string& id) {
      drained_before_load &= sink.idle;
      return Replayed(from, id);
    };
    options.clock = &clock;
    options.salt = [this] { return ++salt; };
    options.state_sink = &sink;
    options.warn = [this](const std::string& line) { warnings.push_back(line); };
  }

  void Open() {
    sequencer = std::make_unique<Sequencer>(options);
    const absl::Status status = sequencer->Open();
    ASSERT_TRUE(status.ok()) << status;
  }

  // As after a kill.
  void Restart() {
    sequencer.reset();
    Open();
  }

  std::shared_ptr<Reply> Submit(Call call) {
    auto reply = std::make_shared<Reply>();
    call.done = [this, reply](std::vector<Answer> answers) {
      EXPECT_EQ(++reply->times, 1) << "a call was answered twice";
      reply->answers = std::move(answers);
      if (on_answer) on_answer();
    };
    sequencer->Enqueue(std::move(call));
    return reply;
  }

  std::shared_ptr<Reply> Ask(std::vector<Command> commands, Lane lane = Lane::kCounter,
                             const std::string& ledger = kTown) {
    Call call;
    call.ledger_id = ledger;
    call.lane = lane;
    call.commands = std::move(commands);
    return Submit(std::move(call));
  }
  std::shared_ptr<Reply> Ask(Command command, Lane lane = Lane::kCounter) {
    return Ask(std::vector<Command>{std::move(command)}, lane);
  }
  std::shared_ptr<Reply> AskAtomic(std::vector<Command> commands) {
    Call call;
    call.ledger_id = kTown;
    call.lane = Lane::kBulk;
    call.commands = std::move(commands);
    call.atomic = true;
    return Submit(std::move(call));
  }
  std::shared_ptr<Reply> ConfirmClock() {
    Call call;
    call.confirms_clock = true;
    return Submit(std::move(call));
  }

  // Steps until nothing more can be done.
  void StepAll() {
    for (int i = 0; i < 100'000; ++i) {
      if (!sequencer->Step()) return;
    }
    ADD_FAILURE() << "the sequencer never rests";
  }

  // Ends the append in flight and steps once, so that another may be in flight then.
  void Complete(AppendResult result = AppendResult::kDurable, bool stored = false) {
    ASSERT_TRUE(log->in_flight());
    const auto kept = log;  // the sequencer may drop it at once
    kept->CompleteOne(result, stored);
    sequencer->Step();
  }

  // Until everything is answered and durable.
  void Settle() {
    for (int i = 0; i < 100'000; ++i) {
      StepAll();
      if (!log->in_flight()) return;
      Complete();
    }
    ADD_FAILURE() << "the sequencer never comes to an end";
  }

  // An answer after all is durable.
  Reply Answered(std::shared_ptr<Reply> reply) {
    Settle();
    EXPECT_EQ(reply->times, 1);
    return *reply;
  }

  // A ledger with rule, organisation, activity and the volunteer anna.
  void Found(bool migrating = false, std::optional<uint32_t> year_end_grace_days = std::nullopt,
             const std::string& ledger = kTown) {
    const std::optional<int64_t> recorded_us =
        migrating ? std::optional<int64_t>(clock.wall_us - 300 * kDayUs) : std::nullopt;
    const auto reply = Ask({requests.Of(Founding(migrating), "found", recorded_us),
                            requests.Of(TheRule(year_end_grace_days), "rule", recorded_us),
                            requests.Of(TheOrganisation(), "org", recorded_us),
                            requests.Of(TheActivity(), "visit", recorded_us),
                            requests.Of(VolunteerNamed("anna"), "anna", recorded_us)},
                           Lane::kCounter, ledger);
    Settle();
    ASSERT_EQ(reply->times, 1);
    for (size_t i = 0; i < 5; ++i) ASSERT_NE(reply->accepted(i), nullptr) << reply->reason(i);
  }

  std::vector<Command> Volunteers(const std::string& prefix, int count) {
    std::vector<Command> commands;
    for (int i = 0; i < count; ++i) {
      const std::string id = Text(prefix, i);
      commands.push_back(requests.Of(VolunteerNamed(id), id));
    }
    return commands;
  }

  ManualClock clock;
  Requests requests;
  std::shared_ptr<MemoryDisk> disk = NewMemoryDisk();
  std::shared_ptr<FaultyEventLog> log;  // the newest
  RememberingSink sink;
  std::vector<std::string> warnings;
  std::function<void()> on_answer;
  uint64_t salt = 0;
  int opened = 0;
  int open_errors = 0;
  bool hold = true;
  bool drained_before_load = true;
  SequencerOptions options;
  std::unique_ptr<Sequencer> sequencer;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_SERVICES_WORLD_H_
