#include "cli/receipt_table.h"

#include <string>

namespace meritbook::cli {

Table ReceiptTable(Session& session, std::vector<NamedCell> what, const v1::Receipt& receipt) {
  what.push_back(
      {{session.Say("sequence", "序号"), "sequence"}, std::to_string(receipt.sequence())});
  what.push_back({{session.Say("recorded", "登记时间"), "recorded_at"},
                  session.InstantCell(receipt.recorded_us())});
  const bool already = receipt.already_applied();
  what.push_back({{session.Say("outcome", "结果"), "already_applied"},
                  Cell(already ? session.Say("was there already", "此前已入账")
                               : session.Say("written", "已入账"),
                       already ? "true" : "false")});
  std::vector<Column> columns;
  std::vector<Cell> cells;
  for (NamedCell& named : what) {
    columns.push_back(std::move(named.column));
    cells.push_back(std::move(named.cell));
  }
  Table table(std::move(columns));
  table.Add(std::move(cells));
  return table;
}

}  // namespace meritbook::cli
