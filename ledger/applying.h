// Owns: what the parts of Apply share; nobody else includes it.
// Promises: as ledger/apply.h.
// Thread: as ledger/apply.h.
#ifndef MERITBOOK_LEDGER_APPLYING_H_
#define MERITBOOK_LEDGER_APPLYING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ledger/mall.h"
#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook {

// A check that both a bug and a changed log can fail.
#define MB_REQUIRE(condition)                            \
  do {                                                   \
    if (!(condition)) [[unlikely]] {                     \
      return absl::DataLossError("broken: " #condition); \
    }                                                    \
  } while (false)

#define MB_RETURN_IF_ERROR(expression)                      \
  do {                                                      \
    if (absl::Status status = (expression); !status.ok()) { \
      return status;                                        \
    }                                                       \
  } while (false)

// Applies one event; a class for the sake of its shared view of state and event. One Apply for each
// body, in the file of its concern.
class Application {
 public:
  Application(State& state, const v1::Event& event) : state_(state), event_(event) {}
  absl::Status Run();

 private:
  using LotList = google::protobuf::RepeatedPtrField<v1::LotUnits>;

  absl::Status CheckEnvelope();
  absl::Status CheckPlace();
  absl::Status CheckAsker();
  absl::Status CheckPassbook();
  absl::Status ApplyBody();
  absl::Status Post();
  absl::Status TurnPage();
  absl::Status Remember();
  void CountEvent();

  // The ledger itself and who calls (apply_ledger.cc).
  absl::Status Apply(const v1::LedgerCreated& created);
  absl::Status Apply(const v1::MigrationFinished& finished);
  absl::Status Apply(const v1::RulePublished& published);
  absl::Status Apply(const v1::PrincipalRegistered& registered);
  absl::Status Apply(const v1::PrincipalRevoked& revoked);
  absl::Status Apply(const v1::ChangeProposed& proposed);
  absl::Status Apply(const v1::ChangeApproved& approved);
  absl::Status Apply(const v1::ChangeRejected& rejected);

  // Volunteers, organisations, activities (apply_party.cc).
  absl::Status Apply(const v1::VolunteerRegistered& registered);
  absl::Status Apply(const v1::VolunteerFrozen& frozen);
  absl::Status Apply(const v1::VolunteerUnfrozen& unfrozen);
  absl::Status Apply(const v1::OrganisationRegistered& registered);
  absl::Status Apply(const v1::RosterSet& set);
  absl::Status Apply(const v1::ActivityRegistered& registered);
  absl::Status Apply(const v1::ActivitySubmitted& submitted);
  absl::Status Apply(const v1::ActivityReviewed& reviewed);
  absl::Status Apply(const v1::ActivityClosed& closed);
  absl::Status Apply(const v1::ActivityCancelled& cancelled);
  absl::Status Apply(const v1::SessionRegistered& registered);
  template <typename ActivityCommand>
  absl::Status AddActivity(const ActivityCommand& command, ActivityState state);

  // Records (apply_hours.cc, apply_review.cc).
  absl::Status Apply(const v1::HoursCredited& credited);
  absl::Status Apply(const v1::HoursSubmitted& submitted);
  absl::Status Apply(const v1::AttendanceRecorded& recorded);
  absl::Status Apply(const v1::HoursBackfilled& backfilled);
  absl::Status Apply(const v1::HoursReviewed& reviewed);
  absl::Status Apply(const v1::HoursCorrected& corrected);
  absl::Status Apply(const v1::HoursRevoked& revoked);
  absl::Status Apply(const v1::HoursDisputed& disputed);
  absl::Status Apply(const v1::AwardSubmitted& submitted);
  absl::Status CheckSheet();
  absl::Status NewRecord(const v1::ServiceRecord& service, const std::string& source,
                         Record* record);
  absl::Status AddRecord(Record record, const std::string& record_id, const std::string& source);
  absl::Status FindRecord(const v1::RecordRef& ref, const std::string& volunteer_id,
                          uint32_t* index);
  absl::Status CheckSegments(const v1::Credit& credit, const Record& record);
  absl::Status Approve(uint32_t record, const v1::Credit& credit);
  absl::Status TakeRecordBack(uint32_t record, const v1::ClawBack& claw_back,
                              v1::RecordState becomes);
  absl::Status CheckWaits(const v1::Credit* credit, int wait_reasons);

  // Points (apply_points.cc).
  absl::Status Apply(const v1::PointsMatured& matured);
  absl::Status Apply(const v1::PointsExpired& expired);
  absl::Status Apply(const v1::PointsAdjusted& adjusted);
  absl::Status Apply(const v1::PointsReinstated& reinstated);
  absl::Status Apply(const v1::PointsDonated& donated);
  absl::Status Apply(const v1::OpeningBalanceLoaded& loaded);
  absl::Status Apply(const v1::VolunteerClosed& closed);
  absl::Status Apply(const v1::VolunteersMerged& merged);
  // Units flow in as the account asks for: debt first, a closed one keeps nothing.
  // `debt_change` is what the same event did to her debt before.
  absl::Status Receive(uint32_t volunteer, const v1::Inflow& inflow, int64_t units,
                       int64_t debt_change = 0);
  // The same, where the event says elsewhere which lots they are of. Sorted, each key once.
  absl::Status ReceiveInto(uint32_t volunteer, const v1::Inflow& inflow, std::vector<Lot> lots,
                           int64_t debt_change = 0);
  // The first of her lots, whole but for the last of them.
  absl::Status TakeFirstOf(uint32_t volunteer, const LotList& taken, int64_t units);

  // Merchants and the shelf (apply_mall.cc).
  absl::Status Apply(const v1::MerchantOnboarded& onboarded);
  absl::Status Apply(const v1::MerchantSuspended& suspended);
  absl::Status Apply(const v1::MerchantResumed& resumed);
  absl::Status Apply(const v1::MerchantOffboarded& offboarded);
  absl::Status Apply(const v1::ItemPublished& published);
  absl::Status Apply(const v1::ItemWithdrawn& withdrawn);
  absl::Status Apply(const v1::StockReceived& received);
  absl::Status Apply(const v1::StockReturned& returned);
  // One whose last day isn't over.
  absl::Status FindMerchant(const std::string& merchant_id, uint32_t* index);
  absl::Status FindItem(const std::string& item_id, uint32_t* index);

  // Orders (apply_order.cc, apply_delivery.cc).
  absl::Status Apply(const v1::OrderHeld& held);
  absl::Status Apply(const v1::VoucherIssued& issued);
  absl::Status Apply(const v1::OrderRedeemed& redeemed);
  absl::Status Apply(const v1::BudgetWarned& warned);
  absl::Status Apply(const v1::OrderConfirmed& confirmed);
  absl::Status Apply(const v1::OrderCancelled& cancelled);
  absl::Status Apply(const v1::HoldTimedOut& timed_out);
  absl::Status Apply(const v1::OrderRefunded& refunded);
  // What the three ways to place an order say alike.
  struct Placed {
    const std::string& order_id;
    const std::string& named_volunteer_id;  // empty where a pay code was shown
    const std::string& volunteer_id;
    const std::string& merchant_id;
    const std::string& pay_code_id;
    const google::protobuf::RepeatedPtrField<v1::OrderLine>& asked;
    const PricedLines& lines;
    const LotList& lots;
    int64_t units;
  };
  absl::Status Place(const Placed& placed, Order order);
  absl::Status PlaceHold(const Placed& placed, const v1::Hold& hold, int64_t deadline_us,
                         bool offline, Order order);
  absl::Status PlaceLine(const v1::PricedLine& line, const v1::OrderLine& asked, const Order& order,
                         const Volunteer& volunteer, OrderedLine* placed);
  absl::Status CheckVelocity(const Volunteer& volunteer, const Merchant& merchant, uint64_t points);
  absl::Status Reserve(const Order& order, const LinesSum& sum);
  absl::Status ReachOrder(const v1::OrderRef& ref, const std::string* order_id,
                          const v1::OrderOwner* owner, bool anybody, uint32_t* index);
  absl::Status CheckParties(const Order& order, const std::string& volunteer_id,
                            const std::string& merchant_id);
  // `delivered`: pieces of each line.
  absl::Status EndHold(uint32_t index, OrderState becomes, const std::vector<uint32_t>& delivered);
  absl::Status Release(const v1::HoldEnded& ended, uint32_t index, DayNumber day,
                       OrderState becomes);
  // In the merchant's month that the event is booked in.
  void Book(uint32_t merchant, const LinesSum& confirmed, const LinesSum& refunded);

  // Budgets and settlement (apply_settlement.cc).
  absl::Status Apply(const v1::BudgetAllocated& allocated);
  absl::Status Apply(const v1::StatementOpened& opened);
  absl::Status Apply(const v1::StatementObjected& objected);
  absl::Status Apply(const v1::ObjectionResolved& resolved);
  absl::Status Apply(const v1::StatementClosed& closed);
  absl::Status Apply(const v1::PaymentRecorded& paid);
  absl::Status Apply(const v1::PaymentReversed& reversed);
  absl::Status Apply(const v1::PayableWrittenOff& written);
  absl::Status Apply(const v1::PeriodClosed& closed);
  absl::Status Apply(const v1::LossDeclared& declared);
  absl::Status CheckCloses(bool has_closes, int64_t closes_us);
  absl::Status FindStatement(const std::string& statement_id, const std::string& merchant_id,
                             uint32_t* index);

  // What the request is remembered by; hashed once.
  const RequestKey& Key();
  // The actor is that volunteer, as far as the ledger knows.
  bool ActorIs(uint32_t volunteer) const;
  DayNumber Today() const { return state_.DayAt(event_.recorded_us()); }
  uint32_t ActorName() { return state_.NameIndex(event_.actor()); }
  // The change whose effect this event is; null if it is no effect.
  const v1::ProposeChange* Approved() const;

  State& state_;
  const v1::Event& event_;
  std::optional<RequestKey> key_;
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_APPLYING_H_
