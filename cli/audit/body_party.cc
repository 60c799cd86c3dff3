// Ledgers, principals, volunteers and organisations.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/service.h"
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
  if (command.has_volunteer_id()) {
    const Volunteer* volunteer = books.volunteers.Find(command.volunteer_id());
    if (volunteer == nullptr) return Unknown("volunteer", command.volunteer_id());
    if (auto violation = RequireUnmerged(*volunteer)) return violation;
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

}  // namespace

MaybeViolation TakeLedgerCreated(Taking& taking, const v1::LedgerCreated& body) {
  Books& books = taking.books;
  if (books.created) {
    return Violation{Invariant::LEDGER_CREATION_MISPLACED, "the ledger was created before"};
  }
  books.created = true;
  books.migrating = body.command().migrating();
  const std::string asked(body.command().has_time_zone() ? body.command().time_zone()
                                                         : kZoneByDefault);
  const auto days = ZoneDays::Load(body.time_zone());
  if (days) books.days = *days;
  if (auto violation = RequireId("ledger_id", body.ledger_id())) return violation;
  if (!days || body.time_zone() != asked) {
    return Violation{Invariant::TIME_ZONE_WRONG,
                     Text("expected ", asked, ", found ", body.time_zone(),
                          days ? "" : ", which this machine doesn't know")};
  }
  return std::nullopt;
}

MaybeViolation TakeMigrationFinished(Taking& taking) {
  Books& books = taking.books;
  if (!books.migrating) {
    return Violation{Invariant::MIGRATION_END_MISPLACED, "the ledger was not migrating"};
  }
  books.migrating = false;
  return std::nullopt;
}

MaybeViolation TakeLossDeclared(Taking& taking, const v1::LossDeclared& body) {
  const v1::DeclareLoss& command = body.command();
  const uint64_t sequence = taking.event.sequence();
  taking.books.losses.push_back({sequence, command.guard_size()});
  if (auto violation = RequirePersonId("declared_by", command.declared_by())) return violation;
  if (auto violation = RequireId("reason_code", command.reason_code())) return violation;
  if (auto violation = RequireRange(
          "guard_sha256 bytes", static_cast<int64_t>(command.guard_sha256().size()), {32, 32})) {
    return violation;
  }
  if (command.kept_size() != sequence) {
    return Violation{Invariant::LOSS_WRONG,
                     Text("expected ", sequence, " events kept, found ", command.kept_size())};
  }
  if (command.guard_size() >= command.kept_size()) return std::nullopt;
  return Violation{Invariant::LOSS_WRONG,
                   Text("the guard had seen ", command.guard_size(), " events, fewer than the ",
                        command.kept_size(), " kept")};
}

MaybeViolation TakePrincipalRegistered(Taking& taking, const v1::RegisterPrincipal& command) {
  Books& books = taking.books;
  auto violation = CheckPrincipal(books, command);
  if (books.principals.Find(command.principal_id()) == nullptr) {
    Principal& principal = books.principals.FindOrAdd(command.principal_id());
    books.actors.FindOrAdd(command.principal_id()).principal = &principal;
    principal.source = command.source();
    principal.merchant_id = command.merchant_id();
    principal.volunteer = books.volunteers.Find(command.volunteer_id());
  }
  return violation;
}

MaybeViolation TakePrincipalRevoked(Taking& taking, const v1::RevokePrincipal& command) {
  Books& books = taking.books;
  Principal* principal = books.principals.Find(command.principal_id());
  if (principal == nullptr) return Unknown("principal", command.principal_id());
  principal->revoked = true;
  return std::nullopt;
}

MaybeViolation TakeVolunteerRegistered(Taking& taking, const v1::RegisterVolunteer& command) {
  Books& books = taking.books;
  auto violation = CheckVolunteer(books, command);
  books.volunteers.FindOrAdd(command.volunteer_id()).age_band = command.age_band();
  return violation;
}

MaybeViolation TakeOrganisationRegistered(Taking& taking, const v1::RegisterOrganisation& command) {
  Books& books = taking.books;
  if (books.organisations.Find(command.organisation_id()) != nullptr) {
    return Twice("organisation", command.organisation_id());
  }
  books.organisations.FindOrAdd(command.organisation_id()).is_cause =
      command.kind() == v1::ORGANISATION_KIND_CAUSE;
  if (auto violation = RequireId("organisation_id", command.organisation_id())) return violation;
  const int kinds[] = {command.kind()};
  if (auto violation = RequireChoices("kind", kinds, v1::OrganisationKind_IsValid)) {
    return violation;
  }
  return RequireRange("headcount", command.headcount(), {0, kHeadcountMax});
}

MaybeViolation TakeRosterSet(Taking& taking, const v1::SetRoster& command) {
  if (taking.books.organisations.Find(command.organisation_id()) == nullptr) {
    return Unknown("organisation", command.organisation_id());
  }
  return RequireRange("headcount", command.headcount(), {0, kHeadcountMax});
}

}  // namespace meritbook::audit
