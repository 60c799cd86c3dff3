// Owns: a ledger's log made by hand, for figures that are reasoned by hand.
// Promises: every event is taken by the books, or the test fails; times are those of Asia/Shanghai.
// Thread: one.
//
//   HandLog log;
//   log.At("2024-03-05 09:00").Volunteer("ann").Hours("r1", "ann", "patrol", "2024-03-05", 60, 25);
//   EXPECT_EQ(Lines(Totals(log.books(), Window(), v1::REPORT_GROUP_DAY)), …);
#ifndef MERITBOOK_TESTS_SERVICES_HAND_LOG_H_
#define MERITBOOK_TESTS_SERVICES_HAND_LOG_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "ledger/calendar.h"
#include "ledger/text.h"
#include "ledger/units.h"
#include "services/books_keeper.h"
#include "services/report_table.h"
#include "services/report_window.h"

namespace meritbook {

struct HandLine {
  std::string item;
  uint32_t quantity = 0;
  uint32_t price_points = 0;
  uint32_t settle_fen = 0;  // of the budget `programme` of 2024
};
using HandLines = std::vector<HandLine>;

inline int64_t HandTime(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, absl::FixedTimeZone(8 * 3600), &time, &error))
      << text << ": " << error;
  return absl::ToUnixMicros(time);
}
inline int64_t HandPoints(int64_t points) { return points * kUnitsPerPoint; }

class HandLog {
 public:
  HandLog() {
    At("2024-01-01 08:00");
    v1::Event event = Next();
    event.mutable_ledger_created()->set_ledger_id("linhai");
    event.mutable_ledger_created()->set_time_zone("Asia/Shanghai");
    Add(event);
  }

  const books::Books& books() const { return keeper_.books(); }
  const std::vector<std::string>& events() const { return events_; }

  // When what follows is recorded, and happens unless it says else.
  HandLog& At(const std::string& time) {
    now_us_ = HandTime(time);
    return *this;
  }
  HandLog& By(const std::string& actor) {
    actor_ = actor;
    return *this;
  }
  // The next event is booked in this month.
  HandLog& Late(const std::string& month) {
    booked_ = ParseMonth(month);
    return *this;
  }

  v1::Event Next() {
    v1::Event event;
    event.set_sequence(keeper_.size());
    event.set_recorded_us(now_us_);
    event.set_occurred_us(now_us_);
    event.set_actor(actor_);
    event.set_source("app");
    event.set_scope(v1::REQUEST_SCOPE_SOURCE);
    event.set_command_first_sequence(keeper_.size());
    if (booked_) event.set_booked_month_number(*booked_);
    booked_.reset();
    return event;
  }
  HandLog& Add(const v1::Event& event) {
    events_.push_back(event.SerializeAsString());
    const absl::Status status = keeper_.Add(events_.back());
    EXPECT_TRUE(status.ok()) << status << "\n" << event.DebugString();
    return *this;
  }

