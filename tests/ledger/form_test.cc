// The form of each command: every field at its limit and one above.
#include <gtest/gtest.h>

#include "ledger/id.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

constexpr std::string_view kAlive = "at 2021-03-01 08:00\nCreateLedger";

// A rule with one thing to be replaced.
std::string Rule(std::string_view day, std::string_view rates, std::string_view numbers,
                 std::string_view expiry) {
  return Text("PublishRule ", day, " earning { ", rates, " ", numbers, " } ", expiry);
}
constexpr std::string_view kDay = R"(effective_from_day: "2021-01-01")";
constexpr std::string_view kRates = R"(rates { category: "a" points_per_hour: 1 percentage: 1 })";
constexpr std::string_view kNumbers =
    "recording_unit_minutes: 1 credited_minutes_per_day: 1 backdating_days: 0";
constexpr std::string_view kExpiry = "expiry { never {} }";

std::string ManyRates(size_t count) {
  std::string rates;
  for (size_t i = 0; i < count; ++i) {
    rates += Text(R"(rates { category: ")", i, R"(-^60" points_per_hour: 1 percentage: 1 } )");
  }
  return rates;
}

std::string ManyAwards(size_t count) {
  std::string awards;
  for (size_t i = 0; i < count; ++i) {
    awards += Text(R"(awards { award: "a)", i, R"(" points_max: 1 times_per_year: 1 } )");
  }
  return awards;
}

Row Form(std::string name, std::string command, std::string want) {
  return {std::move(name), std::string(kAlive), std::move(command), std::move(want)};
}

Row InTown(std::string name, std::string command, std::string want) {
  return {std::move(name), "use town", std::move(command), std::move(want)};
}

const RuleTable kIds({
    Form("64 characters", R"(OnboardMerchant merchant_id: "m^64" kind: "Az09._:-")", "ok"),
    Form("65 characters", R"(OnboardMerchant merchant_id: "m^65" kind: "a")",
         "ID_MALFORMED command.merchant_id"),
    Form("no characters", R"(OnboardMerchant kind: "a")", "FIELD_MISSING command.merchant_id"),
    Form("a space", R"(OnboardMerchant merchant_id: "a" kind: "b c")", "ID_MALFORMED command.kind"),
    Form("beyond ASCII", R"(OnboardMerchant merchant_id: "包子" kind: "a")",
         "ID_MALFORMED command.merchant_id"),
    Form("a NUL", R"(OnboardMerchant merchant_id: "a\000b" kind: "a")",
         "ID_MALFORMED command.merchant_id"),
    Form("a volunteer's phone",
         R"(RegisterVolunteer volunteer_id: "13800138000" age_band: AGE_BAND_60_PLUS)",
         "PERSONAL_IDENTIFIER command.volunteer_id"),
    Form("a volunteer's identity number",
         R"(RegisterVolunteer volunteer_id: "11010519491231002X" age_band: AGE_BAND_60_PLUS)",
         "PERSONAL_IDENTIFIER command.volunteer_id"),
    Form("freezing a phone", R"(FreezeVolunteer volunteer_id: "13800138000" reason_code: "a")",
         "PERSONAL_IDENTIFIER command.volunteer_id"),
    Form("a principal's phone",
         R"(RegisterPrincipal principal_id: "13800138000" roles: ROLE_AUDITOR key_sha256: "k^32")",
         "PERSONAL_IDENTIFIER command.principal_id"),
    Form(
        "the phone of a principal's volunteer",
        R"(RegisterPrincipal principal_id: "p" roles: ROLE_AUDITOR volunteer_id: "13800138000" key_sha256: "k^32")",
        "PERSONAL_IDENTIFIER command.volunteer_id"),
    Form("revoking a phone", R"(RevokePrincipal principal_id: "13800138000")",
         "PERSONAL_IDENTIFIER command.principal_id"),
    {"hours for a phone", "use town",
     R"(CreditHours record { record_id: "r1" volunteer_id: "13800138000" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 15 } })",
     "PERSONAL_IDENTIFIER command.record.volunteer_id"},
    {"an order for a phone", "use town",
     R"(RedeemNow order_id: "x1" volunteer_id: "13800138000" merchant_id: "bakery" lines { item_id: "bun" quantity: 1 })",
     "PERSONAL_IDENTIFIER command.volunteer_id"},
    Form("a request id of 64", R"(OnboardMerchant #q^64 merchant_id: "a" kind: "a")", "ok"),
    Form("a request id of 65", R"(OnboardMerchant #q^65 merchant_id: "a" kind: "a")",
         "ID_MALFORMED request_id"),
    Form("an empty request id", R"(OnboardMerchant # merchant_id: "a" kind: "a")",
         "ID_MALFORMED request_id"),
    Form("no request id", R"(OnboardMerchant #- merchant_id: "a" kind: "a")",
         "FIELD_MISSING request_id"),
});

