// Owns: the closed list of what an audit checks, and how a violation is told.
// Promises: every invariant has a name and a sentence; a list of findings never grows without
// bound. Thread: any for the values; a FindingList belongs to one thread.
#ifndef MERITBOOK_CLI_AUDIT_FINDING_H_
#define MERITBOOK_CLI_AUDIT_FINDING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meritbook::audit {

// One list for the enum, the names, the sentences and the test that every one of them has a row.
#define MERITBOOK_AUDIT_INVARIANTS(X)                                                              \
  /* The envelope. */                                                                              \
  X(EVENT_TOO_LARGE, "an event has at most 65,535 bytes")                                          \
  X(EVENT_MALFORMED, "an event parses and carries a known body with its command")                  \
  X(SEQUENCE_WRONG, "an event's sequence is its index in the log")                                 \
  X(RECORDED_TIME_DECREASES, "recorded times never decrease")                                      \
  X(OCCURRED_WRONG,                                                                                \
    "service occurred at its start, dues when they fell due, all else when recorded")              \
  X(KIND_WRONG, "kind, actor and request id fit the body")                                         \
  X(SCOPE_WRONG, "a request id counts in its actor's source, else merchant, else own name")        \
  X(COMMAND_EVENTS_BROKEN,                                                                         \
    "the events of one command are consecutive, complete and of one envelope")                     \
  X(REQUEST_REPEATED, "one request id has one effect")                                             \
  X(RECORD_REPEATED, "a record comes in once")                                                     \
  X(ORDER_REPEATED, "an order is redeemed once")                                                   \
  X(PASSBOOK_VOLUNTEERS_WRONG, "the passbook links name exactly the volunteers concerned")         \
  X(PASSBOOK_COUNT_WRONG, "a passbook counts a volunteer's events without a gap")                  \
  X(PASSBOOK_PREVIOUS_WRONG, "a passbook link names her event before this one")                    \
  /* The ledger's life and its people. */                                                          \
  X(LEDGER_CREATION_MISPLACED, "a ledger is created by its first event, and only there")           \
  X(LEDGER_ID_WRONG, "the log is that of the ledger asked for")                                    \
  X(TIME_ZONE_WRONG, "the zone in force is a known one and the one asked for")                     \
  X(MIGRATION_END_MISPLACED, "a migration ends once, and only where there is one")                 \
  X(LOSS_WRONG, "a loss is declared where the kept events end, by what the guard had seen")        \
  X(PRINCIPAL_REVOKED, "who is revoked acts no more")                                              \
  X(ID_MALFORMED, "ids match [A-Za-z0-9._:-]{1,64}")                                               \
  X(ID_PERSONAL, "no id of a person is a mobile or resident identity number")                      \
  X(VALUE_OUT_OF_RANGE, "a value lies in the range that its field states")                         \
  X(GUARDIAN_CONSENT_MISSING, "under 14 a guardian consents")                                      \
  X(REFERENCE_UNKNOWN, "what an event refers to was registered before")                            \
  X(REGISTERED_TWICE, "an id is registered once")                                                  \
  X(SESSION_OF_OTHER_ACTIVITY, "a session belongs to the record's activity")                       \
  X(ITEM_OF_OTHER_MERCHANT, "an item belongs to the order's merchant")                             \
  X(ACTIVITY_STATE_WRONG, "an activity takes what its state allows")                               \
  X(VOLUNTEER_CLOSED, "who is closed spends nothing and changes no more")                          \
  X(VOLUNTEER_MERGED, "who was merged into another is named no more")                              \
  X(VOLUNTEER_WRONG, "an event names the volunteer whose record or order it is")                   \
  X(NOT_FROZEN, "only who is frozen is unfrozen")                                                  \
  X(CLOSING_WRONG, "closing forfeits all that a volunteer has")                                    \
  X(MERGE_WRONG, "a merge moves all that one registration has, and nets the debt of both")         \
  /* Rules. */                                                                                     \
  X(RULE_VERSION_WRONG, "rule versions count up from 1")                                           \
  X(RULE_BACKDATED, "no rule comes into force before one published earlier")                       \
  X(RULE_WRONG, "the newest rule in force on the day of service governs it")                       \
  X(CATEGORY_WITHOUT_RATE, "service is credited only in a category that has a rate")               \
  X(RATE_WRONG, "a segment has the rate of its rule and category")                                 \
  /* Hours. */                                                                                     \
  X(SERVICE_TIMES_WRONG, "service ends after its start, both on whole minutes")                    \
  X(SERVICE_IN_FUTURE, "service is over when it is recorded")                                      \
  X(SERVICE_TOO_OLD, "service lies within the rule's backdating window")                           \
  X(SERVICE_OUTSIDE_ACTIVITY, "service lies within its activity")                                  \
  X(SERVICE_OUTSIDE_SESSION, "service lies within its session")                                    \
  X(MINUTES_OFF_UNIT, "a record's length is a multiple of the recording unit")                     \
  X(SEGMENTS_WRONG, "a record's segments are its minutes, day by day")                             \
  X(DAY_OVERFULL, "a volunteer has at most 1,440 minutes a day")                                   \
  X(CAP_WRONG,                                                                                     \
    "minutes up to the caps of day, month and activity are credited, the others honorary")         \
  X(UNITS_WRONG, "units = credited minutes x points an hour x percentage")                         \
  X(EXPIRY_WRONG, "units lapse when the rule of the day says, with grace if they come too late")   \
  X(INTERVALS_OVERLAP, "a volunteer serves in one place at a time")                                \
  X(ATTENDANCE_WRONG, "a sheet is submitted line by line, word for word")                          \
  X(AWARD_WRONG, "an award keeps to what its rule allows, and to the times a year")                \
  /* The life of a record. */                                                                      \
  X(WAIT_REASONS_WRONG, "a record waits for exactly the reasons that there are")                   \
  X(CREDIT_MISPLACED,                                                                              \
    "a record is credited when it begins to count, and clawed back when it ceases to")             \
  X(RECORD_STATE_WRONG, "a record is reviewed, disputed, corrected and revoked only as it stands") \
  X(MATURITY_WRONG, "a credit matures when the rule of its first day says")                        \
  X(INFLOW_WRONG,                                                                                  \
    "what flows to a volunteer repays her debt first; a closed account keeps nothing")             \
  X(CLAW_BACK_WRONG,                                                                               \
    "a claw-back takes the credit's own units first, then what lapses first, then debt")           \
  X(RETURN_WRONG, "what a corrected record still earns returns to where it was taken from")        \
  X(SELF_REVIEW, "nobody decides about her own hours or what she submitted")                       \
  X(SOURCE_BINDING_BROKEN, "who posts for a platform names only its records")                      \
  /* Two people. */                                                                                \
  X(TWO_PEOPLE_MISSING, "what needs two people was proposed by one and approved by another")       \
  X(SAME_PERSON, "the two people are not the same")                                                \
  X(PROPOSAL_CLOSED, "a proposal is approved or rejected once")                                    \
  X(CHANGE_DIFFERS, "an approval has the effect that was proposed, word for word")                 \
  /* Money and stock. */                                                                           \
  X(POSTINGS_DONT_BALANCE, "the postings of an event sum to zero")                                 \
  X(LOT_OVERDRAWN, "no more is taken from a lot than it has")                                      \
  X(LOT_ORDER_WRONG, "units that lapse first are taken first")                                     \
  X(BALANCE_TOO_LOW, "no more is taken than is available")                                         \
  X(LAPSED_LOT_SPENT, "lapsed units are not spent")                                                \
  X(LAPSE_OVERDUE, "lapsed units expire around every event of the volunteer's")                    \
  X(LAPSE_TOO_EARLY, "units can be spent up to and including their last day")                      \
  X(LAPSE_NOT_WHOLE, "a lot lapses as a whole")                                                    \
  X(LAPSED_TOO_LOW, "no more is reinstated than had lapsed of the lot")                            \
  X(EXPIRY_IN_PAST, "units given by hand can be spent today")                                      \
  X(MATURITY_OVERDUE, "pending units mature before anything else is decided about the volunteer")  \
  X(MATURE_TOO_EARLY, "units mature on their day, not before")                                     \
  X(MATURE_NOT_WHOLE, "all units of a day mature together")                                        \
  X(DUE_ORDER_WRONG, "what was due first is done first, and maturing before lapsing")              \
  X(OPENING_NOT_MIGRATING, "old balances come in during the migration only")                       \
  X(OPENING_TWICE, "a volunteer's old balance comes in once")                                      \
  X(CAUSE_WRONG, "points are donated to a registered cause only")                                  \
  X(ORDER_LINES_WRONG, "an order has exactly the lines that were asked for")                       \
  X(PRICE_WRONG, "an order has the item's price, a refund the order's")                            \
  X(ORDER_UNITS_WRONG, "units paid or given back are the sum of points x 6000")                    \
  X(REFUND_TOO_LARGE, "no more is refunded than was sold")                                         \
  X(REFUND_LOTS_WRONG, "a refund returns to the order's lots, the one that lapses last first")     \
  X(STOCK_NEGATIVE, "no piece is sold that isn't on hand")                                         \
  X(FROZEN_REDEEMED, "who is frozen neither redeems nor donates")                                  \
  X(SELF_REDEMPTION, "nobody redeems or refunds for herself")                                      \
  X(MERCHANT_BINDING_BROKEN, "a merchant's till redeems for its own merchant only")                \
  X(HOLD_WRONG, "a hold ends once, in its time, and what isn't handed over is free again")         \
  X(TIMER_OVERDUE, "holds and statements whose time is over end before anything is decided")       \
  X(PURCHASE_LIMIT_BROKEN, "limits by person, age, item and day hold")                             \
  X(SHELF_CLOSED, "who is suspended or gone sells nothing, and what is withdrawn isn't sold")      \
  X(BUDGET_WRONG, "fen reserved, owed and paid never exceed what is allocated; a share warns")     \
  X(STATEMENT_WRONG, "a statement has what was booked, in units and fen, and adds up")             \
  X(STATEMENT_STATE_WRONG, "a statement is objected to, closed and settled only as it stands")     \
  X(BOOKED_MONTH_WRONG, "what took place in a closed month is booked in the first open one")       \
  X(ACCOUNTS_DONT_SUM, "all accounts sum to zero")                                                 \
  /* What the server serves. */                                                                    \
  X(LOG_TOO_SHORT, "the log has as many events as the served answers reflect")                     \
  X(BALANCE_DIFFERS, "a served balance is the one replayed")                                       \
  X(BALANCE_NOT_SERVED, "every registered volunteer is served")                                    \
  X(BALANCE_NOT_IN_LOG, "every volunteer served is registered in the log")                         \
  X(BALANCE_ORDER_WRONG, "balances are served once each, in the order of registration")            \
  X(TRIAL_BALANCE_DIFFERS, "the served totals are those replayed")                                 \
  X(MERCHANT_BALANCE_DIFFERS, "what is owed to each merchant is what was replayed")                \
  X(ARCHIVE_DIFFERS, "the served log has every event of the archive, byte for byte")

