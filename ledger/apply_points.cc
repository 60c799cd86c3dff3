// Points: matured, lapsed, given back, given away, closed and merged.
#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "ledger/applying.h"
#include "ledger/flow.h"
#include "ledger/hours.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

// By key, each once, none empty.
bool IsSorted(const google::protobuf::RepeatedPtrField<v1::LotUnits>& lots) {
  const v1::LotUnits* last = nullptr;
  for (const v1::LotUnits& lot : lots) {
    if (lot.units() <= 0) return false;
    if (last != nullptr && !(KeyOf(*last) < KeyOf(lot))) return false;
    last = &lot;
  }
  return true;
}

}  // namespace

absl::Status Application::Receive(uint32_t index, const v1::Inflow& inflow, int64_t units,
                                  int64_t debt_change) {
  const Volunteer& volunteer = state_.volunteers()[index];
  MB_REQUIRE(IsSorted(inflow.lots()));
  MB_REQUIRE(IsSorted(inflow.forfeited()));
  if (volunteer.closed) {
    MB_REQUIRE(inflow.lots().empty());
    MB_REQUIRE(inflow.debt_repaid_units() == 0);
    MB_REQUIRE(SumOf(inflow.forfeited()) == units);
  } else {
    MB_REQUIRE(inflow.forfeited().empty());
    MB_REQUIRE(inflow.debt_repaid_units() ==
               std::min(-(volunteer.debt_units + debt_change), units));
    MB_REQUIRE(SumOf(inflow.lots()) == units - inflow.debt_repaid_units());
  }
  state_.Edit<Volunteer>(index, [&](Volunteer& row) { meritbook::Receive(row, inflow); });
  return absl::OkStatus();
}

absl::Status Application::ReceiveInto(uint32_t index, const v1::Inflow& inflow,
                                      std::vector<Lot> lots, int64_t debt_change) {
  int64_t units = 0;
  for (const Lot& lot : lots) units += lot.units;
  const Volunteer& volunteer = state_.volunteers()[index];
  if (volunteer.closed) {
    MB_REQUIRE(LotsOf(inflow.forfeited()) == lots);
  } else {
    TakeFirst(lots, -(volunteer.debt_units + debt_change));  // what lapses first repays debt
    MB_REQUIRE(LotsOf(inflow.lots()) == lots);
  }
  return Receive(index, inflow, units, debt_change);
}

absl::Status Application::TakeFirstOf(uint32_t index, const LotList& taken, int64_t units) {
  std::vector<Lot> first;
  state_.Edit<Volunteer>(index, [&](Volunteer& row) { first = TakeFirst(row.lots, units); });
  MB_REQUIRE(first == LotsOf(taken));
  MB_REQUIRE(SumOf(taken) == units);
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PointsMatured& matured) {
  const auto index = state_.volunteers().IndexOf(matured.volunteer_id());
  MB_REQUIRE(index.has_value());
  const DayNumber day = matured.matures_day_number();
  MB_REQUIRE(day <= Today());
  std::vector<Lot> due;
  state_.Edit<Volunteer>(*index, [&](Volunteer& row) {
    const auto end = std::find_if(row.pending.begin(), row.pending.end(),
                                  [&](const Pending& entry) { return entry.matures != day; });
    for (auto entry = row.pending.begin(); entry != end; ++entry) {
      AddToLots(due, entry->lot.key, entry->lot.units);
    }
    row.pending.erase(row.pending.begin(), end);
  });
  MB_REQUIRE(!due.empty());
  MB_REQUIRE(due == LotsOf(matured.pending()));
  return Receive(*index, matured.inflow(), SumOf(matured.pending()));
}

