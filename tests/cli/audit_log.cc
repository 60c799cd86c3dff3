#include "tests/cli/audit_log.h"

#include <sstream>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "cli/audit/served_comparison.h"
#include "google/protobuf/text_format.h"

namespace meritbook::audit {

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

void SetLot(const LotRow& row, v1::LotUnits* lot) {
  if (row.last_day) lot->set_expiry_day_number(Day(*row.last_day));
  lot->set_units(row.units);
}

std::string Numbered(const std::string& text) {
  std::string numbered;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool instant = text.compare(i, 3, "T(2") == 0;
    if (!instant && text.compare(i, 3, "D(2") != 0) {
      numbered += text[i];
      continue;
    }
    const size_t close = text.find(')', i);
    const std::string inside = text.substr(i + 2, close - i - 2);
    numbered += instant ? std::to_string(At(inside)) : std::to_string(Day(inside));
    i = close;
  }
  return numbered;
}

namespace {

v1::CommandKind KindOf(const v1::Event& event) {
  static const std::map<v1::Event::BodyCase, v1::CommandKind> kKinds = {
      {v1::Event::kVolunteerUnfrozen, v1::COMMAND_KIND_UNFREEZE_VOLUNTEER},
      {v1::Event::kVolunteerFrozen, v1::COMMAND_KIND_FREEZE_VOLUNTEER},
      {v1::Event::kVolunteerClosed, v1::COMMAND_KIND_CLOSE_VOLUNTEER},
      {v1::Event::kVolunteerRegistered, v1::COMMAND_KIND_REGISTER_VOLUNTEER},
      {v1::Event::kPrincipalRegistered, v1::COMMAND_KIND_REGISTER_PRINCIPAL},
      {v1::Event::kOrganisationRegistered, v1::COMMAND_KIND_REGISTER_ORGANISATION},
      {v1::Event::kRosterSet, v1::COMMAND_KIND_SET_ROSTER},
      {v1::Event::kActivityRegistered, v1::COMMAND_KIND_REGISTER_ACTIVITY},
      {v1::Event::kSessionRegistered, v1::COMMAND_KIND_REGISTER_SESSION},
      {v1::Event::kActivitySubmitted, v1::COMMAND_KIND_SUBMIT_ACTIVITY},
      {v1::Event::kActivityReviewed, v1::COMMAND_KIND_REVIEW_ACTIVITY},
      {v1::Event::kActivityClosed, v1::COMMAND_KIND_CLOSE_ACTIVITY},
      {v1::Event::kActivityCancelled, v1::COMMAND_KIND_CANCEL_ACTIVITY},
      {v1::Event::kHoursCredited, v1::COMMAND_KIND_CREDIT_HOURS},
      {v1::Event::kHoursSubmitted, v1::COMMAND_KIND_SUBMIT_HOURS},
      {v1::Event::kAttendanceRecorded, v1::COMMAND_KIND_RECORD_ATTENDANCE},
      {v1::Event::kHoursBackfilled, v1::COMMAND_KIND_BACKFILL_HOURS},
      {v1::Event::kHoursReviewed, v1::COMMAND_KIND_REVIEW_HOURS},
      {v1::Event::kHoursCorrected, v1::COMMAND_KIND_CORRECT_HOURS},
      {v1::Event::kHoursRevoked, v1::COMMAND_KIND_REVOKE_HOURS},
      {v1::Event::kHoursDisputed, v1::COMMAND_KIND_DISPUTE_HOURS},
      {v1::Event::kAwardSubmitted, v1::COMMAND_KIND_AWARD_POINTS},
      {v1::Event::kPointsDonated, v1::COMMAND_KIND_DONATE_POINTS},
      {v1::Event::kChangeProposed, v1::COMMAND_KIND_PROPOSE_CHANGE},
      {v1::Event::kChangeApproved, v1::COMMAND_KIND_APPROVE_CHANGE},
      {v1::Event::kChangeRejected, v1::COMMAND_KIND_REJECT_CHANGE},
      {v1::Event::kOrderRedeemed, v1::COMMAND_KIND_REDEEM_NOW},
      {v1::Event::kOrderRefunded, v1::COMMAND_KIND_REFUND_ORDER},
      {v1::Event::kOrderHeld, v1::COMMAND_KIND_HOLD_ORDER},
      {v1::Event::kVoucherIssued, v1::COMMAND_KIND_ISSUE_VOUCHER},
      {v1::Event::kOrderConfirmed, v1::COMMAND_KIND_CONFIRM_ORDER},
      {v1::Event::kOrderCancelled, v1::COMMAND_KIND_CANCEL_ORDER},
      {v1::Event::kMerchantSuspended, v1::COMMAND_KIND_SUSPEND_MERCHANT},
      {v1::Event::kMerchantResumed, v1::COMMAND_KIND_RESUME_MERCHANT},
      {v1::Event::kMerchantOffboarded, v1::COMMAND_KIND_OFFBOARD_MERCHANT},
      {v1::Event::kItemWithdrawn, v1::COMMAND_KIND_WITHDRAW_ITEM},
      {v1::Event::kStockReturned, v1::COMMAND_KIND_RETURN_STOCK},
      {v1::Event::kStatementOpened, v1::COMMAND_KIND_OPEN_STATEMENT},
      {v1::Event::kStatementObjected, v1::COMMAND_KIND_OBJECT_STATEMENT},
      {v1::Event::kObjectionResolved, v1::COMMAND_KIND_RESOLVE_OBJECTION},
      {v1::Event::kStatementClosed, v1::COMMAND_KIND_CLOSE_STATEMENT},
      {v1::Event::kPaymentRecorded, v1::COMMAND_KIND_RECORD_PAYMENT},
      {v1::Event::kPaymentReversed, v1::COMMAND_KIND_REVERSE_PAYMENT},
      {v1::Event::kPeriodClosed, v1::COMMAND_KIND_CLOSE_PERIOD},
      {v1::Event::kLossDeclared, v1::COMMAND_KIND_DECLARE_LOSS},
      {v1::Event::kMerchantOnboarded, v1::COMMAND_KIND_ONBOARD_MERCHANT},
      {v1::Event::kItemPublished, v1::COMMAND_KIND_PUBLISH_ITEM},
      {v1::Event::kLedgerCreated, v1::COMMAND_KIND_CREATE_LEDGER},
      {v1::Event::kRulePublished, v1::COMMAND_KIND_PUBLISH_RULE},
  };
  const auto kind = kKinds.find(event.body_case());
  return kind == kKinds.end() ? v1::COMMAND_KIND_UNSPECIFIED : kind->second;
}

void Parse(const std::string& body, v1::Event& event) {
  v1::Event parsed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(Numbered(body), &parsed)) << body;
  event.MergeFrom(parsed);
}

}  // namespace