enum class Invariant : uint8_t {
#define MERITBOOK_AUDIT_VALUE(name, sentence) name,
  MERITBOOK_AUDIT_INVARIANTS(MERITBOOK_AUDIT_VALUE)
#undef MERITBOOK_AUDIT_VALUE
};

inline constexpr Invariant kInvariants[] = {
#define MERITBOOK_AUDIT_VALUE(name, sentence) Invariant::name,
    MERITBOOK_AUDIT_INVARIANTS(MERITBOOK_AUDIT_VALUE)
#undef MERITBOOK_AUDIT_VALUE
};

// "POSTINGS_DONT_BALANCE".
std::string_view InvariantName(Invariant invariant);
// "the postings of an event sum to zero".
std::string_view InvariantSentence(Invariant invariant);

// What a check finds; the reducer adds where.
struct Violation {
  Invariant invariant;
  std::string message;  // what was expected and what was found
};
using MaybeViolation = std::optional<Violation>;

struct Finding {
  // The event; for a comparison with a served answer, the number of events that it reflects.
  uint64_t sequence = 0;
  Invariant invariant = Invariant::EVENT_MALFORMED;
  std::string volunteer_id;  // empty where the finding is about nobody in particular
  std::string message;
};

inline constexpr size_t kFindingsMax = 1'000;

class FindingList {
 public:
  // Keeps the first kFindingsMax, counts all.
  void Add(Finding finding);

  const std::vector<Finding>& kept() const { return kept_; }
  uint64_t total() const { return total_; }

 private:
  std::vector<Finding> kept_;
  uint64_t total_ = 0;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_FINDING_H_
