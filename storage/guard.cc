// file = slot, zeros to 4,096, slot, zeros to 8,192     (a slot lies within one disk sector)
// slot = "MBGD" version:u32=1 counter:u64 size:u64 epoch:u64 last_hash ledger_hash checksum
// ledger_hash = FirstPreviousHash(ledger); checksum = SHA-256 of the slot's bytes before it.
// The slot with the higher counter holds.
#include "storage/guard.h"

#include <optional>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"
#include "storage/batch_record.h"
#include "storage/byte_codec.h"
#include "storage/event_log.h"

namespace meritbook {
namespace {

// On disk. Never renumber.
constexpr std::string_view kMagic = "MBGD";
constexpr uint32_t kVersion = 1;
constexpr size_t kSlotBytes = 128;
constexpr size_t kSlotDistance = 4096;
constexpr size_t kFileBytes = 2 * kSlotDistance;

// Not an id's byte, so that no ledger's guard can have this name.
constexpr std::string_view kUnfinishedSuffix = "~";

struct Slot {
  uint64_t counter = 0;
  GuardMark mark;
};

std::string EncodeSlot(const Slot& slot, const Hash& ledger_hash) {
  std::string bytes(kMagic);
  AppendLittle(bytes, kVersion);
  AppendLittle(bytes, slot.counter);
  AppendLittle(bytes, slot.mark.size);
  AppendLittle(bytes, slot.mark.epoch);
  bytes.append(AsBytes(slot.mark.last_hash));
  bytes.append(AsBytes(ledger_hash));
  const Hash checksum = Sha256(bytes);
  bytes.append(AsBytes(checksum));
  MB_CHECK(bytes.size() == kSlotBytes);
  return bytes;
}

std::optional<Slot> DecodeSlot(std::string_view bytes, const Hash& ledger_hash) {
  ByteReader reader(bytes);
  reader.Take(kMagic.size() + sizeof(kVersion));
  const std::optional<uint64_t> counter = reader.TakeLittle<uint64_t>();
  const std::optional<uint64_t> size = reader.TakeLittle<uint64_t>();
  const std::optional<uint64_t> epoch = reader.TakeLittle<uint64_t>();
  const std::optional<Hash> last_hash = reader.TakeHash();
  if (!counter || !size || !epoch || !last_hash) return std::nullopt;
  const Slot slot{.counter = *counter,
                  .mark = {.size = *size, .last_hash = *last_hash, .epoch = *epoch}};
  // Fixed width: to encode it again checks magic, version, ledger and checksum at once.
  if (EncodeSlot(slot, ledger_hash) != bytes) return std::nullopt;
  return slot;
}

}  // namespace

absl::StatusOr<Guard> Guard::Create(Disk& disk, const std::string& folder, std::string_view ledger,
                                    const GuardMark& mark) {
  MB_CHECK(CheckLedgerId(ledger).ok());
  Guard guard;
  guard.path_ = Text(folder, "/", ledger);
  guard.ledger_hash_ = FirstPreviousHash(ledger);
  guard.mark_ = mark;
  guard.counter_ = 2;
  guard.slot_ = 1;
  guard.synced_ = true;
  guard.settled_ = true;

  std::string bytes = EncodeSlot({.counter = 1, .mark = mark}, guard.ledger_hash_);
  bytes.resize(kSlotDistance, '\0');
  bytes += EncodeSlot({.counter = 2, .mark = mark}, guard.ledger_hash_);
  bytes.resize(kFileBytes, '\0');

  const std::string unfinished = Text(guard.path_, kUnfinishedSuffix);
  absl::StatusOr<std::unique_ptr<File>> file = disk.Open(unfinished, OpenMode::kMakeEmpty);
  if (!file.ok()) return file.status();
  guard.file_ = *std::move(file);
  if (absl::Status s = guard.file_->WriteAt(bytes, 0); !s.ok()) return s;
  if (absl::Status s = guard.file_->SyncData(); !s.ok()) return s;
  if (absl::Status s = disk.Rename(unfinished, guard.path_); !s.ok()) return s;
  if (absl::Status s = disk.SyncFolder(folder); !s.ok()) return s;
  return guard;
}

absl::StatusOr<Guard> Guard::Open(Disk& disk, const std::string& folder, std::string_view ledger) {
  if (absl::Status s = CheckLedgerId(ledger); !s.ok()) return s;
  Guard guard;
  guard.path_ = Text(folder, "/", ledger);
  guard.ledger_hash_ = FirstPreviousHash(ledger);
  const absl::StatusOr<std::string> bytes = ReadWholeFile(disk, guard.path_, kFileBytes);
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() != kFileBytes) {
    return absl::DataLossError(Text("ledger '", ledger, "': its guard ", guard.path_, " has ",
                                    bytes->size(), " bytes, want ", kFileBytes));
  }
  std::optional<Slot> newest;
  bool same_mark = true;
  for (uint32_t i = 0; i < 2; ++i) {
    const std::optional<Slot> slot = DecodeSlot(
        std::string_view(*bytes).substr(i * kSlotDistance, kSlotBytes), guard.ledger_hash_);
    if (!slot) {
      guard.was_torn_ = true;
      continue;
    }
    if (newest && newest->mark != slot->mark) same_mark = false;
    if (!newest || newest->counter < slot->counter) {
      newest = slot;
      guard.slot_ = i;
    }
  }
  if (!newest) {
    return absl::DataLossError(
        Text("ledger '", ledger, "': its guard ", guard.path_,
             " is damaged or belongs to another ledger: neither slot verifies"));
  }
  guard.mark_ = newest->mark;
  guard.counter_ = newest->counter;
  absl::StatusOr<std::unique_ptr<File>> file = disk.Open(guard.path_, OpenMode::kReadWrite);
  if (!file.ok()) return file.status();
  guard.file_ = *std::move(file);
  // After a kill the newest slot may be in the page cache only; the other must not be touched then.
  // Written again, since a sync that failed before counts its pages as clean.
  if (absl::Status s = guard.WriteSlot(); !s.ok()) return s;
  if (absl::Status s = guard.Sync(); !s.ok()) return s;
  guard.settled_ = same_mark && !guard.was_torn_;
  return guard;
}

absl::Status Guard::WriteSlot() {
  return file_->WriteAt(EncodeSlot({.counter = counter_, .mark = mark_}, ledger_hash_),
                        slot_ * kSlotDistance);
}

absl::Status Guard::Write(const GuardMark& mark) {
  if (synced_) {
    slot_ = 1 - slot_;
    synced_ = false;
  }
  settled_ = false;
  ++counter_;
  mark_ = mark;
  return WriteSlot();
}

absl::Status Guard::Sync() {
  if (synced_) return absl::OkStatus();
  if (absl::Status s = file_->SyncData(); !s.ok()) return s;
  synced_ = true;
  return absl::OkStatus();
}

absl::Status Guard::Settle() {
  if (settled_) return absl::OkStatus();
  if (absl::Status s = Sync(); !s.ok()) return s;
  if (absl::Status s = Write(mark_); !s.ok()) return s;
  if (absl::Status s = Sync(); !s.ok()) return s;
  settled_ = true;
  return absl::OkStatus();
}

}  // namespace meritbook
