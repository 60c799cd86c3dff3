#include "tests/ledger/property_mall_books.h"

#include "ledger/text.h"
#include "tests/ledger/property_compare.h"

namespace meritbook::property {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;

model::Amount AmountOf(const v1::Amounts& amounts) { return {amounts.units(), amounts.fen()}; }

model::Amount SumOf(const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines) {
  model::Amount sum;
  for (const v1::PricedLine& line : lines) {
    sum.units += kUnitsPerPoint * line.price_points() * line.quantity();
    sum.fen += int64_t{line.settle_fen()} * line.quantity();
  }
  return sum;
}

model::FenByBudget FenOf(const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines) {
  model::FenByBudget sum;
  for (const v1::PricedLine& line : lines) {
    if (line.settle_fen() == 0) continue;
    const model::BudgetKey key(static_cast<int>(line.budget_year()), line.budget_source());
    sum[key] += int64_t{line.settle_fen()} * line.quantity();
  }
  return sum;
}

model::FenByBudget FenOf(const google::protobuf::RepeatedPtrField<v1::BudgetFen>& parts) {
  model::FenByBudget sum;
  for (const v1::BudgetFen& part : parts) {
    sum[{static_cast<int>(part.budget().year()), part.budget().source()}] += part.fen();
  }
  return sum;
}

int64_t Total(const model::FenByBudget& fen) {
  int64_t sum = 0;
  for (const auto& [budget, part] : fen) sum += part;
  return sum;
}

int64_t SumOf(const google::protobuf::RepeatedPtrField<v1::LotUnits>& lots) {
  int64_t sum = 0;
  for (const v1::LotUnits& lot : lots) sum += lot.units();
  return sum;
}

int64_t SumOf(const v1::Inflow& inflow) {
  return SumOf(inflow.lots()) + inflow.debt_repaid_units() + SumOf(inflow.forfeited());
}

bool AddsUp(const v1::StatementFigures& figures) {
  const auto closes = [](int64_t opening, int64_t confirmed, int64_t refunded, int64_t paid,
                         int64_t reversed, int64_t written_off, int64_t closing) {
    return closing == opening + confirmed - refunded - paid + reversed - written_off;
  };
  return closes(figures.opening().units(), figures.confirmed().units(), figures.refunded().units(),
                figures.paid().units(), figures.reversed().units(), figures.written_off().units(),
                figures.closing().units()) &&
         closes(figures.opening().fen(), figures.confirmed().fen(), figures.refunded().fen(),
                figures.paid().fen(), figures.reversed().fen(), figures.written_off().fen(),
                figures.closing().fen());
}

std::string OwnName(const v1::Event& event, const std::string& order_id) {
  v1::OrderRef order;
  order.set_scope(event.scope());
  order.set_owner(event.scope() == v1::REQUEST_SCOPE_PRINCIPAL ? event.actor() : event.source());
  order.set_order_id(order_id);
  return NameOf(order);
}

}  // namespace

MallBooks::Placed* MallBooks::Find(const v1::OrderRef& order) {
  const auto found = orders_.find(NameOf(order));
  Need(found != orders_.end(), "no such order");
  return found == orders_.end() ? nullptr : &found->second;
}

void MallBooks::Envelope(const v1::Event& event) {
  if (event.has_ledger_created()) zone_ = event.ledger_created().time_zone();
  const int month = model::MonthNumberOf(model::DayIn(zone_, event.occurred_us()));
  const bool late = closed_through_ && month <= *closed_through_;
  Need(event.has_booked_month_number() == late, "a closed month gets more, or an open one doesn't");
  Need(!late || event.booked_month_number() == *closed_through_ + 1,
       "a late fact isn't booked in the first open month");
  if (!event.has_period_closed()) return;
  Need(!closed_through_ || event.period_closed().month_number() > *closed_through_,
       "a month is closed twice");
  closed_through_ = event.period_closed().month_number();
}

