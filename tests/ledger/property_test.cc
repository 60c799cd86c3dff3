// Random commands from a small world, run through the ledger and through the model (model.h): after
// each of them both must have said the same and be in the same state.
//
//   MERIT_PROPERTY_CASES=5000 ledger_property_test     a longer run
//   RC_PARAMS="seed=…" ledger_property_test            the same run again; a failure prints it
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include "ledger/text.h"
#include "ledger/units.h"
#include "tests/ledger/model.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

using google::protobuf::Message;
using model::Ask;
using model::Model;
using model::Reply;

constexpr int64_t kHourUs = 60 * kMicrosPerMinute;
constexpr int64_t kDayUs = 24 * kHourUs;

// Days on which sequences start: before New York's clocks change (2023-11-05, 2024-03-10), a year's
// end, a leap day.
constexpr int64_t kStartDays[] = {19658, 19708, 19772,
                                  19787};  // 2023-10-28, -12-17, 2024-02-19, 03-05

constexpr size_t kDice = 10;
// One step, as chances; what they mean depends on what came before.
using Step = std::array<uint32_t, kDice>;

// Small numbers out of a step's chances, one after the other.
class Chances {
 public:
  explicit Chances(const Step& step) {
    uint64_t mix = 0x9E3779B97F4A7C15;
    for (const uint32_t die : step) mix = (mix ^ die) * 0xBF58476D1CE4E5B9;
    engine_.seed(mix);
  }
  // 0 to n-1.
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }
  bool Percent(uint32_t percent) { return Below(100) < percent; }
  template <typename T>
  T Of(std::initializer_list<T> values) {
    return *(values.begin() + Below(static_cast<uint32_t>(values.size())));
  }
  std::string Id(const char* prefix, uint32_t n) { return prefix + std::to_string(Below(n)); }

 private:
  std::mt19937_64 engine_;
};

struct Tally {
  std::map<std::string, uint64_t> answers;
  std::map<std::string, uint64_t> met;
  uint64_t commands = 0;
  uint64_t events = 0;
  uint64_t sequences = 0;
};

Tally& TheTally() {
  static Tally tally;
  return tally;
}

// What is worth meeting besides answers.
void CountEvent(const std::string& bytes) {
  v1::Event event;
  event.ParseFromString(bytes);
  Tally& tally = TheTally();
  ++tally.events;
  const auto meet = [&](bool met, const char* name) { tally.met[name] += met ? 1 : 0; };
  if (event.has_hours_credited()) {
    const auto& segments = event.hours_credited().segments();
    meet(true, "credits");
    meet(segments.size() > 1, "credits over midnight");
    meet(segments[0].rule_version() != segments.rbegin()->rule_version(),
         "credits under two rules");
    bool capped = false;
    bool never = false;
    for (const v1::CreditSegment& segment : segments) {
      capped |= segment.honorary_minutes() > 0;
      never |= !segment.has_expiry_day_number();
    }
    meet(capped, "credits above the cap");
    meet(never, "credits that never lapse");
  }
  meet(event.has_points_expired(), "lapses");
  meet(event.has_order_redeemed(), "orders");
  meet(event.order_redeemed().lots_size() > 1, "orders from several lots");
  meet(event.order_redeemed().lines_size() > 1, "orders of several items");
}

CommandBody BodyOf(const Message& message) {
  const auto as = [&](auto* none) -> std::optional<CommandBody> {
    using Kind = std::remove_pointer_t<decltype(none)>;
    if (const auto* body = dynamic_cast<const Kind*>(&message)) return body;
    return std::nullopt;
  };
  std::optional<CommandBody> body;
  const auto try_all = [&]<typename... Kinds>(std::variant<const Kinds*...>*) {
    ((body = as(static_cast<Kinds*>(nullptr)), body.has_value()) || ...);
  };
  try_all(static_cast<CommandBody*>(nullptr));
  return body.value();
}

// What the commands of a sequence are made of: ids that collide, times that meet.
class World {
 public:
  World(const Model& model, Chances setup)
      : model_(model),
        start_us_(kStartDays[setup.Below(std::size(kStartDays))] * kDayUs),
        new_york_(setup.Percent(50)),
        founds_migrating_(setup.Percent(40)),
        wall_us_(start_us_ + (founds_migrating_ ? 900 * kDayUs : 0)),
        recorded_us_(start_us_) {}

  int64_t wall_us() const { return wall_us_; }

  // What the ledger takes for now.
  int64_t NowUs() const {
    return model_.migrating || !model_.created ? recorded_us_
                                               : std::max(wall_us_, model_.last_recorded_us);
  }

  // The commands that a sequence usually starts with.
  std::vector<Ask> Founding() {
    std::vector<Ask> asks = {Found()};
    const auto add = [&](std::shared_ptr<Message> message) {
      Ask ask{"app", "app", "", "", false, std::move(message), Text("founding", asks.size()), {}};
      if (founds_migrating_) ask.recorded_us = recorded_us_;
      asks.push_back(std::move(ask));
    };
    for (int i = 0; i < 2; ++i) add(Organisation(Text("o", i)));
    add(FirstRule());
    for (int i = 0; i < 2; ++i) add(Merchant(Text("m", i)));
    for (int i = 0; i < 3; ++i) {
      auto item = std::make_shared<v1::PublishItem>();
      item->set_item_id(Text("i", i));
      item->set_merchant_id(Text("m", i % 2));
      item->set_price_points(static_cast<uint32_t>(1 + 5 * i));
      item->set_stock(static_cast<uint32_t>(20 - 8 * i));
      add(item);
    }
    for (int i = 0; i < 4; ++i) add(VolunteerOf(Text("v", i)));
    for (int i = 0; i < 3; ++i) {
      auto activity = std::make_shared<v1::RegisterActivity>();
      activity->set_activity_id(Text("a", i));
      activity->set_organisation_id("o0");
      activity->set_category(Text("c", i));  // no rule has a rate for c2
      activity->set_starts_us(start_us_ - 10 * kDayUs + 6 * kHourUs);
      if (i == 1) activity->set_ends_us(start_us_ + 60 * kDayUs + 18 * kHourUs);
      add(activity);
    }
    return asks;
  }

