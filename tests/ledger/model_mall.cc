// Merchants, the shelf, and what orders come to.
#include <algorithm>

#include "tests/ledger/model.h"

namespace meritbook::model {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;
constexpr int64_t kStockMax = 1'000'000'000;

int64_t In(const std::map<std::string, int64_t>& pieces, const std::string& item) {
  const auto found = pieces.find(item);
  return found == pieces.end() ? 0 : found->second;
}

}  // namespace

void Add(Amount& sum, const Amount& more, int64_t times) {
  sum.units += times * more.units;
  sum.fen += times * more.fen;
}

void Add(FenByBudget& sum, const FenByBudget& more, int64_t times) {
  for (const auto& [budget, fen] : more) {
    if ((sum[budget] += times * fen) == 0) sum.erase(budget);
  }
}

Amount SumOf(const Lines& lines) {
  Amount sum;
  for (const Line& line : lines) {
    Add(sum, {line.price_points * kUnitsPerPoint, line.fen}, line.quantity);
  }
  return sum;
}

FenByBudget FenOf(const Lines& lines) {
  FenByBudget sum;
  for (const Line& line : lines) {
    if (line.budget) Add(sum, {{*line.budget, line.fen * line.quantity}});
  }
  return sum;
}

std::string Words(const Amount& amount) {
  return std::to_string(amount.units) + "u" + std::to_string(amount.fen) + "f";
}

std::string Words(const FenByBudget& fen) {
  std::string out = "{";
  for (const auto& [budget, part] : fen) {
    out += " " + std::to_string(budget.first) + "/" + budget.second + ":" + std::to_string(part);
  }
  return out + " }";
}

std::string Words(const Lines& lines) {
  std::string out = "<";
  for (const Line& line : lines) {
    out += " " + line.item + " " + std::to_string(line.quantity) + "x" +
           std::to_string(line.price_points);
    if (line.budget) out += Words(FenByBudget{{*line.budget, line.fen}});
  }
  return out + " >";
}

const v1::MallRule* Model::MallOf(int day) const {
  const v1::PublishRule* rule = RuleOf(day);
  return rule != nullptr && rule->has_mall() ? &rule->mall() : nullptr;
}

Model::Mall Model::Reckon() const {
  Mall mall;
  std::map<size_t, const Order*> placed;
  for (const auto& [name, order] : orders) placed[order.index] = &order;
  for (const auto& [index, order] : placed) {
    const bool held = order->state == OrderState::kHeld;
    for (const Line& line : order->lines) {
      if (held) mall.reserved[line.item] += line.quantity;
      mall.delivered[line.item] += In(order->delivered, line.item);
      mall.returned[line.item] += In(order->refunded, line.item);
    }
    if (!held) continue;
    const std::string volunteer = Survivor(order->volunteer);
    mall.held_units[volunteer] += model::SumOf(order->lots);
    mall.open[volunteer].push_back(order);
    ++mall.open_at[order->merchant];
    Add(mall.reserved_fen, FenOf(order->lines));
  }
  return mall;
}

std::tuple<int, int64_t, int64_t> Model::NewestDayOf(const std::string& volunteer,
                                                     const std::string& merchant) const {
  std::tuple<int, int64_t, int64_t> newest(0, 0, 0);
  for (const auto& [name, order] : orders) {
    if (order.merchant != merchant && Survivor(order.volunteer) != volunteer) continue;
    const int day = DayOf(order.placed_us);
    if (day > std::get<0>(newest)) newest = {day, 0, 0};
    if (day < std::get<0>(newest)) continue;
    ++std::get<1>(newest);
    std::get<2>(newest) += SumOf(order.lines).units / kUnitsPerPoint;
  }
  return newest;
}

std::optional<std::pair<int, int64_t>> Model::Bought(const std::string& volunteer,
                                                     const std::string& item) const {
  const auto& limit = items.at(item).limit;
  std::optional<std::pair<int, int64_t>> newest;
  for (const auto& [name, order] : orders) {
    if (!limit || Survivor(order.volunteer) != volunteer) continue;
    for (const Line& line : order.lines) {
      if (line.item != item) continue;
      const int period = PeriodOf(limit->period(), DayOf(order.placed_us));
      if (!newest || period > newest->first) newest = {period, 0};
      if (period < newest->first) continue;
      newest->second += order.state == OrderState::kHeld
                            ? line.quantity
                            : In(order.delivered, item) - In(order.refunded, item);
    }
  }
  return newest;
}

int64_t Model::OnHand(const std::string& id) const {
  const Mall mall = Reckon();
  const Item& item = items.at(id);
  return item.received - item.sent_back - In(mall.delivered, id) + In(mall.returned, id);
}

int64_t Model::Free(const std::string& id) const { return OnHand(id) - In(Reckon().reserved, id); }

int64_t Model::LeftIn(const BudgetKey& key) const {
  const auto found = budgets.find(key);
  if (found == budgets.end()) return 0;
  const Budget& budget = found->second;
  const auto all = Reckon().reserved_fen;
  const auto reserved = all.find(key);
  return budget.allocated - budget.owed - budget.paid -
         (reserved == all.end() ? 0 : reserved->second);
}