void MallBooks::Shelves(const v1::Event& event) {
  if (event.has_merchant_onboarded()) {
    merchants_[event.merchant_onboarded().command().merchant_id()];
  } else if (event.has_item_published()) {
    const v1::PublishItem& item = event.item_published().command();
    shelves_[item.item_id()] = {item.stock(), 0};
  } else if (event.has_stock_received()) {
    const v1::ReceiveStock& receive = event.stock_received().command();
    shelves_.at(receive.item_id()).on_hand += receive.quantity();
  } else if (event.has_stock_returned()) {
    const v1::ReturnStock& back = event.stock_returned().command();
    shelves_.at(back.item_id()).on_hand -= back.quantity();
  } else if (event.has_budget_allocated()) {
    const v1::AllocateBudget& allocate = event.budget_allocated().command();
    Need(event.kind() == v1::COMMAND_KIND_APPROVE_CHANGE, "one person allocates alone");
    Money& money = budgets_[{static_cast<int>(allocate.year()), allocate.source()}];
    money.allocated += allocate.fen();
    Need(money.allocated == static_cast<int64_t>(event.budget_allocated().allocated_fen()),
         "another whole than the sum of allocations");
  } else if (event.has_budget_warned()) {
    const v1::BudgetWarned& warned = event.budget_warned();
    const Money& money =
        budgets_.at({static_cast<int>(warned.budget().year()), warned.budget().source()});
    Need(warned.used_fen() == money.reserved + money.owed + money.paid &&
             warned.used_fen() * 100 >= money.allocated * warned.warn_percent(),
         "a warning of what isn't so");
  }
}

void MallBooks::Deliver(const std::string& merchant, const PricedLines& lines, int month,
                        int sign) {
  Owed& owed = merchants_.at(merchant);
  const model::Amount amount = SumOf(lines);
  Add(owed.payable, amount, sign);
  Add(sign > 0 ? owed.months[month].confirmed : owed.months[month].refunded, amount);
  for (const auto& [key, fen] : FenOf(lines)) budgets_.at(key).owed += sign * fen;
  for (const v1::PricedLine& line : lines) {
    if (!line.item_id().empty())
      shelves_.at(line.item_id()).on_hand -= sign * int64_t{line.quantity()};
  }
}

void MallBooks::Held(const v1::Event& event, const v1::Hold& hold, const std::string& order_id,
                     const std::string& merchant) {
  const auto [entry, is_new] = orders_.emplace(OwnName(event, order_id), Placed{});
  Placed& order = entry->second;
  Need(is_new, "one order, two effects");
  Need(merchants_.count(merchant) != 0, "no such merchant");
  Need(hold.units() == SumOf(hold.lots()) && hold.units() == SumOf(hold.lines()).units,
       "what is held isn't the price");
  Need(event.recorded_us() < hold.deadline_us() && hold.deadline_us() <= hold.ends_us(),
       "a hold without time");
  order.units = hold.units();
  order.placed_us = event.recorded_us();
  order.deadline_us = hold.deadline_us();
  order.ends_us = hold.ends_us();
  order.reserved = FenOf(hold.lines());
  for (const v1::PricedLine& line : hold.lines()) {
    order.held[line.item_id()] = line.quantity();
    if (!line.item_id().empty()) shelves_.at(line.item_id()).reserved += line.quantity();
  }
  for (const auto& [key, fen] : order.reserved) budgets_.at(key).reserved += fen;
}

void MallBooks::Redeemed(const v1::Event& event) {
  const v1::OrderRedeemed& body = event.order_redeemed();
  const auto [entry, is_new] = orders_.emplace(OwnName(event, body.command().order_id()), Placed{});
  Placed& order = entry->second;
  Need(is_new, "one order, two effects");
  Need(body.units() == SumOf(body.lots()) && body.units() == SumOf(body.lines()).units,
       "what is paid isn't the price");
  order.units = body.units();
  order.ended = true;
  for (const v1::PricedLine& line : body.lines()) {
    order.delivered[line.item_id()] = line.quantity();
  }
  const int month = model::MonthNumberOf(model::DayIn(zone_, event.occurred_us()));
  Deliver(body.command().merchant_id(), body.lines(),
          event.has_booked_month_number() ? event.booked_month_number() : month, 1);
}

