// The form of what merchants, items and orders are about.
#include <set>

#include "ledger/form_check.h"

namespace meritbook {
namespace {

using Lines = google::protobuf::RepeatedPtrField<v1::OrderLine>;

MaybeRefused CheckLines(const Lines& lines) {
  if (auto refused = InRange("lines.size", lines.size(), 1, kOrderLinesMax)) return refused;
  std::set<std::string_view> items;
  for (const v1::OrderLine& line : lines) {
    if (!line.item_id().empty()) {
      if (auto refused = Id("lines.item_id", line.item_id())) return refused;
    }
    if (auto refused = InRange("lines.quantity", line.quantity(), 1, kLineQuantityMax)) {
      return refused;
    }
    if (!items.insert(line.item_id()).second) return Repeated("lines.item_id", line.item_id());
  }
  return std::nullopt;
}

MaybeRefused CheckOwner(const v1::OrderOwner& owner) {
  switch (owner.owner_case()) {
    case v1::OrderOwner::kSource:
      return Id("owner.source", owner.source());
    case v1::OrderOwner::kMerchantId:
      return Id("owner.merchant_id", owner.merchant_id());
    case v1::OrderOwner::kPrincipalId:
      return PersonId("owner.principal_id", owner.principal_id());
    case v1::OrderOwner::OWNER_NOT_SET:
      break;
  }
  return Missing("owner");
}

template <typename OrderCommand>
MaybeRefused CheckOwnerOf(const OrderCommand& c) {
  return c.has_owner() ? CheckOwner(c.owner()) : std::nullopt;
}

// HoldOrder or RedeemNow: who spends may be said by a pay code.
template <typename OrderCommand>
MaybeRefused CheckPurchase(const OrderCommand& c) {
  if (auto refused = Id("order_id", c.order_id())) return refused;
  if (c.has_volunteer_id()) {
    if (auto refused = PersonId("volunteer_id", c.volunteer_id())) return refused;
  }
  return FirstOf(CHECK_FORM(Id("merchant_id", c.merchant_id())), CHECK_FORM(CheckLines(c.lines())));
}

// SuspendMerchant and its like.
template <typename MerchantCommand>
MaybeRefused CheckReasoned(const MerchantCommand& c) {
  return FirstOf(CHECK_FORM(Id("merchant_id", c.merchant_id())),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckFunding(const v1::PublishItem& c) {
  if (auto refused = FirstOf(CHECK_FORM(InRange("settle_fen", c.settle_fen(), 0, kSettleFenMax)),
                             CHECK_FORM(Choice("funding", v1::Funding_IsValid(c.funding()))))) {
    return refused;
  }
  if (c.has_budget_source()) {
    if (auto refused = Id("budget_source", c.budget_source())) return refused;
  }
  switch (c.funding()) {
    case v1::FUNDING_PROGRAMME:
      return std::nullopt;
    case v1::FUNDING_DONOR:
      return c.has_budget_source() ? std::nullopt : Missing("budget_source");
    case v1::FUNDING_UNSPECIFIED:
      if (c.settle_fen() > 0) return Missing("funding");
      break;
    case v1::FUNDING_MERCHANT:
      if (c.settle_fen() > 0) {
        return Contradicts("settle_fen", "an item that the merchant gives away is not settled");
      }
      break;
    case v1::Funding_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Funding_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  if (!c.has_budget_source()) return std::nullopt;
  return Contradicts("budget_source", "no budget pays for an item that the merchant gives away");
}

MaybeRefused CheckBuyers(const v1::PublishItem& c) {
  if (c.has_limit()) {
    const v1::ItemLimit& limit = c.limit();
    if (auto refused =
            FirstOf(CHECK_FORM(InRange("limit.quantity", limit.quantity(), 1, kItemLimitMax)),
                    CHECK_FORM(Choice("limit.period",
                                      v1::LimitPeriod_IsValid(limit.period()) &&
                                          limit.period() != v1::LIMIT_PERIOD_UNSPECIFIED)))) {
      return refused;
    }
  }
  std::set<int> bands;
  for (const int band : c.age_bands()) {
    if (auto refused =
            Choice("age_bands", v1::AgeBand_IsValid(band) && band != v1::AGE_BAND_UNSPECIFIED)) {
      return refused;
    }
    if (!bands.insert(band).second) {
      return Repeated("age_bands", v1::AgeBand_Name(static_cast<v1::AgeBand>(band)));
    }
  }
  return std::nullopt;
}

}  // namespace

MaybeRefused CheckMall(const v1::MallRule& mall) {
  return FirstOf(
      CHECK_FORM(InRange("mall.hold_seconds_max", mall.hold_seconds_max(), kHoldSecondsMin,
                         kHoldSecondsMax)),
      CHECK_FORM(InRangeIf(mall.has_voucher_days_max(), "mall.voucher_days_max",
                           mall.voucher_days_max(), 1, kVoucherDaysMax)),
      CHECK_FORM(InRange("mall.offline_grace_minutes", mall.offline_grace_minutes(), 0,
                         kOfflineGraceMinutesMax)),
      CHECK_FORM(InRangeIf(mall.has_refund_days(), "mall.refund_days", mall.refund_days(), 0,
                           kRefundDaysMax)),
      CHECK_FORM(InRangeIf(mall.has_volunteer_orders_per_day(), "mall.volunteer_orders_per_day",
                           mall.volunteer_orders_per_day(), 1, kVolunteerOrdersPerDayMax)),
      CHECK_FORM(InRangeIf(mall.has_volunteer_points_per_day(), "mall.volunteer_points_per_day",
                           mall.volunteer_points_per_day(), 1, kPointsMax)),
      CHECK_FORM(InRangeIf(mall.has_merchant_orders_per_day(), "mall.merchant_orders_per_day",
                           mall.merchant_orders_per_day(), 1, kMerchantOrdersPerDayMax)),
      CHECK_FORM(InRangeIf(mall.has_open_amount_fen_per_point(), "mall.open_amount_fen_per_point",
                           mall.open_amount_fen_per_point(), 0, kOpenAmountFenMax)),
      CHECK_FORM(InRangeIf(mall.has_statement_close_days(), "mall.statement_close_days",
                           mall.statement_close_days(), 1, kStatementCloseDaysMax)));
}

MaybeRefused CheckForm(const v1::OnboardMerchant& c) {
  return FirstOf(CHECK_FORM(Id("merchant_id", c.merchant_id())), CHECK_FORM(Id("kind", c.kind())));
}

MaybeRefused CheckForm(const v1::SuspendMerchant& c) { return CheckReasoned(c); }
MaybeRefused CheckForm(const v1::ResumeMerchant& c) { return CheckReasoned(c); }

MaybeRefused CheckForm(const v1::OffboardMerchant& c) {
  return FirstOf(CHECK_FORM(CheckReasoned(c)), CHECK_FORM(Day("last_day", c.last_day())));
}

MaybeRefused CheckForm(const v1::PublishItem& c) {
  return FirstOf(CHECK_FORM(Id("item_id", c.item_id())),
                 CHECK_FORM(Id("merchant_id", c.merchant_id())),
                 CHECK_FORM(InRange("price_points", c.price_points(), 1, kPricePointsMax)),
                 CHECK_FORM(InRange("stock", c.stock(), 0, kStockMax)), CHECK_FORM(CheckFunding(c)),
                 CHECK_FORM(CheckBuyers(c)));
}

MaybeRefused CheckForm(const v1::WithdrawItem& c) {
  return FirstOf(CHECK_FORM(Id("item_id", c.item_id())),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::ReceiveStock& c) {
  return FirstOf(CHECK_FORM(Id("item_id", c.item_id())),
                 CHECK_FORM(InRange("quantity", c.quantity(), 1, kStockMax)));
}

MaybeRefused CheckForm(const v1::ReturnStock& c) {
  return FirstOf(CHECK_FORM(Id("item_id", c.item_id())),
                 CHECK_FORM(InRange("quantity", c.quantity(), 1, kStockMax)),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::HoldOrder& c) {
  return FirstOf(CHECK_FORM(CheckPurchase(c)),
                 CHECK_FORM(InRangeIf(c.has_hold_seconds(), "hold_seconds", c.hold_seconds(), 1,
                                      kHoldSecondsMax)));
}

MaybeRefused CheckForm(const v1::IssueVoucher& c) {
  return FirstOf(
      CHECK_FORM(Id("order_id", c.order_id())),
      CHECK_FORM(PersonId("volunteer_id", c.volunteer_id())),
      CHECK_FORM(Id("merchant_id", c.merchant_id())), CHECK_FORM(CheckLines(c.lines())),
      CHECK_FORM(InRangeIf(c.has_valid_days(), "valid_days", c.valid_days(), 1, kVoucherDaysMax)),
      CHECK_FORM(Sha256Of("code_sha256", c.code_sha256())));
}

MaybeRefused CheckForm(const v1::ConfirmOrder& c) {
  if (c.voucher_sha256().empty()) {
    if (auto refused =
            FirstOf(CHECK_FORM(Id("order_id", c.order_id())), CHECK_FORM(CheckOwnerOf(c)))) {
      return refused;
    }
  } else {
    if (!c.order_id().empty()) {
      return Contradicts("voucher_sha256", "a voucher's code stands in place of the order's id");
    }
    if (c.has_owner()) {
      return Contradicts("owner", "a voucher's code stands in place of the order's id");
    }
    if (auto refused = Sha256Of("voucher_sha256", c.voucher_sha256())) return refused;
  }
  if (!c.lines().empty()) {
    if (auto refused = CheckLines(c.lines())) return refused;
  }
  return c.has_happened_us() ? Instant("happened_us", c.happened_us()) : std::nullopt;
}

MaybeRefused CheckForm(const v1::CancelOrder& c) {
  return FirstOf(CHECK_FORM(Id("order_id", c.order_id())), CHECK_FORM(CheckOwnerOf(c)),
                 CHECK_FORM(Id("reason_code", c.reason_code())));
}

MaybeRefused CheckForm(const v1::RedeemNow& c) { return CheckPurchase(c); }

MaybeRefused CheckForm(const v1::RefundOrder& c) {
  return FirstOf(CHECK_FORM(Id("order_id", c.order_id())), CHECK_FORM(CheckLines(c.lines())),
                 CHECK_FORM(Id("reason_code", c.reason_code())), CHECK_FORM(CheckOwnerOf(c)));
}

MaybeRefused CheckShopper(const CommandBody& body, bool shows_code) {
  bool names_her = false;
  if (const auto* hold = std::get_if<const v1::HoldOrder*>(&body)) {
    names_her = (*hold)->has_volunteer_id();
  } else if (const auto* redeem = std::get_if<const v1::RedeemNow*>(&body)) {
    names_her = (*redeem)->has_volunteer_id();
  } else {
    return std::nullopt;
  }
  if (names_her != shows_code) return std::nullopt;
  if (!names_her) return Missing("volunteer_id");
  return Refused{v1::REFUSAL_FIELD_INVALID,
                 "pay_code",
                 "a pay code stands in place of the volunteer's id",
                 {}};
}

}  // namespace meritbook
