// Owns: the programme in figures, from the books of one ledger.
// Promises: a pure function: the same for the same books and day.
// Thread: any while nobody fills the books.
//
// What counts is what counts now: a record enters when it is approved and leaves when it is
// revoked, replaced or rejected after a dispute, with its minutes and its person-time. A
// person-time is a distinct (volunteer, session), or (volunteer, activity, first day of the
// service) where there is no session, with at least one approved record; awards are none. Service
// minutes are those of such records, credited and honorary; minutes of opening balances are not
// service of this ledger. A registration that was merged counts as its survivor, who is a member of
// what either was. An activity counts once it is open, and stays when it is closed or called off.
//
// Points are the accounts' own: issued is all that ever was (records, awards, opening balances,
// adjustments), expired is net of what was reinstated or clawed back, redeemed net of refunds. What
// a volunteer ever earned is what was issued to her less what was revoked; spent and lapsed points
// stay in it.
//
// Outstanding fen are the outstanding points at what was paid for a point on average: fen paid
// through the units paid for, payments that came back left out; rounded half up.
//
// With a last day (the occurred axis, reports.h): service until it, by its day, as the books know
// it; all else by when it happened. Who is known to be one person is one person on every day.
#ifndef MERITBOOK_SERVICES_SUMMARY_H_
#define MERITBOOK_SERVICES_SUMMARY_H_

#include <optional>

#include "ledger/calendar.h"
#include "meritbook/v1/report.pb.h"
#include "services/books.h"

namespace meritbook {

v1::GetSummaryResponse SummaryOf(const books::Books& books, std::optional<DayNumber> until);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SUMMARY_H_
