// Owns: the batch record, the unit the log is stored in (grammar in storage/FORMAT.md).
// Promises: what decodes is exactly what was encoded; hostile bytes give a Status, never more.
// Thread: any; all values.
#ifndef MERITBOOK_STORAGE_BATCH_RECORD_H_
#define MERITBOOK_STORAGE_BATCH_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/sha256.h"
#include "storage/event_run.h"

namespace meritbook {

// Of a record's payload: two bytes of length and the bytes of each event. One event alone may
// exceed it. Small, because one event can't be had without reading and hashing its whole record.
inline constexpr size_t kRecordBytesMax = 65536;

// Who wrote a record. The nonce is random for every AcquireWriter, so that two copies of a store
// that both went on from the same epoch can be told apart.
struct WriterStamp {
  uint64_t epoch = 0;
  uint64_t nonce = 0;

  friend bool operator==(const WriterStamp&, const WriterStamp&) = default;
};

struct RecordHeader {
  std::string_view ledger;
  uint64_t first_sequence = 0;
  WriterStamp writer = {};
  Hash previous = {};  // the hash of the ledger's record before, or FirstPreviousHash
};

// What the first record of a ledger names as its previous hash, so that no record can be moved to
// another ledger: SHA-256("meritbook/log/1/" ‖ ledger).
Hash FirstPreviousHash(std::string_view ledger);

struct EncodedRecord {
  std::string bytes;
  Hash hash = {};  // checksum of this record, and what the next one names as previous
};

// Encodes events [begin, end) of `events`; they must fit one record.
EncodedRecord EncodeBatchRecord(const RecordHeader& header, const EventRun& events, size_t begin,
                                size_t end);

// Where to cut a run into records: the end index of each, as full as kRecordBytesMax allows.
std::vector<size_t> RecordCuts(const EventRun& events);

// A decoded record; the views point into the decoded bytes.
struct BatchRecordView {
  RecordHeader header;
  uint32_t event_count = 0;
  std::string_view event_lengths;  // two bytes each
  std::string_view event_bytes;
  Hash hash = {};

  uint64_t end_sequence() const { return header.first_sequence + event_count; }
  EventRun events() const;
};

// Strict: the checksum, every length and the absence of trailing bytes. kDataLoss says what is
// wrong; the caller adds where.
absl::StatusOr<BatchRecordView> DecodeBatchRecord(std::string_view bytes);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_BATCH_RECORD_H_
