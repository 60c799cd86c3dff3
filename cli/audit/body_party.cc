// Ledgers, principals, volunteers, organisations, activities and sessions.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr std::string_view kZoneByDefault = "Asia/Shanghai";
constexpr int64_t kHeadcountMax = 10'000'000;
constexpr int64_t kRolesMax = 8;

// Values of an open proto3 enum: known, specified, each once.
template <typename List, typename IsValid>
MaybeViolation RequireChoices(std::string_view field, const List& values, IsValid is_valid) {
  std::set<int> seen;
  for (int value : values) {
    if (value == 0 || !is_valid(value)) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE,
                       Text(field, ": expected a known value, found ", value)};
    }
    if (!seen.insert(value).second) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE,
                       Text(field, ": expected each value once, found ", value, " twice")};
    }
  }
  return std::nullopt;
}

MaybeViolation RequireOrder(std::string_view what, int64_t starts_us, int64_t ends_us) {
  if (ends_us > starts_us) return std::nullopt;
  return Violation{Invariant::VALUE_OUT_OF_RANGE,
                   Text(what, " ends at ", ends_us, ", not after its start ", starts_us)};
}

MaybeViolation CheckPrincipal(const Books& books, const v1::RegisterPrincipal& command) {
  if (auto violation = RequirePersonId("principal_id", command.principal_id())) return violation;
  if (books.principals.Find(command.principal_id()) != nullptr) {
    return Twice("principal", command.principal_id());
  }
  if (auto violation = RequireRange("roles", command.roles_size(), {1, kRolesMax})) {
    return violation;
  }
  if (auto violation = RequireChoices("roles", command.roles(), v1::Role_IsValid)) {
    return violation;
  }
  if (command.has_source()) {
    if (auto violation = RequireId("source", command.source())) return violation;
  }
  if (command.has_merchant_id() && books.merchants.Find(command.merchant_id()) == nullptr) {
    return Unknown("merchant", command.merchant_id());
  }
  if (command.has_volunteer_id() && books.volunteers.Find(command.volunteer_id()) == nullptr) {
    return Unknown("volunteer", command.volunteer_id());
  }
  return RequireRange("key_sha256 bytes", static_cast<int64_t>(command.key_sha256().size()),
                      {32, 32});
}

MaybeViolation CheckVolunteer(const Books& books, const v1::RegisterVolunteer& command) {
  if (auto violation = RequirePersonId("volunteer_id", command.volunteer_id())) return violation;
  if (books.volunteers.Find(command.volunteer_id()) != nullptr) {
    return Twice("volunteer", command.volunteer_id());
  }
  if (auto violation = RequireChoices("cohorts", command.cohorts(), v1::Cohort_IsValid)) {
    return violation;
  }
  if (command.has_organisation_id() &&
      books.organisations.Find(command.organisation_id()) == nullptr) {
    return Unknown("organisation", command.organisation_id());
  }
  const int bands[] = {command.age_band()};
  if (auto violation = RequireChoices("age_band", bands, v1::AgeBand_IsValid)) return violation;
  if (command.age_band() == v1::AGE_BAND_UNDER_14 && !command.guardian_consent()) {
    return Violation{Invariant::GUARDIAN_CONSENT_MISSING,
                     "a volunteer under 14 was registered without a guardian's consent"};
  }
  return std::nullopt;
}

MaybeViolation CheckActivity(const Books& books, const v1::RegisterActivity& command) {
  if (auto violation = RequireId("activity_id", command.activity_id())) return violation;
  if (books.activities.Find(command.activity_id()) != nullptr) {
    return Twice("activity", command.activity_id());
  }
  if (books.organisations.Find(command.organisation_id()) == nullptr) {
    return Unknown("organisation", command.organisation_id());
  }
  if (auto violation = RequireId("category", command.category())) return violation;
  if (command.has_site()) {
    if (auto violation = RequireId("site", command.site())) return violation;
  }
  if (auto violation = RequireInstant("starts_us", command.starts_us())) return violation;
  if (!command.has_ends_us()) return std::nullopt;
  if (auto violation = RequireInstant("ends_us", command.ends_us())) return violation;
  return RequireOrder("the activity", command.starts_us(), command.ends_us());
}

