// The keys are divided where table files begin, and the parts are scanned in parallel. A part
// yields spans: stretches of one ledger's records that were found to follow each other. Then the
// spans are joined, by the same rule that joins two records.
#include "storage/log_check.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "storage/log_key.h"
#include "storage/writer_row.h"

namespace meritbook {
namespace {

// Records of one ledger that follow each other; one record is a span as well.
struct Span {
  uint64_t first = 0;
  uint64_t end = 0;
  Hash previous = {};
  Hash last_hash = {};
  WriterStamp first_writer = {};
  WriterStamp last_writer = {};
};

struct LedgerPart {
  std::string ledger;
  std::optional<WriterStamp> writer_row;  // if the row lies in this part
  std::optional<Span> span;               // if there are records
  std::optional<Hash> hash_at_guard;      // of the record that ends where the guard says
  LogMarks marks;
};

struct Part {
  std::string begin;               // key
  std::optional<std::string> end;  // key; none: to the end
  absl::Status status;
  std::vector<LedgerPart> ledgers;
};

absl::Status Damaged(std::string_view ledger, uint64_t sequence, std::string_view what) {
  return absl::DataLossError(Text("ledger '", ledger, "', sequence ", sequence, ": ", what));
}

// The one rule by which the log hangs together.
absl::Status Join(Span& span, const Span& next, std::string_view ledger) {
  if (next.first != span.end) {
    return Damaged(ledger, span.end,
                   Text("missing: the record before ends here, the next begins at ", next.first));
  }
  if (next.previous != span.last_hash) {
    return Damaged(ledger, next.first, "the record does not name the one before it by its hash");
  }
  if (next.first_writer.epoch < span.last_writer.epoch) {
    return Damaged(ledger, next.first,
                   Text("written in epoch ", next.first_writer.epoch, ", after epoch ",
                        span.last_writer.epoch));
  }
  if (next.first_writer.epoch == span.last_writer.epoch &&
      next.first_writer.nonce != span.last_writer.nonce) {
    return Damaged(ledger, next.first, "two writers wrote in one epoch");
  }
  span.end = next.end;
  span.last_hash = next.last_hash;
  span.last_writer = next.last_writer;
  return absl::OkStatus();
}

absl::Status ScanRecord(const LogKey& key, std::string_view value, const Guards& guards,
                        LedgerPart& part) {
  const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(value);
  if (!record.ok()) return Damaged(key.ledger, *key.first_sequence, MessageOf(record.status()));
  if (record->header.ledger != key.ledger || record->header.first_sequence != *key.first_sequence) {
    return Damaged(key.ledger, *key.first_sequence,
                   Text("the record under this key is of ledger '", record->header.ledger,
                        "', sequence ", record->header.first_sequence));
  }
  const Span span{.first = record->header.first_sequence,
                  .end = record->end_sequence(),
                  .previous = record->header.previous,
                  .last_hash = record->hash,
                  .first_writer = record->header.writer,
                  .last_writer = record->header.writer};
  if (!part.span) {
    part.span = span;
  } else if (absl::Status s = Join(*part.span, span, key.ledger); !s.ok()) {
    return s;
  }
  part.marks.Add({.sequence = span.end, .hash = span.last_hash}, value.size());
  const auto guard = guards.find(key.ledger);
  if (guard != guards.end() && guard->second.mark().size == span.end) {
    part.hash_at_guard = span.last_hash;
  }
  return absl::OkStatus();
}

absl::Status ScanPart(const LogRows& rows, const Guards& guards, Part& part) {
  const std::unique_ptr<LogCursor> cursor = rows.NewCursor({.end = part.end, .reads_all = true});
  for (cursor->Seek(part.begin); cursor->Valid(); cursor->Next()) {
    const absl::StatusOr<LogKey> key = DecodeLogKey(cursor->key());
    if (!key.ok()) return key.status();
    if (part.ledgers.empty() || part.ledgers.back().ledger != key->ledger) {
      part.ledgers.emplace_back().ledger = key->ledger;
    }
    LedgerPart& ledger = part.ledgers.back();
    if (key->first_sequence) {
      if (absl::Status s = ScanRecord(*key, cursor->value(), guards, ledger); !s.ok()) return s;
    } else {
      const absl::StatusOr<WriterStamp> writer = DecodeWriterRow(key->ledger, cursor->value());
      if (!writer.ok()) return writer.status();
      ledger.writer_row = *writer;
    }
  }
  if (cursor->status().ok()) return absl::OkStatus();
  std::string where = "the log cannot be read";
  if (!part.ledgers.empty()) {
    const LedgerPart& last = part.ledgers.back();
    where += Text(" after ledger '", last.ledger, "', sequence ", last.span ? last.span->end : 0);
  }
  return absl::Status(cursor->status().code(), Text(where, ": ", MessageOf(cursor->status())));
}

std::vector<Part> Divide(const LogRows& rows) {
  std::vector<Part> parts(1);
  for (std::string& begin : rows.Divisions()) {
    parts.back().end = begin;
    parts.emplace_back().begin = std::move(begin);
  }
  return parts;
}

void ScanAll(const LogRows& rows, const Guards& guards, unsigned threads_max,
             std::vector<Part>& parts) {
  std::atomic<size_t> next = 0;
  const auto scan = [&] {
    for (size_t i = next++; i < parts.size(); i = next++) {
      parts[i].status = ScanPart(rows, guards, parts[i]);
      if (!parts[i].status.ok()) return;
    }
  };
  std::vector<std::thread> threads;
  const size_t thread_count = std::min<size_t>(parts.size(), threads_max);
  for (size_t i = 1; i < thread_count; ++i) threads.emplace_back(scan);
  scan();
  for (std::thread& thread : threads) thread.join();
}

// What is known of a ledger while its parts are joined.
struct JoinedLedger {
  WriterStamp writer_row;
  Span span;  // starts empty at 0
  std::optional<Hash> hash_at_guard;
  LogMarks marks;
};

using JoinedLedgers = std::map<std::string, JoinedLedger, std::less<>>;

absl::Status JoinPart(LedgerPart& part, JoinedLedgers& ledgers) {
  if (part.writer_row) {
    const Hash start = FirstPreviousHash(part.ledger);
    ledgers[part.ledger] = {.writer_row = *part.writer_row,
                            .span = {.previous = start, .last_hash = start},
                            .hash_at_guard = std::nullopt,
                            .marks = {}};
  }
  if (!part.writer_row && !part.span) return absl::OkStatus();  // its first row was damaged
  const auto found = ledgers.find(part.ledger);
  if (found == ledgers.end()) {
    return absl::DataLossError(
        Text("ledger '", part.ledger, "': it has records, but its writer row is missing"));
  }
  JoinedLedger& ledger = found->second;
  if (part.span) {
    if (absl::Status s = Join(ledger.span, *part.span, part.ledger); !s.ok()) return s;
  }
  if (part.hash_at_guard) ledger.hash_at_guard = part.hash_at_guard;
  ledger.marks.Join(std::move(part.marks));
  return absl::OkStatus();
}

absl::Status CheckWriterRow(const std::string& name, const JoinedLedger& ledger) {
  const WriterStamp& last = ledger.span.last_writer;
  if (last.epoch > ledger.writer_row.epoch ||
      (last.epoch == ledger.writer_row.epoch && last.nonce != ledger.writer_row.nonce)) {
    return absl::DataLossError(Text("ledger '", name, "': its last record was written in epoch ",
                                    last.epoch, ", its writer row is of epoch ",
                                    ledger.writer_row.epoch, " or of another writer"));
  }
  return absl::OkStatus();
}

absl::Status CheckGuard(const std::string& name, const JoinedLedger& ledger, const Guards& guards) {
  const uint64_t size = ledger.span.end;
  const auto found = guards.find(name);
  if (found == guards.end()) {
    return absl::DataLossError(
        Text("ledger '", name, "': the log has ", size, " events of it, but its guard is missing"));
  }
  const Guard& guard = found->second;
  const GuardMark& mark = guard.mark();
  const std::string sizes = Text("ledger '", name, "': the log holds ", size,
                                 " events, and the guard ", guard.path(), " has seen ", mark.size);
  if (size < mark.size) return absl::DataLossError(Text(sizes, ": events are missing"));
  const Hash start = FirstPreviousHash(name);
  const Hash* const hash_at_guard = mark.size == 0         ? &start
                                    : ledger.hash_at_guard ? &*ledger.hash_at_guard
                                                           : nullptr;
  if (hash_at_guard == nullptr || *hash_at_guard != mark.last_hash) {
    return absl::DataLossError(
        Text(sizes, ": the log has another history up to there than the guard"));
  }
  if (mark.epoch > ledger.writer_row.epoch) {
    return absl::DataLossError(Text(sizes, ": the guard's epoch ", mark.epoch,
                                    " is newer than the log's ", ledger.writer_row.epoch));
  }
  return absl::OkStatus();
}

absl::StatusOr<JoinedLedgers> JoinAll(const LogRows& rows, const Guards& guards,
                                      unsigned threads_max) {
  std::vector<Part> parts = Divide(rows);
  ScanAll(rows, guards, threads_max, parts);
  JoinedLedgers ledgers;
  for (Part& part : parts) {
    // What a part found before its error comes first: the earliest damage is the one to name.
    for (LedgerPart& ledger : part.ledgers) {
      if (absl::Status s = JoinPart(ledger, ledgers); !s.ok()) return s;
    }
    if (!part.status.ok()) return part.status;
  }
  for (const auto& [name, ledger] : ledgers) {
    if (absl::Status s = CheckWriterRow(name, ledger); !s.ok()) return s;
  }
  return ledgers;
}

LedgerTails TailsOf(JoinedLedgers ledgers) {
  LedgerTails tails;
  for (auto& [name, ledger] : ledgers) {
    tails[name] = {.size = ledger.span.end,
                   .last_hash = ledger.span.last_hash,
                   .last_epoch = ledger.span.last_writer.epoch,
                   .writer = ledger.writer_row,
                   .marks = std::move(ledger.marks)};
  }
  return tails;
}

}  // namespace

absl::StatusOr<Guards> OpenGuards(Disk& disk, const std::string& folder, const Warn& warn) {
  Guards guards;
  const absl::StatusOr<bool> exists = disk.Exists(folder);
  if (!exists.ok()) return exists.status();
  if (!*exists) return guards;
  const absl::StatusOr<std::vector<std::string>> names = disk.List(folder);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (name.ends_with("~")) continue;  // Guard::Create was cut off; it will start again
    absl::StatusOr<Guard> guard = Guard::Open(disk, folder, name);
    if (!guard.ok()) return guard.status();
    if (guard->was_torn() && warn) {
      warn(Text("the guard ", guard->path(), " was torn; its older slot is used"));
    }
    guards.emplace(name, *std::move(guard));
  }
  return guards;
}