  Ask Found() const {
    auto create = std::make_shared<v1::CreateLedger>();
    if (new_york_) create->set_time_zone("America/New_York");
    create->set_migrating(founds_migrating_);
    Ask ask{"operator", "", "", "", false, create, "founding0", {}};
    if (founds_migrating_) ask.recorded_us = recorded_us_;
    return ask;
  }

  // Time passes; for a live ledger it may seem to go back.
  void PassTime(Chances& chances) {
    if (chances.Percent(40)) return;
    int64_t step_us = chances.Of<int64_t>({kMicrosPerMinute, 20 * kMicrosPerMinute, 3 * kHourUs,
                                           8 * kHourUs, 14 * kHourUs, kDayUs}) *
                      (1 + chances.Below(2));
    if (chances.Percent(4)) step_us = 20 * kDayUs;
    if (chances.Percent(10)) step_us = -step_us;
    (model_.migrating || !model_.created ? recorded_us_ : wall_us_) += step_us;
    recorded_us_ = std::min(recorded_us_, wall_us_);
  }

  Ask Make(Chances& chances) {
    if (!asked_.empty() && chances.Percent(8)) return Repeat(chances);
    Ask ask;
    faulty_ = false;
    const uint32_t kind = chances.Below(100);
    if (kind < 45) {
      ask.message = Credit(chances);
    } else if (kind < 70) {
      ask.message = Redeem(chances);
    } else if (kind < 75) {
      ask.message = Rule(chances);
    } else if (kind < 79) {
      auto volunteer = VolunteerOf(chances.Id("v", 6));
      if (chances.Percent(40)) volunteer->set_organisation_id(chances.Id("o", 3));
      if (chances.Percent(15)) {
        volunteer->set_age_band(v1::AGE_BAND_UNDER_14);
        volunteer->set_guardian_consent(chances.Percent(50));
        faulty_ = !volunteer->guardian_consent();
      }
      ask.message = volunteer;
    } else if (kind < 81) {
      auto freeze = std::make_shared<v1::FreezeVolunteer>();
      // Seldom the one who is needed for more.
      freeze->set_volunteer_id(chances.Percent(30) ? chances.Id("v", 6) : "v3");
      freeze->set_reason_code("audit");
      ask.message = freeze;
    } else if (kind < 85) {
      auto receive = std::make_shared<v1::ReceiveStock>();
      receive->set_item_id(chances.Id("i", 5));
      receive->set_quantity(chances.Percent(10) ? 1'000'000'000 : 1 + chances.Below(9));
      if (chances.Percent(4)) receive->set_quantity(0), faulty_ = true;
      ask.message = receive;
    } else if (kind < 87) {
      auto item = std::make_shared<v1::PublishItem>();
      item->set_item_id(chances.Id("i", 5));
      item->set_merchant_id(chances.Id("m", 3));
      item->set_price_points(1 + chances.Below(30));
      item->set_stock(chances.Below(20));
      if (chances.Percent(4)) item->set_price_points(0), faulty_ = true;
      ask.message = item;
    } else if (kind < 88) {
      ask.message = Merchant(chances.Id("m", 3));
    } else if (kind < 89) {
      ask.message = Organisation(chances.Id("o", 3));
    } else if (kind < 91) {
      ask.message = Activity(chances);
    } else if (kind < 94) {
      ask.message = Session(chances);
    } else if (kind < 97) {
      auto principal = std::make_shared<v1::RegisterPrincipal>();
      principal->set_principal_id(chances.Id("p", 4));
      principal->add_roles(v1::ROLE_AUDITOR);
      principal->set_key_sha256(std::string(32, 'k'));
      if (chances.Percent(40)) principal->set_merchant_id(chances.Id("m", 3));
      if (chances.Percent(40)) principal->set_volunteer_id(chances.Id("v", 6));
      ask.message = principal;
    } else if (kind < 99) {
      auto revoke = std::make_shared<v1::RevokePrincipal>();
      revoke->set_principal_id(chances.Id("p", 5));
      ask.message = revoke;
    } else if (chances.Percent(30)) {
      ask.message = std::make_shared<v1::FinishMigration>();
    } else {
      ask = Found();
    }
    if (!faulty_ && chances.Percent(3)) ask.message = Faulty(*ask.message, chances);
    SetCaller(ask, chances);
    SetRequestId(ask, chances);
    SetRecorded(ask, chances);
    asked_.push_back(ask);
    return ask;
  }

 private:
  // An earlier command, word for word or nearly so.
  Ask Repeat(Chances& chances) {
    Ask ask = asked_[chances.Below(static_cast<uint32_t>(asked_.size()))];
    if (chances.Percent(30)) {
      std::shared_ptr<Message> changed(ask.message->New());
      changed->CopyFrom(*ask.message);
      if (auto* credit = dynamic_cast<v1::CreditHours*>(changed.get())) {
        credit->set_volunteer_id(chances.Id("v", 5));
      } else if (auto* redeem = dynamic_cast<v1::RedeemNow*>(changed.get())) {
        redeem->set_volunteer_id(chances.Id("v", 5));
      } else if (auto* receive = dynamic_cast<v1::ReceiveStock*>(changed.get())) {
        receive->set_quantity(7);
      }
      ask.message = changed;
    } else if (chances.Percent(20)) {
      ask.request_id = chances.Id("q", 400);  // the same record or order once more
    }
    SetRecorded(ask, chances);
    return ask;
  }

  void SetCaller(Ask& ask, Chances& chances) const {
    const bool sells = dynamic_cast<const v1::RedeemNow*>(ask.message.get()) != nullptr;
    const uint32_t who = chances.Below(100);
    if (sells ? who < 15 : who < 90) {
      ask.principal = chances.Percent(90) ? "app" : "app2";
      ask.source = "app";
    } else if (sells ? who < 45 : who < 92) {
      ask.principal = "till0";
      ask.merchant = "m0";
    } else if (sells ? who < 75 : who < 93) {
      ask.principal = "till1";
      ask.merchant = "m1";
      ask.volunteer = "v1";
    } else if (sells ? who < 80 : who < 98) {
      ask.principal = "web";
      ask.source = "web";
    } else {
      ask.principal = "clerk";
    }
    if (chances.Percent(2)) {
      ask.principal = chances.Id("p", 4);
      ask.of_ledger = true;
    }
  }

  void SetRequestId(Ask& ask, Chances& chances) const {
    const bool has_subject = dynamic_cast<const v1::CreditHours*>(ask.message.get()) != nullptr ||
                             dynamic_cast<const v1::RedeemNow*>(ask.message.get()) != nullptr;
    if (has_subject ? chances.Percent(75) : chances.Percent(1)) {
      ask.request_id.reset();
    } else if (has_subject && chances.Percent(30)) {
      ask.request_id = chances.Id("r", 150);  // like a record's own
    } else {
      ask.request_id = chances.Id("q", 400);
    }
  }

  void SetRecorded(Ask& ask, Chances& chances) const {
    ask.recorded_us.reset();
    const bool states = model_.created ? model_.migrating : founds_migrating_;
    if (!states) {
      if (chances.Percent(1)) ask.recorded_us = wall_us_;
      return;
    }
    ask.recorded_us = std::max(recorded_us_, model_.last_recorded_us);
    const uint32_t how = chances.Below(100);
    if (how < 4) ask.recorded_us = recorded_us_ - chances.Below(100) * kHourUs;
    if (how == 4) ask.recorded_us = wall_us_ + 1;
    if (how == 5) ask.recorded_us.reset();
  }

  std::shared_ptr<Message> Credit(Chances& chances) {
    auto credit = std::make_shared<v1::CreditHours>();
    credit->set_record_id(chances.Id("r", 150));
    credit->set_volunteer_id(chances.Percent(97) ? chances.Id("v", 4) : chances.Id("v", 6));
    credit->set_activity_id(chances.Percent(94) ? chances.Id("a", 2) : chances.Id("a", 5));
    int64_t start_us =
        NowUs() - NowUs() % (15 * kMicrosPerMinute) -
        int64_t{chances.Below(chances.Percent(85) ? 120 : 4000)} * 15 * kMicrosPerMinute;
    int64_t minutes = chances.Of<int64_t>({15, 30, 60, 60, 90, 120, 240, 480, 600, 720, 1440});
    if (chances.Percent(3)) minutes = 7;
    if (chances.Percent(3)) minutes = 3 * 1440 + 30;
    if (chances.Percent(25) && !model_.sessions.empty()) {
      const std::string id = chances.Id("s", 5);
      credit->set_session_id(id);
      const auto session = model_.sessions.find(id);
      if (session != model_.sessions.end()) {
        if (chances.Percent(90)) credit->set_activity_id(session->second.activity);
        start_us = session->second.starts_us + (chances.Percent(15) ? -15 : 0) * kMicrosPerMinute;
        start_us -= start_us % kMicrosPerMinute;
        minutes = chances.Of<int64_t>({30, 60, 120});
      }
    }
    if (chances.Percent(65)) {
      int64_t end_us = start_us + minutes * kMicrosPerMinute;
      if (end_us > NowUs() && chances.Percent(85)) {
        const int64_t late_us =
            (end_us - NowUs() + kMicrosPerMinute - 1) / kMicrosPerMinute * kMicrosPerMinute;
        start_us -= late_us;
        end_us -= late_us;
      }
      if (chances.Percent(2)) {
        end_us = start_us;
        faulty_ = true;
      } else if (chances.Percent(2)) {
        ++end_us;
        faulty_ = true;
      } else if (chances.Percent(1)) {
        end_us = start_us + 7 * kDayUs + kMicrosPerMinute;
        faulty_ = true;
      }
      credit->mutable_interval()->set_start_us(start_us);
      credit->mutable_interval()->set_end_us(end_us);
    } else {
      const int64_t day_us = start_us + (chances.Percent(3) ? 5 * kDayUs : 0);
      credit->mutable_duration()->set_service_day(FormatDay(static_cast<int>(day_us / kDayUs)));
      credit->mutable_duration()->set_minutes(
          static_cast<uint32_t>(std::min<int64_t>(minutes, 1440)));
      if (chances.Percent(2)) credit->mutable_duration()->set_minutes(0), faulty_ = true;
    }
    return credit;
  }

  std::shared_ptr<Message> Redeem(Chances& chances) {
    auto redeem = std::make_shared<v1::RedeemNow>();
    redeem->set_order_id(chances.Id("x", 40));
    redeem->set_volunteer_id(chances.Percent(97) ? chances.Id("v", 4) : chances.Id("v", 6));
    redeem->set_merchant_id(chances.Percent(96) ? chances.Id("m", 2) : chances.Id("m", 3));
    const uint32_t lines = 1 + chances.Below(2);
    for (uint32_t i = 0; i < lines; ++i) {
      v1::OrderLine* line = redeem->add_lines();
      // Mostly what the merchant has.
      const std::string first = redeem->merchant_id() == "m1" ? "i1" : i == 0 ? "i0" : "i2";
      line->set_item_id(chances.Percent(70) ? first : chances.Id("i", 5));
      line->set_quantity(1 + chances.Below(chances.Percent(80) ? 3 : 40));
    }
    if (lines == 2 && redeem->lines(0).item_id() == redeem->lines(1).item_id()) {
      if (chances.Percent(80)) {
        redeem->mutable_lines()->RemoveLast();
      } else {
        faulty_ = true;
      }
    }
    if (!faulty_ && chances.Percent(1)) redeem->mutable_lines(0)->set_quantity(0), faulty_ = true;
    return redeem;
  }

  std::shared_ptr<Message> Rule(Chances& chances) {
    auto rule = std::make_shared<v1::PublishRule>(*FirstRule());
    const int64_t day = NowUs() / kDayUs - 20 + chances.Below(25);
    rule->set_effective_from_day(FormatDay(static_cast<int>(day)));
    v1::EarningRule& earning = *rule->mutable_earning();
    earning.mutable_rates(0)->set_points_per_hour(1 + chances.Below(40));
    earning.mutable_rates(0)->set_percentage(50 + chances.Below(100));
    earning.set_recording_unit_minutes(chances.Of({1u, 15u, 15u, 30u}));
    earning.set_credited_minutes_per_day(chances.Of({60u, 100u, 480u, 480u, 1440u}));
    earning.set_backdating_days(chances.Of({0u, 3u, 30u, 30u, 3660u}));
    switch (chances.Below(3)) {
      case 0:
        rule->mutable_expiry()->mutable_never();
        break;
      case 1:
        rule->mutable_expiry()->set_rolling_months(1 + chances.Below(3));
        break;
      default:
        rule->mutable_expiry()->set_year_end_grace_days(chances.Of({0u, 1u, 60u, 366u}));
        break;
    }
    return rule;
  }

  std::shared_ptr<Message> Activity(Chances& chances) {
    auto activity = std::make_shared<v1::RegisterActivity>();
    activity->set_activity_id(chances.Id("a", 5));
    activity->set_organisation_id(chances.Id("o", 3));
    activity->set_category(chances.Id("c", 3));
    activity->set_starts_us(NowUs() - chances.Below(20) * kDayUs);
    if (chances.Percent(50)) activity->set_ends_us(activity->starts_us() + 3 * kDayUs);
    if (chances.Percent(5)) activity->set_ends_us(activity->starts_us()), faulty_ = true;
    return activity;
  }

  std::shared_ptr<Message> Session(Chances& chances) {
    auto session = std::make_shared<v1::RegisterSession>();
    session->set_session_id(chances.Id("s", 5));
    session->set_activity_id(chances.Percent(90) ? chances.Id("a", 2) : chances.Id("a", 5));
    const int64_t start_us = NowUs() - NowUs() % kHourUs - chances.Below(72) * kHourUs;
    session->set_service_day(FormatDay(static_cast<int>(start_us / kDayUs)));
    session->set_starts_us(start_us);
    session->set_ends_us(start_us + 2 * kHourUs);
    if (chances.Percent(5)) session->set_ends_us(start_us), faulty_ = true;
    return session;
  }

  // The first id or day spoilt.
  static std::shared_ptr<Message> Faulty(const Message& message, Chances& chances) {
    std::shared_ptr<Message> spoilt(message.New());
    spoilt->CopyFrom(message);
    const std::string value = chances.Of<const char*>({"", "a b", "13800138000", "2023-02-30"});
    const auto* descriptor = spoilt->GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const auto* field = descriptor->field(i);
      if (field->type() != google::protobuf::FieldDescriptor::TYPE_STRING) continue;
      const bool day = field->name().ends_with("_day");
      const bool person = field->name() == "volunteer_id" || field->name() == "principal_id";
      if (field->is_repeated() || field->name() == "time_zone") continue;
      if (value == "2023-02-30" && !day) continue;
      if (value == "13800138000" && !person) continue;
      spoilt->GetReflection()->SetString(spoilt.get(), field, value);
      break;
    }
    return spoilt;
  }

