#include "ledger/refusal.h"

#include <utility>

#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {

std::string_view RefusalName(v1::Refusal reason) {
  return std::string_view(v1::Refusal_Name(reason)).substr(std::string_view("REFUSAL_").size());
}

absl::StatusCode CodeOf(v1::Refusal reason) {
  switch (reason) {
    case v1::REFUSAL_UNSPECIFIED:
      return absl::StatusCode::kUnknown;
    case v1::REFUSAL_UNAUTHENTICATED:
      return absl::StatusCode::kUnauthenticated;
    case v1::REFUSAL_ROLE_MISSING:
    case v1::REFUSAL_MERCHANT_NOT_YOURS:
    case v1::REFUSAL_SELF_REDEMPTION:
    case v1::REFUSAL_SOURCE_MISSING:
    case v1::REFUSAL_SELF_REVIEW:
    case v1::REFUSAL_SOURCE_NOT_YOURS:
    case v1::REFUSAL_SAME_PERSON:
    case v1::REFUSAL_ORDER_OF_OTHER_MERCHANT:
    case v1::REFUSAL_PAY_CODE_OF_OTHER_MERCHANT:
    case v1::REFUSAL_REPORT_NOT_YOURS:
      return absl::StatusCode::kPermissionDenied;
    case v1::REFUSAL_FIELD_MISSING:
    case v1::REFUSAL_FIELD_INVALID:
    case v1::REFUSAL_ID_MALFORMED:
    case v1::REFUSAL_PERSONAL_IDENTIFIER:
    case v1::REFUSAL_DAY_MALFORMED:
    case v1::REFUSAL_BATCH_TOO_LARGE:
    case v1::REFUSAL_VALUE_REPEATED:
    case v1::REFUSAL_RECORDED_TIME_MISSING:
    case v1::REFUSAL_TIMES_REVERSED:
    case v1::REFUSAL_TIME_NOT_WHOLE_MINUTE:
      return absl::StatusCode::kInvalidArgument;
    case v1::REFUSAL_AMOUNT_OVERFLOW:
      return absl::StatusCode::kOutOfRange;
    case v1::REFUSAL_REQUEST_CONFLICT:
    case v1::REFUSAL_LEDGER_EXISTS:
    case v1::REFUSAL_PRINCIPAL_EXISTS:
    case v1::REFUSAL_VOLUNTEER_EXISTS:
    case v1::REFUSAL_ORGANISATION_EXISTS:
    case v1::REFUSAL_ACTIVITY_EXISTS:
    case v1::REFUSAL_SESSION_EXISTS:
    case v1::REFUSAL_RECORD_EXISTS:
    case v1::REFUSAL_MERCHANT_EXISTS:
    case v1::REFUSAL_ITEM_EXISTS:
    case v1::REFUSAL_ORDER_EXISTS:
    case v1::REFUSAL_PROPOSAL_EXISTS:
    case v1::REFUSAL_OPENING_BALANCE_EXISTS:
    case v1::REFUSAL_VOUCHER_EXISTS:
    case v1::REFUSAL_STATEMENT_EXISTS:
      return absl::StatusCode::kAlreadyExists;
    case v1::REFUSAL_ATOMIC_ABORTED:
      return absl::StatusCode::kAborted;
    case v1::REFUSAL_REQUEST_UNKNOWN:
    case v1::REFUSAL_LEDGER_UNKNOWN:
    case v1::REFUSAL_PRINCIPAL_UNKNOWN:
    case v1::REFUSAL_VOLUNTEER_UNKNOWN:
    case v1::REFUSAL_ORGANISATION_UNKNOWN:
    case v1::REFUSAL_ACTIVITY_UNKNOWN:
    case v1::REFUSAL_SESSION_UNKNOWN:
    case v1::REFUSAL_MERCHANT_UNKNOWN:
    case v1::REFUSAL_ITEM_UNKNOWN:
    case v1::REFUSAL_PROPOSAL_UNKNOWN:
    case v1::REFUSAL_CAUSE_UNKNOWN:
    case v1::REFUSAL_RECORD_UNKNOWN:
    case v1::REFUSAL_ORDER_UNKNOWN:
    case v1::REFUSAL_VOUCHER_UNKNOWN:
    case v1::REFUSAL_PAY_CODE_UNKNOWN:
    case v1::REFUSAL_STATEMENT_UNKNOWN:
    case v1::REFUSAL_BUDGET_UNKNOWN:
      return absl::StatusCode::kNotFound;
    case v1::REFUSAL_RECORDED_TIME_NOT_ALLOWED:
    case v1::REFUSAL_RECORDED_TIME_BACKWARDS:
    case v1::REFUSAL_RECORDED_TIME_IN_FUTURE:
    case v1::REFUSAL_NOT_MIGRATING:
    case v1::REFUSAL_RULE_MISSING:
    case v1::REFUSAL_CATEGORY_UNKNOWN:
    case v1::REFUSAL_RULE_BACKDATED:
    case v1::REFUSAL_VOLUNTEER_FROZEN:
    case v1::REFUSAL_GUARDIAN_CONSENT_MISSING:
    case v1::REFUSAL_SESSION_NOT_OF_ACTIVITY:
    case v1::REFUSAL_MINUTES_OFF_UNIT:
    case v1::REFUSAL_SERVICE_IN_FUTURE:
    case v1::REFUSAL_SERVICE_TOO_OLD:
    case v1::REFUSAL_SERVICE_BEFORE_ACTIVITY:
    case v1::REFUSAL_SERVICE_AFTER_ACTIVITY:
    case v1::REFUSAL_SERVICE_OUTSIDE_SESSION:
    case v1::REFUSAL_DAY_OVERFULL:
    case v1::REFUSAL_INTERVAL_OVERLAPS:
    case v1::REFUSAL_ITEM_NOT_OF_MERCHANT:
    case v1::REFUSAL_STOCK_TOO_LOW:
    case v1::REFUSAL_BALANCE_TOO_LOW:
    case v1::REFUSAL_AWARD_UNKNOWN:
    case v1::REFUSAL_AWARD_TOO_LARGE:
    case v1::REFUSAL_AWARD_CAP_REACHED:
    case v1::REFUSAL_PROPOSAL_CLOSED:
    case v1::REFUSAL_TWO_PEOPLE_NEEDED:
    case v1::REFUSAL_VOLUNTEER_CLOSED:
    case v1::REFUSAL_VOLUNTEER_MERGED:
    case v1::REFUSAL_VOLUNTEER_NOT_FROZEN:
    case v1::REFUSAL_ACTIVITY_NOT_OPEN:
    case v1::REFUSAL_ACTIVITY_NOT_WAITING:
    case v1::REFUSAL_RECORD_NOT_WAITING:
    case v1::REFUSAL_RECORD_NOT_APPROVED:
    case v1::REFUSAL_RECORD_NOT_SETTLED:
    case v1::REFUSAL_VOLUNTEER_DIFFERS:
    case v1::REFUSAL_RECORD_IS_AWARD:
    case v1::REFUSAL_REFUND_TOO_LARGE:
    case v1::REFUSAL_LAPSED_TOO_LOW:
    case v1::REFUSAL_EXPIRY_IN_PAST:
    case v1::REFUSAL_MERCHANT_SUSPENDED:
    case v1::REFUSAL_MERCHANT_OFFBOARDED:
    case v1::REFUSAL_MERCHANT_NOT_SUSPENDED:
    case v1::REFUSAL_ITEM_WITHDRAWN:
    case v1::REFUSAL_ITEM_LIMIT_REACHED:
    case v1::REFUSAL_AGE_NOT_ALLOWED:
    case v1::REFUSAL_VELOCITY_EXCEEDED:
    case v1::REFUSAL_OPEN_ORDERS_TOO_MANY:
    case v1::REFUSAL_OPEN_AMOUNT_OFF:
    case v1::REFUSAL_BUDGET_EXHAUSTED:
    case v1::REFUSAL_ORDER_NOT_HELD:
    case v1::REFUSAL_CONFIRM_TOO_LATE:
    case v1::REFUSAL_CONFIRM_TIME_INVALID:
    case v1::REFUSAL_HOLDS_OFF:
    case v1::REFUSAL_CONFIRM_TOO_LARGE:
    case v1::REFUSAL_REFUND_TOO_LATE:
    case v1::REFUSAL_PAY_CODE_EXPIRED:
    case v1::REFUSAL_PAY_CODE_USED:
    case v1::REFUSAL_STATEMENT_NOT_OPEN:
    case v1::REFUSAL_STATEMENT_OBJECTED:
    case v1::REFUSAL_STATEMENT_NOT_OBJECTED:
    case v1::REFUSAL_STATEMENT_NOT_CLOSED:
    case v1::REFUSAL_STATEMENT_SETTLED:
    case v1::REFUSAL_STATEMENT_CARRIED_FORWARD:
    case v1::REFUSAL_STATEMENT_NOT_PAID:
    case v1::REFUSAL_AMOUNT_DIFFERS:
    case v1::REFUSAL_NOTHING_TO_PAY:
    case v1::REFUSAL_PERIOD_NOT_CLOSED:
    case v1::REFUSAL_PERIOD_CLOSED:
    case v1::REFUSAL_PERIOD_NOT_OVER:
    case v1::REFUSAL_ORDERS_OPEN:
    case v1::REFUSAL_MERCHANT_STILL_HERE:
    case v1::REFUSAL_PREVIOUS_STATEMENT_OPEN:
    case v1::REFUSAL_STATEMENT_OVERLAPS:
    case v1::REFUSAL_BACKUP_NOT_CONFIGURED:
    case v1::REFUSAL_LOSS_NOT_HERE:
      return absl::StatusCode::kFailedPrecondition;
    case v1::REFUSAL_QUEUE_FULL:
    case v1::REFUSAL_STORAGE_LOW:
    case v1::REFUSAL_PAY_CODE_TRIES_EXCEEDED:
      return absl::StatusCode::kResourceExhausted;
    case v1::REFUSAL_OUTCOME_UNKNOWN:
    case v1::REFUSAL_CLOCK_SUSPECT:
    case v1::REFUSAL_STOPPING:
    case v1::REFUSAL_BACKUP_UNDER_WAY:
    case v1::REFUSAL_BACKUP_FAILED:
      return absl::StatusCode::kUnavailable;
    case v1::REFUSAL_LOG_DAMAGED:
      return absl::StatusCode::kDataLoss;
    case v1::REFUSAL_DEADLINE_EXCEEDED:
    case v1::REFUSAL_SEQUENCE_NOT_REACHED:
      return absl::StatusCode::kDeadlineExceeded;
    case v1::REFUSAL_INTERNAL:
      return absl::StatusCode::kInternal;
    case v1::Refusal_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Refusal_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  MB_CHECK(false);
}

bool RetryCanHelp(v1::Refusal reason) {
  const absl::StatusCode code = CodeOf(reason);
  return code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kResourceExhausted ||
         code == absl::StatusCode::kDeadlineExceeded;
}

Refused Unknown(v1::Refusal reason, std::string_view field, std::string_view id) {
  std::string path(field == "ledger_id" ? field : Text("command.", field));
  return Refused{reason,
                 std::move(path),
                 Text("there is no ", field, " ", id),
                 {{std::string(field), std::string(id)}}};
}

Refused Exists(v1::Refusal reason, std::string_view field, std::string_view id) {
  std::string path(field == "ledger_id" ? field : Text("command.", field));
  return Refused{reason,
                 std::move(path),
                 Text(field, " ", id, " is taken already"),
                 {{std::string(field), std::string(id)}}};
}

}  // namespace meritbook
