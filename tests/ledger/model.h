// Owns: a second opinion: what a ledger must answer, and own afterwards, worked out the slow way.
// Promises: shares nothing with ledger/ but the messages: maps and lists of plain values; what
//           somebody served is summed over her records each time, days minute by minute, overlaps
//           by comparing all pairs. What it can't do: zones but Asia/Shanghai and
//           America/New_York, times before 2007.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_MODEL_H_
#define MERITBOOK_TESTS_LEDGER_MODEL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/ledger/model_row.h"

namespace meritbook::model {

class Model {
 public:
  Reply Execute(const Ask& ask, int64_t wall_us);
  std::vector<Reply> ExecuteAtomic(const std::vector<Ask>& asks, int64_t wall_us);
  void Sweep(int64_t wall_us);
  // What a sweep did one step of: the clock has come to this event of the ledger's own. `until_us`:
  // as of when, where that isn't when it was recorded.
  void Notice(const v1::Event& event, std::optional<int64_t> until_us);
  // The events since the last call.
  std::vector<Emitted> TakeEmitted();

  // The registration that counts for this one.
  std::string Survivor(std::string volunteer) const;
  // Credited and honorary minutes of her approved records, by day.
  std::map<int, std::pair<int, int>> DaysOf(const std::string& volunteer) const;
  // Clock times of her approved records, half-open.
  std::vector<std::pair<int64_t, int64_t>> ServedBy(const std::string& volunteer) const;
  // Minutes towards activities' caps.
  std::map<std::string, int> ActivityMinutesOf(const std::string& volunteer) const;
  // Approved awards by name and year.
  std::map<std::pair<std::string, int>, size_t> AwardsOf(const std::string& volunteer) const;
  int DayOf(int64_t us) const;
  int64_t StartOf(int day) const;
  const v1::PublishRule* RuleOf(int day) const;
  // Null where no rule has one.
  const v1::MallRule* MallOf(int day) const;
  // The month in which what happened then is booked.
  int BookedIn(int64_t occurred_us) const;

  // What the orders come to.
  struct Mall {
    std::map<std::string, int64_t> reserved;  // pieces, by item
    std::map<std::string, int64_t> delivered;
    std::map<std::string, int64_t> returned;
    std::map<std::string, int64_t> held_units;              // by volunteer
    std::map<std::string, std::vector<const Order*>> open;  // by volunteer, as placed
    std::map<std::string, size_t> open_at;                  // by merchant
    std::map<BudgetKey, int64_t> reserved_fen;
  };
  Mall Reckon() const;
  // Orders and points of the newest day with any; day, orders, points. Of one or the other.
  std::tuple<int, int64_t, int64_t> NewestDayOf(const std::string& volunteer,
                                                const std::string& merchant) const;
  // Pieces in the newest period in which she ordered the item; the period, the pieces.
  std::optional<std::pair<int, int64_t>> Bought(const std::string& volunteer,
                                                const std::string& item) const;
  Amount PayableOf(const std::string& merchant) const;
  // The newest statement; empty if there is none.
  std::string NewestOf(const std::string& merchant) const;
  Figures FiguresOf(const std::string& statement) const;
  FenByBudget FenOfStatement(const std::string& statement) const;

  bool created = false;
  bool migrating = false;
  std::string zone;
  uint64_t size = 0;
  int64_t last_recorded_us = 0;
  std::vector<v1::PublishRule> rules;
  std::map<std::string, Principal> principals;
  std::map<std::string, Volunteer> volunteers;
  std::map<std::string, Organisation> organisations;
  std::map<std::string, Activity> activities;
  std::map<std::string, Session> sessions;
  std::map<std::string, Merchant> merchants;
  std::map<std::string, Item> items;
  std::map<RecordName, Record> records;
  std::map<std::string, Order> orders;  // by scope, owner, order id
  std::map<std::string, Proposal> proposals;
  std::map<BudgetKey, Budget> budgets;
  std::map<std::string, Statement> statements;
  std::vector<Booking> bookings;
  std::optional<int> closed_through;  // a month
  int64_t issued_units = 0;           // >= 0
  int64_t expired_units = 0;
  int64_t revoked_units = 0;
  int64_t forfeited_units = 0;
  int64_t donated_units = 0;
  int64_t settled_units = 0;
  int64_t written_off_units = 0;

