#include "cli/statement_round.h"

#include <algorithm>

#include "cli/quantity.h"

namespace meritbook::cli {
namespace {

void AddTo(const v1::Amounts& more, v1::Amounts* sum) {
  sum->set_units(sum->units() + more.units());
  sum->set_fen(sum->fen() + more.fen());
}

int64_t Moved(const v1::StatementFigures& figures, int64_t (v1::Amounts::*amount)() const) {
  return (figures.confirmed().*amount)() - (figures.refunded().*amount)() -
         (figures.paid().*amount)() + (figures.reversed().*amount)() -
         (figures.written_off().*amount)();
}

std::vector<Cell> CellsOf(const v1::StatementFigures& figures) {
  return {
      PointsCell(figures.opening().units()),       PointsCell(Moved(figures, &v1::Amounts::units)),
      PointsCell(figures.closing().units()),       YuanCell(figures.opening().fen()),
      YuanCell(Moved(figures, &v1::Amounts::fen)), YuanCell(figures.closing().fen())};
}

}  // namespace

bool AddsUp(const v1::StatementFigures& figures) {
  return figures.opening().units() + Moved(figures, &v1::Amounts::units) ==
             figures.closing().units() &&
         figures.opening().fen() + Moved(figures, &v1::Amounts::fen) == figures.closing().fen();
}

bool StatementRound::AllDone() const {
  return std::all_of(lines_.begin(), lines_.end(), [](const RoundLine& line) { return line.done; });
}

v1::StatementFigures StatementRound::Sum() const {
  v1::StatementFigures sum;
  for (const RoundLine& line : lines_) {
    if (!line.done) continue;
    AddTo(line.figures.opening(), sum.mutable_opening());
    AddTo(line.figures.confirmed(), sum.mutable_confirmed());
    AddTo(line.figures.refunded(), sum.mutable_refunded());
    AddTo(line.figures.paid(), sum.mutable_paid());
    AddTo(line.figures.reversed(), sum.mutable_reversed());
    AddTo(line.figures.written_off(), sum.mutable_written_off());
    AddTo(line.figures.closing(), sum.mutable_closing());
  }
  return sum;
}

bool StatementRound::AddsUp() const {
  return std::all_of(
             lines_.begin(), lines_.end(),
             [](const RoundLine& line) { return !line.done || cli::AddsUp(line.figures); }) &&
         cli::AddsUp(Sum());
}

Table StatementRound::Lines(Language language, bool with_sum) const {
  const auto say = [language](const char* english, const char* chinese) {
    return Pick(language, english, chinese);
  };
  Table table({{say("merchant", "商户"), "merchant_id"},
               {say("statement", "结算单"), "statement_id"},
               {say("opening points", "期初积分"), "opening_units", Align::kRight},
               {say("moved", "变动"), "moved_units", Align::kRight},
               {say("closing points", "期末积分"), "closing_units", Align::kRight},
               {say("opening yuan", "期初金额"), "opening_fen", Align::kRight},
               {say("moved", "变动"), "moved_fen", Align::kRight},
               {say("closing yuan", "期末金额"), "closing_fen", Align::kRight},
               {say("outcome", "结果"), "outcome"}});
  const auto add = [&table](const std::string& merchant_id, const std::string& statement_id,
                            std::vector<Cell> amounts, Cell outcome) {
    std::vector<Cell> cells = {merchant_id, statement_id};
    for (Cell& amount : amounts) cells.push_back(std::move(amount));
    cells.push_back(std::move(outcome));
    table.Add(std::move(cells));
  };
  for (const RoundLine& line : lines_) {
    add(line.merchant_id, line.statement_id,
        line.done ? CellsOf(line.figures) : std::vector<Cell>(6, Cell("")),
        Cell(line.outcome, line.reason.empty() ? "done" : line.reason));
  }
  if (with_sum) add(say("sum", "合计"), "", CellsOf(Sum()), Cell(""));
  return table;
}

}  // namespace meritbook::cli