const RuleTable kLedger({
    {"a zone", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "America/Argentina/Ushuaia")",
     "ok"},
    {"UTC", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "UTC")", "ok"},
    {"no zone", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "Asia/Linhai")",
     "FIELD_INVALID command.time_zone"},
    {"an empty zone", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "")",
     "FIELD_INVALID command.time_zone"},
    {"the machine's zone", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "localtime")",
     "FIELD_INVALID command.time_zone"},
    {"the C library's zone", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "libc:localtime")",
     "FIELD_INVALID command.time_zone"},
    {"a file", "at 2021-03-01 08:00",
     R"(CreateLedger time_zone: "/usr/share/zoneinfo/Asia/Shanghai")",
     "FIELD_INVALID command.time_zone"},
    {"a path", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "Asia/../Asia/Shanghai")",
     "FIELD_INVALID command.time_zone"},
    {"leap seconds", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "right/Asia/Shanghai")",
     "FIELD_INVALID command.time_zone"},
    {"a long zone", "at 2021-03-01 08:00", R"(CreateLedger time_zone: "A^65")",
     "FIELD_INVALID command.time_zone"},
    {"a recorded time before 1970", "use old_town\nrecorded 1970-01-01 07:59",
     R"(OnboardMerchant merchant_id: "a" kind: "a")", "FIELD_INVALID recorded_us"},
    {"the last recorded time", "use old_town\nat 2200-01-01 08:00\nrecorded 2200-01-01 08:00",
     R"(OnboardMerchant merchant_id: "a" kind: "a")", "ok"},
    {"a recorded time after 2199", "use old_town\nat 2200-01-02 00:00\nrecorded 2200-01-01 08:01",
     R"(OnboardMerchant merchant_id: "a" kind: "a")", "FIELD_INVALID recorded_us"},
});

