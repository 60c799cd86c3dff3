#include "storage/log_cut.h"

#include <memory>
#include <utility>

#include "ledger/text.h"
#include "meritbook/v1/event.pb.h"
#include "rocksdb/write_batch.h"
#include "storage/batch_record.h"
#include "storage/log_key.h"
#include "storage/rocks_glue.h"
#include "storage/writer_row.h"

namespace meritbook {
namespace {

// The record that has the event.
absl::StatusOr<BatchRecordView> RecordWith(LogCursor& cursor, const std::string& ledger,
                                           uint64_t sequence) {
  cursor.SeekForPrev(RecordKey(ledger, sequence));
  if (!cursor.status().ok()) return cursor.status();
  if (!cursor.Valid() || cursor.key() < RecordKey(ledger, 0)) {
    return absl::DataLossError(Text("ledger '", ledger, "', sequence ", sequence, " is missing"));
  }
  absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(cursor.value());
  if (record.ok() && record->end_sequence() <= sequence) {
    return absl::DataLossError(Text("ledger '", ledger, "', sequence ", sequence, " is missing"));
  }
  return record;
}

absl::Status CheckCommandEnds(const std::string& ledger, std::string_view last_event,
                              uint64_t size) {
  v1::Event event;
  if (!event.ParseFromArray(last_event.data(), static_cast<int>(last_event.size()))) {
    return absl::DataLossError(Text("ledger '", ledger, "', sequence ", size - 1, ": no event"));
  }
  const uint64_t begin = event.command_first_sequence();
  const uint64_t end = begin + event.command_event_count();
  if (end <= size) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Text("ledger '", ledger, "' can't be cut at ", size, ": events ", begin, " to ", end - 1,
           " are one command; the nearest sizes are ", begin, " and ", end));
}

}  // namespace

absl::StatusOr<LedgerTail> CutLedger(RocksLogRows& rows, const std::string& ledger,
                                     const LedgerTail& tail, uint64_t size,
                                     const WriterStamp& writer) {
  LedgerTail kept{.size = tail.size,
                  .last_hash = tail.last_hash,
                  .last_epoch = tail.last_epoch,
                  .writer = writer,
                  .marks = {}};
  rocksdb::WriteBatch batch;
  batch.Put(WriterRowKey(ledger), EncodeWriterRow(ledger, writer));
  if (size > tail.size || size == 0) {
    return absl::FailedPreconditionError(Text("ledger '", ledger, "' can't be cut at ", size,
                                              ": the backup has ", tail.size, " events of it"));
  }
  if (size < tail.size) {
    const auto cursor = rows.NewCursor({.end = LedgerKeysEnd(ledger)});
    const absl::StatusOr<BatchRecordView> record = RecordWith(*cursor, ledger, size - 1);
    if (!record.ok()) return record.status();
    const uint64_t first = record->header.first_sequence;
    const EventRun events = record->events();
    const size_t count = static_cast<size_t>(size - first);
    if (absl::Status s = CheckCommandEnds(ledger, events[count - 1], size); !s.ok()) return s;
    kept.size = size;
    kept.last_hash = record->hash;
    kept.last_epoch = record->header.writer.epoch;
    if (count < events.size()) {
      // By the new writer: two records of one writer may not begin at one sequence.
      const EncodedRecord cut = EncodeBatchRecord({.ledger = ledger,
                                                   .first_sequence = first,
                                                   .writer = writer,
                                                   .previous = record->header.previous},
                                                  events, 0, count);
      batch.Put(RecordKey(ledger, first), cut.bytes);
      kept.last_hash = cut.hash;
      kept.last_epoch = writer.epoch;
    }
    for (cursor->Next(); cursor->Valid(); cursor->Next()) {
      batch.Delete(rocksdb::Slice(cursor->key().data(), cursor->key().size()));
    }
    if (!cursor->status().ok()) return cursor->status();
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (absl::Status s = FromRocks(rows.database().Write(synced, &batch), "cutting the log");
      !s.ok()) {
    return s;
  }
  return kept;
}

absl::StatusOr<std::optional<Hash>> HashOfRecordEnd(const LogRows& rows, const std::string& ledger,
                                                    uint64_t size) {
  if (size == 0) return FirstPreviousHash(ledger);
  const auto cursor = rows.NewCursor({});
  const absl::StatusOr<BatchRecordView> record = RecordWith(*cursor, ledger, size - 1);
  if (!record.ok()) return record.status();
  if (record->end_sequence() != size) return std::nullopt;
  return record->hash;
}

}  // namespace meritbook
