// The form of what changes balances, and of changes that need two people.
#include <set>

#include "ledger/form_check.h"

namespace meritbook {
namespace {

MaybeRefused CheckOpeningBalance(const v1::OpeningBalance& balance) {
  if (auto refused =
          FirstOf(CHECK_FORM(PersonId("volunteer_id", balance.volunteer_id())),
                  CHECK_FORM(InRange("lots.size", balance.lots_size(), 0, kOpeningLotsMax)),
                  CHECK_FORM(InRange("credited_minutes", balance.credited_minutes(), 0,
                                     kOpeningMinutesMax)),
                  CHECK_FORM(InRange("honorary_minutes", balance.honorary_minutes(), 0,
                                     kOpeningMinutesMax)))) {
    return refused;
  }
  std::set<std::string_view> days;
  for (const v1::OpeningLot& lot : balance.lots()) {
    if (auto refused = InRange("lots.units", lot.units(), 1, kOpeningUnitsMax)) return refused;
    if (lot.has_expiry_day()) {
      if (auto refused = Day("lots.expiry_day", lot.expiry_day())) return refused;
    }
    if (!days.insert(lot.expiry_day()).second) return Repeated("lots.expiry_day", lot.expiry_day());
  }
  return std::nullopt;
}

}  // namespace

MaybeRefused CheckForm(const v1::AdjustPoints& c) {
  if (auto refused = PersonId("volunteer_id", c.volunteer_id())) return refused;
  if (c.units() == 0) return Missing("units");
  if (auto refused = InRange("units", c.units(), -kOpeningUnitsMax, kOpeningUnitsMax)) {
    return refused;
  }
  if (c.has_expiry_day()) {
    if (auto refused = Day("expiry_day", c.expiry_day())) return refused;
    if (c.units() < 0) {
      return Refused{v1::REFUSAL_FIELD_INVALID,
                     "command.expiry_day",
                     "units that are taken away have no expiry day",
                     {}};
    }
  }
  return Id("reason_code", c.reason_code());
}

MaybeRefused CheckForm(const v1::ReinstatePoints& c) {
  return FirstOf(CHECK_FORM(PersonId("volunteer_id", c.volunteer_id())),
                 CHECK_FORM(Day("lapsed_day", c.lapsed_day())),
                 CHECK_FORM(InRange("units", c.units(), 1, kOpeningUnitsMax)),
                 CHECK_FORM(Day("expiry_day", c.expiry_day())),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::DonatePoints& c) {
  return FirstOf(CHECK_FORM(PersonId("volunteer_id", c.volunteer_id())),
                 CHECK_FORM(Id("cause_id", c.cause_id())),
                 CHECK_FORM(InRange("points", c.points(), 1, kPointsMax)));
}

MaybeRefused CheckForm(const v1::MergeVolunteers& c) {
  if (auto refused = FirstOf(CHECK_FORM(PersonId("volunteer_id", c.volunteer_id())),
                             CHECK_FORM(PersonId("survivor_id", c.survivor_id())))) {
    return refused;
  }
  if (c.volunteer_id() != c.survivor_id()) return std::nullopt;
  return Refused{v1::REFUSAL_FIELD_INVALID,
                 "command.survivor_id",
                 "a registration can't be merged into itself",
                 {}};
}

MaybeRefused CheckForm(const v1::LoadOpeningBalances& c) {
  if (auto refused = FirstOf(
          CHECK_FORM(
              InRange("file_sha256.size", static_cast<int64_t>(c.file_sha256().size()), 32, 32)),
          CHECK_FORM(InRange("parts", c.parts(), 1, kOpeningPartsMax)),
          CHECK_FORM(InRange("part", c.part(), 1, c.parts())),
          CHECK_FORM(InRange("balances.size", c.balances_size(), 1, kOpeningBalancesMax)))) {
    return refused;
  }
  std::set<std::string_view> volunteers;
  for (const v1::OpeningBalance& balance : c.balances()) {
    if (auto refused = Nested("balances", CheckOpeningBalance(balance))) return refused;
    if (!volunteers.insert(balance.volunteer_id()).second) {
      return Repeated("balances.volunteer_id", balance.volunteer_id());
    }
  }
  return std::nullopt;
}

MaybeRefused CheckForm(const v1::ProposeChange& c) {
  if (auto refused = Id("proposal_id", c.proposal_id())) return refused;
  switch (c.change_case()) {
    case v1::ProposeChange::kAdjustPoints:
      return Nested("adjust_points", CheckForm(c.adjust_points()));
    case v1::ProposeChange::kReinstatePoints:
      return Nested("reinstate_points", CheckForm(c.reinstate_points()));
    case v1::ProposeChange::kMergeVolunteers:
      return Nested("merge_volunteers", CheckForm(c.merge_volunteers()));
    case v1::ProposeChange::kLoadOpeningBalances:
      return Nested("load_opening_balances", CheckForm(c.load_opening_balances()));
    case v1::ProposeChange::kCorrectHours:
      return Nested("correct_hours", CheckForm(c.correct_hours()));
    case v1::ProposeChange::kRevokeHours:
      return Nested("revoke_hours", CheckForm(c.revoke_hours()));
    case v1::ProposeChange::kAllocateBudget:
      return Nested("allocate_budget", CheckForm(c.allocate_budget()));
    case v1::ProposeChange::kWriteOff:
      return Nested("write_off", CheckForm(c.write_off()));
    case v1::ProposeChange::CHANGE_NOT_SET:
      break;
  }
  return Missing("change");
}

}  // namespace meritbook
