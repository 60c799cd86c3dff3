#include "storage/log_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/text.h"
#include "storage/batch_record.h"
#include "storage/log_key.h"
#include "storage/rocks_glue.h"

namespace meritbook {
namespace {

bool IsFull(const EventRun& run, const ReadRange& range) {
  return run.size() >= range.max_events || (!run.empty() && run.bytes.size() >= range.max_bytes);
}

uint64_t NextSequence(const EventRun& run, const ReadRange& range) {
  return range.from + run.size();
}

// Adds what `events`, which begin at `first_sequence`, have of the range.
void AddEvents(const EventRun& events, uint64_t first_sequence, const ReadRange& range,
               EventRun& run) {
  for (uint64_t i = NextSequence(run, range) - first_sequence; i < events.size(); ++i) {
    if (first_sequence + i >= range.end || IsFull(run, range)) return;
    run.Add(events[i]);
  }
}

absl::Status Damaged(const ReadRange& range, uint64_t sequence, std::string_view what) {
  return absl::DataLossError(Text("ledger '", range.ledger, "', sequence ", sequence, ": ", what));
}

}  // namespace

std::shared_ptr<const LogReader::KeptRecord> LogReader::Kept(std::string_view ledger,
                                                             uint64_t sequence) const {
  const std::lock_guard lock(mutex_);
  for (const std::shared_ptr<const KeptRecord>& record : kept_) {
    if (record && record->ledger == ledger && record->first_sequence <= sequence &&
        sequence - record->first_sequence < record->events.size()) {
      return record;
    }
  }
  return nullptr;
}

void LogReader::Keep(std::shared_ptr<const KeptRecord> record) const {
  const std::lock_guard lock(mutex_);
  kept_[oldest_].swap(record);
  oldest_ = (oldest_ + 1) % kKeptRecordsMax;
}

absl::StatusOr<EventRun> LogReader::Read(const ReadRange& range) const {
  EventRun run;
  if (range.from >= range.end || range.max_events == 0) return run;
  const std::shared_ptr<const KeptRecord> kept = Kept(range.ledger, range.from);
  if (kept) AddEvents(kept->events, kept->first_sequence, range, run);
  if (!IsFull(run, range) && NextSequence(run, range) < range.end) {
    if (absl::Status s = ReadRecords(range, run); !s.ok()) return s;
  }
  return run;
}

absl::Status LogReader::ReadRecords(const ReadRange& range, EventRun& run) const {
  const std::string upper_key = LedgerKeysEnd(range.ledger);
  const rocksdb::Slice upper(upper_key);
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> rows(database_->NewIterator(options));

  std::optional<Hash> previous;
  for (rows->SeekForPrev(RecordKey(range.ledger, NextSequence(run, range)));
       !IsFull(run, range) && NextSequence(run, range) < range.end; rows->Next()) {
    const uint64_t sequence = NextSequence(run, range);
    if (!rows->Valid()) {
      if (rows->status().ok()) return Damaged(range, sequence, "the record is missing");
      return FromRocks(rows->status(), Text("ledger '", range.ledger, "', sequence ", sequence));
    }
    const absl::StatusOr<LogKey> key = DecodeLogKey(ToView(rows->key()));
    if (!key.ok()) return Damaged(range, sequence, MessageOf(key.status()));
    if (key->ledger != range.ledger || !key->first_sequence) {
      return Damaged(range, sequence, "the record is missing");
    }
    const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(ToView(rows->value()));
    if (!record.ok()) return Damaged(range, sequence, MessageOf(record.status()));
    const RecordHeader& header = record->header;
    if (header.ledger != range.ledger || header.first_sequence != *key->first_sequence) {
      return Damaged(range, sequence, "another record lies in its place");
    }
    if (header.first_sequence > sequence || record->end_sequence() <= sequence) {
      return Damaged(range, sequence, "the record is missing");
    }
    if (previous && header.previous != *previous) {
      return Damaged(range, header.first_sequence,
                     "the record does not name the one before it by its hash");
    }
    previous = record->hash;

    auto kept = std::make_shared<KeptRecord>();
    kept->ledger = range.ledger;
    kept->first_sequence = header.first_sequence;
    kept->events = record->events();
    AddEvents(kept->events, kept->first_sequence, range, run);
    // A reader comes back for the rest of the record it stopped in, or for its neighbours.
    if (IsFull(run, range) || NextSequence(run, range) == range.end) Keep(std::move(kept));
  }
  return absl::OkStatus();
}

}  // namespace meritbook
