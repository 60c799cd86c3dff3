// Owns: who waits for the log to grow.
// Promises: a waiter is called once, soon after more events are durable than it knew of, or when
//           the server stops.
// Thread: any.
//
//   const uint64_t seen = growth.count();  // before looking at the log, or growth goes unnoticed
//   if (nothing_new(log)) growth.Await(seen, [] { … });
#ifndef MERITBOOK_SERVICES_GROWTH_H_
#define MERITBOOK_SERVICES_GROWTH_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace meritbook {

class Growth {
 public:
  // How often Notify was called.
  uint64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

  // Runs `wake` at the next Notify; at once if the count is not `seen` any more, or after Stop. It
  // must not block.
  void Await(uint64_t seen, std::function<void()> wake) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopped_ && count_ == seen) {
        waiters_.push_back(std::move(wake));
        return;
      }
    }
    wake();
  }

  void Notify() {
    std::vector<std::function<void()>> waiters;
    {
      const std::lock_guard lock(mutex_);
      ++count_;
      waiters.swap(waiters_);
    }
    for (auto& wake : waiters) wake();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    Notify();
  }

  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  mutable std::mutex mutex_;  // guards all below
  uint64_t count_ = 0;
  std::vector<std::function<void()>> waiters_;
  bool stopped_ = false;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_GROWTH_H_
