// Owns: a thread for what must not hold up the sequencer, such as reading the log for an answer.
// Promises: work runs in the order in which it was given; all of it before Stop returns.
// Thread: any.
#ifndef MERITBOOK_SERVICES_WORKER_H_
#define MERITBOOK_SERVICES_WORKER_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace meritbook {

// Runs work elsewhere or later, one piece after the other.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void Post(std::function<void()> work) = 0;
  // Returns once all that was posted has run.
  virtual void Drain() = 0;
};

class Worker final : public Executor {
 public:
  Worker();
  ~Worker() override;

  void Post(std::function<void()> work) override;
  void Drain() override;
  void Stop();

 private:
  void Run();

  std::mutex mutex_;  // guards what follows, up to the thread
  std::condition_variable wanted_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> queue_;
  bool running_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_WORKER_H_
