#include "tests/ledger/model.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace meritbook::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using std::chrono::Sunday;
using std::chrono::sys_days;
using std::chrono::year;

constexpr v1::Refusal kFine = v1::REFUSAL_UNSPECIFIED;
constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kMinuteUs = 60 * kSecondUs;
constexpr int64_t kDayUs = 24 * 60 * kMinuteUs;

template <typename T>
const T* As(const Ask& ask) {
  return dynamic_cast<const T*>(ask.message.get());
}

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int64_t SecondsOf(sys_days day) { return int64_t{day.time_since_epoch().count()} * 86'400; }

// What a zone's clock is ahead of UTC, in seconds.
int64_t Ahead(const std::string& zone, int64_t us) {
  if (zone == "Asia/Shanghai") return 8 * 3600;
  // America/New_York since 2007: summer time from the second Sunday of March, 2:00, to the first
  // Sunday of November, 2:00.
  const int64_t seconds = FloorDivide(us, kSecondUs);
  const auto day = sys_days(std::chrono::days(FloorDivide(seconds, 86'400)));
  const year y = std::chrono::year_month_day(day).year();
  const int64_t from = SecondsOf(sys_days(y / std::chrono::March / Sunday[2])) + 7 * 3600;
  const int64_t to = SecondsOf(sys_days(y / std::chrono::November / Sunday[1])) + 6 * 3600;
  return (seconds >= from && seconds < to ? -4 : -5) * 3600;
}

bool Digits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

v1::Refusal IdForm(const std::string& name, const std::string& value) {
  if (value.empty()) return v1::REFUSAL_FIELD_MISSING;
  for (const char c : value) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == ':' || c == '-';
    if (!fits) return v1::REFUSAL_ID_MALFORMED;
  }
  if (value.size() > 64) return v1::REFUSAL_ID_MALFORMED;
  // Of the personal numbers, mobile ones stand for all.
  const bool personal = name == "volunteer_id" || name == "principal_id";
  if (personal && value.size() == 11 && Digits(value) && value[0] == '1' && value[1] >= '3') {
    return v1::REFUSAL_PERSONAL_IDENTIFIER;
  }
  return kFine;
}

// Ids and days, wherever they stand.
v1::Refusal NamesForm(const Message& message) {
  const auto* descriptor = message.GetDescriptor();
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count = field->is_repeated() ? reflection->FieldSize(message, field)
                                             : (reflection->HasField(message, field) ? 1 : 0);
      for (int n = 0; n < count; ++n) {
        const Message& part = field->is_repeated()
                                  ? reflection->GetRepeatedMessage(message, field, n)
                                  : reflection->GetMessage(message, field);
        if (const v1::Refusal fault = NamesForm(part); fault != kFine) return fault;
      }
    }
    if (field->type() != FieldDescriptor::TYPE_STRING) continue;
    if (field->has_presence() && !reflection->HasField(message, field)) continue;
    const std::string value = reflection->GetString(message, field);
    if (field->name() == "time_zone") continue;
    if (field->name().ends_with("_day")) {
      if (value.empty()) return v1::REFUSAL_FIELD_MISSING;
      if (!DayNumber(value)) return v1::REFUSAL_DAY_MALFORMED;
    } else if (const v1::Refusal fault = IdForm(field->name(), value); fault != kFine) {
      return fault;
    }
  }
  return kFine;
}

v1::Refusal TimesForm(int64_t start_us, int64_t end_us) {
  return end_us > start_us ? kFine : v1::REFUSAL_TIMES_REVERSED;
}

// A command has one fault of form at most here, so the order in which they are looked for is free.
v1::Refusal Form(const Ask& ask) {
  if (const v1::Refusal fault = NamesForm(*ask.message); fault != kFine) return fault;
  if (const auto* c = As<v1::RegisterVolunteer>(ask)) {
    if (c->age_band() == v1::AGE_BAND_UNDER_14 && !c->guardian_consent()) {
      return v1::REFUSAL_GUARDIAN_CONSENT_MISSING;
    }
    return kFine;
  }
  if (const auto* c = As<v1::RegisterActivity>(ask)) {
    if (c->has_ends_us()) return TimesForm(c->starts_us(), c->ends_us());
  }
  if (const auto* c = As<v1::RegisterSession>(ask)) {
    return TimesForm(c->starts_us(), c->ends_us());
    return kFine;
  }
  if (const auto* c = As<v1::CreditHours>(ask)) {
    if (c->has_interval()) {
      const auto& [start_us, end_us] = std::pair(c->interval().start_us(), c->interval().end_us());
      if (const v1::Refusal fault = TimesForm(start_us, end_us); fault != kFine) return fault;
      if (start_us % kMinuteUs != 0 || end_us % kMinuteUs != 0) {
        return v1::REFUSAL_TIME_NOT_WHOLE_MINUTE;
      }
      if (end_us - start_us > 7 * kDayUs) return v1::REFUSAL_FIELD_INVALID;
    } else if (c->duration().minutes() == 0 || c->duration().minutes() > 1440) {
      return v1::REFUSAL_FIELD_INVALID;
    }
    return kFine;
  }
  if (const auto* c = As<v1::PublishItem>(ask)) {
    if (c->price_points() == 0) return v1::REFUSAL_FIELD_INVALID;
    return kFine;
  }
  if (const auto* c = As<v1::ReceiveStock>(ask)) {
    if (c->quantity() == 0) return v1::REFUSAL_FIELD_INVALID;
    return kFine;
  }
  if (const auto* c = As<v1::RedeemNow>(ask)) {
    for (int i = 0; i < c->lines_size(); ++i) {
      if (c->lines(i).quantity() == 0) return v1::REFUSAL_FIELD_INVALID;
      for (int j = 0; j < i; ++j) {
        if (c->lines(i).item_id() == c->lines(j).item_id()) return v1::REFUSAL_VALUE_REPEATED;
      }
    }
  }
  return kFine;
}

// The record or order id; empty for other kinds.
std::string Subject(const Ask& ask) {
  if (const auto* c = As<v1::CreditHours>(ask)) return c->record_id();
  if (const auto* c = As<v1::RedeemNow>(ask)) return c->order_id();
  return "";
}

// Where an id of the caller's counts.
std::string Space(const Ask& ask) {
  const std::string kind = ask.message->GetDescriptor()->name();
  if (!ask.source.empty()) return kind + "|source|" + ask.source + "|";
  if (!ask.merchant.empty()) return kind + "|merchant|" + ask.merchant + "|";
  return kind + "|principal|" + ask.principal + "|";
}

std::string RequestId(const Ask& ask) { return ask.request_id ? *ask.request_id : Subject(ask); }

std::optional<std::string> VolunteerOf(const Ask& ask) {
  if (const auto* c = As<v1::CreditHours>(ask)) return c->volunteer_id();
  if (const auto* c = As<v1::RedeemNow>(ask)) return c->volunteer_id();
  return std::nullopt;
}

const v1::CategoryRate* RateOf(const v1::PublishRule& rule, const std::string& category) {
  for (const v1::CategoryRate& rate : rule.earning().rates()) {
    if (rate.category() == category) return &rate;
  }
  return nullptr;
}

int LastDay(const v1::PublishRule& rule, int service_day) {
  const std::chrono::year_month_day day{sys_days(std::chrono::days(service_day))};
  if (rule.expiry().has_rolling_months()) {
    // From month to month, one by one.
    auto month = day.year() / day.month();
    for (uint32_t i = 0; i < rule.expiry().rolling_months(); ++i) month += std::chrono::months(1);
    return sys_days(month / std::chrono::last).time_since_epoch().count();
  }
  if (rule.expiry().has_year_end_grace_days()) {
    return sys_days(day.year() / std::chrono::December / 31).time_since_epoch().count() +
           static_cast<int>(rule.expiry().year_end_grace_days());
  }
  return kNever;
}

Reply Refuse(v1::Refusal reason) { return {Reply::kRefused, reason, 0}; }

}  // namespace

