// Owns: what redemptions and refunds have in common: who may ask, and the limits of an order.
// Promises: nothing when a check holds.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_MALL_H_
#define MERITBOOK_CLI_AUDIT_MALL_H_

#include <cstdint>
#include <string_view>

#include "cli/audit/books.h"
#include "cli/audit/finding.h"

namespace meritbook::audit {

inline constexpr int64_t kLinesMax = 64;
inline constexpr int64_t kLineQuantityMax = 10'000;

// A till asks for its own merchant; so does whoever's request ids count at a merchant.
MaybeViolation RequireBinding(const Taking& taking, std::string_view merchant_id);
// Nobody redeems or refunds for herself.
MaybeViolation RequireNotHerself(const Taking& taking, const Volunteer& volunteer);
// Whose orders the caller's are.
IdBook::Space SpaceOf(const v1::Event& event);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_MALL_H_
