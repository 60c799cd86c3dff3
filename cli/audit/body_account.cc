// Accounts: frozen, unfrozen, closed, merged.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/change.h"
#include "cli/audit/earning.h"
#include "cli/audit/flow.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/service.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

std::vector<PendingLot> JoinedPending(const std::vector<PendingUnits>& pending) {
  std::vector<PendingLot> joined;
  for (const PendingUnits& entry : pending) Join(joined, PendingLot{entry.matures_day, entry.lot});
  return joined;
}

MaybeViolation CheckClosing(const Volunteer& volunteer, const v1::VolunteerClosed& body) {
  // Units of several records may stand apart or as one.
  std::vector<PendingLot> pending;
  for (const PendingLot& entry : PendingOf(body.pending())) {
    if (entry.lot.units <= 0) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE, "pending: expected units above 0"};
    }
    Join(pending, entry);
  }
  const std::vector<PendingLot> want = JoinedPending(volunteer.pending);
  if (LotsOf(body.available()) == volunteer.lots.lots() && pending == want) return std::nullopt;
  return Violation{
      Invariant::CLOSING_WRONG,
      Text("expected lots ", LotText(volunteer.lots.lots()), ", pending ", PendingText(want),
           "; found ", LotText(LotsOf(body.available())), ", ", PendingText(pending))};
}

MaybeViolation CheckParties(const Volunteer& volunteer, const Volunteer& survivor) {
  for (const Volunteer* party : {&volunteer, &survivor}) {
    if (auto violation = RequireUnmerged(*party)) return violation;
    if (auto violation = RequireNotClosed(*party)) return violation;
  }
  if (&volunteer == &survivor) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE, "a registration merged into itself"};
  }
  for (const ClockTimes& times : volunteer.service.times()) {
    if (survivor.service.Overlapping(times) == nullptr) continue;
    return Violation{Invariant::INTERVALS_OVERLAP,
                     Text("both served at minute ", times.start_minute, " since 1970")};
  }
  for (const DayMinutes& day : volunteer.service.days()) {
    const DayMinutes other = survivor.service.MinutesOf(day.day);
    const int64_t minutes = int64_t{day.credited} + day.honorary + other.credited + other.honorary;
    if (minutes <= kDayMinutes) continue;
    return Violation{Invariant::DAY_OVERFULL,
                     Text("both together served ", minutes, " minutes on ", DayText(day.day))};
  }
  return std::nullopt;
}

// What of both repays the debt of both.
std::vector<Lot> RepaidBy(const Volunteer& volunteer, const Volunteer& survivor) {
  std::vector<Lot> lots = survivor.lots.lots();
  for (const Lot& lot : volunteer.lots.lots()) Join(lots, lot);
  return FirstUnits(lots, -(volunteer.debt_units + survivor.debt_units));
}

MaybeViolation CheckMerge(const Volunteer& volunteer, const std::vector<Lot>& repaid,
                          const v1::VolunteersMerged& body) {
  const absl::int128 pending_units = PendingUnitsOf(volunteer);
  if (body.pending_units() == pending_units && body.available_units() == volunteer.lots.units() &&
      body.held_units() == volunteer.held_units && body.debt_units() == volunteer.debt_units &&
      LotsOf(body.debt_repaid()) == repaid) {
    return std::nullopt;
  }
  return Violation{
      Invariant::MERGE_WRONG,
      Text("expected pending ", static_cast<int64_t>(pending_units), ", available ",
           volunteer.lots.units(), ", held ", static_cast<int64_t>(volunteer.held_units), ", debt ",
           volunteer.debt_units, ", repaid ", LotText(repaid), "; found ", body.pending_units(),
           ", ", body.available_units(), ", ", body.held_units(), ", ", body.debt_units(), ", ",
           LotText(LotsOf(body.debt_repaid())))};
}

void MovePoints(Books& books, Volunteer& from, Volunteer& to, const std::vector<Lot>& repaid) {
  for (const PendingUnits& entry : from.pending) {
    // Both sides are pending: the account as a whole stays.
    EnterPending(books, to, entry, books.accounts.pending_units);
  }
  from.pending.clear();
  EnterLots(books, to, from.lots.lots(), books.accounts.available_units);
  from.lots = LotBook();
  for (const LostLot& lost : from.lost) {
    LostLot& joined = LostOf(to, lost.lot);
    joined.expired_units += lost.expired_units;
    joined.forfeited_units += lost.forfeited_units;
  }
  from.lost.clear();
  to.debt_units += std::exchange(from.debt_units, 0);
  const int64_t repaid_units = TakeLots(books, to, repaid, books.accounts.debt_units);
  to.debt_units += repaid_units;
}

void MovePurchases(Volunteer& from, Volunteer& to) {
  to.held_units += std::exchange(from.held_units, 0);
  to.open_orders.insert(to.open_orders.end(), from.open_orders.begin(), from.open_orders.end());
  std::sort(to.open_orders.begin(), to.open_orders.end());
  from.open_orders.clear();
  for (const Bought& entry : std::exchange(from.bought, {})) {
    AddPieces(to, *entry.item, entry.period, entry.quantity);
  }
  const DayOrders placed = std::exchange(from.day_orders, {});
  if (placed.day > to.day_orders.day) {
    to.day_orders = placed;
  } else if (placed.day == to.day_orders.day) {
    to.day_orders.orders += placed.orders;
    to.day_orders.points += placed.points;
  }
  if (to.age_band == 0) to.age_band = from.age_band;
}