v1::Event& Log::Text(const std::string& label, const std::string& recorded,
                     const std::string& actor, const std::string& volunteers,
                     const std::string& body) {
  v1::Event& event = Add(label, recorded, actor, v1::COMMAND_KIND_UNSPECIFIED);
  Parse(body, event);
  event.set_kind(KindOf(event));
  if (actor.empty()) {
    event.set_scope(v1::REQUEST_SCOPE_UNSPECIFIED);
    event.clear_request_id();
  }
  std::istringstream ids(volunteers);
  for (std::string id; ids >> id;) Link(event, id);
  return event;
}

v1::Event& Log::Next(const std::string& label, const std::string& first,
                     const std::string& volunteers, const std::string& body) {
  const v1::Event head = (*this)[first];
  v1::Event& event = Add(label, "2021-01-01 00:00", head.actor(), head.kind());
  event.set_recorded_us(head.recorded_us());
  event.set_occurred_us(head.recorded_us());
  event.set_request_id(head.request_id());
  event.set_command_first_sequence(head.sequence());
  Parse(body, event);
  std::istringstream ids(volunteers);
  for (std::string id; ids >> id;) Link(event, id);
  // Every event of the command says how many there are.
  const auto count = static_cast<uint32_t>(event.sequence() - head.sequence() + 1);
  for (uint64_t i = head.sequence(); i <= event.sequence(); ++i) {
    events_[i].set_command_event_count(count);
  }
  return event;
}

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

}  // namespace meritbook::audit
