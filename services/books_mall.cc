// Goods and money: items, orders, budgets, statements.
#include "ledger/calendar.h"
#include "services/books_keeper.h"

namespace meritbook::books {

bool BooksKeeper::Publish(const v1::Event& event, const v1::PublishItem& command) {
  const auto merchant = books_.merchant_ids.Of(command.merchant_id());
  if (!merchant || books_.item_ids.Of(command.item_id())) return false;
  Item item;
  item.merchant = *merchant;
  item.price_points = command.price_points();
  item.settle_fen = command.settle_fen();
  item.published_us = event.occurred_us();
  const uint32_t index = books_.item_ids.Intern(command.item_id());
  books_.items.Add(item);
  if (command.stock() > 0) books_.item_steps.Add({event.occurred_us(), index, command.stock()});
  return true;
}

bool BooksKeeper::StepItem(const v1::Event& event, const std::string& item_id, int64_t pieces) {
  const auto item = books_.item_ids.Of(item_id);
  if (!item) return false;
  books_.item_steps.Add({event.occurred_us(), *item, pieces});
  return true;
}

bool BooksKeeper::Withdraw(const v1::Event& event, const std::string& item_id) {
  const auto item = books_.item_ids.Of(item_id);
  if (!item) return false;
  books_.items[*item].withdrawn_us = event.occurred_us();
  return true;
}

uint32_t BooksKeeper::BudgetOf(const std::string& source, uint32_t year) {
  const uint32_t word = books_.words.Intern(source);
  const auto [entry, added] =
      budgets_.try_emplace({word, year}, static_cast<uint32_t>(books_.budgets.size()));
  if (added) books_.budgets.push_back({word, year});
  return entry->second;
}

bool BooksKeeper::KnowsItems(const PricedLines& lines) const {
  for (const v1::PricedLine& line : lines) {
    if (!line.item_id().empty() && !books_.item_ids.Of(line.item_id())) return false;
  }
  return true;
}

// A step of the order `subject_`.
void BooksKeeper::AddStep(const v1::Event& event, int64_t units, const PricedLines& lines,
                          OrderWhat what) {
  OrderStep step;
  step.occurred_us = event.occurred_us();
  step.units = units;
  step.sequence = static_cast<uint32_t>(event.sequence());
  step.order = subject_;
  step.first_line = books_.lines.size();
  step.lines = static_cast<uint32_t>(lines.size());
  step.what = what;
  for (const v1::PricedLine& priced : lines) {
    Line line;
    if (!priced.item_id().empty()) line.item = *books_.item_ids.Of(priced.item_id());
    line.quantity = priced.quantity();
    line.price_points = priced.price_points();
    line.settle_fen = priced.settle_fen();
    if (priced.settle_fen() > 0) {
      line.budget = BudgetOf(priced.budget_source(), priced.budget_year());
    }
    books_.lines.Add(line);
  }
  books_.order_steps.Add(step);
}

bool BooksKeeper::NewOrder(const v1::Event& event, const std::string& order_id,
                           const std::string& merchant_id) {
  const auto merchant = books_.merchant_ids.Of(merchant_id);
  if (!merchant) return false;
  const RequestKey key = OrderKey(event.scope(), event.source(), event.actor(), order_id);
  if (!orders_.try_emplace(key, books_.orders.size()).second) return false;
  Order order;
  order.id = books_.words.Intern(order_id);
  order.volunteer = concerned_[0];
  order.merchant = *merchant;
  order.first_step = books_.order_steps.size();
  subject_ = books_.orders.Add(order);
  return true;
}

bool BooksKeeper::Hold(const v1::Event& event, const std::string& order_id,
                       const std::string& merchant_id, const v1::Hold& hold, OrderWhat what) {
  if (!KnowsItems(hold.lines()) || !NewOrder(event, order_id, merchant_id)) return false;
  books_.orders[subject_].deadline_us = hold.deadline_us();
  books_.orders[subject_].ends_us = hold.ends_us();
  AddStep(event, hold.units(), hold.lines(), what);
  return true;
}

bool BooksKeeper::Redeem(const v1::Event& event, const v1::OrderRedeemed& redeemed) {
  if (!KnowsItems(redeemed.lines()) ||
      !NewOrder(event, redeemed.command().order_id(), redeemed.command().merchant_id())) {
    return false;
  }
  AddStep(event, redeemed.units(), redeemed.lines(), OrderWhat::kRedeemed);
  return true;
}

template <typename Body>
bool BooksKeeper::HandOver(const v1::Event& event, const Body& body, OrderWhat what) {
  const auto order = orders_.find(KeyOf(body.order()));
  if (order == orders_.end() || !KnowsItems(body.lines())) return false;
  subject_ = order->second;
  AddStep(event, body.units(), body.lines(), what);
  return true;
}

template bool BooksKeeper::HandOver(const v1::Event&, const v1::OrderConfirmed&, OrderWhat);
template bool BooksKeeper::HandOver(const v1::Event&, const v1::OrderRefunded&, OrderWhat);

bool BooksKeeper::EndHold(const v1::Event& event, const v1::HoldEnded& ended, OrderWhat what) {
  const auto order = orders_.find(KeyOf(ended.order()));
  if (order == orders_.end()) return false;
  subject_ = order->second;
  AddStep(event, ended.units(), {}, what);
  return true;
}

bool BooksKeeper::Allocate(const v1::Event& event, const v1::AllocateBudget& command) {
  BudgetStep step;
  step.occurred_us = event.occurred_us();
  step.budget = BudgetOf(command.source(), command.year());
  step.allocated_fen = command.fen();
  books_.budget_steps.push_back(step);
  return true;
}

bool BooksKeeper::Open(const v1::Event& event, const v1::StatementOpened& opened) {
  const v1::OpenStatement& command = opened.command();
  const auto merchant = books_.merchant_ids.Of(command.merchant_id());
  if (!merchant || books_.statement_ids.Of(command.statement_id())) return false;
  Statement statement;
  statement.merchant = *merchant;
  statement.final = command.final();
  if (!command.final()) {
    const auto month = ParseMonth(command.through_month());
    if (!month) return false;
    statement.through_month = *month;
  }
  books_.statement_ids.Intern(command.statement_id());
  books_.statements.push_back(statement);
  StatementStep step;
  step.figures = opened.figures();
  return Step(event, command.statement_id(), std::move(step));
}

bool BooksKeeper::Step(const v1::Event& event, const std::string& statement_id, StatementStep step,
                       const Budgets& by_budget, int owed_sign, int paid_sign) {
  const auto statement = books_.statement_ids.Of(statement_id);
  if (!statement) return false;
  subject_ = *statement;
  step.occurred_us = event.occurred_us();
  step.sequence = static_cast<uint32_t>(event.sequence());
  step.statement = *statement;
  step.actor = ActorOf(event);
  books_.statement_steps.push_back(std::move(step));
  for (const v1::BudgetFen& part : by_budget) {
    BudgetStep moved;
    moved.occurred_us = event.occurred_us();
    moved.budget = BudgetOf(part.budget().source(), part.budget().year());
    moved.owed_fen = owed_sign * part.fen();
    moved.paid_fen = paid_sign * part.fen();
    books_.budget_steps.push_back(moved);
  }
  return true;
}

}  // namespace meritbook::books
