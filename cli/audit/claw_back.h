// Owns: where the units of a record are taken back from, and what of them returns.
// Promises: recomputed from the books alone; entered so that all accounts still sum to zero.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_CLAW_BACK_H_
#define MERITBOOK_CLI_AUDIT_CLAW_BACK_H_

#include <cstdint>
#include <vector>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "cli/audit/flow.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// Lists in the order of the taking.
struct TakenBack {
  std::vector<PendingLot> pending;
  std::vector<Lot> expired;
  std::vector<Lot> forfeited;
  std::vector<Lot> available;
  int64_t debt_units = 0;

  friend bool operator==(const TakenBack& a, const TakenBack& b) {
    return a.pending == b.pending && a.expired == b.expired && a.forfeited == b.forfeited &&
           a.available == b.available && a.debt_units == b.debt_units;
  }
};

// All that the record earned.
TakenBack ClawBackOf(const Volunteer& volunteer, const Record& record);
// Of what was taken, the `units` that were taken last.
TakenBack LastUnits(const TakenBack& taken, int64_t units);

// What the event says of it; of nothing, the message may be absent or empty.
MaybeViolation CheckTakenBack(Invariant invariant, const TakenBack& want, bool present,
                              const v1::ClawBack& found);

// pending, expired, forfeited, available, debt -> revoked.
void EnterClawBack(Books& books, Volunteer& volunteer, const Record& record,
                   const TakenBack& taken);
// revoked -> where it was taken from; pending units become the new record's.
bool EnterReturn(Books& books, Volunteer& volunteer, const Record& record,
                 const TakenBack& returned);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_CLAW_BACK_H_
