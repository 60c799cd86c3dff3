#include "tests/sim/simulated_log_rows.h"

#include <cstring>
#include <optional>
#include <utility>

#include "ledger/check.h"
#include "ledger/sha256.h"
#include "ledger/text.h"
#include "storage/byte_codec.h"

namespace meritbook::sim {
namespace {

constexpr size_t kHeadBytes = 16;

uint64_t Checksum(std::string_view bytes) {
  const Hash hash = Sha256(bytes);
  uint64_t word = 0;
  std::memcpy(&word, hash.data(), sizeof word);
  return word;
}

uint64_t Checksum(uint32_t number, std::string_view rows) {
  return Checksum(Text(number, "|", rows));
}

std::string FileOf(const std::string& dir) { return dir + "/log/rows"; }

std::string Encode(const std::vector<LogRow>& rows) {
  std::string bytes;
  for (const LogRow& row : rows) {
    AppendLittle(bytes, static_cast<uint32_t>(row.key.size()));
    AppendLittle(bytes, static_cast<uint32_t>(row.value.size()));
    bytes += row.key;
    bytes += row.value;
  }
  return bytes;
}

std::string Batch(uint32_t number, std::string_view rows) {
  std::string bytes;
  AppendLittle(bytes, static_cast<uint32_t>(rows.size()));
  AppendLittle(bytes, number);
  AppendLittle(bytes, Checksum(number, rows));
  bytes += rows;
  return bytes;
}

}  // namespace

class SimulatedCursor final : public LogCursor {
 public:
  SimulatedCursor(const SimulatedLogRows* rows, CursorRange range)
      : rows_(*rows), range_(std::move(range)), at_(rows_.rows_.end()) {}

  void Seek(std::string_view key) override {
    at_ = rows_.rows_.lower_bound(key);
    Fetch();
  }
  void SeekForPrev(std::string_view key) override {
    at_ = rows_.rows_.upper_bound(key);
    at_ = at_ == rows_.rows_.begin() ? rows_.rows_.end() : std::prev(at_);
    Fetch();
  }
  void Next() override {
    ++at_;
    Fetch();
  }
  bool Valid() const override {
    return status_.ok() && at_ != rows_.rows_.end() && !(range_.end && at_->first >= *range_.end);
  }
  std::string_view key() const override { return at_->first; }
  std::string_view value() const override { return value_; }
  absl::Status status() const override { return status_; }

 private:
  void Fetch() {
    if (!Valid()) return;
    const auto& place = at_->second;
    absl::StatusOr<std::string> value = rows_.file_->ReadAt(place.offset, place.size);
    if (!value.ok()) {
      status_ = value.status();
      return;
    }
    value_ = *std::move(value);
    if (rows_.habits_.verifies_reads && Checksum(value_) != place.checksum) {
      status_ = absl::DataLossError("a block fails its checksum");
    }
  }

