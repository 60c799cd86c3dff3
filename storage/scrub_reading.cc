#include "storage/scrub_reading.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace meritbook {
namespace {

// RocksDB's read options have no room for a wish of ours.
thread_local bool reads_for_scrubbing = false;

// A page that is dropped in part stays; 64 kB is the largest page of any machine.
constexpr uint64_t kPageBytesMax = 64 << 10;

class ScrubbableFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  using FSRandomAccessFileOwnerWrapper::FSRandomAccessFileOwnerWrapper;

  rocksdb::IOStatus Read(uint64_t offset, size_t size, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* debug) const override {
    if (reads_for_scrubbing) Drop(offset, size);
    return FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result, scratch, debug);
  }

  // What is read ahead into the page cache would be dropped unread. RocksDB then reads ahead into a
  // buffer of its own, by Read.
  rocksdb::IOStatus Prefetch(uint64_t offset, size_t size, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
    if (reads_for_scrubbing) return rocksdb::IOStatus::NotSupported("prefetch");
    return FSRandomAccessFileOwnerWrapper::Prefetch(offset, size, options, debug);
  }

 private:
  void Drop(uint64_t offset, size_t size) const {
    const uint64_t begin = offset / kPageBytesMax * kPageBytesMax;
    const uint64_t end = (offset + size + kPageBytesMax - 1) / kPageBytesMax * kPageBytesMax;
    // Where it isn't supported, the reading is one of the cache: no reason to fail.
    const_cast<ScrubbableFile*>(this)->InvalidateCache(begin, end - begin).PermitUncheckedError();
  }
};

}  // namespace

ScrubReading::ScrubReading(bool on) : before_(std::exchange(reads_for_scrubbing, on)) {}

ScrubReading::~ScrubReading() { reads_for_scrubbing = before_; }

std::unique_ptr<rocksdb::FSRandomAccessFile> HeedScrubReading(
    std::unique_ptr<rocksdb::FSRandomAccessFile> file) {
  return std::make_unique<ScrubbableFile>(std::move(file));
}

}  // namespace meritbook
