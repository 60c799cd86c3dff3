// Owns: the checks that forms are made of; each gives the first fault of one field.
// Promises: a field's path begins with "command."; the value of an id that stands for a person is
//           never repeated.
// Thread: any.
#ifndef MERITBOOK_LEDGER_FORM_CHECK_H_
#define MERITBOOK_LEDGER_FORM_CHECK_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/calendar.h"
#include "ledger/command.h"
#include "ledger/id.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {

using MaybeRefused = std::optional<Refused>;

inline MaybeRefused Missing(std::string_view field) {
  return Refused{
      v1::REFUSAL_FIELD_MISSING, Text("command.", field), Text(field, " is required"), {}};
}

inline MaybeRefused Id(std::string_view field, std::string_view value) {
  if (value.empty()) return Missing(field);
  if (IsId(value)) return std::nullopt;
  return Refused{v1::REFUSAL_ID_MALFORMED,
                 Text("command.", field),
                 Text(field, " is not 1 to 64 of A-Z a-z 0-9 . _ : -"),
                 {}};
}

// For ids that stand for a person.
inline MaybeRefused PersonId(std::string_view field, std::string_view value) {
  if (auto refused = Id(field, value)) return refused;
  if (!IsPersonalIdentifier(value)) return std::nullopt;
  // The value itself must not travel on into logs.
  return Refused{v1::REFUSAL_PERSONAL_IDENTIFIER,
                 Text("command.", field),
                 Text(field, " is a phone or identity number; use a random id"),
                 {}};
}

inline MaybeRefused InRange(std::string_view field, int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max) return std::nullopt;
  return Refused{v1::REFUSAL_FIELD_INVALID,
                 Text("command.", field),
                 Text(field, " is ", value, ", not ", min, " to ", max),
                 {{"min", Text(min)}, {"max", Text(max)}}};
}

// Of an optional field.
inline MaybeRefused InRangeIf(bool present, std::string_view field, int64_t value, int64_t min,
                              int64_t max) {
  return present ? InRange(field, value, min, max) : std::nullopt;
}

// What contradicts another field.
inline MaybeRefused Contradicts(std::string_view field, std::string_view why) {
  return Refused{v1::REFUSAL_FIELD_INVALID, Text("command.", field), std::string(why), {}};
}

inline MaybeRefused Month(std::string_view field, std::string_view value) {
  if (value.empty()) return Missing(field);
  if (ParseMonth(value)) return std::nullopt;
  return Contradicts(field, Text(field, " is not a month as YYYY-MM between 1970 and 2199"));
}

inline MaybeRefused Sha256Of(std::string_view field, std::string_view value) {
  return InRange(Text(field, ".size"), static_cast<int64_t>(value.size()), 32, 32);
}

inline MaybeRefused Day(std::string_view field, std::string_view value) {
  if (value.empty()) return Missing(field);
  if (ParseDay(value)) return std::nullopt;
  return Refused{v1::REFUSAL_DAY_MALFORMED,
                 Text("command.", field),
                 Text(field, " is not a day as YYYY-MM-DD between 1970 and 2199"),
                 {}};
}

inline MaybeRefused Instant(std::string_view field, int64_t value_us) {
  return InRange(field, value_us, 1, kInstantUsMax);
}

inline MaybeRefused TimesInOrder(std::string_view end_field, int64_t start_us, int64_t end_us) {
  if (end_us > start_us) return std::nullopt;
  return Refused{v1::REFUSAL_TIMES_REVERSED,
                 Text("command.", end_field),
                 "the end is not after the start",
                 {}};
}

inline MaybeRefused Repeated(std::string_view field, std::string_view value) {
  return Refused{v1::REFUSAL_VALUE_REPEATED,
                 Text("command.", field),
                 Text(value, " stands twice in ", field),
                 {}};
}

// A known, specified value of an open proto3 enum.
inline MaybeRefused Choice(std::string_view field, bool valid) {
  if (valid) return std::nullopt;
  return Refused{v1::REFUSAL_FIELD_INVALID,
                 Text("command.", field),
                 Text(field, " is missing or not a known value"),
                 {}};
}

// The first refusal of several checks.
template <typename... Checks>
inline MaybeRefused FirstOf(Checks&&... checks) {
  MaybeRefused first;
  ((first = checks(), first.has_value()) || ...);
  return first;
}
#define CHECK_FORM(expression) [&] { return expression; }

inline MaybeRefused KnownVerdict(v1::Verdict verdict) {
  return Choice("verdict", v1::Verdict_IsValid(verdict) && verdict != v1::VERDICT_UNSPECIFIED);
}

// A fault of a message that is the field `name` of the command.
inline MaybeRefused Nested(std::string_view name, MaybeRefused refused) {
  constexpr std::string_view kCommand = "command.";
  if (refused && refused->field.starts_with(kCommand)) {
    refused->field = Text(kCommand, name, ".", refused->field.substr(kCommand.size()));
  }
  return refused;
}

// The forms by concern.
MaybeRefused CheckForm(const v1::CreditHours& c);
MaybeRefused CheckForm(const v1::SubmitHours& c);
MaybeRefused CheckForm(const v1::RecordAttendance& c);
MaybeRefused CheckForm(const v1::BackfillHours& c);
MaybeRefused CheckForm(const v1::ReviewHours& c);
MaybeRefused CheckForm(const v1::CorrectHours& c);
MaybeRefused CheckForm(const v1::RevokeHours& c);
MaybeRefused CheckForm(const v1::DisputeHours& c);
MaybeRefused CheckForm(const v1::AwardPoints& c);
MaybeRefused CheckForm(const v1::AdjustPoints& c);
MaybeRefused CheckForm(const v1::ReinstatePoints& c);
MaybeRefused CheckForm(const v1::DonatePoints& c);
MaybeRefused CheckForm(const v1::MergeVolunteers& c);
MaybeRefused CheckForm(const v1::LoadOpeningBalances& c);
MaybeRefused CheckForm(const v1::ProposeChange& c);
MaybeRefused CheckForm(const v1::OnboardMerchant& c);
MaybeRefused CheckForm(const v1::SuspendMerchant& c);
MaybeRefused CheckForm(const v1::ResumeMerchant& c);
MaybeRefused CheckForm(const v1::OffboardMerchant& c);
MaybeRefused CheckForm(const v1::PublishItem& c);
MaybeRefused CheckForm(const v1::WithdrawItem& c);
MaybeRefused CheckForm(const v1::ReceiveStock& c);
MaybeRefused CheckForm(const v1::ReturnStock& c);
MaybeRefused CheckForm(const v1::HoldOrder& c);
MaybeRefused CheckForm(const v1::IssueVoucher& c);
MaybeRefused CheckForm(const v1::ConfirmOrder& c);
MaybeRefused CheckForm(const v1::CancelOrder& c);
MaybeRefused CheckForm(const v1::RedeemNow& c);
MaybeRefused CheckForm(const v1::RefundOrder& c);
MaybeRefused CheckForm(const v1::OpenStatement& c);
MaybeRefused CheckForm(const v1::ObjectStatement& c);
MaybeRefused CheckForm(const v1::ResolveObjection& c);
MaybeRefused CheckForm(const v1::CloseStatement& c);
MaybeRefused CheckForm(const v1::RecordPayment& c);
MaybeRefused CheckForm(const v1::ReversePayment& c);
MaybeRefused CheckForm(const v1::ClosePeriod& c);
MaybeRefused CheckForm(const v1::AllocateBudget& c);
MaybeRefused CheckForm(const v1::WriteOff& c);
MaybeRefused CheckMall(const v1::MallRule& mall);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_FORM_CHECK_H_
