// Owns: the arithmetic of served time: which minutes fall on which day, and what is taken already.
// Promises: pure; used when hours are decided and again when they are applied.
// Thread: any.
#ifndef MERITBOOK_LEDGER_HOURS_H_
#define MERITBOOK_LEDGER_HOURS_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "ledger/calendar.h"
#include "ledger/state.h"

namespace meritbook {

struct DayPart {
  DayNumber day = 0;
  int minutes = 0;
};

// A record's minutes by the day they fall in, ascending.
absl::InlinedVector<DayPart, 2> PartsOf(const v1::CreditHours& command, const Calendar& calendar);

// The clock times of a record; must have them.
ServedInterval IntervalOf(const v1::ServiceInterval& interval);

// What the volunteer served on a day so far.
DayMinutes MinutesOn(const Volunteer& volunteer, DayNumber day);

// True if she served elsewhere in the interval.
bool Overlaps(const Volunteer& volunteer, const ServedInterval& interval);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_HOURS_H_
