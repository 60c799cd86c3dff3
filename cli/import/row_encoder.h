// Owns: rows of an export as commands.
// Promises: what is empty stays unset; a wrong value is a fault with its column, and no command.
// Thread: any.
#ifndef MERITBOOK_CLI_IMPORT_ROW_ENCODER_H_
#define MERITBOOK_CLI_IMPORT_ROW_ENCODER_H_

#include <cstdint>
#include <optional>

#include "cli/import/input_file.h"
#include "meritbook/v1/admin.pb.h"

namespace meritbook::cli {

struct RowTimes {
  int64_t recorded_us = 0;
  std::optional<int64_t> frozen_us;  // of a volunteer who was frozen
};
// The row has passed InputFile::Split.
RowTimes TimesOf(const InputFile& file, const CsvRow& row, RowFault* fault);

// Fills an empty `item`, but for its recorded time.
RowFault EncodeRow(const InputFile& file, const CsvRow& row, v1::ImportItem* item);
// The freeze of a volunteer's row.
RowFault EncodeFreeze(const InputFile& file, const CsvRow& row, v1::ImportItem* item);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_ROW_ENCODER_H_