std::optional<int> DayNumber(const std::string& text) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (text.size() != 10 || std::sscanf(text.c_str(), "%4d-%2d-%2d", &y, &m, &d) != 3) {
    return std::nullopt;
  }
  const std::chrono::year_month_day day{year(y), std::chrono::month(static_cast<unsigned>(m)),
                                        std::chrono::day(static_cast<unsigned>(d))};
  if (!day.ok()) return std::nullopt;
  return sys_days(day).time_since_epoch().count();
}

int64_t Volunteer::AvailableUnits() const {
  int64_t units = 0;
  for (const auto& lot : lots) units += lot.second;
  return units;
}

int Model::DayOf(int64_t us) const {
  return static_cast<int>(FloorDivide(us + Ahead(zone, us) * kSecondUs, kDayUs));
}

const v1::PublishRule* Model::RuleOf(int day) const {
  const v1::PublishRule* newest = nullptr;
  for (const v1::PublishRule& rule : rules) {
    if (*DayNumber(rule.effective_from_day()) <= day) newest = &rule;
  }
  return newest;
}

void Model::Touch(const std::string& volunteer) {
  Volunteer& row = volunteers[volunteer];
  ++row.events;
  row.last_sequence = size;
}

void Model::Lapse(const std::string& volunteer, int64_t now_us) {
  Volunteer& row = volunteers[volunteer];
  while (!row.lots.empty() && row.lots.front().first < DayOf(now_us)) {
    expired_units += row.lots.front().second;
    row.lots.erase(row.lots.begin());
    Touch(volunteer);
    ++size;
    last_recorded_us = now_us;
  }
}

