#include "storage/log_thread.h"

#include <chrono>
#include <utility>

#include "ledger/check.h"

namespace meritbook {
namespace {

using std::chrono::steady_clock;

int64_t NowUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

LogThread::LogThread(LogWriter* writer) : writer_(writer), thread_([this] { Run(); }) {}

LogThread::~LogThread() { Stop(); }

absl::StatusOr<uint64_t> LogThread::Acquire(const std::vector<std::string>& ledgers) {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !in_flight_ && !busy_; });
  MB_CHECK(!stopping_);
  return writer_->Acquire(ledgers);
}

void LogThread::Append(std::vector<LedgerAppend> group, std::function<void(AppendResult)> done) {
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

void LogThread::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto awaited = [this] { return job_ || stopping_; };
    if (const auto due_us = writer_->NextGuardSyncUs()) {
      wake_.wait_until(lock, steady_clock::time_point(std::chrono::microseconds(*due_us)), awaited);
    } else {
      wake_.wait(lock, awaited);
    }
    if (!job_ && stopping_) return;
    busy_ = true;
    if (job_) {
      const Job job = *std::exchange(job_, std::nullopt);
      lock.unlock();
      const AppendResult result = writer_->Write(job.group, NowUs());
      lock.lock();
      in_flight_ = false;  // before `done`, which may append again
      lock.unlock();
      job.done(result);
    } else {
      lock.unlock();
    }
    // A waiting job goes first, up to a second's grace that no guard outlives by much.
    writer_->SyncDueGuards(NowUs());
    lock.lock();
    busy_ = false;
    idle_.notify_all();
  }
}

void LogThread::Stop() {
  {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return !in_flight_; });
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

}  // namespace meritbook