void MoveHours(Books& books, Volunteer& from, Volunteer& to) {
  to.credited_minutes += std::exchange(from.credited_minutes, 0);
  to.honorary_minutes += std::exchange(from.honorary_minutes, 0);
  for (const ClockTimes& times : from.service.times()) to.service.AddTimes(times);
  for (const DayMinutes& day : from.service.days()) to.service.AddMinutes(day);
  from.service.Clear();
  for (const ActivityMinutes& counted : from.activity_minutes) {
    const auto same = std::find_if(
        to.activity_minutes.begin(), to.activity_minutes.end(),
        [&](const ActivityMinutes& other) { return other.activity == counted.activity; });
    if (same == to.activity_minutes.end()) {
      to.activity_minutes.push_back(counted);
    } else {
      same->minutes += counted.minutes;
    }
  }
  from.activity_minutes.clear();
  for (const AwardCount& count : from.awards) {
    const auto same =
        std::find_if(to.awards.begin(), to.awards.end(), [&](const AwardCount& other) {
          return other.award == count.award && other.year == count.year;
        });
    if (same == to.awards.end()) {
      to.awards.push_back(count);
    } else {
      same->times += count.times;
    }
  }
  from.awards.clear();
  for (const Occurrence& at : std::exchange(from.attended, {})) {
    auto& people = books.attendance[at];
    const auto her = people.find(&from);
    if (her == people.end()) continue;
    const uint32_t records = her->second;
    people.erase(her);
    AddAttended(books, to, at, records);
  }
}

}  // namespace

MaybeViolation TakeVolunteerFrozen(Taking& taking, const v1::FreezeVolunteer& command) {
  Volunteer* volunteer = taking.books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  volunteer->frozen = true;
  if (auto violation = RequireUnmerged(*volunteer)) return violation;
  if (auto violation = RequireNotClosed(*volunteer)) return violation;
  return RequireId("reason_code", command.reason_code());
}

MaybeViolation TakeVolunteerUnfrozen(Taking& taking, const v1::UnfreezeVolunteer& command) {
  Volunteer* volunteer = taking.books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  const bool frozen = std::exchange(volunteer->frozen, false);
  if (auto violation = RequireUnmerged(*volunteer)) return violation;
  if (!frozen) {
    return Violation{Invariant::NOT_FROZEN, "she was unfrozen without having been frozen"};
  }
  return RequireId("reason_code", command.reason_code());
}

MaybeViolation TakeVolunteerClosed(Taking& taking, const v1::VolunteerClosed& body) {
  Books& books = taking.books;
  const v1::CloseVolunteer& command = body.command();
  Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  auto first = RequireUnmerged(*volunteer);
  if (!first) first = RequireNotClosed(*volunteer);
  if (!first &&
      (command.reason() == 0 || !v1::CloseReason_IsValid(static_cast<int>(command.reason())))) {
    first = Violation{Invariant::VALUE_OUT_OF_RANGE, "reason: expected a known one"};
  }
  if (!first) first = CheckClosing(*volunteer, body);
  for (const Lot& lot : volunteer->lots.lots()) {
    EnterForfeited(books, *volunteer, lot, books.accounts.available_units);
  }
  volunteer->lots = LotBook();
  for (const PendingUnits& entry : std::exchange(volunteer->pending, {})) {
    EnterForfeited(books, *volunteer, entry.lot, books.accounts.pending_units);
  }
  volunteer->closed = true;
  books.open_closing = volunteer;
  return first;
}

MaybeViolation TakeVolunteersMerged(Taking& taking, const v1::VolunteersMerged& body) {
  Books& books = taking.books;
  const v1::MergeVolunteers& command = body.command();
  auto first = TakeChange(taking, v1::ProposeChange::kMergeVolunteers, command);
  Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  Volunteer* survivor = books.volunteers.Find(command.survivor_id());
  if (survivor == nullptr) return Unknown("volunteer", command.survivor_id());
  if (!first) first = CheckParties(*volunteer, *survivor);
  const std::vector<Lot> repaid = RepaidBy(*volunteer, *survivor);
  if (!first) first = CheckMerge(*volunteer, repaid, body);
  // A merge that can't be is not entered: accounts would turn in a circle.
  if (volunteer == survivor || volunteer->merged_into != nullptr ||
      survivor->merged_into != nullptr) {
    return first;
  }
  MovePoints(books, *volunteer, *survivor, repaid);
  MoveHours(books, *volunteer, *survivor);
  MovePurchases(*volunteer, *survivor);
  survivor->frozen |= volunteer->frozen;
  survivor->opened |= volunteer->opened;
  volunteer->merged_into = survivor;
  return first;
}

}  // namespace meritbook::audit