  std::shared_ptr<v1::PublishRule> FirstRule() const {
    auto rule = std::make_shared<v1::PublishRule>();
    rule->set_effective_from_day(FormatDay(static_cast<int>(start_us_ / kDayUs - 15)));
    for (int i = 0; i < 2; ++i) {
      v1::CategoryRate* rate = rule->mutable_earning()->add_rates();
      rate->set_category(Text("c", i));
      rate->set_points_per_hour(static_cast<uint32_t>(25 + 5 * i));
      rate->set_percentage(100);
    }
    rule->mutable_earning()->set_recording_unit_minutes(15);
    rule->mutable_earning()->set_credited_minutes_per_day(480);
    rule->mutable_earning()->set_backdating_days(30);
    rule->mutable_expiry()->set_rolling_months(1);
    return rule;
  }

  static std::shared_ptr<v1::RegisterVolunteer> VolunteerOf(const std::string& id) {
    auto volunteer = std::make_shared<v1::RegisterVolunteer>();
    volunteer->set_volunteer_id(id);
    volunteer->set_age_band(v1::AGE_BAND_18_TO_59);
    return volunteer;
  }

  static std::shared_ptr<Message> Organisation(const std::string& id) {
    auto organisation = std::make_shared<v1::RegisterOrganisation>();
    organisation->set_organisation_id(id);
    organisation->set_kind(v1::ORGANISATION_KIND_TEAM);
    return organisation;
  }

