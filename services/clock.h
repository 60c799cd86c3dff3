// Owns: time, as the service sees it.
// Promises: the only place that reads a clock; tests and simulation inject their own.
// Thread: any.
#ifndef MERITBOOK_SERVICES_CLOCK_H_
#define MERITBOOK_SERVICES_CLOCK_H_

#include <cstdint>

namespace meritbook {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t WallUs() const = 0;       // UTC microseconds since 1970; may step
  virtual int64_t MonotonicUs() const = 0;  // never goes back
};

// The machine's. Never destroyed.
const Clock& SystemClock();

// Tells when the wall clock can't be believed: it drifted from the monotonic clock by more than
// 60 s since it was last believed, or was more than 60 s behind the newest event at start (or a
// configured span ahead). Then live ledgers take no commands until an operator confirms. Before
// 1970 and after 2199 it is never believed.
class ClockGuard {
 public:
  // `last_recorded_us`: the newest event of all live ledgers, 0 if there is none.
  // `ahead_us_max`: 0 for no limit.
  ClockGuard(const Clock& clock, int64_t last_recorded_us, int64_t ahead_us_max);

  bool Believable();
  // An operator looked: what the wall clock says now is right.
  void Confirm();

 private:
  const Clock& clock_;
  int64_t offset_us_;  // wall - monotonic, when last believed
  bool suspect_ = false;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_CLOCK_H_
