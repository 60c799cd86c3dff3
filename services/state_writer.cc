#include "services/state_writer.h"

#include <utility>

#include "ledger/text.h"

namespace meritbook {

StateWriter::StateWriter(StateStore* store, std::function<void(const std::string&)> warn)
    : store_(store), warn_(std::move(warn)), thread_([this] { Run(); }) {}

StateWriter::~StateWriter() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

bool StateWriter::Idle() const {
  absl::MutexLock lock(&mutex_);
  return !busy_;
}

void StateWriter::Write(std::vector<StateWrite> writes) {
  absl::MutexLock lock(&mutex_);
  writes_ = std::move(writes);
  busy_ = true;
}

void StateWriter::Drain() {
  const auto idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !busy_; };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&idle));
}

void StateWriter::Run() {
  const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return busy_ || stopping_; };
  while (true) {
    std::vector<StateWrite> writes;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&wanted));
      if (!busy_) return;
      writes = std::exchange(writes_, {});
    }
    for (StateWrite& write : writes) {
      if (failed_) break;  // rows must not be skipped: a later write would claim them
      const std::string ledger = write.ledger;
      const absl::Status written = store_->Write(std::move(write));
      if (written.ok()) continue;
      failed_ = true;
      warn_(Text("ledger ", ledger, ": state is no longer written behind, so the next start "
                 "replays more of the log: ", MessageOf(written)));
    }
    absl::MutexLock lock(&mutex_);
    busy_ = false;
  }
}

}  // namespace meritbook