  static std::shared_ptr<Message> Merchant(const std::string& id) {
    auto merchant = std::make_shared<v1::OnboardMerchant>();
    merchant->set_merchant_id(id);
    merchant->set_kind("shop");
    return merchant;
  }

  const Model& model_;
  const int64_t start_us_;
  const bool new_york_;
  const bool founds_migrating_;
  int64_t wall_us_;
  int64_t recorded_us_;  // what a client states while migrating
  bool faulty_ = false;  // the command being made has a fault of form already
  std::vector<Ask> asked_;
};

// The ledger under test, asked in the model's words.
class Subject {
 public:
  explicit Subject(uint64_t first_salt) : salt_(first_salt) {}

  std::vector<Reply> Execute(const std::vector<Ask>& asks, bool atomic, int64_t wall_us) {
    std::vector<Caller> callers;
    callers.reserve(asks.size());
    std::vector<Command> commands;
    std::vector<Reply> replies;
    for (const Ask& ask : asks) {
      callers.push_back({ask.principal, ask.source, ask.merchant, ask.volunteer, ask.of_ledger});
      auto prepared =
          Prepare(callers.back(), BodyOf(*ask.message), ask.request_id, ask.recorded_us);
      if (const auto* refused = std::get_if<Refused>(&prepared)) {
        replies.push_back({Reply::kRefused, refused->reason, 0});
      } else {
        commands.push_back(std::get<Command>(prepared));
      }
    }
    // As the service does: an atomic call with a malformed item never reaches the ledger.
    if (!replies.empty()) return replies;
    auto salt = [this] { return salt_ += 3; };
    const Inputs inputs{wall_us, salt};
    const auto emit = [this](std::string_view event) { events_.emplace_back(event); };
    if (atomic) {
      for (const Answer& answer : ledger_.ExecuteAtomic(commands, inputs, emit)) {
        replies.push_back(ReplyOf(answer));
      }
    } else {
      replies.push_back(ReplyOf(ledger_.Execute(commands.front(), inputs, emit)));
    }
    return replies;
  }