Model::Door Model::Enter(const Ask& ask, int64_t wall_us) const {
  Door door;
  const auto refuse = [&door](v1::Refusal reason) {
    door.reply = Refuse(reason);
    return door;
  };
  // The form, which needs no ledger.
  if (const v1::Refusal fault = Form(ask); fault != kFine) return refuse(fault);
  const std::string request_id = RequestId(ask);
  if (request_id.empty()) return refuse(v1::REFUSAL_FIELD_MISSING);
  // Who asks.
  if (As<v1::CreditHours>(ask) && ask.source.empty()) return refuse(v1::REFUSAL_SOURCE_MISSING);
  if (ask.of_ledger) {
    const auto principal = principals.find(ask.principal);
    if (principal == principals.end() || principal->second.revoked) {
      return refuse(v1::REFUSAL_UNAUTHENTICATED);
    }
  }
  if (const auto* c = As<v1::ReceiveStock>(ask)) {
    const auto item = items.find(c->item_id());
    if (!ask.merchant.empty() && item != items.end() && item->second.merchant != ask.merchant) {
      return refuse(v1::REFUSAL_MERCHANT_NOT_YOURS);
    }
  }
  if (const auto* c = As<v1::RedeemNow>(ask)) {
    if (!ask.merchant.empty() && ask.merchant != c->merchant_id()) {
      return refuse(v1::REFUSAL_MERCHANT_NOT_YOURS);
    }
    if (ask.volunteer == c->volunteer_id()) return refuse(v1::REFUSAL_SELF_REDEMPTION);
    const auto principal = principals.find(ask.principal);
    if (principal != principals.end() && principal->second.volunteer == c->volunteer_id()) {
      return refuse(v1::REFUSAL_SELF_REDEMPTION);
    }
  }
  // What was asked before.
  if (const auto found = requests_.find(Space(ask) + request_id); found != requests_.end()) {
    if (found->second.content != ask.message->SerializeAsString()) {
      return refuse(v1::REFUSAL_REQUEST_CONFLICT);
    }
    door.reply = Reply{Reply::kAgain, kFine, found->second.sequence};
    return door;
  }
  // The ledger and its clock.
  const auto* create = As<v1::CreateLedger>(ask);
  if (create == nullptr && !created) return refuse(v1::REFUSAL_LEDGER_UNKNOWN);
  if (create != nullptr && created) return refuse(v1::REFUSAL_LEDGER_EXISTS);
  if (create != nullptr ? create->migrating() : migrating) {
    if (!ask.recorded_us) return refuse(v1::REFUSAL_RECORDED_TIME_MISSING);
    if (*ask.recorded_us > wall_us) return refuse(v1::REFUSAL_RECORDED_TIME_IN_FUTURE);
    door.now_us = *ask.recorded_us;
    door.in_order = door.now_us >= last_recorded_us;
  } else {
    if (ask.recorded_us) return refuse(v1::REFUSAL_RECORDED_TIME_NOT_ALLOWED);
    door.now_us = std::max(wall_us, last_recorded_us);
  }
  return door;
}

Reply Model::Execute(const Ask& ask, int64_t wall_us) {
  const Door door = Enter(ask, wall_us);
  if (door.reply) return *door.reply;
  const auto volunteer = VolunteerOf(ask);
  if (door.in_order && volunteer && volunteers.count(*volunteer) != 0) {
    Lapse(*volunteer, door.now_us);
  }
  const Model before = *this;
  if (const v1::Refusal reason = Carry(ask, door.now_us); reason != kFine) {
    *this = before;
    return Refuse(reason);
  }
  if (!door.in_order) {
    *this = before;
    return Refuse(v1::REFUSAL_RECORDED_TIME_BACKWARDS);
  }
  requests_[Space(ask) + RequestId(ask)] = {size, ask.message->SerializeAsString()};
  if (!Subject(ask).empty()) subjects_.insert(Space(ask) + Subject(ask));
  last_recorded_us = door.now_us;
  return {Reply::kAccepted, kFine, size++};
}

