// Owns: the thread that writes rows to the state store, behind the log.
// Promises: a failed write costs nothing but a longer replay; it is told once and writing stops.
// Thread: Idle, Write and Drain from the sequencer's.
#ifndef MERITBOOK_SERVICES_STATE_WRITER_H_
#define MERITBOOK_SERVICES_STATE_WRITER_H_

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "services/sequencer.h"
#include "storage/state_store.h"

namespace meritbook {

class StateWriter final : public StateSink {
 public:
  StateWriter(StateStore* store, std::function<void(const std::string&)> warn);
  ~StateWriter() override;

  bool Idle() const override;
  void Write(std::vector<StateWrite> writes) override;
  void Drain() override;

 private:
  void Run();

  StateStore* const store_;
  const std::function<void(const std::string&)> warn_;
  mutable absl::Mutex mutex_;
  std::vector<StateWrite> writes_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ = false;  // the writing thread's
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_STATE_WRITER_H_
