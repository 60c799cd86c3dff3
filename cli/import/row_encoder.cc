#include "cli/import/row_encoder.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "cli/instant.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr int kFrozenAt = 6;  // of volunteers.csv

// The values of one row. The first fault is kept; what is read after it is moot.
class Values {
 public:
  Values(const InputFile& file, const CsvRow& row) : file_(file), row_(row) {}

  std::string_view operator[](int column) const { return file_.Field(row_, column); }
  bool Has(int column) const { return !(*this)[column].empty(); }
  std::string String(int column) const { return std::string((*this)[column]); }

  std::string Required(int column) {
    if (!Has(column)) Fail(column, "FIELD_MISSING", "is empty");
    return String(column);
  }

  int64_t Instant(int column) {
    const ParsedInstant parsed = ParseInstant((*this)[column]);
    if (parsed.fault != nullptr) {
      Fail(column, "FIELD_INVALID", Text("'", (*this)[column], "': ", parsed.fault));
    }
    return parsed.us;
  }

  uint32_t Number(int column) { return Number(column, (*this)[column]); }
  uint32_t Number(int column, std::string_view text) {
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
      Fail(column, "FIELD_INVALID", Text("'", text, "' is not a whole number"));
    }
    return value;
  }

  template <typename Value>
  Value Choice(int column, std::string_view text,
               std::initializer_list<std::pair<std::string_view, Value>> choices) {
    std::string names;
    for (const auto& [name, value] : choices) {
      if (name == text) return value;
      if (!name.empty()) names += Text(names.empty() ? "" : ", ", name);
    }
    Fail(column, "FIELD_INVALID", Text("'", text, "' is none of ", names));
    return choices.begin()->second;
  }

  v1::AgeBand AgeBand(int column, std::string_view text) {
    return Choice<v1::AgeBand>(column, text,
                               {{"under_14", v1::AGE_BAND_UNDER_14},
                                {"14_17", v1::AGE_BAND_14_TO_17},
                                {"18_59", v1::AGE_BAND_18_TO_59},
                                {"60_plus", v1::AGE_BAND_60_PLUS}});
  }

  // 64 hexadecimal digits as 32 bytes.
  std::string Sha256(int column) {
    const std::string_view text = (*this)[column];
    const bool hex = std::all_of(text.begin(), text.end(), absl::ascii_isxdigit);
    if (text.size() != 64 || !hex) {
      Fail(column, "FIELD_INVALID", Text("'", text, "' is not 64 hexadecimal digits"));
      return "";
    }
    return absl::HexStringToBytes({text.data(), text.size()});
  }

  // "rice=2;oil": an item's quantity is 1 where none is given; without an item, points of an open
  // amount.
  template <typename Lines>
  void OrderLines(int column, Lines* lines) {
    for (std::string_view rest = (*this)[column]; !rest.empty();) {
      const size_t end = rest.find(';');
      const std::string_view line = rest.substr(0, end);
      const size_t equals = line.find('=');
      if (line.empty()) Fail(column, "FIELD_INVALID", "has an empty position");
      uint32_t quantity = 1;
      if (equals != std::string_view::npos) quantity = Number(column, line.substr(equals + 1));
      v1::OrderLine* const added = lines->Add();
      *added->mutable_item_id() = line.substr(0, equals);
      added->set_quantity(quantity);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
  }

  void Fail(int column, const char* reason, const std::string& message) {
    if (fault_) return;
    fault_ = {reason, Text(file_.spec().Column(column), " ", message), column};
  }

  RowFault& fault() { return fault_; }

 private:
  const InputFile& file_;
  const CsvRow& row_;
  RowFault fault_;
};

void Organisation(Values& v, v1::ImportItem* item) {
  v1::RegisterOrganisation* c = item->mutable_register_organisation();
  c->set_organisation_id(v.Required(1));
  c->set_kind(v.Choice<v1::OrganisationKind>(2, v[2],
                                             {{"unit", v1::ORGANISATION_KIND_UNIT},
                                              {"team", v1::ORGANISATION_KIND_TEAM},
                                              {"community", v1::ORGANISATION_KIND_COMMUNITY},
                                              {"station", v1::ORGANISATION_KIND_STATION},
                                              {"cause", v1::ORGANISATION_KIND_CAUSE}}));
  if (v.Has(3)) c->set_headcount(v.Number(3));
  item->set_request_id(c->organisation_id());
}

