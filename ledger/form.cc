// The form of each command: what can be said of it without knowing the ledger.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "ledger/calendar.h"
#include "ledger/command.h"
#include "ledger/id.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

using MaybeRefused = std::optional<Refused>;

MaybeRefused Missing(std::string_view field) {
  return Refused{
      v1::REFUSAL_FIELD_MISSING, Text("command.", field), Text(field, " is required"), {}};
}

MaybeRefused Id(std::string_view field, std::string_view value) {
  if (value.empty()) return Missing(field);
  if (IsId(value)) return std::nullopt;
  return Refused{v1::REFUSAL_ID_MALFORMED,
                 Text("command.", field),
                 Text(field, " is not 1 to 64 of A-Z a-z 0-9 . _ : -"),
                 {}};
}

// For ids that stand for a person.
MaybeRefused PersonId(std::string_view field, std::string_view value) {
  if (auto refused = Id(field, value)) return refused;
  if (!IsPersonalIdentifier(value)) return std::nullopt;
  // The value itself must not travel on into logs.
  return Refused{v1::REFUSAL_PERSONAL_IDENTIFIER,
                 Text("command.", field),
                 Text(field, " is a phone or identity number; use a random id"),
                 {}};
}

MaybeRefused InRange(std::string_view field, int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max) return std::nullopt;
  return Refused{v1::REFUSAL_FIELD_INVALID,
                 Text("command.", field),
                 Text(field, " is ", value, ", not ", min, " to ", max),
                 {{"min", Text(min)}, {"max", Text(max)}}};
}

MaybeRefused Day(std::string_view field, std::string_view value) {
  if (value.empty()) return Missing(field);
  if (ParseDay(value)) return std::nullopt;
  return Refused{v1::REFUSAL_DAY_MALFORMED,
                 Text("command.", field),
                 Text(field, " is not a day as YYYY-MM-DD between 1970 and 2199"),
                 {}};
}

MaybeRefused Instant(std::string_view field, int64_t value_us) {
  return InRange(field, value_us, 1, kInstantUsMax);
}

MaybeRefused TimesInOrder(std::string_view end_field, int64_t start_us, int64_t end_us) {
  if (end_us > start_us) return std::nullopt;
  return Refused{v1::REFUSAL_TIMES_REVERSED,
                 Text("command.", end_field),
                 "the end is not after the start",
                 {}};
}

MaybeRefused Repeated(std::string_view field, std::string_view value) {
  return Refused{v1::REFUSAL_VALUE_REPEATED,
                 Text("command.", field),
                 Text(value, " stands twice in ", field),
                 {}};
}

// A known, specified value of an open proto3 enum.
MaybeRefused Choice(std::string_view field, bool valid) {
  if (valid) return std::nullopt;
  return Refused{v1::REFUSAL_FIELD_INVALID,
                 Text("command.", field),
                 Text(field, " is missing or not a known value"),
                 {}};
}

// The first refusal of several checks.
template <typename... Checks>
MaybeRefused FirstOf(Checks&&... checks) {
  MaybeRefused first;
  ((first = checks(), first.has_value()) || ...);
  return first;
}
#define CHECK_FORM(expression) [&] { return expression; }

MaybeRefused CheckRates(const v1::EarningRule& earning) {
  if (auto refused = InRange("earning.rates.size", earning.rates_size(), 1, kRatesMax)) {
    return refused;
  }
  std::set<std::string_view> categories;
  for (const v1::CategoryRate& rate : earning.rates()) {
    if (auto refused = FirstOf(CHECK_FORM(Id("earning.rates.category", rate.category())),
                               CHECK_FORM(InRange("earning.rates.points_per_hour",
                                                  rate.points_per_hour(), 1, kPointsPerHourMax)),
                               CHECK_FORM(InRange("earning.rates.percentage", rate.percentage(), 1,
                                                  kPercentageMax)))) {
      return refused;
    }
    if (!categories.insert(rate.category()).second) {
      return Repeated("earning.rates.category", rate.category());
    }
  }
  return std::nullopt;
}

