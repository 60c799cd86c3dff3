// What Apply can't check stands in a list: each field of each event, changed by one.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "ledger/apply.h"
#include "tests/ledger/mall_life.h"
#include "tests/ledger/mutation.h"

namespace meritbook {
namespace {

// Changes one field after the other, everywhere in the event, and tells which changes went
// unnoticed.
class FieldMutator {
 public:
  explicit FieldMutator(std::function<bool(const v1::Event&)> accepts)
      : accepts_(std::move(accepts)) {}

  void Run(v1::Event event) {
    event_ = std::move(event);
    Walk(event_, "");
  }
  const std::set<std::string>& unnoticed() const { return unnoticed_; }

 private:
  using Field = google::protobuf::FieldDescriptor;
  using Message = google::protobuf::Message;

  void Walk(Message& message, const std::string& prefix) {
    const auto* descriptor = message.GetDescriptor();
    const auto* reflection = message.GetReflection();
    for (int f = 0; f < descriptor->field_count(); ++f) {
      const Field* field = descriptor->field(f);
      const std::string path = prefix + field->name();
      if (field->is_repeated()) {
        for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
          if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
            Walk(*reflection->MutableRepeatedMessage(&message, field, i), path + ".");
          } else if (field->cpp_type() == Field::CPPTYPE_ENUM) {
            const int value = reflection->GetRepeatedEnumValue(message, field, i);
            reflection->SetRepeatedEnumValue(&message, field, i, value + 1);
            Try(path);
            reflection->SetRepeatedEnumValue(&message, field, i, value);
          }
        }
      } else if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
        if (reflection->HasField(message, field)) {
          Walk(*reflection->MutableMessage(&message, field), path + ".");
        }
      } else if (!field->real_containing_oneof()) {
        const std::unique_ptr<Message> before(message.New());
        before->CopyFrom(message);
        for (const bool up : {true, false}) {
          Change(message, field, up);
          Try(path);
          message.CopyFrom(*before);
        }
      }
    }
  }

  static void Change(Message& message, const Field* field, bool up) {
    const auto* reflection = message.GetReflection();
    switch (field->cpp_type()) {
      case Field::CPPTYPE_INT32:
        reflection->SetInt32(&message, field, reflection->GetInt32(message, field) + (up ? 1 : -1));
        break;
      case Field::CPPTYPE_INT64:
        reflection->SetInt64(&message, field, reflection->GetInt64(message, field) + (up ? 1 : -1));
        break;
      case Field::CPPTYPE_UINT32:
        reflection->SetUInt32(&message, field,
                              reflection->GetUInt32(message, field) + (up ? 1u : ~0u));
        break;
      case Field::CPPTYPE_UINT64:
        reflection->SetUInt64(&message, field,
                              reflection->GetUInt64(message, field) + (up ? 1u : ~uint64_t{0}));
        break;
      case Field::CPPTYPE_BOOL:
        reflection->SetBool(&message, field, !reflection->GetBool(message, field));
        break;
      case Field::CPPTYPE_ENUM:
        reflection->SetEnumValue(&message, field,
                                 reflection->GetEnumValue(message, field) + (up ? 1 : -1));
        break;
      case Field::CPPTYPE_STRING: {
        std::string value = reflection->GetString(message, field);
        reflection->SetString(&message, field, up || value.empty() ? value + "x" : "");
        break;
      }
      case Field::CPPTYPE_DOUBLE:
      case Field::CPPTYPE_FLOAT:
      case Field::CPPTYPE_MESSAGE:
        break;
    }
  }

  void Try(const std::string& path) {
    if (accepts_(event_)) unnoticed_.insert(path);
  }

  std::function<bool(const v1::Event&)> accepts_;
  v1::Event event_;
  std::set<std::string> unnoticed_;
};