  HandLog& Organisation(const std::string& id, v1::OrganisationKind kind,
                        std::optional<uint32_t> headcount = std::nullopt) {
    v1::Event event = Next();
    auto* command = event.mutable_organisation_registered()->mutable_command();
    command->set_organisation_id(id);
    command->set_kind(kind);
    if (headcount) command->set_headcount(*headcount);
    return Add(event);
  }
  HandLog& Activity(const std::string& id, const std::string& organisation,
                    const std::string& category, const std::string& site = "",
                    const std::string& campaign = "") {
    v1::Event event = Next();
    auto* command = event.mutable_activity_registered()->mutable_command();
    command->set_activity_id(id);
    command->set_organisation_id(organisation);
    command->set_category(category);
    if (!site.empty()) command->set_site(site);
    if (!campaign.empty()) command->set_campaign(campaign);
    return Add(event);
  }
  HandLog& Session(const std::string& id, const std::string& activity, const std::string& day,
                   const std::string& slot = "") {
    v1::Event event = Next();
    auto* command = event.mutable_session_registered()->mutable_command();
    command->set_session_id(id);
    command->set_activity_id(activity);
    command->set_service_day(day);
    if (!slot.empty()) command->set_slot(slot);
    return Add(event);
  }
  HandLog& Volunteer(const std::string& id, const std::string& organisation = "") {
    v1::Event event = Next();
    auto* command = event.mutable_volunteer_registered()->mutable_command();
    command->set_volunteer_id(id);
    if (!organisation.empty()) command->set_organisation_id(organisation);
    return Add(event);
  }
  static v1::Credit CreditOf(const std::string& day, uint32_t minutes, int64_t points,
                             const std::string& expiry = "") {
    v1::Credit credit;
    v1::CreditSegment* segment = credit.add_segments();
    segment->set_service_day_number(*ParseDay(day));
    segment->set_credited_minutes(minutes);
    segment->set_units(HandPoints(points));
    if (!expiry.empty()) segment->set_expiry_day_number(*ParseDay(expiry));
    return credit;
  }
  // Occurs at noon of its day.
  v1::Event HoursEvent(const std::string& record, const std::string& volunteer,
                       const std::string& activity, const std::string& day, uint32_t minutes,
                       int64_t points, const std::string& session = "",
                       const std::string& expiry = "") {
    v1::Event event = Next();
    event.set_occurred_us(HandTime(day + " 12:00"));
    v1::ServiceRecord* service =
        event.mutable_hours_credited()->mutable_command()->mutable_record();
    service->set_record_id(record);
    service->set_volunteer_id(volunteer);
    service->set_activity_id(activity);
    if (!session.empty()) service->set_session_id(session);
    *event.mutable_hours_credited()->mutable_credit() = CreditOf(day, minutes, points, expiry);
    return event;
  }
  HandLog& Hours(const std::string& record, const std::string& volunteer,
                 const std::string& activity, const std::string& day, uint32_t minutes,
                 int64_t points, const std::string& session = "", const std::string& expiry = "") {
    return Add(HoursEvent(record, volunteer, activity, day, minutes, points, session, expiry));
  }
  HandLog& Revoke(const std::string& record, const std::string& volunteer, int64_t points,
                  const std::string& expiry = "") {
    v1::Event event = Next();
    v1::HoursRevoked* revoked = event.mutable_hours_revoked();
    revoked->mutable_command()->mutable_record()->set_source("app");
    revoked->mutable_command()->mutable_record()->set_record_id(record);
    revoked->set_volunteer_id(volunteer);
    v1::LotUnits* lot = revoked->mutable_claw_back()->add_available();
    lot->set_units(HandPoints(points));
    if (!expiry.empty()) lot->set_expiry_day_number(*ParseDay(expiry));
    return Add(event);
  }

