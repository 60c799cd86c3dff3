// A small good log, and for every invariant at least one way to break it that the audit tells as
// exactly that.
#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "cli/audit/finding.h"
#include "cli/audit/reducer.h"
#include "cli/audit/served_comparison.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/audit.pb.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {
namespace {

// "2021-03-05 09:00" in China, which is eight hours ahead of UTC all year.
int64_t At(const std::string& text) {
  absl::CivilMinute minute;
  EXPECT_TRUE(absl::ParseCivilTime(text.substr(0, 10) + "T" + text.substr(11), &minute)) << text;
  return (minute - absl::CivilMinute(1970, 1, 1, 8, 0)) * 60'000'000;
}

int32_t Day(const std::string& text) {
  absl::CivilDay day;
  EXPECT_TRUE(absl::ParseCivilTime(text, &day)) << text;
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

struct Segment {
  std::string day;
  uint32_t credited;
  uint32_t honorary;
  uint32_t version;
  uint32_t points_per_hour;
  uint32_t percentage;
  std::optional<std::string> last_day;
};

struct LotRow {
  std::optional<std::string> last_day;
  int64_t units;
};

void SetLot(const LotRow& row, v1::LotUnits* lot) {
  if (row.last_day) lot->set_expiry_day_number(Day(*row.last_day));
  lot->set_units(row.units);
}

// Appends events with an envelope that fits; a row of the table then spoils one of them.
class Log {
 public:
  // Who asks, when, and with which request id, in a short form: the label is the request id.
  v1::Event& Add(const std::string& label, const std::string& recorded, const std::string& actor,
                 v1::CommandKind kind) {
    v1::Event& event = events_.emplace_back();
    labels_[label] = events_.size() - 1;
    event.set_sequence(events_.size() - 1);
    event.set_recorded_us(At(recorded));
    event.set_occurred_us(event.recorded_us());
    event.set_actor(actor);
    event.set_scope(v1::REQUEST_SCOPE_PRINCIPAL);
    if (actor == "backend" || actor == "relative") {
      event.set_scope(v1::REQUEST_SCOPE_SOURCE);
      event.set_source("platform");
    } else if (actor == "till") {
      event.set_scope(v1::REQUEST_SCOPE_MERCHANT);
      event.set_source("shop");
    }
    event.set_request_id(label);
    event.set_kind(kind);
    event.set_command_first_sequence(event.sequence());
    event.set_command_event_count(1);
    event.set_salt(0x5a17);
    return event;
  }

  void Link(v1::Event& event, const std::string& volunteer_id) {
    v1::PassbookLink* link = event.add_passbook();
    link->set_volunteer_id(volunteer_id);
    auto& [count, last] = passbooks_[volunteer_id];
    if (count > 0) link->set_previous_sequence(last);
    link->set_event_count(++count);
    last = event.sequence();
  }

  v1::Event& Volunteer(const std::string& id, const std::string& recorded) {
    v1::Event& event = Add(id, recorded, "backend", v1::COMMAND_KIND_REGISTER_VOLUNTEER);
    auto* command = event.mutable_volunteer_registered()->mutable_command();
    command->set_volunteer_id(id);
    command->set_age_band(v1::AGE_BAND_60_PLUS);
    command->set_organisation_id("community");
    command->add_cohorts(v1::COHORT_PARTY);
    Link(event, id);
    return event;
  }

  v1::Event& Activity(const std::string& id, const std::string& recorded,
                      const std::string& category) {
    v1::Event& event = Add(id, recorded, "backend", v1::COMMAND_KIND_REGISTER_ACTIVITY);
    auto* command = event.mutable_activity_registered()->mutable_command();
    command->set_activity_id(id);
    command->set_organisation_id("community");
    command->set_category(category);
    command->set_starts_us(At("2021-03-01 00:00"));
    return event;
  }

  v1::Event& Rule(const std::string& label, const std::string& recorded, uint32_t version,
                  const std::string& from_day, uint32_t cap) {
    v1::Event& event = Add(label, recorded, "operator", v1::COMMAND_KIND_PUBLISH_RULE);
    event.mutable_rule_published()->set_rule_version(version);
    auto* command = event.mutable_rule_published()->mutable_command();
    command->set_effective_from_day(from_day);
    command->mutable_earning()->set_recording_unit_minutes(15);
    command->mutable_earning()->set_credited_minutes_per_day(cap);
    command->mutable_earning()->set_backdating_days(30);
    command->mutable_expiry()->mutable_never();
    Rate(event, "courtesy", version == 3 ? 12 : 10);
    return event;
  }

  static void Rate(v1::Event& event, const std::string& category, uint32_t points_per_hour) {
    auto* earning = event.mutable_rule_published()->mutable_command()->mutable_earning();
    v1::CategoryRate* rate = earning->add_rates();
    rate->set_category(category);
    rate->set_points_per_hour(points_per_hour);
    rate->set_percentage(100);
  }

  v1::Event& Credit(const std::string& label, const std::string& recorded,
                    const std::string& volunteer_id, const std::string& activity_id,
                    const std::vector<Segment>& segments) {
    v1::Event& event = Add(label, recorded, "backend", v1::COMMAND_KIND_CREDIT_HOURS);
    auto* command = event.mutable_hours_credited()->mutable_command();
    command->set_record_id(label);
    command->set_volunteer_id(volunteer_id);
    command->set_activity_id(activity_id);
    uint32_t minutes = 0;
    for (const Segment& row : segments) {
      v1::CreditSegment* segment = event.mutable_hours_credited()->add_segments();
      segment->set_service_day_number(Day(row.day));
      segment->set_credited_minutes(row.credited);
      segment->set_honorary_minutes(row.honorary);
      segment->set_rule_version(row.version);
      segment->set_points_per_hour(row.points_per_hour);
      segment->set_percentage(row.percentage);
      segment->set_units(int64_t{row.credited} * row.points_per_hour * row.percentage);
      if (row.last_day) segment->set_expiry_day_number(Day(*row.last_day));
      minutes += row.credited + row.honorary;
    }
    command->mutable_duration()->set_service_day(segments.front().day);
    command->mutable_duration()->set_minutes(minutes);
    Link(event, volunteer_id);
    return event;
  }

  static v1::CreditHours& Command(v1::Event& credit) {
    return *credit.mutable_hours_credited()->mutable_command();
  }

  static v1::Event& Clock(v1::Event& event, const std::string& start, const std::string& end) {
    auto* interval = Command(event).mutable_interval();
    interval->set_start_us(At(start));
    interval->set_end_us(At(end));
    return event;
  }

  v1::Event& Merchant(const std::string& id, const std::string& recorded) {
    v1::Event& event = Add(id, recorded, "operator", v1::COMMAND_KIND_ONBOARD_MERCHANT);
    event.mutable_merchant_onboarded()->mutable_command()->set_merchant_id(id);
    event.mutable_merchant_onboarded()->mutable_command()->set_kind("bakery");
    return event;
  }

  v1::Event& Item(const std::string& id, const std::string& recorded, const std::string& merchant,
                  uint32_t price_points) {
    v1::Event& event = Add(id, recorded, "operator", v1::COMMAND_KIND_PUBLISH_ITEM);
    auto* command = event.mutable_item_published()->mutable_command();
    command->set_item_id(id);
    command->set_merchant_id(merchant);
    command->set_price_points(price_points);
    command->set_stock(5);
    return event;
  }

  v1::Event& Stock(const std::string& label, const std::string& recorded, uint32_t quantity) {
    v1::Event& event = Add(label, recorded, "till", v1::COMMAND_KIND_RECEIVE_STOCK);
    event.mutable_stock_received()->mutable_command()->set_item_id("bread");
    event.mutable_stock_received()->mutable_command()->set_quantity(quantity);
    return event;
  }

  v1::Event& Principal(const std::string& id, const std::string& recorded, v1::Role role) {
    v1::Event& event = Add(id, recorded, "operator", v1::COMMAND_KIND_REGISTER_PRINCIPAL);
    auto* command = event.mutable_principal_registered()->mutable_command();
    command->set_principal_id(id);
    command->add_roles(role);
    if (role == v1::ROLE_PLATFORM) command->set_source("platform");
    if (role == v1::ROLE_MERCHANT) command->set_merchant_id("shop");
    command->set_key_sha256(std::string(32, 'k'));
    return event;
  }

  v1::Event& Revoke(const std::string& label, const std::string& recorded, const std::string& id) {
    v1::Event& event = Add(label, recorded, "operator", v1::COMMAND_KIND_REVOKE_PRINCIPAL);
    event.mutable_principal_revoked()->mutable_command()->set_principal_id(id);
    return event;
  }

  v1::Event& Finish(const std::string& label, const std::string& recorded) {
    v1::Event& event = Add(label, recorded, "operator", v1::COMMAND_KIND_FINISH_MIGRATION);
    event.mutable_migration_finished()->mutable_command();
    return event;
  }

  // Bread costs 10 points and is the shop's, tea costs one and is the kiosk's.
  v1::Event& Redeem(const std::string& label, const std::string& recorded,
                    const std::string& item_id, uint32_t quantity,
                    const std::vector<LotRow>& lots) {
    const bool bread = item_id == "bread";
    v1::Event& event =
        Add(label, recorded, bread ? "till" : "backend", v1::COMMAND_KIND_REDEEM_NOW);
    v1::OrderRedeemed* order = event.mutable_order_redeemed();
    order->mutable_command()->set_order_id(label);
    order->mutable_command()->set_volunteer_id("an");
    order->mutable_command()->set_merchant_id(bread ? "shop" : "kiosk");
    v1::OrderLine* line = order->mutable_command()->add_lines();
    line->set_item_id(item_id);
    line->set_quantity(quantity);
    v1::PricedLine* priced = order->add_lines();
    priced->set_item_id(item_id);
    priced->set_quantity(quantity);
    priced->set_price_points(bread ? 10 : 1);
    order->set_units(int64_t{quantity} * (bread ? 10 : 1) * 6'000);
    for (const LotRow& row : lots) SetLot(row, order->add_lots());
    Link(event, "an");
    return event;
  }

  v1::Event& Expire(const std::string& label, const std::string& recorded,
                    const std::string& volunteer_id, const std::vector<LotRow>& lots) {
    v1::Event& event = Add(label, recorded, "", v1::COMMAND_KIND_UNSPECIFIED);
    event.set_scope(v1::REQUEST_SCOPE_UNSPECIFIED);
    event.clear_request_id();
    event.mutable_points_expired()->set_volunteer_id(volunteer_id);
    for (const LotRow& row : lots) SetLot(row, event.mutable_points_expired()->add_lots());
    Link(event, volunteer_id);
    return event;
  }

  v1::Event& Freeze(const std::string& label, const std::string& recorded,
                    const std::string& volunteer_id) {
    v1::Event& event = Add(label, recorded, "operator", v1::COMMAND_KIND_FREEZE_VOLUNTEER);
    event.mutable_volunteer_frozen()->mutable_command()->set_volunteer_id(volunteer_id);
    event.mutable_volunteer_frozen()->mutable_command()->set_reason_code("fraud");
    Link(event, volunteer_id);
    return event;
  }

  v1::Event& operator[](const std::string& label) { return events_.at(labels_.at(label)); }
  // Instead of the event's own bytes.
  void Replace(const std::string& label, std::string bytes) {
    replaced_[labels_.at(label)] = std::move(bytes);
  }

  // Fills an event up to a length, with a field 2047 that nobody knows.
  void Pad(const std::string& label, size_t bytes_wanted) {
    const std::string bytes = (*this)[label].SerializeAsString();
    std::string head("\xfa\x7f\x80\x80\x00", 5);  // tag, and a length of three digits
    const size_t length = bytes_wanted - bytes.size() - head.size();
    for (size_t digit = 0; digit < 3; ++digit) {
      head[2 + digit] |= static_cast<char>((length >> (7 * digit)) & 0x7f);
    }
    Replace(label, bytes + head + std::string(length, 'x'));
  }

  void ReplayInto(Reducer& reducer, const std::function<void()>& after_each) const {
    for (uint64_t i = 0; i < events_.size(); ++i) {
      const auto replaced = replaced_.find(i);
      reducer.Add(i,
                  replaced == replaced_.end() ? events_[i].SerializeAsString() : replaced->second);
      after_each();
    }
    reducer.Finish();
  }

  uint64_t size() const { return events_.size(); }

 private:
  std::deque<v1::Event> events_;
  std::map<std::string, uint64_t> labels_;
  std::map<std::string, std::pair<uint64_t, uint64_t>> passbooks_;
  std::map<uint64_t, std::string> replaced_;
};

Log GoodLog() {
  Log log;
  auto& ledger = log.Add("ledger", "2021-03-01 08:00", "operator", v1::COMMAND_KIND_CREATE_LEDGER);
  ledger.mutable_ledger_created()->set_ledger_id("county");
  ledger.mutable_ledger_created()->set_time_zone("Asia/Shanghai");
  ledger.mutable_ledger_created()->mutable_command()->set_migrating(true);
  auto& rule1 = log.Rule("rule1", "2021-03-01 08:01", 1, "2021-01-01", 480);
  Log::Rate(rule1, "elders", 1);
  rule1.mutable_rule_published()->mutable_command()->mutable_expiry()->set_rolling_months(1);
  log.Principal("backend", "2021-03-01 08:02", v1::ROLE_PLATFORM);
  auto& community =
      log.Add("community", "2021-03-01 08:03", "backend", v1::COMMAND_KIND_REGISTER_ORGANISATION);
  auto* organisation = community.mutable_organisation_registered()->mutable_command();
  organisation->set_organisation_id("community");
  organisation->set_kind(v1::ORGANISATION_KIND_COMMUNITY);
  organisation->set_headcount(40);
  log.Volunteer("an", "2021-03-01 08:04");
  log.Volunteer("bo", "2021-03-01 08:05");
  auto& crossing = log.Activity("crossing", "2021-03-01 08:06", "courtesy");
  crossing.mutable_activity_registered()->mutable_command()->set_ends_us(At("2021-07-01 00:00"));
  log.Activity("visits", "2021-03-01 08:07", "elders");
  auto& session =
      log.Add("morning", "2021-03-01 08:08", "backend", v1::COMMAND_KIND_REGISTER_SESSION);
  auto* occurrence = session.mutable_session_registered()->mutable_command();
  occurrence->set_session_id("morning");
  occurrence->set_activity_id("crossing");
  occurrence->set_service_day("2021-03-05");
  occurrence->set_starts_us(At("2021-03-05 08:00"));
  occurrence->set_ends_us(At("2021-03-05 12:00"));
  log.Merchant("shop", "2021-03-01 08:09");
  log.Merchant("kiosk", "2021-03-01 08:10");
  log.Principal("till", "2021-03-01 08:11", v1::ROLE_MERCHANT);
  auto& relative = log.Principal("relative", "2021-03-01 08:12", v1::ROLE_PLATFORM);
  relative.mutable_principal_registered()->mutable_command()->set_volunteer_id("an");
  log.Item("bread", "2021-03-01 08:13", "shop", 10);
  log.Item("tea", "2021-03-01 08:14", "kiosk", 1);
  log.Stock("stock", "2021-03-01 08:15", 3);
  log.Finish("finish", "2021-03-01 08:16");
  // 20 points; the whole record lies in its session.
  Log::Command(Log::Clock(log.Credit("c1", "2021-03-06 10:00", "an", "crossing",
                                     {{"2021-03-05", 120, 0, 1, 10, 100, "2021-04-30"}}),
                          "2021-03-05 09:00", "2021-03-05 11:00"))
      .set_session_id("morning");
  // Two days of a night shift, two points each.
  Log::Clock(log.Credit("c2", "2021-03-11 10:00", "an", "visits",
                        {{"2021-03-10", 120, 0, 1, 1, 100, "2021-04-30"},
                         {"2021-03-11", 120, 0, 1, 1, 100, "2021-04-30"}}),
             "2021-03-10 22:00", "2021-03-11 02:00");
  Log::Clock(log.Credit("c3", "2021-03-12 10:00", "bo", "crossing",
                        {{"2021-03-12", 30, 0, 1, 10, 100, "2021-04-30"}}),
             "2021-03-12 09:00", "2021-03-12 09:30");
  auto& rule2 = log.Rule("rule2", "2021-03-20 10:00", 2, "2021-04-01", 60);
  rule2.mutable_rule_published()->mutable_command()->mutable_expiry()->set_year_end_grace_days(31);
  log.Credit("c4", "2021-04-03 10:00", "an", "crossing",
             {{"2021-04-02", 60, 30, 2, 10, 100, "2022-01-31"}});
  log.Redeem("o1", "2021-04-05 10:00", "bread", 2, {{"2021-04-30", 120'000}});
  log.Redeem("o2", "2021-04-06 10:00", "tea", 3, {{"2021-04-30", 18'000}});
  // The last day on which the older lot can be spent.
  log.Redeem("o3", "2021-04-30 23:59", "tea", 2, {{"2021-04-30", 6'000}, {"2022-01-31", 6'000}});
  log.Expire("e1", "2021-05-01 00:00", "bo", {{"2021-04-30", 30'000}});
  log.Freeze("freeze", "2021-05-03 10:00", "bo");
  log.Rule("rule3", "2021-05-10 10:00", 3, "2021-06-01", 60);
  log.Credit("c5", "2021-06-03 10:00", "an", "crossing",
             {{"2021-06-02", 60, 0, 3, 12, 100, std::nullopt}});
  return log;
}

constexpr char kLater[] = "2021-06-10 10:00";

// What a server serves of the good log.
struct Served {
  std::vector<v1::ListBalancesResponse> pages;
  v1::GetTrialBalanceResponse totals;

  v1::Balance& an() { return *pages[0].mutable_balances(0); }
};

Served GoodAnswers(const Log& log) {
  Served served;
  v1::ListBalancesResponse page;
  page.set_size(log.size());
  v1::Balance* an = page.add_balances();
  an->set_volunteer_id("an");
  an->set_available_units(126'000);
  SetLot({"2022-01-31", 54'000}, an->add_lots());
  SetLot({std::nullopt, 72'000}, an->add_lots());
  an->set_credited_minutes(480);
  an->set_honorary_minutes(30);
  an->set_event_count(8);
  an->set_last_sequence(log.size() - 1);
  v1::Balance* bo = page.add_balances();
  bo->set_volunteer_id("bo");
  bo->set_credited_minutes(30);
  bo->set_frozen(true);
  bo->set_event_count(4);
  bo->set_last_sequence(log.size() - 3);
  served.pages.push_back(page);
  served.totals.set_size(log.size());
  served.totals.set_volunteers(2);
  const std::pair<const char*, int64_t> totals[] = {{"issued", -306'000}, {"available", 126'000},
                                                    {"expired", 30'000},  {"payable", 150'000},
                                                    {"pending", 0},       {"held", 0},
                                                    {"debt", 0}};
  for (const auto& [account, units] : totals) {
    v1::AccountTotal* total = served.totals.add_totals();
    total->set_account(account);
    total->set_units(units);
  }
  for (const auto& [id, units] : {std::pair("kiosk", 30'000), std::pair("shop", 120'000)}) {
    v1::MerchantBalance* merchant = served.totals.add_merchants();
    merchant->set_merchant_id(id);
    merchant->set_payable_units(units);
  }
  return served;
}

std::vector<Finding> Audit(const Log& log, const Served* served) {
  Reducer reducer("county");
  ServedComparison comparison;
  if (served != nullptr) {
    for (const v1::ListBalancesResponse& page : served->pages) comparison.AddPage(page);
    comparison.SetTrialBalance(served->totals);
    comparison.Observe(reducer);
  }
  log.ReplayInto(reducer, [&] {
    if (served != nullptr) comparison.Observe(reducer);
  });
  if (served != nullptr) comparison.Finish(reducer);
  std::vector<Finding> findings = reducer.findings();
  findings.insert(findings.end(), comparison.findings().begin(), comparison.findings().end());
  return findings;
}

std::string TextOf(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::to_string(finding.sequence) + " " + std::string(InvariantName(finding.invariant)) +
            " " + finding.volunteer_id + ": " + finding.message + "\n";
  }
  return text;
}

struct LogRow {
  const char* name;
  Invariant want;
  std::function<void(Log&)> spoil;
};

v1::Event& Again(v1::Event& event) {
  event.set_request_id("again");
  return event;
}

void Record(v1::Event& event, const std::string& recorded) {
  event.set_recorded_us(At(recorded));
  event.set_occurred_us(event.recorded_us());
}

v1::CreditSegment& LastSegment(Log& log) {
  return *log["c5"].mutable_hours_credited()->mutable_segments(0);
}

v1::OrderRedeemed& Order(Log& log, const std::string& label) {
  return *log[label].mutable_order_redeemed();
}

v1::PublishRule& NextRule(Log& log) {
  v1::Event& event = log.Rule("rule4", kLater, 4, "2021-07-01", 60);
  return *event.mutable_rule_published()->mutable_command();
}

v1::RegisterActivity& Crossing(Log& log) {
  return *log["crossing"].mutable_activity_registered()->mutable_command();
}

using I = Invariant;

std::vector<LogRow> EnvelopeRows() {
  return {
      {"65,536 bytes", I::EVENT_TOO_LARGE, [](Log& log) { log.Pad("stock", 65'536); }},
      {"no protobuf", I::EVENT_MALFORMED, [](Log& log) { log.Replace("freeze", "\xff\xff"); }},
      {"no bytes", I::EVENT_MALFORMED, [](Log& log) { log.Replace("freeze", ""); }},
      {"no body", I::EVENT_MALFORMED, [](Log& log) { log["freeze"].clear_body(); }},
      {"no command", I::EVENT_MALFORMED,
       [](Log& log) { log["finish"].mutable_migration_finished()->clear_command(); }},
      {"sequence", I::SEQUENCE_WRONG, [](Log& log) { log["stock"].set_sequence(99); }},
      {"back in time", I::RECORDED_TIME_DECREASES,
       [](Log& log) { Record(log["stock"], "2021-03-01 08:13"); }},
      {"occurred later", I::OCCURRED_AFTER_RECORDED,
       [](Log& log) { log["stock"].set_occurred_us(log["stock"].recorded_us() + 1); }},
      {"kind", I::KIND_WRONG,
       [](Log& log) { log["stock"].set_kind(v1::COMMAND_KIND_PUBLISH_ITEM); }},
      {"expiry by somebody", I::KIND_WRONG, [](Log& log) { log["e1"].set_actor("till"); }},
      {"another's source", I::SCOPE_WRONG, [](Log& log) { log["stock"].set_source("kiosk"); }},
      {"own scope", I::SCOPE_WRONG,
       [](Log& log) { log["o2"].set_scope(v1::REQUEST_SCOPE_PRINCIPAL); }},
      {"no scope", I::SCOPE_WRONG,
       [](Log& log) { log["finish"].set_scope(v1::REQUEST_SCOPE_UNSPECIFIED); }},
      {"command in parts", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c1"].set_command_event_count(2); }},
      {"command of nothing", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c1"].set_command_event_count(0); }},
      {"command without its end", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c5"].set_command_event_count(2); }},
      {"command without its start", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["c5"].set_command_first_sequence(3); }},
      {"expiry of a command", I::COMMAND_EVENTS_BROKEN,
       [](Log& log) { log["e1"].set_command_event_count(2); }},
      {"request id again", I::REQUEST_REPEATED,
       [](Log& log) { log["kiosk"].set_request_id("shop"); }},
      {"request id as a record's", I::REQUEST_REPEATED,
       [](Log& log) { log["c1"].set_request_id("c5"); }},
      {"record again", I::RECORD_REPEATED,
       [](Log& log) { Log::Command(log["c3"]).set_record_id("c1"); }},
      {"order again", I::ORDER_REPEATED,
       [](Log& log) { Order(log, "o3").mutable_command()->set_order_id("o2"); }},
      {"no link", I::PASSBOOK_VOLUNTEERS_WRONG, [](Log& log) { log["c5"].clear_passbook(); }},
      {"link to another", I::PASSBOOK_VOLUNTEERS_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->set_volunteer_id("bo"); }},
      {"link to nobody concerned", I::PASSBOOK_VOLUNTEERS_WRONG,
       [](Log& log) { log["shop"].add_passbook()->set_volunteer_id("an"); }},
      {"count", I::PASSBOOK_COUNT_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->set_event_count(9); }},
      {"previous", I::PASSBOOK_PREVIOUS_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->set_previous_sequence(1); }},
      {"no previous", I::PASSBOOK_PREVIOUS_WRONG,
       [](Log& log) { log["c5"].mutable_passbook(0)->clear_previous_sequence(); }},
      {"previous of the first", I::PASSBOOK_PREVIOUS_WRONG,
       [](Log& log) { log["an"].mutable_passbook(0)->set_previous_sequence(0); }},
  };
}

std::vector<LogRow> PartyRows() {
  return {
      {"no founding", I::LEDGER_CREATION_MISPLACED,
       [](Log& log) {
         log = Log();
         log.Merchant("shop", "2021-03-01 08:00");
         log.Merchant("kiosk", "2021-03-01 08:00");
       }},
      {"founded twice", I::LEDGER_CREATION_MISPLACED,
       [](Log& log) {
         v1::Event& event = log.Add("twice", kLater, "operator", v1::COMMAND_KIND_CREATE_LEDGER);
         *event.mutable_ledger_created() = log["ledger"].ledger_created();
       }},
      {"another ledger", I::LEDGER_ID_WRONG,
       [](Log& log) { log["ledger"].mutable_ledger_created()->set_ledger_id("city"); }},
      {"another zone", I::TIME_ZONE_WRONG,
       [](Log& log) { log["ledger"].mutable_ledger_created()->set_time_zone("Asia/Singapore"); }},
      {"migration ends twice", I::MIGRATION_END_MISPLACED,
       [](Log& log) { log.Finish("finish2", kLater); }},
      {"no migration", I::MIGRATION_END_MISPLACED,
       [](Log& log) {
         log["ledger"].mutable_ledger_created()->mutable_command()->set_migrating(false);
       }},
      {"revoked", I::PRINCIPAL_REVOKED,
       [](Log& log) {
         log.Revoke("revoke", kLater, "till");
         log.Stock("stock2", kLater, 1);
       }},
      {"blank in a code", I::ID_MALFORMED,
       [](Log& log) {
         log["shop"].mutable_merchant_onboarded()->mutable_command()->set_kind("a bakery");
       }},
      {"no actor", I::ID_MALFORMED, [](Log& log) { log["finish"].clear_actor(); }},
      {"request id of 65", I::ID_MALFORMED,
       [](Log& log) { log["finish"].set_request_id(std::string(65, 'x')); }},
      {"record id", I::ID_MALFORMED,
       [](Log& log) {
         Log::Command(log["c5"]).set_record_id("c/5");
         log["c5"].set_request_id("c/5");
       }},
      {"mobile number", I::ID_PERSONAL, [](Log& log) { log.Volunteer("13812345678", kLater); }},
      {"resident number", I::ID_PERSONAL,
       [](Log& log) { log["finish"].set_actor("11010519491231002X"); }},
      {"headcount", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["community"].mutable_organisation_registered()->mutable_command()->set_headcount(
             10'000'001);
       }},
      {"cohort twice", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->add_cohorts(v1::COHORT_PARTY);
       }},
      {"no age band", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->clear_age_band();
       }},
      {"no role", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["till"].mutable_principal_registered()->mutable_command()->clear_roles();
       }},
      {"short key", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["till"].mutable_principal_registered()->mutable_command()->set_key_sha256("k");
       }},
      {"nothing received", I::VALUE_OUT_OF_RANGE, [](Log& log) { log.Stock("stock2", kLater, 0); }},
      {"stock of a billion", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { log.Stock("stock2", kLater, 1'000'000'000); }},
      {"recorded before 1970", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         log["ledger"].set_recorded_us(-5);
         log["ledger"].set_occurred_us(-5);
       }},
      {"child alone", I::GUARDIAN_CONSENT_MISSING,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->set_age_band(
             v1::AGE_BAND_UNDER_14);
       }},
      {"organisation", I::REFERENCE_UNKNOWN,
       [](Log& log) { Crossing(log).set_organisation_id("nobody"); }},
      {"volunteer's organisation", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         log["an"].mutable_volunteer_registered()->mutable_command()->set_organisation_id("no");
       }},
      {"volunteer", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         log.Credit("c6", kLater, "cy", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
       }},
      {"activity", I::REFERENCE_UNKNOWN,
       [](Log& log) { Log::Command(log["c5"]).set_activity_id("nothing"); }},
      {"session", I::REFERENCE_UNKNOWN,
       [](Log& log) { Log::Command(log["c5"]).set_session_id("nothing"); }},
      {"item", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         log["stock"].mutable_stock_received()->mutable_command()->set_item_id("cake");
       }},
      {"merchant", I::REFERENCE_UNKNOWN, [](Log& log) { log.Item("cake", kLater, "nobody", 3); }},
      {"principal", I::REFERENCE_UNKNOWN, [](Log& log) { log.Revoke("revoke", kLater, "nobody"); }},
      {"principal's merchant", I::REFERENCE_UNKNOWN,
       [](Log& log) {
         auto& event = log.Principal("till2", kLater, v1::ROLE_MERCHANT);
         event.mutable_principal_registered()->mutable_command()->set_merchant_id("nobody");
       }},
      {"volunteer twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Volunteer("an", kLater)); }},
      {"activity twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Activity("visits", kLater, "elders")); }},
      {"merchant twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Merchant("shop", kLater)); }},
      {"item twice", I::REGISTERED_TWICE,
       [](Log& log) { Again(log.Item("tea", kLater, "kiosk", 1)); }},
      {"principal twice, though revoked", I::REGISTERED_TWICE,
       [](Log& log) {
         log.Revoke("revoke", kLater, "till");
         Again(log.Principal("till", kLater, v1::ROLE_MERCHANT));
       }},
  };
}

std::vector<LogRow> HoursRows() {
  return {
      {"version", I::RULE_VERSION_WRONG,
       [](Log& log) { log.Rule("rule9", kLater, 9, "2021-07-01", 60); }},
      {"rule before another", I::RULE_BACKDATED,
       [](Log& log) { log.Rule("rule4", kLater, 4, "2021-05-31", 60); }},
      {"rate twice", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         auto& rule = NextRule(log);
         *rule.mutable_earning()->add_rates() = rule.earning().rates(0);
       }},
      {"cap", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { NextRule(log).mutable_earning()->set_credited_minutes_per_day(1'441); }},
      {"unit", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { NextRule(log).mutable_earning()->set_recording_unit_minutes(20); }},
      {"no expiry", I::VALUE_OUT_OF_RANGE, [](Log& log) { NextRule(log).clear_expiry(); }},
      {"30 February", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { NextRule(log).set_effective_from_day("2022-02-30"); }},
      {"rule of another day", I::RULE_WRONG,
       [](Log& log) { LastSegment(log).set_rule_version(2); }},
      {"rule not yet in force", I::RULE_WRONG,
       [](Log& log) {
         log["rule2"].mutable_rule_published()->mutable_command()->set_effective_from_day(
             "2021-04-03");
       }},
      {"no rate", I::CATEGORY_WITHOUT_RATE,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "visits", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
       }},
      {"rate", I::RATE_WRONG, [](Log& log) { LastSegment(log).set_points_per_hour(13); }},
      {"percentage", I::RATE_WRONG, [](Log& log) { LastSegment(log).set_percentage(101); }},
      {"end before start", I::SERVICE_TIMES_WRONG,
       [](Log& log) { Log::Clock(log["c2"], "2021-03-11 02:00", "2021-03-10 22:00"); }},
      {"half a minute", I::SERVICE_TIMES_WRONG,
       [](Log& log) {
         auto* interval = Log::Command(log["c2"]).mutable_interval();
         interval->set_start_us(interval->start_us() + 30'000'000);
         interval->set_end_us(interval->end_us() + 30'000'000);
       }},
      {"no times", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { Log::Command(log["c5"]).clear_service(); }},
      {"no minutes", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { Log::Command(log["c5"]).mutable_duration()->set_minutes(0); }},
      {"not over yet", I::SERVICE_IN_FUTURE,
       [](Log& log) { Log::Clock(log["c2"], "2021-03-11 06:01", "2021-03-11 10:01"); }},
      {"tomorrow", I::SERVICE_IN_FUTURE,
       [](Log& log) { Log::Command(log["c5"]).mutable_duration()->set_service_day("2021-06-04"); }},
      {"31 days ago", I::SERVICE_TOO_OLD,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing",
                    {{"2021-05-10", 60, 0, 2, 10, 100, "2022-01-31"}});
       }},
      {"before the activity", I::SERVICE_OUTSIDE_ACTIVITY,
       [](Log& log) { Crossing(log).set_starts_us(At("2021-03-05 09:01")); }},
      {"after the activity", I::SERVICE_OUTSIDE_ACTIVITY,
       [](Log& log) { Crossing(log).set_ends_us(At("2021-06-01 23:59")); }},
      {"on the day that the activity ends with", I::SERVICE_OUTSIDE_ACTIVITY,
       [](Log& log) { Crossing(log).set_ends_us(At("2021-06-02 00:00")); }},
      {"after the session", I::SERVICE_OUTSIDE_SESSION,
       [](Log& log) {
         log["morning"].mutable_session_registered()->mutable_command()->set_ends_us(
             At("2021-03-05 10:59"));
       }},
      {"not on the session's day", I::SERVICE_OUTSIDE_SESSION,
       [](Log& log) {
         auto* duration = Log::Command(log["c1"]).mutable_duration();
         duration->set_service_day("2021-03-04");
         duration->set_minutes(120);
       }},
      {"another activity's session", I::SESSION_OF_OTHER_ACTIVITY,
       [](Log& log) { Log::Command(log["c1"]).set_activity_id("visits"); }},
      {"20 minutes", I::MINUTES_OFF_UNIT,
       [](Log& log) { Log::Clock(log["c3"], "2021-03-12 09:00", "2021-03-12 09:20"); }},
      {"no segment", I::SEGMENTS_WRONG,
       [](Log& log) { log["c5"].mutable_hours_credited()->clear_segments(); }},
      {"a segment more", I::SEGMENTS_WRONG,
       [](Log& log) { *log["c5"].mutable_hours_credited()->add_segments() = LastSegment(log); }},
      {"another day", I::SEGMENTS_WRONG,
       [](Log& log) { LastSegment(log).set_service_day_number(Day("2021-06-01")); }},
      {"a minute more", I::SEGMENTS_WRONG,
       [](Log& log) { LastSegment(log).set_honorary_minutes(1); }},
      {"split at another hour", I::SEGMENTS_WRONG,
       [](Log& log) { Log::Clock(log["c2"], "2021-03-10 21:00", "2021-03-11 01:00"); }},
      {"25 hours a day", I::DAY_OVERFULL,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 0, 1'395, 3, 12, 100, {}}});
       }},
      {"above the cap", I::CAP_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 75, 0, 3, 12, 100, {}}});
       }},
      {"below the cap", I::CAP_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 30, 30, 3, 12, 100, {}}});
       }},
      {"cap used up before", I::CAP_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 15, 0, 3, 12, 100, {}}});
       }},
      {"a unit more", I::UNITS_WRONG, [](Log& log) { LastSegment(log).set_units(72'001); }},
      {"units beyond counting", I::UNITS_WRONG,
       [](Log& log) { LastSegment(log).set_units(INT64_MAX); }},
      {"lapses after all", I::EXPIRY_WRONG,
       [](Log& log) { LastSegment(log).set_expiry_day_number(Day("2022-06-30")); }},
      {"never lapses", I::EXPIRY_WRONG,
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-05-20", 60, 0, 2, 10, 100, {}}});
       }},
      {"in two places", I::INTERVALS_OVERLAP,
       [](Log& log) {
         Log::Clock(
             log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}}),
             "2021-06-05 09:00", "2021-06-05 10:00");
         Log::Clock(
             log.Credit("c7", kLater, "an", "crossing", {{"2021-06-05", 0, 60, 3, 12, 100, {}}}),
             "2021-06-05 09:45", "2021-06-05 10:45");
       }},
  };
}

