// What must hold of a state's rows beside each other.
#include <limits>
#include <map>
#include <set>
#include <vector>

#include "ledger/text.h"
#include "tests/ledger/property_books.h"

namespace meritbook::property {
namespace {

std::string BrokenVolunteer(const Volunteer& row) {
  int64_t in_lots = 0;
  for (size_t i = 0; i < row.lots.size(); ++i) {
    if (row.lots[i].units <= 0) return "an empty lot";
    if (i > 0 && !(row.lots[i - 1].key < row.lots[i].key)) return "lots out of order";
    in_lots += row.lots[i].units;
  }
  if (in_lots != row.available_units) return "lots don't sum to available";
  int64_t pending = 0;
  for (size_t i = 0; i < row.pending.size(); ++i) {
    if (row.pending[i].lot.units <= 0) return "an empty pending entry";
    if (i > 0 && !(row.pending[i - 1] < row.pending[i])) return "pending entries out of order";
    pending += row.pending[i].lot.units;
  }
  if (pending != row.pending_units) return "pending entries don't sum to pending";
  for (size_t i = 0; i < row.lost.size(); ++i) {
    if (i > 0 && !(row.lost[i - 1].key < row.lost[i].key)) return "lost lots out of order";
    if (row.lost[i].expired_units < 0 || row.lost[i].forfeited_units < 0) return "lost below 0";
  }
  uint64_t credited = 0;
  uint64_t honorary = 0;
  for (size_t i = 0; i < row.days.size(); ++i) {
    const DayMinutes& day = row.days[i];
    if (i > 0 && row.days[i - 1].day >= day.day) return "days out of order";
    if (day.credited + day.honorary > 1440) return "a day of more than 1,440 minutes";
    credited += day.credited;
    honorary += day.honorary;
  }
  if (credited > row.credited_minutes) return "credited minutes don't add up";
  if (honorary > row.honorary_minutes) return "honorary minutes don't add up";
  const bool exact = !row.has_opening_balance;
  if (exact && credited != row.credited_minutes) return "credited minutes from nowhere";
  if (exact && honorary != row.honorary_minutes) return "honorary minutes from nowhere";
  for (size_t a = 0; a < row.intervals.size(); ++a) {
    for (size_t b = a + 1; b < row.intervals.size(); ++b) {
      if (row.intervals[a].end_minute() > row.intervals[b].start_minute) {
        return "intervals overlap or stand out of order";
      }
    }
  }
  return "";
}

// What is held, by whom and until when.
std::string BrokenOrders(const State& state) {
  std::set<Timer> timers;
  std::map<uint32_t, std::vector<uint32_t>> open;
  std::map<uint32_t, int64_t> held;
  for (uint32_t i = 0; i < state.orders().size(); ++i) {
    const Order& order = state.orders()[i];
    if (!order.voucher_sha256.empty() && state.OrderOfVoucher(order.voucher_sha256) != i) {
      return "a voucher isn't found by its code";
    }
    for (const OrderedLine& line : order.lines) {
      if (line.refunded > line.delivered) return "more is refunded than was handed over";
      if (line.delivered > line.quantity) return "more is handed over than was ordered";
    }
    if (order.state != OrderState::kHeld) continue;
    timers.insert({order.ends_us, Timer::kHold, i});
    const uint32_t volunteer = state.Survivor(order.volunteer);
    open[volunteer].push_back(i);
    for (const Lot& lot : order.lots) held[volunteer] += lot.units;
  }
  for (uint32_t i = 0; i < state.volunteers().size(); ++i) {
    std::vector<uint32_t> orders = state.volunteers()[i].open_orders;
    if (orders != open[i]) return "open orders aren't those that are held";
    if (state.volunteers()[i].held_units != held[i]) return "open holds don't sum to held";
  }
  for (uint32_t i = 0; i < state.statements().size(); ++i) {
    const Statement& statement = state.statements()[i];
    if (!statement.open() || statement.closes_us == 0) continue;
    timers.insert({statement.closes_us, Timer::kStatement, i});
  }
  if (std::set<Timer>(state.timers().begin(), state.timers().end()) != timers) {
    return "the timers aren't what holds and statements say";
  }
  return "";
}

// Indexes: what is due, who waits, who was where.
std::string BrokenIndexes(const State& state) {
  std::set<std::pair<DayNumber, uint32_t>> dues;
  for (uint32_t i = 0; i < state.volunteers().size(); ++i) {
    for (const Lot& lot : state.volunteers()[i].lots) {
      if (lot.key.expiry != kNeverExpires) dues.insert({lot.key.expiry + 1, i});
    }
    for (const Pending& entry : state.volunteers()[i].pending) dues.insert({entry.matures, i});
  }
  if (std::set<std::pair<DayNumber, uint32_t>>(state.dues().begin(), state.dues().end()) != dues) {
    return "what is due isn't what the index says";
  }
  size_t waiting = 0;
  std::map<std::tuple<uint32_t, uint32_t, DayNumber>, std::map<uint32_t, uint32_t>> people;
  for (uint32_t i = 0; i < state.records().size(); ++i) {
    const Record& record = state.records()[i];
    if (record.state == v1::RECORD_STATE_WAITING || record.disputed) {
      ++waiting;
      const auto found = state.waiting_records().find(record.last_sequence);
      if (found == state.waiting_records().end() || found->second != i) {
        return "a record waits that isn't in the index";
      }
    }
    if (record.state != v1::RECORD_STATE_APPROVED || record.is_award()) continue;
    if (!state.activities()[record.activity].capacity) continue;
    const DayNumber day = record.session == kNoIndex ? record.day : 0;
    ++people[{record.activity, record.session, day}][state.Survivor(record.volunteer)];
  }
  if (waiting != state.waiting_records().size()) return "a settled record waits";
  for (const auto& [at, who] : people) {
    const auto& [activity, session, day] = at;
    const Occurrence occurrence{activity, session, day};
    const State::People* found = state.PeopleAt(occurrence);
    if (found == nullptr || found->size() != who.size()) return "people miscounted";
    for (const auto& [one, records] : who) {
      const auto entry = found->find(one);
      if (entry == found->end() || entry->second != records) return "people miscounted";
    }
  }
  if (const std::string broken = BrokenOrders(state); !broken.empty()) return broken;
  size_t open = 0;
  for (uint32_t i = 0; i < state.proposals().size(); ++i) open += state.proposals()[i].open ? 1 : 0;
  if (open != state.open_proposals().size()) return "open proposals miscounted";
  size_t submitted = 0;
  for (uint32_t i = 0; i < state.activities().size(); ++i) {
    submitted += state.activities()[i].state == ActivityState::kWaiting ? 1 : 0;
  }
  if (submitted != state.waiting_activities().size()) return "waiting activities miscounted";
  return "";
}

}  // namespace

std::string BrokenRows(const State& state) {
  int64_t expired = 0;
  int64_t forfeited = 0;
  for (uint32_t i = 0; i < state.volunteers().size(); ++i) {
    const Volunteer& row = state.volunteers()[i];
    if (const std::string broken = BrokenVolunteer(row); !broken.empty()) {
      return Text("  ", row.id, ": ", broken, "\n");
    }
    for (const LostLot& lost : row.lost) {
      expired += lost.expired_units;
      forfeited += lost.forfeited_units;
    }
  }
  if (expired != state.ledger().expired_units) return "  lapsed lots don't sum to expired\n";
  if (forfeited != state.ledger().forfeited_units) {
    return "  forfeited lots don't sum to forfeited\n";
  }
  for (uint32_t i = 0; i < state.items().size(); ++i) {
    const Item& item = state.items()[i];
    if (item.reserved > item.on_hand()) return "  more is reserved than there is\n";
  }
  const std::string broken = BrokenIndexes(state);
  return broken.empty() ? "" : Text("  ", broken, "\n");
}

}  // namespace meritbook::property
