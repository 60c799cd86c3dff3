// What has to come of the showcase, reasoned by hand: units are 1/6000 point.
//
// issued     credits: Ann 600,000 + 360,000 + 180,000; Bai 240,000 + 300,000 + 150,000; Chen
//            360,000, 180,000 more by the second correction, 180,000 when closed; Dai 180,000
//            twice; Fang 600,000 (award) + 180,000; Guo 300,000 + 360,000; He 600,000; Ivo 720,000;
//            Jun, Kai and Lu 360,000 each, Kai's other registration 180,000. Opening: Fang 480,000,
//            Guo 90,000. Adjustments: Bai 60,000 - 12,000. Together 7,548,000.
// expired    Fang 60,000 + 300,000; Ann 600,000 + 60,000 + 30,000; Bai 30,000; Guo 60,000; of that
//            150,000 were reinstated (Ann) and 60,000 clawed back (Guo): 930,000.
// revoked    Bai 240,000 + 150,000; Chen 360,000 - 240,000 that returned, 240,000 - 240,000, then
//            420,000; Dai 180,000; Guo 660,000: 1,770,000.
// forfeited  Chen 240,000 + 180,000 + 180,000, of which 420,000 were clawed back: 180,000; Lu
// 240,000
//            and the 120,000 of her open hold: 540,000.
// matured    Ann twice, Bai three times, Chen once (the rest was forfeited), Guo and He once.
// debt       Guo: 660,000 clawed back, of which 60,000 had lapsed and 360,000 were there.
//
// bakery     360,000 + 240,000 + 90,000 + 120,000 + 240,000 + 600,000 + 60,000 in 2021, less
// refunds
//            of 120,000 and 30,000; three buns of 30,000 and two of the last evening: 1,710,000,
//            which its final statement has and a write-off settles.
// grocer     confirmed  Ivo's slip 300,000 (130 fen), Jun's part of a hold 180,000 (50), toys
// 30,000
//                       twice (0), oil 240,000 (100), ten points without an item 60,000 (20):
//                       840,000 (300) in February. One bottle of 28 February, booked in March:
//                       120,000 (50).
//            refunded   a bottle in February 120,000 (50), the slip's soap in March 60,000 (30).
//            first      840,000 - 120,000 - 120,000 written off = 600,000; 300 - 50 - 50 = 200 fen:
//                       170 of the programme's (100 + 50 + 100 + 20 - 50 - 50), 30 of the donor's.
//            second     600,000 + 120,000 - 60,000 - 1,200,000 paid twice + 600,000 that came back
//            =
//                       60,000; 200 + 50 - 30 - 400 + 200 = 20 fen: 50 of the programme's, -30 of
//                       the donor's, whose soap was paid for and came back.
//            left       Kai's bottle 120,000 (50) and the toy of the pay code 30,000 (0).
// settled    600,000 + 60,000. written off: 120,000 + 1,710,000.
// programme  400 + 600 fen; paid 170 + 50; owed for Kai's bottle 50. donor: paid 30 - 30.
//            Half of 400 was used once, at Jun's hold; half of 1,000 never is.
// pieces     oil: 2 + 1 + 2 + 1 + 1 delivered, 1 returned. soap: 1 and 1. pens: 2. toys: 3. Buns: 3
// + 2
//            in 2021, 3 + 2 in 2022, 1 returned.
#include "cli/sample/showcase.h"