const RuleTable kRules({
    Form("no day", Rule("", kRates, kNumbers, kExpiry), "FIELD_MISSING command.effective_from_day"),
    Form("no such day", Rule(R"(effective_from_day: "2021-02-29")", kRates, kNumbers, kExpiry),
         "DAY_MALFORMED command.effective_from_day"),
    Form("no earning", R"(PublishRule effective_from_day: "2021-01-01" expiry { never {} })",
         "FIELD_MISSING command.earning"),
    Form("no expiry", Rule(kDay, kRates, kNumbers, ""), "FIELD_MISSING command.expiry"),
    Form("an empty expiry", Rule(kDay, kRates, kNumbers, "expiry {}"),
         "FIELD_MISSING command.expiry.policy"),
    Form("no rate", Rule(kDay, "", kNumbers, kExpiry), "FIELD_INVALID command.earning.rates.size"),
    Form("256 rates", Rule(kDay, ManyRates(kRatesMax), kNumbers, kExpiry), "ok"),
    Form("257 rates", Rule(kDay, ManyRates(kRatesMax + 1), kNumbers, kExpiry),
         "FIELD_INVALID command.earning.rates.size"),
    Form("a category twice", Rule(kDay, Text(kRates, " ", kRates), kNumbers, kExpiry),
         "VALUE_REPEATED command.earning.rates.category"),
    Form("no category", Rule(kDay, "rates { points_per_hour: 1 percentage: 1 }", kNumbers, kExpiry),
         "FIELD_MISSING command.earning.rates.category"),
    Form("the highest rate",
         Rule(kDay, R"(rates { category: "a" points_per_hour: 10000 percentage: 1000 })",
              "recording_unit_minutes: 30 credited_minutes_per_day: 1440 backdating_days: 3660",
              "expiry { rolling_months: 1200 }"),
         "ok"),
    Form("more points",
         Rule(kDay, R"(rates { category: "a" points_per_hour: 10001 percentage: 1 })", kNumbers,
              kExpiry),
         "FIELD_INVALID command.earning.rates.points_per_hour"),
    Form("no points", Rule(kDay, R"(rates { category: "a" percentage: 1 })", kNumbers, kExpiry),
         "FIELD_INVALID command.earning.rates.points_per_hour"),
    Form("more percent",
         Rule(kDay, R"(rates { category: "a" points_per_hour: 1 percentage: 1001 })", kNumbers,
              kExpiry),
         "FIELD_INVALID command.earning.rates.percentage"),
    Form("no percent",
         Rule(kDay, R"(rates { category: "a" points_per_hour: 1 })", kNumbers, kExpiry),
         "FIELD_INVALID command.earning.rates.percentage"),
    Form("quarters of an hour",
         Rule(kDay, kRates,
              "recording_unit_minutes: 15 credited_minutes_per_day: 1 backdating_days: 0", kExpiry),
         "ok"),
    Form("a unit of its own",
         Rule(kDay, kRates,
              "recording_unit_minutes: 10 credited_minutes_per_day: 1 backdating_days: 0", kExpiry),
         "FIELD_INVALID command.earning.recording_unit_minutes"),
    Form("no unit", Rule(kDay, kRates, "credited_minutes_per_day: 1", kExpiry),
         "FIELD_INVALID command.earning.recording_unit_minutes"),
    Form("no cap", Rule(kDay, kRates, "recording_unit_minutes: 1", kExpiry),
         "FIELD_INVALID command.earning.credited_minutes_per_day"),
    Form("a cap above a day",
         Rule(kDay, kRates, "recording_unit_minutes: 1 credited_minutes_per_day: 1441", kExpiry),
         "FIELD_INVALID command.earning.credited_minutes_per_day"),
    Form("a window above ten years",
         Rule(kDay, kRates,
              "recording_unit_minutes: 1 credited_minutes_per_day: 1 backdating_days: 3661",
              kExpiry),
         "FIELD_INVALID command.earning.backdating_days"),
    Form("1,201 months", Rule(kDay, kRates, kNumbers, "expiry { rolling_months: 1201 }"),
         "FIELD_INVALID command.expiry.rolling_months"),
    Form("no months", Rule(kDay, kRates, kNumbers, "expiry { rolling_months: 0 }"),
         "FIELD_INVALID command.expiry.rolling_months"),
    Form("no grace", Rule(kDay, kRates, kNumbers, "expiry { year_end_grace_days: 0 }"), "ok"),
    Form("a year of grace", Rule(kDay, kRates, kNumbers, "expiry { year_end_grace_days: 366 }"),
         "ok"),
    Form("more grace", Rule(kDay, kRates, kNumbers, "expiry { year_end_grace_days: 367 }"),
         "FIELD_INVALID command.expiry.year_end_grace_days"),
});

// One number more in a rule, and what comes of it.
Row Earning(std::string name, std::string_view earning, std::string want) {
  return Form(std::move(name), RuleFrom("2021-01-01", earning), std::move(want));
}
Row Expiry(std::string name, std::string_view expiry, std::string want) {
  return Form(std::move(name), RuleFrom("2021-01-01", "", expiry), std::move(want));
}
Row Review(std::string name, std::string_view review, std::string want) {
  return Form(std::move(name), RuleFrom("2021-01-01", "", "never {}", review), std::move(want));
}

