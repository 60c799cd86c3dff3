// Owns: one entry of the sequencer's queue: commands of one ledger, or a read of its state.
// Promises: `done` is called exactly once, when what the answer rests on is durable.
// Thread: moved from the caller's to the sequencer's; `done` runs on the sequencer's and must not
//         block it.
#ifndef MERITBOOK_SERVICES_CALL_H_
#define MERITBOOK_SERVICES_CALL_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"

namespace meritbook {

// A person waits at a counter; a machine waits for the bulk.
enum class Lane { kCounter, kBulk };

struct Call {
  std::string ledger_id;
  Lane lane = Lane::kCounter;
  // On the monotonic clock; a call that is still waiting then is refused and nothing of it done.
  int64_t deadline_us = std::numeric_limits<int64_t>::max();

  // Either commands, whose messages and callers outlive the call …
  std::vector<Command> commands;
  bool atomic = false;
  bool wants_events = false;  // fill in Accepted::event; not for atomic calls
  // … or a read, which must only copy what it needs.
  std::function<void(const Ledger&)> read;
  // … or an operator's word that the clock is right.
  bool confirms_clock = false;

  // An answer for each command. For a read: empty, or one Refused.
  std::function<void(std::vector<Answer>)> done;

  size_t weight() const { return commands.empty() ? 1 : commands.size(); }
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_CALL_H_
