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

class Worker {
 public:
  Worker();
  ~Worker();

  void Post(std::function<void()> work);
  void Stop();

 private:
  void Run();

  std::mutex mutex_;  // guards queue_ and stopping_
  std::condition_variable wanted_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_WORKER_H_
