// Owns: the note by which a restoration tells the server that a ledger lost events.
// Promises: durable before Write returns, whole or absent; what decodes is what was written.
// Thread: one.
//
// <data>/loss/<ledger>. The server turns each into the ledger's next event, LossDeclared, and then
// removes it.
#ifndef MERITBOOK_STORAGE_LOSS_NOTE_H_
#define MERITBOOK_STORAGE_LOSS_NOTE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/sha256.h"
#include "storage/disk.h"

namespace meritbook {

struct LossNote {
  std::string ledger;
  uint64_t kept_size = 0;   // events that were restored
  uint64_t guard_size = 0;  // what the guard had seen
  Hash guard_hash = {};     // of the record that ended there
  std::string declared_by;
  std::string reason_code;

  friend bool operator==(const LossNote&, const LossNote&) = default;
};

std::string EncodeLossNote(const LossNote& note);
absl::StatusOr<LossNote> DecodeLossNote(std::string_view bytes);

// `folder` is <data>/loss, which exists.
absl::Status WriteLossNote(Disk& disk, const std::string& folder, const LossNote& note);

// Sorted by ledger; none if there is no folder. kDataLoss names the file.
absl::StatusOr<std::vector<LossNote>> ReadLossNotes(Disk& disk, const std::string& folder);

// Durable before it returns.
absl::Status RemoveLossNote(Disk& disk, const std::string& folder, std::string_view ledger);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_LOSS_NOTE_H_
