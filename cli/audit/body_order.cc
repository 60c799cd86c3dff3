// Orders that are placed: held, on a voucher, redeemed at once.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/flow.h"
#include "cli/audit/mall.h"
#include "cli/audit/require.h"
#include "cli/audit/service.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kOpenOrdersMax = 32;
constexpr size_t kCodeIdBytes = 16;

// What the three kinds say alike.
struct Placed {
  const std::string& order_id;
  const std::string& named_id;  // empty where a pay code was shown
  const std::string& volunteer_id;
  const std::string& merchant_id;
  const std::string& pay_code_id;
  const google::protobuf::RepeatedPtrField<v1::OrderLine>& asked;
  const PricedLines& lines;
  const LotList& lots;
  int64_t units;
};

MaybeViolation CheckWho(const Taking& taking, const Volunteer& volunteer, const Placed& placed) {
  if (auto violation = RequireId("order_id", placed.order_id)) return violation;
  const bool named = !placed.named_id.empty();
  if ((named && placed.named_id != placed.volunteer_id) ||
      placed.pay_code_id.size() != (named ? 0 : kCodeIdBytes)) {
    return Violation{Invariant::VOLUNTEER_WRONG,
                     "the command names the volunteer, or a pay code stands for her"};
  }
  const Merchant* merchant = taking.books.merchants.Find(placed.merchant_id);
  if (merchant == nullptr) return Unknown("merchant", placed.merchant_id);
  if (auto violation = RequireUnmerged(volunteer)) return violation;
  if (auto violation = RequireNotClosed(volunteer)) return violation;
  if (volunteer.frozen) {
    return Violation{Invariant::FROZEN_REDEEMED, "ordered after she was frozen"};
  }
  const bool over = (merchant->last_day && *merchant->last_day < taking.today) ||
                    (merchant->newest != nullptr && !merchant->newest->through);
  if (merchant->suspended || over) {
    return Violation{Invariant::SHELF_CLOSED,
                     Text("merchant ", merchant->id, over ? " has left" : " is suspended")};
  }
  if (auto violation = RequireNotHerself(taking, volunteer)) return violation;
  return RequireBinding(taking, placed.merchant_id);
}

MaybeViolation CheckShelf(const Taking& taking, const Volunteer& volunteer, const Item& item,
                          const Placed& placed, int64_t quantity) {
  if (item.merchant == nullptr || item.merchant->id != placed.merchant_id) {
    return Violation{Invariant::ITEM_OF_OTHER_MERCHANT,
                     Text("item ", item.id, " isn't one of ", placed.merchant_id)};
  }
  if (item.withdrawn) {
    return Violation{Invariant::SHELF_CLOSED, Text("item ", item.id, " was withdrawn")};
  }
  if (item.age_bands != 0 && (item.age_bands >> volunteer.age_band & 1) == 0) {
    return Violation{Invariant::PURCHASE_LIMIT_BROKEN,
                     Text("item ", item.id, " isn't for her age")};
  }
  if (item.on_hand - item.reserved < quantity) {
    return Violation{Invariant::STOCK_NEGATIVE, Text(quantity, " of ", item.id, " ordered, ",
                                                     item.on_hand - item.reserved, " were free")};
  }
  if (item.limit.quantity() == 0) return std::nullopt;
  const int32_t period = PeriodOf(item.limit.period(), taking.today);
  const int64_t had = HadInPeriod(volunteer, item, period);
  if (had + quantity <= item.limit.quantity()) return std::nullopt;
  return Violation{Invariant::PURCHASE_LIMIT_BROKEN,
                   Text("she had ", had, " of ", item.id, " and ordered ", quantity, ", of ",
                        item.limit.quantity(), " allowed")};
}

// The line at the prices of the shelf and the rule, whatever else stands against it.
OrderedLine LineAsked(const Taking& taking, const v1::OrderLine& asked) {
  OrderedLine line;
  line.quantity = asked.quantity();
  std::string source = "programme";
  if (asked.item_id().empty()) {
    const v1::MallRule* mall = MallOn(taking.books, taking.today);
    line.price_points = 1;
    line.settle_fen = mall == nullptr ? 0 : mall->open_amount_fen_per_point();
  } else if ((line.item = taking.books.items.Find(asked.item_id())) != nullptr) {
    line.price_points = line.item->price_points;
    line.settle_fen = line.item->settle_fen;
    source = line.item->budget_source;
  }
  if (line.settle_fen != 0) {
    line.budget = FindBudget(taking.books, source, static_cast<uint32_t>(YearOf(taking.today)));
  }
  return line;
}

