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

class BackupFolder;  // storage/backup.h

// Told how far a backup is and how far it goes, in bytes; false ends it.
using BackupProgress = std::function<bool(uint64_t bytes_done, uint64_t bytes_total)>;

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

// A stretch of a ledger that was read again.
struct Verified {
  uint64_t end = 0;    // sequence; the stretch began where it was asked to
  uint64_t bytes = 0;  // of its records, at least
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

  // Reads durable events again from `from` on, for damage that would go unnoticed: out of the disk
  // and no cache on the way, as far as that is possible, about `bytes_max` but at least one. All of
  // it is what was verified when the log was opened, or written since; else kDataLoss, naming
  // ledger and sequence. Nothing at the end, and for an unknown ledger.
  virtual absl::StatusOr<Verified> Verify(std::string_view ledger, uint64_t from,
                                          size_t bytes_max) const = 0;

  // Before a pass of Verify: moves what is only in a journal still, which is read at opening alone,
  // to where Verify finds it on the disk. Nothing if room is short.
  virtual absl::Status PrepareVerify() const = 0;

  // kDataLoss, naming ledger and sequence, once any reading has met damage. Touches no disk.
  virtual absl::Status Damage() const = 0;

  // Durable events; 0 for an unknown ledger.
  virtual uint64_t Size(std::string_view ledger) const = 0;

  // Every ledger that ever had a writer, sorted.
  virtual std::vector<std::string> Ledgers() const = 0;

  // Ok if it should be written to. kResourceExhausted if room is short, naming free and floor
  // bytes; as Damage, once there is some: what would be appended to a log that can't be opened
  // again any more would be lost with it.
  virtual absl::Status CheckWritable() const = 0;

  // Copies all that is durable now, perhaps more, into the folder, while the log goes on being
  // used; the copy is a backup once the folder's Verify said so. From any thread, one at a time,
  // and over before Close is called. kCancelled if `progress` said false; kUnimplemented for a log
  // that isn't on a disk.
  virtual absl::Status BackUp(BackupFolder& folder, const BackupProgress& progress) const;

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