absl::Status Application::Apply(const v1::PointsExpired& expired) {
  const auto index = state_.volunteers().IndexOf(expired.volunteer_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(expired.lots_size() == 1);
  const v1::LotUnits& lot = expired.lots(0);
  MB_REQUIRE(KeyOf(lot).expiry < Today());
  MB_REQUIRE(!state_.volunteers()[*index].lots.empty());
  const Lot whole = state_.volunteers()[*index].lots.front();
  MB_REQUIRE((whole == Lot{KeyOf(lot), lot.units()}));
  state_.Edit<Volunteer>(*index, [&](Volunteer& row) {
    row.lots.erase(row.lots.begin());
    AddLost(row, whole.key, whole.units, 0);
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::PointsAdjusted& adjusted) {
  const v1::AdjustPoints& command = adjusted.command();
  MB_REQUIRE(Approved() != nullptr);
  MB_REQUIRE(Approved()->adjust_points().SerializeAsString() == command.SerializeAsString());
  const auto index = state_.volunteers().IndexOf(command.volunteer_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(!state_.volunteers()[*index].closed);
  MB_REQUIRE(!ActorIs(*index));
  MB_REQUIRE(command.units() != 0);
  MB_REQUIRE(adjusted.has_inflow() == (command.units() > 0));
  if (command.units() < 0) return TakeFirstOf(*index, adjusted.taken(), -command.units());
  MB_REQUIRE(adjusted.taken().empty());
  LotKey key;
  if (command.has_expiry_day()) {
    const auto day = ParseDay(command.expiry_day());
    MB_REQUIRE(day.has_value());
    key.expiry = *day;
  }
  return ReceiveInto(*index, adjusted.inflow(), {{key, command.units()}});
}

absl::Status Application::Apply(const v1::PointsReinstated& reinstated) {
  const v1::ReinstatePoints& command = reinstated.command();
  MB_REQUIRE(Approved() != nullptr);
  MB_REQUIRE(Approved()->reinstate_points().SerializeAsString() == command.SerializeAsString());
  const auto index = state_.volunteers().IndexOf(command.volunteer_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(!state_.volunteers()[*index].closed);
  MB_REQUIRE(!ActorIs(*index));
  const auto day = ParseDay(command.lapsed_day());
  MB_REQUIRE(day.has_value());
  const LotKey lapsed{*day, false};
  const LostLot* lost = FindLost(state_.volunteers()[*index], lapsed);
  MB_REQUIRE(lost != nullptr);
  MB_REQUIRE(command.units() > 0);
  MB_REQUIRE(lost->expired_units >= command.units());
  state_.Edit<Volunteer>(*index,
                         [&](Volunteer& row) { AddLost(row, lapsed, -command.units(), 0); });
  const auto expiry = ParseDay(command.expiry_day());
  MB_REQUIRE(expiry.has_value());
  return ReceiveInto(*index, reinstated.inflow(), {{{*expiry, true}, command.units()}});
}

absl::Status Application::Apply(const v1::PointsDonated& donated) {
  const v1::DonatePoints& command = donated.command();
  const auto index = state_.volunteers().IndexOf(command.volunteer_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(!state_.volunteers()[*index].closed);
  MB_REQUIRE(!state_.volunteers()[*index].frozen);
  const Organisation* cause = state_.organisations().Find(command.cause_id());
  MB_REQUIRE(cause != nullptr);
  MB_REQUIRE(cause->kind == v1::ORGANISATION_KIND_CAUSE);
  MB_REQUIRE(donated.units() > 0);
  MB_REQUIRE(donated.units() == int64_t{command.points()} * kUnitsPerPoint);
  return TakeFirstOf(*index, donated.lots(), donated.units());
}

absl::Status Application::Apply(const v1::OpeningBalanceLoaded& loaded) {
  MB_REQUIRE(Approved() != nullptr);
  MB_REQUIRE(state_.migrating());
  const v1::LoadOpeningBalances& change = Approved()->load_opening_balances();
  const int row = static_cast<int>(state_.ledger().open_command->events_seen) - 1;
  MB_REQUIRE(row < change.balances_size());
  MB_REQUIRE(loaded.balance().SerializeAsString() == change.balances(row).SerializeAsString());
  MB_REQUIRE(loaded.file_sha256() == change.file_sha256());
  const auto index = state_.volunteers().IndexOf(loaded.balance().volunteer_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(!state_.volunteers()[*index].has_opening_balance);
  MB_REQUIRE(!ActorIs(*index));
  std::vector<Lot> lots;
  for (const v1::OpeningLot& lot : loaded.balance().lots()) {
    MB_REQUIRE(lot.units() > 0);
    LotKey key;
    if (lot.has_expiry_day()) {
      const auto day = ParseDay(lot.expiry_day());
      MB_REQUIRE(day.has_value());
      key.expiry = *day;
    }
    AddToLots(lots, key, lot.units());
  }
  Volunteer& volunteer = state_.Mutable<Volunteer>(*index);
  volunteer.has_opening_balance = true;
  volunteer.credited_minutes += loaded.balance().credited_minutes();
  volunteer.honorary_minutes += loaded.balance().honorary_minutes();
  return ReceiveInto(*index, loaded.inflow(), std::move(lots));
}

absl::Status Application::Apply(const v1::VolunteerClosed& closed) {
  const auto index = state_.volunteers().IndexOf(closed.command().volunteer_id());
  MB_REQUIRE(index.has_value());
  const Volunteer& volunteer = state_.volunteers()[*index];
  MB_REQUIRE(!volunteer.closed);
  // Her open holds are cancelled next.
  MB_REQUIRE(event_.command_event_count() == 1 + volunteer.open_orders.size());
  MB_REQUIRE(volunteer.lots == LotsOf(closed.available()));
  std::map<std::pair<DayNumber, LotKey>, int64_t> pending;
  for (const Pending& entry : volunteer.pending) {
    pending[{entry.matures, entry.lot.key}] += entry.lot.units;
  }
  MB_REQUIRE(pending.size() == static_cast<size_t>(closed.pending_size()));
  for (const v1::PendingUnits& entry : closed.pending()) {
    const auto found = pending.find({entry.matures_day_number(), KeyOf(entry.lot())});
    MB_REQUIRE(found != pending.end());
    MB_REQUIRE(found->second == entry.lot().units());
  }
  state_.Edit<Volunteer>(*index, [&](Volunteer& row) {
    for (const Lot& lot : row.lots) AddLost(row, lot.key, 0, lot.units);
    for (const Pending& entry : row.pending) AddLost(row, entry.lot.key, 0, entry.lot.units);
    row.lots.clear();
    row.pending.clear();
    row.closed = true;
  });
  return absl::OkStatus();
}

// Account by account; Post moves the amounts.
absl::Status Application::Apply(const v1::VolunteersMerged& merged) {
  const v1::MergeVolunteers& command = merged.command();
  MB_REQUIRE(Approved() != nullptr);
  MB_REQUIRE(Approved()->merge_volunteers().SerializeAsString() == command.SerializeAsString());
  const auto ending_index = state_.volunteers().IndexOf(command.volunteer_id());
  const auto survivor_index = state_.volunteers().IndexOf(command.survivor_id());
  MB_REQUIRE(ending_index.has_value());
  MB_REQUIRE(survivor_index.has_value());
  MB_REQUIRE(*ending_index != *survivor_index);
  MB_REQUIRE(!ActorIs(*ending_index));
  MB_REQUIRE(!ActorIs(*survivor_index));
  const Volunteer ending = state_.volunteers()[*ending_index];
  const Volunteer& survivor = state_.volunteers()[*survivor_index];
  MB_REQUIRE(!ending.closed);
  MB_REQUIRE(!survivor.closed);
  MB_REQUIRE(merged.pending_units() == ending.pending_units);
  MB_REQUIRE(merged.available_units() == ending.available_units);
  MB_REQUIRE(merged.held_units() == ending.held_units);
  MB_REQUIRE(merged.debt_units() == ending.debt_units);
  for (const ServedInterval& interval : ending.intervals) {
    MB_REQUIRE(!Overlaps(survivor, interval));
  }
  for (const DayMinutes& day : ending.days) {
    const DayMinutes other = MinutesOn(survivor, day.day);
    MB_REQUIRE(day.credited + day.honorary + other.credited + other.honorary <= kMinutesPerDay);
  }
  const int64_t repaid = std::min(ending.available_units + survivor.available_units,
                                  -(ending.debt_units + survivor.debt_units));
  std::vector<Lot> taken;
  state_.Edit<Volunteer>(*survivor_index, [&](Volunteer& row) {
    for (const Lot& lot : ending.lots) AddToLots(row.lots, lot.key, lot.units);
    taken = TakeFirst(row.lots, repaid);
    for (const Pending& entry : ending.pending) {
      AddPending(row, entry.matures, entry.record, entry.lot);
    }
    for (const LostLot& lost : ending.lost) {
      AddLost(row, lost.key, lost.expired_units, lost.forfeited_units);
    }
    MergeService(row, ending);
    MergePurchases(row, ending);
    row.frozen = row.frozen || ending.frozen;
    row.has_opening_balance = row.has_opening_balance || ending.has_opening_balance;
  });
  MB_REQUIRE(taken == LotsOf(merged.debt_repaid()));
  MB_REQUIRE(SumOf(merged.debt_repaid()) == repaid);
  state_.MergePeople(*ending_index, *survivor_index);
  state_.Edit<Volunteer>(*ending_index, [&](Volunteer& row) {
    row.lots.clear();
    row.pending.clear();
    row.lost.clear();
    row.intervals.clear();
    row.days.clear();
    row.activities.clear();
    row.awards.clear();
    row.open_orders.clear();
    row.bought.clear();
    row.day_orders = {};
    row.credited_minutes = 0;
    row.honorary_minutes = 0;
    row.merged_into = *survivor_index;
  });
  return absl::OkStatus();
}

}  // namespace meritbook
