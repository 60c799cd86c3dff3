// Owns: the checks that many events share: ids, ranges, references.
// Promises: nothing when the check holds; a message is put together only when it doesn't.
// Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_REQUIRE_H_
#define MERITBOOK_CLI_AUDIT_REQUIRE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/audit/finding.h"

namespace meritbook::audit {

struct Range {
  int64_t min;
  int64_t max;
};

MaybeViolation RequireId(std::string_view field, std::string_view id);
// For ids that stand for a person.
MaybeViolation RequirePersonId(std::string_view field, std::string_view id);
MaybeViolation RequireRange(std::string_view field, int64_t value, Range range);
MaybeViolation RequireInstant(std::string_view field, int64_t instant_us);

// An id for a message: escaped and shortened, and nothing that gives a person away.
std::string Shown(std::string_view id);

// What the id names was never registered / was registered before.
Violation Unknown(std::string_view what, std::string_view id);
Violation Twice(std::string_view what, std::string_view id);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_REQUIRE_H_
