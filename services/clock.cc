#include "services/clock.h"

#include <chrono>
#include <cstdlib>

#include "ledger/limits.h"

namespace meritbook {
namespace {

constexpr int64_t kDriftUsMax = 60'000'000;

class MachineClock final : public Clock {
 public:
  int64_t WallUs() const override { return Micros<std::chrono::system_clock>(); }
  int64_t MonotonicUs() const override { return Micros<std::chrono::steady_clock>(); }

 private:
  template <typename Source>
  static int64_t Micros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(Source::now().time_since_epoch())
        .count();
  }
};

}  // namespace

const Clock& SystemClock() {
  static const auto* const clock = new MachineClock;
  return *clock;
}

ClockGuard::ClockGuard(const Clock& clock, int64_t last_recorded_us, int64_t ahead_us_max)
    : clock_(clock), offset_us_(clock.WallUs() - clock.MonotonicUs()) {
  const int64_t ahead_us = clock.WallUs() - last_recorded_us;
  suspect_ = last_recorded_us != 0 &&
             (ahead_us < -kDriftUsMax || (ahead_us_max != 0 && ahead_us > ahead_us_max));
}

bool ClockGuard::Believable() {
  // No event may be recorded there, whoever confirms it.
  if (clock_.WallUs() < 0 || clock_.WallUs() > kInstantUsMax) return false;
  const int64_t drift_us = clock_.WallUs() - clock_.MonotonicUs() - offset_us_;
  if (std::abs(drift_us) > kDriftUsMax) suspect_ = true;
  return !suspect_;
}

void ClockGuard::Confirm() {
  offset_us_ = clock_.WallUs() - clock_.MonotonicUs();
  suspect_ = false;
}

}  // namespace meritbook
