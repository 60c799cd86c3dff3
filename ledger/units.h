// Owns: the units that amounts are kept in, and their limits.
// Promises: exact for ever; nothing in the ledger rounds.
// Thread: any.
#ifndef MERITBOOK_LEDGER_UNITS_H_
#define MERITBOOK_LEDGER_UNITS_H_

#include <cstdint>

namespace meritbook {

// 1 % of 1 point an hour for 1 minute is 1 unit, so that every credit is exact to the minute.
inline constexpr int64_t kUnitsPerPoint = 6000;

// All that a ledger may ever have issued; every account lies within it, so sums can't overflow.
inline constexpr int64_t kIssuedUnitsMax = int64_t{1} << 62;

inline constexpr int64_t kMicrosPerMinute = 60'000'000;
inline constexpr int kMinutesPerDay = 1440;

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_UNITS_H_