 private:
  struct Remembered {
    uint64_t sequence = 0;
    std::string content;
  };
  // Who asks, and when.
  struct Context {
    const Ask& ask;
    int64_t now_us = 0;
    int today = 0;
  };
  // Either what the command meets at the door, or the time at which it is decided.
  struct Door {
    std::optional<Reply> reply;
    int64_t now_us = 0;
    bool in_order = true;
  };
  struct Part {
    int day = 0;
    int minutes = 0;
  };
  // What is asked of a service record besides what holds for all.
  struct Terms {
    bool is_new = true;                   // its id must be
    bool any_age = false;                 // no backdating window
    bool honorary = false;                // earns nothing
    const RecordName* without = nullptr;  // counts as if it had never been
  };

  // The door (model.cc).
  Door Enter(const Ask& ask, int64_t wall_us) const;
  Reasons WhoAsks(const Ask& ask) const;
  std::vector<std::string> Concerned(const Ask& ask) const;
  std::vector<std::string> Concerned(const v1::ProposeChange& change) const;
  std::vector<std::string> VolunteerOf(const v1::RecordRef& ref) const;
  Reasons Carry(const Context& at);
  void Emit(const Context& at, v1::Event::BodyCase body, std::vector<std::string> volunteers = {},
            std::string amounts = "", std::optional<int64_t> occurred_us = {});
  // What the clock has come to, for her or for all; noticed now.
  void Settle(const std::string& volunteer, int64_t until_us, int64_t now_us);
  void Settle(const std::string& volunteer, int64_t now_us) { Settle(volunteer, now_us, now_us); }
  void RunTimers(int64_t now_us);
  bool RunTimer(int64_t now_us);  // the first; false if there is none
  bool SettleOnce(const std::string& volunteer, int64_t until_us, int64_t now_us);
  void Advance(const Ask& ask, int64_t now_us);
  void Mature(const Context& at, const std::string& volunteer, int day);
  void Expire(const Context& at, const std::string& volunteer, const Lot& lot);

  // Parties and activities (model_party.cc).
  Reasons Do(const Context& at, const v1::CreateLedger& c);
  Reasons Do(const Context& at, const v1::FinishMigration& c);
  Reasons Do(const Context& at, const v1::DeclareLoss& c);
  Reasons Do(const Context& at, const v1::PublishRule& c);
  Reasons Do(const Context& at, const v1::RegisterPrincipal& c);
  Reasons Do(const Context& at, const v1::RevokePrincipal& c);
  Reasons Do(const Context& at, const v1::RegisterVolunteer& c);
  Reasons Do(const Context& at, const v1::FreezeVolunteer& c);
  Reasons Do(const Context& at, const v1::UnfreezeVolunteer& c);
  Reasons Do(const Context& at, const v1::CloseVolunteer& c);
  Reasons Do(const Context& at, const v1::RegisterOrganisation& c);
  Reasons Do(const Context& at, const v1::SetRoster& c);
  Reasons Do(const Context& at, const v1::RegisterActivity& c);
  Reasons Do(const Context& at, const v1::SubmitActivity& c);
  Reasons Do(const Context& at, const v1::ReviewActivity& c);
  Reasons Do(const Context& at, const v1::CloseActivity& c);
  Reasons Do(const Context& at, const v1::CancelActivity& c);
  Reasons Do(const Context& at, const v1::RegisterSession& c);
  template <typename Command>
  Reasons AddActivity(const Command& c, ActivityState state, const std::string& submitted_by);
  // Why this id can't be named: nobody's, merged, or closed where only the living are asked for.
  Reasons NameFaults(const std::string& volunteer, bool alive) const;
  // The volunteers who a principal or a caller is.
  std::set<std::string> SelvesOf(const std::string& principal) const;
  std::set<std::string> SelvesOf(const Ask& ask) const;
  bool IsHerself(const Ask& ask, const std::string& volunteer) const;

