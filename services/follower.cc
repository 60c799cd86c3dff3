#include "services/follower.h"

#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr size_t kEventsMax = 8'192;
constexpr size_t kBytesMax = 1 << 20;
constexpr absl::Duration kIdleMax = absl::Milliseconds(200);

}  // namespace

Follower::Follower(std::function<std::shared_ptr<EventLog>()> log,
                   std::function<void(const std::string&)> warn)
    : log_(std::move(log)), warn_(std::move(warn)), thread_([this] { Run(); }) {}

Follower::~Follower() { Stop(); }

void Follower::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void Follower::AwaitSummary(const std::string& ledger_id, uint64_t min_size, absl::Time deadline,
                            std::function<void(std::optional<v1::GetSummaryResponse>)> done) {
  {
    absl::MutexLock lock(&mutex_);
    if (!stopping_) {
      waiters_.push_back({ledger_id, min_size, deadline, std::move(done)});
      woken_ = true;
      return;
    }
  }
  done(std::nullopt);
}

void Follower::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    woken_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Follower::Run() {
  const auto woken = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return woken_; };
  bool progress = true;
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (!progress) mutex_.AwaitWithTimeout(absl::Condition(&woken), kIdleMax);
      woken_ = false;
      if (stopping_) break;
    }
    const auto log = log_();
    progress = log != nullptr && Follow(*log);
    Answer();
  }
  std::vector<Waiter> waiters;
  {
    absl::MutexLock lock(&mutex_);
    waiters = std::exchange(waiters_, {});
  }
  for (Waiter& waiter : waiters) waiter.done(std::nullopt);
}

bool Follower::Follow(EventLog& log) {
  bool progress = false;
  for (const std::string& ledger_id : log.Ledgers()) {
    Summary& summary = summaries_[ledger_id];
    if (summary.size() >= log.Size(ledger_id)) continue;
    const auto run = log.Read(ledger_id, summary.size(), kEventsMax, kBytesMax);
    if (!run.ok()) {
      warn_(Text("ledger ", ledger_id, ": reports stand still: ", MessageOf(run.status())));
      continue;
    }
    for (size_t i = 0; i < run->size(); ++i) {
      if (absl::Status status = summary.Add((*run)[i]); !status.ok()) {
        warn_(Text("ledger ", ledger_id, ": reports stand still: ", MessageOf(status)));
        return progress;
      }
    }
    progress |= !run->empty();
  }
  return progress;
}

void Follower::Answer() {
  std::vector<Waiter> ready;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Time now = absl::Now();
    std::vector<Waiter> rest;
    for (Waiter& waiter : waiters_) {
      const bool done = summaries_[waiter.ledger_id].size() >= waiter.min_size;
      (done || now > waiter.deadline ? ready : rest).push_back(std::move(waiter));
    }
    waiters_ = std::move(rest);
  }
  for (Waiter& waiter : ready) {
    const Summary& summary = summaries_[waiter.ledger_id];
    if (summary.size() >= waiter.min_size) {
      waiter.done(summary.Figures());
    } else {
      waiter.done(std::nullopt);
    }
  }
}

}  // namespace meritbook
