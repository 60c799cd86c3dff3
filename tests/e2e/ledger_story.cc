#include "tests/e2e/ledger_story.h"

#include <functional>

#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

std::string OrderKey(const std::string& owner, const std::string& order) {
  return owner + "/" + order;
}

std::string OrderKey(const v1::OrderRef& order) {
  return OrderKey(order.owner(), order.order_id());
}

int64_t UnitsOf(const google::protobuf::RepeatedPtrField<v1::LotUnits>& lots) {
  int64_t units = 0;
  for (const v1::LotUnits& lot : lots) units += lot.units();
  return units;
}

template <typename Map>
const typename Map::mapped_type& Find(const Map& map, const std::string& key) {
  static const typename Map::mapped_type nothing;
  const auto found = map.find(key);
  return found == map.end() ? nothing : found->second;
}

}  // namespace

std::string CommandKey(v1::CommandKind kind, const std::string& source,
                       const std::string& request_id) {
  return Text(static_cast<int>(kind), "/", source, "/", request_id);
}

const Timeline<Wealth>& LedgerStory::WealthOf(const std::string& volunteer) const {
  return Find(wealth_, volunteer);
}

const Timeline<Shelf>& LedgerStory::ShelfOf(const std::string& item) const {
  return Find(shelves_, item);
}

const Timeline<OrderStanding>& LedgerStory::OrderOf(const std::string& owner,
                                                    const std::string& order) const {
  return Find(orders_, OrderKey(owner, order));
}

void LedgerStory::Add(const std::string& bytes) {
  v1::Event event;
  const uint64_t sequence = size();
  if (!event.ParseFromString(bytes) || event.sequence() != sequence) {
    faults_.push_back(Text("no event ", sequence));
  }
  hashes_.push_back(std::hash<std::string>()(bytes));
  if (event.recorded_us() < recorded_us_)
    faults_.push_back(Text("event ", sequence, " is earlier"));
  recorded_us_ = event.recorded_us();
  const bool first = event.command_first_sequence() == sequence;
  if (!event.actor().empty() && first) {
    const std::string& owner = event.source().empty() ? event.actor() : event.source();
    const std::string key = CommandKey(event.kind(), owner, event.request_id());
    if (!commands_.emplace(key, Written{sequence, event.recorded_us()}).second) {
      faults_.push_back(Text("command ", key, " took effect twice, at ", sequence, " again"));
    }
  }
  changed_.clear();
  TakeBody(event);
  for (const v1::PassbookLink& link : event.passbook()) {
    Wealth& wealth = Change(link.volunteer_id());
    const bool follows = link.event_count() == wealth.event_count + 1 &&
                         (wealth.event_count == 0) == !link.has_previous_sequence() &&
                         link.previous_sequence() == wealth.last_sequence;
    if (!follows) faults_.push_back(Text("event ", sequence, " breaks a passbook"));
    wealth.event_count = link.event_count();
    wealth.last_sequence = sequence;
  }
  for (const auto& [volunteer, wealth] : changed_) wealth_[volunteer].Add(size(), wealth);
}

