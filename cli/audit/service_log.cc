#include "cli/audit/service_log.h"

#include <algorithm>

namespace meritbook::audit {
namespace {

bool EndsBefore(const ClockTimes& times, uint32_t minute) { return times.end_minute <= minute; }
bool IsBeforeDay(const DayMinutes& minutes, int32_t day) { return minutes.day < day; }

}  // namespace

// Records mostly come in the order of service: the back is looked at before any search.

const ClockTimes* ServiceLog::Overlapping(const ClockTimes& times) const {
  if (times_.empty() || EndsBefore(times_.back(), times.start_minute)) return nullptr;
  // Sorted by start and without overlaps, so sorted by end too.
  const auto at = std::lower_bound(times_.begin(), times_.end(), times.start_minute, EndsBefore);
  if (at == times_.end() || at->start_minute >= times.end_minute) return nullptr;
  return &*at;
}

DayMinutes ServiceLog::MinutesOf(int32_t day) const {
  if (days_.empty() || IsBeforeDay(days_.back(), day)) return {day, 0, 0};
  const auto at = std::lower_bound(days_.begin(), days_.end(), day, IsBeforeDay);
  return at != days_.end() && at->day == day ? *at : DayMinutes{day, 0, 0};
}

void ServiceLog::AddTimes(const ClockTimes& times) {
  if (times_.empty() || EndsBefore(times_.back(), times.start_minute)) {
    times_.push_back(times);
    return;
  }
  const auto at = std::lower_bound(times_.begin(), times_.end(), times.start_minute, EndsBefore);
  if (at == times_.end() || at->start_minute >= times.end_minute) times_.insert(at, times);
}

void ServiceLog::AddMinutes(const DayMinutes& minutes) {
  if (days_.empty() || IsBeforeDay(days_.back(), minutes.day)) {
    days_.push_back(minutes);
    return;
  }
  const auto at = std::lower_bound(days_.begin(), days_.end(), minutes.day, IsBeforeDay);
  if (at == days_.end() || at->day != minutes.day) {
    days_.insert(at, minutes);
  } else {
    at->credited += minutes.credited;
    at->honorary += minutes.honorary;
  }
}

int64_t ServiceLog::CreditedBetween(int32_t first_day, int32_t last_day) const {
  int64_t minutes = 0;
  for (auto at = std::lower_bound(days_.begin(), days_.end(), first_day, IsBeforeDay);
       at != days_.end() && at->day <= last_day; ++at) {
    minutes += at->credited;
  }
  return minutes;
}

void ServiceLog::RemoveTimes(const ClockTimes& times) {
  const auto at = std::lower_bound(times_.begin(), times_.end(), times.start_minute, EndsBefore);
  if (at != times_.end() && at->start_minute == times.start_minute &&
      at->end_minute == times.end_minute) {
    times_.erase(at);
  }
}

void ServiceLog::RemoveMinutes(const DayMinutes& minutes) {
  const auto at = std::lower_bound(days_.begin(), days_.end(), minutes.day, IsBeforeDay);
  if (at == days_.end() || at->day != minutes.day) return;
  at->credited -= std::min(at->credited, minutes.credited);
  at->honorary -= std::min(at->honorary, minutes.honorary);
  if (at->credited == 0 && at->honorary == 0) days_.erase(at);
}

void ServiceLog::Clear() {
  times_.clear();
  days_.clear();
}

}  // namespace meritbook::audit