void Activity(Values& v, v1::ImportItem* item) {
  v1::RegisterActivity* c = item->mutable_register_activity();
  c->set_activity_id(v.Required(1));
  c->set_organisation_id(v.Required(2));
  c->set_category(v.Required(3));
  if (v.Has(4)) c->set_site(v.String(4));
  c->set_starts_us(v.Instant(5));
  if (v.Has(6)) c->set_ends_us(v.Instant(6));
  item->set_request_id(c->activity_id());
}

void Session(Values& v, v1::ImportItem* item) {
  v1::RegisterSession* c = item->mutable_register_session();
  c->set_session_id(v.Required(1));
  c->set_activity_id(v.Required(2));
  c->set_service_day(v.Required(3));
  if (v.Has(4)) c->set_slot(v.String(4));
  if (v.Has(5)) c->set_site(v.String(5));
  c->set_starts_us(v.Instant(6));
  c->set_ends_us(v.Instant(7));
  item->set_request_id(c->session_id());
}

void Merchant(Values& v, v1::ImportItem* item) {
  v1::OnboardMerchant* c = item->mutable_onboard_merchant();
  c->set_merchant_id(v.Required(1));
  c->set_kind(v.Required(2));
  item->set_request_id(c->merchant_id());
}

void MallItem(Values& v, v1::ImportItem* item) {
  v1::PublishItem* c = item->mutable_publish_item();
  c->set_item_id(v.Required(1));
  c->set_merchant_id(v.Required(2));
  c->set_price_points(v.Number(3));
  c->set_stock(v.Number(4));
  if (v.Has(5)) c->set_settle_fen(v.Number(5));
  if (v.Has(6)) {
    c->set_funding(v.Choice<v1::Funding>(6, v[6],
                                         {{"programme", v1::FUNDING_PROGRAMME},
                                          {"merchant", v1::FUNDING_MERCHANT},
                                          {"donor", v1::FUNDING_DONOR}}));
  }
  if (v.Has(7)) c->set_budget_source(v.String(7));
  if (v.Has(8) || v.Has(9)) {
    c->mutable_limit()->set_quantity(v.Number(8));
    c->mutable_limit()->set_period(v.Choice<v1::LimitPeriod>(9, v[9],
                                                             {{"once", v1::LIMIT_PERIOD_ONCE},
                                                              {"day", v1::LIMIT_PERIOD_DAY},
                                                              {"month", v1::LIMIT_PERIOD_MONTH},
                                                              {"year", v1::LIMIT_PERIOD_YEAR}}));
  }
  for (std::string_view rest = v[10]; !rest.empty();) {
    const size_t end = rest.find(';');
    c->add_age_bands(v.AgeBand(10, rest.substr(0, end)));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  item->set_request_id(c->item_id());
}

void Volunteer(Values& v, v1::ImportItem* item) {
  v1::RegisterVolunteer* c = item->mutable_register_volunteer();
  c->set_volunteer_id(v.Required(1));
  if (v.Has(2)) c->set_organisation_id(v.String(2));
  for (std::string_view rest = v[3]; !rest.empty();) {
    const size_t end = rest.find(';');
    c->add_cohorts(v.Choice<v1::Cohort>(
        3, rest.substr(0, end), {{"party", v1::COHORT_PARTY}, {"league", v1::COHORT_LEAGUE}}));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  c->set_age_band(v.AgeBand(4, v[4]));
  c->set_guardian_consent(v.Choice<bool>(5, v[5], {{"", false}, {"true", true}, {"false", false}}));
  item->set_request_id(c->volunteer_id());
}

void Hours(Values& v, v1::ImportItem* item) {
  v1::ServiceRecord* c = item->mutable_credit_hours()->mutable_record();
  c->set_record_id(v.Required(1));
  c->set_volunteer_id(v.Required(2));
  c->set_activity_id(v.Required(3));
  if (v.Has(4)) c->set_session_id(v.String(4));
  const bool clock_times = v.Has(5) || v.Has(6);
  const bool length = v.Has(7) || v.Has(8);
  if (clock_times == length) {
    v.Fail(clock_times ? 7 : 5, clock_times ? "FIELD_INVALID" : "FIELD_MISSING",
           clock_times ? "and clock times exclude each other"
                       : "and ends_at, or day and minutes, are needed");
  } else if (clock_times) {
    c->mutable_interval()->set_start_us(v.Instant(5));
    c->mutable_interval()->set_end_us(v.Instant(6));
  } else {
    c->mutable_duration()->set_service_day(v.Required(7));
    c->mutable_duration()->set_minutes(v.Number(8));
  }
}

void Redemption(Values& v, v1::ImportItem* item) {
  v1::RedeemNow* c = item->mutable_redeem_now();
  c->set_order_id(v.Required(1));
  c->set_volunteer_id(v.Required(2));
  c->set_merchant_id(v.Required(3));
  v1::OrderLine* line = c->add_lines();
  line->set_item_id(v.Required(4));
  line->set_quantity(v.Number(5));
}

void Hold(Values& v, v1::ImportItem* item) {
  v1::HoldOrder* c = item->mutable_hold_order();
  c->set_order_id(v.Required(1));
  c->set_volunteer_id(v.Required(2));
  c->set_merchant_id(v.Required(3));
  v.Required(4);
  v.OrderLines(4, c->mutable_lines());
  if (v.Has(5)) c->set_hold_seconds(v.Number(5));
  c->set_offline(v.Choice<bool>(6, v[6], {{"", false}, {"true", true}, {"false", false}}));
}

void Voucher(Values& v, v1::ImportItem* item) {
  v1::IssueVoucher* c = item->mutable_issue_voucher();
  c->set_order_id(v.Required(1));
  c->set_volunteer_id(v.Required(2));
  c->set_merchant_id(v.Required(3));
  v.Required(4);
  v.OrderLines(4, c->mutable_lines());
  c->set_code_sha256(v.Sha256(5));
  if (v.Has(6)) c->set_valid_days(v.Number(6));
}

// An order is confirmed or cancelled once, so that its own id can be the request's as well.
void Confirmation(Values& v, v1::ImportItem* item) {
  v1::ConfirmOrder* c = item->mutable_confirm_order();
  c->set_order_id(v.Required(1));
  v.OrderLines(2, c->mutable_lines());
  if (v.Has(3)) c->set_happened_us(v.Instant(3));
  item->set_request_id(c->order_id());
}

void Cancellation(Values& v, v1::ImportItem* item) {
  v1::CancelOrder* c = item->mutable_cancel_order();
  c->set_order_id(v.Required(1));
  c->set_reason_code(v.Required(2));
  item->set_request_id(c->order_id());
}

void Refund(Values& v, v1::ImportItem* item) {
  v1::RefundOrder* c = item->mutable_refund_order();
  item->set_request_id(v.Required(1));
  c->set_order_id(v.Required(2));
  v.Required(3);
  v.OrderLines(3, c->mutable_lines());
  c->set_reason_code(v.Required(4));
}

}  // namespace

RowTimes TimesOf(const InputFile& file, const CsvRow& row, RowFault* fault) {
  Values values(file, row);
  RowTimes times;
  times.recorded_us = values.Instant(0);
  if (file.kind() == FileKind::kVolunteers && values.Has(kFrozenAt)) {
    times.frozen_us = values.Instant(kFrozenAt);
  }
  *fault = std::move(values.fault());
  return times;
}

RowFault EncodeRow(const InputFile& file, const CsvRow& row, v1::ImportItem* item) {
  Values values(file, row);
  switch (file.kind()) {
    case FileKind::kOrganisations:
      Organisation(values, item);
      break;
    case FileKind::kActivities:
      Activity(values, item);
      break;
    case FileKind::kSessions:
      Session(values, item);
      break;
    case FileKind::kMerchants:
      Merchant(values, item);
      break;
    case FileKind::kItems:
      MallItem(values, item);
      break;
    case FileKind::kVolunteers:
      Volunteer(values, item);
      break;
    case FileKind::kHours:
      Hours(values, item);
      break;
    case FileKind::kRedemptions:
      Redemption(values, item);
      break;
    case FileKind::kHolds:
      Hold(values, item);
      break;
    case FileKind::kVouchers:
      Voucher(values, item);
      break;
    case FileKind::kConfirmations:
      Confirmation(values, item);
      break;
    case FileKind::kCancellations:
      Cancellation(values, item);
      break;
    case FileKind::kRefunds:
      Refund(values, item);
      break;
  }
  return std::move(values.fault());
}

RowFault EncodeFreeze(const InputFile& file, const CsvRow& row, v1::ImportItem* item) {
  Values values(file, row);
  v1::FreezeVolunteer* c = item->mutable_freeze_volunteer();
  c->set_volunteer_id(values.Required(1));
  c->set_reason_code(values.Required(7));
  item->set_request_id(c->volunteer_id());
  return std::move(values.fault());
}

}  // namespace meritbook::cli