// What Apply takes on trust: words that nothing before them in the log repeats. The hash chain
// vouches for them; of a sheet and a proposal the lines and the effect that follow are compared
// with them, and of what follows from rules (days, expiry, grace, maturity, pinned rule) the
// auditor recomputes each.
constexpr std::string_view kOnTrust = R"(activity_cancelled.command.reason_code
activity_registered.command.activity_id
activity_registered.command.campaign
activity_registered.command.capacity
activity_registered.command.category
activity_registered.command.ends_us
activity_registered.command.site
activity_registered.command.starts_us
activity_reviewed.command.reason_code
activity_reviewed.command.verdict
activity_submitted.command.activity_id
activity_submitted.command.campaign
activity_submitted.command.capacity
activity_submitted.command.category
activity_submitted.command.ends_us
activity_submitted.command.site
activity_submitted.command.starts_us
actor
attendance_recorded.command.activity_id
attendance_recorded.command.attendees.end_us
attendance_recorded.command.attendees.record_id
attendance_recorded.command.attendees.start_us
attendance_recorded.command.attendees.volunteer_id
attendance_recorded.command.end_us
attendance_recorded.command.session_id
attendance_recorded.command.start_us
attendance_recorded.credited_count
award_submitted.command.award
award_submitted.command.points
award_submitted.command.record_id
change_proposed.command.adjust_points.expiry_day
change_proposed.command.adjust_points.reason_code
change_proposed.command.adjust_points.units
change_proposed.command.adjust_points.volunteer_id
change_proposed.command.allocate_budget.fen
change_proposed.command.allocate_budget.source
change_proposed.command.allocate_budget.warn_percent
change_proposed.command.allocate_budget.year
change_proposed.command.correct_hours.reason_code
change_proposed.command.correct_hours.record.record_id
change_proposed.command.correct_hours.record.source
change_proposed.command.correct_hours.replacement.activity_id
change_proposed.command.correct_hours.replacement.duration.minutes
change_proposed.command.correct_hours.replacement.duration.service_day
change_proposed.command.correct_hours.replacement.record_id
change_proposed.command.correct_hours.replacement.session_id
change_proposed.command.correct_hours.replacement.volunteer_id
change_proposed.command.load_opening_balances.balances.credited_minutes
change_proposed.command.load_opening_balances.balances.honorary_minutes
change_proposed.command.load_opening_balances.balances.lots.expiry_day
change_proposed.command.load_opening_balances.balances.lots.units
change_proposed.command.load_opening_balances.balances.volunteer_id
change_proposed.command.load_opening_balances.file_sha256
change_proposed.command.load_opening_balances.part
change_proposed.command.load_opening_balances.parts
change_proposed.command.merge_volunteers.survivor_id
change_proposed.command.merge_volunteers.volunteer_id
change_proposed.command.proposal_id
change_proposed.command.reinstate_points.expiry_day
change_proposed.command.reinstate_points.lapsed_day
change_proposed.command.reinstate_points.reason_code
change_proposed.command.reinstate_points.units
change_proposed.command.reinstate_points.volunteer_id
change_proposed.command.revoke_hours.reason_code
change_proposed.command.revoke_hours.record.record_id
change_proposed.command.revoke_hours.record.source
change_proposed.command.write_off.amounts.fen
change_proposed.command.write_off.amounts.units
change_proposed.command.write_off.budget.source
change_proposed.command.write_off.budget.year
change_proposed.command.write_off.reason_code
change_proposed.command.write_off.statement_id
change_rejected.command.reason_code
hours_backfilled.command.record.record_id
hours_backfilled.credit.segments.expiry_day_number
hours_backfilled.credit.segments.graced
hours_backfilled.credit.segments.rule_version
hours_corrected.command.reason_code
hours_corrected.command.replacement.record_id
hours_corrected.credit.matures_day_number
hours_corrected.credit.segments.expiry_day_number
hours_corrected.credit.segments.graced
hours_corrected.credit.segments.rule_version
hours_corrected.credit.segments.service_day_number
hours_credited.command.record.record_id
hours_credited.credit.matures_day_number
hours_credited.credit.segments.expiry_day_number
hours_credited.credit.segments.graced
hours_credited.credit.segments.rule_version
hours_credited.credit.segments.service_day_number
hours_disputed.command.reason_code
hours_reviewed.command.reason_code
hours_reviewed.credit.matures_day_number
hours_reviewed.credit.segments.expiry_day_number
hours_reviewed.credit.segments.graced
hours_reviewed.credit.segments.rule_version
hours_revoked.command.reason_code
hours_submitted.command.record.duration.minutes
hours_submitted.command.record.record_id
hours_submitted.credit.matures_day_number
hours_submitted.credit.segments.expiry_day_number
hours_submitted.credit.segments.graced
hours_submitted.credit.segments.rule_version
hours_submitted.credit.segments.service_day_number
hours_submitted.wait_reasons
item_published.command.age_bands
item_published.command.budget_source
item_published.command.funding
item_published.command.item_id
item_published.command.limit.period
item_published.command.limit.quantity
item_published.command.price_points
item_published.command.settle_fen
item_published.command.stock
item_withdrawn.command.reason_code
ledger_created.command.migrating
loss_declared.command.declared_by
loss_declared.command.guard_size
loss_declared.command.reason_code
merchant_offboarded.command.reason_code
merchant_onboarded.command.kind
merchant_onboarded.command.merchant_id
merchant_resumed.command.reason_code
merchant_suspended.command.reason_code
objection_resolved.command.reason_code
objection_resolved.command.upheld
occurred_us
order_cancelled.command.reason_code
order_held.command.order_id
order_redeemed.command.order_id
order_refunded.command.reason_code
organisation_registered.command.headcount
organisation_registered.command.kind
organisation_registered.command.organisation_id
payment_recorded.command.reference
payment_reversed.command.reason_code
points_matured.inflow.lots.expiry_day_number
points_matured.inflow.lots.graced
principal_registered.command.key_sha256
principal_registered.command.principal_id
principal_registered.command.roles
principal_registered.command.source
recorded_us
request_id
roster_set.command.headcount
rule_published.command.earning.auto_minutes_per_day
rule_published.command.earning.awards.award
rule_published.command.earning.awards.points_max
rule_published.command.earning.awards.times_per_year
rule_published.command.earning.backdating_days
rule_published.command.earning.backfill_earns
rule_published.command.earning.credited_minutes_per_activity
rule_published.command.earning.credited_minutes_per_day
rule_published.command.earning.credited_minutes_per_month
rule_published.command.earning.maturity_days
rule_published.command.earning.rates.category
rule_published.command.earning.rates.percentage
rule_published.command.earning.rates.points_per_hour
rule_published.command.earning.recording_unit_minutes
rule_published.command.expiry.from_crediting
rule_published.command.expiry.grace_days
rule_published.command.mall.hold_seconds_max
rule_published.command.mall.merchant_orders_per_day
rule_published.command.mall.offline_grace_minutes
rule_published.command.mall.open_amount_fen_per_point
rule_published.command.mall.refund_days
rule_published.command.mall.statement_close_days
rule_published.command.mall.volunteer_orders_per_day
rule_published.command.mall.volunteer_points_per_day
rule_published.command.mall.voucher_days_max
rule_published.command.review.late_correction_days
rule_published.command.review.late_submission_days
rule_published.command.review.revocation_points_max
salt
scope
session_registered.command.ends_us
session_registered.command.session_id
session_registered.command.site
session_registered.command.slot
session_registered.command.starts_us
source
statement_objected.command.reason_code
statement_opened.command.statement_id
stock_received.command.quantity
stock_returned.command.quantity
stock_returned.command.reason_code
volunteer_closed.command.reason
volunteer_frozen.command.reason_code
volunteer_registered.command.age_band
volunteer_registered.command.cohorts
volunteer_registered.command.guardian_consent
volunteer_unfrozen.command.reason_code
voucher_issued.command.order_id
)";

