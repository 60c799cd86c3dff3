// Owns: the arithmetic of served time: which minutes fall on which day, what is taken already, what
//       a record counts for.
// Promises: pure; used when hours are decided and again when they are applied.
// Thread: any.
#ifndef MERITBOOK_LEDGER_HOURS_H_
#define MERITBOOK_LEDGER_HOURS_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "ledger/calendar.h"
#include "ledger/state.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook {

struct DayPart {
  DayNumber day = 0;
  int minutes = 0;
};
using Parts = absl::InlinedVector<DayPart, 2>;

// The service of a record as a row: when and how long, without names or state.
void SetService(const v1::ServiceRecord& service, const Calendar& calendar, Record& record);

// A record's minutes by the day they fall in, ascending.
Parts PartsOf(const Record& record, const Calendar& calendar);

// When the service of a record, or an award, took place.
int64_t OccurredUs(const Record& record, const Calendar& calendar);

// The clock times of a record; must have them.
inline ServedInterval IntervalOf(const Record& record) {
  return {record.start_minute, record.minutes};
}

// What the volunteer served on a day so far.
DayMinutes MinutesOn(const Volunteer& volunteer, DayNumber day);
// Minutes of hers that earned points in the calendar month of a day.
uint32_t CreditedInMonth(const Volunteer& volunteer, DayNumber day);
uint32_t CreditedInActivity(const Volunteer& volunteer, uint32_t activity);
uint32_t TimesAwarded(const Volunteer& volunteer, const std::string& award, int32_t year);

// True if she served elsewhere in the interval.
bool Overlaps(const Volunteer& volunteer, const ServedInterval& interval);

// Adds what an approved record counts for, points apart, to the volunteer, or takes it off again:
// its interval, its minutes by day, in its activity and in all, its award.
void CountRecord(Volunteer& volunteer, const Record& record, const std::vector<Rule>& rules,
                 bool add);

// What the other one served becomes hers, too; no two of their intervals overlap.
void MergeService(Volunteer& survivor, const Volunteer& ending);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_HOURS_H_