MaybeViolation CheckLine(const Taking& taking, const Volunteer& volunteer, const Placed& placed,
                         int index, const OrderedLine& line) {
  const v1::OrderLine& asked = placed.asked.Get(index);
  const v1::PricedLine& priced = placed.lines.Get(index);
  if (auto violation = RequireRange("quantity", asked.quantity(), {1, kLineQuantityMax})) {
    return violation;
  }
  for (int before = 0; before < index; ++before) {
    if (placed.asked.Get(before).item_id() != asked.item_id()) continue;
    return Violation{Invariant::VALUE_OUT_OF_RANGE,
                     Text("lines: item ", Shown(asked.item_id()), " stands twice")};
  }
  if (priced.item_id() != asked.item_id() || priced.quantity() != asked.quantity()) {
    return Violation{Invariant::ORDER_LINES_WRONG,
                     Text("expected ", asked.quantity(), " of ", Shown(asked.item_id()), ", found ",
                          priced.quantity(), " of ", Shown(priced.item_id()))};
  }
  if (asked.item_id().empty()) {
    const v1::MallRule* mall = MallOn(taking.books, taking.today);
    if (mall == nullptr || !mall->has_open_amount_fen_per_point()) {
      return Violation{Invariant::PURCHASE_LIMIT_BROKEN, "the rule has no open amounts"};
    }
  } else {
    if (line.item == nullptr) return Unknown("item", asked.item_id());
    if (auto violation = CheckShelf(taking, volunteer, *line.item, placed, asked.quantity())) {
      return violation;
    }
  }
  if (line.settle_fen != 0 && line.budget == nullptr) {
    return Violation{Invariant::BUDGET_WRONG, "nothing was allocated that could pay for it"};
  }
  return CheckPriced(line, priced);
}

MaybeViolation CheckVelocity(const Taking& taking, const Volunteer& volunteer,
                             const Merchant& merchant, int64_t points) {
  const v1::MallRule* mall = MallOn(taking.books, taking.today);
  if (mall == nullptr) return std::nullopt;
  const DayOrders hers = volunteer.day_orders.On(taking.today);
  const DayOrders theirs = merchant.day_orders.On(taking.today);
  const bool broken =
      (mall->has_volunteer_orders_per_day() && hers.orders >= mall->volunteer_orders_per_day()) ||
      (mall->has_volunteer_points_per_day() &&
       hers.points + points > mall->volunteer_points_per_day()) ||
      (mall->has_merchant_orders_per_day() && theirs.orders >= mall->merchant_orders_per_day());
  if (!broken) return std::nullopt;
  return Violation{Invariant::PURCHASE_LIMIT_BROKEN,
                   "more orders or points on a day than the rule allows"};
}

// Pieces, limits, fen and the day's counts; and what has to be warned of.
MaybeViolation Reserve(Taking& taking, Volunteer& volunteer, Order& order, int64_t points) {
  const bool holds = order.state == OrderState::kHeld;
  FenByBudget fen;
  Money sum;
  for (const OrderedLine& line : order.lines) {
    sum += WorthOf(line, line.quantity);
    if (line.budget != nullptr) fen[line.budget] += WorthOf(line, line.quantity).fen;
    if (line.item == nullptr) continue;
    if (holds) {
      line.item->reserved += line.quantity;
    } else {
      line.item->on_hand -= std::min(line.item->on_hand, int64_t{line.quantity});
    }
    if (line.item->limit.quantity() != 0) {
      AddPieces(volunteer, *line.item, PeriodOf(line.item->limit.period(), taking.today),
                line.quantity);
    }
  }
  MaybeViolation first;
  for (const auto& [budget, part] : fen) {
    (holds ? budget->reserved_fen : budget->owed_fen) += part;
    if (!first && budget->used_fen() > budget->allocated_fen) {
      first = Violation{Invariant::BUDGET_WRONG,
                        Text("more is used than was allocated of ", budget->source)};
    }
    if (NeedsWarning(*budget)) taking.books.open_warnings.push_back(budget);
  }
  volunteer.day_orders = volunteer.day_orders.On(taking.today);
  ++volunteer.day_orders.orders;
  volunteer.day_orders.points += points;
  order.merchant->day_orders = order.merchant->day_orders.On(taking.today);
  ++order.merchant->day_orders.orders;
  if (!holds) Book(taking, *order.merchant, sum, {}, fen);
  return first;
}