namespace meritbook::sample {

// clang-format off
std::string_view ShowcaseExpected() {
  return R"json({
  "events": {
    "ledger_created": 1,
    "migration_finished": 1,
    "rule_published": 3,
    "principal_registered": 8,
    "principal_revoked": 1,
    "volunteer_registered": 13,
    "volunteer_frozen": 1,
    "volunteer_unfrozen": 1,
    "volunteer_closed": 2,
    "volunteers_merged": 2,
    "organisation_registered": 2,
    "roster_set": 1,
    "activity_registered": 2,
    "activity_submitted": 2,
    "activity_reviewed": 2,
    "activity_closed": 1,
    "activity_cancelled": 1,
    "session_registered": 1,
    "hours_credited": 10,
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
    "change_proposed": 14,
    "change_approved": 13,
    "change_rejected": 1,
    "merchant_onboarded": 2,
    "item_published": 7,
    "stock_received": 1,
    "order_redeemed": 14,
    "order_refunded": 4,
    "merchant_suspended": 1,
    "merchant_resumed": 1,
    "merchant_offboarded": 1,
    "item_withdrawn": 1,
    "stock_returned": 1,
    "budget_allocated": 3,
    "budget_warned": 1,
    "order_held": 8,
    "voucher_issued": 1,
    "order_confirmed": 6,
    "order_cancelled": 2,
    "hold_timed_out": 1,
    "statement_opened": 3,
    "statement_objected": 1,
    "objection_resolved": 1,
    "statement_closed": 3,
    "payment_recorded": 3,
    "payment_reversed": 1,
    "payable_written_off": 2,
    "period_closed": 2
  },
  "balances": {
    "v-ann": {"available_units": 180000, "pending_units": 0, "held_units": 0, "debt_units": 0, "credited_minutes": 480, "honorary_minutes": 120,
              "lots": [{"units": 180000, "graced": false}]},
    "v-bai": {"available_units": 48000, "pending_units": 0, "debt_units": 0, "credited_minutes": 120, "honorary_minutes": 0, "frozen": false},
    "v-chen": {"available_units": 0, "pending_units": 0, "debt_units": 0, "credited_minutes": 60, "honorary_minutes": 0, "closed": true},
    "v-dai": {"available_units": 60000, "pending_units": 0, "debt_units": 0, "credited_minutes": 60, "honorary_minutes": 0, "merged_into": ""},
    "v-dai-old": {"available_units": 0, "pending_units": 0, "debt_units": 0, "credited_minutes": 0, "honorary_minutes": 0, "merged_into": "v-dai"},
    "v-fang": {"available_units": 900000, "pending_units": 0, "debt_units": 0, "credited_minutes": 660, "honorary_minutes": 150,
               "lots": [{"units": 900000, "graced": false}]},
    "v-guo": {"available_units": 0, "pending_units": 0, "debt_units": -240000, "credited_minutes": 300, "honorary_minutes": 0},
    "v-he": {"available_units": 0, "pending_units": 0, "debt_units": 0, "credited_minutes": 240, "honorary_minutes": 300},
    "v-ivo": {"available_units": 180000, "pending_units": 0, "held_units": 0, "debt_units": 0, "credited_minutes": 240, "honorary_minutes": 0},
    "v-jun": {"available_units": 90000, "pending_units": 0, "held_units": 0, "debt_units": 0, "credited_minutes": 120, "honorary_minutes": 0},
    "v-kai": {"available_units": 420000, "pending_units": 0, "held_units": 0, "debt_units": 0, "credited_minutes": 180, "honorary_minutes": 0, "merged_into": ""},
    "v-kai-old": {"available_units": 0, "pending_units": 0, "held_units": 0, "debt_units": 0, "credited_minutes": 0, "honorary_minutes": 0, "merged_into": "v-kai"},
    "v-lu": {"available_units": 0, "pending_units": 0, "held_units": 0, "debt_units": 0, "credited_minutes": 120, "honorary_minutes": 0, "closed": true}
  },
  "trial_balance": {
    "issued": -7548000,
    "expired": 930000,
    "revoked": 1770000,
    "forfeited": 540000,
    "donated": 30000,
    "pending": 0,
    "available": 1878000,
    "held": 0,
    "debt": -240000,
    "payable": 150000,
    "settled": 660000,
    "written_off": 1830000
  },
  "merchants": {"grocer": 150000},
  "shops": {
    "bakery": {"payable_units": 0, "payable_fen": 0, "open_orders": 0, "suspended": false, "last_day": "2022-05-31", "newest_statement_id": "stm-b"},
    "grocer": {"payable_units": 150000, "payable_fen": 50, "open_orders": 0, "suspended": false, "last_day": "", "newest_statement_id": "stm-2"}
  },
  "items": {
    "bun": {"on_hand": 111, "reserved": 0, "received": 120, "delivered": 10, "returned": 1, "sent_back": 0},
    "oil": {"on_hand": 14, "reserved": 0, "received": 20, "delivered": 7, "returned": 1, "sent_back": 0},
    "soap": {"on_hand": 10, "reserved": 0, "received": 10, "delivered": 1, "returned": 1, "sent_back": 0},
    "pen": {"on_hand": 48, "reserved": 0, "received": 50, "delivered": 2, "returned": 0, "sent_back": 0},
    "toy": {"on_hand": 2, "reserved": 0, "received": 5, "delivered": 3, "returned": 0, "sent_back": 0},
    "salt": {"on_hand": 0, "reserved": 0, "received": 8, "delivered": 0, "returned": 0, "sent_back": 8, "withdrawn": true}
  },
  "orders": {
    "office/vch-1": {"state": "confirmed", "voucher": true, "volunteer_id": "v-ivo", "units": 240000},
    "till:grocer/h-1": {"state": "confirmed", "voucher": false, "volunteer_id": "v-jun", "units": 180000},
    "office/h-2": {"state": "cancelled", "voucher": false, "volunteer_id": "v-ann", "units": 0},
    "office/h-3": {"state": "timed_out", "voucher": false, "volunteer_id": "v-ann", "units": 0},
    "office/h-9": {"state": "cancelled", "voucher": false, "volunteer_id": "v-lu", "units": 0},
    "till:grocer/r-4": {"state": "confirmed", "voucher": false, "volunteer_id": "v-ivo", "units": 120000}
  },
  "budgets": {
    "programme-2022": {"allocated_fen": 1000, "reserved_fen": 0, "owed_fen": 50, "paid_fen": 220, "warned": false},
    "lamp-donor-2022": {"allocated_fen": 60, "reserved_fen": 0, "owed_fen": 0, "paid_fen": 0, "warned": false}
  },
  "statements": {
    "stm-1": {
      "merchant_id": "grocer", "state": "paid", "through_month": "2022-02",
      "opening_units": 0, "opening_fen": 0, "confirmed_units": 840000, "confirmed_fen": 300,
      "refunded_units": 120000, "refunded_fen": 50, "paid_units": 0, "paid_fen": 0,
      "reversed_units": 0, "reversed_fen": 0, "written_off_units": 120000, "written_off_fen": 50,
      "closing_units": 600000, "closing_fen": 200,
      "by_budget": [{"budget": "lamp-donor-2022", "fen": 30}, {"budget": "programme-2022", "fen": 170}]
    },
    "stm-2": {
      "merchant_id": "grocer", "state": "paid", "through_month": "2022-03",
      "opening_units": 600000, "opening_fen": 200, "confirmed_units": 120000, "confirmed_fen": 50,
      "refunded_units": 60000, "refunded_fen": 30, "paid_units": 1200000, "paid_fen": 400,
      "reversed_units": 600000, "reversed_fen": 200, "written_off_units": 0, "written_off_fen": 0,
      "closing_units": 60000, "closing_fen": 20,
      "by_budget": [{"budget": "lamp-donor-2022", "fen": -30}, {"budget": "programme-2022", "fen": 50}]
    },
    "stm-b": {
      "merchant_id": "bakery", "state": "written_off", "through_month": "",
      "opening_units": 0, "opening_fen": 0, "confirmed_units": 1860000, "confirmed_fen": 0,
      "refunded_units": 150000, "refunded_fen": 0, "paid_units": 0, "paid_fen": 0,
      "reversed_units": 0, "reversed_fen": 0, "written_off_units": 0, "written_off_fen": 0,
      "closing_units": 1710000, "closing_fen": 0, "by_budget": []
    }
  },
  "refusals": {
    "UNAUTHENTICATED": 1,
    "ACTIVITY_NOT_OPEN": 2,
    "ACTIVITY_NOT_WAITING": 1,
    "SAME_PERSON": 2,
    "OPENING_BALANCE_EXISTS": 1,
    "INTERVAL_OVERLAPS": 1,
    "SELF_REVIEW": 1,
    "ROLE_MISSING": 1,
    "SELF_REDEMPTION": 2,
    "CAUSE_UNKNOWN": 1,
    "BALANCE_TOO_LOW": 1,
    "VOLUNTEER_FROZEN": 1,
    "VOLUNTEER_NOT_FROZEN": 1,
    "SERVICE_AFTER_ACTIVITY": 1,
    "RULE_BACKDATED": 1,
    "TWO_PEOPLE_NEEDED": 2,
    "VOLUNTEER_CLOSED": 1,
    "AWARD_TOO_LARGE": 1,
    "SERVICE_TOO_OLD": 1,
    "PROPOSAL_CLOSED": 1,
    "VOLUNTEER_MERGED": 1,
    "REFUND_TOO_LARGE": 1,
    "SOURCE_NOT_YOURS": 1,
    "LAPSED_TOO_LOW": 1,
    "HOLDS_OFF": 1,
    "OPEN_AMOUNT_OFF": 1,
    "BUDGET_UNKNOWN": 1,
    "VOUCHER_EXISTS": 1,
    "ORDER_OF_OTHER_MERCHANT": 1,
    "VOUCHER_UNKNOWN": 1,
    "CONFIRM_TOO_LARGE": 1,
    "ITEM_LIMIT_REACHED": 1,
    "AGE_NOT_ALLOWED": 1,
    "BUDGET_EXHAUSTED": 1,
    "CONFIRM_TOO_LATE": 1,
    "ORDER_NOT_HELD": 2,
    "VELOCITY_EXCEEDED": 1,
    "MERCHANT_SUSPENDED": 1,
    "MERCHANT_NOT_SUSPENDED": 1,
    "ITEM_WITHDRAWN": 1,
    "STOCK_TOO_LOW": 1,
    "PERIOD_NOT_OVER": 1,
    "PERIOD_CLOSED": 1,
    "PERIOD_NOT_CLOSED": 1,
    "STATEMENT_EXISTS": 1,
    "STATEMENT_NOT_CLOSED": 1,
    "MERCHANT_NOT_YOURS": 1,
    "STATEMENT_OBJECTED": 1,
    "STATEMENT_NOT_OBJECTED": 1,
    "AMOUNT_DIFFERS": 1,
    "STATEMENT_SETTLED": 1,
    "STATEMENT_NOT_PAID": 1,
    "PREVIOUS_STATEMENT_OPEN": 1,
    "STATEMENT_NOT_OPEN": 1,
    "STATEMENT_OVERLAPS": 1,
    "REFUND_TOO_LATE": 1,
    "MERCHANT_STILL_HERE": 1,
    "MERCHANT_OFFBOARDED": 2,
    "ORDERS_OPEN": 1,
    "NOT_MIGRATING": 1,
    "PAY_CODE_OF_OTHER_MERCHANT": 1,
    "PAY_CODE_USED": 1,
    "PAY_CODE_UNKNOWN": 1
  }
}
)json";
}
// clang-format on

}  // namespace meritbook::sample
