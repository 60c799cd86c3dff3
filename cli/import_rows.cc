#include "cli/import_rows.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "cli/instant.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

using Fault = std::optional<RowFault>;

// The fields of one row by column of the form. The first fault is kept; what follows is moot.
class Fields {
 public:
  Fields(const FileForm& form, const Header& header, const CsvRow& row)
      : form_(form), header_(header), row_(row) {}

  std::string_view operator[](size_t column) const {
    return row_.fields[static_cast<size_t>(header_.field_of_column[column])];
  }

  std::string Required(size_t column) {
    const std::string_view text = (*this)[column];
    if (text.empty()) Fail(column, "is empty");
    return std::string(text);
  }

  int64_t Instant(size_t column) {
    const auto instant_us = ParseInstant((*this)[column]);
    if (!instant_us) {
      Fail(column, Join("'", (*this)[column],
                        "' is not a time with offset such as 2021-03-05T09:00:00+08:00"));
    }
    return instant_us.value_or(0);
  }

  uint32_t Number(size_t column) {
    const std::string_view text = (*this)[column];
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
      Fail(column, Join("'", text, "' is not a whole number"));
    }
    return value;
  }

  template <typename Value>
  Value Choice(size_t column, std::string_view text,
               std::initializer_list<std::pair<std::string_view, Value>> choices) {
    std::string names;
    for (const auto& [name, value] : choices) {
      if (name == text) return value;
      names += Join(names.empty() ? "" : ", ", name);
    }
    Fail(column, Join("'", text, "' is none of ", names));
    return choices.begin()->second;
  }

  void Fail(size_t column, std::string message) {
    if (fault_) return;
    fault_ = RowFault{static_cast<size_t>(header_.field_of_column[column]) + 1,
                      Join(form_.columns[column], ": ", message)};
  }

  const Fault& fault() const { return fault_; }

 private:
  const FileForm& form_;
  const Header& header_;
  const CsvRow& row_;
  Fault fault_;
};

void FillOrganisation(Fields& f, v1::ImportItem* item) {
  v1::RegisterOrganisation* c = item->mutable_register_organisation();
  c->set_organisation_id(f.Required(1));
  c->set_kind(f.Choice<v1::OrganisationKind>(2, f[2],
                                             {{"unit", v1::ORGANISATION_KIND_UNIT},
                                              {"team", v1::ORGANISATION_KIND_TEAM},
                                              {"community", v1::ORGANISATION_KIND_COMMUNITY},
                                              {"station", v1::ORGANISATION_KIND_STATION}}));
  if (!f[3].empty()) c->set_headcount(f.Number(3));
  item->set_request_id(c->organisation_id());
}

void FillActivity(Fields& f, v1::ImportItem* item) {
  v1::RegisterActivity* c = item->mutable_register_activity();
  c->set_activity_id(f.Required(1));
  c->set_organisation_id(f.Required(2));
  c->set_category(f.Required(3));
  if (!f[4].empty()) c->set_site(std::string(f[4]));
  c->set_starts_us(f.Instant(5));
  if (!f[6].empty()) c->set_ends_us(f.Instant(6));
  item->set_request_id(c->activity_id());
}

void FillSession(Fields& f, v1::ImportItem* item) {
  v1::RegisterSession* c = item->mutable_register_session();
  c->set_session_id(f.Required(1));
  c->set_activity_id(f.Required(2));
  c->set_service_day(f.Required(3));
  if (!f[4].empty()) c->set_slot(std::string(f[4]));
  if (!f[5].empty()) c->set_site(std::string(f[5]));
  c->set_starts_us(f.Instant(6));
  c->set_ends_us(f.Instant(7));
  item->set_request_id(c->session_id());
}

void FillMerchant(Fields& f, v1::ImportItem* item) {
  v1::OnboardMerchant* c = item->mutable_onboard_merchant();
  c->set_merchant_id(f.Required(1));
  c->set_kind(f.Required(2));
  item->set_request_id(c->merchant_id());
}

void FillMallItem(Fields& f, v1::ImportItem* item) {
  v1::PublishItem* c = item->mutable_publish_item();
  c->set_item_id(f.Required(1));
  c->set_merchant_id(f.Required(2));
  c->set_price_points(f.Number(3));
  c->set_stock(f.Number(4));
  item->set_request_id(c->item_id());
}

void FillVolunteer(Fields& f, v1::ImportItem* item) {
  v1::RegisterVolunteer* c = item->mutable_register_volunteer();
  c->set_volunteer_id(f.Required(1));
  if (!f[2].empty()) c->set_organisation_id(std::string(f[2]));
  std::string_view cohorts = f[3];
  while (!cohorts.empty()) {
    const size_t end = cohorts.find(';');
    c->add_cohorts(f.Choice<v1::Cohort>(
        3, cohorts.substr(0, end), {{"party", v1::COHORT_PARTY}, {"league", v1::COHORT_LEAGUE}}));
    cohorts = end == std::string_view::npos ? std::string_view() : cohorts.substr(end + 1);
  }
  c->set_age_band(f.Choice<v1::AgeBand>(4, f[4],
                                        {{"under_14", v1::AGE_BAND_UNDER_14},
                                         {"14_17", v1::AGE_BAND_14_TO_17},
                                         {"18_59", v1::AGE_BAND_18_TO_59},
                                         {"60_plus", v1::AGE_BAND_60_PLUS}}));
  c->set_guardian_consent(f.Choice<bool>(5, f[5], {{"true", true}, {"false", false}, {"", false}}));
  item->set_request_id(c->volunteer_id());
}

