#include "services/repeating_thread.h"

#include <utility>

namespace meritbook {

RepeatingThread::RepeatingThread(std::function<std::chrono::microseconds()> turn)
    : turn_(std::move(turn)), thread_([this] { Run(); }) {}

RepeatingThread::~RepeatingThread() { Stop(); }

void RepeatingThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void RepeatingThread::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const std::chrono::microseconds pause = turn_();
    lock.lock();
    stop_.wait_for(lock, pause, [this] { return stopping_; });
  }
}

}  // namespace meritbook
