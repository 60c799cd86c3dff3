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
#include <utility>
#include <vector>

#include "tests/ledger/model_row.h"

namespace meritbook::model {

class Model {
 public:
  Reply Execute(const Ask& ask, int64_t wall_us);
  std::vector<Reply> ExecuteAtomic(const std::vector<Ask>& asks, int64_t wall_us);
  void Sweep(int64_t wall_us);
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
  std::map<std::string, int64_t> merchants;  // payable units
  std::map<std::string, Item> items;
  std::map<RecordName, Record> records;
  std::map<std::string, Order> orders;  // by scope, owner, order id
  std::map<std::string, Proposal> proposals;
  int64_t issued_units = 0;  // >= 0
  int64_t expired_units = 0;
  int64_t revoked_units = 0;
  int64_t forfeited_units = 0;
  int64_t donated_units = 0;

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
  // What the clock has come to for her.
  void Settle(const std::string& volunteer, int64_t now_us);
  void Mature(const Context& at, const std::string& volunteer, int day);
  void Expire(const Context& at, const std::string& volunteer, const Lot& lot);

  // Parties and activities (model_party.cc).
  Reasons Do(const Context& at, const v1::CreateLedger& c);
  Reasons Do(const Context& at, const v1::FinishMigration& c);
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

  // The mall (model_mall.cc).
  Reasons Do(const Context& at, const v1::OnboardMerchant& c);
  Reasons Do(const Context& at, const v1::PublishItem& c);
  Reasons Do(const Context& at, const v1::ReceiveStock& c);
  Reasons Do(const Context& at, const v1::RedeemNow& c);
  Reasons Do(const Context& at, const v1::RefundOrder& c);

  std::map<std::string, Remembered> requests_;  // by kind, scope, owner, request id
  std::vector<Emitted> emitted_;
};

}  // namespace meritbook::model

#endif  // MERITBOOK_TESTS_LEDGER_MODEL_H_
