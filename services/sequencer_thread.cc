#include "services/sequencer_thread.h"

#include <chrono>
#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

// How long an idle sequencer sleeps before it looks whether points have lapsed.
constexpr std::chrono::milliseconds kIdleMax{500};

}  // namespace

SequencerThread::SequencerThread(SequencerOptions options, size_t queue_commands_max)
    : clock_(options.clock), queue_commands_max_(queue_commands_max), sequencer_([this, &options] {
        options.on_completed = [this] { Wake(); };
        return std::move(options);
      }()) {}

SequencerThread::~SequencerThread() {
  if (thread_.joinable()) (void)Stop();
}

absl::Status SequencerThread::Start() {
  if (absl::Status status = sequencer_.Open(); !status.ok()) return status;
  turned_at_us_ = clock_->MonotonicUs();
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

std::optional<Refused> SequencerThread::Submit(Call call) {
  const size_t weight = call.weight();
  const size_t before = queued_commands_.fetch_add(weight);
  // A call that meets an empty queue is taken whatever its size; its own limits bound it.
  if (before != 0 && before + weight > queue_commands_max_) {
    queued_commands_.fetch_sub(weight);
    return Refused{v1::REFUSAL_QUEUE_FULL,
                   "",
                   "too many calls are waiting; try again",
                   {{"queue_commands_max", Text(queue_commands_max_)}}};
  }
  call.done = [this, weight, done = std::move(call.done)](std::vector<Answer> answers) {
    queued_commands_.fetch_sub(weight);
    done(std::move(answers));
  };
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    queued_commands_.fetch_sub(weight);
    return Refused{v1::REFUSAL_STOPPING, "", "the server is stopping", {}};
  }
  mailbox_.push_back(std::move(call));
  WakeLocked();
  return std::nullopt;
}

absl::Status SequencerThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    WakeLocked();
  }
  if (thread_.joinable()) thread_.join();
  return sequencer_.Close();
}

SequencerVitals SequencerThread::vitals() const {
  SequencerVitals vitals = sequencer_.vitals();
  vitals.turned_at_us = turned_at_us_;
  return vitals;
}

void SequencerThread::Wake() {
  const std::lock_guard lock(mutex_);
  WakeLocked();
}

void SequencerThread::WakeLocked() {
  if (woken_) return;
  woken_ = true;
  wake_.notify_one();
}

void SequencerThread::Run() {
  std::vector<Call> calls;
  bool progress = true;
  while (true) {
    turned_at_us_ = clock_->MonotonicUs();
    bool stopping;
    {
      std::unique_lock lock(mutex_);
      if (!progress) wake_.wait_for(lock, kIdleMax, [this] { return woken_; });
      woken_ = false;
      calls.swap(mailbox_);
      stopping = stopping_;
    }
    for (Call& call : calls) sequencer_.Enqueue(std::move(call));
    calls.clear();
    progress = sequencer_.Step();
    if (stopping && (!sequencer_.Busy() || sequencer_.broken())) return;
  }
}

}  // namespace meritbook
