#include "cli/sample/tally.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "cli/sample/counting_mall.h"
#include "cli/sample/csv_rows.h"
#include "cli/sample/field_reader.h"
#include "cli/sample/figures.h"
#include "cli/sample/tally_sources.h"

namespace meritbook::sample {
namespace {

constexpr int64_t kDay = 86'400;  // seconds
constexpr int64_t k2022 = 365 * kDay;

struct Command {
  int64_t recorded_second = 0;
  Kind kind = kOrganisation;
  const Fields* fields = nullptr;
  absl::string_view refusal;
};

// A ledger of the county's few rules. Every method returns the refusal, "" if it takes the row.
class CountingLedger {
 public:
  absl::string_view Take(const Command& command) {
    const Fields& fields = *command.fields;
    mall_.AdvanceTo(command.recorded_second);
    // A freeze has a kind of its own, so the volunteer's id can be its key as well.
    const auto [known, is_new] =
        taken_.try_emplace({static_cast<int>(command.kind), fields[1]}, &fields);
    if (!is_new) {
      const Fields& first = *known->second;
      const bool same =
          std::equal(fields.begin() + 1, fields.end(), first.begin() + 1, first.end());
      return same ? "" : "REQUEST_CONFLICT";
    }
    const absl::string_view refusal = Decide(command);
    if (!refusal.empty()) taken_.erase({static_cast<int>(command.kind), fields[1]});
    return refusal;
  }

