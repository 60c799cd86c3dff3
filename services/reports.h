// Owns: the reports, each a pure function of the books and the request.
// Promises: equal books and equal requests give equal rows, byte by byte.
// Thread: any while nobody fills the books.
//
// A report speaks of two axes that are kept apart.
//
// Recorded: the books are those of the first `size` events. What an event said later (a correction,
// a revocation, a merge) is unknown to them.
//
// Occurred: `from_day` to `until_day`, both included.
// - Service counts by the day it was served, as it stands in these books: a record that was
// revoked,
//   replaced or rejected is not there on any day, a replacement is there on its own days. So are
//   its minutes and its points where a report counts points of service (`units` of COMMUNITIES,
//   TOTALS).
// - Units on accounts move when their event happened: a credit when the service was over, a
//   claw-back when it was decided, a lapse on the day after the lot's last, a confirm when the
//   goods were handed over. At the end of any day all accounts sum to zero.
// - Orders, refunds, stock, statements, payments and budgets count by when they happened.
// - A person-time is a distinct (volunteer, session), or (volunteer, activity, first day of the
//   service) where there is no session, with an approved record; it belongs to the session's day,
//   or to that first day.
// - Registrations that are known to be one person are one person, on every day.
//
// Rows of totals sum the rows above, but for volunteers, who count once however many rows they are
// in. Figures of each report:
//
// COMMUNITIES    projects opened until the last day; service of the window.
// ORGANISATIONS  the headcount as it was set last; who registered with the organisation; who of
//                them served in the window, anywhere; the share of the headcount, and whether it is
//                kParticipationPercent or more. Never who did not.
// TOTALS         service of the window by group. What has none (no campaign, no community) is a row
//                without a name. Awards are no service of any group.
// CROSSINGS      sessions of category kTrafficCategory that somebody served, by site and slot.
// DAYBOOK        what was handed over and taken back, line by line, at the order's prices.
// SETTLEMENT     each statement with what became of it until the last day, a total for each
//                merchant (its first opening, its movements, its last closing), and what no
//                statement has yet.
// PASSBOOK       all events of a person, of all of her registrations.
// CERTIFICATE    approved service by year of the day of service and category; minutes of opening
//                balances in a row without a year. `stars` by the rule of the last day.
// ACCOUNT        what moved the account in the window, after what it was before; by sequence.
// TRIAL_BALANCE  the sum of each kind of account.
// ROLL_FORWARD   what volunteers have (available, pending and held, less debt), by booked month.
// EXCEPTIONS     proposals with both persons; revocations and corrections of kAlonePointsMin points
//                or more by one; a statement's payment, or the answer to its objection, by the same
//                person who opened it.
// EXPIRY_CALENDAR  units by the last day on which they can be spent; those that never lapse last.
// STOCK, OPEN_ORDERS, BUDGETS  as they stood at the end of the last day.
// REVIEWS        what waits: service until the last day as these books know it; projects, proposals
//                and objections as they stood at its end.
// STARS          by credited and honorary hours, those of opening balances too, and the thresholds
//                of the rule of the last day.
// SUSPICIOUS     see the constants below.
// MONTHS         by booked month. `later_…` took place in the month and is booked in another one,
//                since its books were closed; `about_closed_…` is booked in the month and took
//                place in a closed one. Service minutes are by day of service, whatever is booked
//                where.
#ifndef MERITBOOK_SERVICES_REPORTS_H_
#define MERITBOOK_SERVICES_REPORTS_H_

#include <cstdint>
#include <optional>
#include <variant>

#include "ledger/refusal.h"
#include "meritbook/v1/report.pb.h"
#include "services/books.h"
#include "services/report_table.h"
#include "services/report_window.h"