  void Sweep(int64_t wall_us) {
    auto salt = [this] { return salt_ += 3; };
    ledger_.Sweep({wall_us, salt}, 1000,
                  [this](std::string_view event) { events_.emplace_back(event); });
  }

  const State& state() const { return ledger_.state(); }
  Ledger& ledger() { return ledger_; }
  const std::vector<std::string>& events() const { return events_; }

 private:
  static Reply ReplyOf(const Answer& answer) {
    if (const auto* accepted = std::get_if<Accepted>(&answer)) {
      return {Reply::kAccepted, v1::REFUSAL_UNSPECIFIED, accepted->sequence};
    }
    if (const auto* again = std::get_if<AlreadyApplied>(&answer)) {
      return {Reply::kAgain, v1::REFUSAL_UNSPECIFIED, again->sequence};
    }
    return {Reply::kRefused, std::get<Refused>(answer).reason, 0};
  }

  Ledger ledger_{"linhai"};
  uint64_t salt_;
  std::vector<std::string> events_;
};

std::string ReplyText(const Reply& reply) {
  switch (reply.kind) {
    case Reply::kAccepted:
      return Text("ok at ", reply.sequence);
    case Reply::kAgain:
      return Text("again at ", reply.sequence);
    case Reply::kRefused:
      return std::string(RefusalName(reply.reason));
  }
  return "";
}

// The model's state in the ledger's words, so that a difference can be read.
std::string DescribeModel(const Model& model) {
  std::map<std::string, std::string> lines;  // by table and id
  int64_t available = 0;
  for (const auto& [id, row] : model.volunteers) {
    int64_t credited = 0;
    int64_t honorary = 0;
    std::string lists;
    for (const auto& [day, units] : row.lots) {
      lists += Text(" lot ", day == model::kNever ? kNeverExpires : day, ":", units);
    }
    auto served = row.served_us;
    std::sort(served.begin(), served.end());
    for (const auto& [start_us, end_us] : served) {
      lists += Text(" served ", start_us / kMicrosPerMinute, "+",
                    (end_us - start_us) / kMicrosPerMinute);
    }
    for (const auto& [day, minutes] : row.days) {
      lists += Text(" day ", day, ":", minutes.first, "+", minutes.second);
      credited += minutes.first;
      honorary += minutes.second;
    }
    lines["volunteer " + id] =
        Text("volunteer ", id, row.frozen ? " frozen" : "", " pending 0 available ",
             row.AvailableUnits(), " held 0 debt 0 minutes ", credited, "+", honorary, " events ",
             row.events, " last ", row.last_sequence, lists);
    available += row.AvailableUnits();
  }
  int64_t payable = 0;
  for (const auto& [id, units] : model.merchants) {
    lines["merchant " + id] = Text("merchant ", id, " ", units);
    payable += units;
  }
  for (const auto& [id, row] : model.items) {
    lines["item " + id] = Text("item ", id, " of ", row.merchant, " ", row.price_points, " ",
                               row.received, " ", row.delivered);
  }
  for (const auto& [id, row] : model.principals) {
    lines["principal " + id] = Text("principal ", id, row.revoked ? " revoked" : "");
  }
  for (const std::string& id : model.organisations) lines["organisation " + id] = id;
  for (const auto& [id, row] : model.activities) {
    lines["activity " + id] =
        Text(id, " ", row.category, " ", row.starts_us, " ", row.ends_us.value_or(-1));
  }
  for (const auto& [id, row] : model.sessions) {
    lines["session " + id] =
        Text(id, " ", row.activity, " ", row.day, " ", row.starts_us, " ", row.ends_us);
  }
  std::string out = Text("ledger ", model.zone, " size ", model.size, " last ",
                         model.last_recorded_us, " rules ", model.rules.size(), " ",
                         model.created ? (model.migrating ? "migrating" : "live") : "none",
                         " issued ", -model.issued_units, " expired ", model.expired_units,
                         " available ", available, " payable ", payable, "\n");
  for (const auto& [key, line] : lines) out += line + "\n";
  return out;
}