std::vector<LogRow> MoneyRows() {
  return {
      {"lots below units", I::POSTINGS_DONT_BALANCE,
       [](Log& log) { Order(log, "o3").mutable_lots(1)->set_units(5'000); }},
      {"lots that overflow", I::POSTINGS_DONT_BALANCE,
       [](Log& log) {
         Order(log, "o3").mutable_lots(0)->set_units(INT64_MAX);
         Order(log, "o3").mutable_lots(1)->set_units(INT64_MAX);
       }},
      {"a lot of nothing", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         SetLot({std::nullopt, 0}, Order(log, "o3").add_lots());
       }},
      {"more than the lot", I::LOT_OVERDRAWN,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 60'000}});
       }},
      {"a lot that isn't", I::LOT_OVERDRAWN,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{"2023-01-31", 60'000}});
       }},
      {"the last lot first", I::LOT_ORDER_WRONG,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{std::nullopt, 60'000}});
       }},
      {"not all of the first lot", I::LOT_ORDER_WRONG,
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 53'000}, {std::nullopt, 7'000}});
       }},
      {"the day after", I::LAPSED_LOT_SPENT,
       [](Log& log) { Record(log["o3"], "2021-05-01 00:00"); }},
      {"lapsed and left", I::LAPSE_OVERDUE,
       [](Log& log) {
         Record(log["o3"], "2021-05-01 00:00");
         Order(log, "o3").clear_lots();
         SetLot({"2022-01-31", 12'000}, Order(log, "o3").add_lots());
       }},
      {"on the last day", I::LAPSE_TOO_EARLY,
       [](Log& log) { Record(log["e1"], "2021-04-30 23:59"); }},
      {"what never lapses", I::LAPSE_TOO_EARLY,
       [](Log& log) {
         log.Expire("e2", kLater, "an", {{std::nullopt, 72'000}});
       }},
      {"half a lot", I::LAPSE_NOT_WHOLE,
       [](Log& log) { log["e1"].mutable_points_expired()->mutable_lots(0)->set_units(15'000); }},
      {"nothing lapses", I::VALUE_OUT_OF_RANGE,
       [](Log& log) { log["e1"].mutable_points_expired()->clear_lots(); }},
      {"another quantity", I::ORDER_LINES_WRONG,
       [](Log& log) { Order(log, "o3").mutable_lines(0)->set_quantity(1); }},
      {"a line more", I::ORDER_LINES_WRONG,
       [](Log& log) { *Order(log, "o3").add_lines() = Order(log, "o3").lines(0); }},
      {"another price", I::PRICE_WRONG,
       [](Log& log) { Order(log, "o3").mutable_lines(0)->set_price_points(2); }},
      {"another sum", I::ORDER_UNITS_WRONG, [](Log& log) { Order(log, "o3").set_units(12'001); }},
      {"item twice in an order", I::VALUE_OUT_OF_RANGE,
       [](Log& log) {
         auto& order = Order(log, "o3");
         *order.mutable_command()->add_lines() = order.command().lines(0);
         *order.add_lines() = order.lines(0);
       }},
      {"another's item", I::ITEM_OF_OTHER_MERCHANT,
       [](Log& log) { Order(log, "o3").mutable_command()->set_merchant_id("shop"); }},
      {"sold out", I::STOCK_NEGATIVE,
       [](Log& log) {
         log.Redeem("o4", kLater, "tea", 1, {{"2022-01-31", 6'000}});
       }},
      {"frozen", I::FROZEN_REDEEMED,
       [](Log& log) {
         log.Freeze("freeze2", kLater, "an");
         log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 54'000}, {std::nullopt, 6'000}});
       }},
      {"for herself", I::SELF_REDEMPTION, [](Log& log) { log["o3"].set_actor("relative"); }},
      {"at another merchant", I::MERCHANT_BINDING_BROKEN,
       [](Log& log) {
         log["o3"].set_actor("till");
         log["o3"].set_scope(v1::REQUEST_SCOPE_MERCHANT);
         log["o3"].set_source("shop");
       }},
      {"a configured till at another merchant", I::MERCHANT_BINDING_BROKEN,
       [](Log& log) {
         log["o3"].set_actor("till-of-configuration");
         log["o3"].set_scope(v1::REQUEST_SCOPE_MERCHANT);
         log["o3"].set_source("shop");
       }},
  };
}

struct ServedRow {
  const char* name;
  Invariant want;
  std::function<void(Served&)> spoil;
};

std::vector<ServedRow> ServedRows() {
  return {
      {"totals' sum", I::ACCOUNTS_DONT_SUM,
       [](Served& served) { served.totals.mutable_totals(0)->set_units(-305'999); }},
      {"size beyond the log", I::LOG_TOO_SHORT,
       [](Served& served) { served.totals.set_size(served.totals.size() + 1); }},
      {"available", I::BALANCE_DIFFERS,
       [](Served& served) { served.an().set_available_units(126'001); }},
      {"pending", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_pending_units(1); }},
      {"lot's day", I::BALANCE_DIFFERS,
       [](Served& served) { served.an().mutable_lots(1)->set_expiry_day_number(20'000); }},
      {"lots' order", I::BALANCE_DIFFERS,
       [](Served& served) { served.an().mutable_lots()->SwapElements(0, 1); }},
      {"minutes", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_honorary_minutes(31); }},
      {"frozen", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_frozen(true); }},
      {"passbook", I::BALANCE_DIFFERS, [](Served& served) { served.an().set_last_sequence(3); }},
      {"left out", I::BALANCE_NOT_SERVED,
       [](Served& served) { served.pages[0].mutable_balances()->RemoveLast(); }},
      {"first left out", I::BALANCE_NOT_SERVED,
       [](Served& served) { served.pages[0].mutable_balances()->DeleteSubrange(0, 1); }},
      {"invented", I::BALANCE_NOT_IN_LOG,
       [](Served& served) { served.pages[0].add_balances()->set_volunteer_id("cy"); }},
      {"order", I::BALANCE_ORDER_WRONG,
       [](Served& served) { served.pages[0].mutable_balances()->SwapElements(0, 1); }},
      {"twice", I::BALANCE_ORDER_WRONG,
       [](Served& served) {
         served.pages.push_back(served.pages[0]);
         served.pages[1].mutable_balances()->DeleteSubrange(0, 1);
       }},
      {"one total for another", I::TRIAL_BALANCE_DIFFERS,
       [](Served& served) {
         served.totals.mutable_totals(2)->set_units(30'001);
         served.totals.mutable_totals(3)->set_units(149'999);
       }},
      {"an account nobody knows", I::TRIAL_BALANCE_DIFFERS,
       [](Served& served) {
         served.totals.mutable_totals(4)->set_account("pockets");
         served.totals.mutable_totals(4)->set_units(1);
         served.totals.mutable_totals(3)->set_units(149'999);
       }},
      {"volunteers", I::TRIAL_BALANCE_DIFFERS,
       [](Served& served) { served.totals.set_volunteers(3); }},
      {"merchant's units", I::MERCHANT_BALANCE_DIFFERS,
       [](Served& served) { served.totals.mutable_merchants(0)->set_payable_units(1); }},
      {"merchant left out", I::MERCHANT_BALANCE_DIFFERS,
       [](Served& served) { served.totals.mutable_merchants()->RemoveLast(); }},
      {"merchants' order", I::MERCHANT_BALANCE_DIFFERS,
       [](Served& served) { served.totals.mutable_merchants()->SwapElements(0, 1); }},
  };
}

std::vector<LogRow> AllLogRows() {
  std::vector<LogRow> rows = EnvelopeRows();
  for (const auto& more : {PartyRows(), HoursRows(), MoneyRows()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

TEST(AuditReducer, PassesAGoodLogAndWhatIsServedOfIt) {
  const Log log = GoodLog();
  const Served served = GoodAnswers(log);
  EXPECT_EQ(TextOf(Audit(log, &served)), "");
}

TEST(AuditReducer, TellsEachViolationOfALogAsItself) {
  for (const LogRow& row : AllLogRows()) {
    SCOPED_TRACE(row.name);
    Log log = GoodLog();
    row.spoil(log);
    const std::vector<Finding> findings = Audit(log, nullptr);
    ASSERT_EQ(findings.size(), 1u) << TextOf(findings);
    EXPECT_EQ(InvariantName(findings[0].invariant), InvariantName(row.want)) << TextOf(findings);
    EXPECT_FALSE(findings[0].message.empty());
  }
}

TEST(AuditReducer, TellsEachViolationOfWhatIsServedAsItself) {
  const Log log = GoodLog();
  for (const ServedRow& row : ServedRows()) {
    SCOPED_TRACE(row.name);
    Served served = GoodAnswers(log);
    row.spoil(served);
    const std::vector<Finding> findings = Audit(log, &served);
    ASSERT_EQ(findings.size(), 1u) << TextOf(findings);
    EXPECT_EQ(InvariantName(findings[0].invariant), InvariantName(row.want)) << TextOf(findings);
  }
}

TEST(AuditReducer, HasARowForEveryInvariant) {
  std::set<Invariant> seen;
  for (const LogRow& row : AllLogRows()) seen.insert(row.want);
  for (const ServedRow& row : ServedRows()) seen.insert(row.want);
  for (Invariant invariant : kInvariants) {
    EXPECT_EQ(seen.count(invariant), 1u) << InvariantName(invariant);
    EXPECT_FALSE(InvariantSentence(invariant).empty());
  }
}

// What stands at an edge and is right.
TEST(AuditReducer, PassesWhatIsJustAllowed) {
  const std::pair<const char*, std::function<void(Log&)>> rows[] = {
      {"30 days ago",
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing",
                    {{"2021-05-11", 60, 0, 2, 10, 100, "2022-01-31"}});
       }},
      {"a day of 1,440 minutes",
       [](Log& log) {
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 0, 1'380, 3, 12, 100, {}}});
       }},
      {"one service after another",
       [](Log& log) {
         Log::Clock(
             log.Credit("c6", kLater, "an", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}}),
             "2021-06-05 09:00", "2021-06-05 10:00");
         Log::Clock(
             log.Credit("c7", kLater, "an", "crossing", {{"2021-06-05", 0, 60, 3, 12, 100, {}}}),
             "2021-06-05 10:00", "2021-06-05 11:00");
         Log::Clock(
             log.Credit("c8", kLater, "an", "crossing", {{"2021-06-05", 0, 60, 3, 12, 100, {}}}),
             "2021-06-05 08:00", "2021-06-05 09:00");
       }},
      {"a newer rule from the same day",
       [](Log& log) {
         log.Rule("rule4", kLater, 4, "2021-06-01", 480);
         log.Credit("c6", kLater, "an", "crossing", {{"2021-06-02", 420, 15, 4, 10, 100, {}}});
       }},
      {"the last pieces and all the points",
       [](Log& log) {
         log.Redeem("o4", kLater, "bread", 2, {{"2022-01-31", 54'000}, {std::nullopt, 66'000}});
       }},
      {"a configured principal",
       [](Log& log) {
         v1::Event& event =
             log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 54'000}, {std::nullopt, 6'000}});
         event.set_actor("till-of-configuration");
       }},
      {"hours of who is frozen",
       [](Log& log) {
         log.Credit("c6", kLater, "bo", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
       }},
      {"one request id for two kinds", [](Log& log) { log.Stock("o1", kLater, 1); }},
      {"one record id in two sources",
       [](Log& log) {
         v1::Event& event =
             log.Credit("c5", kLater, "an", "crossing", {{"2021-06-05", 60, 0, 3, 12, 100, {}}});
         event.set_actor("backend-of-configuration");
         event.set_source("elsewhere");
       }},
      {"65,535 bytes", [](Log& log) { log.Pad("stock", 65'535); }},
  };
  for (const auto& [name, add] : rows) {
    SCOPED_TRACE(name);
    Log log = GoodLog();
    add(log);
    EXPECT_EQ(TextOf(Audit(log, nullptr)), "");
  }
}

TEST(AuditReducer, ComparesEachAnswerAtItsOwnSize) {
  Log log = GoodLog();
  // The first page is old, the second new; the ledger has grown since, by events and volunteers.
  Served served = GoodAnswers(log);
  served.pages.push_back(served.pages[0]);
  served.pages[0].mutable_balances()->RemoveLast();
  served.pages[1].mutable_balances()->DeleteSubrange(0, 1);
  const uint64_t after_c1 = log["c1"].sequence() + 1;
  served.pages[0].set_size(after_c1);
  served.an().Clear();
  served.an().set_volunteer_id("an");
  served.an().set_available_units(120'000);
  SetLot({"2021-04-30", 120'000}, served.an().add_lots());
  served.an().set_credited_minutes(120);
  served.an().set_event_count(2);
  served.an().set_last_sequence(after_c1 - 1);
  log.Volunteer("cy", kLater);
  log.Redeem("o4", kLater, "bread", 1, {{"2022-01-31", 54'000}, {std::nullopt, 6'000}});
  EXPECT_EQ(TextOf(Audit(log, &served)), "");
}

TEST(AuditReducer, GoesOnAfterAViolationAndKeepsABoundedList) {
  Log log = GoodLog();
  for (size_t i = 0; i <= kFindingsMax; ++i) {
    log.Revoke("revoke" + std::to_string(i), kLater, "nobody");
  }
  Reducer reducer("county");
  log.ReplayInto(reducer, [] {});
  EXPECT_EQ(reducer.findings().size(), kFindingsMax);
  EXPECT_EQ(reducer.findings_total(), kFindingsMax + 1);
  EXPECT_EQ(reducer.size(), log.size());
}

TEST(AuditReducer, TellsNoPersonalNumber) {
  Log log = GoodLog();
  Again(log.Volunteer("13812345678", kLater));
  Again(log.Volunteer("13812345678", kLater)).set_request_id("once more");
  EXPECT_EQ(TextOf(Audit(log, nullptr)).find("13812345678"), std::string::npos);
}

}  // namespace
}  // namespace meritbook::audit
