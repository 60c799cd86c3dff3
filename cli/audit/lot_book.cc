#include "cli/audit/lot_book.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace meritbook::audit {

Lot LotOf(const v1::LotUnits& lot) {
  return {lot.has_expiry_day_number() ? lot.expiry_day_number() : kNeverLapses, lot.units()};
}

std::vector<Lot>::iterator LotBook::At(int32_t last_day) {
  return std::lower_bound(lots_.begin(), lots_.end(), last_day,
                          [](const Lot& lot, int32_t day) { return lot.last_day < day; });
}

bool LotBook::Add(const Lot& lot) {
  int64_t sum_units = 0;
  if (__builtin_add_overflow(units_, lot.units, &sum_units)) return false;
  units_ = sum_units;
  const auto at = At(lot.last_day);
  if (at != lots_.end() && at->last_day == lot.last_day) {
    at->units += lot.units;  // not more than the sum, which fits
  } else {
    lots_.insert(at, lot);
  }
  return true;
}

int64_t LotBook::Take(const Lot& lot) {
  const auto at = At(lot.last_day);
  if (at == lots_.end() || at->last_day != lot.last_day || lot.units <= 0) return 0;
  const int64_t taken_units = std::min(at->units, lot.units);
  at->units -= taken_units;
  units_ -= taken_units;
  if (at->units == 0) lots_.erase(at);
  return taken_units;
}

int64_t LotBook::UnitsOf(int32_t last_day) const {
  for (const Lot& lot : lots_) {
    if (lot.last_day == last_day) return lot.units;
  }
  return 0;
}

bool LotBook::StartsWith(const LotList& taken) const {
  const auto count = static_cast<size_t>(taken.size());
  if (count > lots_.size()) return false;
  for (size_t i = 0; i < count; ++i) {
    const Lot lot = LotOf(taken[static_cast<int>(i)]);
    if (lot.last_day != lots_[i].last_day) return false;
    if (i + 1 < count ? lot.units != lots_[i].units : lot.units > lots_[i].units) return false;
  }
  return true;
}

std::string DayText(int32_t day) {
  if (day == kNeverLapses) return "never";
  return absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) + day);
}

std::string LotText(const std::vector<Lot>& lots) {
  std::string text;
  for (const Lot& lot : lots) {
    absl::StrAppend(&text, text.empty() ? "" : " ", DayText(lot.last_day), ":", lot.units);
  }
  return text.empty() ? "none" : text;
}

}  // namespace meritbook::audit