std::vector<Reply> Model::ExecuteAtomic(const std::vector<Ask>& asks, int64_t wall_us) {
  // What is due when the call begins stands whatever becomes of it.
  std::optional<int64_t> first_us;
  for (const Ask& ask : asks) {
    const Door door = Enter(ask, wall_us);
    if (door.reply || !door.in_order) continue;
    if (!first_us) first_us = door.now_us;
    const auto volunteer = VolunteerOf(ask);
    if (door.now_us == *first_us && volunteer && volunteers.count(*volunteer) != 0) {
      Lapse(*volunteer, door.now_us);
    }
  }
  const Model before = *this;
  std::vector<Reply> replies;
  for (const Ask& ask : asks) {
    replies.push_back(Execute(ask, wall_us));
    if (!replies.back().refused()) continue;
    *this = before;
    const Reply reason = replies.back();
    const size_t at = replies.size() - 1;
    replies.assign(asks.size(), Refuse(v1::REFUSAL_ATOMIC_ABORTED));
    replies[at] = reason;
    return replies;
  }
  return replies;
}

void Model::Sweep(int64_t wall_us) {
  if (!created || migrating) return;
  const int64_t now_us = std::max(wall_us, last_recorded_us);
  while (true) {
    // The oldest day first; of one day, the volunteer who came first.
    std::string first_id;
    std::pair<int, uint64_t> first(DayOf(now_us), 0);
    for (const auto& [id, row] : volunteers) {
      if (row.lots.empty()) continue;
      const std::pair<int, uint64_t> due(row.lots.front().first, row.registered);
      if (due < first) {
        first = due;
        first_id = id;
      }
    }
    if (first_id.empty()) return;
    Lapse(first_id, now_us);
  }
}

