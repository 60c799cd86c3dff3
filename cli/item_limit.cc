// The reading of a limit per person.
#include "cli/amount.h"
#include "cli/item_commands.h"
#include "cli/text.h"

namespace meritbook::cli {

absl::StatusOr<v1::ItemLimit> ParseLimit(std::string_view text) {
  constexpr int64_t kQuantityMax = 10'000;
  static constexpr std::pair<std::string_view, v1::LimitPeriod> kPeriods[] = {
      {"once", v1::LIMIT_PERIOD_ONCE},
      {"day", v1::LIMIT_PERIOD_DAY},
      {"month", v1::LIMIT_PERIOD_MONTH},
      {"year", v1::LIMIT_PERIOD_YEAR}};
  const size_t slash = text.find('/');
  const auto quantity = ParseWhole(text.substr(0, slash), kQuantityMax);
  const std::string_view name =
      slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  v1::ItemLimit limit;
  for (const auto& [period_name, period] : kPeriods) {
    if (name == period_name) limit.set_period(period);
  }
  if (!quantity.ok() || *quantity == 0 || limit.period() == v1::LIMIT_PERIOD_UNSPECIFIED) {
    return absl::InvalidArgumentError(
        Text("--limit ", text, ": write QUANTITY/once, /day, /month or /year, such as 2/month"));
  }
  limit.set_quantity(static_cast<uint32_t>(*quantity));
  return limit;
}

}  // namespace meritbook::cli
