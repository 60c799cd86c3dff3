// Owns: where units go that flow to a volunteer, recomputed, and the entering of it.
// Promises: what is entered leaves one account and reaches another, so that all still sum to zero.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_FLOW_H_
#define MERITBOOK_CLI_AUDIT_FLOW_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// What an inflow comes to.
struct Flow {
  std::vector<Lot> lots;
  int64_t debt_repaid_units = 0;
  std::vector<Lot> forfeited;
};

// The lot as of today: one that has lapsed and had no grace gets the grace of today's rule.
Lot WithGrace(const Books& books, int32_t today, Lot lot);
std::vector<Lot> WithGrace(const Books& books, int32_t today, const std::vector<Lot>& lots);

// Where units go: `lots` are in order, each once.
Flow FlowOf(const Volunteer& volunteer, const std::vector<Lot>& lots);
// What the event says of it. Where there are no units, an inflow may be absent or empty.
MaybeViolation CheckFlow(const Flow& want, bool present, const v1::Inflow& found);
// from -> available, debt, forfeited. False where an account can't hold it.
bool EnterFlow(Books& books, Volunteer& volunteer, const Flow& flow, absl::int128& from_units);
bool EnterLots(Books& books, Volunteer& volunteer, const std::vector<Lot>& lots,
               absl::int128& from_units);
void EnterForfeited(Books& books, Volunteer& volunteer, const Lot& lot, absl::int128& from_units);

// from -> pending, of a record or of none.
void EnterPending(Books& books, Volunteer& volunteer, const PendingUnits& pending,
                  absl::int128& from_units);

// available -> to: whole lots first, never more than there is; returns what was taken.
int64_t TakeLots(Books& books, Volunteer& volunteer, const std::vector<Lot>& lots,
                 absl::int128& to_units);
// Whether an event took the first `units` that lapse, and they are there.
MaybeViolation CheckTaken(const Taking& taking, const Volunteer& volunteer, const LotList& taken,
                          int64_t units);

// Her own entry for a lot, made where there is none.
LostLot& LostOf(Volunteer& volunteer, const Lot& lot);
int64_t ExpiredOf(const Volunteer& volunteer, const Lot& lot);
int64_t ForfeitedOf(const Volunteer& volunteer, const Lot& lot);

// Pending units as events and answers have them.
struct PendingLot {
  int32_t matures_day = 0;
  Lot lot;

  friend bool operator==(const PendingLot& a, const PendingLot& b) {
    return a.matures_day == b.matures_day && a.lot == b.lot;
  }
};
using PendingList = google::protobuf::RepeatedPtrField<v1::PendingUnits>;
std::vector<PendingLot> PendingOf(const PendingList& pending);
// Into entries by day and lot, each once.
void Join(std::vector<PendingLot>& pending, const PendingLot& entry);
std::string PendingText(const std::vector<PendingLot>& pending);
// Sum of her pending units.
absl::int128 PendingUnitsOf(const Volunteer& volunteer);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_FLOW_H_
