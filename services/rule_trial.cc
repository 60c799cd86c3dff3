#include "services/rule_trial.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "ledger/ledger.h"
#include "ledger/text.h"
#include "services/read_failure.h"

namespace meritbook {
namespace {

constexpr size_t kEventsMax = 8'192;
constexpr size_t kBytesMax = 1 << 20;
constexpr size_t kSweepVolunteersMax = 1'024;

using Stopped = std::optional<Refused>;

void Discard(std::string_view) {}
uint64_t NoSalt() { return 0; }

Refused Broken(uint64_t sequence, std::string_view why) {
  return {v1::REFUSAL_INTERNAL, "", Text("event ", sequence, " can't be tried: ", why), {}};
}

struct OrganisationFigures {
  int64_t issued_units = 0;
  uint64_t credited_minutes = 0;
};

// What a ledger came to.
struct Figures {
  std::map<std::string, OrganisationFigures> communities;  // all of them
  OrganisationFigures others;
  v1::PointsPosition position;
};

Figures FiguresOf(const State& state) {
  Figures figures;
  for (uint32_t i = 0; i < state.organisations().size(); ++i) {
    const Organisation& organisation = state.organisations()[i];
    if (organisation.kind == v1::ORGANISATION_KIND_COMMUNITY) figures.communities[organisation.id];
  }
  // By activity first: a ledger has far more records than activities.
  std::vector<OrganisationFigures> activities(state.activities().size());
  for (uint32_t i = 0; i < state.records().size(); ++i) {
    const Record& record = state.records()[i];
    if (record.state != v1::RECORD_STATE_APPROVED) continue;
    OrganisationFigures& sum =
        record.activity == kNoIndex ? figures.others : activities[record.activity];
    for (const Segment& segment : record.segments) {
      sum.issued_units += segment.units;
      sum.credited_minutes += segment.credited;
    }
  }
  for (uint32_t i = 0; i < state.activities().size(); ++i) {
    const auto community =
        figures.communities.find(state.organisations()[state.activities()[i].organisation].id);
    OrganisationFigures& sum =
        community == figures.communities.end() ? figures.others : community->second;
    sum.issued_units += activities[i].issued_units;
    sum.credited_minutes += activities[i].credited_minutes;
  }
  const LedgerRow& ledger = state.ledger();
  figures.position.set_issued_units(-ledger.issued_units);
  figures.position.set_outstanding_units(ledger.available_units + ledger.pending_units +
                                         ledger.held_units + ledger.debt_units);
  figures.position.set_expired_units(ledger.expired_units);
  figures.position.set_redeemed_units(ledger.payable_units + ledger.settled_units +
                                      ledger.written_off_units);
  return figures;
}

// Calls `visit` with each event's bytes, in order.
Stopped Walk(const TrialOptions& options, const std::string& ledger_id, uint64_t size,
             absl::FunctionRef<Stopped(uint64_t sequence, std::string_view bytes)> visit) {
  uint64_t next = 0;
  while (next < size) {
    if (auto stopped = options.stopped()) return stopped;
    const auto log = options.log();
    if (log == nullptr) {
      return Refused{
          v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again; repeat it", {}};
    }
    const size_t events_max = std::min<uint64_t>(kEventsMax, size - next);
    const auto run = log->Read(ledger_id, next, events_max, kBytesMax);
    if (!run.ok()) return ReadFailure(next, "can't be tried", run.status());
    if (run->empty()) return Broken(next, "the log has fewer events");
    for (size_t i = 0; i < run->size(); ++i, ++next) {
      if (auto stopped = visit(next, (*run)[i])) return stopped;
    }
  }
  return std::nullopt;
}

// The clock rules from here on; then all that is due by the last recorded time happens.
Stopped Settle(const TrialOptions& options, Ledger& ledger) {
  const int64_t now_us = ledger.state().ledger().last_recorded_us;
  if (ledger.state().migrating()) {
    const Caller caller{"trial", "", "", ""};
    const v1::FinishMigration finish;
    auto command = Prepare(caller, &finish, "trial", now_us);
    if (auto* refused = std::get_if<Refused>(&command)) return std::move(*refused);
    ledger.Execute(std::get<Command>(command), {now_us, NoSalt}, Discard);
  }
  while (ledger.Sweep({now_us, NoSalt}, kSweepVolunteersMax, Discard) > 0) {
    ledger.mutable_state().TakeDirty();
    if (auto stopped = options.stopped()) return stopped;
  }
  return std::nullopt;
}

// Nobody writes the rows behind: without this they would be remembered for nothing.
void ForgetDirtyRows(Ledger& ledger) {
  if (ledger.state().dirty_rows() >= kEventsMax) ledger.mutable_state().TakeDirty();
}

std::variant<Figures, Refused> AsItIs(const TrialOptions& options, const std::string& ledger_id,
                                      uint64_t size) {
  Ledger ledger(ledger_id);
  auto stopped =
      Walk(options, ledger_id, size, [&](uint64_t sequence, std::string_view bytes) -> Stopped {
        const absl::Status status = ledger.Replay(bytes);
        if (!status.ok()) return Broken(sequence, MessageOf(status));
        ForgetDirtyRows(ledger);
        return std::nullopt;
      });
  if (!stopped) stopped = Settle(options, ledger);
  if (stopped) return *std::move(stopped);
  return FiguresOf(ledger.state());
}

// The ledger as it would be.
class TriedLedger {
 public:
  TriedLedger(const TrialOptions& options, const std::string& ledger_id,
              const v1::PublishRule& rule)
      : options_(options),
        ledger_(ledger_id),
        rule_(rule),
        from_day_(*ParseDay(rule.effective_from_day())) {}

  Stopped Take(uint64_t sequence, std::string_view bytes) {
    v1::Event event;
    if (!event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return Broken(sequence, "it can't be read");
    }
    if (ledger_.state().created()) {
      if (auto stopped = PassTime(event.recorded_us())) return stopped;
    }
    const auto body = CarriedCommand(event);
    if (!body) return std::nullopt;  // the ledger's own, or of the command before
    if (const auto* publish = std::get_if<const v1::PublishRule*>(&*body)) {
      Publish(**publish);
    } else {
      Repeat(event, *body);
    }
    ForgetDirtyRows(ledger_);
    return std::nullopt;
  }

  Ledger& ledger() { return ledger_; }
  void AddRefusals(v1::TryRuleResponse* response) const {
    for (const auto& [reason, refusal] : refusals_) *response->add_refusals() = refusal;
  }

 private:
  // A live ledger sweeps by itself; a migrating one doesn't.
  Stopped PassTime(int64_t now_us) {
    while (ledger_.Sweep({now_us, NoSalt}, kSweepVolunteersMax, Discard) > 0) {
      ForgetDirtyRows(ledger_);
      if (auto stopped = options_.stopped()) return stopped;
    }
    if (!in_force_ && ledger_.state().calendar().DayOf(now_us) >= from_day_) {
      in_force_ = true;
      Append(rule_);
    }
    return std::nullopt;
  }

  // Rules are put beside each other as the log has them, without commands: by a command none could
  // take effect before one that was published earlier.
  void Append(const v1::PublishRule& rule) {
    std::vector<Rule>& rules = ledger_.mutable_state().MutableLedger().rules;
    rules.emplace_back(static_cast<uint32_t>(rules.size() + 1), rule);
  }

  void Publish(const v1::PublishRule& rule) {
    if (*ParseDay(rule.effective_from_day()) >= from_day_) return;
    Append(rule);
    if (in_force_) Append(rule_);  // the newest of those in force on a day governs
  }

  void Repeat(const v1::Event& event, const CommandBody& body) {
    Caller caller;
    caller.principal_id = event.actor();
    if (event.scope() == v1::REQUEST_SCOPE_SOURCE) caller.source = event.source();
    if (event.scope() == v1::REQUEST_SCOPE_MERCHANT) caller.merchant_id = event.source();
    const auto* create = std::get_if<const v1::CreateLedger*>(&body);
    const bool migrating = create != nullptr ? (*create)->migrating() : ledger_.state().migrating();
    std::optional<int64_t> recorded_us;
    if (migrating) recorded_us = event.recorded_us();
    const auto command = Prepare(caller, body, event.request_id(), recorded_us);
    if (const auto* refused = std::get_if<Refused>(&command)) {
      CountRefusal(*refused, event.sequence());
      return;
    }
    const Answer answer =
        ledger_.Execute(std::get<Command>(command), {event.recorded_us(), NoSalt}, Discard);
    if (const auto* refused = std::get_if<Refused>(&answer)) {
      CountRefusal(*refused, event.sequence());
    }
  }

  void CountRefusal(const Refused& refused, uint64_t sequence) {
    const std::string reason(RefusalName(refused.reason));
    v1::TriedRefusal& refusal = refusals_[reason];
    if (refusal.count() == 0) {
      refusal.set_reason(reason);
      refusal.set_first_sequence(sequence);
    }
    refusal.set_count(refusal.count() + 1);
  }

  const TrialOptions& options_;
  Ledger ledger_;
  const v1::PublishRule& rule_;
  const DayNumber from_day_;
  bool in_force_ = false;
  std::map<std::string, v1::TriedRefusal> refusals_;
};

void AddOrganisation(const std::string& id, const OrganisationFigures& is,
                     const OrganisationFigures& would_be, v1::TryRuleResponse* response) {
  v1::TriedOrganisation* row = response->add_organisations();
  row->set_organisation_id(id);
  row->set_issued_units(is.issued_units);
  row->set_tried_issued_units(would_be.issued_units);
  row->set_credited_minutes(is.credited_minutes);
  row->set_tried_credited_minutes(would_be.credited_minutes);
}

}  // namespace

std::variant<v1::TryRuleResponse, Refused> TryRule(const TrialOptions& options,
                                                   const std::string& ledger_id, uint64_t size,
                                                   const v1::PublishRule& rule) {
  auto as_it_is = AsItIs(options, ledger_id, size);
  if (auto* stopped = std::get_if<Refused>(&as_it_is)) return std::move(*stopped);
  const Figures& is = std::get<Figures>(as_it_is);

  TriedLedger tried(options, ledger_id, rule);
  auto stopped = Walk(options, ledger_id, size, [&](uint64_t sequence, std::string_view bytes) {
    return tried.Take(sequence, bytes);
  });
  if (!stopped) stopped = Settle(options, tried.ledger());
  if (stopped) return *std::move(stopped);
  const Figures would_be = FiguresOf(tried.ledger().state());

  v1::TryRuleResponse response;
  for (const auto& [id, figures] : is.communities) {
    const auto other = would_be.communities.find(id);
    AddOrganisation(id, figures,
                    other == would_be.communities.end() ? OrganisationFigures() : other->second,
                    &response);
  }
  AddOrganisation("", is.others, would_be.others, &response);
  *response.mutable_position() = is.position;
  *response.mutable_tried_position() = would_be.position;
  tried.AddRefusals(&response);
  response.set_size(size);
  return response;
}

}  // namespace meritbook
