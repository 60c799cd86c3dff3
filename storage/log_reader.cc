#include "storage/log_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/text.h"
#include "storage/log_key.h"

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
    if (IsFull(run, range)) return;
    run.Add(events[i]);
  }
}

absl::Status Damaged(std::string_view ledger, uint64_t sequence, std::string_view what) {
  return absl::DataLossError(Text("ledger '", ledger, "', sequence ", sequence, ": ", what));
}

// The record under the cursor, which should have the event `sequence`.
absl::StatusOr<BatchRecordView> RecordAt(const LogCursor& rows, std::string_view ledger,
                                         uint64_t sequence) {
  if (!rows.Valid()) {
    if (rows.status().ok()) return Damaged(ledger, sequence, "the record is missing");
    return absl::Status(rows.status().code(), Text("ledger '", ledger, "', sequence ", sequence,
                                                   ": ", MessageOf(rows.status())));
  }
  const absl::StatusOr<LogKey> key = DecodeLogKey(rows.key());
  if (!key.ok()) return Damaged(ledger, sequence, MessageOf(key.status()));
  if (key->ledger != ledger || !key->first_sequence) {
    return Damaged(ledger, sequence, "the record is missing");
  }
  const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(rows.value());
  if (!record.ok()) return Damaged(ledger, sequence, MessageOf(record.status()));
  const RecordHeader& header = record->header;
  if (header.ledger != ledger || header.first_sequence != *key->first_sequence) {
    return Damaged(ledger, sequence, "another record lies in its place");
  }
  if (header.first_sequence > sequence || record->end_sequence() <= sequence) {
    return Damaged(ledger, sequence, "the record is missing");
  }
  return record;
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
  const LogMark end = writer_->EndOf(range.ledger);
  if (range.from >= end.sequence || range.max_events == 0) return run;
  const std::shared_ptr<const KeptRecord> kept = Kept(range.ledger, range.from);
  if (kept) AddEvents(kept->events, kept->first_sequence, range, run);
  if (!IsFull(run, range) && NextSequence(run, range) < end.sequence) {
    if (absl::Status s = Noted(ReadRecords(range, end, run)); !s.ok()) return s;
  }
  return run;
}

absl::Status LogReader::ReadRecords(const ReadRange& range, const LogMark& end,
                                    EventRun& run) const {
  std::shared_ptr<KeptRecord> last;
  const Walk walk{.ledger = range.ledger, .from = NextSequence(run, range), .end = end};
  absl::Status status = VisitRecords(walk, [&](const BatchRecordView& record, size_t) {
    last = std::make_shared<KeptRecord>();
    last->ledger = range.ledger;
    last->first_sequence = record.header.first_sequence;
    last->events = record.events();
    AddEvents(last->events, last->first_sequence, range, run);
    return !IsFull(run, range);
  });
  // A reader comes back for the rest of the record it stopped in, or for its neighbours.
  if (status.ok()) Keep(std::move(last));
  return status;
}

absl::StatusOr<Verified> LogReader::Verify(std::string_view ledger, uint64_t from,
                                           size_t bytes_max) const {
  Verified verified{.end = from};
  const LogMark end = writer_->EndOf(ledger);
  if (from >= end.sequence) return verified;
  const Walk walk{.ledger = ledger, .from = from, .end = end, .from_disk = true};
  const absl::Status status =
      Noted(VisitRecords(walk, [&](const BatchRecordView& record, size_t bytes) {
        verified.end = record.end_sequence();
        verified.bytes += bytes;
        return verified.bytes < bytes_max;
      }));
  if (!status.ok()) return status;
  return verified;
}

absl::Status LogReader::VisitRecords(const Walk& walk, const Visit& visit) const {
  const std::unique_ptr<LogCursor> rows =
      rows_->NewCursor({.end = LedgerKeysEnd(walk.ledger), .from_disk = walk.from_disk});
  bool visiting = true;
  LogMark mark = walk.end;              // where the chain is followed to
  LogMark last{.sequence = walk.from};  // no record's yet
  uint64_t last_first = walk.from;
  bool first = true;
  for (rows->SeekForPrev(RecordKey(walk.ledger, walk.from)); last.sequence < mark.sequence;
       rows->Next()) {
    const absl::StatusOr<BatchRecordView> record = RecordAt(*rows, walk.ledger, last.sequence);
    if (!record.ok()) return record.status();
    if (!first && record->header.first_sequence != last.sequence) {
      return Damaged(walk.ledger, last.sequence, "the record is missing");
    }
    if (!first && record->header.previous != last.hash) {
      return Damaged(walk.ledger, last.sequence,
                     "the record does not name the one before it by its hash");
    }
    first = false;
    last_first = record->header.first_sequence;
    last = {.sequence = record->end_sequence(), .hash = record->hash};
    if (!visiting) continue;
    visiting = visit(*record, rows->value().size()) && last.sequence < walk.end.sequence;
    if (visiting) continue;
    const LogMark next = writer_->MarkAt(walk.ledger, last.sequence);
    // What was written since the walk began is not seen by it.
    if (next.sequence < mark.sequence) mark = next;
  }
  if (last == mark) return absl::OkStatus();
  return Damaged(walk.ledger, last_first,
                 "it is not the record that was verified at opening, or written since");
}

absl::Status LogReader::Noted(absl::Status status) const {
  if (!absl::IsDataLoss(status)) return status;
  {
    const std::lock_guard lock(mutex_);
    if (!damage_.ok()) return status;
    damage_ = status;
  }
  if (warn_) warn_(Text("the log is damaged, so no command is taken: ", MessageOf(status)));
  return status;
}

absl::Status LogReader::Damage() const {
  const std::lock_guard lock(mutex_);
  return damage_;
}

}  // namespace meritbook
