// note = "MBLN" version:u32=1 kept_size:u64 guard_size:u64 guard-hash text(ledger)
// text(declared_by)
//        text(reason_code) hash            text = length:u8 bytes; hash: SHA-256 of the bytes
//        before
#include "storage/loss_note.h"

#include <memory>
#include <optional>
#include <utility>

#include "ledger/text.h"
#include "storage/byte_codec.h"
#include "storage/event_log.h"

namespace meritbook {
namespace {

// On disk. Never renumber.
constexpr std::string_view kMagic = "MBLN";
constexpr uint32_t kVersion = 1;
constexpr size_t kNoteBytesMax = 4'096;

constexpr std::string_view kUnfinishedSuffix = "~";

void AppendText(std::string& out, std::string_view text) {
  AppendLittle(out, static_cast<uint8_t>(text.size()));
  out.append(text);
}

std::optional<std::string> TakeText(ByteReader& reader) {
  const auto length = reader.TakeLittle<uint8_t>();
  const auto text = length ? reader.Take(*length) : std::nullopt;
  if (!text) return std::nullopt;
  return std::string(*text);
}

}  // namespace

std::string EncodeLossNote(const LossNote& note) {
  std::string bytes(kMagic);
  AppendLittle(bytes, kVersion);
  AppendLittle(bytes, note.kept_size);
  AppendLittle(bytes, note.guard_size);
  bytes.append(AsBytes(note.guard_hash));
  AppendText(bytes, note.ledger);
  AppendText(bytes, note.declared_by);
  AppendText(bytes, note.reason_code);
  const Hash hash = Sha256(bytes);
  bytes.append(AsBytes(hash));
  return bytes;
}

absl::StatusOr<LossNote> DecodeLossNote(std::string_view bytes) {
  ByteReader reader(bytes);
  reader.Take(kMagic.size() + sizeof(kVersion));
  const auto kept_size = reader.TakeLittle<uint64_t>();
  const auto guard_size = reader.TakeLittle<uint64_t>();
  const auto guard_hash = reader.TakeHash();
  auto ledger = TakeText(reader);
  auto declared_by = TakeText(reader);
  auto reason_code = TakeText(reader);
  if (!kept_size || !guard_size || !guard_hash || !ledger || !declared_by || !reason_code) {
    return absl::DataLossError("too short");
  }
  LossNote note{.ledger = *std::move(ledger),
                .kept_size = *kept_size,
                .guard_size = *guard_size,
                .guard_hash = *guard_hash,
                .declared_by = *std::move(declared_by),
                .reason_code = *std::move(reason_code)};
  // To encode it again checks magic, version, hash and end at once.
  if (EncodeLossNote(note) != bytes) return absl::DataLossError("its hash or its form differs");
  return note;
}

absl::Status WriteLossNote(Disk& disk, const std::string& folder, const LossNote& note) {
  const std::string path = Text(folder, "/", note.ledger);
  const std::string unfinished = Text(path, kUnfinishedSuffix);
  {
    const absl::StatusOr<std::unique_ptr<File>> file = disk.Open(unfinished, OpenMode::kMakeEmpty);
    if (!file.ok()) return file.status();
    if (absl::Status s = (*file)->WriteAt(EncodeLossNote(note), 0); !s.ok()) return s;
    if (absl::Status s = (*file)->SyncData(); !s.ok()) return s;
  }
  if (absl::Status s = disk.Rename(unfinished, path); !s.ok()) return s;
  return disk.SyncFolder(folder);
}

absl::StatusOr<std::vector<LossNote>> ReadLossNotes(Disk& disk, const std::string& folder) {
  std::vector<LossNote> notes;
  const absl::StatusOr<bool> exists = disk.Exists(folder);
  if (!exists.ok()) return exists.status();
  if (!*exists) return notes;
  const absl::StatusOr<std::vector<std::string>> names = disk.List(folder);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (name.ends_with(kUnfinishedSuffix)) continue;
    const std::string path = Text(folder, "/", name);
    const absl::StatusOr<std::string> bytes = ReadWholeFile(disk, path, kNoteBytesMax);
    if (!bytes.ok()) return bytes.status();
    absl::StatusOr<LossNote> note = DecodeLossNote(*bytes);
    if (!note.ok()) {
      return absl::DataLossError(
          Text("the note of a loss ", path, " is damaged: ", MessageOf(note.status())));
    }
    if (note->ledger != name) {
      return absl::DataLossError(Text(path, " is the note of ledger '", note->ledger, "'"));
    }
    notes.push_back(*std::move(note));
  }
  return notes;
}

absl::Status RemoveLossNote(Disk& disk, const std::string& folder, std::string_view ledger) {
  if (absl::Status s = disk.RemoveTree(Text(folder, "/", ledger)); !s.ok()) return s;
  return disk.SyncFolder(folder);
}

}  // namespace meritbook
