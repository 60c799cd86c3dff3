#include "cli/import/row_encoder.h"

#include <charconv>
#include <initializer_list>
#include <string>
#include <utility>

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

  uint32_t Number(int column) {
    const std::string_view text = (*this)[column];
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

  void Fail(int column, const char* reason, const std::string& message) {
    if (fault_) return;
    fault_ = {reason, Text(file_.spec().columns[static_cast<size_t>(column)], " ", message),
              column};
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
  c->set_age_band(v.Choice<v1::AgeBand>(4, v[4],
                                        {{"under_14", v1::AGE_BAND_UNDER_14},
                                         {"14_17", v1::AGE_BAND_14_TO_17},
                                         {"18_59", v1::AGE_BAND_18_TO_59},
                                         {"60_plus", v1::AGE_BAND_60_PLUS}}));
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
