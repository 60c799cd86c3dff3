// Owns: the way of a scrubber's reads through RocksDB to the disk.
// Promises: what a thread reads of a table while it has a ScrubReading was not lying in the page
//           cache before, so that it is what the disk has now.
// Thread: any; a ScrubReading belongs to the thread that made it.
//
// Turned down: a second, read-only RocksDB with direct reads. It replays the write-ahead log into
// memory, loses files to compactions while it opens, and tmpfs has no direct reads. And dropping
// whole tables, which takes the pages of everybody else's reads away too.
#ifndef MERITBOOK_STORAGE_SCRUB_READING_H_
#define MERITBOOK_STORAGE_SCRUB_READING_H_

#include <memory>

#include "rocksdb/file_system.h"

namespace meritbook {

class ScrubReading {
 public:
  explicit ScrubReading(bool on);
  ~ScrubReading();
  ScrubReading(const ScrubReading&) = delete;
  ScrubReading& operator=(const ScrubReading&) = delete;

 private:
  const bool before_;
};

// The file, whose reads heed ScrubReading.
std::unique_ptr<rocksdb::FSRandomAccessFile> HeedScrubReading(
    std::unique_ptr<rocksdb::FSRandomAccessFile> file);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_SCRUB_READING_H_
