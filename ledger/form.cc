// The form of each command: what can be said of it without knowing the ledger.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "ledger/form_check.h"
#include "ledger/sha256.h"

namespace meritbook {
namespace {

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

MaybeRefused CheckAwards(const v1::EarningRule& earning) {
  if (auto refused = InRange("earning.awards.size", earning.awards_size(), 0, kAwardsMax)) {
    return refused;
  }
  std::set<std::string_view> names;
  for (const v1::AwardRate& rate : earning.awards()) {
    if (auto refused = FirstOf(
            CHECK_FORM(Id("earning.awards.award", rate.award())),
            CHECK_FORM(InRange("earning.awards.points_max", rate.points_max(), 1, kAwardPointsMax)),
            CHECK_FORM(InRange("earning.awards.times_per_year", rate.times_per_year(), 1, 366)))) {
      return refused;
    }
    if (!names.insert(rate.award()).second) return Repeated("earning.awards.award", rate.award());
  }
  return std::nullopt;
}

MaybeRefused CheckReview(const v1::ReviewRule& review) {
  return FirstOf(
      CHECK_FORM(InRangeIf(review.has_late_submission_days(), "review.late_submission_days",
                           review.late_submission_days(), 0, kBackdatingDaysMax)),
      CHECK_FORM(InRangeIf(review.has_revocation_points_max(), "review.revocation_points_max",
                           review.revocation_points_max(), 0, kPointsMax)),
      CHECK_FORM(InRangeIf(review.has_late_correction_days(), "review.late_correction_days",
                           review.late_correction_days(), 0, kBackdatingDaysMax)));
}

MaybeRefused CheckStars(const v1::PublishRule& rule) {
  if (auto refused = InRange("star_hours.size", rule.star_hours_size(), 0, kStarsMax)) {
    return refused;
  }
  uint32_t last = 0;
  for (const uint32_t hours : rule.star_hours()) {
    if (auto refused = InRange("star_hours", hours, int64_t{last} + 1, kStarHoursMax)) {
      return refused;
    }
    last = hours;
  }
  return std::nullopt;
}

MaybeRefused CheckExpiry(const v1::ExpiryRule& expiry) {
  if (auto refused = InRange("expiry.grace_days", expiry.grace_days(), 0, kGraceDaysMax)) {
    return refused;
  }
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

  MaybeRefused operator()(const v1::DeclareLoss* c) {
    return FirstOf(CHECK_FORM(PersonId("declared_by", c->declared_by())),
                   CHECK_FORM(Id("reason_code", c->reason_code())),
                   CHECK_FORM(Choice("guard_size", c->guard_size() >= c->kept_size())),
                   CHECK_FORM(Choice("guard_sha256", c->guard_sha256().size() == sizeof(Hash))));
  }

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
        CHECK_FORM(InRange("earning.auto_minutes_per_day", earning.auto_minutes_per_day(), 0,
                           kMinutesPerDay)),
        CHECK_FORM(InRange("earning.maturity_days", earning.maturity_days(), 0, kMaturityDaysMax)),
        CHECK_FORM(InRangeIf(earning.has_credited_minutes_per_month(),
                             "earning.credited_minutes_per_month",
                             earning.credited_minutes_per_month(), 1, 31 * kMinutesPerDay)),
        CHECK_FORM(InRangeIf(earning.has_credited_minutes_per_activity(),
                             "earning.credited_minutes_per_activity",
                             earning.credited_minutes_per_activity(), 1, kActivityMinutesMax)),
        CHECK_FORM(CheckAwards(earning)), CHECK_FORM(CheckExpiry(c->expiry())),
        CHECK_FORM(CheckReview(c->review())),
        CHECK_FORM(c->has_mall() ? CheckMall(c->mall()) : std::nullopt),
        CHECK_FORM(CheckStars(*c)));
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

  MaybeRefused operator()(const v1::UnfreezeVolunteer* c) {
    return FirstOf(CHECK_FORM(PersonId("volunteer_id", c->volunteer_id())),
                   CHECK_FORM(Id("reason_code", c->reason_code())));
  }

  MaybeRefused operator()(const v1::CloseVolunteer* c) {
    return FirstOf(CHECK_FORM(PersonId("volunteer_id", c->volunteer_id())),
                   CHECK_FORM(Choice("reason", v1::CloseReason_IsValid(c->reason()) &&
                                                   c->reason() != v1::CLOSE_REASON_UNSPECIFIED)));
  }

  MaybeRefused operator()(const v1::SetRoster* c) {
    return FirstOf(CHECK_FORM(Id("organisation_id", c->organisation_id())),
                   CHECK_FORM(InRange("headcount", c->headcount(), 0, kHeadcountMax)));
  }

  MaybeRefused operator()(const v1::RegisterOrganisation* c) {
    return FirstOf(CHECK_FORM(Id("organisation_id", c->organisation_id())),
                   CHECK_FORM(Choice("kind", v1::OrganisationKind_IsValid(c->kind()) &&
                                                 c->kind() != v1::ORGANISATION_KIND_UNSPECIFIED)),
                   CHECK_FORM(InRange("headcount", c->headcount(), 0, kHeadcountMax)));
  }

  // RegisterActivity or SubmitActivity.
  template <typename ActivityCommand>
  static MaybeRefused CheckActivity(const ActivityCommand* c) {
    if (c->has_capacity()) {
      if (auto refused = InRange("capacity", c->capacity(), 1, kCapacityMax)) return refused;
    }
    if (c->has_site()) {
      if (auto refused = Id("site", c->site())) return refused;
    }
    if (c->has_campaign()) {
      if (auto refused = Id("campaign", c->campaign())) return refused;
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

  MaybeRefused operator()(const v1::RegisterActivity* c) { return CheckActivity(c); }
  MaybeRefused operator()(const v1::SubmitActivity* c) { return CheckActivity(c); }

  MaybeRefused operator()(const v1::ReviewActivity* c) {
    return FirstOf(CHECK_FORM(Id("activity_id", c->activity_id())),
                   CHECK_FORM(KnownVerdict(c->verdict())),
                   CHECK_FORM(Id("reason_code", c->reason_code())));
  }

  MaybeRefused operator()(const v1::CloseActivity* c) {
    return Id("activity_id", c->activity_id());
  }

  MaybeRefused operator()(const v1::CancelActivity* c) {
    return FirstOf(CHECK_FORM(Id("activity_id", c->activity_id())),
                   CHECK_FORM(Id("reason_code", c->reason_code())));
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

  MaybeRefused operator()(const v1::ApproveChange* c) {
    return Id("proposal_id", c->proposal_id());
  }

  MaybeRefused operator()(const v1::RejectChange* c) {
    return FirstOf(CHECK_FORM(Id("proposal_id", c->proposal_id())),
                   CHECK_FORM(Id("reason_code", c->reason_code())));
  }

  // The others have a file of their own.
  template <typename Message>
  MaybeRefused operator()(const Message* c) {
    return CheckForm(*c);
  }
};

}  // namespace

MaybeRefused CheckForm(const CommandBody& body) { return std::visit(FormVisitor{}, body); }

}  // namespace meritbook
