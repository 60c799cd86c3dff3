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
#include "rocksdb/metadata.h"
#include "storage/log_key.h"
#include "storage/rocks_glue.h"
#include "storage/writer_row.h"

namespace meritbook {
namespace {

constexpr size_t kReadaheadBytes = 4 << 20;
constexpr unsigned kScanThreadsMax = 4;

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
};

struct Part {
  std::optional<std::string> begin;  // key; none: from the start
  std::optional<std::string> end;    // key; none: to the end
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
  const auto guard = guards.find(key.ledger);
  if (guard != guards.end() && guard->second.mark().size == span.end) {
    part.hash_at_guard = span.last_hash;
  }
  return absl::OkStatus();
}

absl::Status ScanPart(rocksdb::DB& database, const Guards& guards, Part& part) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = kReadaheadBytes;
  rocksdb::Slice end;
  if (part.end) {
    end = *part.end;
    options.iterate_upper_bound = &end;
  }
  const std::unique_ptr<rocksdb::Iterator> rows(database.NewIterator(options));
  if (part.begin) {
    rows->Seek(*part.begin);
  } else {
    rows->SeekToFirst();
  }
  for (; rows->Valid(); rows->Next()) {
    const absl::StatusOr<LogKey> key = DecodeLogKey(ToView(rows->key()));
    if (!key.ok()) return key.status();
    if (part.ledgers.empty() || part.ledgers.back().ledger != key->ledger) {
      part.ledgers.emplace_back().ledger = key->ledger;
    }
    LedgerPart& ledger = part.ledgers.back();
    if (key->first_sequence) {
      if (absl::Status s = ScanRecord(*key, ToView(rows->value()), guards, ledger); !s.ok()) {
        return s;
      }
    } else {
      const absl::StatusOr<WriterStamp> writer =
          DecodeWriterRow(key->ledger, ToView(rows->value()));
      if (!writer.ok()) return writer.status();
      ledger.writer_row = *writer;
    }
  }
  if (rows->status().ok()) return absl::OkStatus();
  std::string where = "the log cannot be read";
  if (!part.ledgers.empty()) {
    const LedgerPart& last = part.ledgers.back();
    where += Text(" after ledger '", last.ledger, "', sequence ", last.span ? last.span->end : 0);
  }
  return FromRocks(rows->status(), where);
}

std::vector<Part> Divide(rocksdb::DB& database) {
  std::vector<rocksdb::LiveFileMetaData> files;
  database.GetLiveFilesMetaData(&files);
  std::vector<std::string> begins;
  begins.reserve(files.size());
  for (const rocksdb::LiveFileMetaData& file : files) begins.push_back(file.smallestkey);
  std::sort(begins.begin(), begins.end());
  begins.erase(std::unique(begins.begin(), begins.end()), begins.end());

  std::vector<Part> parts(1);
  for (std::string& begin : begins) {
    parts.back().end = begin;
    parts.emplace_back().begin = std::move(begin);
  }
  return parts;
}

void ScanAll(rocksdb::DB& database, const Guards& guards, std::vector<Part>& parts) {
  std::atomic<size_t> next = 0;
  const auto scan = [&] {
    for (size_t i = next++; i < parts.size(); i = next++) {
      parts[i].status = ScanPart(database, guards, parts[i]);
      if (!parts[i].status.ok()) return;
    }
  };
  std::vector<std::thread> threads;
  const size_t thread_count = std::min<size_t>(
      parts.size(), std::clamp(std::thread::hardware_concurrency(), 1u, kScanThreadsMax));
  for (size_t i = 1; i < thread_count; ++i) threads.emplace_back(scan);
  scan();
  for (std::thread& thread : threads) thread.join();
}

// What is known of a ledger while its parts are joined.
struct JoinedLedger {
  WriterStamp writer_row;
  Span span;  // starts empty at 0
  std::optional<Hash> hash_at_guard;
};

using JoinedLedgers = std::map<std::string, JoinedLedger, std::less<>>;

absl::Status JoinPart(LedgerPart& part, JoinedLedgers& ledgers) {
  if (part.writer_row) {
    const Hash start = FirstPreviousHash(part.ledger);
    ledgers[part.ledger] = {.writer_row = *part.writer_row,
                            .span = {.previous = start, .last_hash = start},
                            .hash_at_guard = std::nullopt};
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

}  // namespace

absl::StatusOr<LedgerTails> CheckLog(rocksdb::DB& database, const Guards& guards) {
  std::vector<Part> parts = Divide(database);
  ScanAll(database, guards, parts);
  JoinedLedgers ledgers;
  for (Part& part : parts) {
    // What a part found before its error comes first: the earliest damage is the one to name.
    for (LedgerPart& ledger : part.ledgers) {
      if (absl::Status s = JoinPart(ledger, ledgers); !s.ok()) return s;
    }
    if (!part.status.ok()) return part.status;
  }
  LedgerTails tails;
  for (const auto& [name, ledger] : ledgers) {
    if (absl::Status s = CheckWriterRow(name, ledger); !s.ok()) return s;
    if (absl::Status s = CheckGuard(name, ledger, guards); !s.ok()) return s;
    tails[name] = {.size = ledger.span.end,
                   .last_hash = ledger.span.last_hash,
                   .last_epoch = ledger.span.last_writer.epoch,
                   .writer = ledger.writer_row};
  }
  for (const auto& [name, guard] : guards) {
    if (tails.contains(name) || guard.mark().size == 0) continue;
    return absl::DataLossError(Text("ledger '", name, "': the log holds 0 events, and the guard ",
                                    guard.path(), " has seen ", guard.mark().size,
                                    ": events are missing"));
  }
  return tails;
}

absl::Status CheckTails(rocksdb::DB& database, const LedgerTails& tails) {
  const std::unique_ptr<rocksdb::Iterator> rows(database.NewIterator(rocksdb::ReadOptions()));
  for (const auto& [name, tail] : tails) {
    const std::string first_possible = RecordKey(name, 0);
    rows->SeekForPrev(RecordKey(name, std::numeric_limits<uint64_t>::max()));
    if (!rows->status().ok()) return FromRocks(rows->status(), Text("ledger '", name, "'"));
    uint64_t size = 0;
    Hash last_hash = FirstPreviousHash(name);
    if (rows->Valid() && ToView(rows->key()) >= first_possible) {
      const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(ToView(rows->value()));
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

}  // namespace meritbook
