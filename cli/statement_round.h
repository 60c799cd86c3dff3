// Owns: one step for many merchants' statements (opened, closed, paid), a line each and their sum.
// Promises: the sum is of the lines shown, and is checked against the formula of a statement.
// Thread: one.
#ifndef MERITBOOK_CLI_STATEMENT_ROUND_H_
#define MERITBOOK_CLI_STATEMENT_ROUND_H_

#include <string>
#include <vector>

#include "cli/language.h"
#include "cli/table.h"
#include "meritbook/v1/settlement.pb.h"

namespace meritbook::cli {

struct RoundLine {
  std::string merchant_id;
  std::string statement_id;
  bool done = false;
  std::string outcome;  // in words
  std::string reason;   // the refusal's name, for programs
  v1::StatementFigures figures;
};

class StatementRound {
 public:
  void Add(RoundLine line) { lines_.push_back(std::move(line)); }
  const std::vector<RoundLine>& lines() const { return lines_; }
  bool AllDone() const;
  // Of the lines that were done.
  v1::StatementFigures Sum() const;
  // Opening and what moved come to the closing, in units and in fen, in each line and in the sum.
  bool AddsUp() const;

  // The lines and, but for programs, their sum.
  Table Lines(Language language, bool with_sum) const;

 private:
  std::vector<RoundLine> lines_;
};

// closing = opening + confirmed - refunded - paid + reversed - written_off.
bool AddsUp(const v1::StatementFigures& figures);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_STATEMENT_ROUND_H_
