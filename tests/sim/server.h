// Owns: a server of the simulation: the real sequencer, ledgers and write-behind on a simulated
// disk. Promises: does nothing by itself: whoever drives it says what runs next. Thread: one.
#ifndef MERITBOOK_TESTS_SIM_SERVER_H_
#define MERITBOOK_TESTS_SIM_SERVER_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "services/sequencer.h"
#include "services/state_writer.h"
#include "tests/sim/simulated_disk.h"
#include "tests/sim/simulated_event_log.h"
#include "tests/sim/simulated_state_store.h"

namespace meritbook::sim {

class SimulatedClock final : public Clock {
 public:
  int64_t WallUs() const override { return wall_us; }
  int64_t MonotonicUs() const override { return monotonic_us; }
  void Advance(int64_t us) {
    wall_us += us;
    monotonic_us += us;
  }

  int64_t wall_us = 0;
  int64_t monotonic_us = 0;
};

// Work waits until its turn comes.
class SimulatedExecutor final : public Executor {
 public:
  void Post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
  void Drain() override {
    while (RunOne()) {
    }
  }
  bool RunOne() {
    if (queue_.empty()) return false;
    const std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    work();
    return true;
  }

 private:
  std::deque<std::function<void()>> queue_;
};

struct ServerOptions {
  SimulatedEventLogOptions log;
  size_t slice_commands_max = 512;
  size_t pending_bytes_max = 4 << 20;
  int64_t state_interval_us = 2'000'000;
  std::function<uint64_t()> salt;
  std::function<void(const std::string&)> warn;
  // Called with each log that was opened, before anything is loaded from it.
  std::function<void(SimulatedEventLog&)> on_log;
};

class Server {
 public:
  explicit Server(ServerOptions options);
  ~Server();

  // As the start of a process.
  absl::Status Start();

  Sequencer& sequencer() { return *sequencer_; }
  // Null while there is none.
  SimulatedEventLog* log() { return log_.lock().get(); }
  bool RunStateWork() { return executor_.RunOne(); }

 private:
  const ServerOptions options_;
  std::unique_ptr<SimulatedStateStore> state_store_;
  SimulatedExecutor executor_;
  std::unique_ptr<StateWriter> state_writer_;
  std::weak_ptr<SimulatedEventLog> log_;
  std::unique_ptr<Sequencer> sequencer_;
};

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_SERVER_H_