  HandLog& Merchant(const std::string& id) {
    v1::Event event = Next();
    event.mutable_merchant_onboarded()->mutable_command()->set_merchant_id(id);
    return Add(event);
  }
  HandLog& Item(const std::string& id, const std::string& merchant, uint32_t price, uint32_t stock,
                uint32_t settle_fen = 0) {
    v1::Event event = Next();
    auto* command = event.mutable_item_published()->mutable_command();
    command->set_item_id(id);
    command->set_merchant_id(merchant);
    command->set_price_points(price);
    command->set_stock(stock);
    command->set_settle_fen(settle_fen);
    return Add(event);
  }
  template <typename Body>
  static int64_t SetLines(const HandLines& lines, Body* body) {
    int64_t units = 0;
    for (const HandLine& line : lines) {
      v1::PricedLine* priced = body->add_lines();
      priced->set_item_id(line.item);
      priced->set_quantity(line.quantity);
      priced->set_price_points(line.price_points);
      priced->set_settle_fen(line.settle_fen);
      if (line.settle_fen > 0) {
        priced->set_budget_source("programme");
        priced->set_budget_year(2024);
      }
      units += HandPoints(int64_t{line.quantity} * line.price_points);
    }
    body->set_units(units);
    return units;
  }
  static void SetRef(const std::string& order, v1::OrderRef* ref) {
    ref->set_scope(v1::REQUEST_SCOPE_SOURCE);
    ref->set_owner("app");
    ref->set_order_id(order);
  }
  HandLog& Hold(const std::string& order, const std::string& volunteer, const std::string& merchant,
                const HandLines& lines) {
    v1::Event event = Next();
    v1::OrderHeld* held = event.mutable_order_held();
    held->mutable_command()->set_order_id(order);
    held->mutable_command()->set_merchant_id(merchant);
    held->mutable_hold()->set_volunteer_id(volunteer);
    held->mutable_hold()->add_lots()->set_units(SetLines(lines, held->mutable_hold()));
    held->mutable_hold()->set_deadline_us(now_us_ + 3'600'000'000);
    held->mutable_hold()->set_ends_us(now_us_ + 7'200'000'000);
    return Add(event);
  }
  // Of `held_points`; the rest is released.
  HandLog& Confirm(const std::string& order, const std::string& volunteer,
                   const std::string& merchant, const HandLines& lines, int64_t held_points) {
    v1::Event event = Next();
    v1::OrderConfirmed* confirmed = event.mutable_order_confirmed();
    SetRef(order, confirmed->mutable_order());
    confirmed->set_volunteer_id(volunteer);
    confirmed->set_merchant_id(merchant);
    const int64_t units = SetLines(lines, confirmed);
    confirmed->add_lots()->set_units(units);
    if (HandPoints(held_points) > units) {
      confirmed->mutable_released()->add_lots()->set_units(HandPoints(held_points) - units);
    }
    return Add(event);
  }
  HandLog& Cancel(const std::string& order, const std::string& volunteer,
                  const std::string& merchant, int64_t points) {
    v1::Event event = Next();
    v1::HoldEnded* hold = event.mutable_order_cancelled()->mutable_hold();
    SetRef(order, hold->mutable_order());
    hold->set_volunteer_id(volunteer);
    hold->set_merchant_id(merchant);
    hold->set_units(HandPoints(points));
    hold->mutable_released()->add_lots()->set_units(HandPoints(points));
    return Add(event);
  }
  HandLog& Redeem(const std::string& order, const std::string& volunteer,
                  const std::string& merchant, const HandLines& lines) {
    v1::Event event = Next();
    v1::OrderRedeemed* redeemed = event.mutable_order_redeemed();
    redeemed->mutable_command()->set_order_id(order);
    redeemed->mutable_command()->set_merchant_id(merchant);
    redeemed->set_volunteer_id(volunteer);
    redeemed->add_lots()->set_units(SetLines(lines, redeemed));
    return Add(event);
  }
  HandLog& Refund(const std::string& order, const std::string& volunteer,
                  const std::string& merchant, const HandLines& lines) {
    v1::Event event = Next();
    v1::OrderRefunded* refunded = event.mutable_order_refunded();
    SetRef(order, refunded->mutable_order());
    refunded->set_volunteer_id(volunteer);
    refunded->set_merchant_id(merchant);
    refunded->mutable_inflow()->add_lots()->set_units(SetLines(lines, refunded));
    return Add(event);
  }
  HandLog& Allocate(int64_t fen) {
    v1::Event event = Next();
    auto* command = event.mutable_budget_allocated()->mutable_command();
    command->set_source("programme");
    command->set_year(2024);
    command->set_fen(fen);
    return Add(event);
  }

 private:
  int64_t now_us_ = 0;
  std::string actor_ = "backend";
  std::optional<MonthNumber> booked_;
  books::BooksKeeper keeper_;
  std::vector<std::string> events_;
};

// One line a row, its values with "|" between: points of units, days and months as text, instants
// as days, nothing for a value that there is none; "=" before a total.
inline std::vector<std::string> Lines(const ReportTable& table) {
  std::vector<std::string> lines;
  for (const v1::ReportRow& row : table.rows) {
    std::string& line = lines.emplace_back(row.total() ? "=" : "");
    for (int i = 0; i < row.values_size(); ++i) {
      if (i > 0) line += "|";
      const v1::ReportValue& value = row.values(i);
      if (value.has_text()) line += value.text();
      if (!value.has_number()) continue;
      const v1::ColumnType type = table.columns[static_cast<size_t>(i)].type();
      const int64_t number = value.number();
      if (type == v1::COLUMN_TYPE_UNITS) {
        EXPECT_EQ(number % kUnitsPerPoint, 0);
        line += Text(number / kUnitsPerPoint);
      } else if (type == v1::COLUMN_TYPE_DAY_NUMBER) {
        line += FormatDay(static_cast<DayNumber>(number));
      } else if (type == v1::COLUMN_TYPE_MONTH_NUMBER) {
        line += FormatMonth(static_cast<MonthNumber>(number));
      } else if (type == v1::COLUMN_TYPE_INSTANT) {
        line += FormatDay(Calendar::ForZone("Asia/Shanghai")->DayOf(number));
      } else {
        line += Text(number);
      }
    }
  }
  return lines;
}

inline Window Days(const HandLog& log, const std::string& from, const std::string& until) {
  return WindowOf(log.books(), from.empty() ? std::nullopt : ParseDay(from),
                  until.empty() ? std::nullopt : ParseDay(until));
}

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_SERVICES_HAND_LOG_H_
