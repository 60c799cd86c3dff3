// What changes balances beside hours: closing, merging, donating, and changes by two people.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "ledger/deciding.h"
#include "ledger/flow.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

LotKey LotOf(bool has_day, const std::string& day, bool graced) {
  return {has_day ? *ParseDay(day) : kNeverExpires, graced};
}

MaybeRefused CheckExpiryDay(const Deciding& d, const LotKey& key, std::string path) {
  if (key.expiry >= d.today) return std::nullopt;
  return Refuse(v1::REFUSAL_EXPIRY_IN_PAST, std::move(path),
                Text("the last day ", FormatDay(key.expiry), " is over already"));
}

// Takes from what lapses first.
void FillTaken(const Volunteer& volunteer, int64_t units, LotList* taken) {
  std::vector<Lot> lots = volunteer.lots;
  for (const Lot& lot : TakeFirst(lots, units)) SetLot(lot.key, lot.units, taken->Add());
}

// Approved service of both at the same time, or more on one day than a day has.
MaybeRefused CheckDisjoint(const Volunteer& ending, const Volunteer& survivor) {
  for (const ServedInterval& interval : ending.intervals) {
    if (Overlaps(survivor, interval)) {
      return Refuse(v1::REFUSAL_INTERVAL_OVERLAPS, "command.volunteer_id",
                    "both registrations have service at the same time: correct that first");
    }
  }
  for (const DayMinutes& day : ending.days) {
    const DayMinutes other = MinutesOn(survivor, day.day);
    if (day.credited + day.honorary + other.credited + other.honorary > kMinutesPerDay) {
      return Refuse(v1::REFUSAL_DAY_OVERFULL, "command.volunteer_id",
                    Text("both together served more than ", kMinutesPerDay, " minutes on ",
                         FormatDay(day.day)));
    }
  }
  return std::nullopt;
}

}  // namespace

MaybeRefused Decide(Deciding& d, const v1::CloseVolunteer& c) {
  const auto found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const uint32_t index = std::get<uint32_t>(found);
  const Volunteer& volunteer = d.state.volunteers()[index];
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  v1::VolunteerClosed* closed = d.NewEvent()->mutable_volunteer_closed();
  *closed->mutable_command() = c;
  for (const Lot& lot : volunteer.lots) SetLot(lot.key, lot.units, closed->add_available());
  // Records of the same day and lot together.
  std::map<std::pair<DayNumber, LotKey>, int64_t> pending;
  for (const Pending& entry : volunteer.pending) {
    pending[{entry.matures, entry.lot.key}] += entry.lot.units;
  }
  for (const auto& [key, units] : pending) {
    v1::PendingUnits* out = closed->add_pending();
    out->set_matures_day_number(key.first);
    SetLot(key.second, units, out->mutable_lot());
  }
  CancelHoldsOf(d, index);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::DonatePoints& c) {
  const auto found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Volunteer& volunteer = d.state.volunteers()[std::get<uint32_t>(found)];
  const Organisation* cause = d.state.organisations().Find(c.cause_id());
  if (cause == nullptr || cause->kind != v1::ORGANISATION_KIND_CAUSE) {
    return Unknown(v1::REFUSAL_CAUSE_UNKNOWN, "cause_id", c.cause_id());
  }
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  if (auto refused = RefuseFrozen(volunteer, "command.volunteer_id")) return refused;
  const int64_t units = int64_t{c.points()} * kUnitsPerPoint;
  if (volunteer.available_units < units) {
    return BalanceTooLow("command.volunteer_id", c.points(), "points");
  }
  v1::PointsDonated* donated = d.NewEvent()->mutable_points_donated();
  *donated->mutable_command() = c;
  donated->set_units(units);
  FillTaken(volunteer, units, donated->mutable_lots());
  return std::nullopt;
}

MaybeRefused DecideChange(Deciding& d, const v1::AdjustPoints& c) {
  const auto found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Volunteer& volunteer = d.state.volunteers()[std::get<uint32_t>(found)];
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  v1::PointsAdjusted adjusted;
  if (c.units() > 0) {
    const LotKey key = LotOf(c.has_expiry_day(), c.expiry_day(), false);
    if (auto refused = CheckExpiryDay(d, key, "command.expiry_day")) return refused;
    if (!CanIssue(d.state, c.units())) return CannotIssue("command.units");
    FillInflow(volunteer, {{key, c.units()}}, adjusted.mutable_inflow());
  } else {
    if (volunteer.available_units < -c.units()) {
      return BalanceTooLow("command.units", -c.units(), "units");
    }
    FillTaken(volunteer, -c.units(), adjusted.mutable_taken());
  }
  *adjusted.mutable_command() = c;
  *d.NewEvent()->mutable_points_adjusted() = std::move(adjusted);
  return std::nullopt;
}

