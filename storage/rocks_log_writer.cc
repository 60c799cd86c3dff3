#include "storage/rocks_log_writer.h"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"
#include "rocksdb/write_batch.h"
#include "storage/log_key.h"
#include "storage/rocks_glue.h"
#include "storage/writer_row.h"

namespace meritbook {
namespace {

constexpr std::chrono::seconds kGuardSyncInterval{1};

// At most so many between two groups: a sync takes 0.1 ms, and answers wait meanwhile.
constexpr int kGuardSyncsAtOnceMax = 8;

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

uint64_t RandomNonce() {
  uint64_t nonce = 0;
  MB_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&nonce), sizeof(nonce)) == 1);
  return nonce;
}

GuardMark MarkOf(const LedgerTail& tail) {
  return {.size = tail.size, .last_hash = tail.last_hash, .epoch = tail.last_epoch};
}

}  // namespace

RocksLogWriter::RocksLogWriter(rocksdb::DB* database, std::string guard_folder,
                               const LedgerTails& tails, Guards guards, Warn warn)
    : database_(database), guard_folder_(std::move(guard_folder)), warn_(std::move(warn)) {
  for (const auto& [name, tail] : tails) {
    const auto guard = guards.find(name);
    MB_CHECK(guard != guards.end());
    MB_CHECK(guard->second.mark() == MarkOf(tail));
    ledgers_.emplace(name, Ledger{.tail = tail, .guard = std::move(guard->second)});
  }
  thread_ = std::thread([this] { Run(); });
}

RocksLogWriter::~RocksLogWriter() { Stop(); }

absl::StatusOr<uint64_t> RocksLogWriter::Acquire(const std::vector<std::string>& ledgers) {
  for (const std::string& name : ledgers) {
    if (absl::Status s = CheckLedgerId(name); !s.ok()) return s;
  }
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !in_flight_; });
  MB_CHECK(!stopping_);
  if (broken_) return absl::UnavailableError("the log is broken by an earlier error: reopen it");

  WriterStamp writer{.epoch = 1, .nonce = RandomNonce()};
  for (const std::string& name : ledgers) {
    const auto found = ledgers_.find(name);
    if (found != ledgers_.end()) {
      writer.epoch = std::max(writer.epoch, found->second.tail.writer.epoch + 1);
    }
  }
  // Guards first: a ledger in the log without one is damage, one without a ledger is a leftover.
  std::map<std::string, Guard> new_guards;
  rocksdb::WriteBatch batch;
  for (const std::string& name : ledgers) {
    if (!ledgers_.contains(name) && !new_guards.contains(name)) {
      absl::StatusOr<Guard> guard =
          Guard::Create(guard_folder_, name, {.last_hash = FirstPreviousHash(name)});
      if (!guard.ok()) return guard.status();
      new_guards.emplace(name, *std::move(guard));
    }
    batch.Put(WriterRowKey(name), EncodeWriterRow(name, writer));
  }
  if (const rocksdb::Status status = database_->Write(Synced(), &batch); !status.ok()) {
    broken_ = true;
    return FromRocks(status, "acquiring the writer's place failed");
  }
  for (auto& [name, guard] : new_guards) {
    ledgers_.emplace(
        name, Ledger{.tail = {.last_hash = FirstPreviousHash(name)}, .guard = std::move(guard)});
  }
  for (const std::string& name : ledgers) ledgers_.find(name)->second.tail.writer = writer;
  return writer.epoch;
}

void RocksLogWriter::Append(std::vector<LedgerAppend> group,
                            std::function<void(AppendResult)> done) {
  CheckAppendGroup(group);
  {
    const std::lock_guard lock(mutex_);
    MB_CHECK(!in_flight_);
    MB_CHECK(!stopping_);
    in_flight_ = true;
    job_ = {.group = std::move(group), .done = std::move(done)};
  }
  wake_.notify_one();
}

void RocksLogWriter::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (job_) {
      const Job job = *std::exchange(job_, std::nullopt);
      const bool broken = broken_;
      lock.unlock();
      const AppendResult result = broken ? AppendResult::kUnknown : Write(job.group);
      lock.lock();
      in_flight_ = false;
      lock.unlock();
      idle_.notify_all();
      job.done(result);
    } else if (stopping_) {
      return;
    } else {
      const auto awaited = [this] { return job_ || stopping_; };
      if (unsynced_.empty()) {
        wake_.wait(lock, awaited);
      } else {
        wake_.wait_until(lock, unsynced_.front().due, awaited);
      }
      lock.unlock();
    }
    // A waiting job goes first, up to a second's grace that no guard outlives by much.
    SyncDueGuards();
    lock.lock();
  }
}