MaybeRefused CheckExpiry(const v1::ExpiryRule& expiry) {
  switch (expiry.policy_case()) {
    case v1::ExpiryRule::kNever:
      return std::nullopt;
    case v1::ExpiryRule::kRollingMonths:
      return InRange("expiry.rolling_months", expiry.rolling_months(), 1, kRollingMonthsMax);
    case v1::ExpiryRule::kYearEndGraceDays:
      return InRange("expiry.year_end_grace_days", expiry.year_end_grace_days(), 0,
                     kYearEndGraceDaysMax);
    case v1::ExpiryRule::POLICY_NOT_SET:
      return Missing("expiry.policy");
  }
  return Missing("expiry.policy");
}

struct FormVisitor {
  MaybeRefused operator()(const v1::CreateLedger* c) {
    if (!c->has_time_zone()) return std::nullopt;
    if (c->time_zone().size() <= kTimeZoneBytesMax && Calendar::ForZone(c->time_zone())) {
      return std::nullopt;
    }
    return Refused{v1::REFUSAL_FIELD_INVALID,
                   "command.time_zone",
                   "time_zone is not a name of the IANA time-zone data, such as Asia/Shanghai",
                   {}};
  }

  MaybeRefused operator()(const v1::FinishMigration*) { return std::nullopt; }

  MaybeRefused operator()(const v1::PublishRule* c) {
    if (!c->has_earning()) return Missing("earning");
    if (!c->has_expiry()) return Missing("expiry");
    const v1::EarningRule& earning = c->earning();
    const uint32_t unit = earning.recording_unit_minutes();
    return FirstOf(
        CHECK_FORM(Day("effective_from_day", c->effective_from_day())),
        CHECK_FORM(CheckRates(earning)),
        CHECK_FORM(Choice("earning.recording_unit_minutes", unit == 1 || unit == 15 || unit == 30)),
        CHECK_FORM(InRange("earning.credited_minutes_per_day", earning.credited_minutes_per_day(),
                           1, kMinutesPerDay)),
        CHECK_FORM(
            InRange("earning.backdating_days", earning.backdating_days(), 0, kBackdatingDaysMax)),
        CHECK_FORM(CheckExpiry(c->expiry())));
  }

  MaybeRefused operator()(const v1::RegisterPrincipal* c) {
    if (auto refused = PersonId("principal_id", c->principal_id())) return refused;
    if (auto refused = InRange("roles.size", c->roles_size(), 1, kRolesMax)) return refused;
    std::set<int> roles;
    for (int role : c->roles()) {
      if (auto refused = Choice("roles", v1::Role_IsValid(role) && role != v1::ROLE_UNSPECIFIED)) {
        return refused;
      }
      if (!roles.insert(role).second) {
        return Repeated("roles", v1::Role_Name(static_cast<v1::Role>(role)));
      }
    }
    if (roles.count(v1::ROLE_PLATFORM) != 0 && !c->has_source()) return Missing("source");
    if (roles.count(v1::ROLE_MERCHANT) != 0 && !c->has_merchant_id()) return Missing("merchant_id");
    if (c->has_source() && c->has_merchant_id()) {
      return Refused{v1::REFUSAL_FIELD_INVALID,
                     "command.source",
                     "a principal acts for a platform or for a merchant, not for both",
                     {}};
    }
    if (c->has_source()) {
      if (auto refused = Id("source", c->source())) return refused;
    }
    if (c->has_merchant_id()) {
      if (auto refused = Id("merchant_id", c->merchant_id())) return refused;
    }
    if (c->has_volunteer_id()) {
      if (auto refused = PersonId("volunteer_id", c->volunteer_id())) return refused;
    }
    return InRange("key_sha256.size", static_cast<int64_t>(c->key_sha256().size()), 32, 32);
  }

