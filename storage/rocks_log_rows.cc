#include "storage/rocks_log_rows.h"

#include <algorithm>
#include <utility>

#include "rocksdb/metadata.h"
#include "rocksdb/write_batch.h"
#include "storage/rocks_glue.h"
#include "storage/scrub_reading.h"

namespace meritbook {
namespace {

constexpr size_t kReadaheadBytes = 4 << 20;
// Less, so that a scrubber's reading waits for no long one and delays none.
constexpr size_t kScrubReadaheadBytes = 256 << 10;

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

class RocksCursor final : public LogCursor {
 public:
  RocksCursor(rocksdb::DB& database, CursorRange range) : range_(std::move(range)) {
    rocksdb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    if (range_.reads_all) options.readahead_size = kReadaheadBytes;
    if (range_.from_disk) options.readahead_size = kScrubReadaheadBytes;
    if (range_.end) {
      end_ = ToSlice(*range_.end);
      options.iterate_upper_bound = &end_;
    }
    iterator_.reset(database.NewIterator(options));
  }

  void Seek(std::string_view key) override {
    const ScrubReading reading(range_.from_disk);
    iterator_->Seek(ToSlice(key));
  }
  void SeekForPrev(std::string_view key) override {
    const ScrubReading reading(range_.from_disk);
    iterator_->SeekForPrev(ToSlice(key));
  }
  void Next() override {
    const ScrubReading reading(range_.from_disk);
    iterator_->Next();
  }
  bool Valid() const override { return iterator_->Valid(); }
  std::string_view key() const override { return ToView(iterator_->key()); }
  std::string_view value() const override { return ToView(iterator_->value()); }
  absl::Status status() const override { return FromRocks(iterator_->status(), "reading"); }

 private:
  const CursorRange range_;
  rocksdb::Slice end_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace

absl::Status RocksLogRows::Write(const std::vector<LogRow>& rows) {
  size_t bytes = 64;
  for (const LogRow& row : rows) bytes += row.key.size() + row.value.size() + 16;
  rocksdb::WriteBatch batch(bytes);
  for (const LogRow& row : rows) batch.Put(row.key, row.value);
  return FromRocks(database_->Write(Synced(), &batch), "writing");
}

std::unique_ptr<LogCursor> RocksLogRows::NewCursor(CursorRange range) const {
  return std::make_unique<RocksCursor>(*database_, std::move(range));
}

std::vector<std::string> RocksLogRows::Divisions() const {
  std::vector<rocksdb::LiveFileMetaData> files;
  database_->GetLiveFilesMetaData(&files);
  std::vector<std::string> begins;
  begins.reserve(files.size());
  for (rocksdb::LiveFileMetaData& file : files) begins.push_back(std::move(file.smallestkey));
  std::sort(begins.begin(), begins.end());
  begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
  return begins;
}

absl::Status RocksLogRows::Flush() {
  return FromRocks(database_->Flush(rocksdb::FlushOptions()), "flushing");
}

absl::Status RocksLogRows::Close() {
  if (absl::Status s = Flush(); !s.ok()) return s;
  return FromRocks(database_->Close(), "closing");
}

}  // namespace meritbook
