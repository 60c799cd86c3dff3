#include "services/state_writer.h"

#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {

StateWriter::StateWriter(StateStore* store, std::function<void(const std::string&)> warn)
    : store_(store), warn_(std::move(warn)), thread_([this] { Run(); }) {}

StateWriter::~StateWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_one();
  thread_.join();
}

bool StateWriter::Idle() const {
  const std::lock_guard lock(mutex_);
  return !busy_;
}

void StateWriter::Write(std::vector<StateWrite> writes) {
  {
    const std::lock_guard lock(mutex_);
    MB_CHECK(writes_.empty());
    writes_ = std::move(writes);
    busy_ = true;
  }
  wanted_.notify_one();
}

void StateWriter::Forget(const std::string& ledger_id) {
  {
    const std::lock_guard lock(mutex_);
    forgotten_.push_back(ledger_id);
    busy_ = true;
  }
  wanted_.notify_one();
}

void StateWriter::Drain() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !busy_; });
}

void StateWriter::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return busy_ || stopping_; });
    if (!busy_) return;
    const auto forgotten = std::exchange(forgotten_, {});
    auto writes = std::exchange(writes_, {});
    lock.unlock();
    // Once one has failed the rest is skipped for good: a later write would claim its rows.
    for (const std::string& ledger : forgotten) {
      if (!failed_) failed_ = !Succeeded(ledger, store_->Discard(ledger));
    }
    for (StateWrite& write : writes) {
      const std::string ledger = write.ledger;
      if (!failed_) failed_ = !Succeeded(ledger, store_->Write(std::move(write)));
    }
    lock.lock();
    busy_ = !forgotten_.empty() || !writes_.empty();
    if (!busy_) idle_.notify_all();
  }
}

bool StateWriter::Succeeded(const std::string& ledger, const absl::Status& status) {
  if (status.ok()) return true;
  warn_(Text("ledger ", ledger,
             ": state is no longer written behind, so the next start replays "
             "more of the log: ",
             MessageOf(status)));
  return false;
}

}  // namespace meritbook