v1::Refusal Model::Carry(const Ask& ask, int64_t now_us) {
  if (const auto* c = As<v1::CreateLedger>(ask)) {
    created = true;
    migrating = c->migrating();
    zone = c->has_time_zone() ? c->time_zone() : "Asia/Shanghai";
    return kFine;
  }
  if (As<v1::FinishMigration>(ask)) {
    if (!migrating) return v1::REFUSAL_NOT_MIGRATING;
    migrating = false;
    return kFine;
  }
  if (const auto* c = As<v1::PublishRule>(ask)) {
    for (const v1::PublishRule& rule : rules) {
      if (*DayNumber(rule.effective_from_day()) > *DayNumber(c->effective_from_day())) {
        return v1::REFUSAL_RULE_BACKDATED;
      }
    }
    rules.push_back(*c);
    return kFine;
  }
  if (const auto* c = As<v1::RegisterPrincipal>(ask)) {
    if (principals.count(c->principal_id()) != 0) return v1::REFUSAL_PRINCIPAL_EXISTS;
    if (c->has_merchant_id() && merchants.count(c->merchant_id()) == 0) {
      return v1::REFUSAL_MERCHANT_UNKNOWN;
    }
    if (c->has_volunteer_id() && volunteers.count(c->volunteer_id()) == 0) {
      return v1::REFUSAL_VOLUNTEER_UNKNOWN;
    }
    principals[c->principal_id()] = {c->volunteer_id(), false};
    return kFine;
  }
  if (const auto* c = As<v1::RevokePrincipal>(ask)) {
    const auto found = principals.find(c->principal_id());
    if (found == principals.end() || found->second.revoked) {
      return v1::REFUSAL_PRINCIPAL_UNKNOWN;
    }
    found->second.revoked = true;
    return kFine;
  }
  if (const auto* c = As<v1::RegisterVolunteer>(ask)) {
    if (volunteers.count(c->volunteer_id()) != 0) return v1::REFUSAL_VOLUNTEER_EXISTS;
    if (c->has_organisation_id() && organisations.count(c->organisation_id()) == 0) {
      return v1::REFUSAL_ORGANISATION_UNKNOWN;
    }
    volunteers[c->volunteer_id()].registered = size;
    Touch(c->volunteer_id());
    return kFine;
  }
  if (const auto* c = As<v1::FreezeVolunteer>(ask)) {
    if (volunteers.count(c->volunteer_id()) == 0) return v1::REFUSAL_VOLUNTEER_UNKNOWN;
    if (volunteers[c->volunteer_id()].frozen) return v1::REFUSAL_VOLUNTEER_FROZEN;
    volunteers[c->volunteer_id()].frozen = true;
    Touch(c->volunteer_id());
    return kFine;
  }
  if (const auto* c = As<v1::RegisterOrganisation>(ask)) {
    if (!organisations.insert(c->organisation_id()).second) {
      return v1::REFUSAL_ORGANISATION_EXISTS;
    }
    return kFine;
  }
  if (const auto* c = As<v1::RegisterActivity>(ask)) {
    if (activities.count(c->activity_id()) != 0) return v1::REFUSAL_ACTIVITY_EXISTS;
    if (organisations.count(c->organisation_id()) == 0) return v1::REFUSAL_ORGANISATION_UNKNOWN;
    Activity& row = activities[c->activity_id()];
    row.category = c->category();
    row.starts_us = c->starts_us();
    if (c->has_ends_us()) row.ends_us = c->ends_us();
    return kFine;
  }
  if (const auto* c = As<v1::RegisterSession>(ask)) {
    if (sessions.count(c->session_id()) != 0) return v1::REFUSAL_SESSION_EXISTS;
    if (activities.count(c->activity_id()) == 0) return v1::REFUSAL_ACTIVITY_UNKNOWN;
    sessions[c->session_id()] = {c->activity_id(), *DayNumber(c->service_day()), c->starts_us(),
                                 c->ends_us()};
    return kFine;
  }
  if (const auto* c = As<v1::OnboardMerchant>(ask)) {
    if (!merchants.emplace(c->merchant_id(), 0).second) return v1::REFUSAL_MERCHANT_EXISTS;
    return kFine;
  }
  if (const auto* c = As<v1::PublishItem>(ask)) {
    if (items.count(c->item_id()) != 0) return v1::REFUSAL_ITEM_EXISTS;
    if (merchants.count(c->merchant_id()) == 0) return v1::REFUSAL_MERCHANT_UNKNOWN;
    items[c->item_id()] = {c->merchant_id(), c->price_points(), c->stock(), 0};
    return kFine;
  }
  if (const auto* c = As<v1::ReceiveStock>(ask)) {
    const auto found = items.find(c->item_id());
    if (found == items.end()) return v1::REFUSAL_ITEM_UNKNOWN;
    found->second.received += c->quantity();
    if (found->second.received - found->second.delivered > 1'000'000'000) {
      return v1::REFUSAL_AMOUNT_OVERFLOW;
    }
    return kFine;
  }
  if (const auto* c = As<v1::CreditHours>(ask)) {
    return Credit(ask, *c, now_us);
  }
  if (const auto* c = As<v1::RedeemNow>(ask)) {
    return Redeem(ask, *c);
  }
  std::abort();
}

