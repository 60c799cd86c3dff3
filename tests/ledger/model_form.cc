// The form of a command: what can be said of it without a ledger.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kInstantUsMax = int64_t{7'258'118'400} * 1'000'000;  // 2200
constexpr int64_t kBudgetFenMax = 1'000'000'000'000;
constexpr int64_t kWeekUs = int64_t{7} * 24 * 60 * kMinuteUs;

class Form {
 public:
  explicit Form(const Message& command) { Names(command), Of(command); }
  const Reasons& faults() const { return faults_; }

 private:
  void Need(bool holds, v1::Refusal reason) {
    if (!holds) faults_.insert(reason);
  }
  void Choice(bool known) { Need(known, v1::REFUSAL_FIELD_INVALID); }
  void Within(int64_t value, int64_t min, int64_t max) {
    Need(value >= min && value <= max, v1::REFUSAL_FIELD_INVALID);
  }

  void Id(const std::string& name, const std::string& value) {
    Need(!value.empty(), v1::REFUSAL_FIELD_MISSING);
    if (value.empty()) return;
    const bool fits = std::all_of(value.begin(), value.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '_' || c == ':' || c == '-';
    });
    Need(fits && value.size() <= 64, v1::REFUSAL_ID_MALFORMED);
    // Of the personal numbers, mobile ones stand for all.
    const bool person = name == "volunteer_id" || name == "principal_id" || name == "survivor_id" ||
                        name == "declared_by";
    const bool digits =
        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    Need(!person || !digits || value.size() != 11 || value[0] != '1' || value[1] < '3',
         v1::REFUSAL_PERSONAL_IDENTIFIER);
  }

  // Ids and days, wherever they stand.
  void Names(const Message& message) {
    const auto* reflection = message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message.GetDescriptor()->field(i);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        if (!field->is_repeated()) {
          if (reflection->HasField(message, field)) Names(reflection->GetMessage(message, field));
          continue;
        }
        for (int n = 0; n < reflection->FieldSize(message, field); ++n) {
          Names(reflection->GetRepeatedMessage(message, field, n));
        }
      }
      if (field->type() != FieldDescriptor::TYPE_STRING || field->name() == "time_zone") continue;
      if (field->has_presence() && !reflection->HasField(message, field)) continue;
      const std::string value = reflection->GetString(message, field);
      const std::string& in = message.GetDescriptor()->name();
      if (in == "OrderLine" && value.empty()) continue;  // an open amount
      if (field->name() == "through_month" || field->name() == "month") continue;
      if (in == "ConfirmOrder") continue;
      if (!field->name().ends_with("_day")) {
        Id(field->name(), value);
      } else if (value.empty()) {
        Need(false, v1::REFUSAL_FIELD_MISSING);
      } else {
        Need(DayNumber(value).has_value(), v1::REFUSAL_DAY_MALFORMED);
      }
    }
  }

  void Times(int64_t start_us, int64_t end_us) {
    Need(end_us > start_us, v1::REFUSAL_TIMES_REVERSED);
  }

  void Interval(int64_t start_us, int64_t end_us) {
    Times(start_us, end_us);
    Need(start_us % kMinuteUs == 0 && end_us % kMinuteUs == 0, v1::REFUSAL_TIME_NOT_WHOLE_MINUTE);
    Need(end_us - start_us <= kWeekUs, v1::REFUSAL_FIELD_INVALID);
  }

  void Service(const v1::ServiceRecord& record) {
    Need(!record.record_id().empty(), v1::REFUSAL_FIELD_MISSING);
    if (record.has_interval()) {
      Interval(record.interval().start_us(), record.interval().end_us());
    } else if (record.has_duration()) {
      Within(record.duration().minutes(), 1, 1440);
    } else {
      Need(false, v1::REFUSAL_FIELD_MISSING);
    }
  }

  void Month(const std::string& month) {
    Need(!month.empty(), v1::REFUSAL_FIELD_MISSING);
    Choice(month.empty() || MonthNumber(month).has_value());
  }

  void Sha256(const std::string& hash) { Choice(hash.size() == 32); }

  template <typename Command>
  void Owner(const Command& c) {
    Need(!c.has_owner() || c.owner().owner_case() != v1::OrderOwner::OWNER_NOT_SET,
         v1::REFUSAL_FIELD_MISSING);
  }

  void Confirm(const v1::ConfirmOrder& c) {
    Need(!c.order_id().empty() || !c.voucher_sha256().empty(), v1::REFUSAL_FIELD_MISSING);
    if (!c.order_id().empty()) Id("order_id", c.order_id());
    if (!c.voucher_sha256().empty()) {
      Choice(c.order_id().empty() && !c.has_owner());
      Sha256(c.voucher_sha256());
    }
    Owner(c);
    if (!c.lines().empty()) Lines(c.lines());
    if (c.has_happened_us()) Within(c.happened_us(), 1, kInstantUsMax);
  }

  void Item(const v1::PublishItem& c) {
    Within(c.price_points(), 1, 1'000'000);
    Within(c.stock(), 0, 1'000'000'000);
    Within(c.settle_fen(), 0, 100'000'000);
    switch (c.funding()) {
      case v1::FUNDING_PROGRAMME:
        break;
      case v1::FUNDING_DONOR:
        Need(c.has_budget_source(), v1::REFUSAL_FIELD_MISSING);
        break;
      case v1::FUNDING_MERCHANT:
        Choice(c.settle_fen() == 0 && !c.has_budget_source());
        break;
      case v1::FUNDING_UNSPECIFIED:
      case v1::Funding_INT_MIN_SENTINEL_DO_NOT_USE_:
      case v1::Funding_INT_MAX_SENTINEL_DO_NOT_USE_:
        Need(c.settle_fen() == 0, v1::REFUSAL_FIELD_MISSING);
        Choice(!c.has_budget_source());
        break;
    }
    if (c.has_limit()) {
      Within(c.limit().quantity(), 1, 10'000);
      Choice(c.limit().period() != v1::LIMIT_PERIOD_UNSPECIFIED);
    }
    std::set<int> bands;
    for (const int band : c.age_bands()) {
      Need(bands.insert(band).second, v1::REFUSAL_VALUE_REPEATED);
      Choice(band != v1::AGE_BAND_UNSPECIFIED);
    }
  }

  void Mall(const v1::MallRule& c) {
    Within(c.hold_seconds_max(), 10, 604'800);
    if (c.has_voucher_days_max()) Within(c.voucher_days_max(), 1, 366);
    Within(c.offline_grace_minutes(), 0, 44'640);
    if (c.has_refund_days()) Within(c.refund_days(), 0, 3'660);
    if (c.has_volunteer_orders_per_day()) Within(c.volunteer_orders_per_day(), 1, 1'000);
    if (c.has_volunteer_points_per_day()) {
      Within(c.volunteer_points_per_day(), 1, 1'000'000'000);
    }
    if (c.has_merchant_orders_per_day()) Within(c.merchant_orders_per_day(), 1, 1'000'000);
    if (c.has_open_amount_fen_per_point()) Within(c.open_amount_fen_per_point(), 0, 10'000);
    if (c.has_statement_close_days()) Within(c.statement_close_days(), 1, 366);
  }

  void Stars(const v1::PublishRule& c) {
    Within(c.star_hours_size(), 0, 10);
    int64_t last = 0;
    for (const uint32_t hours : c.star_hours()) {
      Within(hours, last + 1, 100'000);
      last = hours;
    }
  }

  void Budget(const v1::AllocateBudget& c) {
    Need(c.fen() != 0, v1::REFUSAL_FIELD_MISSING);
    Within(c.fen(), -kBudgetFenMax, kBudgetFenMax);
    Within(c.year(), 1970, 9999);
    if (c.has_warn_percent()) Within(c.warn_percent(), 1, 100);
  }

  void Off(const v1::WriteOff& c) {
    Need(c.amounts().units() != 0 || c.amounts().fen() != 0, v1::REFUSAL_FIELD_MISSING);
    Within(c.amounts().fen(), -kBudgetFenMax, kBudgetFenMax);
    if (c.has_budget()) {
      Choice(c.amounts().fen() != 0);
      Within(c.budget().year(), 1970, 9999);
    }
  }

  void Lines(const google::protobuf::RepeatedPtrField<v1::OrderLine>& lines) {
    std::set<std::string> items;
    for (const v1::OrderLine& line : lines) {
      Within(line.quantity(), 1, 10'000);
      Need(items.insert(line.item_id()).second, v1::REFUSAL_VALUE_REPEATED);
    }
    Within(lines.size(), 1, 64);
  }

  void Sheet(const v1::RecordAttendance& c) {
    Interval(c.start_us(), c.end_us());
    Within(c.attendees_size(), 1, 128);
    std::set<std::string> records;
    std::set<std::string> people;
    for (const v1::Attendee& line : c.attendees()) {
      Interval(line.has_start_us() ? line.start_us() : c.start_us(),
               line.has_end_us() ? line.end_us() : c.end_us());
      Need(records.insert(line.record_id()).second, v1::REFUSAL_VALUE_REPEATED);
      Need(people.insert(line.volunteer_id()).second, v1::REFUSAL_VALUE_REPEATED);
    }
  }

  void Opening(const v1::LoadOpeningBalances& c) {
    Within(static_cast<int64_t>(c.file_sha256().size()), 32, 32);
    Within(c.parts(), 1, 1'000'000);
    Within(c.part(), 1, c.parts());
    Within(c.balances_size(), 1, 128);
    std::set<std::string> people;
    for (const v1::OpeningBalance& balance : c.balances()) {
      Need(people.insert(balance.volunteer_id()).second, v1::REFUSAL_VALUE_REPEATED);
      Within(balance.lots_size(), 0, 64);
      std::set<std::string> days;
      for (const v1::OpeningLot& lot : balance.lots()) {
        Need(days.insert(lot.expiry_day()).second, v1::REFUSAL_VALUE_REPEATED);
        Need(lot.units() > 0, v1::REFUSAL_FIELD_INVALID);
      }
    }
  }

  void Change(const v1::ProposeChange& c) {
    if (c.has_adjust_points()) {
      const v1::AdjustPoints& adjust = c.adjust_points();
      Need(adjust.units() != 0, v1::REFUSAL_FIELD_MISSING);
      Choice(adjust.units() >= 0 || !adjust.has_expiry_day());
    } else if (c.has_reinstate_points()) {
      Choice(c.reinstate_points().units() > 0);
    } else if (c.has_merge_volunteers()) {
      Choice(c.merge_volunteers().volunteer_id() != c.merge_volunteers().survivor_id());
    } else if (c.has_load_opening_balances()) {
      Opening(c.load_opening_balances());
    } else if (c.has_correct_hours()) {
      Service(c.correct_hours().replacement());
    } else if (c.has_allocate_budget()) {
      Budget(c.allocate_budget());
    } else if (c.has_write_off()) {
      Off(c.write_off());
    } else {
      Need(c.has_revoke_hours(), v1::REFUSAL_FIELD_MISSING);
    }
  }

  void Of(const Message& message) {
    const auto as = [&message]<typename T>(const T*) { return dynamic_cast<const T*>(&message); };
#define MODEL_FORM(Kind) if (const auto* c = as(static_cast<const v1::Kind*>(nullptr)))
    MODEL_FORM(RegisterVolunteer) {
      Choice(c->age_band() != v1::AGE_BAND_UNSPECIFIED);
      Need(c->age_band() != v1::AGE_BAND_UNDER_14 || c->guardian_consent(),
           v1::REFUSAL_GUARDIAN_CONSENT_MISSING);
    }
    MODEL_FORM(CloseVolunteer) Choice(c->reason() != v1::CLOSE_REASON_UNSPECIFIED);
    MODEL_FORM(ReviewActivity) Choice(c->verdict() != v1::VERDICT_UNSPECIFIED);
    MODEL_FORM(ReviewHours) Choice(c->verdict() != v1::VERDICT_UNSPECIFIED);
    MODEL_FORM(SetRoster) Within(c->headcount(), 0, 10'000'000);
    MODEL_FORM(RegisterActivity) {
      if (c->has_ends_us()) Times(c->starts_us(), c->ends_us());
      if (c->has_capacity()) Within(c->capacity(), 1, 1'000'000);
    }
    MODEL_FORM(SubmitActivity) {
      if (c->has_ends_us()) Times(c->starts_us(), c->ends_us());
      if (c->has_capacity()) Within(c->capacity(), 1, 1'000'000);
    }
    MODEL_FORM(RegisterSession) Times(c->starts_us(), c->ends_us());
    MODEL_FORM(CreditHours) Service(c->record());
    MODEL_FORM(SubmitHours) Service(c->record());
    MODEL_FORM(BackfillHours) Service(c->record());
    MODEL_FORM(RecordAttendance) Sheet(*c);
    MODEL_FORM(CorrectHours) Service(c->replacement());
    MODEL_FORM(AwardPoints) Within(c->points(), 1, 1'000'000);
    MODEL_FORM(DonatePoints) Within(c->points(), 1, 1'000'000'000);
    MODEL_FORM(ProposeChange) Change(*c);
    MODEL_FORM(PublishRule) {
      if (c->has_mall()) Mall(c->mall());
      Stars(*c);
    }
    MODEL_FORM(PublishItem) Item(*c);
    MODEL_FORM(ReceiveStock) Within(c->quantity(), 1, 1'000'000'000);
    MODEL_FORM(ReturnStock) Within(c->quantity(), 1, 1'000'000'000);
    MODEL_FORM(HoldOrder) {
      Lines(c->lines());
      if (c->has_hold_seconds()) Within(c->hold_seconds(), 1, 604'800);
    }
    MODEL_FORM(IssueVoucher) {
      Lines(c->lines());
      Sha256(c->code_sha256());
      if (c->has_valid_days()) Within(c->valid_days(), 1, 366);
    }
    MODEL_FORM(RedeemNow) Lines(c->lines());
    MODEL_FORM(ConfirmOrder) Confirm(*c);
    MODEL_FORM(CancelOrder) Owner(*c);
    MODEL_FORM(RefundOrder) {
      Lines(c->lines());
      Owner(*c);
    }
    MODEL_FORM(OpenStatement) {
      if (c->final()) {
        Choice(c->through_month().empty());
      } else {
        Month(c->through_month());
      }
    }
    MODEL_FORM(ClosePeriod) Month(c->month());
    MODEL_FORM(DeclareLoss) {
      Choice(c->guard_size() >= c->kept_size());
      Sha256(c->guard_sha256());
    }
#undef MODEL_FORM
  }

  Reasons faults_;
};

}  // namespace

Reasons FormFaults(const Message& command) { return Form(command).faults(); }

Reasons FormFaults(const Ask& ask) {
  Reasons faults = FormFaults(*ask.message);
  const auto shopper = [&](const auto* c) {
    if (c == nullptr) return;
    if (!c->has_volunteer_id() && !ask.pay_code) faults.insert(v1::REFUSAL_FIELD_MISSING);
    if (c->has_volunteer_id() && ask.pay_code) faults.insert(v1::REFUSAL_FIELD_INVALID);
  };
  shopper(As<v1::HoldOrder>(ask));
  shopper(As<v1::RedeemNow>(ask));
  return faults;
}

std::string SubjectOf(const Message& command) {
  if (const auto* c = dynamic_cast<const v1::CreditHours*>(&command))
    return c->record().record_id();
  if (const auto* c = dynamic_cast<const v1::SubmitHours*>(&command))
    return c->record().record_id();
  if (const auto* c = dynamic_cast<const v1::BackfillHours*>(&command)) {
    return c->record().record_id();
  }
  if (const auto* c = dynamic_cast<const v1::RedeemNow*>(&command)) return c->order_id();
  if (const auto* c = dynamic_cast<const v1::HoldOrder*>(&command)) return c->order_id();
  if (const auto* c = dynamic_cast<const v1::IssueVoucher*>(&command)) return c->order_id();
  return "";
}

std::string Owner(const Ask& ask) {
  if (!ask.source.empty()) return "source|" + ask.source;
  if (!ask.merchant.empty()) return "merchant|" + ask.merchant;
  return "principal|" + ask.principal;
}

}  // namespace meritbook::model
