// Owns: the contract of the event log, the one truth that all else is rebuilt from.
// Promises: what it reported as durable survives kill and power loss, and is read back unchanged.
// Thread: AcquireWriter, Append and Close from one thread at a time; the const methods from any,
//         also while an append is in flight.
//
//   const uint64_t epoch = *log->AcquireWriter({"linhai"});
//   EventRun events;
//   events.Add(bytes);
//   log->Append({{"linhai", epoch, log->Size("linhai"), std::move(events)}},
//               [](AppendResult result) { ... });
#ifndef MERITBOOK_STORAGE_EVENT_LOG_H_
#define MERITBOOK_STORAGE_EVENT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/event_run.h"

namespace meritbook {

inline constexpr size_t kEventBytesMax = 65535;

enum class AppendResult {
  kDurable,  // all of the group is on disk
  kFenced,   // nothing was written: some ledger has a newer writer, or another size than expected
  kUnknown,  // a write or a sync failed: any of the group may be there after reopening, or none
};

// The next events of one ledger.
struct LedgerAppend {
  std::string ledger = {};
  uint64_t epoch = 0;          // of AcquireWriter
  uint64_t expected_size = 0;  // = the sequence of the first of `events`
  EventRun events = {};        // at least one, each at most kEventBytesMax
};

class EventLog {
 public:
  virtual ~EventLog();

  // Becomes the writer of these ledgers, existing or new, and returns the epoch to append with;
  // every earlier epoch of them is fenced from now on. An append in flight is finished first.
  // kInvalidArgument for an id that CheckLedgerId refuses.
  virtual absl::StatusOr<uint64_t> AcquireWriter(const std::vector<std::string>& ledgers) = 0;

  // Writes the whole group in one synced write, or nothing of it. Asynchronous; at most one append
  // is in flight (CHECK), and a ledger stands in a group once (CHECK). `done` is called once, from
  // any thread, perhaps before Append returns; it may call Append, but not AcquireWriter or Close.
  // After kUnknown every later append is kUnknown: the owner destroys the log and opens it anew.
  virtual void Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done) = 0;

  // Durable events from sequence `from` on, at most `max_events` and about `max_bytes`, but at
  // least one if there is one and max_events > 0. Empty at the end, and for an unknown ledger.
  // kDataLoss, naming ledger and sequence, if the bytes don't verify.
  virtual absl::StatusOr<EventRun> Read(std::string_view ledger, uint64_t from, size_t max_events,
                                        size_t max_bytes) const = 0;

  // Durable events; 0 for an unknown ledger.
  virtual uint64_t Size(std::string_view ledger) const = 0;

  // Every ledger that ever had a writer, sorted.
  virtual std::vector<std::string> Ledgers() const = 0;

  // Ok if there is room for writing; else kResourceExhausted, naming free and floor bytes.
  virtual absl::Status CheckSpace() const = 0;

  // Clean stop: waits for the append in flight and makes everything durable. Nothing but
  // destruction may follow. A log destroyed without it has been killed, which is safe as well.
  virtual absl::Status Close() = 0;
};

// Ok for [A-Za-z0-9._:-]{1,64} except "." and "..", which can't name a file.
absl::Status CheckLedgerId(std::string_view ledger);

// CHECKs what Append demands of its caller.
void CheckAppendGroup(const std::vector<LedgerAppend>& group);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_EVENT_LOG_H_
