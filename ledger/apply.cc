#include "ledger/apply.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "ledger/check.h"
#include "ledger/command.h"
#include "ledger/hours.h"
#include "ledger/limits.h"
#include "ledger/posting.h"
#include "ledger/text.h"
#include "ledger/units.h"

namespace meritbook {
namespace {

// A check that both a bug and a changed log can fail.
#define MB_REQUIRE(condition)                            \
  do {                                                   \
    if (!(condition)) [[unlikely]] {                     \
      return absl::DataLossError("broken: " #condition); \
    }                                                    \
  } while (false)

#define MB_RETURN_IF_ERROR(expression)                      \
  do {                                                      \
    if (absl::Status status = (expression); !status.ok()) { \
      return status;                                        \
    }                                                       \
  } while (false)

DayNumber ExpiryOf(const v1::LotUnits& lot) {
  return lot.has_expiry_day_number() ? lot.expiry_day_number() : kNeverExpires;
}

void AddToLot(std::vector<Lot>& lots, DayNumber expiry, int64_t units) {
  if (units == 0) return;
  const auto at = std::lower_bound(lots.begin(), lots.end(), expiry,
                                   [](const Lot& lot, DayNumber day) { return lot.expiry < day; });
  if (at != lots.end() && at->expiry == expiry) {
    at->units += units;
  } else {
    lots.insert(at, {expiry, units});
  }
}

using TakenLots = google::protobuf::RepeatedPtrField<v1::LotUnits>;

// False unless `taken` are the first of the lots, whole but for the last of them.
bool TakeFirst(std::vector<Lot>& lots, const TakenLots& taken) {
  size_t emptied = 0;
  for (const v1::LotUnits& part : taken) {
    const bool continues = emptied < lots.size() && lots[emptied].expiry == ExpiryOf(part) &&
                           part.units() > 0 && part.units() <= lots[emptied].units;
    if (!continues) return false;
    lots[emptied].units -= part.units();
    if (lots[emptied].units == 0) {
      ++emptied;
    } else if (&part != &*taken.rbegin()) {
      return false;
    }
  }
  lots.erase(lots.begin(), lots.begin() + static_cast<std::ptrdiff_t>(emptied));
  return true;
}

// Applies one event; a class for the sake of its shared view of state and event.
class Application {
 public:
  Application(State& state, const v1::Event& event) : state_(state), event_(event) {}

  absl::Status Run() {
    MB_RETURN_IF_ERROR(CheckEnvelope());
    MB_RETURN_IF_ERROR(CheckPassbook());
    MB_RETURN_IF_ERROR(ApplyBody());
    MB_RETURN_IF_ERROR(Post());
    MB_RETURN_IF_ERROR(TurnPage());
    MB_RETURN_IF_ERROR(Remember());
    LedgerRow& ledger = state_.MutableLedger();
    ++ledger.size;
    ledger.last_recorded_us = event_.recorded_us();
    return absl::OkStatus();
  }

 private:
  absl::Status CheckEnvelope() {
    MB_REQUIRE(event_.sequence() == state_.size());
    MB_REQUIRE(event_.recorded_us() >= state_.ledger().last_recorded_us);
    MB_REQUIRE(event_.recorded_us() <= kInstantUsMax);
    MB_REQUIRE(event_.occurred_us() <= event_.recorded_us());
    // No kind of command has more than one event yet.
    MB_REQUIRE(event_.command_first_sequence() == event_.sequence());
    MB_REQUIRE(event_.command_event_count() == 1);
    MB_REQUIRE(event_.has_ledger_created() == !state_.created());
    return CheckAsker();
  }

  // The ledger's own events have nobody who asked; all others have.
  absl::Status CheckAsker() {
    switch (event_.scope()) {
      case v1::REQUEST_SCOPE_UNSPECIFIED:
        MB_REQUIRE(event_.has_points_expired());
        MB_REQUIRE(event_.actor().empty());
        MB_REQUIRE(event_.source().empty());
        MB_REQUIRE(event_.request_id().empty());
        MB_REQUIRE(event_.kind() == v1::COMMAND_KIND_UNSPECIFIED);
        return absl::OkStatus();
      case v1::REQUEST_SCOPE_PRINCIPAL:
        MB_REQUIRE(event_.source().empty());
        break;
      case v1::REQUEST_SCOPE_SOURCE:
      case v1::REQUEST_SCOPE_MERCHANT:
        MB_REQUIRE(!event_.source().empty());
        break;
      case v1::RequestScope_INT_MIN_SENTINEL_DO_NOT_USE_:
      case v1::RequestScope_INT_MAX_SENTINEL_DO_NOT_USE_:
        return absl::DataLossError("broken: a known request scope");
    }
    MB_REQUIRE(!event_.has_points_expired());
    MB_REQUIRE(!event_.actor().empty());
    MB_REQUIRE(!event_.request_id().empty());
    return absl::OkStatus();
  }

  // Each link continues the volunteer's own chain.
  absl::Status CheckPassbook() {
    const auto volunteers = VolunteersOf(event_);
    MB_REQUIRE(static_cast<size_t>(event_.passbook_size()) == volunteers.size());
    for (size_t i = 0; i < volunteers.size(); ++i) {
      const v1::PassbookLink& link = event_.passbook(static_cast<int>(i));
      MB_REQUIRE(link.volunteer_id() == volunteers[i]);
      const Volunteer* volunteer = state_.volunteers().Find(volunteers[i]);
      if (volunteer == nullptr) {
        MB_REQUIRE(event_.has_volunteer_registered());
        MB_REQUIRE(link.event_count() == 1);
        MB_REQUIRE(!link.has_previous_sequence());
      } else {
        MB_REQUIRE(link.event_count() == volunteer->event_count + 1);
        MB_REQUIRE(link.has_previous_sequence());
        MB_REQUIRE(link.previous_sequence() == volunteer->last_sequence);
      }
    }
    return absl::OkStatus();
  }

  absl::Status ApplyBody() {
    switch (event_.body_case()) {
      case v1::Event::kLedgerCreated:
        return Created(event_.ledger_created());
      case v1::Event::kMigrationFinished:
        MB_REQUIRE(state_.migrating());
        state_.MutableLedger().state = v1::LEDGER_STATE_LIVE;
        return absl::OkStatus();
      case v1::Event::kRulePublished:
        return Published(event_.rule_published());
      case v1::Event::kPrincipalRegistered:
        return Registered(event_.principal_registered().command());
      case v1::Event::kPrincipalRevoked:
        return Revoked(event_.principal_revoked().command());
      case v1::Event::kVolunteerRegistered:
        return Registered(event_.volunteer_registered().command());
      case v1::Event::kVolunteerFrozen:
        return Frozen(event_.volunteer_frozen().command());
      case v1::Event::kOrganisationRegistered:
        return Registered(event_.organisation_registered().command());
      case v1::Event::kActivityRegistered:
        return Registered(event_.activity_registered().command());
      case v1::Event::kSessionRegistered:
        return Registered(event_.session_registered().command());
      case v1::Event::kHoursCredited:
        return Credited(event_.hours_credited());
      case v1::Event::kPointsExpired:
        return Expired(event_.points_expired());
      case v1::Event::kMerchantOnboarded:
        return Onboarded(event_.merchant_onboarded().command());
      case v1::Event::kItemPublished:
        return Published(event_.item_published().command());
      case v1::Event::kStockReceived:
        return Received(event_.stock_received().command());
      case v1::Event::kOrderRedeemed:
        return Redeemed(event_.order_redeemed());
      case v1::Event::BODY_NOT_SET:
        break;
    }
    return absl::DataLossError("an event of a kind that this version doesn't know");
  }

  absl::Status Created(const v1::LedgerCreated& created) {
    MB_REQUIRE(created.ledger_id() == state_.ledger_id());
    MB_REQUIRE(!created.command().has_time_zone() ||
               created.command().time_zone() == created.time_zone());
    MB_REQUIRE(Calendar::ForZone(created.time_zone()).has_value());
    state_.SetTimeZone(created.time_zone());
    state_.MutableLedger().state =
        created.command().migrating() ? v1::LEDGER_STATE_MIGRATING : v1::LEDGER_STATE_LIVE;
    return absl::OkStatus();
  }

  absl::Status Published(const v1::RulePublished& published) {
    std::vector<Rule>& rules = state_.MutableLedger().rules;
    MB_REQUIRE(published.rule_version() == rules.size() + 1);
    const auto day = ParseDay(published.command().effective_from_day());
    MB_REQUIRE(day.has_value());
    MB_REQUIRE(rules.empty() || rules.back().effective_from <= *day);
    // So that no product of minutes and rate can overflow.
    for (const v1::CategoryRate& rate : published.command().earning().rates()) {
      MB_REQUIRE(rate.points_per_hour() <= kPointsPerHourMax);
      MB_REQUIRE(rate.percentage() <= kPercentageMax);
    }
    rules.emplace_back(published.rule_version(), published.command());
    return absl::OkStatus();
  }

  absl::Status Registered(const v1::RegisterPrincipal& command) {
    MB_REQUIRE(!state_.principals().Find(command.principal_id()));
    MB_REQUIRE(!command.has_merchant_id() || state_.merchants().Find(command.merchant_id()));
    MB_REQUIRE(!command.has_volunteer_id() || state_.volunteers().Find(command.volunteer_id()));
    Principal row;
    row.id = command.principal_id();
    row.registered = command;
    state_.Add(std::move(row));
    return absl::OkStatus();
  }

  absl::Status Revoked(const v1::RevokePrincipal& command) {
    const auto index = state_.principals().IndexOf(command.principal_id());
    MB_REQUIRE(index.has_value());
    MB_REQUIRE(!state_.principals()[*index].revoked);
    state_.Mutable<Principal>(*index).revoked = true;
    return absl::OkStatus();
  }

  absl::Status Registered(const v1::RegisterVolunteer& command) {
    MB_REQUIRE(!state_.volunteers().Find(command.volunteer_id()));
    MB_REQUIRE(!command.has_organisation_id() ||
               state_.organisations().Find(command.organisation_id()));
    Volunteer row;
    row.id = command.volunteer_id();
    state_.Add(std::move(row));
    return absl::OkStatus();
  }

  absl::Status Frozen(const v1::FreezeVolunteer& command) {
    const auto index = state_.volunteers().IndexOf(command.volunteer_id());
    MB_REQUIRE(index.has_value());
    MB_REQUIRE(!state_.volunteers()[*index].frozen);
    state_.Mutable<Volunteer>(*index).frozen = true;
    return absl::OkStatus();
  }

  absl::Status Registered(const v1::RegisterOrganisation& command) {
    MB_REQUIRE(!state_.organisations().Find(command.organisation_id()));
    state_.Add(Organisation{command.organisation_id(), command.kind()});
    return absl::OkStatus();
  }

  absl::Status Registered(const v1::RegisterActivity& command) {
    MB_REQUIRE(!state_.activities().Find(command.activity_id()));
    MB_REQUIRE(state_.organisations().Find(command.organisation_id()));
    Activity row;
    row.id = command.activity_id();
    row.category = command.category();
    row.starts_us = command.starts_us();
    if (command.has_ends_us()) row.ends_us = command.ends_us();
    state_.Add(std::move(row));
    return absl::OkStatus();
  }

  absl::Status Registered(const v1::RegisterSession& command) {
    MB_REQUIRE(!state_.sessions().Find(command.session_id()));
    const auto activity = state_.activities().IndexOf(command.activity_id());
    MB_REQUIRE(activity.has_value());
    const auto day = ParseDay(command.service_day());
    MB_REQUIRE(day.has_value());
    state_.Add(
        Session{command.session_id(), *activity, *day, command.starts_us(), command.ends_us()});
    return absl::OkStatus();
  }

  absl::Status Credited(const v1::HoursCredited& credited) {
    const v1::CreditHours& command = credited.command();
    const auto index = state_.volunteers().IndexOf(command.volunteer_id());
    MB_REQUIRE(index.has_value());
    MB_REQUIRE(event_.scope() == v1::REQUEST_SCOPE_SOURCE);
    MB_REQUIRE(!command.record_id().empty());
    const auto activity_index = state_.activities().IndexOf(command.activity_id());
    MB_REQUIRE(activity_index.has_value());
    const Activity& activity = state_.activities()[*activity_index];
    if (command.has_session_id()) {
      const Session* session = state_.sessions().Find(command.session_id());
      MB_REQUIRE(session != nullptr);
      MB_REQUIRE(session->activity == *activity_index);
    }
    MB_REQUIRE(command.service_case() != v1::CreditHours::SERVICE_NOT_SET);

    Volunteer& volunteer = state_.Mutable<Volunteer>(*index);
    std::vector<Lot> lots = volunteer.lots;
    int64_t minutes = 0;
    DayNumber last_day = std::numeric_limits<DayNumber>::min();
    for (const v1::CreditSegment& segment : credited.segments()) {
      MB_REQUIRE(segment.service_day_number() > last_day);
      last_day = segment.service_day_number();
      MB_RETURN_IF_ERROR(CheckRate(segment, activity));
      MB_RETURN_IF_ERROR(AddToDay(volunteer, segment));
      minutes += segment.credited_minutes() + segment.honorary_minutes();
      AddToLot(lots, segment.has_expiry_day_number() ? segment.expiry_day_number() : kNeverExpires,
               segment.units());
    }
    MB_REQUIRE(minutes > 0);
    if (command.has_interval()) {
      MB_RETURN_IF_ERROR(CheckInterval(command.interval()));
      const ServedInterval served = IntervalOf(command.interval());
      MB_REQUIRE(served.minutes == minutes);
      MB_REQUIRE(!Overlaps(volunteer, served));
      const auto at = std::upper_bound(
          volunteer.intervals.begin(), volunteer.intervals.end(), served.start_minute,
          [](uint32_t start, const ServedInterval& other) { return start < other.start_minute; });
      volunteer.intervals.insert(at, served);
    } else {
      MB_REQUIRE(command.duration().minutes() == minutes);
      MB_REQUIRE(credited.segments_size() == 1);
      MB_REQUIRE(ParseDay(command.duration().service_day()) == last_day);
    }
    state_.SetLots(*index, std::move(lots));
    return absl::OkStatus();
  }

  absl::Status CheckInterval(const v1::ServiceInterval& interval) {
    MB_REQUIRE(interval.start_us() > 0);
    MB_REQUIRE(interval.start_us() < interval.end_us());
    MB_REQUIRE(interval.end_us() <= event_.recorded_us());
    MB_REQUIRE(interval.start_us() % kMicrosPerMinute == 0);
    MB_REQUIRE(interval.end_us() % kMicrosPerMinute == 0);
    return absl::OkStatus();
  }

  // Units are what the pinned rule says.
  absl::Status CheckRate(const v1::CreditSegment& segment, const Activity& activity) {
    const std::vector<Rule>& rules = state_.ledger().rules;
    MB_REQUIRE(segment.rule_version() >= 1);
    MB_REQUIRE(segment.rule_version() <= rules.size());
    const Rule& rule = rules[segment.rule_version() - 1];
    const auto rate = rule.rates.find(activity.category);
    MB_REQUIRE(rate != rule.rates.end());
    MB_REQUIRE(segment.points_per_hour() == rate->second.points_per_hour);
    MB_REQUIRE(segment.percentage() == rate->second.percentage);
    MB_REQUIRE(segment.credited_minutes() <= kMinutesPerDay);
    MB_REQUIRE(segment.units() == rate->second.UnitsFor(segment.credited_minutes()));
    MB_REQUIRE(!segment.has_expiry_day_number() ||
               segment.expiry_day_number() >= segment.service_day_number());
    return absl::OkStatus();
  }

  absl::Status AddToDay(Volunteer& volunteer, const v1::CreditSegment& segment) {
    DayMinutes day = MinutesOn(volunteer, segment.service_day_number());
    const uint32_t credited = day.credited + segment.credited_minutes();
    const uint32_t honorary = day.honorary + segment.honorary_minutes();
    MB_REQUIRE(segment.honorary_minutes() <= kMinutesPerDay);
    MB_REQUIRE(segment.credited_minutes() + segment.honorary_minutes() > 0);
    MB_REQUIRE(credited + honorary <= kMinutesPerDay);
    const Rule& rule = state_.ledger().rules[segment.rule_version() - 1];
    // The cap that held when this was decided; an older credit may stand above it.
    MB_REQUIRE(segment.credited_minutes() == 0 ||
               credited <= rule.earning().credited_minutes_per_day());
    day.credited = static_cast<uint16_t>(credited);
    day.honorary = static_cast<uint16_t>(honorary);
    const auto at =
        std::lower_bound(volunteer.days.begin(), volunteer.days.end(), day.day,
                         [](const DayMinutes& row, DayNumber number) { return row.day < number; });
    if (at != volunteer.days.end() && at->day == day.day) {
      *at = day;
    } else {
      volunteer.days.insert(at, day);
    }
    volunteer.credited_minutes += segment.credited_minutes();
    volunteer.honorary_minutes += segment.honorary_minutes();
    return absl::OkStatus();
  }

  absl::Status Expired(const v1::PointsExpired& expired) {
    const auto index = state_.volunteers().IndexOf(expired.volunteer_id());
    MB_REQUIRE(index.has_value());
    MB_REQUIRE(expired.lots_size() > 0);
    const DayNumber today = state_.calendar().DayOf(event_.recorded_us());
    for (const v1::LotUnits& lot : expired.lots()) MB_REQUIRE(ExpiryOf(lot) < today);
    std::vector<Lot> lots = state_.volunteers()[*index].lots;
    const size_t lots_before = lots.size();
    MB_REQUIRE(TakeFirst(lots, expired.lots()));
    MB_REQUIRE(lots.size() + static_cast<size_t>(expired.lots_size()) == lots_before);  // whole
    state_.SetLots(*index, std::move(lots));
    return absl::OkStatus();
  }

  absl::Status Onboarded(const v1::OnboardMerchant& command) {
    MB_REQUIRE(!state_.merchants().Find(command.merchant_id()));
    state_.Add(Merchant{command.merchant_id(), 0});
    return absl::OkStatus();
  }

  absl::Status Published(const v1::PublishItem& command) {
    MB_REQUIRE(!state_.items().Find(command.item_id()));
    const auto merchant = state_.merchants().IndexOf(command.merchant_id());
    MB_REQUIRE(merchant.has_value());
    MB_REQUIRE(command.price_points() >= 1);
    MB_REQUIRE(command.price_points() <= kPricePointsMax);
    MB_REQUIRE(command.stock() <= kStockMax);
    state_.Add(Item{command.item_id(), *merchant, command.price_points(), command.stock(), 0});
    return absl::OkStatus();
  }

  absl::Status Received(const v1::ReceiveStock& command) {
    const auto index = state_.items().IndexOf(command.item_id());
    MB_REQUIRE(index.has_value());
    MB_REQUIRE(command.quantity() >= 1);
    Item& item = state_.Mutable<Item>(*index);
    MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT ||
               event_.source() == state_.merchants()[item.merchant].id);
    item.received += command.quantity();
    MB_REQUIRE(item.on_hand() <= kStockMax);
    return absl::OkStatus();
  }

  absl::Status Redeemed(const v1::OrderRedeemed& order) {
    const v1::RedeemNow& command = order.command();
    MB_REQUIRE(!command.order_id().empty());
    const auto index = state_.volunteers().IndexOf(command.volunteer_id());
    MB_REQUIRE(index.has_value());
    MB_REQUIRE(!state_.volunteers()[*index].frozen);
    const auto merchant = state_.merchants().IndexOf(command.merchant_id());
    MB_REQUIRE(merchant.has_value());
    MB_REQUIRE(event_.scope() != v1::REQUEST_SCOPE_MERCHANT ||
               event_.source() == command.merchant_id());
    const Principal* actor = state_.principals().Find(event_.actor());
    MB_REQUIRE(actor == nullptr || !actor->registered.has_volunteer_id() ||
               actor->registered.volunteer_id() != command.volunteer_id());
    MB_REQUIRE(order.lines_size() > 0);
    MB_REQUIRE(order.lines_size() <= static_cast<int>(kOrderLinesMax));
    MB_REQUIRE(order.lines_size() == command.lines_size());
    int64_t points = 0;
    for (int i = 0; i < order.lines_size(); ++i) {
      const v1::PricedLine& line = order.lines(i);
      MB_REQUIRE(line.item_id() == command.lines(i).item_id());
      MB_REQUIRE(line.quantity() == command.lines(i).quantity());
      MB_REQUIRE(line.quantity() >= 1);
      MB_REQUIRE(line.quantity() <= kLineQuantityMax);
      const auto item_index = state_.items().IndexOf(line.item_id());
      MB_REQUIRE(item_index.has_value());
      Item& item = state_.Mutable<Item>(*item_index);
      MB_REQUIRE(item.merchant == *merchant);
      MB_REQUIRE(item.price_points == line.price_points());
      MB_REQUIRE(item.on_hand() >= line.quantity());
      item.delivered += line.quantity();
      points += int64_t{line.price_points()} * line.quantity();
    }
    MB_REQUIRE(order.units() == points * kUnitsPerPoint);
    std::vector<Lot> lots = state_.volunteers()[*index].lots;
    // Nothing lapsed is spent, and what lapses first goes first.
    MB_REQUIRE(!lots.empty());
    MB_REQUIRE(lots.front().expiry >= state_.calendar().DayOf(event_.recorded_us()));
    MB_REQUIRE(TakeFirst(lots, order.lots()));
    int64_t taken = 0;
    for (const v1::LotUnits& lot : order.lots()) taken += lot.units();
    MB_REQUIRE(taken == order.units());
    state_.SetLots(*index, std::move(lots));
    return absl::OkStatus();
  }

  // Moves the units between the accounts.
  absl::Status Post() {
    const Postings postings = PostingsOf(event_);
    int64_t sum = 0;
    for (const Posting& posting : postings) sum += posting.units;
    MB_REQUIRE(sum == 0);
    LedgerRow& ledger = state_.MutableLedger();
    for (const Posting& posting : postings) {
      switch (posting.account) {
        case Account::kIssued:
          ledger.issued_units += posting.units;
          MB_REQUIRE(ledger.issued_units <= 0);
          MB_REQUIRE(-ledger.issued_units <= kIssuedUnitsMax);
          break;
        case Account::kExpired:
          ledger.expired_units += posting.units;
          break;
        case Account::kAvailable: {
          const auto index = state_.volunteers().IndexOf(posting.owner);
          MB_REQUIRE(index.has_value());
          Volunteer& volunteer = state_.Mutable<Volunteer>(*index);
          volunteer.available_units += posting.units;
          ledger.available_units += posting.units;
          MB_REQUIRE(volunteer.available_units >= 0);
          MB_REQUIRE(volunteer.available_units == 0 || volunteer.debt_units == 0);
          int64_t in_lots = 0;
          for (const Lot& lot : volunteer.lots) in_lots += lot.units;
          MB_REQUIRE(in_lots == volunteer.available_units);
          break;
        }
        case Account::kPayable: {
          const auto index = state_.merchants().IndexOf(posting.owner);
          MB_REQUIRE(index.has_value());
          state_.Mutable<Merchant>(*index).payable_units += posting.units;
          ledger.payable_units += posting.units;
          break;
        }
      }
    }
    MB_REQUIRE(ledger.issued_units + ledger.expired_units + ledger.available_units +
                   ledger.payable_units ==
               0);
    return absl::OkStatus();
  }

  // The event becomes the newest page of its volunteers' passbooks.
  absl::Status TurnPage() {
    for (const v1::PassbookLink& link : event_.passbook()) {
      const auto index = state_.volunteers().IndexOf(link.volunteer_id());
      MB_REQUIRE(index.has_value());
      Volunteer& volunteer = state_.Mutable<Volunteer>(*index);
      volunteer.event_count = link.event_count();
      volunteer.last_sequence = event_.sequence();
    }
    return absl::OkStatus();
  }

  // One request id, one effect, for ever; one record or order id, too.
  absl::Status Remember() {
    const auto body = CarriedCommand(event_);
    if (!body) return absl::OkStatus();
    MB_REQUIRE(KindOf(*body) == event_.kind());
    const auto key_of = [&](std::string_view id) {
      return KeyOf(event_.kind(), event_.scope(), event_.source(), event_.actor(), id);
    };
    const RequestKey key = key_of(event_.request_id());
    MB_REQUIRE(state_.FindRequest(key) == nullptr);
    const std::string_view subject = SubjectOf(*body);
    const bool names_subject = subject == event_.request_id();
    if (!subject.empty()) {
      const RequestKey subject_request_key = names_subject ? key : key_of(subject);
      MB_REQUIRE(!state_.SubjectExists(subject_request_key));
      if (!names_subject) {
        state_.AddRequest(SubjectKeyOf(subject_request_key), {event_.sequence(), 0, false});
      }
    }
    state_.AddRequest(key, {event_.sequence(), ContentOf(MessageOf(*body)), names_subject});
    return absl::OkStatus();
  }

  State& state_;
  const v1::Event& event_;
};

}  // namespace

absl::Status Apply(State& state, const v1::Event& event) {
  const uint64_t sequence = state.size();
  absl::Status status = Application(state, event).Run();
  if (status.ok()) return status;
  return absl::DataLossError(
      Text("ledger ", state.ledger_id(), ", event ", sequence, ": ", MessageOf(status)));
}

}  // namespace meritbook
