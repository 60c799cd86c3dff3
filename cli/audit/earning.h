// Owns: what a record comes to when it is decided, and the entering of it in her hours and points.
// Promises: recomputed from the record, the rules and her own books; what an event says is compared
// and then entered as said, so that what rests on it is not told again.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_EARNING_H_
#define MERITBOOK_CLI_AUDIT_EARNING_H_

#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "cli/audit/flow.h"
#include "cli/audit/service.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

struct EarnedSegment {
  Segment segment;
  Rate rate;
};
using EarnedList = absl::InlinedVector<EarnedSegment, 2>;

// How the minutes of a record count.
enum class Minutes : uint8_t { kEarn, kHonorary };

// What service comes to as of now; a violation where it may not be taken at all.
MaybeViolation Earn(const Taking& taking, const Volunteer& volunteer, const Activity& activity,
                    const Service& service, Minutes minutes, EarnedList& earned);
// Whether it overlaps with other service of hers.
MaybeViolation CheckOverlap(const Volunteer& volunteer, const Service& service);
// All of a waiting or disputed record's own checks but the backdating window, and what it comes to.
MaybeViolation EarnAgain(const Taking& taking, const Volunteer& volunteer, const Record& record,
                         EarnedList& earned);

// An award's own checks, and what it comes to.
MaybeViolation EarnAward(const Taking& taking, const Volunteer& volunteer, const Record& record,
                         Window window, EarnedList& earned);

// What the event says that the record came to.
MaybeViolation CheckSegments(const EarnedList& want, const v1::Credit& credit);

// The record counts from now on: its minutes, times, places and awards, as the event says.
MaybeViolation EnterHours(const Taking& taking, Volunteer& volunteer, Record& record,
                          const v1::Credit& credit);
// And its points: issued -> pending, available, debt or forfeited.
MaybeViolation TakePoints(const Taking& taking, Volunteer& volunteer, const Record& record,
                          const v1::Credit& credit);
// The record ceases to count; its points are clawed back apart.
void RemoveHours(Books& books, Volunteer& volunteer, Record& record);

// First day on which units credited now under the rule of that day can be spent; 0 for at once.
int32_t MaturesDay(const Taking& taking, int32_t first_day);

// Where the record was served, for a count of people.
Occurrence OccurrenceOf(const Activity& activity, const Session* session, int32_t first_day);
void AddAttended(Books& books, Volunteer& volunteer, const Occurrence& at, uint32_t records);
// Everybody but her with an approved record there.
size_t OthersAt(const Books& books, const Volunteer& volunteer, const Occurrence& at);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_EARNING_H_
