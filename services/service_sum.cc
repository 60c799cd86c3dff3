#include "services/service_sum.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace meritbook {
namespace {

uint64_t Pair(uint32_t high, uint32_t low) { return uint64_t{high} << 32 | low; }

template <typename Key>
void SortUnique(std::vector<Key>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

// Records of one volunteer and group follow each other often; what is the same as before needn't
// be sorted.
template <typename Key>
void AddKey(std::vector<Key>& keys, const Key& key) {
  if (keys.empty() || keys.back() != key) keys.push_back(key);
}

}  // namespace

std::map<uint32_t, ServiceSum> SumService(const books::Books& books, const Window& window,
                                          GroupOf group_of) {
  std::map<uint32_t, ServiceSum> sums;
  std::vector<uint64_t> served;                             // group and person
  std::vector<std::pair<uint32_t, uint64_t>> person_times;  // group; person and place
  for (const books::Record& record : books.records) {
    if (!record.counts || record.place == books::kNoRow) continue;
    const books::Place& place = books.places[record.place];
    const uint32_t person = books.Survivor(record.volunteer);
    for (uint32_t i = 0; i < record.segments; ++i) {
      const books::Segment& segment = books.segments[record.first_segment + i];
      if (!window.Has(segment.day)) continue;
      const auto group = group_of(place, segment.day, person);
      if (!group) continue;
      ServiceSum& sum = sums[*group];
      sum.credited_minutes += segment.credited_minutes;
      sum.honorary_minutes += segment.honorary_minutes;
      sum.units += segment.units;
      AddKey(served, Pair(*group, person));
    }
    if (!window.Has(place.day)) continue;
    if (const auto group = group_of(place, place.day, person)) {
      AddKey(person_times, {*group, Pair(person, record.place)});
    }
  }
  SortUnique(served);
  for (const uint64_t key : served) ++sums[static_cast<uint32_t>(key >> 32)].volunteers;
  SortUnique(person_times);
  for (const auto& [group, key] : person_times) ++sums[group].person_times;
  return sums;
}

ServiceSum SumService(const books::Books& books, const Window& window) {
  const auto sums = SumService(
      books, window,
      [](const books::Place&, DayNumber, uint32_t) -> std::optional<uint32_t> { return 0; });
  return sums.empty() ? ServiceSum() : sums.begin()->second;
}

}  // namespace meritbook