void LedgerStory::TakeBody(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kHoursCredited: {
      Wealth& wealth = Change(event.hours_credited().command().record().volunteer_id());
      for (const v1::CreditSegment& segment : event.hours_credited().credit().segments()) {
        wealth.available_units += segment.units();
        wealth.credited_minutes += segment.credited_minutes();
      }
      return;
    }
    case v1::Event::kItemPublished:
      Reserve(event.item_published().command().item_id(), event.item_published().command().stock(),
              0);
      return;
    case v1::Event::kStockReceived:
      Reserve(event.stock_received().command().item_id(),
              event.stock_received().command().quantity(), 0);
      return;
    case v1::Event::kOrderRedeemed: {
      const v1::OrderRedeemed& redeemed = event.order_redeemed();
      Change(redeemed.volunteer_id()).available_units -= redeemed.units();
      for (const v1::PricedLine& line : redeemed.lines()) {
        Reserve(line.item_id(), -int64_t{line.quantity()}, 0);
      }
      const std::string& id = redeemed.command().order_id();
      const std::string order = OrderKey(event.source(), id.empty() ? event.request_id() : id);
      MoveStanding(order, "", "confirmed");
      return;
    }
    case v1::Event::kOrderHeld: {
      const std::string& id = event.order_held().command().order_id();
      const v1::Hold& hold = event.order_held().hold();
      const std::string order = OrderKey(event.source(), id.empty() ? event.request_id() : id);
      Wealth& wealth = Change(hold.volunteer_id());
      wealth.available_units -= hold.units();
      wealth.held_units += hold.units();
      if (UnitsOf(hold.lots()) != hold.units()) faults_.push_back(Text("lots of order ", order));
      for (const v1::PricedLine& line : hold.lines()) Reserve(line.item_id(), 0, line.quantity());
      MoveStanding(order, "", "held", hold.deadline_us());
      holds_[order] = hold;
      return;
    }
    case v1::Event::kOrderConfirmed:
      Confirm(event.order_confirmed());
      return;
    case v1::Event::kOrderCancelled:
      EndHold(event.order_cancelled().hold(), "cancelled");
      return;
    case v1::Event::kHoldTimedOut:
      EndHold(event.hold_timed_out().hold(), "timed_out");
      return;
    case v1::Event::kOrderRefunded: {
      const v1::OrderRefunded& refunded = event.order_refunded();
      Change(refunded.volunteer_id()).available_units += refunded.units();
      for (const v1::PricedLine& line : refunded.lines()) {
        Reserve(line.item_id(), line.quantity(), 0);
      }
      return;
    }
    case v1::Event::kLedgerCreated:
    case v1::Event::kRulePublished:
    case v1::Event::kPrincipalRegistered:
    case v1::Event::kVolunteerRegistered:
    case v1::Event::kOrganisationRegistered:
    case v1::Event::kActivityRegistered:
    case v1::Event::kSessionRegistered:
    case v1::Event::kMerchantOnboarded:
      return;
    default:
      faults_.push_back(Text("event ", event.sequence(), " is of a kind that nobody asked for"));
  }
}

void LedgerStory::Confirm(const v1::OrderConfirmed& confirmed) {
  const std::string order = OrderKey(confirmed.order());
  const v1::Hold& hold = holds_[order];
  Wealth& wealth = Change(confirmed.volunteer_id());
  wealth.held_units -= hold.units();
  wealth.available_units += hold.units() - confirmed.units();
  for (const v1::PricedLine& line : hold.lines()) {
    Reserve(line.item_id(), 0, -int64_t{line.quantity()});
  }
  for (const v1::PricedLine& line : confirmed.lines()) {
    Reserve(line.item_id(), -int64_t{line.quantity()}, 0);
  }
  MoveStanding(order, "held", "confirmed");
  holds_.erase(order);
}

void LedgerStory::EndHold(const v1::HoldEnded& ended, const std::string& state) {
  const std::string order = OrderKey(ended.order());
  const v1::Hold& hold = holds_[order];
  Wealth& wealth = Change(ended.volunteer_id());
  wealth.held_units -= hold.units();
  wealth.available_units += hold.units();
  if (ended.units() != hold.units()) faults_.push_back(Text("order ", order, " ends otherwise"));
  for (const v1::PricedLine& line : hold.lines()) {
    Reserve(line.item_id(), 0, -int64_t{line.quantity()});
  }
  MoveStanding(order, "held", state);
  holds_.erase(order);
}

void LedgerStory::MoveStanding(const std::string& order, const std::string& from,
                               const std::string& to, int64_t deadline_us) {
  Timeline<OrderStanding>& line = orders_[order];
  OrderStanding standing = line.At(size());
  if (standing.state != from) {
    faults_.push_back(Text("order ", order, " was ", standing.state, " and becomes ", to));
  }
  standing.state = to;
  if (deadline_us != 0) standing.deadline_us = deadline_us;
  line.Add(size(), standing);
}

void LedgerStory::Reserve(const std::string& item, int64_t on_hand, int64_t reserved) {
  Timeline<Shelf>& line = shelves_[item];
  Shelf shelf = line.At(size());
  shelf.on_hand += static_cast<uint64_t>(on_hand);
  shelf.reserved += static_cast<uint64_t>(reserved);
  if (shelf.reserved > shelf.on_hand || shelf.on_hand > 1'000'000'000) {
    faults_.push_back(Text("item ", item, ": ", shelf.on_hand, " on hand, ", shelf.reserved));
  }
  line.Add(size(), shelf);
}

Wealth& LedgerStory::Change(const std::string& volunteer) {
  const auto [entry, is_new] = changed_.emplace(volunteer, Wealth{});
  if (is_new) entry->second = wealth_[volunteer].At(size());
  return entry->second;
}

}  // namespace meritbook::e2e
