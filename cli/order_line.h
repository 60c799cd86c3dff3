// Owns: an order's positions as people write them.
// Promises: takes what can be meant exactly one way.
// Thread: any.
#ifndef MERITBOOK_CLI_ORDER_LINE_H_
#define MERITBOOK_CLI_ORDER_LINE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "meritbook/v1/mall_command.pb.h"

namespace meritbook::cli {

// "rice-5kg=2"; one piece when no quantity is given. InvalidArgument for anything else.
absl::StatusOr<v1::OrderLine> ParseOrderLine(std::string_view text);

// What an order or a part of one is about.
struct LineFlags {
  std::vector<std::string> items;  // "ID" or "ID=QUANTITY"
  uint32_t points = 0;             // an open amount; none when 0
};

absl::StatusOr<std::vector<v1::OrderLine>> ParseLines(const LineFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ORDER_LINE_H_
