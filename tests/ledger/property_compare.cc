#include "tests/ledger/property_compare.h"

#include <algorithm>

#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook::property {
namespace {

using model::Lot;
using model::Model;
using model::Words;

Lot LotOf(const LotKey& key) {
  return {key.expiry == kNeverExpires ? model::kNever : key.expiry, key.graced};
}

std::string NameOf(const State& state, uint32_t record) {
  const Record& row = state.records()[record];
  return Text(state.names()[row.source].id, "/", row.record_id);
}

// A volunteer's row, out of either.
struct VolunteerText {
  std::string text;
  void Flag(bool is, const char* name) { text += is ? name : ""; }
  void Amounts(int64_t pending, int64_t available, int64_t held, int64_t debt) {
    text += Text(" pending ", pending, " available ", available, " held ", held, " debt ", debt);
  }
  void Orders(int day, int64_t orders, int64_t points) {
    text += Text(" orders on ", day, ":", orders, "/", points);
  }
  void Counts(uint64_t credited, uint64_t honorary, uint64_t events, uint64_t last) {
    text += Text(" minutes ", credited, "+", honorary, " events ", events, " last ", last);
  }
  void Pending(int matures, const std::string& record, const Lot& lot, int64_t units) {
    text += Text(" matures ", matures, " of ", record, Words({{lot, units}}));
  }
  void Lost(const Lot& lot, int64_t expired, int64_t forfeited) {
    if (expired + forfeited == 0) return;
    text += Text(" lost ", Words({{lot, expired}, {lot, forfeited}}));
  }
  void Served(int64_t start_minute, int64_t minutes) {
    text += Text(" served ", start_minute, "+", minutes);
  }
  void Day(int day, int credited, int honorary) {
    text += Text(" day ", day, ":", credited, "+", honorary);
  }
};

// The period of an item's limit that counts now; which older one is kept makes no difference.
int PeriodNow(const Model& model, const std::string& item) {
  const auto& limit = model.items.at(item).limit;
  return limit ? model::PeriodOf(limit->period(), model.DayOf(model.last_recorded_us)) : 0;
}

std::string TextOf(const Model& model, const Model::Mall& mall, const std::string& id,
                   const model::Volunteer& row) {
  VolunteerText out;
  out.Flag(row.frozen, " frozen");
  out.Flag(row.closed, " closed");
  out.Flag(row.opened, " opened");
  out.text += row.merged_into.empty() ? "" : " into " + row.merged_into;
  int64_t pending = 0;
  for (const auto& [key, units] : row.pending) pending += units;
  const auto held = mall.held_units.find(id);
  out.Amounts(pending, model::SumOf(row.lots), held == mall.held_units.end() ? 0 : held->second,
              -row.debt_units);
  int64_t credited = row.opening_credited;
  int64_t honorary = row.opening_honorary;
  const auto days = model.DaysOf(id);
  for (const auto& [day, minutes] : days) {
    credited += minutes.first;
    honorary += minutes.second;
  }
  out.Counts(static_cast<uint64_t>(credited), static_cast<uint64_t>(honorary), row.events,
             row.last_sequence);
  out.text += Words(model::LotList(row.lots.begin(), row.lots.end()));
  for (const auto& [key, units] : row.pending) {
    const auto& [matures, record, lot] = key;
    out.Pending(matures, record.first + "/" + record.second, lot, units);
  }
  for (const auto& [lot, lost] : row.lost) out.Lost(lot, lost.expired, lost.forfeited);
  auto served = model.ServedBy(id);
  std::sort(served.begin(), served.end());
  for (const auto& [start_us, end_us] : served) {
    out.Served(start_us / kMicrosPerMinute, (end_us - start_us) / kMicrosPerMinute);
  }
  for (const auto& [day, minutes] : days) out.Day(day, minutes.first, minutes.second);
  for (const auto& [activity, minutes] : model.ActivityMinutesOf(id)) {
    out.text += Text(" activity ", activity, ":", minutes);
  }
  for (const auto& [award, times] : model.AwardsOf(id)) {
    out.text += Text(" award ", award.first, " ", award.second, ":", times);
  }
  if (!row.merged_into.empty()) return out.text;
  out.text += Text(" age ", int{row.age_band});
  const auto [day, orders, points] = model.NewestDayOf(id, "");
  out.Orders(day, orders, points);
  if (const auto open = mall.open.find(id); open != mall.open.end()) {
    for (const model::Order* order : open->second) out.text += Text(" holds ", order->index);
  }
  for (const auto& [item, limited] : model.items) {
    const auto bought = model.Bought(id, item);
    if (bought && bought->second > 0 && bought->first == PeriodNow(model, item)) {
      out.text += Text(" bought ", item, " in ", bought->first, ":", bought->second);
    }
  }
  return out.text;
}

std::string TextOf(const Model& model, const State& state, const Volunteer& row) {
  VolunteerText out;
  out.Flag(row.frozen, " frozen");
  out.Flag(row.closed, " closed");
  out.Flag(row.has_opening_balance, " opened");
  out.text += row.merged_into ? " into " + state.volunteers()[*row.merged_into].id : "";
  out.Amounts(row.pending_units, row.available_units, row.held_units, row.debt_units);
  out.Counts(row.credited_minutes, row.honorary_minutes, row.event_count, row.last_sequence);
  model::LotList lots;
  for (const auto& lot : row.lots) lots.emplace_back(LotOf(lot.key), lot.units);
  out.text += Words(lots);
  // The model's order: by the record's name.
  std::map<std::tuple<int, model::RecordName, Lot>, int64_t> pending;
  for (const Pending& entry : row.pending) {
    const Record& record = state.records()[entry.record];
    pending[{entry.matures,
             {state.names()[record.source].id, record.record_id},
             LotOf(entry.lot.key)}] += entry.lot.units;
  }
  for (const auto& [key, units] : pending) {
    const auto& [matures, record, lot] = key;
    out.Pending(matures, record.first + "/" + record.second, lot, units);
  }
  for (const LostLot& lost : row.lost) {
    out.Lost(LotOf(lost.key), lost.expired_units, lost.forfeited_units);
  }
  for (const ServedInterval& served : row.intervals)
    out.Served(served.start_minute, served.minutes);
  for (const DayMinutes& day : row.days) out.Day(day.day, day.credited, day.honorary);
  std::map<std::string, uint32_t> activities;
  for (const ActivityMinutes& entry : row.activities) {
    activities[state.activities()[entry.activity].id] += entry.minutes;
  }
  for (const auto& [activity, minutes] : activities) {
    out.text += Text(" activity ", activity, ":", minutes);
  }
  std::map<std::pair<std::string, int>, uint32_t> awards;
  for (const AwardCount& entry : row.awards) awards[{entry.award, entry.year}] += entry.times;
  for (const auto& [award, times] : awards) {
    out.text += Text(" award ", award.first, " ", award.second, ":", times);
  }
  if (row.merged_into) return out.text;
  out.text += Text(" age ", int{row.age_band});
  out.Orders(row.day_orders.day, row.day_orders.orders,
             static_cast<int64_t>(row.day_orders.points));
  for (const uint32_t order : row.open_orders) out.text += Text(" holds ", order);
  std::map<std::string, std::string> bought;
  for (const Bought& entry : row.bought) {
    const std::string& item = state.items()[entry.item].id;
    if (entry.quantity == 0 || entry.period != PeriodNow(model, item)) continue;
    bought[item] += Text(" bought ", item, " in ", entry.period, ":", entry.quantity);
  }
  for (const auto& [item, text] : bought) out.text += text;
  return out.text;
}

std::string SegmentText(int day, int credited, int honorary, size_t rule, int64_t units,
                        const Lot& lot) {
  return Text(" ", day, ":", credited, "+", honorary, " rule ", rule, Words({{lot, units}}));
}

std::string TextOf(const model::Record& row) {
  const v1::ServiceInterval& times = row.service.interval();
  std::string out =
      Text(row.award, " ", row.award_points, " in ", row.service.activity_id(), "/",
           row.service.session_id(), " from ", times.start_us() / kMicrosPerMinute, "+",
           row.service.has_interval() ? (times.end_us() - times.start_us()) / kMicrosPerMinute
                                      : int64_t{row.service.duration().minutes()},
           " ", v1::RecordState_Name(row.state).substr(13), row.disputed ? " disputed" : "", " of ",
           row.volunteer, " by ", row.submitted_by, " at ", row.sequence, "..", row.last_sequence,
           " corrects ", row.corrects, " corrected by ", row.corrected_by);
  if (row.state == v1::RECORD_STATE_WAITING) {
    for (const v1::WaitReason reason : row.wait_reasons) out += Text(" waits ", int{reason});
  }
  if (row.disputed) out += Text(" waits ", int{v1::WAIT_REASON_DISPUTED});
  if (row.state == v1::RECORD_STATE_APPROVED) {
    out += Text(" credited ", row.credited_day);
    for (const model::Segment& part : row.segments) {
      out += SegmentText(part.day, part.credited, part.honorary, part.rule, part.units, part.lot);
    }
  }
  return out;
}

std::string TextOf(const State& state, const Record& row) {
  const auto other = [&](uint32_t index) {
    return index == kNoIndex ? std::string() : state.records()[index].record_id;
  };
  std::string out =
      Text(row.award, " ", row.award_points, " in ",
           row.is_award() ? "" : state.activities()[row.activity].id, "/",
           row.session == kNoIndex ? "" : state.sessions()[row.session].id, " from ",
           row.start_minute, "+", row.minutes, " ", v1::RecordState_Name(row.state).substr(13),
           row.disputed ? " disputed" : "", " of ", state.volunteers()[row.volunteer].id, " by ",
           state.names()[row.submitted_by].id, " at ", row.sequence, "..", row.last_sequence,
           " corrects ", other(row.corrects), " corrected by ", other(row.corrected_by));
  for (int reason = 0; reason < 8; ++reason) {
    if ((row.wait_reasons >> reason & 1) != 0) out += Text(" waits ", reason);
  }
  if (row.state == v1::RECORD_STATE_APPROVED) {
    out += Text(" credited ", row.credited_day);
    for (const Segment& part : row.segments) {
      out += SegmentText(part.day, part.credited, part.honorary, part.rule_version, part.units,
                         LotOf(part.lot));
    }
  }
  return out;
}

std::string LedgerText(const Model& model, const Model::Mall& mall) {
  int64_t pending = 0;
  int64_t available = 0;
  int64_t debt = 0;
  int64_t payable = 0;
  for (const auto& [id, row] : model.volunteers) {
    for (const auto& [key, units] : row.pending) pending += units;
    available += model::SumOf(row.lots);
    debt -= row.debt_units;
  }
  for (const auto& [id, row] : model.merchants) payable += model.PayableOf(id).units;
  int64_t held = 0;
  for (const auto& [id, units] : mall.held_units) held += units;
  const int64_t open_from_us =
      model.closed_through ? model.StartOf(model::FirstDayOf(*model.closed_through + 1)) : 0;
  return Text(
      model.zone, " size ", model.size, " last ", model.last_recorded_us, " rules ",
      model.rules.size(), " ", model.created ? (model.migrating ? "migrating" : "live") : "none",
      " issued ", -model.issued_units, " expired ", model.expired_units, " revoked ",
      model.revoked_units, " forfeited ", model.forfeited_units, " donated ", model.donated_units,
      " pending ", pending, " available ", available, " held ", held, " debt ", debt, " payable ",
      payable, " settled ", model.settled_units, " written off ", model.written_off_units,
      " closed ", model.closed_through.value_or(-1), " ", open_from_us);
}

std::string LedgerText(const State& state) {
  const LedgerRow& row = state.ledger();
  return Text(row.time_zone, " size ", row.size, " last ", row.last_recorded_us, " rules ",
              row.rules.size(), " ",
              state.created() ? (state.migrating() ? "migrating" : "live") : "none", " issued ",
              row.issued_units, " expired ", row.expired_units, " revoked ", row.revoked_units,
              " forfeited ", row.forfeited_units, " donated ", row.donated_units, " pending ",
              row.pending_units, " available ", row.available_units, " held ", row.held_units,
              " debt ", row.debt_units, " payable ", row.payable_units, " settled ",
              row.settled_units, " written off ", row.written_off_units, " closed ",
              row.closed_through.value_or(-1), " ", row.open_from_us);
}

// The differences of two states, row by row.
class Comparison {
 public:
  Comparison(const Model& model, const State& state) : model_(model), state_(state) {}

