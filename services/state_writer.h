// Owns: bringing rows to the state store, behind the log, by an executor of their own.
// Promises: a failed write costs nothing but a longer replay; it is told once and writing stops.
// Thread: all from the sequencer's; the executor runs the writing.
#ifndef MERITBOOK_SERVICES_STATE_WRITER_H_
#define MERITBOOK_SERVICES_STATE_WRITER_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "services/sequencer.h"
#include "services/worker.h"
#include "storage/state_store.h"

namespace meritbook {

class StateWriter final : public StateSink {
 public:
  // `executor` and `store` must outlive it.
  StateWriter(StateStore* store, Executor* executor, std::function<void(const std::string&)> warn);
  ~StateWriter() override;

  bool Idle() const override;
  void Write(std::vector<StateWrite> writes) override;
  void Forget(const std::string& ledger_id) override;
  void Drain() override;

 private:
  void Post(std::function<void()> work);
  // False once something failed.
  bool Succeeded(const std::string& ledger, const absl::Status& status);

  StateStore* const store_;
  Executor* const executor_;
  const std::function<void(const std::string&)> warn_;
  std::atomic<int> under_way_ = 0;
  bool failed_ = false;  // the executor's
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_STATE_WRITER_H_
