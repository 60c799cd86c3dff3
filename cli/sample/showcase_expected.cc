// What has to come of the showcase, reasoned by hand: units are 1/6000 point.
//
// issued     credits: Ann 600,000 + 360,000 + 180,000; Bai 240,000 + 300,000 + 150,000; Chen
// 360,000,
//            180,000 more by the second correction, 180,000 when closed; Dai 180,000 twice; Fang
//            600,000 (award) + 180,000; Guo 300,000 + 360,000; He 600,000. Opening: Fang 480,000,
//            Guo 90,000. Adjustments: Bai 60,000 - 12,000. Together 5,568,000.
// expired    Fang 60,000 + 300,000; Ann 600,000 + 60,000 + 30,000; Bai 30,000; Guo 60,000; of that
//            150,000 were reinstated (Ann) and 60,000 clawed back (Guo): 930,000.
// revoked    Bai 240,000 + 150,000; Chen 360,000 - 240,000 that returned, 240,000 - 240,000, then
//            420,000; Dai 180,000; Guo 660,000: 1,770,000.
// forfeited  Chen 240,000 + 180,000 + 180,000, of which 420,000 were clawed back: 180,000.
// payable    360,000 + 240,000 + 90,000 + 120,000 + 240,000 + 600,000 + 60,000, less refunds of
// 120,000
//            and 30,000: 1,560,000.
// matured    Ann twice, Bai three times, Chen once (the rest was forfeited), Guo and He once.
// debt       Guo: 660,000 clawed back, of which 60,000 had lapsed and 360,000 were there.
#include "cli/sample/showcase.h"

namespace meritbook::sample {

// clang-format off
std::string_view ShowcaseExpected() {
  return R"json({
  "events": {
    "ledger_created": 1,
    "migration_finished": 1,
    "rule_published": 2,
    "principal_registered": 7,
    "principal_revoked": 1,
    "volunteer_registered": 8,
    "volunteer_frozen": 1,
    "volunteer_unfrozen": 1,
    "volunteer_closed": 1,
    "volunteers_merged": 1,
    "organisation_registered": 2,
    "roster_set": 1,
    "activity_registered": 2,
    "activity_submitted": 2,
    "activity_reviewed": 2,
    "activity_closed": 1,
    "activity_cancelled": 1,
    "session_registered": 1,
    "hours_credited": 5,
    "hours_submitted": 7,
    "attendance_recorded": 1,
    "hours_backfilled": 2,
    "hours_reviewed": 7,
    "hours_corrected": 2,
    "hours_revoked": 4,
    "hours_disputed": 2,
    "award_submitted": 1,
    "points_matured": 8,
    "points_expired": 7,
    "points_adjusted": 2,
    "points_reinstated": 1,
    "points_donated": 1,
    "opening_balance_loaded": 2,
    "change_proposed": 8,
    "change_approved": 7,
    "change_rejected": 1,
    "merchant_onboarded": 1,
    "item_published": 2,
    "stock_received": 1,
    "order_redeemed": 7,
    "order_refunded": 2
  },
  "balances": {
    "v-ann": {"available_units": 330000, "pending_units": 0, "debt_units": 0, "credited_minutes": 480, "honorary_minutes": 120,
              "lots": [{"expiry_day_number": 47481, "units": 150000, "graced": true}, {"units": 180000, "graced": false}]},
    "v-bai": {"available_units": 48000, "pending_units": 0, "debt_units": 0, "credited_minutes": 120, "honorary_minutes": 0, "frozen": false},
    "v-chen": {"available_units": 0, "pending_units": 0, "debt_units": 0, "credited_minutes": 60, "honorary_minutes": 0, "closed": true},
    "v-dai": {"available_units": 60000, "pending_units": 0, "debt_units": 0, "credited_minutes": 60, "honorary_minutes": 0, "merged_into": ""},
    "v-dai-old": {"available_units": 0, "pending_units": 0, "debt_units": 0, "credited_minutes": 0, "honorary_minutes": 0, "merged_into": "v-dai"},
    "v-fang": {"available_units": 900000, "pending_units": 0, "debt_units": 0, "credited_minutes": 660, "honorary_minutes": 150,
               "lots": [{"units": 900000, "graced": false}]},
    "v-guo": {"available_units": 0, "pending_units": 0, "debt_units": -240000, "credited_minutes": 300, "honorary_minutes": 0},
    "v-he": {"available_units": 0, "pending_units": 0, "debt_units": 0, "credited_minutes": 240, "honorary_minutes": 300}
  },
  "trial_balance": {
    "issued": -5568000,
    "expired": 930000,
    "revoked": 1770000,
    "forfeited": 180000,
    "donated": 30000,
    "pending": 0,
    "available": 1338000,
    "held": 0,
    "debt": -240000,
    "payable": 1560000
  },
  "merchants": {"bakery": 1560000},
  "refusals": {
    "UNAUTHENTICATED": 1,
    "ROLE_MISSING": 1,
    "SELF_REDEMPTION": 1,
    "SELF_REVIEW": 1,
    "SOURCE_NOT_YOURS": 1,
    "SAME_PERSON": 1,
    "TWO_PEOPLE_NEEDED": 2,
    "PROPOSAL_CLOSED": 1,
    "NOT_MIGRATING": 1,
    "RULE_BACKDATED": 1,
    "AWARD_TOO_LARGE": 1,
    "VOLUNTEER_FROZEN": 1,
    "VOLUNTEER_NOT_FROZEN": 1,
    "VOLUNTEER_CLOSED": 1,
    "VOLUNTEER_MERGED": 1,
    "ACTIVITY_NOT_OPEN": 2,
    "ACTIVITY_NOT_WAITING": 1,
    "CAUSE_UNKNOWN": 1,
    "OPENING_BALANCE_EXISTS": 1,
    "SERVICE_TOO_OLD": 1,
    "SERVICE_AFTER_ACTIVITY": 1,
    "INTERVAL_OVERLAPS": 1,
    "BALANCE_TOO_LOW": 1,
    "REFUND_TOO_LARGE": 1,
    "LAPSED_TOO_LOW": 1
  }
}
)json";
}
// clang-format on

}  // namespace meritbook::sample
