// Owns: who waits for the log to grow.
// Promises: a waiter is called once, soon after more events are durable, or when the server stops.
// Thread: any.
#ifndef MERITBOOK_SERVICES_GROWTH_H_
#define MERITBOOK_SERVICES_GROWTH_H_

#include <functional>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace meritbook {

class Growth {
 public:
  // Runs `wake` at the next Notify; at once after Stop. It must not block.
  void Await(std::function<void()> wake) {
    {
      absl::MutexLock lock(&mutex_);
      if (!stopped_) {
        waiters_.push_back(std::move(wake));
        return;
      }
    }
    wake();
  }

  void Notify() {
    std::vector<std::function<void()>> waiters;
    {
      absl::MutexLock lock(&mutex_);
      waiters.swap(waiters_);
    }
    for (auto& wake : waiters) wake();
  }

  void Stop() {
    {
      absl::MutexLock lock(&mutex_);
      stopped_ = true;
    }
    Notify();
  }

  bool stopped() const {
    absl::MutexLock lock(&mutex_);
    return stopped_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::function<void()>> waiters_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_GROWTH_H_
