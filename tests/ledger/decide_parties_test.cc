// Who takes part, the rules, and the ledger's own life: every rule as a row.
#include <gtest/gtest.h>

#include "ledger/units.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

const std::string kRule =
    R"(earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 } expiry { never {} })";

const RuleTable kRules({
    // The ledger's life.
    {"a ledger is founded", "at 2021-03-01 08:00", "CreateLedger", "ok"},
    {"once", "use town", "CreateLedger", "LEDGER_EXISTS ledger_id"},
    {"before anything else", "at 2021-03-01 08:00",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")", "LEDGER_UNKNOWN ledger_id"},
    {"hours before anything else", "at 2021-03-01 08:00\nby app source=app",
     R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
     "LEDGER_UNKNOWN ledger_id"},
    {"a live ledger is founded on its own clock", "at 2021-03-01 08:00\nrecorded 2021-03-01 08:00",
     "CreateLedger", "RECORDED_TIME_NOT_ALLOWED recorded_us"},
    {"a migrating one at a stated time", "at 2021-03-01 08:00", "CreateLedger migrating: true",
     "RECORDED_TIME_MISSING recorded_us"},
    {"in 1970 if need be", "at 2021-03-01 08:00\nrecorded 1970-01-01 08:00",
     "CreateLedger migrating: true", "ok"},
    {"a live ledger has a clock of its own", "use town\nrecorded 2021-03-10 08:00",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")",
     "RECORDED_TIME_NOT_ALLOWED recorded_us"},
    {"a migrating one has none", "use old_town\nrecorded -",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")", "RECORDED_TIME_MISSING recorded_us"},
    {"at the same time again", "use old_town",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")", "ok"},
    {"not before", "use old_town\nrecorded 2021-03-01 07:59",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")",
     "RECORDED_TIME_BACKWARDS recorded_us"},
    {"up to the wall clock", "use old_town\nrecorded 2022-01-01 00:00",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")", "ok"},
    {"not beyond", "use old_town\nrecorded 2022-01-01 00:01",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")",
     "RECORDED_TIME_IN_FUTURE recorded_us"},
    {"the end of migration", "use old_town", "FinishMigration", "ok"},
    {"a second end", "use old_town\nFinishMigration\nrecorded -", "FinishMigration",
     "NOT_MIGRATING ledger_id"},
    {"a live ledger never migrates", "use town", "FinishMigration", "NOT_MIGRATING ledger_id"},

    // The order of checks: who asks, what was asked before, the rest; the recorded order last.
    {"who asks comes before the ledger's existence", "at 2021-03-01 08:00\nby clerk",
     R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 120 } })",
     "SOURCE_MISSING"},
    {"who asks comes before the recorded time",
     "use old_town\nrecorded -\nby till merchant=teahouse",
     R"(RedeemNow order_id: "x1" volunteer_id: "ann" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "MERCHANT_NOT_YOURS"},
    {"a row in the past repeats its own reason", "use old_town\nrecorded 2021-03-01 07:59",
     R"(OnboardMerchant merchant_id: "bakery" kind: "food")", "MERCHANT_EXISTS"},
    {"a row in the future does not", "use old_town\nrecorded 2022-01-01 00:01",
     R"(OnboardMerchant merchant_id: "bakery" kind: "food")", "RECORDED_TIME_IN_FUTURE"},
    {"hours in the past repeat their own reason",
     R"(use old_town
OnboardMerchant merchant_id: "inn" kind: "lodging"
recorded 2021-03-05 12:00)",
     R"(CreditHours record { record_id: "r1" volunteer_id: "ann" activity_id: "patrol" interval { start_us: @2021-03-05T11:00 end_us: @2021-03-05T13:00 } })",
     "SERVICE_IN_FUTURE"},

    // Rules.
    {"a rule from a later day on", "use town",
     R"(PublishRule effective_from_day: "2021-06-01" )" + kRule, "ok"},
    {"from the same day on", "use town", R"(PublishRule effective_from_day: "2021-01-01" )" + kRule,
     "ok"},
    {"not from an earlier one on", "use town",
     R"(PublishRule effective_from_day: "2020-12-31" )" + kRule,
     "RULE_BACKDATED command.effective_from_day"},

    // Principals.
    {"a principal is registered", "use town",
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32")", "ok"},
    {"once",
     R"(use town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32")",
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_OPERATOR key_sha256: "k^32")",
     "PRINCIPAL_EXISTS command.principal_id"},
    {"with a merchant that there is", "use town",
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_MERCHANT merchant_id: "bakery" key_sha256: "k^32")",
     "ok"},
    {"with a merchant that there isn't", "use town",
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_MERCHANT merchant_id: "inn" key_sha256: "k^32")",
     "MERCHANT_UNKNOWN command.merchant_id"},
    {"who is a volunteer", "use town",
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR volunteer_id: "ann" key_sha256: "k^32")",
     "ok"},
    {"who is nobody known", "use town",
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR volunteer_id: "eve" key_sha256: "k^32")",
     "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"access is ended",
     R"(use town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32")",
     R"(RevokePrincipal principal_id: "p1")", "ok"},
    {"of somebody", "use town", R"(RevokePrincipal principal_id: "p1")",
     "PRINCIPAL_UNKNOWN command.principal_id"},
    {"once only",
     R"(use town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32"
RevokePrincipal principal_id: "p1")",
     R"(RevokePrincipal principal_id: "p1")", "PRINCIPAL_UNKNOWN command.principal_id"},
    {"and the id is never given out again",
     R"(use town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32"
RevokePrincipal principal_id: "p1")",
     R"(RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32")",
     "PRINCIPAL_EXISTS command.principal_id"},

    {"a principal of the ledger may ask",
     R"(use town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32"
by p1 of_ledger=yes)",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")", "ok"},
    {"until she is revoked, which holds for what waits already",
     R"(use town
RegisterPrincipal principal_id: "p1" roles: ROLE_AUDITOR key_sha256: "k^32"
RevokePrincipal principal_id: "p1"
by p1 of_ledger=yes)",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")", "UNAUTHENTICATED authorization"},
    {"a principal of another ledger", "use town\nby p1 of_ledger=yes",
     R"(OnboardMerchant merchant_id: "inn" kind: "lodging")", "UNAUTHENTICATED authorization"},

    // Volunteers.
    {"a volunteer", "use town",
     R"(RegisterVolunteer volunteer_id: "eve" cohorts: COHORT_PARTY cohorts: COHORT_LEAGUE organisation_id: "o1" age_band: AGE_BAND_14_TO_17)",
     "ok"},
    {"once", "use town", R"(RegisterVolunteer volunteer_id: "ann" age_band: AGE_BAND_60_PLUS)",
     "VOLUNTEER_EXISTS command.volunteer_id"},
    {"of an organisation that there isn't", "use town",
     R"(RegisterVolunteer volunteer_id: "eve" organisation_id: "o9" age_band: AGE_BAND_60_PLUS)",
     "ORGANISATION_UNKNOWN command.organisation_id"},
    {"a child with consent", "use town",
     R"(RegisterVolunteer volunteer_id: "eve" age_band: AGE_BAND_UNDER_14 guardian_consent: true)",
     "ok"},
    {"a child without", "use town",
     R"(RegisterVolunteer volunteer_id: "eve" age_band: AGE_BAND_UNDER_14)",
     "GUARDIAN_CONSENT_MISSING command.guardian_consent"},
    {"freezing", "use town", R"(FreezeVolunteer volunteer_id: "ann" reason_code: "audit")", "ok"},
    {"freezing nobody", "use town", R"(FreezeVolunteer volunteer_id: "eve" reason_code: "audit")",
     "VOLUNTEER_UNKNOWN command.volunteer_id"},
    {"freezing the frozen",
     R"(use town
FreezeVolunteer volunteer_id: "ann" reason_code: "audit")",
     R"(FreezeVolunteer volunteer_id: "ann" reason_code: "theft")",
     "VOLUNTEER_FROZEN command.volunteer_id"},

    // Organisations, activities, sessions.
    {"an organisation", "use town",
     R"(RegisterOrganisation organisation_id: "o2" kind: ORGANISATION_KIND_UNIT headcount: 0)",
     "ok"},
    {"once", "use town",
     R"(RegisterOrganisation organisation_id: "o1" kind: ORGANISATION_KIND_UNIT)",
     "ORGANISATION_EXISTS command.organisation_id"},
    {"an activity once", "use town",
     R"(RegisterActivity activity_id: "patrol" organisation_id: "o1" category: "traffic" starts_us: 1)",
     "ACTIVITY_EXISTS command.activity_id"},
    {"an activity of nobody", "use town",
     R"(RegisterActivity activity_id: "parade" organisation_id: "o9" category: "traffic" starts_us: 1)",
     "ORGANISATION_UNKNOWN command.organisation_id"},
    {"a session once", "use town",
     R"(RegisterSession session_id: "s1" activity_id: "patrol" service_day: "2021-03-05" starts_us: 1 ends_us: 2)",
     "SESSION_EXISTS command.session_id"},
    {"a session of nothing", "use town",
     R"(RegisterSession session_id: "s9" activity_id: "parade" service_day: "2021-03-05" starts_us: 1 ends_us: 2)",
     "ACTIVITY_UNKNOWN command.activity_id"},
});