// The ledger's state in the same words.
std::string DescribeLedger(const State& state) {
  std::map<std::string, std::string> lines;
  for (const RowRef ref : RowsOf(state)) {
    switch (ref.table) {
      case TableKind::kVolunteer:
        lines["volunteer " + state.volunteers()[ref.index].id] = DescribeRow(state, ref);
        break;
      case TableKind::kMerchant:
        lines["merchant " + state.merchants()[ref.index].id] = DescribeRow(state, ref);
        break;
      case TableKind::kItem: {
        const Item& row = state.items()[ref.index];
        lines["item " + row.id] =
            Text("item ", row.id, " of ", state.merchants()[row.merchant].id, " ", row.price_points,
                 " ", row.received, " ", row.delivered);
        break;
      }
      case TableKind::kPrincipal: {
        const Principal& row = state.principals()[ref.index];
        lines["principal " + row.id] = Text("principal ", row.id, row.revoked ? " revoked" : "");
        break;
      }
      case TableKind::kOrganisation: {
        const std::string& id = state.organisations()[ref.index].id;
        lines["organisation " + id] = id;
        break;
      }
      case TableKind::kActivity: {
        const Activity& row = state.activities()[ref.index];
        lines["activity " + row.id] =
            Text(row.id, " ", row.category, " ", row.starts_us, " ", row.ends_us.value_or(-1));
        break;
      }
      case TableKind::kSession: {
        const Session& row = state.sessions()[ref.index];
        lines["session " + row.id] = Text(row.id, " ", state.activities()[row.activity].id, " ",
                                          row.day, " ", row.starts_us, " ", row.ends_us);
        break;
      }
    }
  }
  const LedgerRow& row = state.ledger();
  std::string out = Text("ledger ", row.time_zone, " size ", row.size, " last ",
                         row.last_recorded_us, " rules ", row.rules.size(), " ",
                         state.created() ? (state.migrating() ? "migrating" : "live") : "none",
                         " issued ", row.issued_units, " expired ", row.expired_units,
                         " available ", row.available_units, " payable ", row.payable_units, "\n");
  for (const auto& [key, line] : lines) out += line + "\n";
  return out;
}

// What must hold of any state, whatever led to it (DESIGN.md, "Always true"); "" if all does.
std::string BrokenInvariant(const State& state) {
  const LedgerRow& row = state.ledger();
  if (row.issued_units + row.expired_units + row.available_units + row.payable_units != 0) {
    return "the accounts don't sum to zero";
  }
  int64_t available = 0;
  size_t expiries = 0;
  for (uint32_t i = 0; i < state.volunteers().size(); ++i) {
    const Volunteer& volunteer = state.volunteers()[i];
    available += volunteer.available_units;
    if (volunteer.available_units < 0) return "available below 0";
    int64_t in_lots = 0;
    DayNumber last = std::numeric_limits<DayNumber>::min();
    for (const Lot& lot : volunteer.lots) {
      if (lot.units <= 0) return "an empty lot";
      if (lot.expiry <= last) return "lots out of order";
      last = lot.expiry;
      in_lots += lot.units;
      if (lot.expiry == kNeverExpires) continue;
      ++expiries;
      if (state.expiries().count({lot.expiry, i}) == 0) return "a lot that will never lapse";
    }
    if (in_lots != volunteer.available_units) return "lots don't sum to available";
    uint64_t credited = 0;
    uint64_t honorary = 0;
    for (size_t d = 0; d < volunteer.days.size(); ++d) {
      const DayMinutes& day = volunteer.days[d];
      if (d > 0 && volunteer.days[d - 1].day >= day.day) return "days out of order";
      if (day.credited + day.honorary > 1440) return "a day of more than 1,440 minutes";
      credited += day.credited;
      honorary += day.honorary;
    }
    if (credited != volunteer.credited_minutes) return "credited minutes don't add up";
    if (honorary != volunteer.honorary_minutes) return "honorary minutes don't add up";
    for (size_t a = 0; a < volunteer.intervals.size(); ++a) {
      for (size_t b = a + 1; b < volunteer.intervals.size(); ++b) {
        if (volunteer.intervals[a].end_minute() > volunteer.intervals[b].start_minute) {
          return "intervals overlap or stand out of order";
        }
      }
    }
  }
  if (expiries != state.expiries().size()) return "an expiry without a lot";
  if (available != row.available_units) return "available doesn't add up";
  int64_t payable = 0;
  for (uint32_t i = 0; i < state.merchants().size(); ++i) {
    payable += state.merchants()[i].payable_units;
  }
  if (payable != row.payable_units) return "payable doesn't add up";
  for (uint32_t i = 0; i < state.items().size(); ++i) {
    if (state.items()[i].delivered > state.items()[i].received) return "stock below 0";
  }
  return "";
}