MaybeRefused DecideChange(Deciding& d, const v1::ReinstatePoints& c) {
  const auto found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Volunteer& volunteer = d.state.volunteers()[std::get<uint32_t>(found)];
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  const LostLot* lost = FindLost(volunteer, LotOf(true, c.lapsed_day(), false));
  const int64_t lapsed = lost == nullptr ? 0 : lost->expired_units;
  if (lapsed < c.units()) {
    return Refused{v1::REFUSAL_LAPSED_TOO_LOW,
                   "command.units",
                   Text(lapsed, " units lapsed with ", c.lapsed_day()),
                   {{"lapsed_units", Text(lapsed)}}};
  }
  const LotKey key = LotOf(true, c.expiry_day(), true);
  if (auto refused = CheckExpiryDay(d, key, "command.expiry_day")) return refused;
  v1::PointsReinstated* reinstated = d.NewEvent()->mutable_points_reinstated();
  *reinstated->mutable_command() = c;
  FillInflow(volunteer, {{key, c.units()}}, reinstated->mutable_inflow());
  return std::nullopt;
}

MaybeRefused DecideChange(Deciding& d, const v1::MergeVolunteers& c) {
  const auto ending_found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&ending_found)) return *refused;
  const auto survivor_found = FindVolunteer(d.state, c.survivor_id(), "command.survivor_id");
  if (const auto* refused = std::get_if<Refused>(&survivor_found)) return *refused;
  const Volunteer& ending = d.state.volunteers()[std::get<uint32_t>(ending_found)];
  const Volunteer& survivor = d.state.volunteers()[std::get<uint32_t>(survivor_found)];
  if (auto refused = RefuseClosed(ending, "command.volunteer_id")) return refused;
  if (auto refused = RefuseClosed(survivor, "command.survivor_id")) return refused;
  if (auto refused = CheckDisjoint(ending, survivor)) return refused;
  v1::VolunteersMerged* merged = d.NewEvent()->mutable_volunteers_merged();
  *merged->mutable_command() = c;
  merged->set_pending_units(ending.pending_units);
  merged->set_available_units(ending.available_units);
  merged->set_held_units(ending.held_units);
  merged->set_debt_units(ending.debt_units);
  std::vector<Lot> lots = survivor.lots;
  for (const Lot& lot : ending.lots) AddToLots(lots, lot.key, lot.units);
  for (const Lot& lot : TakeFirst(lots, -(ending.debt_units + survivor.debt_units))) {
    SetLot(lot.key, lot.units, merged->add_debt_repaid());
  }
  return std::nullopt;
}

MaybeRefused DecideChange(Deciding& d, const v1::LoadOpeningBalances& c) {
  if (!d.state.migrating()) {
    return Refuse(v1::REFUSAL_NOT_MIGRATING, "ledger_id",
                  "opening balances come in while the ledger is migrating");
  }
  int64_t units = 0;
  for (const v1::OpeningBalance& balance : c.balances()) {
    const auto found =
        FindVolunteer(d.state, balance.volunteer_id(), "command.balances.volunteer_id");
    if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
    const Volunteer& volunteer = d.state.volunteers()[std::get<uint32_t>(found)];
    if (volunteer.has_opening_balance) {
      return Exists(v1::REFUSAL_OPENING_BALANCE_EXISTS, "balances.volunteer_id", volunteer.id);
    }
    std::vector<Lot> lots;
    for (const v1::OpeningLot& lot : balance.lots()) {
      AddToLots(lots, LotOf(lot.has_expiry_day(), lot.expiry_day(), false), lot.units());
      units += lot.units();
    }
    v1::OpeningBalanceLoaded* loaded = d.NewEvent()->mutable_opening_balance_loaded();
    *loaded->mutable_balance() = balance;
    loaded->set_file_sha256(c.file_sha256());
    FillInflow(volunteer, std::move(lots), loaded->mutable_inflow());
  }
  if (!CanIssue(d.state, units)) return CannotIssue("command.balances.lots.units");
  return std::nullopt;
}

}  // namespace meritbook