  std::string Run() {
    const Model::Mall mall = model_.Reckon();
    Same("ledger", LedgerText(model_, mall), LedgerText(state_));
    Rows("volunteer", model_.volunteers, state_.volunteers(), [&](const auto& id, const auto& row) {
      return std::pair(TextOf(model_, mall, id, row),
                       TextOf(model_, state_, *state_.volunteers().Find(id)));
    });
    Rows("principal", model_.principals, state_.principals(), [&](const auto& id, const auto& row) {
      const Principal& other = *state_.principals().Find(id);
      return std::pair(Text(row.volunteer, row.revoked),
                       Text(other.registered.volunteer_id(), other.revoked));
    });
    Rows("organisation", model_.organisations, state_.organisations(),
         [&](const auto& id, const auto& row) {
           const Organisation& other = *state_.organisations().Find(id);
           return std::pair(Text(int{row.kind}, " ", int64_t{row.headcount.value_or(-1U)}),
                            Text(int{other.kind}, " ", int64_t{other.headcount.value_or(-1U)}));
         });
    Rows("activity", model_.activities, state_.activities(), [&](const auto& id, const auto& row) {
      const Activity& other = *state_.activities().Find(id);
      const bool waits = row.state == model::ActivityState::kWaiting;
      return std::pair(Text(row.category, " ", row.starts_us, " ", row.ends_us.value_or(-1), " ",
                            row.capacity.value_or(0), " ", static_cast<int>(row.state), " ",
                            waits ? row.submitted_by : ""),
                       Text(other.category, " ", other.starts_us, " ", other.ends_us.value_or(-1),
                            " ", other.capacity.value_or(0), " ", static_cast<int>(other.state),
                            " ", waits ? state_.names()[other.submitted_by].id : ""));
    });
    Rows("session", model_.sessions, state_.sessions(), [&](const auto& id, const auto& row) {
      const Session& other = *state_.sessions().Find(id);
      return std::pair(Text(row.activity, " ", row.day, " ", row.starts_us, " ", row.ends_us),
                       Text(state_.activities()[other.activity].id, " ", other.day, " ",
                            other.starts_us, " ", other.ends_us));
    });
    Rows("proposal", model_.proposals, state_.proposals(), [&](const auto& id, const auto& row) {
      const Proposal& other = *state_.proposals().Find(id);
      return std::pair(Text(row.proposed_by, " ", row.open),
                       Text(state_.names()[other.proposed_by].id, " ", other.open));
    });
    Records();
    return out_ + MallDifference(model_, state_);
  }

