#include "storage/log_writer.h"

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"
#include "storage/log_key.h"
#include "storage/writer_row.h"

namespace meritbook {
namespace {

constexpr int64_t kGuardSyncIntervalUs = 1'000'000;

// At most so many at once: a sync takes 0.1 ms, and answers wait meanwhile.
constexpr int kGuardSyncsAtOnceMax = 8;

GuardMark MarkOf(const LedgerTail& tail) {
  return {.size = tail.size, .last_hash = tail.last_hash, .epoch = tail.last_epoch};
}

}  // namespace

LogWriter::LogWriter(LogWriterOptions options, OpenedLog log) : options_(std::move(options)) {
  for (auto& [name, tail] : log.tails) {
    const auto guard = log.guards.find(name);
    MB_CHECK(guard != log.guards.end());
    MB_CHECK(guard->second.mark() == MarkOf(tail));
    ledgers_.emplace(name, Ledger{.tail = std::move(tail), .guard = std::move(guard->second)});
  }
}

absl::StatusOr<uint64_t> LogWriter::Acquire(const std::vector<std::string>& ledgers) {
  for (const std::string& name : ledgers) {
    if (absl::Status s = CheckLedgerId(name); !s.ok()) return s;
  }
  if (broken_) return absl::UnavailableError("the log is broken by an earlier error: reopen it");

  WriterStamp writer{.epoch = 1, .nonce = options_.nonce()};
  for (const std::string& name : ledgers) {
    const auto found = ledgers_.find(name);
    if (found != ledgers_.end()) {
      writer.epoch = std::max(writer.epoch, found->second.tail.writer.epoch + 1);
    }
  }
  // Guards first: a ledger in the log without one is damage, one without a ledger is a leftover.
  std::map<std::string, Guard> new_guards;
  std::vector<LogRow> rows;
  for (const std::string& name : ledgers) {
    if (!ledgers_.contains(name) && !new_guards.contains(name)) {
      absl::StatusOr<Guard> guard = Guard::Create(*options_.disk, options_.guard_folder, name,
                                                  {.last_hash = FirstPreviousHash(name)});
      if (!guard.ok()) return guard.status();
      new_guards.emplace(name, *std::move(guard));
    }
    rows.push_back({WriterRowKey(name), EncodeWriterRow(name, writer)});
  }
  if (const absl::Status status = options_.rows->Write(rows); !status.ok()) {
    broken_ = true;
    return absl::Status(status.code(),
                        Text("acquiring the writer's place failed: ", MessageOf(status)));
  }
  const std::lock_guard lock(mutex_);
  for (auto& [name, guard] : new_guards) {
    ledgers_.emplace(
        name, Ledger{.tail = {.last_hash = FirstPreviousHash(name)}, .guard = std::move(guard)});
  }
  for (const std::string& name : ledgers) ledgers_.find(name)->second.tail.writer = writer;
  return writer.epoch;
}

AppendResult LogWriter::Write(const std::vector<LedgerAppend>& group, int64_t now_us) {
  if (broken_) return AppendResult::kUnknown;
  if (IsFenced(group)) return AppendResult::kFenced;
  std::vector<Advance> advances;
  advances.reserve(group.size());
  if (absl::Status s = WriteDurably(group, now_us, advances); !s.ok()) {
    Break(s);
    return AppendResult::kUnknown;
  }
  const std::lock_guard lock(mutex_);
  for (const Advance& advance : advances) {
    LedgerTail& tail = advance.ledger->tail;
    tail.size = advance.size;
    tail.last_hash = advance.last_hash;
    tail.last_epoch = tail.writer.epoch;
    for (const WrittenRecord& record : advance.records) tail.marks.Add(record.mark, record.bytes);
  }
  return AppendResult::kDurable;
}

bool LogWriter::IsFenced(const std::vector<LedgerAppend>& group) const {
  return std::any_of(group.begin(), group.end(), [this](const LedgerAppend& append) {
    const auto found = ledgers_.find(append.ledger);
    return found == ledgers_.end() || found->second.tail.writer.epoch != append.epoch ||
           found->second.tail.size != append.expected_size;
  });
}

absl::Status LogWriter::WriteDurably(const std::vector<LedgerAppend>& group, int64_t now_us,
                                     std::vector<Advance>& advances) {
  std::vector<LogRow> rows;
  for (const LedgerAppend& append : group) {
    Ledger& ledger = ledgers_.find(append.ledger)->second;
    Advance advance{
        .ledger = &ledger, .size = ledger.tail.size, .last_hash = ledger.tail.last_hash};
    size_t begin = 0;
    for (const size_t end : RecordCuts(append.events)) {
      EncodedRecord record = EncodeBatchRecord({.ledger = append.ledger,
                                                .first_sequence = advance.size,
                                                .writer = ledger.tail.writer,
                                                .previous = advance.last_hash},
                                               append.events, begin, end);
      const size_t bytes = record.bytes.size();
      rows.push_back({RecordKey(append.ledger, advance.size), std::move(record.bytes)});
      advance.size += end - begin;
      advance.last_hash = record.hash;
      advance.records.push_back(
          {.mark = {.sequence = advance.size, .hash = record.hash}, .bytes = bytes});
      begin = end;
    }
    advances.push_back(std::move(advance));
  }
  if (const absl::Status status = options_.rows->Write(rows); !status.ok()) {
    return absl::Status(status.code(), Text("ledger '", group.front().ledger, "', sequence ",
                                            group.front().expected_size, ": ", MessageOf(status)));
  }
  for (const Advance& advance : advances) {
    Guard& guard = advance.ledger->guard;
    if (guard.synced()) {
      unsynced_.push_back({.due_us = now_us + kGuardSyncIntervalUs, .ledger = advance.ledger});
    }
    if (absl::Status s = guard.Write({.size = advance.size,
                                      .last_hash = advance.last_hash,
                                      .epoch = advance.ledger->tail.writer.epoch});
        !s.ok()) {
      return s;
    }
  }
  return absl::OkStatus();
}

std::optional<int64_t> LogWriter::NextGuardSyncUs() const {
  if (unsynced_.empty()) return std::nullopt;
  return unsynced_.front().due_us;
}

void LogWriter::SyncDueGuards(int64_t now_us) {
  for (int i = 0; i < kGuardSyncsAtOnceMax; ++i) {
    if (unsynced_.empty() || unsynced_.front().due_us > now_us) return;
    Guard& guard = unsynced_.front().ledger->guard;
    unsynced_.pop_front();
    if (absl::Status s = guard.Sync(); !s.ok()) Break(s);
  }
}

void LogWriter::Break(const absl::Status& reason) {
  if (options_.warn) options_.warn(Text("the log must be reopened: ", MessageOf(reason)));
  broken_ = true;
}

uint64_t LogWriter::SizeOf(std::string_view ledger) const {
  const std::lock_guard lock(mutex_);
  const auto found = ledgers_.find(ledger);
  return found == ledgers_.end() ? 0 : found->second.tail.size;
}

LogMark LogWriter::EndOf(std::string_view ledger) const {
  const std::lock_guard lock(mutex_);
  const auto found = ledgers_.find(ledger);
  if (found == ledgers_.end()) return {};
  return {.sequence = found->second.tail.size, .hash = found->second.tail.last_hash};
}

LogMark LogWriter::MarkAt(std::string_view ledger, uint64_t sequence) const {
  const std::lock_guard lock(mutex_);
  const LedgerTail& tail = ledgers_.find(ledger)->second.tail;
  const LogMark* const mark = tail.marks.At(sequence);
  return mark != nullptr ? *mark : LogMark{.sequence = tail.size, .hash = tail.last_hash};
}

std::vector<std::string> LogWriter::Ledgers() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  names.reserve(ledgers_.size());
  for (const auto& [name, ledger] : ledgers_) names.push_back(name);
  return names;
}

absl::Status LogWriter::Close() {
  if (broken_) return absl::UnavailableError("the log was broken by an earlier error");
  for (auto& [name, ledger] : ledgers_) {
    if (absl::Status s = ledger.guard.Settle(); !s.ok()) return s;
  }
  return absl::OkStatus();
}

}  // namespace meritbook
