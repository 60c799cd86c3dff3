// Owns: how amounts are shown: points, money, hours, days, counts.
// Promises: rounds for display only; the plain value beside it never is.
// Thread: any.
#ifndef MERITBOOK_CLI_QUANTITY_H_
#define MERITBOOK_CLI_QUANTITY_H_

#include <cstdint>
#include <string>

#include "cli/table.h"

namespace meritbook::cli {

// "27,038".
std::string Grouped(uint64_t count);
// "1,234.50" from units of 1/6000 point, half away from zero.
std::string Points(int64_t units);
// "446,500 h", "1 h 30 min", "45 min".
std::string Hours(uint64_t minutes);

// "1,234.50" from 1/100 yuan.
std::string Yuan(int64_t fen);

// "2021-03-05" from days since 1970-01-01.
std::string Day(int32_t day_number);
// "2021-03" from months since 1970-01.
std::string Month(int32_t month_number);

Cell CountCell(uint64_t count);
Cell PointsCell(int64_t units);
Cell YuanCell(int64_t fen);
Cell HoursCell(uint64_t minutes);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_QUANTITY_H_