// The rows as a write-behind would know them from TakeDirty alone.
class Shadow {
 public:
  // What it has missed; "" if nothing.
  std::string Follow(Subject& subject) {
    const DirtyRows dirty = subject.ledger().mutable_state().TakeDirty();
    for (const RowRef ref : dirty.rows) rows_[ref] = DescribeRow(subject.state(), ref);
    requests_ += dirty.requests.size();
    size_t keys = 0;
    for (; counted_ < subject.events().size(); ++counted_) {
      v1::Event event;
      event.ParseFromString(subject.events()[counted_]);
      const auto command = CarriedCommand(event);
      if (!command) continue;
      const std::string_view id = SubjectOf(*command);
      keys += id.empty() || id == event.request_id() ? 1 : 2;
    }
    expected_requests_ += keys;
    if (requests_ != expected_requests_) return "a request was not noted as new";
    const std::vector<RowRef> all = RowsOf(subject.state());
    if (all.size() != rows_.size()) return "a row was noted that there isn't";
    for (const RowRef ref : all) {
      if (rows_[ref] != DescribeRow(subject.state(), ref)) {
        return "a change was not noted: " + DescribeRow(subject.state(), ref);
      }
    }
    return "";
  }

 private:
  std::map<RowRef, std::string> rows_;
  size_t requests_ = 0;
  size_t expected_requests_ = 0;
  size_t counted_ = 0;
};

std::string AskText(const Ask& ask, int64_t wall_us) {
  return Text("  wall ", wall_us, " ", ask.principal, ask.source.empty() ? "" : " source ",
              ask.source, ask.merchant.empty() ? "" : " merchant ", ask.merchant, " #",
              ask.request_id.value_or("-"), " recorded ", ask.recorded_us.value_or(-1), " ",
              ask.message->GetDescriptor()->name(), " { ", ask.message->ShortDebugString(), " }\n");
}

// What was asked of one ledger, so that it can be asked of another.
struct Played {
  std::vector<Ask> asks;  // none: a sweep
  bool atomic = false;
  int64_t wall_us = 0;
};

void Play(const std::vector<Step>& steps) {
  Model model;
  Subject subject(1);
  Shadow shadow;
  World world(model, Chances(steps.empty() ? Step{} : steps.front()));
  std::vector<Played> played;
  std::string story;
  Tally& tally = TheTally();
  ++tally.sequences;

  const auto compare = [&] {
    const std::string missed = shadow.Follow(subject);
    const std::string broken = BrokenInvariant(subject.state());
    const std::string want = DescribeModel(model);
    const std::string got = DescribeLedger(subject.state());
    if (got == want && broken.empty() && missed.empty()) return;
    RC_FAIL(Text("after\n", story, "broken: ", broken, missed, "\nthe model\n", want,
                 "\nthe ledger\n", got));
  };
  const auto ask = [&](const std::vector<Ask>& asks, bool atomic) {
    played.push_back({asks, atomic, world.wall_us()});
    for (const Ask& one : asks) story += AskText(one, world.wall_us());
    const std::vector<Reply> got = subject.Execute(asks, atomic, world.wall_us());
    std::vector<Reply> want;
    if (atomic) {
      want = model.ExecuteAtomic(asks, world.wall_us());
    } else {
      want.push_back(model.Execute(asks.front(), world.wall_us()));
    }
    story += Text(atomic ? "  all or nothing" : "", "  -> ");
    tally.met["atomic calls that hold"] += atomic && !got.front().refused() ? 1 : 0;
    tally.met["atomic calls rolled back"] += atomic && got.front().refused() ? 1 : 0;
    for (size_t i = 0; i < got.size(); ++i) {
      story += ReplyText(got[i]) + (i + 1 < got.size() ? ", " : "\n");
      ++tally.commands;
      ++tally.answers[got[i].refused()               ? std::string(RefusalName(got[i].reason))
                      : got[i].kind == Reply::kAgain ? "again"
                                                     : "ok"];
    }
    if (got.size() != want.size()) RC_FAIL(Text("after\n", story, "not as many answers"));
    for (size_t i = 0; i < got.size(); ++i) {
      if (ReplyText(got[i]) != ReplyText(want[i])) {
        RC_FAIL(Text("after\n", story, "the model's answer ", i, " is ", ReplyText(want[i])));
      }
    }
    compare();
  };

  // Now and then a ledger that was never founded.
  if (steps.empty() || steps.front()[0] % 16 != 0) {
    for (const Ask& one : world.Founding()) ask({one}, false);
  }
  for (const Step& step : steps) {
    Chances chances(step);
    world.PassTime(chances);
    if (chances.Percent(6)) {
      story += Text("  wall ", world.wall_us(), " sweep\n");
      played.push_back({{}, false, world.wall_us()});
      subject.Sweep(world.wall_us());
      model.Sweep(world.wall_us());
      compare();
    } else if (chances.Percent(6)) {
      std::vector<Ask> asks;
      for (uint32_t n = 1 + chances.Below(4); n > 0; --n) {
        asks.push_back(world.Make(chances));
        const Ask& one = asks.back();
        Caller caller{one.principal, one.source, one.merchant, one.volunteer, one.of_ledger};
        const auto prepared =
            Prepare(caller, BodyOf(*one.message), one.request_id, one.recorded_us);
        if (std::holds_alternative<Refused>(prepared)) asks.pop_back();
        world.PassTime(chances);
      }
      if (!asks.empty()) ask(asks, true);
    } else {
      ask({world.Make(chances)}, false);
    }
  }
  for (const std::string& event : subject.events()) CountEvent(event);

  // A replay comes to the same, row by row.
  RC_ASSERT(DescribeReplayed("linhai", subject.events()) == Describe(subject.state()));
  // Another salt changes nothing but the salt.
  Subject other(1'000'000);
  for (const Played& one : played) {
    if (one.asks.empty()) {
      other.Sweep(one.wall_us);
    } else {
      other.Execute(one.asks, one.atomic, one.wall_us);
    }
  }
  RC_ASSERT(other.events().size() == subject.events().size());
  for (size_t i = 0; i < other.events().size(); ++i) {
    v1::Event a;
    v1::Event b;
    RC_ASSERT(a.ParseFromString(subject.events()[i]));
    RC_ASSERT(b.ParseFromString(other.events()[i]));
    RC_ASSERT(a.salt() != b.salt());
    b.set_salt(a.salt());
    RC_ASSERT(a.SerializeAsString() == b.SerializeAsString());
  }
}

