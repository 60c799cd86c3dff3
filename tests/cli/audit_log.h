// Logs for the audit's tests, built by hand: nothing here knows the ledger's own code.
#ifndef MERITBOOK_TESTS_CLI_AUDIT_LOG_H_
#define MERITBOOK_TESTS_CLI_AUDIT_LOG_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/audit/finding.h"
#include "cli/audit/reducer.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/audit.pb.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

inline constexpr int64_t kDayUs = int64_t{86'400} * 1'000'000;

// "2021-03-05 09:00" in China, which is eight hours ahead of UTC all year.
int64_t At(const std::string& text);
int32_t Day(const std::string& text);

struct SegmentRow {
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
void SetLot(const LotRow& row, v1::LotUnits* lot);

// "T(2021-03-05 09:00)" and "D(2021-03-05)" stand for the instant and the day's number.
std::string Numbered(const std::string& text);

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
    if (actor == "backend" || actor == "relative" || actor == "anself") {
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

  // An event of whatever body, as protobuf text; occurred when recorded. `volunteers`: "an bo".
  v1::Event& Text(const std::string& label, const std::string& recorded, const std::string& actor,
                  const std::string& volunteers, const std::string& body);
  // The same, as the next of the command that began at `first`.
  v1::Event& Next(const std::string& label, const std::string& first, const std::string& volunteers,
                  const std::string& body);

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
                    const std::vector<SegmentRow>& segments) {
    v1::Event& event = Add(label, recorded, "backend", v1::COMMAND_KIND_CREDIT_HOURS);
    auto* command = &Command(event);
    command->set_record_id(label);
    command->set_volunteer_id(volunteer_id);
    command->set_activity_id(activity_id);
    event.mutable_hours_credited()->mutable_credit();
    event.set_occurred_us(At(segments.front().day + " 00:00"));
    uint32_t minutes = 0;
    for (const SegmentRow& row : segments) {
      v1::CreditSegment* segment = event.mutable_hours_credited()->mutable_credit()->add_segments();
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

  static v1::ServiceRecord& Command(v1::Event& credit) {
    return *credit.mutable_hours_credited()->mutable_command()->mutable_record();
  }

  static v1::Event& Clock(v1::Event& event, const std::string& start, const std::string& end) {
    auto* interval = Command(event).mutable_interval();
    interval->set_start_us(At(start));
    event.set_occurred_us(At(start));
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
    order->set_volunteer_id("an");
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
    if (lots.front().last_day)
      event.set_occurred_us(At(*lots.front().last_day + " 00:00") + kDayUs);
    Link(event, volunteer_id);
    return event;
  }

  // By `ops`, whom the log needn't know; it had been `lost` events longer.
  v1::Event& Loss(const std::string& label, const std::string& recorded, uint64_t lost) {
    v1::Event& event = Add(label, recorded, "ops", v1::COMMAND_KIND_DECLARE_LOSS);
    auto* command = event.mutable_loss_declared()->mutable_command();
    command->set_kept_size(event.sequence());
    command->set_guard_size(event.sequence() + lost);
    command->set_guard_sha256(std::string(32, 'g'));
    command->set_declared_by("ops");
    command->set_reason_code("disk");
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
  v1::Event& at(uint64_t sequence) { return events_.at(sequence); }

 private:
  std::deque<v1::Event> events_;
  std::map<std::string, uint64_t> labels_;
  std::map<std::string, std::pair<uint64_t, uint64_t>> passbooks_;
  std::map<uint64_t, std::string> replaced_;
};

// Hours, redemptions and lapses of two volunteers under three rules.
Log GoodLog();
// The whole life of hours and points: reviews, corrections, debt, merges, refunds.
Log LifeLog();

inline constexpr char kLater[] = "2021-06-10 10:00";

// What a server serves of the good log.
struct Served {
  std::vector<v1::ListBalancesResponse> pages;
  v1::GetTrialBalanceResponse totals;

  v1::Balance& an() { return *pages[0].mutable_balances(0); }
};
Served GoodAnswers(const Log& log);

std::vector<Finding> Audit(const Log& log, const Served* served);
std::string TextOf(const std::vector<Finding>& findings);

}  // namespace meritbook::audit

#endif  // MERITBOOK_TESTS_CLI_AUDIT_LOG_H_
