// Owns: the row of the log database that says who may write a ledger.
// Promises: as for the batch record.
// Thread: any.
#ifndef MERITBOOK_STORAGE_WRITER_ROW_H_
#define MERITBOOK_STORAGE_WRITER_ROW_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/batch_record.h"

namespace meritbook {

std::string EncodeWriterRow(std::string_view ledger, const WriterStamp& writer);

// kDataLoss if it does not verify, or belongs to another ledger.
absl::StatusOr<WriterStamp> DecodeWriterRow(std::string_view ledger, std::string_view bytes);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_WRITER_ROW_H_