 private:
  void Same(const std::string& name, const std::string& want, const std::string& got) {
    if (want == got) return;
    out_ += Text("  ", name, "\n    the model  ", want, "\n    the ledger ", got, "\n");
  }

  template <typename ModelRows, typename Table, typename Texts>
  void Rows(const char* kind, const ModelRows& rows, const Table& table, const Texts& texts) {
    Same(Text("number of rows: ", kind), Text(rows.size()), Text(table.size()));
    for (const auto& [id, row] : rows) {
      if (table.Find(id) == nullptr) {
        Same(Text(kind, " ", id), "there", "not there");
        continue;
      }
      const auto [want, got] = texts(id, row);
      Same(Text(kind, " ", id), want, got);
    }
  }

  void Records() {
    Same("number of rows: record", Text(model_.records.size()), Text(state_.records().size()));
    for (uint32_t i = 0; i < state_.records().size(); ++i) {
      const Record& row = state_.records()[i];
      const auto found = model_.records.find({state_.names()[row.source].id, row.record_id});
      const std::string name = "record " + NameOf(state_, i);
      if (found == model_.records.end()) {
        Same(name, "not there", "there");
      } else {
        Same(name, TextOf(found->second), TextOf(state_, row));
      }
    }
  }

  const Model& model_;
  const State& state_;
  std::string out_;
};

}  // namespace

std::string Difference(const Model& model, const State& state) {
  return Comparison(model, state).Run();
}

}  // namespace meritbook::property
