// Owns: when one volunteer served: her clock times, and her minutes by day.
// Promises: times don't overlap and are sorted; so are the days.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_SERVICE_LOG_H_
#define MERITBOOK_CLI_AUDIT_SERVICE_LOG_H_

#include <cstdint>
#include <vector>

namespace meritbook::audit {

// Half-open, in minutes since 1970-01-01 UTC: eight bytes each.
struct ClockTimes {
  uint32_t start_minute = 0;
  uint32_t end_minute = 0;
};

struct DayMinutes {
  int32_t day = 0;
  uint32_t credited = 0;
  uint32_t honorary = 0;
};

class ServiceLog {
 public:
  // Times that she served already and that these overlap; nothing when there are none.
  const ClockTimes* Overlapping(const ClockTimes& times) const;
  // What has been recorded of a day so far.
  DayMinutes MinutesOf(int32_t day) const;

  // Credited minutes from `first_day` to `last_day`.
  int64_t CreditedBetween(int32_t first_day, int32_t last_day) const;

  // Times that overlap are left out, so that one mistake isn't told twice.
  void AddTimes(const ClockTimes& times);
  void AddMinutes(const DayMinutes& minutes);
  // Takes back what was added; never more than there is.
  void RemoveTimes(const ClockTimes& times);
  void RemoveMinutes(const DayMinutes& minutes);
  void Clear();

  const std::vector<ClockTimes>& times() const { return times_; }
  const std::vector<DayMinutes>& days() const { return days_; }

 private:
  std::vector<ClockTimes> times_;
  std::vector<DayMinutes> days_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_SERVICE_LOG_H_