namespace meritbook {

inline constexpr int kParticipationPercent = 90;
inline constexpr char kTrafficCategory[] = "traffic_courtesy";
inline constexpr int64_t kAlonePointsMin = 100;

// Suspicious patterns. What is rare among honest people, so that the list stays short.
//
// `backdated_burst`: one person brings in this many records on one day that lie
// books::kBackdatedDaysMin days back or more, and not as backfills.
inline constexpr uint32_t kBurstRecordsMin = 20;
// `same_merchant`: one volunteer is handed over this many orders by one merchant within so many
// days.
inline constexpr uint32_t kSameMerchantOrdersMin = 8;
inline constexpr int kSameMerchantDays = 30;
// `own_team`: somebody bound to a volunteer submits or reviews this many records of others in that
// volunteer's organisation on one day.
inline constexpr uint32_t kOwnTeamRecordsMin = 1;
// `long_day`: this much approved service of one volunteer on one day.
inline constexpr int64_t kLongDayMinutesMin = 16 * 60;

// What a request asks for, its form checked.
struct ReportRequest {
  v1::ReportKind kind = v1::REPORT_KIND_UNSPECIFIED;
  v1::ReportGroup group = v1::REPORT_GROUP_UNSPECIFIED;
  std::string volunteer_id;
  std::string merchant_id;
  std::optional<DayNumber> from;
  std::optional<DayNumber> until;
};

// Nothing in a request is ignored: what its kind doesn't take is refused.
std::variant<ReportRequest, Refused> CheckReport(const v1::GetReportRequest& request);

// Refused when the books don't know whom it is about.
std::variant<ReportTable, Refused> MakeReport(const books::Books& books,
                                              const ReportRequest& request);

// Service. (reports_service.cc)
ReportTable Communities(const books::Books& books, const Window& window);
ReportTable Organisations(const books::Books& books, const Window& window);
ReportTable Totals(const books::Books& books, const Window& window, v1::ReportGroup group);
ReportTable Crossings(const books::Books& books, const Window& window);

// Persons. (reports_people.cc)
ReportTable Stars(const books::Books& books, const Window& window);
ReportTable Certificate(const books::Books& books, const Window& window, uint32_t person);
ReportTable Passbook(const books::Books& books, const Window& window, uint32_t person);
ReportTable VolunteerAccount(const books::Books& books, const Window& window, uint32_t person);

// Accounts. (reports_accounts.cc)
ReportTable TrialBalance(const books::Books& books, const Window& window);
ReportTable RollForward(const books::Books& books, const Window& window);
ReportTable Months(const books::Books& books, const Window& window);
ReportTable ExpiryCalendar(const books::Books& books, const Window& window);

// The mall; of one merchant or of all. (reports_mall.cc)
using MerchantChoice = std::optional<uint32_t>;
ReportTable Daybook(const books::Books& books, const Window& window, MerchantChoice merchant);
ReportTable Stock(const books::Books& books, const Window& window, MerchantChoice merchant);
ReportTable OpenOrders(const books::Books& books, const Window& window, MerchantChoice merchant);
ReportTable Budgets(const books::Books& books, const Window& window);

// Settlement. (reports_settlement.cc)
ReportTable Settlement(const books::Books& books, const Window& window, MerchantChoice merchant);
ReportTable MerchantAccount(const books::Books& books, const Window& window, uint32_t merchant);

// Oversight. (reports_oversight.cc, reports_suspicious.cc)
ReportTable Exceptions(const books::Books& books, const Window& window);
ReportTable Reviews(const books::Books& books, const Window& window);
ReportTable Suspicious(const books::Books& books, const Window& window);

// What a budget comes to at the end of a window.
struct BudgetFigures {
  int64_t allocated_fen = 0;
  int64_t reserved_fen = 0;
  int64_t owed_fen = 0;
  int64_t paid_fen = 0;
  int64_t used_fen() const { return reserved_fen + owed_fen + paid_fen; }
  int64_t left_fen() const { return allocated_fen - used_fen(); }
};
// One for each budget of the books.
std::vector<BudgetFigures> BudgetFiguresOf(const books::Books& books, const Window& window);

// The thresholds of the rule that governs a day, in hours.
std::vector<uint32_t> StarHoursOn(const books::Books& books, const Window& window);
uint32_t StarsOf(const std::vector<uint32_t>& star_hours, int64_t minutes);

// -1, 0 or 1 times what an account of volunteers gets from a leg: pending, available, held or debt.
bool IsVolunteers(Account account);
// Whose side of a leg it is; kNoRow for the ledger's own accounts and merchants'.
uint32_t OwnerOfFrom(const books::Books& books, const books::Leg& leg);
uint32_t OwnerOfTo(const books::Books& books, const books::Leg& leg);

// 1/100 of a percent, rounded half up; nothing without a whole.
std::optional<int64_t> BasisPoints(int64_t part, int64_t whole);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_REPORTS_H_
