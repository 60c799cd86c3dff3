// list  = entry*        entry = SHA-256 of the run, SHA-256 of the link before and of that
// run   = ledger:text applied-size:u64 (key:text value:text)*      text = size:u32 bytes
// A run of applied size 0 discards its ledger.
#include "tests/sim/simulated_state_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/check.h"
#include "ledger/sha256.h"
#include "ledger/text.h"
#include "storage/byte_codec.h"

namespace meritbook::sim {
namespace {

constexpr size_t kEntryBytes = 2 * sizeof(Hash);

void AppendText(std::string& out, std::string_view text) {
  AppendLittle(out, static_cast<uint32_t>(text.size()));
  out += text;
}

std::optional<std::string> TakeText(ByteReader& reader) {
  const std::optional<uint32_t> size = reader.TakeLittle<uint32_t>();
  if (!size) return std::nullopt;
  const std::optional<std::string_view> text = reader.Take(*size);
  if (!text) return std::nullopt;
  return std::string(*text);
}

std::string Encode(const StateWrite& write) {
  std::string bytes;
  AppendText(bytes, write.ledger);
  AppendLittle(bytes, write.applied_size);
  for (const StateRow& row : write.rows) {
    AppendText(bytes, row.key);
    AppendText(bytes, row.value);
  }
  return bytes;
}

// Of bytes whose hash was checked.
StateWrite Decode(std::string_view bytes) {
  ByteReader reader(bytes);
  StateWrite write;
  write.ledger = TakeText(reader).value();
  write.applied_size = reader.TakeLittle<uint64_t>().value();
  while (!reader.rest().empty()) {
    std::string key = TakeText(reader).value();
    write.rows.push_back({std::move(key), TakeText(reader).value()});
  }
  return write;
}

}  // namespace

std::string SimulatedStateStore::RunName(uint64_t number) const {
  return Text(dir_, "/state/", number, ".run");
}

Hash SimulatedStateStore::LinkOf(const Hash& hash) const {
  return Sha256(Text(AsBytes(link_), AsBytes(hash)));
}

absl::StatusOr<std::unique_ptr<SimulatedStateStore>> SimulatedStateStore::Open(
    SimulatedDisk& disk, const std::string& dir, const Warn& warn) {
  if (absl::Status s = disk.MakeFolders(dir + "/state"); !s.ok()) return s;
  std::unique_ptr<SimulatedStateStore> store(new SimulatedStateStore(disk, dir));
  const absl::Status read = store->Read();
  if (read.ok()) return store;
  if (!absl::IsDataLoss(read)) return read;
  warn(Text("the state store starts empty and is rebuilt from the log: ", MessageOf(read)));
  if (absl::Status s = disk.RemoveTree(dir + "/state"); !s.ok()) return s;
  if (absl::Status s = disk.MakeFolders(dir + "/state"); !s.ok()) return s;
  if (absl::Status s = disk.SyncFolder(dir); !s.ok()) return s;
  store.reset(new SimulatedStateStore(disk, dir));
  if (absl::Status s = store->Read(); !s.ok()) return s;
  return store;
}

absl::Status SimulatedStateStore::Read() {
  const std::string name = dir_ + "/state/list";
  absl::StatusOr<std::unique_ptr<File>> list = disk_.Open(name, OpenMode::kReadWrite);
  if (absl::IsNotFound(list.status())) {
    list = disk_.Open(name, OpenMode::kMakeEmpty);
    if (list.ok()) {
      if (absl::Status s = disk_.SyncFolder(dir_ + "/state"); !s.ok()) return s;
    }
  }
  if (!list.ok()) return list.status();
  list_ = *std::move(list);
  const absl::StatusOr<uint64_t> size = list_->Size();
  if (!size.ok()) return size.status();
  for (; list_bytes_ + kEntryBytes <= *size; list_bytes_ += kEntryBytes) {
    const absl::StatusOr<std::string> entry = list_->ReadAt(list_bytes_, kEntryBytes);
    if (!entry.ok()) return entry.status();
    ByteReader reader(*entry);
    const Hash hash = *reader.TakeHash();
    const Hash link = *reader.TakeHash();
    // Torn, or left of an earlier life: it was never acknowledged, or is damaged.
    if (link != LinkOf(hash)) break;
    absl::StatusOr<std::string> run = ReadWholeFile(disk_, RunName(runs_ + 1), SIZE_MAX);
    if (absl::IsNotFound(run.status())) return absl::DataLossError("a run is missing");
    if (!run.ok()) return run.status();
    // A run is synced before the list names it.
    if (Sha256(*run) != hash) return absl::DataLossError("a run fails its checksum");
    Take(Decode(*run));
    link_ = link;
    ++runs_;
  }
  return absl::OkStatus();
}

void SimulatedStateStore::Take(const StateWrite& write) {
  if (write.applied_size == 0) {
    ledgers_.erase(write.ledger);
    return;
  }
  Stored& stored = ledgers_[write.ledger];
  stored.applied_size = write.applied_size;
  for (const StateRow& row : write.rows) {
    if (row.value.empty()) {
      stored.rows.erase(row.key);
    } else {
      stored.rows[row.key] = row.value;
    }
  }
}

absl::Status SimulatedStateStore::Add(const StateWrite& write) {
  const std::string bytes = Encode(write);
  const std::string name = RunName(runs_ + 1);
  absl::StatusOr<std::unique_ptr<File>> run = disk_.Open(name, OpenMode::kMakeEmpty);
  if (!run.ok()) return run.status();
  if (absl::Status s = (*run)->WriteAt(bytes, 0); !s.ok()) return s;
  if (absl::Status s = (*run)->SyncData(); !s.ok()) return s;
  if (absl::Status s = disk_.SyncFolder(dir_ + "/state"); !s.ok()) return s;
  std::string entry;
  const Hash hash = Sha256(bytes);
  const Hash link = LinkOf(hash);
  entry += AsBytes(hash);
  entry += AsBytes(link);
  if (absl::Status s = list_->WriteAt(entry, list_bytes_); !s.ok()) return s;
  if (absl::Status s = list_->SyncData(); !s.ok()) return s;
  list_bytes_ += kEntryBytes;
  link_ = link;
  ++runs_;
  Take(write);
  return absl::OkStatus();
}

absl::Status SimulatedStateStore::Write(StateWrite write) {
  MB_CHECK(write.applied_size > 0);
  MB_CHECK(write.applied_size >= AppliedSize(write.ledger));
  return Add(write);
}

absl::Status SimulatedStateStore::Discard(std::string_view ledger) {
  if (AppliedSize(ledger) == 0) return absl::OkStatus();
  return Add({.ledger = std::string(ledger), .applied_size = 0, .rows = {}});
}

uint64_t SimulatedStateStore::AppliedSize(std::string_view ledger) const {
  const auto found = ledgers_.find(ledger);
  return found == ledgers_.end() ? 0 : found->second.applied_size;
}

absl::Status SimulatedStateStore::Load(
    std::string_view ledger,
    absl::FunctionRef<absl::Status(std::string_view, std::string_view)> visit) const {
  const auto found = ledgers_.find(ledger);
  if (found == ledgers_.end()) return absl::OkStatus();
  for (const auto& [key, value] : found->second.rows) {
    if (absl::Status s = visit(key, value); !s.ok()) return s;
  }
  return absl::OkStatus();
}

}  // namespace meritbook::sim