MaybeViolation Place(Taking& taking, const Placed& placed, Order order) {
  Books& books = taking.books;
  Volunteer* volunteer = books.volunteers.Find(placed.volunteer_id);
  if (volunteer == nullptr) return Unknown("volunteer", placed.volunteer_id);
  const bool holds = order.state == OrderState::kHeld;
  auto first = CheckWho(taking, *volunteer, placed);
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  note(RequireRange("lines", placed.asked.size(), {1, kLinesMax}));
  if (placed.asked.size() != placed.lines.size()) {
    note(Violation{Invariant::ORDER_LINES_WRONG,
                   Text("expected ", placed.asked.size(), " lines, found ", placed.lines.size())});
  }
  order.volunteer = volunteer;
  order.merchant = books.merchants.Find(placed.merchant_id);
  order.placed_us = taking.event.recorded_us();
  Money sum;
  for (int i = 0; i < std::min(placed.asked.size(), placed.lines.size()); ++i) {
    OrderedLine line = LineAsked(taking, placed.asked.Get(i));
    note(CheckLine(taking, *volunteer, placed, i, line));
    line.delivered = holds ? 0 : line.quantity;
    sum += WorthOf(line, line.quantity);
    order.lines.push_back(line);
  }
  if (placed.units != sum.units) {
    note(Violation{Invariant::ORDER_UNITS_WRONG, Text("expected ", static_cast<int64_t>(sum.units),
                                                      " units, found ", placed.units)});
  }
  note(CheckTaken(taking, *volunteer, placed.lots, placed.units));
  if (holds && static_cast<int64_t>(volunteer->open_orders.size()) >= kOpenOrdersMax) {
    note(Violation{Invariant::PURCHASE_LIMIT_BROKEN, "more open orders than one may have"});
  }
  const IdBook::Space space = SpaceOf(taking.event);
  const auto row = static_cast<uint32_t>(books.orders.size());
  order.row = row;
  order.ref.set_scope(taking.event.scope());
  order.ref.set_owner(std::string(space.name));
  order.ref.set_order_id(placed.order_id);
  if (books.ids.NoteOrder(space, placed.order_id, row)) {
    note(Violation{Invariant::ORDER_REPEATED,
                   Text(Shown(placed.order_id), " stands in the log before")});
  }
  order.lots = LotsOf(placed.lots);
  if (order.merchant != nullptr) {
    const auto points = static_cast<int64_t>(sum.units / kUnitsPerPoint);
    note(CheckVelocity(taking, *volunteer, *order.merchant, points));
    note(Reserve(taking, *volunteer, order, points));
    absl::int128& to = holds ? books.accounts.held_units : books.accounts.payable_units;
    const int64_t taken = TakeLots(books, *volunteer, order.lots, to);
    if (holds) {
      volunteer->held_units += taken;
      volunteer->open_orders.push_back(row);
      ++order.merchant->open_orders;
      books.timers.insert({order.ends_us, 1, row});
      if (!order.voucher_sha256.empty()) books.vouchers.emplace(order.voucher_sha256, row);
    } else {
      order.merchant->payable_units += taken;
    }
  }
  books.orders.push_back(std::move(order));
  return first;
}

MaybeViolation CheckDeadline(const v1::Hold& hold, int64_t deadline_us, bool offline,
                             const v1::MallRule& mall) {
  const int64_t ends_us =
      deadline_us + (offline ? int64_t{mall.offline_grace_minutes()} * kMinuteUs : 0);
  if (hold.deadline_us() == deadline_us && hold.ends_us() == ends_us) return std::nullopt;
  return Violation{Invariant::HOLD_WRONG,
                   Text("expected a deadline at ", deadline_us, " us and an end at ", ends_us,
                        ", found ", hold.deadline_us(), " and ", hold.ends_us())};
}

