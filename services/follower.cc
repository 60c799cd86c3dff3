#include "services/follower.h"

#include <chrono>
#include <iterator>
#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr size_t kEventsMax = 8'192;
constexpr size_t kBytesMax = 1 << 20;
constexpr std::chrono::milliseconds kIdleMax{200};

}  // namespace

Follower::Follower(std::function<std::shared_ptr<EventLog>()> log,
                   std::function<void(const std::string&)> warn)
    : log_(std::move(log)), warn_(std::move(warn)), thread_([this] { Run(); }) {}

Follower::~Follower() { Stop(); }

void Follower::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  wake_.notify_one();
}

void Follower::AwaitBooks(const std::string& ledger_id, uint64_t min_size, absl::Time deadline,
                          std::function<void(const books::Books*)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      waiters_.push_back({ledger_id, min_size, deadline, std::move(done)});
      woken_ = true;
      wake_.notify_one();
      return;
    }
  }
  done(nullptr);
}

void Follower::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    woken_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Follower::Run() {
  bool progress = true;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (!progress) wake_.wait_for(lock, kIdleMax, [this] { return woken_; });
      woken_ = false;
      if (stopping_) break;
    }
    const auto log = log_();
    progress = log != nullptr && Follow(*log);
    Answer();
  }
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    waiters = std::exchange(waiters_, {});
  }
  for (Waiter& waiter : waiters) waiter.done(nullptr);
}

bool Follower::Follow(const EventLog& log) {
  bool progress = false;
  for (const std::string& ledger_id : log.Ledgers()) {
    Followed& followed = followed_[ledger_id];
    const auto counted = FollowOne(log, ledger_id, followed.keeper);
    if (counted.ok()) {
      progress |= *counted;
      followed.error.clear();
    } else if (followed.error != MessageOf(counted.status())) {
      followed.error = MessageOf(counted.status());
      warn_(Text("ledger ", ledger_id, ": reports stand still: ", followed.error));
    }
  }
  return progress;
}

absl::StatusOr<bool> Follower::FollowOne(const EventLog& log, const std::string& ledger_id,
                                         books::BooksKeeper& keeper) {
  if (keeper.size() >= log.Size(ledger_id)) return false;
  const auto run = log.Read(ledger_id, keeper.size(), kEventsMax, kBytesMax);
  if (!run.ok()) return run.status();
  for (size_t i = 0; i < run->size(); ++i) {
    if (absl::Status status = keeper.Add((*run)[i]); !status.ok()) return status;
  }
  return !run->empty();
}

void Follower::Answer() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    waiters = std::exchange(waiters_, {});
  }
  const absl::Time now = absl::Now();
  std::vector<Waiter> rest;
  for (Waiter& waiter : waiters) {
    const auto followed = followed_.find(waiter.ledger_id);
    if (followed != followed_.end() && followed->second.keeper.size() >= waiter.min_size) {
      waiter.done(&followed->second.keeper.books());
    } else if (now > waiter.deadline) {
      waiter.done(nullptr);
    } else {
      rest.push_back(std::move(waiter));
    }
  }
  const std::lock_guard lock(mutex_);
  waiters_.insert(waiters_.end(), std::make_move_iterator(rest.begin()),
                  std::make_move_iterator(rest.end()));
}

}  // namespace meritbook