  // Hours and awards (model_hours.cc).
  Reasons Do(const Context& at, const v1::CreditHours& c);
  Reasons Do(const Context& at, const v1::SubmitHours& c);
  Reasons Do(const Context& at, const v1::RecordAttendance& c);
  Reasons Do(const Context& at, const v1::BackfillHours& c);
  Reasons Do(const Context& at, const v1::AwardPoints& c);
  Reasons Do(const Context& at, const v1::ReviewHours& c);
  Reasons Do(const Context& at, const v1::DisputeHours& c);
  Reasons Submit(const Context& at, const v1::ServiceRecord& service, bool* waits);
  std::set<v1::WaitReason> WaitReasons(const Context& at, const v1::ServiceRecord& service) const;
  Reasons AwardFaults(const Context& at, const Record& record) const;
  // What speaks against this service of hers.
  Reasons ServiceFaults(const Context& at, const RecordName& name, const v1::ServiceRecord& service,
                        const std::string& volunteer, const Terms& terms) const;
  std::vector<Part> PartsOf(const v1::ServiceRecord& service) const;
  int64_t OccurredOf(const v1::ServiceRecord& service) const;
  std::vector<Segment> Earn(const Context& at, const v1::ServiceRecord& service,
                            const std::string& volunteer, const Terms& terms) const;
  std::vector<Segment> EarnAward(const Context& at, const Record& record) const;
  Lot LotOf(const Context& at, const v1::PublishRule& rule, int day) const;
  Record& AddRecord(const Context& at, const RecordName& name, const v1::ServiceRecord& service);
  // The record counts from now on; in words, what came of it.
  std::string Approve(const Context& at, const RecordName& name, std::vector<Segment> segments);
  std::vector<const Record*> ApprovedOf(const std::string& volunteer,
                                        const RecordName* without = nullptr) const;
  Reasons RefFaults(const Context& at, const v1::RecordRef& ref) const;

  // Points (model_points.cc).
  Reasons Do(const Context& at, const v1::DonatePoints& c);
  Reasons Adjust(const Context& at, const v1::AdjustPoints& c);
  Reasons Reinstate(const Context& at, const v1::ReinstatePoints& c);
  Reasons Merge(const Context& at, const v1::MergeVolunteers& c);
  Reasons Load(const Context& at, const v1::LoadOpeningBalances& c);
  Lot Graced(const Lot& lot, int today) const;
  Inflow FlowIn(const std::string& volunteer, const Lots& lots);
  LotList TakeFirst(Lots& lots, int64_t units) const;
  // issued -> pending or available; in words. `plain`: no inflow is spelt out where none is needed.
  std::string Accrue(const Context& at, const RecordName& name, const Lots& lots, int first_day,
                     bool plain);
  ClawBack TakeBack(const RecordName& name);
  // As much of it as `units`, what was taken last first; pending units come to be `name`'s.
  ClawBack GiveBack(const ClawBack& taken, int64_t units, const RecordName& name);

  // Corrections and changes of two people (model_change.cc).
  Reasons Do(const Context& at, const v1::CorrectHours& c) { return Correct(at, c, true); }
  Reasons Do(const Context& at, const v1::RevokeHours& c) { return Revoke(at, c, true); }
  Reasons Do(const Context& at, const v1::ProposeChange& c);
  Reasons Do(const Context& at, const v1::ApproveChange& c);
  Reasons Do(const Context& at, const v1::RejectChange& c);
  Reasons Correct(const Context& at, const v1::CorrectHours& c, bool alone);
  Reasons Revoke(const Context& at, const v1::RevokeHours& c, bool alone);
  Reasons Change(const Context& at, const v1::ProposeChange& c);
  bool NeedsTwo(const Context& at, const Record& record, int64_t lost_units) const;

