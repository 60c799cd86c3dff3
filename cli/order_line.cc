// The reading of an order's position.
#include <charconv>

#include "cli/mall_commands.h"
#include "cli/text.h"

namespace meritbook::cli {

absl::StatusOr<v1::OrderLine> ParseOrderLine(std::string_view text) {
  v1::OrderLine line;
  const size_t equals = text.find('=');
  *line.mutable_item_id() = text.substr(0, equals);
  uint32_t quantity = 1;
  if (equals != std::string_view::npos) {
    const std::string_view digits = text.substr(equals + 1);
    const char* const end = digits.data() + digits.size();
    const auto [read_to, error] = std::from_chars(digits.data(), end, quantity);
    if (error != std::errc() || read_to != end || quantity == 0) {
      return absl::InvalidArgumentError(
          Text("--item ", text, ": the quantity is not a whole number from 1"));
    }
  }
  if (line.item_id().empty()) {
    return absl::InvalidArgumentError(Text("--item ", text, ": the item's id is missing"));
  }
  line.set_quantity(quantity);
  return line;
}

}  // namespace meritbook::cli