MaybeViolation CheckSession(const Books& books, const v1::RegisterSession& command) {
  if (auto violation = RequireId("session_id", command.session_id())) return violation;
  if (books.sessions.Find(command.session_id()) != nullptr) {
    return Twice("session", command.session_id());
  }
  if (books.activities.Find(command.activity_id()) == nullptr) {
    return Unknown("activity", command.activity_id());
  }
  if (!DayFromText(command.service_day())) {
    return Violation{Invariant::VALUE_OUT_OF_RANGE, "service_day: expected a day as YYYY-MM-DD"};
  }
  if (command.has_slot()) {
    if (auto violation = RequireId("slot", command.slot())) return violation;
  }
  if (command.has_site()) {
    if (auto violation = RequireId("site", command.site())) return violation;
  }
  if (auto violation = RequireInstant("starts_us", command.starts_us())) return violation;
  if (auto violation = RequireInstant("ends_us", command.ends_us())) return violation;
  return RequireOrder("the session", command.starts_us(), command.ends_us());
}

}  // namespace

MaybeViolation TakeLedgerCreated(Books& books, const v1::LedgerCreated& created) {
  if (books.created) {
    return Violation{Invariant::LEDGER_CREATION_MISPLACED, "the ledger was created before"};
  }
  books.created = true;
  books.migrating = created.command().migrating();
  const std::string asked(created.command().has_time_zone() ? created.command().time_zone()
                                                            : kZoneByDefault);
  const auto days = ZoneDays::Load(created.time_zone());
  if (days) books.days = *days;
  if (auto violation = RequireId("ledger_id", created.ledger_id())) return violation;
  if (!days || created.time_zone() != asked) {
    return Violation{Invariant::TIME_ZONE_WRONG,
                     Text("expected ", asked, ", found ", created.time_zone(),
                          days ? "" : ", which this machine doesn't know")};
  }
  return std::nullopt;
}

MaybeViolation TakeMigrationFinished(Books& books) {
  if (!books.migrating) {
    return Violation{Invariant::MIGRATION_END_MISPLACED, "the ledger was not migrating"};
  }
  books.migrating = false;
  return std::nullopt;
}

MaybeViolation TakePrincipalRegistered(Books& books, const v1::RegisterPrincipal& command) {
  auto violation = CheckPrincipal(books, command);
  if (books.principals.Find(command.principal_id()) == nullptr) {
    Principal& principal = books.principals.FindOrAdd(command.principal_id());
    principal.source = command.source();
    principal.merchant_id = command.merchant_id();
    principal.volunteer = books.volunteers.Find(command.volunteer_id());
  }
  return violation;
}

MaybeViolation TakePrincipalRevoked(Books& books, const v1::RevokePrincipal& command) {
  Principal* principal = books.principals.Find(command.principal_id());
  if (principal == nullptr) return Unknown("principal", command.principal_id());
  principal->revoked = true;
  return std::nullopt;
}

MaybeViolation TakeVolunteerRegistered(Books& books, const v1::RegisterVolunteer& command) {
  auto violation = CheckVolunteer(books, command);
  books.volunteers.FindOrAdd(command.volunteer_id());
  return violation;
}

MaybeViolation TakeVolunteerFrozen(Books& books, const v1::FreezeVolunteer& command) {
  Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
  if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
  volunteer->frozen = true;
  return RequireId("reason_code", command.reason_code());
}

MaybeViolation TakeOrganisationRegistered(Books& books, const v1::RegisterOrganisation& command) {
  if (books.organisations.Find(command.organisation_id()) != nullptr) {
    return Twice("organisation", command.organisation_id());
  }
  books.organisations.FindOrAdd(command.organisation_id());
  if (auto violation = RequireId("organisation_id", command.organisation_id())) return violation;
  const int kinds[] = {command.kind()};
  if (auto violation = RequireChoices("kind", kinds, v1::OrganisationKind_IsValid)) {
    return violation;
  }
  return RequireRange("headcount", command.headcount(), {0, kHeadcountMax});
}

MaybeViolation TakeActivityRegistered(Books& books, const v1::RegisterActivity& command) {
  auto violation = CheckActivity(books, command);
  if (books.activities.Find(command.activity_id()) == nullptr) {
    Activity& activity = books.activities.FindOrAdd(command.activity_id());
    activity.category = &books.categories.FindOrAdd(command.category());
    activity.starts_us = command.starts_us();
    if (command.has_ends_us()) activity.ends_us = command.ends_us();
  }
  return violation;
}

MaybeViolation TakeSessionRegistered(Books& books, const v1::RegisterSession& command) {
  auto violation = CheckSession(books, command);
  if (books.sessions.Find(command.session_id()) == nullptr) {
    Session& session = books.sessions.FindOrAdd(command.session_id());
    session.activity = books.activities.Find(command.activity_id());
    session.service_day = DayFromText(command.service_day()).value_or(0);
    session.starts_us = command.starts_us();
    session.ends_us = command.ends_us();
  }
  return violation;
}

}  // namespace meritbook::audit
