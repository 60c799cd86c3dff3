// mark   = "MBBK" version:u32=1 id:u32 made_us:u64 bytes:u64 new_bytes:u64 list-hash count:u32
//          ledger* hash                                       hash: SHA-256 of the bytes before it
// ledger = name-length:u8 name size:u64 last-hash last-epoch:u64 writer-epoch:u64 writer-nonce:u64
#include "storage/backup_mark.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "ledger/text.h"
#include "storage/byte_codec.h"
#include "storage/event_log.h"

namespace meritbook {
namespace {

// On disk. Never renumber.
constexpr std::string_view kMagic = "MBBK";
constexpr uint32_t kVersion = 1;
constexpr size_t kMarkBytesMax = 64 << 20;
constexpr size_t kListBytesMax = 256 << 20;

constexpr std::string_view kUnfinishedSuffix = "~";

std::string MarksFolder(const std::string& folder) { return folder + "/marks"; }
std::string MarkPath(const std::string& folder, uint32_t id) { return Text(folder, "/marks/", id); }

std::optional<uint32_t> IdOf(std::string_view name) {
  uint32_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error != std::errc() || end != name.data() + name.size() || id == 0) return std::nullopt;
  return id;
}

bool TakeLedger(ByteReader& reader, LedgerTails& ledgers) {
  const auto length = reader.TakeLittle<uint8_t>();
  const auto name = length ? reader.Take(*length) : std::nullopt;
  const auto size = reader.TakeLittle<uint64_t>();
  const auto last_hash = reader.TakeHash();
  const auto last_epoch = reader.TakeLittle<uint64_t>();
  const auto epoch = reader.TakeLittle<uint64_t>();
  const auto nonce = reader.TakeLittle<uint64_t>();
  if (!name || !size || !last_hash || !last_epoch || !epoch || !nonce) return false;
  if (!CheckLedgerId(*name).ok()) return false;
  const LedgerTail tail{.size = *size,
                        .last_hash = *last_hash,
                        .last_epoch = *last_epoch,
                        .writer = {.epoch = *epoch, .nonce = *nonce}};
  return ledgers.emplace(*name, tail).second;
}

std::optional<BackupMark> TakeMark(ByteReader& reader) {
  BackupMark mark;
  if (reader.Take(kMagic.size()) != kMagic) return std::nullopt;
  if (reader.TakeLittle<uint32_t>() != kVersion) return std::nullopt;
  const auto id = reader.TakeLittle<uint32_t>();
  const auto made_us = reader.TakeLittle<uint64_t>();
  const auto bytes = reader.TakeLittle<uint64_t>();
  const auto new_bytes = reader.TakeLittle<uint64_t>();
  const auto list_hash = reader.TakeHash();
  const auto count = reader.TakeLittle<uint32_t>();
  if (!id || !made_us || !bytes || !new_bytes || !list_hash || !count) return std::nullopt;
  mark.id = *id;
  mark.made_us = static_cast<int64_t>(*made_us);
  mark.bytes = *bytes;
  mark.new_bytes = *new_bytes;
  mark.list_hash = *list_hash;
  for (uint32_t i = 0; i < *count; ++i) {
    if (!TakeLedger(reader, mark.ledgers)) return std::nullopt;
  }
  if (!reader.rest().empty()) return std::nullopt;
  return mark;
}

}  // namespace

std::string EncodeBackupMark(const BackupMark& mark) {
  std::string bytes(kMagic);
  AppendLittle(bytes, kVersion);
  AppendLittle(bytes, mark.id);
  AppendLittle(bytes, static_cast<uint64_t>(mark.made_us));
  AppendLittle(bytes, mark.bytes);
  AppendLittle(bytes, mark.new_bytes);
  bytes.append(AsBytes(mark.list_hash));
  AppendLittle(bytes, static_cast<uint32_t>(mark.ledgers.size()));
  for (const auto& [name, tail] : mark.ledgers) {
    AppendLittle(bytes, static_cast<uint8_t>(name.size()));
    bytes.append(name);
    AppendLittle(bytes, tail.size);
    bytes.append(AsBytes(tail.last_hash));
    AppendLittle(bytes, tail.last_epoch);
    AppendLittle(bytes, tail.writer.epoch);
    AppendLittle(bytes, tail.writer.nonce);
  }
  const Hash hash = Sha256(bytes);
  bytes.append(AsBytes(hash));
  return bytes;
}