TEST(DecideParties, Rules) { kRules.Run(); }

TEST(LedgerLife, TheTimeZoneIsFixedAtTheStart) {
  Script script;
  script.Given("at 2021-03-01 08:00\nCreateLedger");
  EXPECT_EQ(script.last_event().ledger_created().time_zone(), "Asia/Shanghai");
  EXPECT_EQ(script.state().ledger().time_zone, "Asia/Shanghai");
  Script other;
  other.Given("at 2021-03-01 08:00\nCreateLedger time_zone: \"Europe/Rome\"");
  EXPECT_EQ(other.state().ledger().time_zone, "Europe/Rome");
}

TEST(LedgerLife, TheClockNeverGoesBack) {
  Script script;
  script.Given(R"(use town
OnboardMerchant merchant_id: "inn" kind: "lodging"
at 2021-03-09 00:00
OnboardMerchant merchant_id: "den" kind: "lodging")");
  EXPECT_EQ(script.last_event().recorded_us(), script.Micros("2021-03-10 08:00"));
}

TEST(LedgerLife, FinishingAMigrationHandsTheClockOver) {
  Script script;
  script.Given(R"(use old_town
FinishMigration
recorded -
OnboardMerchant merchant_id: "inn" kind: "lodging")");
  EXPECT_EQ(script.last_event().recorded_us(), script.Micros("2022-01-01 00:00"));
}

