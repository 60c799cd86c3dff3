// Owns: one volunteer's lots: units that share a last day.
// Promises: every lot > 0, the one that lapses first first; sums never overflow.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_LOT_BOOK_H_
#define MERITBOOK_CLI_AUDIT_LOT_BOOK_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

// Last day of units that never lapse: after every other.
inline constexpr int32_t kNeverLapses = std::numeric_limits<int32_t>::max();

struct Lot {
  int32_t last_day = kNeverLapses;
  int64_t units = 0;

  friend bool operator==(const Lot& a, const Lot& b) {
    return a.last_day == b.last_day && a.units == b.units;
  }
};

using LotList = google::protobuf::RepeatedPtrField<v1::LotUnits>;

// A lot as an event or an answer has it.
Lot LotOf(const v1::LotUnits& lot);

class LotBook {
 public:
  // `units` > 0. False, and nothing done, where 64 bits can't hold the volunteer's sum.
  bool Add(const Lot& lot);
  // Takes what there is, up to the lot's units; returns what was taken.
  int64_t Take(const Lot& lot);

  // 0 where there is no such lot.
  int64_t UnitsOf(int32_t last_day) const;
  // Whether `taken` is what a redemption takes: whole lots from the first on, of the last a part.
  bool StartsWith(const LotList& taken) const;
  // The lot that lapses first; nothing when there is none.
  const Lot* First() const { return lots_.empty() ? nullptr : &lots_.front(); }

  int64_t units() const { return units_; }
  const std::vector<Lot>& lots() const { return lots_; }

 private:
  std::vector<Lot>::iterator At(int32_t last_day);

  std::vector<Lot> lots_;
  int64_t units_ = 0;
};

// "2021-03-31:6000 never:50", for messages.
std::string LotText(const std::vector<Lot>& lots);
std::string DayText(int32_t day);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_LOT_BOOK_H_