const RuleTable kRulesOfReview({
    Earning("all goes without a review", "auto_minutes_per_day: 1440", "ok"),
    Earning("more than a day goes", "auto_minutes_per_day: 1441",
            "FIELD_INVALID command.earning.auto_minutes_per_day"),
    Earning("a year to mature", "maturity_days: 366", "ok"),
    Earning("a longer time to mature", "maturity_days: 367",
            "FIELD_INVALID command.earning.maturity_days"),
    Earning("a minute a month", "credited_minutes_per_month: 1", "ok"),
    Earning("no minute a month", "credited_minutes_per_month: 0",
            "FIELD_INVALID command.earning.credited_minutes_per_month"),
    Earning("a whole month", "credited_minutes_per_month: 44640", "ok"),
    Earning("more than a month", "credited_minutes_per_month: 44641",
            "FIELD_INVALID command.earning.credited_minutes_per_month"),
    Earning("a minute an activity", "credited_minutes_per_activity: 1", "ok"),
    Earning("no minute an activity", "credited_minutes_per_activity: 0",
            "FIELD_INVALID command.earning.credited_minutes_per_activity"),
    Earning("ten million minutes an activity", "credited_minutes_per_activity: 10000000", "ok"),
    Earning("more minutes an activity", "credited_minutes_per_activity: 10000001",
            "FIELD_INVALID command.earning.credited_minutes_per_activity"),
    Earning("old records earn", "backfill_earns: true", "ok"),
    Earning("64 awards", ManyAwards(kAwardsMax), "ok"),
    Earning("65 awards", ManyAwards(kAwardsMax + 1), "FIELD_INVALID command.earning.awards.size"),
    Earning("an award twice", ManyAwards(1) + ManyAwards(1),
            "VALUE_REPEATED command.earning.awards.award"),
    Earning("no award's name", "awards { points_max: 1 times_per_year: 1 }",
            "FIELD_MISSING command.earning.awards.award"),
    Earning("an award's form", R"(awards { award: "a b" points_max: 1 times_per_year: 1 })",
            "ID_MALFORMED command.earning.awards.award"),
    Earning("a million points and each day",
            R"(awards { award: "a" points_max: 1000000 times_per_year: 366 })", "ok"),
    Earning("more points of an award",
            R"(awards { award: "a" points_max: 1000001 times_per_year: 1 })",
            "FIELD_INVALID command.earning.awards.points_max"),
    Earning("no points of an award", R"(awards { award: "a" times_per_year: 1 })",
            "FIELD_INVALID command.earning.awards.points_max"),
    Earning("more often", R"(awards { award: "a" points_max: 1 times_per_year: 367 })",
            "FIELD_INVALID command.earning.awards.times_per_year"),
    Earning("never honoured", R"(awards { award: "a" points_max: 1 })",
            "FIELD_INVALID command.earning.awards.times_per_year"),
    Expiry("a year of grace once", "rolling_months: 1 grace_days: 366", "ok"),
    Expiry("more grace once", "rolling_months: 1 grace_days: 367",
           "FIELD_INVALID command.expiry.grace_days"),
    Expiry("counted from crediting", "rolling_months: 1 from_crediting: true", "ok"),
    Review("no limits", "", "ok"),
    Review("the lowest limits",
           "late_submission_days: 0 revocation_points_max: 0 late_correction_days: 0", "ok"),
    Review(
        "the highest limits",
        "late_submission_days: 3660 revocation_points_max: 1000000000 late_correction_days: 3660",
        "ok"),
    Review("submitted later", "late_submission_days: 3661",
           "FIELD_INVALID command.review.late_submission_days"),
    Review("more points to revoke", "revocation_points_max: 1000000001",
           "FIELD_INVALID command.review.revocation_points_max"),
    Review("corrected later", "late_correction_days: 3661",
           "FIELD_INVALID command.review.late_correction_days"),
});

