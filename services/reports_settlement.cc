// What merchants are owed: their statements, and each one's account.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/calendar.h"
#include "services/reports.h"

namespace meritbook {
namespace {

using books::Amount;
using books::Books;
using books::kNoRow;
using books::OrderStep;
using books::OrderWhat;
using books::StatementStep;
using books::StatementWhat;

Amount AmountOf(const v1::Amounts& amounts) { return {amounts.units(), amounts.fen()}; }

// What a step of an order adds to what its merchant is owed; nothing for one that doesn't.
std::optional<Amount> OwedOf(const Books& books, const OrderStep& step) {
  const bool refund = step.what == OrderWhat::kRefunded;
  if (!refund && step.what != OrderWhat::kRedeemed && step.what != OrderWhat::kConfirmed) {
    return std::nullopt;
  }
  Amount amount{step.units, 0};
  for (uint32_t i = 0; i < step.lines; ++i) amount.fen += books.lines[step.first_line + i].fen();
  return refund ? -amount : amount;
}

// What a step of a statement adds to it.
std::optional<Amount> OwedOf(const StatementStep& step) {
  switch (step.what) {
    case StatementWhat::kPaid:
    case StatementWhat::kWrittenOff:
      return -step.amount;
    case StatementWhat::kReversed:
      return step.amount;
    case StatementWhat::kOpened:
    case StatementWhat::kObjected:
    case StatementWhat::kResolved:
    case StatementWhat::kClosed:
      break;
  }
  return std::nullopt;
}

// opening + confirmed - refunded - paid + reversed - written_off = closing.
struct Figures {
  Amount opening;
  Amount confirmed;
  Amount refunded;
  Amount paid;
  Amount reversed;
  Amount written_off;
  Amount closing() const {
    return opening + confirmed + -refunded + -paid + reversed + -written_off;
  }
  // Of several in a row: the opening stays the first one's.
  void Follow(const Figures& next) {
    confirmed += next.confirmed;
    refunded += next.refunded;
    paid += next.paid;
    reversed += next.reversed;
    written_off += next.written_off;
  }
};

Figures FiguresOf(const v1::StatementFigures& figures) {
  return {AmountOf(figures.opening()),  AmountOf(figures.confirmed()),
          AmountOf(figures.refunded()), AmountOf(figures.paid()),
          AmountOf(figures.reversed()), AmountOf(figures.written_off())};
}

struct StatementNow {
  int64_t opened_us = books::kNotYet;
  const char* state = "";
  Figures figures;
};

// What became of each statement until the end of the window.
std::vector<StatementNow> StatementsOf(const Books& books, const Window& window) {
  std::vector<StatementNow> statements(books.statements.size());
  std::map<uint32_t, uint32_t> newest;  // of each merchant
  for (const StatementStep& step : books.statement_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    StatementNow& now = statements[step.statement];
    const uint32_t merchant = books.statements[step.statement].merchant;
    switch (step.what) {
      case StatementWhat::kOpened: {
        const auto before = newest.find(merchant);
        if (before != newest.end() &&
            std::string_view(statements[before->second].state) == "closed") {
          statements[before->second].state = "carried_forward";
        }
        newest[merchant] = step.statement;
        now = {step.occurred_us, "open", FiguresOf(step.figures)};
        break;
      }
      case StatementWhat::kObjected:
        now.state = "objected";
        break;
      case StatementWhat::kResolved:
        now.state = "open";
        break;
      case StatementWhat::kClosed:
        now.state = "closed";
        now.figures = FiguresOf(step.figures);
        break;
      case StatementWhat::kPaid:
        now.state = "paid";
        break;
      case StatementWhat::kReversed:
        now.state = newest[merchant] == step.statement ? "closed" : "carried_forward";
        break;
      case StatementWhat::kWrittenOff:
        if (step.settles) {
          now.state = "written_off";
        } else {
          now.figures.written_off += step.amount;
        }
        break;
    }
  }
  return statements;
}

// All that happened between a merchant and the programme until the end of the window.
std::vector<Figures> MovementsOf(const Books& books, const Window& window) {
  std::vector<Figures> all(books.merchants.size());
  for (const OrderStep& step : books.order_steps) {
    const auto owed = OwedOf(books, step);
    if (!owed || !window.Happened(step.occurred_us)) continue;
    Figures& figures = all[books.orders[step.order].merchant];
    if (step.what == OrderWhat::kRefunded) {
      figures.refunded += -*owed;
    } else {
      figures.confirmed += *owed;
    }
  }
  for (const StatementStep& step : books.statement_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    Figures& figures = all[books.statements[step.statement].merchant];
    if (step.what == StatementWhat::kPaid) figures.paid += step.amount;
    if (step.what == StatementWhat::kReversed) figures.reversed += step.amount;
    if (step.what == StatementWhat::kWrittenOff) figures.written_off += step.amount;
  }
  return all;
}

std::vector<Value> Row(Value merchant, Value statement, Value through, Value state, Value opened,
                       const Figures& figures) {
  std::vector<Value> row = {std::move(merchant), std::move(statement), std::move(through),
                            std::move(state), std::move(opened)};
  for (const Amount& amount : {figures.opening, figures.confirmed, figures.refunded, figures.paid,
                               figures.reversed, figures.written_off, figures.closing()}) {
    row.emplace_back(amount.units);
    row.emplace_back(amount.fen);
  }
  return row;
}

bool Empty(const Figures& figures) {
  for (const Amount& amount :
       {figures.confirmed, figures.refunded, figures.paid, figures.reversed, figures.written_off}) {
    if (amount.units != 0 || amount.fen != 0) return false;
  }
  return true;
}

}  // namespace

ReportTable Settlement(const Books& books, const Window& window, MerchantChoice merchant) {
  ReportTable table({{"merchant_id", kText},
                     {"statement_id", kText},
                     {"through_month", kMonth},
                     {"state", kText},
                     {"opened_us", kInstant},
                     {"opening_units", kUnits},
                     {"opening_fen", kFen},
                     {"confirmed_units", kUnits},
                     {"confirmed_fen", kFen},
                     {"refunded_units", kUnits},
                     {"refunded_fen", kFen},
                     {"paid_units", kUnits},
                     {"paid_fen", kFen},
                     {"reversed_units", kUnits},
                     {"reversed_fen", kFen},
                     {"written_off_units", kUnits},
                     {"written_off_fen", kFen},
                     {"closing_units", kUnits},
                     {"closing_fen", kFen}});
  const std::vector<StatementNow> statements = StatementsOf(books, window);
  const std::vector<Figures> movements = MovementsOf(books, window);
  std::vector<uint32_t> merchants;
  for (uint32_t i = 0; i < books.merchants.size(); ++i) {
    if (window.Happened(books.merchants[i]) && (!merchant || *merchant == i)) {
      merchants.push_back(i);
    }
  }
  std::sort(merchants.begin(), merchants.end(),
            [&](uint32_t a, uint32_t b) { return books.merchant_ids[a] < books.merchant_ids[b]; });
  Figures all;
  for (const uint32_t who : merchants) {
    Figures stated;
    for (uint32_t i = 0; i < statements.size(); ++i) {
      const books::Statement& statement = books.statements[i];
      if (statement.merchant != who || statements[i].opened_us == books::kNotYet) continue;
      table.Add(Row(books.merchant_ids[who], books.statement_ids[i],
                    statement.final ? Value() : Value(statement.through_month), statements[i].state,
                    statements[i].opened_us, statements[i].figures));
      stated.Follow(statements[i].figures);
    }
    // What no statement has yet: all there is less what statements have.
    const Figures& sum = movements[who];
    Figures rest;
    rest.opening = stated.closing();
    rest.confirmed = sum.confirmed + -stated.confirmed;
    rest.refunded = sum.refunded + -stated.refunded;
    rest.paid = sum.paid + -stated.paid;
    rest.reversed = sum.reversed + -stated.reversed;
    rest.written_off = sum.written_off + -stated.written_off;
    if (!Empty(rest)) {
      table.Add(Row(books.merchant_ids[who], Value(), Value(), "not_stated", Value(), rest));
    }
    if (!Empty(sum)) {
      table.AddTotal(Row(books.merchant_ids[who], Value(), Value(), Value(), Value(), sum));
    }
    all.Follow(sum);
  }
  table.AddTotal(Row(Value(), Value(), Value(), Value(), Value(), all));
  return table;
}

ReportTable MerchantAccount(const Books& books, const Window& window, uint32_t merchant) {
  struct Entry {
    int64_t occurred_us;
    const char* what;
    std::string_view detail;
    Amount amount;
  };
  std::multimap<uint32_t, Entry> entries;  // by sequence
  for (const OrderStep& step : books.order_steps) {
    const auto owed = OwedOf(books, step);
    if (!owed || books.orders[step.order].merchant != merchant) continue;
    entries.emplace(
        step.sequence,
        Entry{step.occurred_us, step.what == OrderWhat::kRefunded ? "refunded" : "handed_over",
              books.words[books.orders[step.order].id], *owed});
  }
  for (const StatementStep& step : books.statement_steps) {
    const auto owed = OwedOf(step);
    if (!owed || books.statements[step.statement].merchant != merchant) continue;
    const char* const what = step.what == StatementWhat::kPaid       ? "paid"
                             : step.what == StatementWhat::kReversed ? "payment_reversed"
                                                                     : "written_off";
    entries.emplace(step.sequence,
                    Entry{step.occurred_us, what, books.statement_ids[step.statement], *owed});
  }
  ReportTable table({{"sequence", kCount},
                     {"occurred_us", kInstant},
                     {"what", kText},
                     {"detail", kText},
                     {"units", kUnits},
                     {"fen", kFen},
                     {"balance_units", kUnits},
                     {"balance_fen", kFen}});
  Amount balance;
  for (const auto& [sequence, entry] : entries) {
    if (window.Before(entry.occurred_us)) balance += entry.amount;
  }
  table.Add({Value(), Value(), "opening", Value(), balance.units, balance.fen, balance.units,
             balance.fen});
  for (const auto& [sequence, entry] : entries) {
    if (!window.HasInstant(entry.occurred_us)) continue;
    balance += entry.amount;
    table.Add({sequence, entry.occurred_us, entry.what, entry.detail, entry.amount.units,
               entry.amount.fen, balance.units, balance.fen});
  }
  table.AddTotal(
      {Value(), Value(), Value(), Value(), balance.units, balance.fen, balance.units, balance.fen});
  return table;
}

}  // namespace meritbook