Order Held(const v1::Hold& hold) {
  Order order;
  order.state = OrderState::kHeld;
  order.deadline_us = hold.deadline_us();
  order.ends_us = hold.ends_us();
  return order;
}

Violation NoPolicy() { return {Invariant::HOLD_WRONG, "the rule in force has no such holds"}; }

}  // namespace

MaybeViolation TakeOrderHeld(Taking& taking, const v1::OrderHeld& body) {
  const v1::HoldOrder& command = body.command();
  const v1::Hold& hold = body.hold();
  const v1::MallRule* mall = MallOn(taking.books, taking.today);
  MaybeViolation first;
  if (mall == nullptr) {
    first = NoPolicy();
  } else {
    const uint32_t seconds =
        command.has_hold_seconds() ? command.hold_seconds() : mall->hold_seconds_max();
    first = RequireRange("hold_seconds", seconds, {1, mall->hold_seconds_max()});
    if (!first) {
      first = CheckDeadline(hold, taking.event.recorded_us() + seconds * kSecondUs,
                            command.offline(), *mall);
    }
  }
  auto placed =
      Place(taking,
            {command.order_id(), command.volunteer_id(), hold.volunteer_id(), command.merchant_id(),
             hold.pay_code_id(), command.lines(), hold.lines(), hold.lots(), hold.units()},
            Held(hold));
  return first ? first : placed;
}

MaybeViolation TakeVoucherIssued(Taking& taking, const v1::VoucherIssued& body) {
  const v1::IssueVoucher& command = body.command();
  const v1::Hold& hold = body.hold();
  const v1::MallRule* mall = MallOn(taking.books, taking.today);
  MaybeViolation first;
  if (mall == nullptr || !mall->has_voucher_days_max()) {
    first = NoPolicy();
  } else {
    const uint32_t days =
        command.has_valid_days() ? command.valid_days() : mall->voucher_days_max();
    first = RequireRange("valid_days", days, {1, mall->voucher_days_max()});
    if (!first) {
      first = CheckDeadline(
          hold, taking.books.days.StartOf(taking.today + static_cast<int32_t>(days)), true, *mall);
    }
  }
  if (!first && command.code_sha256().size() != 32) {
    first = Violation{Invariant::VALUE_OUT_OF_RANGE, "code_sha256: expected 32 bytes"};
  }
  if (!first && taking.books.vouchers.contains(command.code_sha256())) {
    first = Violation{Invariant::ORDER_REPEATED, "two vouchers have one code"};
  }
  Order order = Held(hold);
  order.voucher_sha256 = command.code_sha256();
  auto placed =
      Place(taking,
            {command.order_id(), command.volunteer_id(), hold.volunteer_id(), command.merchant_id(),
             hold.pay_code_id(), command.lines(), hold.lines(), hold.lots(), hold.units()},
            std::move(order));
  return first ? first : placed;
}

MaybeViolation TakeOrderRedeemed(Taking& taking, const v1::OrderRedeemed& body) {
  const v1::RedeemNow& command = body.command();
  Order order;
  order.state = OrderState::kConfirmed;
  order.delivered_us = taking.event.occurred_us();
  return Place(
      taking,
      {command.order_id(), command.volunteer_id(), body.volunteer_id(), command.merchant_id(),
       body.pay_code_id(), command.lines(), body.lines(), body.lots(), body.units()},
      std::move(order));
}

MaybeViolation TakeBudgetWarned(Taking& taking, const v1::BudgetWarned& body) {
  auto& open = taking.books.open_warnings;
  Budget* budget = FindBudget(taking.books, body.budget().source(), body.budget().year());
  if (budget == nullptr) return Unknown("budget", body.budget().source());
  const auto found = std::find(open.begin(), open.end(), budget);
  const bool due = taking.continues && found != open.end();
  if (found != open.end()) open.erase(found);
  budget->warned = true;
  if (due && body.warn_percent() == budget->warn_percent &&
      body.allocated_fen() == budget->allocated_fen && body.used_fen() == budget->used_fen()) {
    return std::nullopt;
  }
  return Violation{Invariant::BUDGET_WRONG,
                   Text("no such warning of ", Shown(body.budget().source()), " was due")};
}

}  // namespace meritbook::audit
