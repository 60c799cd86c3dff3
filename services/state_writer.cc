#include "services/state_writer.h"

#include <utility>

#include "ledger/text.h"

namespace meritbook {

StateWriter::StateWriter(StateStore* store, Executor* executor,
                         std::function<void(const std::string&)> warn)
    : store_(store), executor_(executor), warn_(std::move(warn)) {}

StateWriter::~StateWriter() { Drain(); }

bool StateWriter::Idle() const { return under_way_ == 0; }

void StateWriter::Write(std::vector<StateWrite> writes) {
  Post([this, writes = std::move(writes)]() mutable {
    for (StateWrite& write : writes) {
      // Once one has failed the rest is skipped for good: a later write would claim its rows.
      if (failed_) return;
      const std::string ledger = write.ledger;
      failed_ = !Succeeded(ledger, store_->Write(std::move(write)));
    }
  });
}

void StateWriter::Forget(const std::string& ledger_id) {
  Post([this, ledger_id] {
    if (!failed_) failed_ = !Succeeded(ledger_id, store_->Discard(ledger_id));
  });
}

void StateWriter::Drain() { executor_->Drain(); }

void StateWriter::Post(std::function<void()> work) {
  ++under_way_;
  executor_->Post([this, work = std::move(work)] {
    work();
    --under_way_;
  });
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
