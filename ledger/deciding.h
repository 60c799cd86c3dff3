// Owns: what the parts of Decide share; nobody else includes it.
// Promises: as ledger/decide.h.
// Thread: as ledger/decide.h.
#ifndef MERITBOOK_LEDGER_DECIDING_H_
#define MERITBOOK_LEDGER_DECIDING_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "ledger/decide.h"
#include "ledger/hours.h"
#include "ledger/text.h"

namespace meritbook {

using MaybeRefused = std::optional<Refused>;

// One decision on its way.
struct Deciding {
  const State& state;
  const Command& command;
  int64_t now_us;
  DayNumber today;
  google::protobuf::Arena* arena;
  Events events;

  // One more event, which took place now.
  v1::Event* NewEvent() {
    auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena);
    event->set_occurred_us(now_us);
    events.push_back(event);
    return event;
  }
};

// What a service record or a change is called in the path of a fault.
struct Where {
  std::string_view message;  // "record"; empty for the command itself
  int line = -1;             // of a list
  bool fields = true;        // the message has the fields that faults are about
  std::string Path(std::string_view field) const {
    if (message.empty()) return Text("command.", field);
    std::string path = Text("command.", message);
    if (line >= 0) path += Text("[", line, "]");
    if (fields) path += Text(".", field);
    return path;
  }
};

Refused Refuse(v1::Refusal reason, std::string field, std::string message);

// A volunteer who is there and wasn't merged into another. `path` is the fault's whole path.
std::variant<uint32_t, Refused> FindVolunteer(const State& state, std::string_view id,
                                              const std::string& path);
// True if the caller is that volunteer, as far as her key or the ledger knows.
bool IsHerself(const State& state, const Caller& caller, uint32_t volunteer);
bool IsHerself(const State& state, const std::string& principal_id, uint32_t volunteer);
MaybeRefused RefuseClosed(const Volunteer& volunteer, std::string path);
MaybeRefused RefuseFrozen(const Volunteer& volunteer, std::string path);
// `what` is points or units.
Refused BalanceTooLow(std::string path, int64_t needed, std::string_view what);
// Whether the ledger can count that many more.
bool CanIssue(const State& state, int64_t units);
Refused CannotIssue(std::string path);

Refused StockOverflow(std::string path);
Refused MerchantOver(const Merchant& merchant);
Refused BudgetExhausted(std::string field, const std::string& source, uint32_t year,
                        int64_t needed_fen);

// decide_delivery.cc, decide_settlement.cc: what the clock does, too.
void FillHoldEnded(const State& state, const Order& order, DayNumber day, v1::HoldEnded* ended);
void FillClosed(const State& state, const Statement& statement, v1::StatementClosed* closed);
// The events that end the open holds of an account that is closed.
void CancelHoldsOf(Deciding& d, uint32_t volunteer);

// decide_record.cc: what a record comes to. `volunteer` as she would be without it.
using Segments = absl::InlinedVector<Segment, 1>;
struct Assessment {
  bool check_window = true;    // longer ago than the rule's backdating window is refused
  bool honorary_only = false;  // an old record that earns nothing
};
std::variant<Segments, Refused> Assess(const Deciding& d, const Volunteer& volunteer,
                                       const Record& record, const Assessment& how,
                                       const Where& where);
// The record of a service as a row, once everything that it names is there.
std::variant<Record, Refused> FindService(const Deciding& d, const v1::ServiceRecord& service,
                                          const Where& where);
// The index of a record that a caller names.
std::variant<uint32_t, Refused> FindRecord(const Deciding& d, const v1::RecordRef& ref);
// The segments as the event has them; and where their units go.
void FillSegments(const Deciding& d, const Record& record, const Segments& segments,
                  v1::Credit* credit);
void FillCredit(const Deciding& d, const Volunteer& volunteer, const Record& record,
                const Segments& segments, v1::Credit* credit);
// The first day on which units of these segments can be spent, credited today.
DayNumber MaturesOn(const Deciding& d, const Segments& segments);