void FillFreeze(Fields& f, v1::ImportItem* item) {
  v1::FreezeVolunteer* c = item->mutable_freeze_volunteer();
  c->set_volunteer_id(f.Required(1));
  c->set_reason_code(f.Required(7));
  item->set_request_id(c->volunteer_id());
}

void FillHours(Fields& f, v1::ImportItem* item) {
  v1::CreditHours* c = item->mutable_credit_hours();
  c->set_record_id(f.Required(1));
  c->set_volunteer_id(f.Required(2));
  c->set_activity_id(f.Required(3));
  if (!f[4].empty()) c->set_session_id(std::string(f[4]));
  const bool clock = !f[5].empty() || !f[6].empty();
  const bool length = !f[7].empty() || !f[8].empty();
  if (clock == length) {
    f.Fail(clock ? 7 : 5, "give either starts_at and ends_at, or day and minutes");
  } else if (clock) {
    c->mutable_interval()->set_start_us(f.Instant(5));
    c->mutable_interval()->set_end_us(f.Instant(6));
  } else {
    c->mutable_duration()->set_service_day(f.Required(7));
    c->mutable_duration()->set_minutes(f.Number(8));
  }
}

void FillRedemption(Fields& f, v1::ImportItem* item) {
  v1::RedeemNow* c = item->mutable_redeem_now();
  c->set_order_id(f.Required(1));
  c->set_volunteer_id(f.Required(2));
  c->set_merchant_id(f.Required(3));
  v1::OrderLine* line = c->add_lines();
  line->set_item_id(f.Required(4));
  line->set_quantity(f.Number(5));
}

constexpr size_t kFrozenAt = 6;  // of volunteers.csv

}  // namespace

const FileForm& FormOf(ImportFile file) {
  static const auto* const forms = new std::array<FileForm, kImportFiles>{{
      {"organisations.csv", {"recorded_at", "organisation_id", "kind", "headcount"}},
      {"activities.csv",
       {"recorded_at", "activity_id", "organisation_id", "category", "site", "starts_at",
        "ends_at"}},
      {"sessions.csv",
       {"recorded_at", "session_id", "activity_id", "day", "slot", "site", "starts_at", "ends_at"}},
      {"merchants.csv", {"recorded_at", "merchant_id", "kind"}},
      {"items.csv", {"recorded_at", "item_id", "merchant_id", "price_points", "stock"}},
      {"volunteers.csv",
       {"recorded_at", "volunteer_id", "organisation_id", "cohorts", "age_band", "guardian_consent",
        "frozen_at", "frozen_reason"}},
      {"hours.csv",
       {"recorded_at", "record_id", "volunteer_id", "activity_id", "session_id", "starts_at",
        "ends_at", "day", "minutes"}},
      {"redemptions.csv",
       {"recorded_at", "order_id", "volunteer_id", "merchant_id", "item_id", "quantity"}},
  }};
  return (*forms)[static_cast<size_t>(file)];
}

Header ReadHeader(const FileForm& form, const CsvRow& row) {
  Header header;
  for (std::string_view column : form.columns) {
    const auto found = std::find(row.fields.begin(), row.fields.end(), column);
    const bool missing = found == row.fields.end();
    header.field_of_column.push_back(missing ? -1 : static_cast<int>(found - row.fields.begin()));
    if (missing) header.missing.emplace_back(column);
  }
  return header;
}

RowTimes TimesOf(ImportFile file, const Header& header, const CsvRow& row) {
  RowTimes times;
  if (!row.error.empty()) {
    times.fault = RowFault{row.bad_column, row.error};
    return times;
  }
  for (int field : header.field_of_column) {
    if (static_cast<size_t>(field) < row.fields.size()) continue;
    times.fault =
        RowFault{row.fields.size() + 1, Join("the row has only ", row.fields.size(), " fields")};
    return times;
  }
  Fields fields(FormOf(file), header, row);
  times.row_us = fields.Instant(0);
  if (file == ImportFile::kVolunteers && !fields[kFrozenAt].empty()) {
    times.freeze_us = fields.Instant(kFrozenAt);
  }
  if (fields.fault()) times = {std::nullopt, std::nullopt, fields.fault()};
  return times;
}

std::optional<RowFault> FillItem(ImportFile file, const Header& header, const CsvRow& row,
                                 RowPart part, v1::ImportItem* item) {
  item->Clear();
  Fields fields(FormOf(file), header, row);
  switch (file) {
    case ImportFile::kOrganisations:
      FillOrganisation(fields, item);
      break;
    case ImportFile::kActivities:
      FillActivity(fields, item);
      break;
    case ImportFile::kSessions:
      FillSession(fields, item);
      break;
    case ImportFile::kMerchants:
      FillMerchant(fields, item);
      break;
    case ImportFile::kItems:
      FillMallItem(fields, item);
      break;
    case ImportFile::kVolunteers:
      part == RowPart::kFreeze ? FillFreeze(fields, item) : FillVolunteer(fields, item);
      break;
    case ImportFile::kHours:
      FillHours(fields, item);
      break;
    case ImportFile::kRedemptions:
      FillRedemption(fields, item);
      break;
  }
  return fields.fault();
}

std::string IdOf(const Header& header, const CsvRow& row) {
  const size_t field = static_cast<size_t>(header.field_of_column[1]);
  return field < row.fields.size() ? std::string(row.fields[field]) : "";
}

}  // namespace meritbook::cli