// No number of credits of a test comes near, so the state is set up by hand.
TEST(LedgerLife, IssuesSoMuchAtMost) {
  Script town;
  town.Given("use town");
  for (const int64_t missing : {0, 1}) {
    Ledger ledger("linhai");
    for (const std::string& event : town.events()) ASSERT_TRUE(ledger.Replay(event).ok());
    const int64_t units = 25 * kUnitsPerPoint;
    LedgerRow& row = ledger.mutable_state().MutableLedger();
    row.issued_units = -(kIssuedUnitsMax - units + missing);
    row.expired_units = -row.issued_units;

    const Caller app{"app", "app", "", ""};
    v1::CreditHours credit;
    v1::ServiceRecord* record = credit.mutable_record();
    record->set_record_id("r1");
    record->set_volunteer_id("ann");
    record->set_activity_id("patrol");
    record->mutable_duration()->set_service_day("2021-03-05");
    record->mutable_duration()->set_minutes(60);
    const auto command = Prepare(app, &credit, std::nullopt, std::nullopt);
    auto salt = [] { return uint64_t{1}; };
    const Answer answer =
        ledger.Execute(std::get<Command>(command), {town.Micros("2021-03-10 08:00"), salt},
                       [](std::string_view) {});
    if (missing == 0) {
      EXPECT_TRUE(std::holds_alternative<Accepted>(answer));
      EXPECT_EQ(ledger.state().ledger().issued_units, -kIssuedUnitsMax);
    } else {
      ASSERT_TRUE(std::holds_alternative<Refused>(answer));
      EXPECT_EQ(std::get<Refused>(answer).reason, v1::REFUSAL_AMOUNT_OVERFLOW);
    }
  }
}

}  // namespace
}  // namespace meritbook
