// Owns: which part of the occurred axis a report is about.
// Promises: days and instants agree: an instant is in the window exactly if its day is.
// Thread: any.
#ifndef MERITBOOK_SERVICES_REPORT_WINDOW_H_
#define MERITBOOK_SERVICES_REPORT_WINDOW_H_

#include <cstdint>
#include <limits>
#include <optional>

#include "ledger/calendar.h"
#include "services/books.h"

namespace meritbook {

struct Window {
  DayNumber from = std::numeric_limits<DayNumber>::min();
  DayNumber until = std::numeric_limits<DayNumber>::max();  // the last day
  int64_t from_us = std::numeric_limits<int64_t>::min();
  int64_t end_us = std::numeric_limits<int64_t>::max();  // where the last day is over

  bool Has(DayNumber day) const { return from <= day && day <= until; }
  bool HasInstant(int64_t us) const { return from_us <= us && us < end_us; }
  // By the end of the window, also before it.
  bool Happened(int64_t us) const { return us < end_us; }
  bool Before(int64_t us) const { return us < from_us; }
};

inline Window WindowOf(const books::Books& books, std::optional<DayNumber> from,
                       std::optional<DayNumber> until) {
  Window window;
  if (from) {
    window.from = *from;
    window.from_us = books.calendar->StartOf(*from);
  }
  if (until) {
    window.until = *until;
    window.end_us = books.calendar->StartOf(*until + 1);
  }
  return window;
}

// The day that a report speaks of: until_day, else the day of the last event.
inline DayNumber LastDayOf(const books::Books& books, const Window& window) {
  const DayNumber last = books.DayOf(books.last_recorded_us);
  return window.until == std::numeric_limits<DayNumber>::max() ? last : window.until;
}

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_REPORT_WINDOW_H_
