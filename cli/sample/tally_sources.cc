#include "cli/sample/tally_sources.h"

namespace meritbook::sample {

std::array<Source, kSources> Sources(const CountyFiles& files) {
  return {{
      {kOrganisation,
       &files.organisations,
       {"recorded_at", "organisation_id", "kind", "headcount"}},
      {kActivity,
       &files.activities,
       {"recorded_at", "activity_id", "organisation_id", "category", "site", "starts_at",
        "ends_at"}},
      {kSession,
       &files.sessions,
       {"recorded_at", "session_id", "activity_id", "day", "slot", "site", "starts_at", "ends_at"}},
      {kMerchant, &files.merchants, {"recorded_at", "merchant_id", "kind"}},
      {kItem,
       &files.items,
       {"recorded_at", "item_id", "merchant_id", "price_points", "stock", "settle_fen", "funding",
        "budget_source", "limit_quantity", "limit_period"}},
      {kVolunteer,
       &files.volunteers,
       {"recorded_at", "volunteer_id", "organisation_id", "cohorts", "age_band", "guardian_consent",
        "frozen_at", "frozen_reason"}},
      {kHour,
       &files.hours,
       {"recorded_at", "record_id", "volunteer_id", "activity_id", "session_id", "starts_at",
        "ends_at", "day", "minutes"}},
      {kRedemption,
       &files.redemptions,
       {"recorded_at", "order_id", "volunteer_id", "merchant_id", "item_id", "quantity"}},
      {kHold,
       &files.holds,
       {"recorded_at", "order_id", "volunteer_id", "merchant_id", "lines", "hold_seconds",
        "offline"}},
      {kVoucher,
       &files.vouchers,
       {"recorded_at", "order_id", "volunteer_id", "merchant_id", "lines", "code_sha256",
        "valid_days"}},
      {kConfirmation, &files.confirmations, {"recorded_at", "order_id", "lines", "happened_at"}},
      {kCancellation, &files.cancellations, {"recorded_at", "order_id", "reason_code"}},
      {kRefund, &files.refunds, {"recorded_at", "refund_id", "order_id", "lines", "reason_code"}},
  }};
}

}  // namespace meritbook::sample
