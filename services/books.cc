#include "services/books.h"

#include <algorithm>

namespace meritbook::books {

MonthNumber Books::BookedMonth(uint32_t sequence, int64_t occurred_us) const {
  const auto late = std::lower_bound(
      late_facts.begin(), late_facts.end(), sequence,
      [](const LateFact& fact, uint32_t wanted) { return fact.sequence < wanted; });
  if (late != late_facts.end() && late->sequence == sequence) return late->booked;
  return MonthOf(DayOf(occurred_us));
}

const Record* Books::RecordAt(uint32_t sequence) const {
  uint32_t low = 0;
  uint32_t high = records.size();
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (records[middle].sequence < sequence) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == records.size() || records[low].sequence != sequence) return nullptr;
  return &records[low];
}

std::pair<uint32_t, uint32_t> Books::MinutesOf(const Record& record) const {
  std::pair<uint32_t, uint32_t> minutes;
  for (uint32_t i = 0; i < record.segments; ++i) {
    const Segment& segment = segments[record.first_segment + i];
    minutes.first += segment.credited_minutes;
    minutes.second += segment.honorary_minutes;
  }
  return minutes;
}

}  // namespace meritbook::books