absl::StatusOr<BackupMark> DecodeBackupMark(std::string_view bytes) {
  if (bytes.size() < sizeof(Hash)) return absl::DataLossError("too short");
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof(Hash));
  const Hash hash = Sha256(body);
  if (bytes.substr(body.size()) != AsBytes(hash)) return absl::DataLossError("its hash differs");
  ByteReader reader(body);
  std::optional<BackupMark> mark = TakeMark(reader);
  if (!mark) return absl::DataLossError("not a mark of this version");
  return *std::move(mark);
}

absl::Status WriteBackupMark(Disk& disk, const std::string& folder, const BackupMark& mark) {
  if (absl::Status s = disk.MakeFolders(MarksFolder(folder)); !s.ok()) return s;
  if (absl::Status s = disk.SyncFolder(folder); !s.ok()) return s;
  const std::string path = MarkPath(folder, mark.id);
  const std::string unfinished = Text(path, kUnfinishedSuffix);
  {
    const absl::StatusOr<std::unique_ptr<File>> file = disk.Open(unfinished, OpenMode::kMakeEmpty);
    if (!file.ok()) return file.status();
    if (absl::Status s = (*file)->WriteAt(EncodeBackupMark(mark), 0); !s.ok()) return s;
    if (absl::Status s = (*file)->SyncData(); !s.ok()) return s;
  }
  if (absl::Status s = disk.Rename(unfinished, path); !s.ok()) return s;
  return disk.SyncFolder(MarksFolder(folder));
}

absl::StatusOr<Hash> HashOfFileList(Disk& disk, const std::string& folder, uint32_t id) {
  const absl::StatusOr<std::string> list =
      ReadWholeFile(disk, Text(folder, "/meta/", id), kListBytesMax);
  if (!list.ok()) return list.status();
  return Sha256(*list);
}

absl::StatusOr<BackupMark> ReadBackupMark(Disk& disk, const std::string& folder, uint32_t id) {
  const std::string path = MarkPath(folder, id);
  const absl::StatusOr<std::string> bytes = ReadWholeFile(disk, path, kMarkBytesMax);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(Text("there is no backup ", id, " in ", folder));
  }
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<BackupMark> mark = DecodeBackupMark(*bytes);
  if (!mark.ok()) {
    return absl::DataLossError(
        Text("backup ", id, ": its mark ", path, " is damaged: ", MessageOf(mark.status())));
  }
  if (mark->id != id) {
    return absl::DataLossError(
        Text("backup ", id, ": ", path, " is the mark of backup ", mark->id));
  }
  const absl::StatusOr<Hash> list_hash = HashOfFileList(disk, folder, id);
  if (!list_hash.ok() || *list_hash != mark->list_hash) {
    return absl::DataLossError(Text("backup ", id, ": its list of files ", folder, "/meta/", id,
                                    list_hash.ok() ? " was changed" : " can't be read"));
  }
  return mark;
}

absl::StatusOr<std::vector<uint32_t>> ListBackupIds(Disk& disk, const std::string& folder) {
  std::vector<uint32_t> ids;
  const absl::StatusOr<bool> exists = disk.Exists(MarksFolder(folder));
  if (!exists.ok()) return exists.status();
  if (!*exists) return ids;
  const absl::StatusOr<std::vector<std::string>> names = disk.List(MarksFolder(folder));
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (const std::optional<uint32_t> id = IdOf(name)) ids.push_back(*id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::StatusOr<std::vector<BackupMark>> ListBackupMarks(Disk& disk, const std::string& folder) {
  const absl::StatusOr<std::vector<uint32_t>> ids = ListBackupIds(disk, folder);
  if (!ids.ok()) return ids.status();
  std::vector<BackupMark> marks;
  for (const uint32_t id : *ids) {
    absl::StatusOr<BackupMark> mark = ReadBackupMark(disk, folder, id);
    if (absl::IsNotFound(mark.status())) continue;  // removed meanwhile
    if (!mark.ok()) return mark.status();
    marks.push_back(*std::move(mark));
  }
  return marks;
}

absl::Status RemoveBackupMark(Disk& disk, const std::string& folder, uint32_t id) {
  const absl::StatusOr<bool> exists = disk.Exists(MarksFolder(folder));
  if (!exists.ok()) return exists.status();
  if (!*exists) return absl::OkStatus();
  if (absl::Status s = disk.RemoveTree(MarkPath(folder, id)); !s.ok()) return s;
  return disk.SyncFolder(MarksFolder(folder));
}

}  // namespace meritbook