// Every answer that a random sequence can get; a run without one of them tests less than it says.
// PERSONAL_IDENTIFIER and the like come of spoilt commands.
const char* const kReachable[] = {"ok",
                                  "again",
                                  "UNAUTHENTICATED",
                                  "MERCHANT_NOT_YOURS",
                                  "SELF_REDEMPTION",
                                  "SOURCE_MISSING",
                                  "FIELD_MISSING",
                                  "FIELD_INVALID",
                                  "ID_MALFORMED",
                                  "PERSONAL_IDENTIFIER",
                                  "DAY_MALFORMED",
                                  "VALUE_REPEATED",
                                  "AMOUNT_OVERFLOW",
                                  "REQUEST_CONFLICT",
                                  "ATOMIC_ABORTED",
                                  "LEDGER_UNKNOWN",
                                  "LEDGER_EXISTS",
                                  "RECORDED_TIME_MISSING",
                                  "RECORDED_TIME_NOT_ALLOWED",
                                  "RECORDED_TIME_BACKWARDS",
                                  "RECORDED_TIME_IN_FUTURE",
                                  "NOT_MIGRATING",
                                  "RULE_MISSING",
                                  "CATEGORY_UNKNOWN",
                                  "RULE_BACKDATED",
                                  "PRINCIPAL_UNKNOWN",
                                  "PRINCIPAL_EXISTS",
                                  "VOLUNTEER_UNKNOWN",
                                  "VOLUNTEER_EXISTS",
                                  "VOLUNTEER_FROZEN",
                                  "GUARDIAN_CONSENT_MISSING",
                                  "ORGANISATION_UNKNOWN",
                                  "ORGANISATION_EXISTS",
                                  "ACTIVITY_UNKNOWN",
                                  "ACTIVITY_EXISTS",
                                  "SESSION_UNKNOWN",
                                  "SESSION_EXISTS",
                                  "SESSION_NOT_OF_ACTIVITY",
                                  "RECORD_EXISTS",
                                  "TIMES_REVERSED",
                                  "TIME_NOT_WHOLE_MINUTE",
                                  "MINUTES_OFF_UNIT",
                                  "SERVICE_IN_FUTURE",
                                  "SERVICE_TOO_OLD",
                                  "SERVICE_BEFORE_ACTIVITY",
                                  "SERVICE_AFTER_ACTIVITY",
                                  "SERVICE_OUTSIDE_SESSION",
                                  "DAY_OVERFULL",
                                  "INTERVAL_OVERLAPS",
                                  "MERCHANT_UNKNOWN",
                                  "MERCHANT_EXISTS",
                                  "ITEM_UNKNOWN",
                                  "ITEM_EXISTS",
                                  "ITEM_NOT_OF_MERCHANT",
                                  "ORDER_EXISTS",
                                  "STOCK_TOO_LOW",
                                  "BALANCE_TOO_LOW"};

constexpr int kCasesByDefault = 3000;
constexpr int kCasesLong = 60000;  // with MERIT_LONG=1

TEST(Property, TheLedgerAndTheModelAgree) {
  const char* const given_cases = std::getenv("MERIT_PROPERTY_CASES");
  const int cases = given_cases != nullptr                 ? std::atoi(given_cases)
                    : std::getenv("MERIT_LONG") != nullptr ? kCasesLong
                                                           : kCasesByDefault;
  const bool replays = std::getenv("RC_PARAMS") != nullptr;
  if (!replays) {
    const std::string parameters =
        Text("seed=", std::random_device()(), " max_success=", cases, " max_size=160");
    ::setenv("RC_PARAMS", parameters.c_str(), 0);
  }
  std::cout << "the same again: RC_PARAMS=\"" << std::getenv("RC_PARAMS")
            << "\" ledger_property_test\n";

  const auto begun = std::chrono::steady_clock::now();
  const auto die = rc::gen::resize(rc::kNominalSize, rc::gen::inRange<uint32_t>(0, 1000));
  const auto sequences = rc::gen::container<std::vector<Step>>(rc::gen::container<Step>(die));
  ASSERT_TRUE(rc::check([&] { Play(*sequences); }));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;

  const Tally& tally = TheTally();
  std::cout << tally.sequences << " sequences, " << tally.commands << " commands, " << tally.events
            << " events in " << took.count()
            << " s: " << static_cast<uint64_t>(static_cast<double>(tally.commands) / took.count())
            << " commands/s\n";
  for (const auto& [answer, count] : tally.answers) {
    std::cout << "  " << answer << " " << count << "\n";
  }
  for (const auto& [what, count] : tally.met) std::cout << "  " << what << " " << count << "\n";
  if (replays || cases < kCasesByDefault) return;
  for (const auto& [what, count] : tally.met) EXPECT_GE(count, 1u) << what;
  for (const char* answer : kReachable) EXPECT_GE(tally.answers.count(answer), 1u) << answer;
}

}  // namespace
}  // namespace meritbook