bool Model::IsOver(const Context& at, const std::string& id) const {
  const auto found = merchants.find(id);
  return found != merchants.end() && found->second.last_day && *found->second.last_day < at.today;
}

Reasons Model::Do(const Context& at, const v1::OnboardMerchant& c) {
  if (!merchants.emplace(c.merchant_id(), Merchant{}).second) {
    return {v1::REFUSAL_MERCHANT_EXISTS};
  }
  Emit(at, v1::Event::kMerchantOnboarded);
  return {};
}

Reasons Model::Do(const Context& at, const v1::SuspendMerchant& c) {
  if (merchants.count(c.merchant_id()) == 0) return {v1::REFUSAL_MERCHANT_UNKNOWN};
  Reasons reasons;
  Merchant& merchant = merchants[c.merchant_id()];
  if (IsOver(at, c.merchant_id())) reasons.insert(v1::REFUSAL_MERCHANT_OFFBOARDED);
  if (merchant.suspended) reasons.insert(v1::REFUSAL_MERCHANT_SUSPENDED);
  if (!reasons.empty()) return reasons;
  merchant.suspended = true;
  Emit(at, v1::Event::kMerchantSuspended);
  return {};
}

Reasons Model::Do(const Context& at, const v1::ResumeMerchant& c) {
  if (merchants.count(c.merchant_id()) == 0) return {v1::REFUSAL_MERCHANT_UNKNOWN};
  Reasons reasons;
  Merchant& merchant = merchants[c.merchant_id()];
  if (IsOver(at, c.merchant_id())) reasons.insert(v1::REFUSAL_MERCHANT_OFFBOARDED);
  if (!merchant.suspended) reasons.insert(v1::REFUSAL_MERCHANT_NOT_SUSPENDED);
  if (!reasons.empty()) return reasons;
  merchant.suspended = false;
  Emit(at, v1::Event::kMerchantResumed);
  return {};
}

Reasons Model::Do(const Context& at, const v1::OffboardMerchant& c) {
  if (merchants.count(c.merchant_id()) == 0) return {v1::REFUSAL_MERCHANT_UNKNOWN};
  if (IsOver(at, c.merchant_id())) return {v1::REFUSAL_MERCHANT_OFFBOARDED};
  const int last_day = *DayNumber(c.last_day());
  if (last_day < at.today) return {v1::REFUSAL_FIELD_INVALID};
  merchants[c.merchant_id()].last_day = last_day;
  Emit(at, v1::Event::kMerchantOffboarded);
  return {};
}

Reasons Model::Do(const Context& at, const v1::PublishItem& c) {
  Reasons reasons;
  if (items.count(c.item_id()) != 0) reasons.insert(v1::REFUSAL_ITEM_EXISTS);
  if (merchants.count(c.merchant_id()) == 0) reasons.insert(v1::REFUSAL_MERCHANT_UNKNOWN);
  if (IsOver(at, c.merchant_id())) reasons.insert(v1::REFUSAL_MERCHANT_OFFBOARDED);
  if (!reasons.empty()) return reasons;
  Item& item = items[c.item_id()];
  item.merchant = c.merchant_id();
  item.price_points = c.price_points();
  item.settle_fen = c.settle_fen();
  if (c.settle_fen() > 0) {
    item.budget_source = c.has_budget_source() ? c.budget_source() : "programme";
  }
  if (c.has_limit()) item.limit = c.limit();
  item.age_bands = {c.age_bands().begin(), c.age_bands().end()};
  item.received = c.stock();
  Emit(at, v1::Event::kItemPublished);
  return {};
}

Reasons Model::Do(const Context& at, const v1::WithdrawItem& c) {
  const auto found = items.find(c.item_id());
  if (found == items.end()) return {v1::REFUSAL_ITEM_UNKNOWN};
  if (found->second.withdrawn) return {v1::REFUSAL_ITEM_WITHDRAWN};
  found->second.withdrawn = true;
  Emit(at, v1::Event::kItemWithdrawn);
  return {};
}

Reasons Model::Do(const Context& at, const v1::ReceiveStock& c) {
  const auto found = items.find(c.item_id());
  if (found == items.end()) return {v1::REFUSAL_ITEM_UNKNOWN};
  Reasons reasons;
  if (found->second.withdrawn) reasons.insert(v1::REFUSAL_ITEM_WITHDRAWN);
  if (OnHand(c.item_id()) + c.quantity() > kStockMax) reasons.insert(v1::REFUSAL_AMOUNT_OVERFLOW);
  if (!reasons.empty()) return reasons;
  found->second.received += c.quantity();
  Emit(at, v1::Event::kStockReceived);
  return {};
}

Reasons Model::Do(const Context& at, const v1::ReturnStock& c) {
  const auto found = items.find(c.item_id());
  if (found == items.end()) return {v1::REFUSAL_ITEM_UNKNOWN};
  if (Free(c.item_id()) < c.quantity()) return {v1::REFUSAL_STOCK_TOO_LOW};
  found->second.sent_back += c.quantity();
  Emit(at, v1::Event::kStockReturned);
  return {};
}

}  // namespace meritbook::model
