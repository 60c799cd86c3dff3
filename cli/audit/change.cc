#include "cli/audit/change.h"

#include <set>
#include <string>
#include <string_view>

#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kOpeningLotsMax = 64;
constexpr int64_t kOpeningMinutesMax = 100'000'000;

std::string BytesOfChange(const v1::ProposeChange& change) {
  switch (change.change_case()) {
    case v1::ProposeChange::kAdjustPoints:
      return change.adjust_points().SerializeAsString();
    case v1::ProposeChange::kReinstatePoints:
      return change.reinstate_points().SerializeAsString();
    case v1::ProposeChange::kMergeVolunteers:
      return change.merge_volunteers().SerializeAsString();
    case v1::ProposeChange::kLoadOpeningBalances:
      return change.load_opening_balances().SerializeAsString();
    case v1::ProposeChange::kCorrectHours:
      return change.correct_hours().SerializeAsString();
    case v1::ProposeChange::kRevokeHours:
      return change.revoke_hours().SerializeAsString();
    case v1::ProposeChange::kAllocateBudget:
      return change.allocate_budget().SerializeAsString();
    case v1::ProposeChange::kWriteOff:
      return change.write_off().SerializeAsString();
    case v1::ProposeChange::CHANGE_NOT_SET:
      break;
  }
  return {};
}

Violation Differs() {
  return {Invariant::CHANGE_DIFFERS, "what was approved is not what was proposed"};
}

Violation Alone() {
  return {Invariant::TWO_PEOPLE_MISSING, "a change that needs two people comes of no approval"};
}

}  // namespace

MaybeViolation TakeChange(Taking& taking, v1::ProposeChange::ChangeCase kind,
                          const google::protobuf::MessageLite& command) {
  const bool by_one_too =
      kind == v1::ProposeChange::kCorrectHours || kind == v1::ProposeChange::kRevokeHours;
  if (!taking.continues && by_one_too) return std::nullopt;
  if (!taking.continues || !taking.books.open_change) return Alone();
  OpenChange& open = *taking.books.open_change;
  if (open.proposal == nullptr) return std::nullopt;  // told with the approval
  const bool first = open.next++ == 0;
  if (first && open.proposal->change.change_case() == kind &&
      BytesOfChange(open.proposal->change) == command.SerializeAsString()) {
    return std::nullopt;
  }
  return Differs();
}

MaybeViolation TakeRow(Taking& taking, const v1::OpeningBalanceLoaded& body) {
  if (!taking.continues || !taking.books.open_change) return Alone();
  OpenChange& open = *taking.books.open_change;
  if (open.proposal == nullptr) return std::nullopt;
  const v1::LoadOpeningBalances& load = open.proposal->change.load_opening_balances();
  const int row = open.next++;
  if (row < load.balances_size() && body.file_sha256() == load.file_sha256() &&
      body.balance().SerializeAsString() == load.balances(row).SerializeAsString()) {
    return std::nullopt;
  }
  return Differs();
}

MaybeViolation CheckAdjustForm(const v1::AdjustPoints& command) {
  if (command.units() == 0) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE, "units: expected some, found 0"};
  }
  if (command.has_expiry_day() && !DayFromText(command.expiry_day())) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE, "expiry_day: expected a day as YYYY-MM-DD"};
  }
  return RequireId("reason_code", command.reason_code());
}

MaybeViolation CheckReinstateForm(const v1::ReinstatePoints& command) {
  if (auto violation = RequireRange("units", command.units(), {1, INT64_MAX})) return violation;
  if (!DayFromText(command.lapsed_day()) || !DayFromText(command.expiry_day())) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     "lapsed_day, expiry_day: expected days as YYYY-MM-DD"};
  }
  return RequireId("reason_code", command.reason_code());
}

MaybeViolation CheckOpeningForm(const v1::OpeningBalance& balance) {
  if (auto violation = RequireRange("lots", balance.lots_size(), {0, kOpeningLotsMax})) {
    return violation;
  }
  std::set<std::string_view> days;
  for (const v1::OpeningLot& lot : balance.lots()) {
    if (auto violation = RequireRange("units", lot.units(), {1, INT64_MAX})) return violation;
    if (lot.has_expiry_day() && !DayFromText(lot.expiry_day())) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE, "expiry_day: expected a day as YYYY-MM-DD"};
    }
    if (!days.insert(lot.expiry_day()).second) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE, "lots: a day stands twice"};
    }
  }
  if (auto violation =
          RequireRange("credited_minutes", balance.credited_minutes(), {0, kOpeningMinutesMax})) {
    return violation;
  }
  return RequireRange("honorary_minutes", balance.honorary_minutes(), {0, kOpeningMinutesMax});
}

}  // namespace meritbook::audit
