// Owns: the thread that writes rows to the state store, behind the log.
// Promises: a failed write costs nothing but a longer replay; it is told once and writing stops.
// Thread: all but the constructor and destructor from the sequencer's.
#ifndef MERITBOOK_SERVICES_STATE_WRITER_H_
#define MERITBOOK_SERVICES_STATE_WRITER_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/sequencer.h"
#include "storage/state_store.h"

namespace meritbook {

class StateWriter final : public StateSink {
 public:
  StateWriter(StateStore* store, std::function<void(const std::string&)> warn);
  ~StateWriter() override;

  bool Idle() const override;
  void Write(std::vector<StateWrite> writes) override;
  void Forget(const std::string& ledger_id) override;
  void Drain() override;

 private:
  void Run();

  StateStore* const store_;
  const std::function<void(const std::string&)> warn_;
  // False once something failed.
  bool Succeeded(const std::string& ledger, const absl::Status& status);

  mutable std::mutex mutex_;  // guards what follows, up to the thread's own
  std::condition_variable wanted_;
  std::condition_variable idle_;
  std::vector<std::string> forgotten_;
  std::vector<StateWrite> writes_;
  bool busy_ = false;
  bool stopping_ = false;
  bool failed_ = false;  // the writing thread's
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_STATE_WRITER_H_