void MallBooks::Confirmed(const v1::Event& event) {
  const v1::OrderConfirmed& body = event.order_confirmed();
  Placed* order = Find(body.order());
  if (order == nullptr) return;
  Need(!order->ended, "a hold ends twice");
  Need(event.occurred_us() >= order->placed_us && event.occurred_us() < order->deadline_us &&
           event.recorded_us() < order->ends_us,
       "a confirm out of its time");
  Need(body.units() == SumOf(body.lots()) && body.units() == SumOf(body.lines()).units,
       "what is captured isn't the price");
  Need(body.units() + SumOf(body.released()) == order->units, "a part of a hold is gone");
  for (const auto& [key, fen] : order->reserved) budgets_.at(key).reserved -= fen;
  for (const auto& [item, pieces] : order->held) {
    if (!item.empty()) shelves_.at(item).reserved -= pieces;
  }
  for (const v1::PricedLine& line : body.lines()) {
    order->delivered[line.item_id()] += line.quantity();
    Need(order->delivered[line.item_id()] <= order->held[line.item_id()],
         "more is confirmed than was held");
  }
  order->units = body.units();
  order->ended = true;
  const int month = model::MonthNumberOf(model::DayIn(zone_, event.occurred_us()));
  Deliver(body.merchant_id(), body.lines(),
          event.has_booked_month_number() ? event.booked_month_number() : month, 1);
}

void MallBooks::Ended(const v1::HoldEnded& hold) {
  Placed* order = Find(hold.order());
  if (order == nullptr) return;
  Need(!order->ended, "a hold ends twice");
  Need(hold.units() == order->units && SumOf(hold.released()) == order->units,
       "a part of a hold is gone");
  for (const auto& [key, fen] : order->reserved) budgets_.at(key).reserved -= fen;
  for (const auto& [item, pieces] : order->held) {
    if (!item.empty()) shelves_.at(item).reserved -= pieces;
  }
  order->units = 0;
  order->ended = true;
}

void MallBooks::Refunded(const v1::Event& event) {
  const v1::OrderRefunded& body = event.order_refunded();
  Placed* order = Find(body.order());
  if (order == nullptr) return;
  Need(body.units() == SumOf(body.lots()) && body.units() == SumOf(body.lines()).units &&
           body.units() == SumOf(body.inflow()),
       "what is refunded isn't the price");
  order->units -= body.units();
  Need(order->units >= 0, "more is refunded than was paid");
  for (const v1::PricedLine& line : body.lines()) {
    Need((order->delivered[line.item_id()] -= line.quantity()) >= 0,
         "more is refunded than was handed over");
  }
  const int month = model::MonthNumberOf(model::DayIn(zone_, event.occurred_us()));
  Deliver(body.merchant_id(), body.lines(),
          event.has_booked_month_number() ? event.booked_month_number() : month, -1);
}

void MallBooks::Opened(const v1::StatementOpened& opened) {
  const v1::OpenStatement& command = opened.command();
  Owed& owed = merchants_.at(command.merchant_id());
  Need(opened.previous_statement_id() == owed.newest, "another statement before");
  Need(AddsUp(opened.figures()), "a statement doesn't add up");
  Need(Total(FenOf(opened.by_budget())) == opened.figures().closing().fen(),
       "the parts of a statement aren't the whole");
  model::Amount opening;
  if (!owed.newest.empty()) {
    opening = AmountOf(statements_.at(owed.newest).figures.closing());
    Need(statements_.at(owed.newest).closed, "two statements are open");
  }
  Month taken;
  const auto through = model::MonthNumber(command.through_month());
  for (auto month = owed.months.begin(); month != owed.months.end();) {
    if (!command.final() && month->first > *through) break;
    Add(taken.confirmed, month->second.confirmed);
    Add(taken.refunded, month->second.refunded);
    month = owed.months.erase(month);
  }
  const v1::StatementFigures& figures = opened.figures();
  Need(AmountOf(figures.opening()) == opening, "a statement begins with another sum");
  Need(AmountOf(figures.confirmed()) == taken.confirmed &&
           AmountOf(figures.refunded()) == taken.refunded,
       "a statement has other orders than the months'");
  Need(AmountOf(figures.paid()) == owed.paid && AmountOf(figures.reversed()) == owed.reversed &&
           AmountOf(figures.written_off()) == owed.written_off,
       "a statement has other settlements than there were");
  owed.paid = owed.reversed = owed.written_off = {};
  owed.newest = command.statement_id();
  Need(statements_
           .emplace(command.statement_id(),
                    Drawn{command.merchant_id(), opened.figures(), false, false})
           .second,
       "one statement, two effects");
}