// The parts by concern. Each adds its events to `d`, or refuses.
MaybeRefused Decide(Deciding& d, const v1::CreditHours& c);
MaybeRefused Decide(Deciding& d, const v1::SubmitHours& c);
MaybeRefused Decide(Deciding& d, const v1::RecordAttendance& c);
MaybeRefused Decide(Deciding& d, const v1::BackfillHours& c);
MaybeRefused Decide(Deciding& d, const v1::AwardPoints& c);
MaybeRefused Decide(Deciding& d, const v1::ReviewHours& c);
MaybeRefused Decide(Deciding& d, const v1::DisputeHours& c);
MaybeRefused Decide(Deciding& d, const v1::CorrectHours& c);
MaybeRefused Decide(Deciding& d, const v1::RevokeHours& c);
MaybeRefused Decide(Deciding& d, const v1::SubmitActivity& c);
MaybeRefused Decide(Deciding& d, const v1::ReviewActivity& c);
MaybeRefused Decide(Deciding& d, const v1::CloseActivity& c);
MaybeRefused Decide(Deciding& d, const v1::CancelActivity& c);
MaybeRefused Decide(Deciding& d, const v1::RegisterActivity& c);
MaybeRefused Decide(Deciding& d, const v1::RegisterSession& c);
MaybeRefused Decide(Deciding& d, const v1::RegisterOrganisation& c);
MaybeRefused Decide(Deciding& d, const v1::SetRoster& c);
MaybeRefused Decide(Deciding& d, const v1::RegisterVolunteer& c);
MaybeRefused Decide(Deciding& d, const v1::FreezeVolunteer& c);
MaybeRefused Decide(Deciding& d, const v1::UnfreezeVolunteer& c);
MaybeRefused Decide(Deciding& d, const v1::CloseVolunteer& c);
MaybeRefused Decide(Deciding& d, const v1::DonatePoints& c);
MaybeRefused Decide(Deciding& d, const v1::ProposeChange& c);
MaybeRefused Decide(Deciding& d, const v1::ApproveChange& c);
MaybeRefused Decide(Deciding& d, const v1::RejectChange& c);
MaybeRefused Decide(Deciding& d, const v1::OnboardMerchant& c);
MaybeRefused Decide(Deciding& d, const v1::SuspendMerchant& c);
MaybeRefused Decide(Deciding& d, const v1::ResumeMerchant& c);
MaybeRefused Decide(Deciding& d, const v1::OffboardMerchant& c);
MaybeRefused Decide(Deciding& d, const v1::PublishItem& c);
MaybeRefused Decide(Deciding& d, const v1::WithdrawItem& c);
MaybeRefused Decide(Deciding& d, const v1::ReceiveStock& c);
MaybeRefused Decide(Deciding& d, const v1::ReturnStock& c);
MaybeRefused Decide(Deciding& d, const v1::HoldOrder& c);
MaybeRefused Decide(Deciding& d, const v1::IssueVoucher& c);
MaybeRefused Decide(Deciding& d, const v1::RedeemNow& c);
MaybeRefused Decide(Deciding& d, const v1::ConfirmOrder& c);
MaybeRefused Decide(Deciding& d, const v1::CancelOrder& c);
MaybeRefused Decide(Deciding& d, const v1::RefundOrder& c);
MaybeRefused Decide(Deciding& d, const v1::OpenStatement& c);
MaybeRefused Decide(Deciding& d, const v1::ObjectStatement& c);
MaybeRefused Decide(Deciding& d, const v1::ResolveObjection& c);
MaybeRefused Decide(Deciding& d, const v1::CloseStatement& c);
MaybeRefused Decide(Deciding& d, const v1::RecordPayment& c);
MaybeRefused Decide(Deciding& d, const v1::ReversePayment& c);
MaybeRefused Decide(Deciding& d, const v1::ClosePeriod& c);

// Changes that two people stand behind: as the effect of an approval.
MaybeRefused DecideChange(Deciding& d, const v1::AdjustPoints& c);
MaybeRefused DecideChange(Deciding& d, const v1::ReinstatePoints& c);
MaybeRefused DecideChange(Deciding& d, const v1::MergeVolunteers& c);
MaybeRefused DecideChange(Deciding& d, const v1::LoadOpeningBalances& c);
MaybeRefused DecideChange(Deciding& d, const v1::CorrectHours& c);
MaybeRefused DecideChange(Deciding& d, const v1::RevokeHours& c);
MaybeRefused DecideChange(Deciding& d, const v1::AllocateBudget& c);
MaybeRefused DecideChange(Deciding& d, const v1::WriteOff& c);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_DECIDING_H_
