// Owns: when a record's service was, in the ledger's days, and where it has to lie.
// Promises: reads a record as it came in and as it was kept alike.
// Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_SERVICE_H_
#define MERITBOOK_CLI_AUDIT_SERVICE_H_

#include <cstdint>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::audit {

inline constexpr int64_t kDayMinutes = 1'440;

struct Service {
  int64_t start_us = 0;  // 0 where only the length is known
  int64_t end_us = 0;
  int32_t first_day = 0;
  int32_t last_day = 0;
  int64_t minutes = 0;

  bool HasTimes() const { return start_us != 0; }
  int64_t MinutesOn(const ZoneDays& days, int32_t day) const;
  // Of service that has times.
  ClockTimes Times() const {
    return {static_cast<uint32_t>(start_us / kMinuteUs), static_cast<uint32_t>(end_us / kMinuteUs)};
  }
  // Its own instant, else the start of its day.
  int64_t OccurredUs(const ZoneDays& days) const {
    return HasTimes() ? start_us : days.StartOf(first_day);
  }
};

MaybeViolation ReadService(const ZoneDays& days, const v1::ServiceRecord& record, Service& service);
Service ServiceOf(const ZoneDays& days, const Record& record);

// Whether service posted longer ago than the backdating window is taken.
enum class Window : uint8_t { kKept, kIgnored };

// Whether a record of service may be decided now: its activity and session, its times and its
// length.
MaybeViolation CheckService(const Taking& taking, const Service& service, const Activity& activity,
                            const Session* session, Window window);

// Whom and what a record names.
struct Named {
  Volunteer* volunteer = nullptr;
  Activity* activity = nullptr;
  Session* session = nullptr;
};
MaybeViolation FindNamed(Books& books, const v1::ServiceRecord& record, Named& named);

// Whose volunteer id a command may name: nobody who was merged into another.
MaybeViolation RequireUnmerged(const Volunteer& volunteer);
MaybeViolation RequireNotClosed(const Volunteer& volunteer);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_SERVICE_H_