void MallBooks::Settled(const std::string& id, const v1::Amounts& amounts, const BudgetParts& parts,
                        int sign) {
  Drawn& drawn = statements_.at(id);
  Owed& owed = merchants_.at(drawn.merchant);
  Need(drawn.closed && drawn.settled == (sign < 0), "a statement is settled twice, or too early");
  drawn.settled = sign > 0;
  Need(AmountOf(amounts) == AmountOf(drawn.figures.closing()),
       "another sum than the closing is paid");
  Need(Total(FenOf(parts)) == amounts.fen(), "the parts of a payment aren't the whole");
  Add(owed.payable, AmountOf(amounts), -sign);
  Add(sign > 0 ? owed.paid : owed.reversed, AmountOf(amounts));
  for (const auto& [key, fen] : FenOf(parts)) {
    budgets_.at(key).owed -= sign * fen;
    budgets_.at(key).paid += sign * fen;
  }
}

void MallBooks::WrittenOff(const v1::PayableWrittenOff& body) {
  Drawn& drawn = statements_.at(body.command().statement_id());
  Owed& owed = merchants_.at(drawn.merchant);
  const model::Amount amount = AmountOf(body.command().amounts());
  Need(body.settles() == drawn.closed, "a write-off of the wrong kind");
  Need(Total(FenOf(body.by_budget())) == amount.fen, "the parts of a write-off aren't the whole");
  Add(owed.payable, amount, -1);
  for (const auto& [key, fen] : FenOf(body.by_budget())) budgets_.at(key).owed -= fen;
  if (body.settles()) {
    Need(!drawn.settled && amount == AmountOf(drawn.figures.closing()),
         "another sum than the closing is written off");
    drawn.settled = true;
    Add(owed.written_off, amount);
    return;
  }
  v1::Amounts& written = *drawn.figures.mutable_written_off();
  v1::Amounts& closing = *drawn.figures.mutable_closing();
  written.set_units(written.units() + amount.units);
  written.set_fen(written.fen() + amount.fen);
  closing.set_units(closing.units() - amount.units);
  closing.set_fen(closing.fen() - amount.fen);
}

void MallBooks::Statements(const v1::Event& event) {
  if (event.has_statement_opened()) {
    Opened(event.statement_opened());
  } else if (event.has_statement_closed()) {
    const v1::StatementClosed& body = event.statement_closed();
    Drawn& drawn = statements_.at(body.statement_id());
    Need(!drawn.closed, "a statement is closed twice");
    drawn.closed = true;
    Need(AddsUp(body.figures()) &&
             body.figures().SerializeAsString() == drawn.figures.SerializeAsString(),
         "a statement is closed with other figures");
    Need(Total(FenOf(body.by_budget())) == body.figures().closing().fen(),
         "the parts of a statement aren't the whole");
  } else if (event.has_payment_recorded()) {
    const v1::PaymentRecorded& body = event.payment_recorded();
    Need(int64_t(body.command().fen()) == body.amounts().fen(), "another sum is paid");
    Settled(body.command().statement_id(), body.amounts(), body.by_budget(), 1);
  } else if (event.has_payment_reversed()) {
    const v1::PaymentReversed& body = event.payment_reversed();
    Settled(body.command().statement_id(), body.amounts(), body.by_budget(), -1);
  } else if (event.has_payable_written_off()) {
    Need(event.kind() == v1::COMMAND_KIND_APPROVE_CHANGE, "one person writes off alone");
    WrittenOff(event.payable_written_off());
  }
}

