#include "cli/audit/require.h"

#include "absl/strings/escaping.h"
#include "cli/audit/identifier.h"
#include "cli/audit/text.h"
#include "cli/audit/zone_days.h"

namespace meritbook::audit {

MaybeViolation RequireId(std::string_view field, std::string_view id) {
  if (IsWellFormedId(id)) return std::nullopt;
  return Violation{Invariant::ID_MALFORMED, Text(field, " is no id: \"", Shown(id), "\"")};
}

MaybeViolation RequirePersonId(std::string_view field, std::string_view id) {
  if (auto violation = RequireId(field, id)) return violation;
  if (!IsPersonalNumber(id)) return std::nullopt;
  // The number itself must not travel on.
  return Violation{Invariant::ID_PERSONAL, Text(field, " is a mobile or resident identity number")};
}

MaybeViolation RequireRange(std::string_view field, int64_t value, Range range) {
  if (value >= range.min && value <= range.max) return std::nullopt;
  return Violation{Invariant::VALUE_OUT_OF_RANGE,
                   Text(field, ": expected ", range.min, " to ", range.max, ", found ", value)};
}

MaybeViolation RequireInstant(std::string_view field, int64_t instant_us) {
  return RequireRange(field, instant_us, {1, kInstantUsMax});
}

std::string Shown(std::string_view id) {
  if (IsPersonalNumber(id)) return "(withheld)";
  // What never was an id may hold anything, of any length.
  return absl::CHexEscape(AbslView(id.substr(0, 64)));
}

Violation Unknown(std::string_view what, std::string_view id) {
  return {Invariant::REFERENCE_UNKNOWN, Text(what, " ", Shown(id), " was never registered")};
}

Violation Twice(std::string_view what, std::string_view id) {
  return {Invariant::REGISTERED_TWICE, Text(what, " ", Shown(id), " was registered before")};
}

}  // namespace meritbook::audit