  MaybeRefused operator()(const v1::RevokePrincipal* c) {
    return PersonId("principal_id", c->principal_id());
  }

  MaybeRefused operator()(const v1::RegisterVolunteer* c) {
    if (auto refused = PersonId("volunteer_id", c->volunteer_id())) return refused;
    if (auto refused = InRange("cohorts.size", c->cohorts_size(), 0, kCohortsMax)) return refused;
    std::set<int> cohorts;
    for (int cohort : c->cohorts()) {
      if (auto refused =
              Choice("cohorts", v1::Cohort_IsValid(cohort) && cohort != v1::COHORT_UNSPECIFIED)) {
        return refused;
      }
      if (!cohorts.insert(cohort).second) {
        return Repeated("cohorts", v1::Cohort_Name(static_cast<v1::Cohort>(cohort)));
      }
    }
    if (c->has_organisation_id()) {
      if (auto refused = Id("organisation_id", c->organisation_id())) return refused;
    }
    if (auto refused = Choice("age_band", v1::AgeBand_IsValid(c->age_band()) &&
                                              c->age_band() != v1::AGE_BAND_UNSPECIFIED)) {
      return refused;
    }
    if (c->age_band() == v1::AGE_BAND_UNDER_14 && !c->guardian_consent()) {
      return Refused{v1::REFUSAL_GUARDIAN_CONSENT_MISSING,
                     "command.guardian_consent",
                     "a volunteer under 14 needs a guardian's consent",
                     {}};
    }
    return std::nullopt;
  }

  MaybeRefused operator()(const v1::FreezeVolunteer* c) {
    return FirstOf(CHECK_FORM(PersonId("volunteer_id", c->volunteer_id())),
                   CHECK_FORM(Id("reason_code", c->reason_code())));
  }

  MaybeRefused operator()(const v1::RegisterOrganisation* c) {
    return FirstOf(CHECK_FORM(Id("organisation_id", c->organisation_id())),
                   CHECK_FORM(Choice("kind", v1::OrganisationKind_IsValid(c->kind()) &&
                                                 c->kind() != v1::ORGANISATION_KIND_UNSPECIFIED)),
                   CHECK_FORM(InRange("headcount", c->headcount(), 0, kHeadcountMax)));
  }

  MaybeRefused operator()(const v1::RegisterActivity* c) {
    if (c->has_site()) {
      if (auto refused = Id("site", c->site())) return refused;
    }
    if (c->has_ends_us()) {
      if (auto refused =
              FirstOf(CHECK_FORM(Instant("ends_us", c->ends_us())),
                      CHECK_FORM(TimesInOrder("ends_us", c->starts_us(), c->ends_us())))) {
        return refused;
      }
    }
    return FirstOf(CHECK_FORM(Id("activity_id", c->activity_id())),
                   CHECK_FORM(Id("organisation_id", c->organisation_id())),
                   CHECK_FORM(Id("category", c->category())),
                   CHECK_FORM(Instant("starts_us", c->starts_us())));
  }

  MaybeRefused operator()(const v1::RegisterSession* c) {
    if (c->has_slot()) {
      if (auto refused = Id("slot", c->slot())) return refused;
    }
    if (c->has_site()) {
      if (auto refused = Id("site", c->site())) return refused;
    }
    return FirstOf(CHECK_FORM(Id("session_id", c->session_id())),
                   CHECK_FORM(Id("activity_id", c->activity_id())),
                   CHECK_FORM(Day("service_day", c->service_day())),
                   CHECK_FORM(Instant("starts_us", c->starts_us())),
                   CHECK_FORM(Instant("ends_us", c->ends_us())),
                   CHECK_FORM(TimesInOrder("ends_us", c->starts_us(), c->ends_us())));
  }