const RuleTable kParties({
    Form("a principal without a role", R"(RegisterPrincipal principal_id: "p" key_sha256: "k^32")",
         "FIELD_INVALID command.roles.size"),
    Form(
        "more roles than there can be",
        R"(RegisterPrincipal principal_id: "p" roles: [1, 2, 5, 1, 2, 5, 1, 2, 5] key_sha256: "k^32")",
        "FIELD_INVALID command.roles.size"),
    Form(
        "a role twice",
        R"(RegisterPrincipal principal_id: "p" roles: ROLE_AUDITOR roles: ROLE_AUDITOR key_sha256: "k^32")",
        "VALUE_REPEATED command.roles"),
    Form("no role's name",
         R"(RegisterPrincipal principal_id: "p" roles: ROLE_UNSPECIFIED key_sha256: "k^32")",
         "FIELD_INVALID command.roles"),
    Form("a role of the future",
         R"(RegisterPrincipal principal_id: "p" roles: 99 key_sha256: "k^32")",
         "FIELD_INVALID command.roles"),
    Form("a platform without a source",
         R"(RegisterPrincipal principal_id: "p" roles: ROLE_PLATFORM key_sha256: "k^32")",
         "FIELD_MISSING command.source"),
    Form(
        "a platform",
        R"(RegisterPrincipal principal_id: "p" roles: ROLE_PLATFORM source: "app" key_sha256: "k^32")",
        "ok"),
    Form("a till without a merchant",
         R"(RegisterPrincipal principal_id: "p" roles: ROLE_MERCHANT key_sha256: "k^32")",
         "FIELD_MISSING command.merchant_id"),
    Form(
        "platform and till at once",
        R"(RegisterPrincipal principal_id: "p" roles: ROLE_PLATFORM source: "app" merchant_id: "m" key_sha256: "k^32")",
        "FIELD_INVALID command.source"),
    Form(
        "a source's form",
        R"(RegisterPrincipal principal_id: "p" roles: ROLE_PLATFORM source: "a b" key_sha256: "k^32")",
        "ID_MALFORMED command.source"),
    Form(
        "a merchant's form",
        R"(RegisterPrincipal principal_id: "p" roles: ROLE_MERCHANT merchant_id: "a b" key_sha256: "k^32")",
        "ID_MALFORMED command.merchant_id"),
    Form("a short key",
         R"(RegisterPrincipal principal_id: "p" roles: ROLE_AUDITOR key_sha256: "k^31")",
         "FIELD_INVALID command.key_sha256.size"),
    Form("a long key",
         R"(RegisterPrincipal principal_id: "p" roles: ROLE_AUDITOR key_sha256: "k^33")",
         "FIELD_INVALID command.key_sha256.size"),
    Form("a volunteer of no age", R"(RegisterVolunteer volunteer_id: "v")",
         "FIELD_INVALID command.age_band"),
    Form("a volunteer of the future's age", R"(RegisterVolunteer volunteer_id: "v" age_band: 9)",
         "FIELD_INVALID command.age_band"),
    Form(
        "a cohort twice",
        R"(RegisterVolunteer volunteer_id: "v" cohorts: COHORT_PARTY cohorts: COHORT_PARTY age_band: AGE_BAND_60_PLUS)",
        "VALUE_REPEATED command.cohorts"),
    Form(
        "no cohort's name",
        R"(RegisterVolunteer volunteer_id: "v" cohorts: COHORT_UNSPECIFIED age_band: AGE_BAND_60_PLUS)",
        "FIELD_INVALID command.cohorts"),
    Form(
        "more cohorts than there can be",
        R"(RegisterVolunteer volunteer_id: "v" cohorts: [1, 2, 1, 2, 1, 2, 1, 2, 1] age_band: AGE_BAND_60_PLUS)",
        "FIELD_INVALID command.cohorts.size"),
    Form("a volunteer's organisation's form",
         R"(RegisterVolunteer volunteer_id: "v" organisation_id: "" age_band: AGE_BAND_60_PLUS)",
         "FIELD_MISSING command.organisation_id"),
    Form("freezing without a reason", R"(FreezeVolunteer volunteer_id: "v")",
         "FIELD_MISSING command.reason_code"),
    Form("an organisation of no kind", R"(RegisterOrganisation organisation_id: "o")",
         "FIELD_INVALID command.kind"),
    Form(
        "a full roster",
        R"(RegisterOrganisation organisation_id: "o" kind: ORGANISATION_KIND_STATION headcount: 10000000)",
        "ok"),
    Form(
        "a fuller roster",
        R"(RegisterOrganisation organisation_id: "o" kind: ORGANISATION_KIND_STATION headcount: 10000001)",
        "FIELD_INVALID command.headcount"),
    Form("unfreezing a phone", R"(UnfreezeVolunteer volunteer_id: "13800138000" reason_code: "a")",
         "PERSONAL_IDENTIFIER command.volunteer_id"),
    Form("unfreezing nobody", R"(UnfreezeVolunteer reason_code: "a")",
         "FIELD_MISSING command.volunteer_id"),
    Form("unfreezing without a reason", R"(UnfreezeVolunteer volunteer_id: "v")",
         "FIELD_MISSING command.reason_code"),
    Form("closing a phone",
         R"(CloseVolunteer volunteer_id: "13800138000" reason: CLOSE_REASON_DIED)",
         "PERSONAL_IDENTIFIER command.volunteer_id"),
    Form("closing without a reason", R"(CloseVolunteer volunteer_id: "v")",
         "FIELD_INVALID command.reason"),
    Form("closing for a reason of the future", R"(CloseVolunteer volunteer_id: "v" reason: 9)",
         "FIELD_INVALID command.reason"),
    Form("a roster of nobody", R"(SetRoster headcount: 1)",
         "FIELD_MISSING command.organisation_id"),
    InTown("a full roster now", R"(SetRoster organisation_id: "o1" headcount: 10000000)", "ok"),
    Form("a fuller roster now", R"(SetRoster organisation_id: "o1" headcount: 10000001)",
         "FIELD_INVALID command.headcount"),
    Form("reviewing nothing", R"(ReviewActivity verdict: VERDICT_APPROVE reason_code: "a")",
         "FIELD_MISSING command.activity_id"),
    Form("reviewing without a verdict", R"(ReviewActivity activity_id: "a" reason_code: "a")",
         "FIELD_INVALID command.verdict"),
    Form("reviewing with a verdict of the future",
         R"(ReviewActivity activity_id: "a" verdict: 9 reason_code: "a")",
         "FIELD_INVALID command.verdict"),
    Form("reviewing without a reason",
         R"(ReviewActivity activity_id: "a" verdict: VERDICT_APPROVE)",
         "FIELD_MISSING command.reason_code"),
    Form("closing nothing", "CloseActivity", "FIELD_MISSING command.activity_id"),
    Form("an activity's form, closing", R"(CloseActivity activity_id: "a b")",
         "ID_MALFORMED command.activity_id"),
    Form("cancelling nothing", R"(CancelActivity reason_code: "a")",
         "FIELD_MISSING command.activity_id"),
    Form("cancelling without a reason", R"(CancelActivity activity_id: "a")",
         "FIELD_MISSING command.reason_code"),
    InTown(
        "an activity for one",
        R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 1 capacity: 1)",
        "ok"),
    InTown(
        "for nobody",
        R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 1 capacity: 0)",
        "FIELD_INVALID command.capacity"),
    InTown(
        "for a million",
        R"(SubmitActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 1 capacity: 1000000)",
        "ok"),
    InTown(
        "for more",
        R"(SubmitActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 1 capacity: 1000001)",
        "FIELD_INVALID command.capacity"),
    InTown("a submitted one without an id",
           R"(SubmitActivity organisation_id: "o1" category: "c" starts_us: 1)",
           "FIELD_MISSING command.activity_id"),
    InTown("a submitted one of nobody",
           R"(SubmitActivity activity_id: "a" category: "c" starts_us: 1)",
           "FIELD_MISSING command.organisation_id"),
    InTown("a submitted one without a category",
           R"(SubmitActivity activity_id: "a" organisation_id: "o1" starts_us: 1)",
           "FIELD_MISSING command.category"),
    InTown("a submitted one without a start",
           R"(SubmitActivity activity_id: "a" organisation_id: "o1" category: "c")",
           "FIELD_INVALID command.starts_us"),
    InTown(
        "a submitted one that ends when it starts",
        R"(SubmitActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 2 ends_us: 2)",
        "TIMES_REVERSED command.ends_us"),
    InTown(
        "a submitted one's site's form",
        R"(SubmitActivity activity_id: "a" organisation_id: "o1" category: "c" site: "a b" starts_us: 1)",
        "ID_MALFORMED command.site"),
    InTown("an activity without a start",
           R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c")",
           "FIELD_INVALID command.starts_us"),
    InTown("an activity without a category",
           R"(RegisterActivity activity_id: "a" organisation_id: "o1" starts_us: 1)",
           "FIELD_MISSING command.category"),
    InTown(
        "an activity that ends after it starts",
        R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c" site: "x" starts_us: 1 ends_us: 2)",
        "ok"),
    InTown(
        "an activity that ends when it starts",
        R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 2 ends_us: 2)",
        "TIMES_REVERSED command.ends_us"),
    InTown(
        "an activity until 2200",
        R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 1 ends_us: 7258118400000000)",
        "ok"),
    InTown(
        "an activity for longer",
        R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c" starts_us: 1 ends_us: 7258118400000001)",
        "FIELD_INVALID command.ends_us"),
    InTown(
        "a site's form",
        R"(RegisterActivity activity_id: "a" organisation_id: "o1" category: "c" site: "a b" starts_us: 1)",
        "ID_MALFORMED command.site"),
    InTown(
        "a session's day",
        R"(RegisterSession session_id: "s" activity_id: "patrol" service_day: "2021-3-05" starts_us: 1 ends_us: 2)",
        "DAY_MALFORMED command.service_day"),
    InTown(
        "a session that ends when it starts",
        R"(RegisterSession session_id: "s" activity_id: "patrol" service_day: "2021-03-05" starts_us: 2 ends_us: 2)",
        "TIMES_REVERSED command.ends_us"),
    InTown(
        "a session's slot",
        R"(RegisterSession session_id: "s" activity_id: "patrol" service_day: "2021-03-05" slot: "a b" starts_us: 1 ends_us: 2)",
        "ID_MALFORMED command.slot"),
    InTown(
        "a session's site",
        R"(RegisterSession session_id: "s" activity_id: "patrol" service_day: "2021-03-05" site: "a b" starts_us: 1 ends_us: 2)",
        "ID_MALFORMED command.site"),
});