  const SimulatedLogRows& rows_;
  const CursorRange range_;
  std::map<std::string, SimulatedLogRows::Place, std::less<>>::const_iterator at_;
  std::string value_;
  absl::Status status_;
};

absl::Status SimulatedLogRows::Create(SimulatedDisk& disk, const std::string& dir) {
  const std::string unfinished = dir + "/log.new";
  if (absl::Status s = disk.RemoveTree(unfinished); !s.ok()) return s;
  if (absl::Status s = disk.MakeFolders(unfinished); !s.ok()) return s;
  const auto file = disk.Open(unfinished + "/rows", OpenMode::kMakeEmpty);
  if (!file.ok()) return file.status();
  if (absl::Status s = disk.SyncFolder(unfinished); !s.ok()) return s;
  if (absl::Status s = disk.Rename(unfinished, dir + "/log"); !s.ok()) return s;
  return disk.SyncFolder(dir);
}

absl::StatusOr<std::unique_ptr<LogRows>> SimulatedLogRows::Open(SimulatedDisk& disk,
                                                                const std::string& dir,
                                                                const RowsHabits& habits,
                                                                bool for_writing) {
  std::unique_ptr<SimulatedLogRows> rows(new SimulatedLogRows(habits));
  absl::StatusOr<std::unique_ptr<File>> file = disk.Open(FileOf(dir), OpenMode::kRead);
  if (absl::IsNotFound(file.status())) return absl::DataLossError(Text(FileOf(dir), " is missing"));
  if (!file.ok()) return file.status();
  rows->file_ = *std::move(file);
  if (absl::Status s = rows->Read(*rows->file_); !s.ok()) return s;
  if (!for_writing) return rows;

  const absl::StatusOr<std::string> whole = rows->file_->ReadAt(0, rows->end_);
  if (!whole.ok()) return whole.status();
  const std::string anew = FileOf(dir) + ".new";
  file = disk.Open(anew, OpenMode::kMakeEmpty);
  if (!file.ok()) return file.status();
  if (absl::Status s = (*file)->WriteAt(*whole, 0); !s.ok()) return s;
  if (absl::Status s = (*file)->SyncData(); !s.ok()) return s;
  if (absl::Status s = disk.Rename(anew, FileOf(dir)); !s.ok()) return s;
  if (absl::Status s = disk.SyncFolder(dir + "/log"); !s.ok()) return s;
  rows->file_ = *std::move(file);
  return rows;
}

absl::Status SimulatedLogRows::Read(File& file) {
  const absl::StatusOr<uint64_t> size = file.Size();
  if (!size.ok()) return size.status();
  const absl::StatusOr<std::string> bytes = file.ReadAt(0, *size);
  if (!bytes.ok()) return bytes.status();
  while (end_ + kHeadBytes <= bytes->size()) {
    ByteReader head(std::string_view(*bytes).substr(end_, kHeadBytes));
    const uint32_t rows_bytes = *head.TakeLittle<uint32_t>();
    const uint32_t number = *head.TakeLittle<uint32_t>();
    const uint64_t checksum = *head.TakeLittle<uint64_t>();
    const uint64_t next = end_ + kHeadBytes + rows_bytes;
    const bool cut = next > bytes->size();
    const std::string_view rows =
        cut ? std::string_view() : std::string_view(*bytes).substr(end_ + kHeadBytes, rows_bytes);
    if (cut || number != batches_ || Checksum(number, rows) != checksum ||
        !Index(rows, end_ + kHeadBytes)) {
      const bool in_the_midst = !cut && next < bytes->size();
      if (in_the_midst && !habits_.silent_about_damage) {
        return absl::DataLossError(Text("the log is corrupted at byte ", end_));
      }
      break;
    }
    end_ = next;
    ++batches_;
  }
  return absl::OkStatus();
}

bool SimulatedLogRows::Index(std::string_view rows, uint64_t offset) {
  ByteReader reader(rows);
  while (!reader.rest().empty()) {
    const std::optional<uint32_t> key_bytes = reader.TakeLittle<uint32_t>();
    const std::optional<uint32_t> value_bytes = reader.TakeLittle<uint32_t>();
    if (!key_bytes || !value_bytes) return false;
    const std::optional<std::string_view> key = reader.Take(*key_bytes);
    const std::optional<std::string_view> value = reader.Take(*value_bytes);
    if (!key || !value) return false;
    rows_[std::string(*key)] = {offset + static_cast<uint64_t>(value->data() - rows.data()),
                                value->size(), Checksum(*value)};
  }
  return true;
}

absl::Status SimulatedLogRows::Write(const std::vector<LogRow>& rows) {
  const std::string encoded = Encode(rows);
  if (absl::Status s = file_->WriteAt(Batch(batches_, encoded), end_); !s.ok()) return s;
  if (absl::Status s = file_->SyncData(); !s.ok()) return s;
  MB_CHECK(Index(encoded, end_ + kHeadBytes));
  end_ += kHeadBytes + encoded.size();
  ++batches_;
  return absl::OkStatus();
}

std::unique_ptr<LogCursor> SimulatedLogRows::NewCursor(CursorRange range) const {
  return std::make_unique<SimulatedCursor>(this, std::move(range));
}

}  // namespace meritbook::sim
