#include "cli/order_line.h"

#include <charconv>

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

absl::StatusOr<std::vector<v1::OrderLine>> ParseLines(const LineFlags& flags) {
  std::vector<v1::OrderLine> lines;
  for (const std::string& item : flags.items) {
    auto line = ParseOrderLine(item);
    if (!line.ok()) return line.status();
    lines.push_back(*std::move(line));
  }
  if (flags.points > 0) lines.emplace_back().set_quantity(flags.points);
  return lines;
}

}  // namespace meritbook::cli