absl::StatusOr<LedgerTails> CheckRecords(const LogRows& rows, unsigned threads_max) {
  absl::StatusOr<JoinedLedgers> ledgers = JoinAll(rows, {}, threads_max);
  if (!ledgers.ok()) return ledgers.status();
  return TailsOf(*std::move(ledgers));
}

absl::StatusOr<LedgerTails> CheckLog(const LogRows& rows, const Guards& guards,
                                     unsigned threads_max) {
  absl::StatusOr<JoinedLedgers> ledgers = JoinAll(rows, guards, threads_max);
  if (!ledgers.ok()) return ledgers.status();
  for (const auto& [name, ledger] : *ledgers) {
    if (absl::Status s = CheckGuard(name, ledger, guards); !s.ok()) return s;
  }
  for (const auto& [name, guard] : guards) {
    if (ledgers->contains(name) || guard.mark().size == 0) continue;
    return absl::DataLossError(Text("ledger '", name, "': the log holds 0 events, and the guard ",
                                    guard.path(), " has seen ", guard.mark().size,
                                    ": events are missing"));
  }
  return TailsOf(*std::move(ledgers));
}

absl::Status CheckTails(const LogRows& rows, const LedgerTails& tails) {
  const std::unique_ptr<LogCursor> cursor = rows.NewCursor({});
  for (const auto& [name, tail] : tails) {
    const std::string first_possible = RecordKey(name, 0);
    cursor->SeekForPrev(RecordKey(name, std::numeric_limits<uint64_t>::max()));
    if (!cursor->status().ok()) {
      return absl::Status(cursor->status().code(),
                          Text("ledger '", name, "': ", MessageOf(cursor->status())));
    }
    uint64_t size = 0;
    Hash last_hash = FirstPreviousHash(name);
    if (cursor->Valid() && cursor->key() >= first_possible) {
      const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(cursor->value());
      if (!record.ok()) return Damaged(name, tail.size, MessageOf(record.status()));
      size = record->end_sequence();
      last_hash = record->hash;
    }
    if (size != tail.size || last_hash != tail.last_hash) {
      return Damaged(
          name, tail.size,
          Text("the log holds ", size, " events after opening it for writing, or other ones"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<OpenedLog> SettleGuards(LedgerTails tails, Guards guards) {
  for (const auto& [name, tail] : tails) {
    Guard& guard = guards.find(name)->second;
    const GuardMark mark{.size = tail.size, .last_hash = tail.last_hash, .epoch = tail.last_epoch};
    if (guard.mark() != mark) {
      if (absl::Status s = guard.Write(mark); !s.ok()) return s;
    }
    if (absl::Status s = guard.Settle(); !s.ok()) return s;
  }
  return OpenedLog{.tails = std::move(tails), .guards = std::move(guards)};
}

}  // namespace meritbook
