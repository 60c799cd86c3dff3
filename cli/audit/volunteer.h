// Owns: one volunteer's side of the books: points, hours, and what became of both.
// Promises: plain facts; the sums are kept by those who enter events.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_VOLUNTEER_H_
#define MERITBOOK_CLI_AUDIT_VOLUNTEER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "cli/audit/lot_book.h"
#include "cli/audit/register.h"
#include "cli/audit/service_log.h"

namespace meritbook::audit {

struct Activity;
struct Award;
struct Item;
struct Record;
struct Session;

// Units that were earned and have not matured.
struct PendingUnits {
  int32_t matures_day = 0;
  Lot lot;                         // that they will belong to
  const Record* record = nullptr;  // that earned them

  friend bool operator==(const PendingUnits& a, const PendingUnits& b) {
    return a.matures_day == b.matures_day && a.lot == b.lot && a.record == b.record;
  }
};

// What a volunteer lost of one lot and may still be clawed back or given back from there.
struct LostLot {
  Lot lot;  // without units
  int64_t expired_units = 0;
  int64_t forfeited_units = 0;
};

// Credited minutes that count towards a cap of the activity.
struct ActivityMinutes {
  const Activity* activity = nullptr;
  int64_t minutes = 0;
};

struct AwardCount {
  const Award* award = nullptr;
  int32_t year = 0;
  uint32_t times = 0;
};

// One occurrence of an activity: a session, or a day where there is none.
struct Occurrence {
  const Activity* activity = nullptr;
  const Session* session = nullptr;
  int32_t day = 0;

  friend bool operator==(const Occurrence& a, const Occurrence& b) {
    return a.activity == b.activity && a.session == b.session && a.day == b.day;
  }
  template <typename H>
  friend H AbslHashValue(H state, const Occurrence& at) {
    return H::combine(std::move(state), at.activity, at.session, at.day);
  }
};

// Pieces of an item in the newest period of its limit.
struct Bought {
  const Item* item = nullptr;
  int32_t period = 0;
  int64_t quantity = 0;
};

// Orders placed on the newest day with any.
struct DayOrders {
  int32_t day = 0;
  int64_t orders = 0;
  int64_t points = 0;
  DayOrders On(int32_t wanted) const { return wanted == day ? *this : DayOrders{wanted, 0, 0}; }
};

struct Volunteer : Registered {
  uint64_t event_count = 0;
  uint64_t last_sequence = 0;
  uint64_t credited_minutes = 0;
  uint64_t honorary_minutes = 0;
  LotBook lots;
  ServiceLog service;
  int64_t debt_units = 0;             // <= 0
  std::vector<PendingUnits> pending;  // by day, then lot
  std::vector<LostLot> lost;          // by lot
  std::vector<ActivityMinutes> activity_minutes;
  std::vector<AwardCount> awards;
  std::vector<Occurrence> attended;  // of activities that have a capacity; may be out of date
  absl::int128 held_units = 0;
  std::vector<uint32_t> open_orders;  // rows, as they were placed
  std::vector<Bought> bought;         // each item once
  DayOrders day_orders;
  int age_band = 0;
  Volunteer* merged_into = nullptr;
  bool frozen = false;
  bool closed = false;
  bool opened = false;        // has an opening balance
  bool overdue_told = false;  // until nothing is overdue any more
};

// Whose account it is after all merges.
inline Volunteer& Survivor(Volunteer& volunteer) {
  Volunteer* survivor = &volunteer;
  while (survivor->merged_into != nullptr) survivor = survivor->merged_into;
  return *survivor;
}
inline const Volunteer& Survivor(const Volunteer& volunteer) {
  return Survivor(const_cast<Volunteer&>(volunteer));
}

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_VOLUNTEER_H_
