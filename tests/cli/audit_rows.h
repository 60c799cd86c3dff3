// Ways to break a good log or a good answer, and what the audit has to tell of each.
#ifndef MERITBOOK_TESTS_CLI_AUDIT_ROWS_H_
#define MERITBOOK_TESTS_CLI_AUDIT_ROWS_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/cli/audit_log.h"

namespace meritbook::audit {

struct LogRow {
  const char* name;
  Invariant want;
  std::function<void(Log&)> spoil;
};

struct ServedRow {
  const char* name;
  Invariant want;
  std::function<void(Served&)> spoil;
};

// Of GoodLog().
std::vector<LogRow> EnvelopeRows();
std::vector<LogRow> PartyRows();
std::vector<LogRow> HoursRows();
std::vector<LogRow> MoneyRows();
Log MallLog();
std::vector<LogRow> MallRows();
// Of LifeLog().
std::vector<LogRow> RecordRows();
std::vector<LogRow> ChangeRows();
std::vector<LogRow> PointsRows();

std::vector<ServedRow> ServedRows();

using I = Invariant;

inline v1::Event& Again(v1::Event& event) {
  event.set_request_id("again");
  return event;
}

inline void RecordAt(v1::Event& event, const std::string& recorded) {
  event.set_recorded_us(At(recorded));
  event.set_occurred_us(event.recorded_us());
}

inline v1::DeclareLoss& LossOf(v1::Event& event) {
  return *event.mutable_loss_declared()->mutable_command();
}

inline v1::CreditSegment& LastSegment(Log& log) {
  return *log["c5"].mutable_hours_credited()->mutable_credit()->mutable_segments(0);
}

inline v1::OrderRedeemed& OrderOf(Log& log, const std::string& label) {
  return *log[label].mutable_order_redeemed();
}

inline v1::PublishRule& NextRule(Log& log) {
  v1::Event& event = log.Rule("rule4", kLater, 4, "2021-07-01", 60);
  return *event.mutable_rule_published()->mutable_command();
}

inline v1::RegisterActivity& Crossing(Log& log) {
  return *log["crossing"].mutable_activity_registered()->mutable_command();
}

}  // namespace meritbook::audit

#endif  // MERITBOOK_TESTS_CLI_AUDIT_ROWS_H_