AppendResult RocksLogWriter::Write(const std::vector<LedgerAppend>& group) {
  if (IsFenced(group)) return AppendResult::kFenced;
  std::vector<Advance> advances;
  advances.reserve(group.size());
  if (absl::Status s = WriteDurably(group, advances); !s.ok()) {
    Break(s);
    return AppendResult::kUnknown;
  }
  const std::lock_guard lock(mutex_);
  for (const Advance& advance : advances) {
    LedgerTail& tail = advance.ledger->tail;
    tail.size = advance.size;
    tail.last_hash = advance.last_hash;
    tail.last_epoch = tail.writer.epoch;
  }
  return AppendResult::kDurable;
}

bool RocksLogWriter::IsFenced(const std::vector<LedgerAppend>& group) const {
  return std::any_of(group.begin(), group.end(), [this](const LedgerAppend& append) {
    const auto found = ledgers_.find(append.ledger);
    return found == ledgers_.end() || found->second.tail.writer.epoch != append.epoch ||
           found->second.tail.size != append.expected_size;
  });
}

absl::Status RocksLogWriter::WriteDurably(const std::vector<LedgerAppend>& group,
                                          std::vector<Advance>& advances) {
  size_t group_bytes = 0;
  for (const LedgerAppend& append : group) {
    group_bytes += append.events.bytes.size() + 2 * append.events.size();
  }
  rocksdb::WriteBatch batch(group_bytes + group_bytes / 64 + 512 * group.size());
  for (const LedgerAppend& append : group) {
    Ledger& ledger = ledgers_.find(append.ledger)->second;
    Advance advance{
        .ledger = &ledger, .size = ledger.tail.size, .last_hash = ledger.tail.last_hash};
    size_t begin = 0;
    for (const size_t end : RecordCuts(append.events)) {
      const EncodedRecord record = EncodeBatchRecord({.ledger = append.ledger,
                                                      .first_sequence = advance.size,
                                                      .writer = ledger.tail.writer,
                                                      .previous = advance.last_hash},
                                                     append.events, begin, end);
      batch.Put(RecordKey(append.ledger, advance.size), record.bytes);
      advance.size += end - begin;
      advance.last_hash = record.hash;
      begin = end;
    }
    advances.push_back(advance);
  }
  if (const rocksdb::Status status = database_->Write(Synced(), &batch); !status.ok()) {
    return FromRocks(status, Text("writing ledger '", group.front().ledger, "', sequence ",
                                  group.front().expected_size));
  }
  for (const Advance& advance : advances) {
    Guard& guard = advance.ledger->guard;
    if (guard.synced()) {
      unsynced_.push_back(
          {.due = std::chrono::steady_clock::now() + kGuardSyncInterval, .ledger = advance.ledger});
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

void RocksLogWriter::SyncDueGuards() {
  const auto now = std::chrono::steady_clock::now();
  for (int i = 0; i < kGuardSyncsAtOnceMax; ++i) {
    if (unsynced_.empty() || unsynced_.front().due > now) return;
    Guard& guard = unsynced_.front().ledger->guard;
    unsynced_.pop_front();
    if (absl::Status s = guard.Sync(); !s.ok()) Break(s);
  }
}

void RocksLogWriter::Break(const absl::Status& reason) {
  if (warn_) warn_(Text("the log must be reopened: ", MessageOf(reason)));
  const std::lock_guard lock(mutex_);
  broken_ = true;
}

uint64_t RocksLogWriter::SizeOf(std::string_view ledger) const {
  const std::lock_guard lock(mutex_);
  const auto found = ledgers_.find(ledger);
  return found == ledgers_.end() ? 0 : found->second.tail.size;
}

std::vector<std::string> RocksLogWriter::Ledgers() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  names.reserve(ledgers_.size());
  for (const auto& [name, ledger] : ledgers_) names.push_back(name);
  return names;
}

void RocksLogWriter::Stop() {
  {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return !in_flight_; });
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

absl::Status RocksLogWriter::Close() {
  Stop();
  if (broken_) return absl::UnavailableError("the log was broken by an earlier error");
  for (auto& [name, ledger] : ledgers_) {
    if (absl::Status s = ledger.guard.Settle(); !s.ok()) return s;
  }
  return absl::OkStatus();
}

}  // namespace meritbook
