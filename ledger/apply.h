// Owns: what an event does to the state.
// Promises: all invariants of an event are checked again, whoever decided it; a failed check names
//           the sequence and leaves a state that must be thrown away.
// Thread: the one that owns the state.
#ifndef MERITBOOK_LEDGER_APPLY_H_
#define MERITBOOK_LEDGER_APPLY_H_

#include "absl/status/status.h"
#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook {

// kDataLoss if the event can't be the next one of this ledger.
absl::Status Apply(State& state, const v1::Event& event);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_APPLY_H_