// Changes each event of a life where it stands, field by field.
void RunLife(const std::string& life, std::set<std::string>* unnoticed,
             std::set<v1::Event::BodyCase>* kinds) {
  Script script;
  script.Given(life);
  Ledger ledger("linhai");
  for (const std::string& bytes : script.events()) {
    const std::string before = Describe(ledger.state());
    FieldMutator mutator([&](const v1::Event& event) {
      // What a changed event has done is undone, as when an atomic call is refused.
      ledger.mutable_state().SetSavepoint();
      const bool accepted = ledger.Replay(event.SerializeAsString()).ok();
      ledger.mutable_state().Rollback();
      return accepted;
    });
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(bytes));
    kinds->insert(event.body_case());
    mutator.Run(event);
    unnoticed->insert(mutator.unnoticed().begin(), mutator.unnoticed().end());
    EXPECT_EQ(Describe(ledger.state()), before);
    ASSERT_TRUE(ledger.Replay(bytes).ok());
  }
  EXPECT_EQ(Describe(ledger.state()), Describe(script.state()));
}

TEST(Apply, WhatIsTakenOnTrustStandsHere) {
  std::set<std::string> unnoticed;
  std::set<v1::Event::BodyCase> kinds;
  RunLife(WholeLife(), &unnoticed, &kinds);
  RunLife(MallLife(), &unnoticed, &kinds);
  std::string got;
  for (const std::string& path : unnoticed) got += path + "\n";
  EXPECT_EQ(got, kOnTrust);
  // The two lives have an event of every kind.
  EXPECT_EQ(static_cast<int>(kinds.size()),
            v1::Event::descriptor()->FindOneofByName("body")->field_count());
}

}  // namespace
}  // namespace meritbook
