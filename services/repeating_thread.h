// Owns: a thread that does the same thing again and again, with pauses.
// Promises: Stop ends a pause at once and waits for the turn under way.
// Thread: Stop from any but its own.
#ifndef MERITBOOK_SERVICES_REPEATING_THREAD_H_
#define MERITBOOK_SERVICES_REPEATING_THREAD_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace meritbook {

class RepeatingThread {
 public:
  // `turn` returns how long to pause after it.
  explicit RepeatingThread(std::function<std::chrono::microseconds()> turn);
  ~RepeatingThread();  // as Stop

  void Stop();

 private:
  void Run();

  const std::function<std::chrono::microseconds()> turn_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_REPEATING_THREAD_H_
