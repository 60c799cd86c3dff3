// Every field of every event of a whole life, edited: the audit finds it, or the field stands in
// the list of what is taken on trust.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tests/cli/audit_rows.h"

namespace meritbook::audit {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Tries edits of one event, field by field; the event is as before after each.
class Editor {
 public:
  Editor(v1::Event& event, std::function<bool()> is_found, std::set<std::string>& unnoticed)
      : event_(event), is_found_(std::move(is_found)), unnoticed_(unnoticed) {}

  void Run() { EditMessage(event_, ""); }

 private:
  void EditMessage(Message& message, const std::string& prefix) {
    const auto* descriptor = message.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      EditField(message, *descriptor->field(i), prefix + descriptor->field(i)->name());
    }
  }

  void EditField(Message& message, const FieldDescriptor& field, const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    if (field.is_repeated()) {
      const int size = reflection.FieldSize(message, &field);
      if (size > 0) Try(path, [&] { reflection.RemoveLast(&message, &field); });
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
      for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
        EditMessage(*reflection.MutableRepeatedMessage(&message, &field, i), path + ".");
      }
      if (size == 0) return;
      Try(path, [&] {
        reflection.AddMessage(&message, &field)
            ->CopyFrom(reflection.GetRepeatedMessage(message, &field, size - 1));
      });
      return;
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!reflection.HasField(message, &field)) return;
      EditMessage(*reflection.MutableMessage(&message, &field), path + ".");
      Try(path, [&] { reflection.ClearField(&message, &field); });
      return;
    }
    if (field.containing_oneof() != nullptr && !reflection.HasField(message, &field) &&
        field.real_containing_oneof() != nullptr) {
      return;
    }
    if (reflection.HasField(message, &field)) {
      Try(path, [&] { reflection.ClearField(&message, &field); });
    }
    EditValue(message, field, path);
  }

  void EditValue(Message& message, const FieldDescriptor& field, const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        for (int by : {1, -1}) {
          Try(path, [&] {
            reflection.SetInt32(&message, &field, reflection.GetInt32(message, &field) + by);
          });
        }
        return;
      case FieldDescriptor::CPPTYPE_INT64:
        for (int64_t by : {int64_t{1}, int64_t{-1}, int64_t{900'000'000}, -kDayUs}) {
          Try(path, [&] {
            reflection.SetInt64(&message, &field, reflection.GetInt64(message, &field) + by);
          });
        }
        return;
      case FieldDescriptor::CPPTYPE_UINT32:
        for (uint32_t by : {1u, 15u, static_cast<uint32_t>(-15)}) {
          Try(path, [&] {
            reflection.SetUInt32(&message, &field, reflection.GetUInt32(message, &field) + by);
          });
        }
        return;
      case FieldDescriptor::CPPTYPE_UINT64:
        Try(path, [&] {
          reflection.SetUInt64(&message, &field, reflection.GetUInt64(message, &field) + 1);
        });
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
        Try(path,
            [&] { reflection.SetBool(&message, &field, !reflection.GetBool(message, &field)); });
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        Try(path, [&] {
          const int next = reflection.GetEnumValue(message, &field) % 3 + 1;
          reflection.SetEnumValue(&message, &field, next);
        });
        return;
      case FieldDescriptor::CPPTYPE_STRING:
        Try(path, [&] {
          std::string text = reflection.GetString(message, &field);
          if (text.empty()) {
            text = "x";
          } else {
            text.back() = text.back() == '1' ? '2' : '1';
          }
          reflection.SetString(&message, &field, text);
        });
        return;
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return;
    }
  }

  void Try(const std::string& path, const std::function<void()>& edit) {
    const v1::Event before = event_;
    const std::string bytes = event_.SerializeAsString();
    edit();
    if (event_.SerializeAsString() != bytes && !is_found_()) unnoticed_.insert(path);
    // Swapped back part by part: the messages under way stay where they are.
    Restore(event_, before);
  }

  // Like CopyFrom, but messages that both have are kept in place.
  static void Restore(Message& message, const Message& before) {
    const auto* descriptor = message.GetDescriptor();
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor& field = *descriptor->field(i);
      if (field.is_repeated()) {
        RestoreList(message, before, field);
      } else if (!reflection.HasField(before, &field)) {
        reflection.ClearField(&message, &field);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Restore(*reflection.MutableMessage(&message, &field),
                reflection.GetMessage(before, &field));
      }
    }
    RestoreScalars(message, before);
  }

  static void RestoreList(Message& message, const Message& before, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      reflection.ClearField(&message, &field);
      for (int i = 0; i < reflection.FieldSize(before, &field); ++i) {
        reflection.AddEnumValue(&message, &field,
                                reflection.GetRepeatedEnumValue(before, &field, i));
      }
      return;
    }
    const int want = reflection.FieldSize(before, &field);
    while (reflection.FieldSize(message, &field) > want) reflection.RemoveLast(&message, &field);
    while (reflection.FieldSize(message, &field) < want) reflection.AddMessage(&message, &field);
    for (int i = 0; i < want; ++i) {
      Restore(*reflection.MutableRepeatedMessage(&message, &field, i),
              reflection.GetRepeatedMessage(before, &field, i));
    }
  }

  static void RestoreScalars(Message& message, const Message& before) {
    const auto* descriptor = message.GetDescriptor();
    const Reflection& from = *before.GetReflection();
    const Reflection& to = *message.GetReflection();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor& field = *descriptor->field(i);
      if (field.is_repeated() || !from.HasField(before, &field)) continue;
      switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
          to.SetInt32(&message, &field, from.GetInt32(before, &field));
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          to.SetInt64(&message, &field, from.GetInt64(before, &field));
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          to.SetUInt32(&message, &field, from.GetUInt32(before, &field));
          break;
        case FieldDescriptor::CPPTYPE_UINT64:
          to.SetUInt64(&message, &field, from.GetUInt64(before, &field));
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          to.SetBool(&message, &field, from.GetBool(before, &field));
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          to.SetEnumValue(&message, &field, from.GetEnumValue(before, &field));
          break;
        case FieldDescriptor::CPPTYPE_STRING:
          to.SetString(&message, &field, from.GetString(before, &field));
          break;
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT:
        case FieldDescriptor::CPPTYPE_MESSAGE:
          break;
      }
    }
  }

  v1::Event& event_;
  std::function<bool()> is_found_;
  std::set<std::string>& unnoticed_;
};