void MallBooks::Sums() {
  for (const auto& [item, shelf] : shelves_) {
    Need(0 <= shelf.reserved && shelf.reserved <= shelf.on_hand && shelf.on_hand <= 1'000'000'000,
         "stock out of bounds");
  }
  for (const auto& [key, money] : budgets_) {
    Need(money.reserved >= 0 && money.allocated >= money.reserved + money.owed + money.paid,
         "a budget is overspent");
    Need(money.allocated >= 0, "less than nothing is allocated");
  }
  for (const auto& [id, owed] : merchants_) {
    model::Amount sum;
    if (!owed.newest.empty()) sum = AmountOf(statements_.at(owed.newest).figures.closing());
    for (const auto& [month, booked] : owed.months) {
      Add(sum, booked.confirmed);
      Add(sum, booked.refunded, -1);
    }
    Add(sum, owed.paid, -1);
    Add(sum, owed.reversed);
    Add(sum, owed.written_off, -1);
    Need(sum == owed.payable, "a merchant is owed something else than the statements say");
  }
}

std::string MallBooks::Post(const v1::Event& event) {
  Envelope(event);
  Shelves(event);
  if (event.has_order_held()) {
    const v1::OrderHeld& body = event.order_held();
    Held(event, body.hold(), body.command().order_id(), body.command().merchant_id());
  } else if (event.has_voucher_issued()) {
    const v1::VoucherIssued& body = event.voucher_issued();
    Held(event, body.hold(), body.command().order_id(), body.command().merchant_id());
  } else if (event.has_order_redeemed()) {
    Redeemed(event);
  } else if (event.has_order_confirmed()) {
    Confirmed(event);
  } else if (event.has_order_cancelled()) {
    Need(event.order_cancelled().has_command() == (event.kind() == v1::COMMAND_KIND_CANCEL_ORDER),
         "a hold is cancelled by nobody");
    Ended(event.order_cancelled().hold());
  } else if (event.has_hold_timed_out()) {
    Ended(event.hold_timed_out().hold());
    const auto order = orders_.find(NameOf(event.hold_timed_out().hold().order()));
    Need(order != orders_.end() && event.occurred_us() == order->second.ends_us,
         "a hold times out at another time");
  } else if (event.has_order_refunded()) {
    Refunded(event);
  }
  Statements(event);
  Sums();
  return broken_;
}

std::string MallBooks::Check(const State& state) const {
  std::string out;
  const auto same = [&out](const std::string& name, int64_t want, int64_t got) {
    if (want != got) out += Text("  ", name, " is ", got, ", by the events ", want, "\n");
  };
  for (const auto& [id, owed] : merchants_) {
    const Merchant* row = state.merchants().Find(id);
    if (row == nullptr) return "  a merchant is gone\n";
    same("payable fen of " + id, owed.payable.fen, row->payable_fen);
  }
  for (const auto& [id, drawn] : statements_) {
    const Statement* row = state.statements().Find(id);
    if (row == nullptr) return "  a statement is gone\n";
    same("closing units of " + id, drawn.figures.closing().units(), row->amounts.closing().units);
    same("closing fen of " + id, drawn.figures.closing().fen(), row->amounts.closing().fen);
  }
  for (const auto& [id, shelf] : shelves_) {
    const Item* row = state.items().Find(id);
    if (row == nullptr) return "  an item is gone\n";
    same("stock of " + id, shelf.on_hand, static_cast<int64_t>(row->on_hand()));
    same("reserved of " + id, shelf.reserved, static_cast<int64_t>(row->reserved));
  }
  for (const auto& [key, money] : budgets_) {
    const Budget* row =
        state.budgets().Find(BudgetId(key.second, static_cast<uint32_t>(key.first)));
    if (row == nullptr) return "  a budget is gone\n";
    same("left of " + key.second, money.allocated - money.reserved - money.owed - money.paid,
         row->left_fen());
  }
  return out;
}

}  // namespace meritbook::property