TEST(Form, Ids) { kIds.Run(); }
TEST(Form, Ledger) { kLedger.Run(); }
TEST(Form, Rules) { kRules.Run(); }
TEST(Form, RulesOfReview) { kRulesOfReview.Run(); }
TEST(Form, Parties) { kParties.Run(); }

TEST(Form, APersonalIdentifierIsNotRepeatedInTheRefusal) {
  Script script;
  script.Run(R"(RegisterVolunteer volunteer_id: "13800138000" age_band: AGE_BAND_60_PLUS)");
  const Refused& refused = script.refused();
  EXPECT_EQ(refused.message.find("13800138000"), std::string::npos);
  for (const auto& [key, value] : refused.metadata) {
    EXPECT_EQ(value.find("13800138000"), std::string::npos) << key;
  }
}

// Fields that this version doesn't know travel along, but not so many that the event can't be
// stored.
TEST(Form, ACommandHasSoManyBytesAtMost) {
  Script script;
  script.Given("use town");
  const Caller app{"app", "app", "", ""};
  auto salt = [] { return uint64_t{1}; };
  for (const size_t above : {size_t{0}, size_t{1}}) {
    v1::OnboardMerchant command;
    command.set_merchant_id("inn");
    command.set_kind("lodging");
    std::string* unknown =
        command.GetReflection()->MutableUnknownFields(&command)->AddLengthDelimited(99);
    unknown->assign(kCommandBytesMax - 100, 'x');
    unknown->append(kCommandBytesMax + above - command.ByteSizeLong(), 'x');
    ASSERT_EQ(command.ByteSizeLong(), kCommandBytesMax + above);
    const auto prepared = Prepare(app, &command, "q", std::nullopt);
    if (above == 0) {
      Ledger ledger("linhai");
      for (const std::string& event : script.events()) ASSERT_TRUE(ledger.Replay(event).ok());
      const Answer answer =
          ledger.Execute(std::get<Command>(prepared), {script.Micros("2021-03-10 08:00"), salt},
                         [](std::string_view) {});
      EXPECT_TRUE(std::holds_alternative<Accepted>(answer));
    } else {
      ASSERT_TRUE(std::holds_alternative<Refused>(prepared));
      EXPECT_EQ(std::get<Refused>(prepared).reason, v1::REFUSAL_FIELD_INVALID);
      EXPECT_EQ(std::get<Refused>(prepared).field, "command");
    }
  }
}

}  // namespace
}  // namespace meritbook