// Words that nothing else in the log repeats, or that leave everything after them true. The hashes
// of the log vouch for them.
constexpr char kOnTrust[] = R"(
activity_cancelled.command.reason_code
activity_registered.command.campaign
activity_registered.command.capacity
activity_registered.command.category
activity_registered.command.site
activity_registered.command.starts_us
activity_reviewed.command.reason_code
activity_submitted.command.campaign
activity_submitted.command.capacity
activity_submitted.command.category
activity_submitted.command.site
activity_submitted.command.starts_us
actor
change_proposed.command.adjust_points.reason_code
change_proposed.command.adjust_points.units
change_proposed.command.load_opening_balances.parts
change_rejected.command.reason_code
hours_corrected.command.reason_code
hours_corrected.command.replacement.record_id
hours_credited.command.record.record_id
hours_disputed.command.reason_code
hours_reviewed.command.reason_code
hours_revoked.command.reason_code
hours_submitted.command.record.interval.end_us
item_published.command.funding
item_published.command.stock
merchant_onboarded.command.kind
order_refunded.command.reason_code
organisation_registered.command.headcount
organisation_registered.command.kind
principal_registered.command.key_sha256
principal_registered.command.principal_id
recorded_us
request_id
roster_set.command.headcount
rule_published.command.earning.auto_minutes_per_day
rule_published.command.earning.awards.points_max
rule_published.command.earning.awards.times_per_year
rule_published.command.earning.backdating_days
rule_published.command.earning.credited_minutes_per_activity
rule_published.command.earning.credited_minutes_per_day
rule_published.command.earning.credited_minutes_per_month
rule_published.command.earning.recording_unit_minutes
rule_published.command.effective_from_day
rule_published.command.expiry.from_crediting
rule_published.command.expiry.grace_days
rule_published.command.review.late_correction_days
rule_published.command.review.late_submission_days
rule_published.command.review.revocation_points_max
salt
session_registered.command.ends_us
session_registered.command.service_day
session_registered.command.site
session_registered.command.slot
session_registered.command.starts_us
volunteer_closed.command.reason
volunteer_frozen.command.reason_code
volunteer_registered.command.age_band
volunteer_registered.command.cohorts
volunteer_registered.command.guardian_consent
volunteer_registered.command.organisation_id
volunteer_unfrozen.command.reason_code
)";

constexpr char kOnTrustInTheMall[] = R"(
actor
hours_credited.command.record.record_id
item_published.command.limit
item_published.command.limit.period
item_published.command.limit.quantity
item_published.command.stock
objection_resolved.command.reason_code
objection_resolved.command.upheld
order_cancelled.command.reason_code
order_refunded.command.reason_code
payment_recorded.command.reference
payment_reversed.command.reason_code
recorded_us
request_id
rule_published.command.earning.auto_minutes_per_day
rule_published.command.earning.backdating_days
rule_published.command.earning.backfill_earns
rule_published.command.earning.credited_minutes_per_day
rule_published.command.earning.recording_unit_minutes
rule_published.command.effective_from_day
rule_published.command.expiry.from_crediting
rule_published.command.expiry.grace_days
rule_published.command.mall.merchant_orders_per_day
rule_published.command.mall.open_amount_fen_per_point
rule_published.command.mall.volunteer_orders_per_day
rule_published.command.mall.volunteer_points_per_day
rule_published.command.mall.voucher_days_max
salt
statement_closed.figures.opening
statement_closed.figures.paid
statement_closed.figures.refunded
statement_closed.figures.reversed
statement_objected.command.reason_code
statement_opened.figures.opening
statement_opened.figures.paid
statement_opened.figures.refunded
statement_opened.figures.reversed
statement_opened.figures.written_off
)";

// The fields of the log's events from `first` on whose edit nobody notices.
std::string Unnoticed(Log log, uint64_t first) {
  std::set<std::string> unnoticed;
  const auto is_found = [&] {
    Reducer reducer("county");
    log.ReplayInto(reducer, [] {});
    return reducer.findings_total() > 0;
  };
  EXPECT_FALSE(is_found());
  for (uint64_t sequence = first; sequence < log.size(); ++sequence) {
    Editor(log.at(sequence), is_found, unnoticed).Run();
  }
  EXPECT_FALSE(is_found());
  std::string text = "\n";
  for (const std::string& path : unnoticed) text += path + "\n";
  return text;
}

TEST(AuditEdit, FindsEveryEditButOfWhatIsTakenOnTrust) {
  EXPECT_EQ(Unnoticed(LifeLog(), 0), kOnTrust);
}

TEST(AuditEdit, FindsEveryEditOfTheMallButOfWhatIsTakenOnTrust) {
  EXPECT_EQ(Unnoticed(MallLog(), GoodLog().size()), kOnTrustInTheMall);
}

}  // namespace
}  // namespace meritbook::audit
