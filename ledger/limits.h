// Owns: every limit on what a client may send.
// Promises: checked before a command is decided (ledger/command.cc), tested at the limit and above.
// Thread: any.
#ifndef MERITBOOK_LEDGER_LIMITS_H_
#define MERITBOOK_LEDGER_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace meritbook {

inline constexpr size_t kIdBytesMax = 64;
inline constexpr size_t kTimeZoneBytesMax = 64;
inline constexpr size_t kRolesMax = 8;
inline constexpr size_t kCohortsMax = 8;
inline constexpr uint32_t kHeadcountMax = 10'000'000;
inline constexpr size_t kRatesMax = 256;
inline constexpr uint32_t kPointsPerHourMax = 10'000;
inline constexpr uint32_t kPercentageMax = 1'000;
inline constexpr uint32_t kBackdatingDaysMax = 3'660;
inline constexpr uint32_t kRollingMonthsMax = 1'200;
inline constexpr uint32_t kYearEndGraceDaysMax = 366;
// A record of clock times may run over midnight, in a disaster over days.
inline constexpr int kServiceDaysMax = 7;
inline constexpr uint32_t kGraceDaysMax = 366;
inline constexpr uint32_t kMaturityDaysMax = 366;
inline constexpr uint32_t kActivityMinutesMax = 10'000'000;
inline constexpr uint32_t kAwardPointsMax = 1'000'000;
inline constexpr size_t kAwardsMax = 64;
inline constexpr uint32_t kPointsMax = 1'000'000'000;
inline constexpr uint32_t kCapacityMax = 1'000'000;
inline constexpr size_t kAttendeesMax = 128;
inline constexpr size_t kOpeningBalancesMax = 128;
inline constexpr size_t kOpeningLotsMax = 64;
inline constexpr uint32_t kOpeningPartsMax = 1'000'000;
inline constexpr uint32_t kOpeningMinutesMax = 100'000'000;
// Of one lot or one adjustment: a billion points.
inline constexpr int64_t kOpeningUnitsMax = int64_t{6'000} * kPointsMax;
inline constexpr uint32_t kPricePointsMax = 1'000'000;
inline constexpr uint32_t kStockMax = 1'000'000'000;
inline constexpr size_t kOrderLinesMax = 64;
inline constexpr uint32_t kLineQuantityMax = 10'000;
// Open orders of one volunteer when she places another.
inline constexpr size_t kOpenOrdersMax = 32;
inline constexpr uint32_t kItemLimitMax = 10'000;
inline constexpr uint32_t kHoldSecondsMax = 604'800;
inline constexpr uint32_t kHoldSecondsMin = 10;
inline constexpr uint32_t kVoucherDaysMax = 366;
inline constexpr uint32_t kOfflineGraceMinutesMax = 44'640;
inline constexpr uint32_t kRefundDaysMax = 3'660;
inline constexpr uint32_t kVolunteerOrdersPerDayMax = 1'000;
inline constexpr uint32_t kMerchantOrdersPerDayMax = 1'000'000;
inline constexpr uint32_t kOpenAmountFenMax = 10'000;
inline constexpr uint32_t kStatementCloseDaysMax = 366;
inline constexpr size_t kStarsMax = 10;
inline constexpr uint32_t kStarHoursMax = 100'000;
// Of one piece, of one allocation or write-off, of a whole budget.
inline constexpr uint32_t kSettleFenMax = 100'000'000;
inline constexpr int64_t kBudgetFenMax = 1'000'000'000'000;
inline constexpr int64_t kAllocatedFenMax = 1'000'000'000'000'000;
inline constexpr size_t kBatchItemsMax = 8'192;
inline constexpr size_t kAtomicItemsMax = 1'024;
// Of a command as sent, fields included that this version doesn't know, so that its event fits into
// 65,535 bytes beside the decision. The longest well-formed one is a rule of 256 rates: 19 kB.
inline constexpr size_t kCommandBytesMax = 32'768;
// Of an event without its envelope, which takes up to 700 bytes.
inline constexpr size_t kEventBodyBytesMax = 64'000;
// Instants lie between 1970 and 2200, so that arithmetic on them can't overflow.
inline constexpr int64_t kInstantUsMax = int64_t{7'258'118'400} * 1'000'000;

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_LIMITS_H_