v1::Refusal Model::Credit(const Ask& ask, const v1::CreditHours& command, int64_t now_us) {
  if (subjects_.count(Space(ask) + command.record_id()) != 0) return v1::REFUSAL_RECORD_EXISTS;
  const auto found = volunteers.find(command.volunteer_id());
  if (found == volunteers.end()) return v1::REFUSAL_VOLUNTEER_UNKNOWN;
  Volunteer& volunteer = found->second;
  if (activities.count(command.activity_id()) == 0) return v1::REFUSAL_ACTIVITY_UNKNOWN;
  const Activity& activity = activities[command.activity_id()];
  const Session* session = nullptr;
  if (command.has_session_id()) {
    if (sessions.count(command.session_id()) == 0) return v1::REFUSAL_SESSION_UNKNOWN;
    session = &sessions[command.session_id()];
    if (session->activity != command.activity_id()) return v1::REFUSAL_SESSION_NOT_OF_ACTIVITY;
  }

  // Minute by minute.
  std::map<int, int> minutes;
  int total = 0;
  const int64_t start_us = command.interval().start_us();
  const int64_t end_us = command.interval().end_us();
  if (command.has_interval()) {
    for (int64_t us = start_us; us < end_us; us += kMinuteUs) ++minutes[DayOf(us)], ++total;
  } else {
    total = static_cast<int>(command.duration().minutes());
    minutes[*DayNumber(command.duration().service_day())] = total;
  }
  const int first_day = minutes.begin()->first;

  for (const auto& [day, count] : minutes) {
    const v1::PublishRule* rule = RuleOf(day);
    if (rule == nullptr) return v1::REFUSAL_RULE_MISSING;
    if (RateOf(*rule, activity.category) == nullptr) return v1::REFUSAL_CATEGORY_UNKNOWN;
  }
  const v1::EarningRule& earning = RuleOf(first_day)->earning();
  if (total % static_cast<int>(earning.recording_unit_minutes()) != 0) {
    return v1::REFUSAL_MINUTES_OFF_UNIT;
  }
  const int today = DayOf(now_us);
  if (command.has_interval() ? end_us > now_us : first_day > today) {
    return v1::REFUSAL_SERVICE_IN_FUTURE;
  }
  if (today > first_day + static_cast<int>(earning.backdating_days())) {
    return v1::REFUSAL_SERVICE_TOO_OLD;
  }
  if (command.has_interval() ? start_us < activity.starts_us
                             : first_day < DayOf(activity.starts_us)) {
    return v1::REFUSAL_SERVICE_BEFORE_ACTIVITY;
  }
  if (activity.ends_us && (command.has_interval() ? end_us > *activity.ends_us
                                                  : first_day > DayOf(*activity.ends_us - 1))) {
    return v1::REFUSAL_SERVICE_AFTER_ACTIVITY;
  }
  if (session != nullptr) {
    const bool within = command.has_interval()
                            ? start_us >= session->starts_us && end_us <= session->ends_us
                            : first_day == session->day;
    if (!within) return v1::REFUSAL_SERVICE_OUTSIDE_SESSION;
  }
  for (const auto& [day, count] : minutes) {
    if (volunteer.days[day].first + volunteer.days[day].second + count > 1440) {
      return v1::REFUSAL_DAY_OVERFULL;
    }
  }
  if (command.has_interval()) {
    for (const auto& [other_start_us, other_end_us] : volunteer.served_us) {
      if (start_us < other_end_us && other_start_us < end_us) {
        return v1::REFUSAL_INTERVAL_OVERLAPS;
      }
    }
    volunteer.served_us.emplace_back(start_us, end_us);
  }

  for (const auto& [day, count] : minutes) {
    const v1::PublishRule& rule = *RuleOf(day);
    const v1::CategoryRate& rate = *RateOf(rule, activity.category);
    int64_t units = 0;
    for (int minute = 0; minute < count; ++minute) {
      auto& [credited, honorary] = volunteer.days[day];
      if (credited < static_cast<int>(rule.earning().credited_minutes_per_day())) {
        ++credited;
        units += int64_t{rate.points_per_hour()} * rate.percentage();
      } else {
        ++honorary;
      }
    }
    issued_units += units;
    if (units > 0) volunteer.lots.emplace_back(LastDay(rule, day), units);
  }
  // Units that share a date are one lot.
  std::map<int, int64_t> by_day;
  for (const auto& [day, units] : volunteer.lots) by_day[day] += units;
  volunteer.lots.assign(by_day.begin(), by_day.end());
  Touch(command.volunteer_id());
  return kFine;
}

v1::Refusal Model::Redeem(const Ask& ask, const v1::RedeemNow& command) {
  if (subjects_.count(Space(ask) + command.order_id()) != 0) return v1::REFUSAL_ORDER_EXISTS;
  if (volunteers.count(command.volunteer_id()) == 0) return v1::REFUSAL_VOLUNTEER_UNKNOWN;
  if (merchants.count(command.merchant_id()) == 0) return v1::REFUSAL_MERCHANT_UNKNOWN;
  Volunteer& volunteer = volunteers[command.volunteer_id()];
  if (volunteer.frozen) return v1::REFUSAL_VOLUNTEER_FROZEN;
  int64_t units = 0;
  for (const v1::OrderLine& line : command.lines()) {
    if (items.count(line.item_id()) == 0) return v1::REFUSAL_ITEM_UNKNOWN;
    Item& item = items[line.item_id()];
    if (item.merchant != command.merchant_id()) return v1::REFUSAL_ITEM_NOT_OF_MERCHANT;
    item.delivered += line.quantity();
    if (item.delivered > item.received) return v1::REFUSAL_STOCK_TOO_LOW;
    units += item.price_points * line.quantity() * 6000;
  }
  if (volunteer.AvailableUnits() < units) return v1::REFUSAL_BALANCE_TOO_LOW;
  merchants[command.merchant_id()] += units;
  while (units > 0) {
    auto& [day, left] = volunteer.lots.front();
    const int64_t taken = std::min(left, units);
    left -= taken;
    units -= taken;
    if (left == 0) volunteer.lots.erase(volunteer.lots.begin());
  }
  Touch(command.volunteer_id());
  return kFine;
}

}  // namespace meritbook::model
