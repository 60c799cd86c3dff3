// What a client can send wrongly: a row each, and that nothing of it is ever written.
#include <gtest/gtest.h>

#include <vector>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

using google::protobuf::TextFormat;

struct Row {
  const char* name;
  std::string changed;  // text format, merged into the sound request
  std::string want;
};

// Each row against the sound request, which then has to be taken itself: so it is the change alone
// that is refused.
template <typename Request>
void ExpectRefused(const Town& town, const Client& client, const Request& sound,
                   const std::vector<Row>& rows) {
  const uint64_t size = town.Size();
  for (const Row& row : rows) {
    Request request = sound;
    ASSERT_TRUE(TextFormat::MergeFromString(row.changed, &request)) << row.name;
    EXPECT_EQ(client.Call(request), row.want) << row.name;
  }
  EXPECT_EQ(town.Size(), size) << "a refused call left something behind";
  EXPECT_EQ(client.Call(sound), "OK");
}

std::string Quoted(const std::string& id) { return Text("'", id, "'"); }

std::string Interval(int64_t start_us, int64_t end_us) {
  return Text("command { record { interval { start_us: ", start_us, " end_us: ", end_us, " } } }");
}

// What any id of a command, or of the message `of` in it, is refused for; one of a person's too.
std::vector<Row> IdRows(const std::string& field, bool person, const std::string& of = "") {
  const auto at = [&](const std::string& id) {
    const std::string set = Text(field, ": ", Quoted(id));
    return Text("command { ", of.empty() ? set : Text(of, " { ", set, " }"), " }");
  };
  const std::string path = Text("command.", of, of.empty() ? "" : ".", field);
  std::vector<Row> rows = {
      {"empty", at(""), "INVALID_ARGUMENT FIELD_MISSING " + path},
      {"space", at("a b"), "INVALID_ARGUMENT ID_MALFORMED " + path},
      {"slash", at("a/b"), "INVALID_ARGUMENT ID_MALFORMED " + path},
      {"newline", at("a\\n"), "INVALID_ARGUMENT ID_MALFORMED " + path},
      {"Chinese", at("\xe5\xbc\xa0"), "INVALID_ARGUMENT ID_MALFORMED " + path},
      {"NUL", at("a\\000"), "INVALID_ARGUMENT ID_MALFORMED " + path},
      {"65 characters", at(std::string(65, 'a')), "INVALID_ARGUMENT ID_MALFORMED " + path},
      {"32,000 characters", at(std::string(32'000, 'a')), "INVALID_ARGUMENT ID_MALFORMED " + path},
      {"more than a command may have", at(std::string(33'000, 'a')),
       "INVALID_ARGUMENT FIELD_INVALID command"},
  };
  if (!person) return rows;
  for (const char* id : {"13800138000", "19912345678", "33108219900307018X", "33108219900307018x",
                         "331082199003070008"}) {
    rows.push_back({id, at(id), "INVALID_ARGUMENT PERSONAL_IDENTIFIER " + path});
  }
  return rows;
}

class BadInput : public testing::Test {
 protected:
  Town town_;
};

TEST_F(BadInput, Credit) {
  const Client& platform = town_.platform();
  // What the records below collide with: 12:00 to 13:00 four days ago, a day of 1,440 minutes.
  auto noon = Credit("noon", "ann", 4, 60);
  *noon.mutable_command()->mutable_record()->mutable_interval() = Parse<v1::ServiceInterval>(
      Text("start_us: ", InstantUs(4, 12, 0), " end_us: ", InstantUs(4, 13, 0)));
  ASSERT_EQ(platform.Call(noon), "OK");
  ASSERT_EQ(platform.Call(Credit("whole-day", "ann", 6, 1'440)), "OK");
  ASSERT_EQ(platform.Call(Parse<v1::RegisterActivityRequest>(
                Text("request_id: 'short' command { activity_id: 'short' organisation_id: 'beach' "
                     "category: 'traffic_courtesy' starts_us: ",
                     InstantUs(10, 0, 0), " ends_us: ", InstantUs(8, 0, 0), " }"))),
            "OK");
  ASSERT_EQ(platform.Call(Parse<v1::RegisterActivityRequest>(
                Text("request_id: 'odd' command { activity_id: 'odd' organisation_id: 'beach' "
                     "category: 'unknown_category' starts_us: ",
                     InstantUs(50, 0, 0), " }"))),
            "OK");
  const auto minutes = [](const std::string& value) {
    return Text("command { record { duration { minutes: ", value, " } } }");
  };
  const auto day = [](const std::string& value) {
    return Text("command { record { duration { service_day: '", value, "' } } }");
  };
  const int64_t minute_us = 60'000'000;
  const int64_t eight = InstantUs(2, 8, 0);
  const int64_t this_minute = NowUs() / minute_us * minute_us;
  const std::string field_invalid = "INVALID_ARGUMENT FIELD_INVALID ";
  const std::string failed = "FAILED_PRECONDITION ";

  std::vector<Row> rows = {
      {"unknown ledger", "ledger_id: 'nowhere'", "NOT_FOUND LEDGER_UNKNOWN ledger_id"},
      {"unknown volunteer", "command { record { volunteer_id: 'nobody' } }",
       "NOT_FOUND VOLUNTEER_UNKNOWN command.record.volunteer_id"},
      {"unknown activity", "command { record { activity_id: 'nothing' } }",
       "NOT_FOUND ACTIVITY_UNKNOWN command.record.activity_id"},
      {"unknown session", "command { record { session_id: 'never' } }",
       "NOT_FOUND SESSION_UNKNOWN command.record.session_id"},
      {"session of another activity",
       Text("command { record { activity_id: 'short' session_id: '", kSession, "' } }"),
       failed + "SESSION_NOT_OF_ACTIVITY command.record.session_id"},
      {"on another day than the session",
       Text("command { record { session_id: '", kSession, "' } }"),
       failed + "SERVICE_OUTSIDE_SESSION command.record.duration"},
      {"category without a rate", "command { record { activity_id: 'odd' } }",
       failed + "CATEGORY_UNKNOWN command.record.activity_id"},
      {"before the activity",
       "command { record { activity_id: 'short' duration { service_day: '" + DaysAgo(11) +
           "' } } }",
       failed + "SERVICE_BEFORE_ACTIVITY command.record.duration"},
      {"after the activity", "command { record { activity_id: 'short' } }",
       failed + "SERVICE_AFTER_ACTIVITY command.record.duration"},
      {"no minutes", minutes("0"), field_invalid + "command.record.duration.minutes"},
      {"more than a day", minutes("1441"), field_invalid + "command.record.duration.minutes"},
      {"most minutes there are", minutes("4294967295"),
       field_invalid + "command.record.duration.minutes"},
      {"no multiple of a quarter", minutes("61"),
       failed + "MINUTES_OFF_UNIT command.record.duration"},
      {"one minute", minutes("1"), failed + "MINUTES_OFF_UNIT command.record.duration"},
      {"no day", day(""), "INVALID_ARGUMENT FIELD_MISSING command.record.duration.service_day"},
      {"short day", day("2026-1-2"),
       "INVALID_ARGUMENT DAY_MALFORMED command.record.duration.service_day"},
      {"30 February", day("2026-02-30"),
       "INVALID_ARGUMENT DAY_MALFORMED command.record.duration.service_day"},
      {"before 1970", day("1969-12-31"),
       "INVALID_ARGUMENT DAY_MALFORMED command.record.duration.service_day"},
      {"tomorrow", day(DaysAgo(-1)), failed + "SERVICE_IN_FUTURE command.record.duration"},
      {"too old", day(DaysAgo(91)), failed + "SERVICE_TOO_OLD command.record.duration"},
      {"before any rule", day("2019-12-31"), failed + "RULE_MISSING command.record.duration"},
      {"day full", day(DaysAgo(6)), failed + "DAY_OVERFULL command.record.duration"},
      {"no length", Interval(eight, eight),
       "INVALID_ARGUMENT TIMES_REVERSED command.record.interval.end_us"},
      {"end before start", Interval(eight, eight - minute_us),
       "INVALID_ARGUMENT TIMES_REVERSED command.record.interval.end_us"},
      {"seconds in the start", Interval(eight + 1'000'000, eight + 60 * minute_us),
       "INVALID_ARGUMENT TIME_NOT_WHOLE_MINUTE command.record.interval.start_us"},
      {"a microsecond in the end", Interval(eight, eight + 60 * minute_us + 1),
       "INVALID_ARGUMENT TIME_NOT_WHOLE_MINUTE command.record.interval.end_us"},
      {"odd clock minutes", Interval(eight, eight + 61 * minute_us),
       failed + "MINUTES_OFF_UNIT command.record.interval"},
      {"more than a week", Interval(eight - 8 * 1'440 * minute_us, eight),
       field_invalid + "command.record.interval.minutes"},
      {"ends in the future", Interval(this_minute - 30 * minute_us, this_minute + 30 * minute_us),
       failed + "SERVICE_IN_FUTURE command.record.interval"},
      {"a time below zero", Interval(-1, eight),
       field_invalid + "command.record.interval.start_us"},
      {"beyond the calendar", Interval(eight, INT64_MAX),
       field_invalid + "command.record.interval.end_us"},
      {"overlapping", Interval(InstantUs(4, 12, 45), InstantUs(4, 13, 15)),
       failed + "INTERVAL_OVERLAPS command.record.interval"},
      {"recorded time in a live ledger", Text("recorded_us: ", NowUs()),
       failed + "RECORDED_TIME_NOT_ALLOWED recorded_us"},
      {"recorded time below zero", "recorded_us: -1", field_invalid + "recorded_us"},
      {"empty request id", "request_id: ''", "INVALID_ARGUMENT ID_MALFORMED request_id"},
      {"request id of 65", Text("request_id: '", std::string(65, 'r'), "'"),
       "INVALID_ARGUMENT ID_MALFORMED request_id"},
      {"request id with a space", "request_id: 'a b'", "INVALID_ARGUMENT ID_MALFORMED request_id"},
      {"ledger id with a slash", "ledger_id: '../linhai'",
       "INVALID_ARGUMENT ID_MALFORMED ledger_id"},
      {"endless ledger id", Text("ledger_id: '", std::string(100'000, 'l'), "'"),
       "INVALID_ARGUMENT ID_MALFORMED ledger_id"},
  };
  for (const auto& [field, person] :
       {std::pair("record_id", false), std::pair("volunteer_id", true),
        std::pair("activity_id", false), std::pair("session_id", false)}) {
    for (Row& row : IdRows(field, person, "record")) rows.push_back(std::move(row));
  }
  ExpectRefused(town_, platform, Credit("sound", "ann", 3, 60), rows);

  auto nothing = Credit("sound-2", "ann", 3, 60);
  nothing.mutable_command()->mutable_record()->clear_service();
  EXPECT_EQ(platform.Call(nothing), "INVALID_ARGUMENT FIELD_MISSING command.record.service");
}

TEST_F(BadInput, Parties) {
  std::vector<Row> rows = IdRows("volunteer_id", true);
  const std::vector<Row> more = {
      {"taken", "request_id: 'other' command { volunteer_id: 'ann' }",
       "ALREADY_EXISTS VOLUNTEER_EXISTS command.volunteer_id"},
      {"no request id", "request_id: ''", "INVALID_ARGUMENT ID_MALFORMED request_id"},
      {"unknown organisation", "command { organisation_id: 'none' }",
       "NOT_FOUND ORGANISATION_UNKNOWN command.organisation_id"},
      {"cohort twice", "command { cohorts: COHORT_PARTY }",
       "INVALID_ARGUMENT VALUE_REPEATED command.cohorts"},
      {"no cohort", "command { cohorts: COHORT_UNSPECIFIED }",
       "INVALID_ARGUMENT FIELD_INVALID command.cohorts"},
      {"no age band", "command { age_band: AGE_BAND_UNSPECIFIED }",
       "INVALID_ARGUMENT FIELD_INVALID command.age_band"},
      {"a child alone", "command { age_band: AGE_BAND_UNDER_14 }",
       "FAILED_PRECONDITION GUARDIAN_CONSENT_MISSING command.guardian_consent"},
  };
  rows.insert(rows.end(), more.begin(), more.end());
  ExpectRefused(town_, town_.platform(), Volunteer("ben"), rows);

  auto unnamed = Volunteer("cat");
  unnamed.clear_request_id();
  EXPECT_EQ(town_.platform().Call(unnamed), "INVALID_ARGUMENT FIELD_MISSING request_id");

  ExpectRefused(town_, town_.operators(), Principal("clerk", "roles: ROLE_AUDITOR"),
                {{"phone", "command { principal_id: '13800138000' }",
                  "INVALID_ARGUMENT PERSONAL_IDENTIFIER command.principal_id"},
                 {"role twice", "command { roles: ROLE_AUDITOR }",
                  "INVALID_ARGUMENT VALUE_REPEATED command.roles"},
                 {"platform without a source", "command { roles: ROLE_PLATFORM }",
                  "INVALID_ARGUMENT FIELD_MISSING command.source"},
                 {"till without a merchant", "command { roles: ROLE_MERCHANT }",
                  "INVALID_ARGUMENT FIELD_MISSING command.merchant_id"},
                 {"unknown merchant", "command { roles: ROLE_MERCHANT merchant_id: 'none' }",
                  "NOT_FOUND MERCHANT_UNKNOWN command.merchant_id"},
                 {"unknown volunteer", "command { volunteer_id: 'nobody' }",
                  "NOT_FOUND VOLUNTEER_UNKNOWN command.volunteer_id"},
                 {"short hash", "command { key_sha256: 'abc' }",
                  "INVALID_ARGUMENT FIELD_INVALID command.key_sha256.size"}});
}

TEST_F(BadInput, Mall) {
  const Client& platform = town_.platform();
  ASSERT_EQ(platform.Call(Credit("r1", "ann", 3, 480)), "OK");
  ASSERT_EQ(platform.Call(Merchant("bakery")), "OK");
  ASSERT_EQ(platform.Call(Merchant("cinema")), "OK");
  ExpectRefused(town_, platform, Offer("bread", "bakery", 10, 5),
                {{"unknown merchant", "command { merchant_id: 'none' }",
                  "NOT_FOUND MERCHANT_UNKNOWN command.merchant_id"},
                 {"free", "command { price_points: 0 }",
                  "INVALID_ARGUMENT FIELD_INVALID command.price_points"},
                 {"too dear", "command { price_points: 1000001 }",
                  "INVALID_ARGUMENT FIELD_INVALID command.price_points"},
                 {"too many", "command { stock: 1000000001 }",
                  "INVALID_ARGUMENT FIELD_INVALID command.stock"}});
  ASSERT_EQ(platform.Call(Offer("dear", "bakery", 1'000'000, 10'000)), "OK");
  ExpectRefused(
      town_, platform,
      Parse<v1::ReceiveStockRequest>("request_id: 'in' command { item_id: 'bread' quantity: 1 }"),
      {{"unknown item", "command { item_id: 'none' }", "NOT_FOUND ITEM_UNKNOWN command.item_id"},
       {"none", "command { quantity: 0 }", "INVALID_ARGUMENT FIELD_INVALID command.quantity"},
       {"overflow", "command { quantity: 1000000000 }",
        "OUT_OF_RANGE AMOUNT_OVERFLOW command.quantity"}});
  ExpectRefused(town_, platform, Parse<v1::GetItemRequest>("item_id: 'bread'"),
                {{"unknown", "item_id: 'none'", "NOT_FOUND ITEM_UNKNOWN item_id"},
                 {"malformed", "item_id: 'a b'", "INVALID_ARGUMENT ID_MALFORMED item_id"}});
  const std::string line = "command { lines { item_id: 'bread' quantity: 1 } }";
  ExpectRefused(town_, platform, Redeem("o1", "ann", "bakery", "bread", 1),
                {{"unknown volunteer", "command { volunteer_id: 'nobody' }",
                  "NOT_FOUND VOLUNTEER_UNKNOWN command.volunteer_id"},
                 {"unknown merchant", "command { merchant_id: 'none' }",
                  "NOT_FOUND MERCHANT_UNKNOWN command.merchant_id"},
                 {"item twice", line, "INVALID_ARGUMENT VALUE_REPEATED command.lines.item_id"},
                 {"unknown item", "command { lines { item_id: 'none' quantity: 1 } }",
                  "NOT_FOUND ITEM_UNKNOWN command.lines.item_id"},
                 {"another's item", "command { merchant_id: 'cinema' }",
                  "FAILED_PRECONDITION ITEM_NOT_OF_MERCHANT command.lines.item_id"},
                 {"none of it", "command { lines { item_id: 'dear' quantity: 0 } }",
                  "INVALID_ARGUMENT FIELD_INVALID command.lines.quantity"},
                 {"too many", "command { lines { item_id: 'dear' quantity: 10001 } }",
                  "INVALID_ARGUMENT FIELD_INVALID command.lines.quantity"},
                 {"more than anybody has", "command { lines { item_id: 'dear' quantity: 10000 } }",
                  "FAILED_PRECONDITION BALANCE_TOO_LOW command.volunteer_id"},
                 {"phone", "command { volunteer_id: '13800138000' }",
                  "INVALID_ARGUMENT PERSONAL_IDENTIFIER command.volunteer_id"}});
}

TEST_F(BadInput, Reads) {
  const Client& auditor = town_.auditor();
  ExpectRefused(
      town_, auditor, BalanceOf("ann"),
      {{"unknown ledger", "ledger_id: 'nowhere'", "NOT_FOUND LEDGER_UNKNOWN ledger_id"},
       {"unknown volunteer", "volunteer_id: 'nobody'", "NOT_FOUND VOLUNTEER_UNKNOWN volunteer_id"},
       {"endless id", Text("volunteer_id: '", std::string(100'000, 'v'), "'"),
        "INVALID_ARGUMENT ID_MALFORMED volunteer_id"},
       {"too far", Text("min_size: ", town_.Size() + 1),
        "DEADLINE_EXCEEDED SEQUENCE_NOT_REACHED min_size"}});
  ExpectRefused(
      town_, auditor, Parse<v1::ListBalancesRequest>("page_size: 8192"),
      {{"page of 8,193", "page_size: 8193", "INVALID_ARGUMENT FIELD_INVALID page_size"},
       {"no token", "page_token: 'x'", "INVALID_ARGUMENT FIELD_INVALID page_token"},
       {"minus", "page_token: '-1:0'", "INVALID_ARGUMENT FIELD_INVALID page_token"},
       {"beyond the end", "page_token: '2:0'", "INVALID_ARGUMENT FIELD_INVALID page_token"},
       {"reversed", "page_token: '0:1'", "INVALID_ARGUMENT FIELD_INVALID page_token"},
       {"three parts", "page_token: '1:1:1'", "INVALID_ARGUMENT FIELD_INVALID page_token"}});
  const uint64_t last = town_.Size() - 1;
  ExpectRefused(
      town_, auditor, Parse<v1::ListEntriesRequest>("volunteer_id: 'ann'"),
      {{"unknown volunteer", "volunteer_id: 'nobody'", "NOT_FOUND VOLUNTEER_UNKNOWN volunteer_id"},
       {"page of 1,025", "page_size: 1025", "INVALID_ARGUMENT FIELD_INVALID page_size"},
       {"no token", "page_token: 'x'", "INVALID_ARGUMENT FIELD_INVALID page_token"},
       {"not hers", "page_token: '0'", "INVALID_ARGUMENT FIELD_INVALID page_token"},
       {"beyond hers", Text("page_token: '", last + 1, "'"),
        "INVALID_ARGUMENT FIELD_INVALID page_token"}});
}

}  // namespace
}  // namespace meritbook::e2e