  MaybeRefused operator()(const v1::CreditHours* c) {
    if (auto refused = FirstOf(CHECK_FORM(Id("record_id", c->record_id())),
                               CHECK_FORM(PersonId("volunteer_id", c->volunteer_id())),
                               CHECK_FORM(Id("activity_id", c->activity_id())))) {
      return refused;
    }
    if (c->has_session_id()) {
      if (auto refused = Id("session_id", c->session_id())) return refused;
    }
    switch (c->service_case()) {
      case v1::CreditHours::kInterval:
        return CheckInterval(c->interval());
      case v1::CreditHours::kDuration:
        return FirstOf(
            CHECK_FORM(Day("duration.service_day", c->duration().service_day())),
            CHECK_FORM(InRange("duration.minutes", c->duration().minutes(), 1, kMinutesPerDay)));
      case v1::CreditHours::SERVICE_NOT_SET:
        return Missing("service");
    }
    return Missing("service");
  }

  static MaybeRefused CheckInterval(const v1::ServiceInterval& interval) {
    if (auto refused = FirstOf(
            CHECK_FORM(Instant("interval.start_us", interval.start_us())),
            CHECK_FORM(Instant("interval.end_us", interval.end_us())),
            CHECK_FORM(TimesInOrder("interval.end_us", interval.start_us(), interval.end_us())))) {
      return refused;
    }
    for (const auto& [field, value_us] :
         {std::pair("command.interval.start_us", interval.start_us()),
          std::pair("command.interval.end_us", interval.end_us())}) {
      if (value_us % kMicrosPerMinute != 0) {
        return Refused{v1::REFUSAL_TIME_NOT_WHOLE_MINUTE,
                       field,
                       "clock times of service are whole minutes",
                       {}};
      }
    }
    return InRange("interval.minutes", (interval.end_us() - interval.start_us()) / kMicrosPerMinute,
                   1, kServiceDaysMax * kMinutesPerDay);
  }

  MaybeRefused operator()(const v1::OnboardMerchant* c) {
    return FirstOf(CHECK_FORM(Id("merchant_id", c->merchant_id())),
                   CHECK_FORM(Id("kind", c->kind())));
  }

  MaybeRefused operator()(const v1::PublishItem* c) {
    return FirstOf(CHECK_FORM(Id("item_id", c->item_id())),
                   CHECK_FORM(Id("merchant_id", c->merchant_id())),
                   CHECK_FORM(InRange("price_points", c->price_points(), 1, kPricePointsMax)),
                   CHECK_FORM(InRange("stock", c->stock(), 0, kStockMax)));
  }

  MaybeRefused operator()(const v1::ReceiveStock* c) {
    return FirstOf(CHECK_FORM(Id("item_id", c->item_id())),
                   CHECK_FORM(InRange("quantity", c->quantity(), 1, kStockMax)));
  }

  MaybeRefused operator()(const v1::RedeemNow* c) {
    if (auto refused =
            FirstOf(CHECK_FORM(Id("order_id", c->order_id())),
                    CHECK_FORM(PersonId("volunteer_id", c->volunteer_id())),
                    CHECK_FORM(Id("merchant_id", c->merchant_id())),
                    CHECK_FORM(InRange("lines.size", c->lines_size(), 1, kOrderLinesMax)))) {
      return refused;
    }
    std::set<std::string_view> items;
    for (const v1::OrderLine& line : c->lines()) {
      if (auto refused = FirstOf(
              CHECK_FORM(Id("lines.item_id", line.item_id())),
              CHECK_FORM(InRange("lines.quantity", line.quantity(), 1, kLineQuantityMax)))) {
        return refused;
      }
      if (!items.insert(line.item_id()).second) return Repeated("lines.item_id", line.item_id());
    }
    return std::nullopt;
  }
};

#undef CHECK_FORM

}  // namespace

MaybeRefused CheckForm(const CommandBody& body) { return std::visit(FormVisitor{}, body); }

}  // namespace meritbook
