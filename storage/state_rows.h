// Owns: the form of a ledger's rows in the state store, and bringing a ledger back from them.
// Promises: rows that are not exactly a prefix of the log are discarded, and the log replayed.
// Thread: EncodeDirty on the sequencer's; LoadLedger before it runs.
#ifndef MERITBOOK_STORAGE_STATE_ROWS_H_
#define MERITBOOK_STORAGE_STATE_ROWS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ledger/ledger.h"
#include "storage/event_log.h"
#include "storage/state_store.h"

namespace meritbook {

// Grows with every change of the rows' form or meaning; another one's store is wiped.
inline constexpr uint32_t kStateSchemaVersion = 3;

// All rows that changed since the last call, as of the ledger's present size.
StateWrite EncodeDirty(Ledger& ledger);

// The ledger at the log's size: its stored rows if they fit the log, then the rest of the log.
// kDataLoss names the event that could not be applied. `warn` tells when rows were discarded.
absl::StatusOr<std::unique_ptr<Ledger>> LoadLedger(
    const EventLog& log, StateStore& store, const std::string& ledger_id,
    const std::function<void(const std::string&)>& warn);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_STATE_ROWS_H_
