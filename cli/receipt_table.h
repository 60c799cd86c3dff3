// Owns: how the answer to a command that writes is shown.
// Promises: the sequence, when it was recorded, and whether it was there already.
// Thread: one.
#ifndef MERITBOOK_CLI_RECEIPT_TABLE_H_
#define MERITBOOK_CLI_RECEIPT_TABLE_H_

#include <utility>
#include <vector>

#include "cli/session.h"
#include "cli/table.h"
#include "meritbook/v1/receipt.pb.h"

namespace meritbook::cli {

// A column with its one value.
struct NamedCell {
  Column column;
  Cell cell;
};

// One row: `what` first, then the receipt.
Table ReceiptTable(Session& session, std::vector<NamedCell> what, const v1::Receipt& receipt);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_RECEIPT_TABLE_H_