  Tally Count() const {
    Tally tally = tally_;
    for (const auto& [id, volunteer] : volunteers_) {
      const int64_t earned_units = volunteer.minutes * kUnitsPerMinute;
      const int64_t balance_units = earned_units - mall_.UnitsGone(id);
      if (earned_units >= 1'000 * kUnitsPerPoint) ++tally.volunteers_1000_earned;
      if (balance_units >= 1'000 * kUnitsPerPoint) ++tally.volunteers_1000_balance;
    }
    tally.person_times = static_cast<int>(person_times_.size());
    tally.traffic_sessions = static_cast<int>(traffic_sessions_.size());
    tally.traffic_crossings = static_cast<int>(traffic_sites_.size());
    tally.traffic_slots = static_cast<int>(traffic_slots_.size());
    tally.events["ledger_created"] = 1;
    tally.events["rule_published"] = 1;
    tally.mall = mall_.tally();
    for (const auto& [kind, count] : tally.mall.events) tally.events[kind] += count;
    return tally;
  }

  // Who allocates what: a script of calls.
  absl::Status TakeBudgets(absl::string_view text) {
    for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
      const auto call = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
      if (!call.is_object()) return absl::InternalError(absl::StrCat("no JSON: ", line));
      if (call["rpc"] == "AdminService.RegisterPrincipal") ++tally_.events["principal_registered"];
      if (call["rpc"] != "AccountService.ProposeChange") continue;
      const auto& budget = call["command"]["allocate_budget"];
      mall_.Allocate(budget["source"].get<std::string>(), budget["year"], budget["fen"],
                     budget["warn_percent"]);
    }
    return absl::OkStatus();
  }

  // What the clock does until then.
  MallTally MallAt(int64_t second) {
    mall_.AdvanceTo(second);
    return mall_.tally();
  }

  const absl::Status& status() const { return read_.status(); }

 private:
  struct Activity {
    bool of_community, of_traffic, is_rated;
    int64_t starts_second, ends_second;
  };
  struct Session {
    absl::string_view activity, slot, site;
    int64_t starts_second, ends_second;
  };
  struct Volunteer {
    bool is_frozen = false;
    int64_t minutes = 0;
    std::vector<std::pair<int64_t, int64_t>> intervals;  // seconds, by start
  };
  // Minutes of a service by day: one, or two over midnight.
  using DayMinutes = std::vector<std::pair<int64_t, int64_t>>;

  absl::string_view Decide(const Command& command) {
    const Fields& fields = *command.fields;
    const int64_t second = command.recorded_second;
    switch (command.kind) {
      case kOrganisation:
        return DecideOrganisation(fields);
      case kActivity:
        return DecideActivity(fields);
      case kSession:
        return DecideSession(fields);
      case kMerchant:
        ++tally_.merchants;
        return mall_.AddMerchant(fields);
      case kItem:
        ++tally_.items;
        return mall_.AddItem(fields);
      case kVolunteer:
        return DecideVolunteer(fields, second);
      case kFreeze:
        volunteers_[fields[1]].is_frozen = true;
        ++tally_.events["volunteer_frozen"];
        return "";
      case kHour:
        return DecideHour(command);
      case kRedemption:
        return DecideOrder(CountingMall::Kind::kRedemption, fields, second);
      case kHold:
        return DecideOrder(CountingMall::Kind::kHold, fields, second);
      case kVoucher:
        return DecideOrder(CountingMall::Kind::kVoucher, fields, second);
      case kConfirmation:
        return mall_.Confirm(fields, second);
      case kCancellation:
        return mall_.Cancel(fields);
      case kRefund:
        return mall_.Refund(fields, second);
    }
    return "";
  }

  absl::string_view DecideOrganisation(const Fields& fields) {
    ++tally_.organisations;
    ++tally_.events["organisation_registered"];
    if (fields[2] == "community") ++tally_.communities;
    organisations_[fields[1]] = fields[2] == "community";
    return read_.Number(fields[3]) > 0 ? "" : "FORM_INVALID";
  }

  absl::string_view DecideActivity(const Fields& fields) {
    const auto organisation = organisations_.find(fields[2]);
    if (organisation == organisations_.end()) return "ORGANISATION_UNKNOWN";
    Activity activity;
    activity.of_community = organisation->second;
    activity.is_rated =
        std::find(kCategories.begin(), kCategories.end(), fields[3]) != kCategories.end();
    activity.of_traffic = fields[3] == "traffic_courtesy" && !activity.of_community;
    activity.starts_second = read_.Instant(fields[5]);
    activity.ends_second = fields[6].empty() ? INT64_MAX : read_.Instant(fields[6]);
    activities_[fields[1]] = activity;
    ++tally_.events["activity_registered"];
    ++tally_.activities;
    if (activity.of_community) ++tally_.community_activities;
    return "";
  }

  absl::string_view DecideSession(const Fields& fields) {
    const auto activity = activities_.find(fields[2]);
    if (activity == activities_.end()) return "ACTIVITY_UNKNOWN";
    const Session session{fields[2], fields[4], fields[5], read_.Instant(fields[6]),
                          read_.Instant(fields[7])};
    if (session.starts_second / kDay != read_.Day(fields[3])) return "FORM_INVALID";
    if (session.starts_second < activity->second.starts_second ||
        session.ends_second > activity->second.ends_second) {
      return "SESSION_OUTSIDE_ACTIVITY";
    }
    sessions_[fields[1]] = session;
    ++tally_.events["session_registered"];
    return "";
  }

  absl::string_view DecideVolunteer(const Fields& fields, int64_t second) {
    if (!organisations_.contains(fields[2])) return "ORGANISATION_UNKNOWN";
    if (fields[4] == "under_14" && fields[5] != "true") return "GUARDIAN_CONSENT_MISSING";
    volunteers_[fields[1]] = {};
    ++tally_.volunteers;
    ++tally_.events["volunteer_registered"];
    if (second >= k2022) ++tally_.volunteers_of_2022;
    if (fields[3] == "party") ++tally_.party_members;
    if (fields[3] == "league") ++tally_.league_members;
    return "";
  }

  absl::string_view DecideHour(const Command& command) {
    const Fields& fields = *command.fields;
    const auto volunteer = volunteers_.find(fields[2]);
    if (volunteer == volunteers_.end()) return "VOLUNTEER_UNKNOWN";
    const auto activity = activities_.find(fields[3]);
    if (activity == activities_.end()) return "ACTIVITY_UNKNOWN";
    const auto session = sessions_.find(fields[4]);
    if (!fields[4].empty() &&
        (session == sessions_.end() || session->second.activity != fields[3])) {
      return "SESSION_UNKNOWN";
    }
    if (!activity->second.is_rated) return "CATEGORY_UNRATED";

    const bool has_clock = !fields[5].empty();
    if (has_clock != !fields[6].empty() || has_clock != fields[7].empty() ||
        has_clock != fields[8].empty()) {
      return "FORM_INVALID";
    }
    const int64_t start = has_clock ? read_.Instant(fields[5]) : read_.Day(fields[7]) * kDay;
    const int64_t end = has_clock ? read_.Instant(fields[6]) : start + kDay;
    const int64_t minutes = has_clock ? (end - start) / 60 : read_.Number(fields[8]);
    if (start % 60 != 0 || end % 60 != 0 || minutes <= 0) return "FORM_INVALID";
    if (end > command.recorded_second) return "SERVICE_IN_FUTURE";
    if (command.recorded_second / kDay - start / kDay > kBackdatingDays) return "BACKDATED";
    if (start < activity->second.starts_second) return "SERVICE_BEFORE_ACTIVITY";
    if (end > activity->second.ends_second) return "SERVICE_AFTER_ACTIVITY";
    if (!fields[4].empty()) {
      const Session& held = session->second;
      const bool inside = has_clock ? start >= held.starts_second && end <= held.ends_second
                                    : start / kDay == held.starts_second / kDay;
      if (!inside) return "SERVICE_OUTSIDE_SESSION";
    }

    DayMinutes by_day = {{start / kDay, minutes}};
    if (const int64_t midnight = (start / kDay + 1) * kDay; has_clock && end > midnight) {
      by_day = {{start / kDay, (midnight - start) / 60}, {midnight / kDay, (end - midnight) / 60}};
    }
    for (const auto& [day, of_day] : by_day) {
      const auto served = served_.find({fields[2], day});
      const int64_t before = served == served_.end() ? 0 : served->second;
      if (before + of_day > kDayMinutesMax) return "DAY_OVERFULL";
    }
    if (has_clock) {
      auto& intervals = volunteer->second.intervals;
      const auto next =
          std::lower_bound(intervals.begin(), intervals.end(), std::make_pair(start, start));
      if (next != intervals.end() && next->first < end) return "INTERVAL_OVERLAPS";
      if (next != intervals.begin() && std::prev(next)->second > start) return "INTERVAL_OVERLAPS";
      intervals.insert(next, {start, end});
    }
    for (const auto& [day, of_day] : by_day) {
      served_[{fields[2], day}] += of_day;
      if (day * kDay >= k2022) tally_.minutes_of_2022 += of_day;
    }
    volunteer->second.minutes += minutes;
    CountHour(fields, activity->second, start / kDay, minutes);
    return "";
  }

  void CountHour(const Fields& fields, const Activity& activity, int64_t day, int64_t minutes) {
    const bool has_session = !fields[4].empty();
    const bool is_new =
        person_times_
            .insert({fields[2], has_session ? fields[4] : fields[3], has_session ? -1 : day})
            .second;
    ++tally_.events["hours_credited"];
    tally_.service_minutes += minutes;
    if (activity.of_community) {
      tally_.community_minutes += minutes;
      if (is_new) ++tally_.community_person_times;
    }
    if (activity.of_traffic && has_session) {
      traffic_sessions_.insert(fields[4]);
      traffic_sites_.insert(sessions_[fields[4]].site);
      traffic_slots_.insert(sessions_[fields[4]].slot);
    }
  }

  absl::string_view DecideOrder(CountingMall::Kind kind, const Fields& fields, int64_t second) {
    const auto volunteer = volunteers_.find(fields[2]);
    if (volunteer == volunteers_.end()) return "VOLUNTEER_UNKNOWN";
    const Volunteer& buyer = volunteer->second;
    return mall_.Place(kind, fields, second, {buyer.is_frozen, buyer.minutes * kUnitsPerMinute});
  }

  FieldReader read_;
  CountingMall mall_{read_};
  absl::flat_hash_map<std::pair<int, absl::string_view>, const Fields*> taken_;
  absl::flat_hash_map<absl::string_view, bool> organisations_;  // is it a community
  absl::flat_hash_map<absl::string_view, Activity> activities_;
  absl::flat_hash_map<absl::string_view, Session> sessions_;
  absl::flat_hash_map<absl::string_view, Volunteer> volunteers_;
  absl::flat_hash_map<std::pair<absl::string_view, int64_t>, int64_t> served_;  // minutes of a day
  absl::flat_hash_set<std::tuple<absl::string_view, absl::string_view, int64_t>> person_times_;
  absl::flat_hash_set<absl::string_view> traffic_sessions_, traffic_sites_, traffic_slots_;
  Tally tally_;
};

}  // namespace

int Tally::EventCount() const {
  int count = 0;
  for (const auto& [kind, of_kind] : events) count += of_kind;
  return count;
}

int64_t Tally::issued_units() const { return service_minutes * kUnitsPerMinute; }

absl::StatusOr<Tally> TallyCounty(const CountyFiles& files) {
  const std::array<Source, kSources> sources = Sources(files);
  std::array<std::vector<Fields>, kSources> rows;
  std::vector<Command> commands;
  FieldReader read;
  for (size_t s = 0; s < sources.size(); ++s) {
    auto parsed = ReadRows(*sources[s].text, sources[s].columns);
    if (!parsed.ok()) return parsed.status();
    rows[s] = *std::move(parsed);
    int64_t last_second = 0;
    for (const Fields& fields : rows[s]) {
      const int64_t second = read.Instant(fields[0]);
      if (second < last_second) {
        return absl::InternalError(absl::StrCat("recorded_at goes back at ", fields[1]));
      }
      last_second = second;
      commands.push_back({second, sources[s].kind, &fields, ""});
      if (sources[s].kind == kVolunteer && !fields[6].empty()) {
        commands.push_back({read.Instant(fields[6]), kFreeze, &fields, ""});
      }
    }
  }
  if (!read.status().ok()) return read.status();
  std::stable_sort(commands.begin(), commands.end(), [](const Command& a, const Command& b) {
    return std::make_pair(a.recorded_second, a.kind) < std::make_pair(b.recorded_second, b.kind);
  });

  CountingLedger ledger;
  if (absl::Status status = ledger.TakeBudgets(files.budgets); !status.ok()) return status;
  std::map<std::string, int> refused;
  for (Command& command : commands) {
    command.refusal = ledger.Take(command);
    if (!command.refusal.empty()) ++refused[std::string(command.refusal)];
  }
  Tally tally = ledger.Count();
  tally.refused = std::move(refused);
  for (const Command& command : commands) {
    const absl::string_view again = ledger.Take(command);
    if (again == command.refusal) continue;
    return absl::InternalError(absl::StrCat("a second import answers ", (*command.fields)[1],
                                            " with \"", again, "\", the first with \"",
                                            command.refusal, "\""));
  }
  if (ledger.Count().EventCount() != tally.EventCount()) {
    return absl::InternalError("a second import takes rows that the first refused");
  }
  tally.mall_later = ledger.MallAt(kSettlementSecond);
  if (!ledger.status().ok()) return ledger.status();
  return tally;
}

}  // namespace meritbook::sample
