// How a history begins, how time passes, what goes wrong.
#include "tests/ledger/property_world.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "ledger/text.h"

namespace meritbook::property {
namespace {

using google::protobuf::FieldDescriptor;

// Days on which histories start: before New York's clocks change (2023-11-05, 2024-03-10), a year's
// end, a leap day: 2023-10-28, -12-17, 2024-02-19, -03-05.
constexpr int64_t kStartDays[] = {19658, 19708, 19772, 19787};

}  // namespace

std::string DayText(int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::string Describe(const Ask& ask) {
  return Text(ask.principal, ask.source.empty() ? "" : " source ", ask.source,
              ask.merchant.empty() ? "" : " merchant ", ask.merchant,
              ask.volunteer.empty() ? "" : " who is ", ask.volunteer, " #",
              ask.request_id.value_or("-"), " recorded ", ask.recorded_us.value_or(-1), " ",
              ask.pay_code ? Text("code of ", ask.pay_code->volunteer, " ",
                                  v1::Refusal_Name(ask.pay_code->refused), " ")
                           : "",
              ask.message->GetDescriptor()->name(), " { ", ask.message->ShortDebugString(), " }");
}

World::World(const Model& model, Chances chances)
    : model_(model),
      chances_(std::move(chances)),
      start_us_(kStartDays[chances_.Below(std::size(kStartDays))] * kDayUs),
      new_york_(chances_.Percent(50)),
      founds_migrating_(chances_.Percent(40)),
      market_(chances_.Percent(60)),
      wall_us_(start_us_ + (founds_migrating_ ? 900 * kDayUs : 0)),
      recorded_us_(start_us_) {
  // Now and then a ledger that was never founded.
  if (!chances_.Percent(4)) founding_ = Founding();
  std::reverse(founding_.begin(), founding_.end());
}

int64_t World::NowUs() const {
  return model_.migrating || !model_.created ? recorded_us_
                                             : std::max(wall_us_, model_.last_recorded_us);
}

Ask World::Found() const {
  auto create = std::make_shared<v1::CreateLedger>();
  if (new_york_) create->set_time_zone("America/New_York");
  create->set_migrating(founds_migrating_);
  Ask ask{"operator", "", "", "", false, create, "founding0", {}};
  if (founds_migrating_) ask.recorded_us = recorded_us_;
  return ask;
}

std::vector<Ask> World::Founding() {
  std::vector<Ask> asks = {Found()};
  const auto add_as = [&](const std::string& who, Made message) {
    Ask ask;
    As(ask, who);
    ask.message = std::move(message);
    ask.request_id = Text("founding", asks.size());
    if (founds_migrating_) ask.recorded_us = recorded_us_;
    asks.push_back(std::move(ask));
  };
  const auto add = [&](Made message) { add_as("app", std::move(message)); };
  for (const char* id : {"o0", "o1", "cause"}) add(Organisation(id));
  add(Rule(true));
  for (const char* id : {"m0", "m1"}) add(Merchant(id));
  for (uint32_t i = 0; i < 3; ++i) {
    auto item = std::make_shared<v1::PublishItem>();
    item->set_item_id(Text("i", i));
    item->set_merchant_id(Text("m", i % 2));
    item->set_price_points(1 + 5 * i);
    item->set_stock(i == 2 ? 4 : 500);
    if (chances_.Percent(35)) {
      item->mutable_limit()->set_quantity(i == 2 ? 3 : 40);
      item->mutable_limit()->set_period(
          chances_.Of({v1::LIMIT_PERIOD_ONCE, v1::LIMIT_PERIOD_MONTH, v1::LIMIT_PERIOD_YEAR}));
    }
    if (chances_.Percent(50)) {
      item->set_settle_fen(chances_.Of({10u, 80u}));
      item->set_funding(i == 0 ? v1::FUNDING_PROGRAMME : v1::FUNDING_DONOR);
      if (i > 0) item->set_budget_source("d1");
    }
    add(item);
  }
  for (int i = 0; i < 3; ++i) {
    auto propose = std::make_shared<v1::ProposeChange>();
    propose->set_proposal_id(Text("budget", i));
    Allocate(propose->mutable_allocate_budget(), true);
    propose->mutable_allocate_budget()->set_source(i == 0 ? "d1" : "programme");
    add_as("boss", propose);
    auto approve = std::make_shared<v1::ApproveChange>();
    approve->set_proposal_id(propose->proposal_id());
    add_as("boss2", approve);
  }
  add(VolunteerNamed("v0", v1::AGE_BAND_18_TO_59));
  add(VolunteerNamed("v1", v1::AGE_BAND_60_PLUS));
  add(VolunteerNamed("v2", v1::AGE_BAND_14_TO_17));
  add(VolunteerNamed("v3", v1::AGE_BAND_UNDER_14));
  // Where it is about the mall, everybody has plenty.
  for (uint32_t i = 0; market_ && i < 6; ++i) {
    auto propose = std::make_shared<v1::ProposeChange>();
    propose->set_proposal_id(Text("gift", i));
    v1::AdjustPoints& gift = *propose->mutable_adjust_points();
    gift.set_volunteer_id(Text("v", i / 2));
    gift.set_units(int64_t{6000} * (100 + chances_.Below(900)));
    if (i % 2 == 0) gift.set_expiry_day(DayText(start_us_ / kDayUs + 20 + chances_.Below(60)));
    gift.set_reason_code("gift");
    add_as("boss", propose);
    auto approve = std::make_shared<v1::ApproveChange>();
    approve->set_proposal_id(propose->proposal_id());
    add_as("boss2", approve);
  }
  for (uint32_t i = 0; i < 3; ++i) {
    auto activity = std::make_shared<v1::RegisterActivity>();
    activity->set_activity_id(Text("a", i));
    activity->set_organisation_id("o0");
    activity->set_category(Text("c", i));  // no rule has a rate for c2
    activity->set_starts_us(start_us_ - 10 * kDayUs + 6 * kHourUs);
    if (i == 1) activity->set_ends_us(start_us_ + 120 * kDayUs + 18 * kHourUs);
    if (i == 0) activity->set_capacity(2);
    add(activity);
  }
  return asks;
}

// Time passes; for a live ledger it may seem to go back.
void World::PassTime() {
  int64_t& clock_us = model_.migrating || !model_.created ? recorded_us_ : wall_us_;
  if (chances_.Percent(40)) return;
  int64_t step_us = chances_.Of<int64_t>({model::kMinuteUs, 20 * model::kMinuteUs, 3 * kHourUs,
                                          8 * kHourUs, 14 * kHourUs, kDayUs}) *
                    (1 + chances_.Below(2));
  if (chances_.Percent(4)) step_us = 20 * kDayUs;
  if (chances_.Percent(10)) step_us = -step_us;
  if (chances_.Percent(8) && model_.created) {
    // To the edge of a day on which something lapses or matures.
    std::vector<int> days;
    for (const auto& [id, row] : model_.volunteers) {
      for (const auto& [lot, units] : row.lots) {
        if (lot.last_day != model::kNever) days.push_back(lot.last_day + 1);
      }
      for (const auto& [key, units] : row.pending) days.push_back(std::get<int>(key));
    }
    if (!days.empty()) {
      const int64_t edge_us = model_.StartOf(chances_.From(days)) +
                              chances_.Of<int64_t>({-1, 0, 0, kHourUs, kDayUs, 4 * kDayUs});
      if (edge_us > clock_us && edge_us < clock_us + 200 * kDayUs) step_us = edge_us - clock_us;
    }
  }
  if (chances_.Percent(6) && model_.created) {
    const int month = model::MonthNumberOf(model_.DayOf(clock_us));
    step_us = model_.StartOf(model::FirstDayOf(month + 1)) - clock_us + chances_.Below(2) * kDayUs;
  }
  if (chances_.Percent(10) && model_.created) {
    // To the edge of a hold or of a statement's time.
    std::vector<int64_t> edges;
    for (const auto& [name, order] : model_.orders) {
      if (order.state != model::OrderState::kHeld) continue;
      edges.insert(edges.end(), {order.deadline_us, order.ends_us});
    }
    for (const auto& [id, row] : model_.statements) {
      if (row.closes_us && row.state == model::StatementState::kOpen) {
        edges.push_back(*row.closes_us);
      }
    }
    if (!edges.empty()) {
      const int64_t edge_us =
          chances_.From(edges) + chances_.Of<int64_t>({-1, 0, 0, kHourUs, kDayUs});
      if (edge_us > clock_us && edge_us < clock_us + 200 * kDayUs) step_us = edge_us - clock_us;
    }
  }
  clock_us += step_us;
  recorded_us_ = std::min(recorded_us_, wall_us_);
}

Turn World::Next() {
  Turn turn;
  if (!founding_.empty()) {
    turn.asks = {founding_.back()};
    founding_.pop_back();
  } else {
    PassTime();
    const uint32_t how = chances_.Below(100);
    if (how >= 92) {
      turn.atomic = true;
      for (uint32_t n = 1 + chances_.Below(4); n > 0; --n) {
        Ask ask = Make();
        PassTime();
        // A call with a malformed item never reaches the ledger.
        const bool named = ask.request_id || !model::SubjectOf(*ask.message).empty();
        if (named && model::FormFaults(ask).empty()) turn.asks.push_back(ask);
      }
    } else if (model_.created && chances_.Below(700) == 0) {
      turn.atomic = true;
      turn.asks = Hoard();
    } else if (how >= 5) {
      turn.asks = {Make()};
    }
  }
  turn.atomic = turn.atomic && !turn.asks.empty();
  turn.wall_us = wall_us_;
  return turn;
}

// What is held doesn't wait long, who has left is soon done with, and what is held over the end of
// a month may see it closed.
World::Made World::Urgent() {
  const int today = model_.DayOf(NowUs());
  const int month = model::MonthNumberOf(today);
  bool holds = false;
  bool left = false;
  bool overhangs = false;
  for (const auto& [name, order] : model_.orders) {
    if (order.state != model::OrderState::kHeld) continue;
    const auto& last_day = model_.merchants.at(order.merchant).last_day;
    holds = true;
    left = left || (last_day && *last_day < today);
    overhangs = overhangs || model::MonthNumberOf(model_.DayOf(order.placed_us)) < month;
  }
  if (left && chances_.Percent(50)) return OpenStatement();
  if (overhangs && chances_.Percent(30)) {
    const bool closed = model_.closed_through && *model_.closed_through >= month - 1;
    return closed ? Confirm() : ClosePeriod();
  }
  return holds && chances_.Percent(12) ? Confirm() : nullptr;
}

Ask World::Make() {
  if (!asked_.empty() && chances_.Percent(7)) return Repeat();
  // What is asked for, how often.
  const uint32_t of_hours = market_ ? 1 : 3;
  const uint32_t of_mall = market_ ? 4 : 2;
  const std::vector<std::pair<uint32_t, std::function<Made()>>> kinds = {
      {of_hours * 110, [this] { return Credit(); }},
      {of_hours * 120, [this] { return Submit(); }},
      {of_hours * 40, [this] { return Attend(); }},
      {of_hours * 45, [this] { return Backfill(); }},
      {of_hours * 50, [this] { return Award(); }},
      {of_hours * 120, [this] { return Review(); }},
      {of_hours * 40, [this] { return Dispute(); }},
      {of_hours * 90, [this] { return Correct(); }},
      {of_hours * 45, [this] { return Revoke(); }},
      {of_mall * 100, [this] { return Redeem(); }},
      {of_mall * 100, [this] { return Hold(); }},
      {of_mall * 35, [this] { return Voucher(); }},
      {of_mall * 110, [this] { return Confirm(); }},
      {of_mall * 30, [this] { return Cancel(); }},
      {of_mall * 60, [this] { return Refund(); }},
      {of_mall * 14, [this] { return ClosePeriod(); }},
      {of_mall * 26, [this] { return OpenStatement(); }},
      {of_mall * 10, [this] { return Object(); }},
      {of_mall * 10, [this] { return Resolve(); }},
      {of_mall * 22, [this] { return CloseStatement(); }},
      {of_mall * 26, [this] { return Pay(); }},
      {of_mall * 12, [this] { return Reverse(); }},
      {3 * 25, [this] { return Donate(); }},
      {3 * 110, [this] { return Propose(); }},
      {3 * 110, [this] { return Decide(true); }},
      {3 * 8, [this] { return Decide(false); }},
      {of_hours * 18, [this] { return Rule(false); }},
      {3 * 10, [this] { return Volunteer(); }},
      {of_hours * 7, [this] { return Freeze(); }},
      {3 * 9, [this] { return Unfreeze(); }},
      {of_hours * 7, [this] { return Close(); }},
      {3 * 4, [this] { return Organisation(chances_.Id("o", 3)); }},
      {3 * 4, [this] { return Roster(); }},
      {3 * 8, [this] { return Activity(false); }},
      {3 * 10, [this] { return Activity(true); }},
      {3 * 10, [this] { return ReviewActivity(); }},
      {3 * 5, [this] { return CloseActivity(); }},
      {3 * 4, [this] { return CancelActivity(); }},
      {3 * 14, [this] { return Session(); }},
      {3 * 14, [this] { return Principal(); }},
      {3 * 4, [this] { return RevokePrincipal(); }},
      {3 * 4, [this] { return Merchant(chances_.Id("m", 3)); }},
      {3 * 6, [this] { return Suspend(); }},
      {3 * 14, [this] { return Resume(); }},
      {3 * 8, [this] { return Offboard(); }},
      {3 * 20, [this] { return Item(chances_.Id("i", 8), chances_.Id("m", 3)); }},
      {3 * 5, [this] { return Withdraw(); }},
      {3 * 10, [this] { return Receive(); }},
      {3 * 8, [this] { return ReturnStock(); }},
      {6, [] { return std::make_shared<v1::FinishMigration>(); }},
      {30, [this] { return Loss(); }},
  };
  uint32_t sum = 0;
  for (const auto& kind : kinds) sum += kind.first;
  Ask ask;
  if (chances_.Percent(model_.created ? 0 : 30) || chances_.Below(600) == 0) {
    ask = Found();
  } else {
    uint32_t at = chances_.Below(sum);
    size_t kind = 0;
    while (at >= kinds[kind].first) at -= kinds[kind++].first;
    ask.message = Urgent();
    if (ask.message == nullptr) ask.message = kinds[kind].second();
  }
  if (chances_.Percent(2)) ask.message = Spoilt(*ask.message);
  ShowCode(ask);
  SetCaller(ask);
  SetRequestId(ask);
  SetRecorded(ask);
  asked_.push_back(ask);
  return ask;
}

// An earlier command, word for word or nearly so.
Ask World::Repeat() {
  Ask ask = chances_.From(asked_);
  if (chances_.Percent(30)) {
    std::shared_ptr<Message> changed(ask.message->New());
    changed->CopyFrom(*ask.message);
    Alter(*changed);
    ask.message = changed;
  } else if (chances_.Percent(25)) {
    ask.request_id = chances_.Id("q", 4000);  // the same once more
  }
  SetRecorded(ask);
  return ask;
}

void World::SetRequestId(Ask& ask) {
  if (ask.request_id) return;
  const bool has_subject = !model::SubjectOf(*ask.message).empty();
  if (has_subject ? chances_.Percent(75) : chances_.Percent(1)) return;
  if (has_subject && chances_.Percent(30)) {
    ask.request_id = chances_.Id("r", 60);  // like a record's own
  } else {
    ask.request_id = chances_.Id("q", 4000);
  }
}

void World::SetRecorded(Ask& ask) {
  ask.recorded_us.reset();
  const bool states = model_.created ? model_.migrating : founds_migrating_;
  if (!states) {
    if (chances_.Percent(1)) ask.recorded_us = wall_us_;
    return;
  }
  ask.recorded_us = std::max(recorded_us_, model_.last_recorded_us);
  const uint32_t how = chances_.Below(100);
  if (how < 4) ask.recorded_us = recorded_us_ - chances_.Below(100) * kHourUs;
  if (how == 4) ask.recorded_us = wall_us_ + 1;
  if (how == 5) ask.recorded_us.reset();
}

// One id, day or number spoilt.
std::shared_ptr<Message> World::Spoilt(const Message& message) {
  std::shared_ptr<Message> spoilt(message.New());
  spoilt->CopyFrom(message);
  for (int tries = 0; tries < 4 && !Spoil(*spoilt); ++tries) {
  }
  return spoilt;
}

bool World::Spoil(Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  if (fields.empty()) return false;
  const FieldDescriptor* field = chances_.From(fields);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    if (!field->is_repeated()) return Spoil(*reflection->MutableMessage(&message, field));
    const int at = static_cast<int>(
        chances_.Below(static_cast<size_t>(reflection->FieldSize(message, field))));
    return Spoil(*reflection->MutableRepeatedMessage(&message, field, at));
  }
  if (field->is_repeated() || field->name() == "time_zone") return false;
  if (field->name().ends_with("quantity") || field->name() == "points" ||
      field->name() == "minutes") {
    reflection->SetUInt32(&message, field, 0);
    return true;
  }
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    if (field->name() != "verdict" && field->name() != "reason") return false;
    reflection->SetEnumValue(&message, field, 0);
    return true;
  }
  if (field->type() != FieldDescriptor::TYPE_STRING) return false;
  const bool day = field->name().ends_with("_day");
  const bool person = field->name() == "volunteer_id" || field->name() == "principal_id" ||
                      field->name() == "declared_by";
  std::string value = chances_.Of<const char*>({"", "a b"});
  if (day && chances_.Percent(70)) value = "2023-02-30";
  if (person && chances_.Percent(60)) value = "13800138000";
  reflection->SetString(&message, field, value);
  return true;
}

// Another person, another reason, another number.
bool World::Alter(Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated()) continue;
    if (field->name() == "volunteer_id") {
      reflection->SetString(&message, field, chances_.Id("v", 5));
      return true;
    }
    if (field->name() == "reason_code" || field->name() == "category") {
      reflection->SetString(&message, field, "other");
      return true;
    }
    if (field->name() == "quantity" || field->name() == "headcount") {
      reflection->SetUInt32(&message, field, 7);
      return true;
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        Alter(*reflection->MutableMessage(&message, field))) {
      return true;
    }
  }
  return false;
}

}  // namespace meritbook::property
