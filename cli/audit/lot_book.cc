#include "cli/audit/lot_book.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace meritbook::audit {

Lot LotOf(const v1::LotUnits& lot) {
  return {lot.has_expiry_day_number() ? lot.expiry_day_number() : kNeverLapses, lot.graced(),
          lot.units()};
}

std::vector<Lot> LotsOf(const LotList& lots) {
  std::vector<Lot> read;
  read.reserve(static_cast<size_t>(lots.size()));
  for (const v1::LotUnits& lot : lots) read.push_back(LotOf(lot));
  return read;
}

absl::int128 SumOf(const std::vector<Lot>& lots) {
  absl::int128 units = 0;
  for (const Lot& lot : lots) units += lot.units;
  return units;
}

void Join(std::vector<Lot>& lots, const Lot& lot) {
  if (lot.units == 0) return;
  const auto at = std::lower_bound(lots.begin(), lots.end(), lot, LapsesBefore);
  if (at != lots.end() && IsSameLot(*at, lot)) {
    // Beyond counting: left as it is, and told where it is added to an account.
    if (__builtin_add_overflow(at->units, lot.units, &at->units)) at->units = INT64_MAX;
  } else {
    lots.insert(at, lot);
  }
}

std::vector<Lot> FirstUnits(const std::vector<Lot>& lots, int64_t units) {
  std::vector<Lot> taken;
  for (const Lot& lot : lots) {
    if (units <= 0) break;
    taken.push_back({lot.last_day, lot.graced, std::min(units, lot.units)});
    units -= taken.back().units;
  }
  return taken;
}

std::vector<Lot>::iterator LotBook::At(const Lot& lot) {
  return std::lower_bound(lots_.begin(), lots_.end(), lot, LapsesBefore);
}

bool LotBook::Add(const Lot& lot) {
  int64_t sum_units = 0;
  if (__builtin_add_overflow(units_, lot.units, &sum_units)) return false;
  units_ = sum_units;
  const auto at = At(lot);
  if (at != lots_.end() && IsSameLot(*at, lot)) {
    at->units += lot.units;  // not more than the sum, which fits
  } else {
    lots_.insert(at, lot);
  }
  return true;
}

int64_t LotBook::Take(const Lot& lot) {
  const auto at = At(lot);
  if (at == lots_.end() || !IsSameLot(*at, lot) || lot.units <= 0) return 0;
  const int64_t taken_units = std::min(at->units, lot.units);
  at->units -= taken_units;
  units_ -= taken_units;
  if (at->units == 0) lots_.erase(at);
  return taken_units;
}

int64_t LotBook::UnitsOf(const Lot& lot) const {
  for (const Lot& own : lots_) {
    if (IsSameLot(own, lot)) return own.units;
  }
  return 0;
}

bool LotBook::StartsWith(const LotList& taken) const {
  const auto count = static_cast<size_t>(taken.size());
  if (count > lots_.size()) return false;
  for (size_t i = 0; i < count; ++i) {
    const Lot lot = LotOf(taken[static_cast<int>(i)]);
    if (!IsSameLot(lot, lots_[i])) return false;
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
    absl::StrAppend(&text, text.empty() ? "" : " ", DayText(lot.last_day),
                    lot.graced ? "+grace:" : ":", lot.units);
  }
  return text.empty() ? "none" : text;
}

}  // namespace meritbook::audit
