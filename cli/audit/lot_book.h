// Owns: one volunteer's lots: units that share a last day.
// Promises: every lot > 0, the one that lapses first first; sums never overflow.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_LOT_BOOK_H_
#define MERITBOOK_CLI_AUDIT_LOT_BOOK_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// Last day of units that never lapse: after every other.
inline constexpr int32_t kNeverLapses = std::numeric_limits<int32_t>::max();

struct Lot {
  int32_t last_day = kNeverLapses;
  bool graced = false;  // the last day includes the grace: a lot of its own
  int64_t units = 0;

  friend bool operator==(const Lot& a, const Lot& b) {
    return a.last_day == b.last_day && a.graced == b.graced && a.units == b.units;
  }
};
inline bool IsSameLot(const Lot& a, const Lot& b) {
  return a.last_day == b.last_day && a.graced == b.graced;
}
inline bool LapsesBefore(const Lot& a, const Lot& b) {
  return a.last_day != b.last_day ? a.last_day < b.last_day : !a.graced && b.graced;
}

using LotList = google::protobuf::RepeatedPtrField<v1::LotUnits>;

// A lot as an event or an answer has it.
Lot LotOf(const v1::LotUnits& lot);
std::vector<Lot> LotsOf(const LotList& lots);
absl::int128 SumOf(const std::vector<Lot>& lots);
// Into lots that are in order, each once. Nothing for 0 units.
void Join(std::vector<Lot>& lots, const Lot& lot);
// The first `units` of lots in order.
std::vector<Lot> FirstUnits(const std::vector<Lot>& lots, int64_t units);

class LotBook {
 public:
  // `units` > 0. False, and nothing done, where 64 bits can't hold the volunteer's sum.
  bool Add(const Lot& lot);
  // Takes what there is, up to the lot's units; returns what was taken.
  int64_t Take(const Lot& lot);

  // 0 where there is no such lot.
  int64_t UnitsOf(const Lot& lot) const;
  // Whether `taken` is what spending takes: whole lots from the first on, of the last a part.
  bool StartsWith(const LotList& taken) const;
  // The lot that lapses first; nothing when there is none.
  const Lot* First() const { return lots_.empty() ? nullptr : &lots_.front(); }

  int64_t units() const { return units_; }
  const std::vector<Lot>& lots() const { return lots_; }

 private:
  std::vector<Lot>::iterator At(const Lot& lot);

  std::vector<Lot> lots_;
  int64_t units_ = 0;
};

// "2021-03-31:6000 2021-04-30+grace:7 never:50", for messages.
std::string LotText(const std::vector<Lot>& lots);
std::string DayText(int32_t day);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_LOT_BOOK_H_