  // The shelf (model_mall.cc).
  Reasons Do(const Context& at, const v1::OnboardMerchant& c);
  Reasons Do(const Context& at, const v1::SuspendMerchant& c);
  Reasons Do(const Context& at, const v1::ResumeMerchant& c);
  Reasons Do(const Context& at, const v1::OffboardMerchant& c);
  Reasons Do(const Context& at, const v1::PublishItem& c);
  Reasons Do(const Context& at, const v1::WithdrawItem& c);
  Reasons Do(const Context& at, const v1::ReceiveStock& c);
  Reasons Do(const Context& at, const v1::ReturnStock& c);
  bool IsOver(const Context& at, const std::string& merchant) const;
  int64_t OnHand(const std::string& item) const;
  int64_t Free(const std::string& item) const;
  int64_t LeftIn(const BudgetKey& budget) const;

  // Orders (model_order.cc).
  Reasons Do(const Context& at, const v1::HoldOrder& c);
  Reasons Do(const Context& at, const v1::IssueVoucher& c);
  Reasons Do(const Context& at, const v1::RedeemNow& c);
  // Checks and prices an order; what it takes of her lots isn't taken yet.
  template <typename Command>
  Reasons Shop(const Context& at, const Command& c, bool holds, Order* order) const;
  void PriceLine(const Context& at, const v1::OrderLine& line, Order* order,
                 Reasons* reasons) const;
  Reasons PaceFaults(const Context& at, const Order& order) const;
  // Takes the units, and puts the order down; in words.
  std::string Place(const Context& at, const std::string& id, Order order);
  void Warn(const Context& at, const Lines& lines);

  // What becomes of them (model_delivery.cc).
  Reasons Do(const Context& at, const v1::ConfirmOrder& c);
  Reasons Do(const Context& at, const v1::CancelOrder& c);
  Reasons Do(const Context& at, const v1::RefundOrder& c);
  // The order's name; empty if there is none.
  std::string Named(const Ask& ask, const v1::ConfirmOrder& c) const;
  template <typename Command>
  std::string Named(const Ask& ask, const Command& c) const;
  Reasons ReachFaults(const Ask& ask, const std::string& name, v1::Refusal unknown,
                      bool anybody) const;
  // What is held flows back; in words.
  std::string Release(const std::string& name, OrderState state, int today);
  std::string CloseWithHold(const Context& at, const std::string& name);
  void TimeOut(const std::string& name, int64_t now_us);

  // Settlement (model_settlement.cc).
  Reasons Do(const Context& at, const v1::OpenStatement& c);
  Reasons Do(const Context& at, const v1::ObjectStatement& c);
  Reasons Do(const Context& at, const v1::ResolveObjection& c);
  Reasons Do(const Context& at, const v1::CloseStatement& c);
  Reasons Do(const Context& at, const v1::RecordPayment& c);
  Reasons Do(const Context& at, const v1::ReversePayment& c);
  Reasons Do(const Context& at, const v1::ClosePeriod& c);
  Reasons Allocate(const Context& at, const v1::AllocateBudget& c);
  Reasons WriteOff(const Context& at, const v1::WriteOff& c);
  Reasons WriteOffLine(const Context& at, const v1::WriteOff& c);
  Reasons WriteOffWhole(const Context& at, const v1::WriteOff& c);
  Reasons UnsettledFaults(const std::string& statement) const;
  std::optional<int64_t> ClosesAt(const Context& at) const;
  std::string InWords(const std::string& statement) const;
  void CloseByItself(const std::string& statement, int64_t now_us);

  std::map<std::string, Remembered> requests_;  // by kind, scope, owner, request id
  std::vector<Emitted> emitted_;
};

}  // namespace meritbook::model

#endif  // MERITBOOK_TESTS_LEDGER_MODEL_H_
