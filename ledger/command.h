// Owns: a command on its way to a decision: what the client sent, who sent it, what it is keyed by.
// Promises: a prepared command is well formed, whatever the state; hashing is done before it
// queues. Thread: any; a Command refers to the client's message and the caller, which must outlive
// it.
#ifndef MERITBOOK_LEDGER_COMMAND_H_
#define MERITBOOK_LEDGER_COMMAND_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "ledger/refusal.h"
#include "meritbook/v1/command.pb.h"
#include "meritbook/v1/event.pb.h"
#include "meritbook/v1/mall_command.pb.h"
#include "meritbook/v1/settlement_command.pb.h"

namespace meritbook {

// Who calls, once authenticated, and what she is bound to.
struct Caller {
  std::string principal_id;
  std::string source;        // the platform in whose name she posts; may be empty
  std::string merchant_id;   // the only merchant she may act for; may be empty
  std::string volunteer_id;  // the volunteer who she is; may be empty
  // Registered in the ledger itself, so that a revocation there holds for what is queued already.
  bool of_ledger = false;
};

// Whose request ids the caller's are: her source's, else her merchant's, else her own.
v1::RequestScope ScopeOf(const Caller& caller);
// The name within that scope, as it stands in Event.source; empty for a principal's own.
const std::string& SourceOf(const Caller& caller);

// What a client may ask for; points to the message that it sent.
using CommandBody = std::variant<
    const v1::CreateLedger*, const v1::FinishMigration*, const v1::PublishRule*,
    const v1::RegisterPrincipal*, const v1::RevokePrincipal*, const v1::RegisterVolunteer*,
    const v1::FreezeVolunteer*, const v1::RegisterOrganisation*, const v1::RegisterActivity*,
    const v1::RegisterSession*, const v1::CreditHours*, const v1::OnboardMerchant*,
    const v1::PublishItem*, const v1::ReceiveStock*, const v1::RedeemNow*,
    const v1::UnfreezeVolunteer*, const v1::CloseVolunteer*, const v1::SetRoster*,
    const v1::SubmitActivity*, const v1::ReviewActivity*, const v1::CloseActivity*,
    const v1::CancelActivity*, const v1::SubmitHours*, const v1::RecordAttendance*,
    const v1::BackfillHours*, const v1::ReviewHours*, const v1::CorrectHours*,
    const v1::RevokeHours*, const v1::DisputeHours*, const v1::AwardPoints*,
    const v1::DonatePoints*, const v1::ProposeChange*, const v1::ApproveChange*,
    const v1::RejectChange*, const v1::RefundOrder*, const v1::SuspendMerchant*,
    const v1::ResumeMerchant*, const v1::OffboardMerchant*, const v1::WithdrawItem*,
    const v1::ReturnStock*, const v1::HoldOrder*, const v1::IssueVoucher*, const v1::ConfirmOrder*,
    const v1::CancelOrder*, const v1::OpenStatement*, const v1::ObjectStatement*,
    const v1::ResolveObjection*, const v1::CloseStatement*, const v1::RecordPayment*,
    const v1::ReversePayment*, const v1::ClosePeriod*, const v1::DeclareLoss*>;

v1::CommandKind KindOf(const CommandBody& body);

// 128 bits of SHA-256 over kind, scope and id: what a request is remembered by.
struct RequestKey {
  uint64_t high = 0;
  uint64_t low = 0;
  friend bool operator==(const RequestKey&, const RequestKey&) = default;
  // The key is a cryptographic hash already.
  template <typename H>
  friend H AbslHashValue(H state, const RequestKey& key) {
    return H::combine(std::move(state), key.low);
  }
};

RequestKey KeyOf(v1::CommandKind kind, v1::RequestScope scope, std::string_view source,
                 std::string_view actor, std::string_view id);

// What a record or an order is found by; for a credit or a redemption under its own id it is the
// request's key too, so that the usual case hashes once.
RequestKey RecordKey(std::string_view source, std::string_view record_id);
RequestKey OrderKey(v1::RequestScope scope, std::string_view source, std::string_view actor,
                    std::string_view order_id);
// Who places an order: the caller's own name in her scope.
const std::string& OwnerOf(const Caller& caller);
// The order that a command names: by whom it says, else the caller's own.
v1::OrderRef OrderNamed(const Caller& caller, const v1::OrderOwner* owner,
                        const std::string& order_id);
RequestKey KeyOf(const v1::OrderRef& order);

// 64 bits of SHA-256 over the fields that the client sent: tells at once that a repetition is the
// same. Only a hint: where it differs, the stored event decides and names the fields.
uint64_t ContentOf(const google::protobuf::Message& command);
const google::protobuf::Message& MessageOf(const CommandBody& body);

// Who showed a pay code, in place of her id.
struct ShownCode {
  std::string volunteer_id;
  std::string code_id;  // 16 random bytes, which the event keeps
};
// Looks a shown pay code up.
using ShowCode = std::function<std::variant<ShownCode, Refused>()>;

struct Command {
  const Caller* caller = nullptr;
  CommandBody body;
  v1::CommandKind kind = v1::COMMAND_KIND_UNSPECIFIED;
  std::string_view request_id;         // the client's, or the record or order id by default
  std::optional<int64_t> recorded_us;  // only while migrating
  RequestKey key;
  RequestKey subject;  // of the record or order that it brings in, where it brings one
  uint64_t content = 0;
  ShowCode show_code = nullptr;    // asked once, when the request turns out to be new …
  std::optional<ShownCode> shown;  // … and what it said
};

// Checks the form of what the client sent and prepares it. `request_id` and `recorded_us` as sent.
std::variant<Command, Refused> Prepare(const Caller& caller, const CommandBody& body,
                                       std::optional<std::string_view> request_id,
                                       std::optional<int64_t> recorded_us,
                                       ShowCode show_code = nullptr);

// The record or order id that the request id defaults to; empty for other kinds.
std::string_view SubjectOf(const CommandBody& body);

// The command that an event carries; nothing for the ledger's own events and for what follows from
// a change or a sheet.
std::optional<CommandBody> CarriedCommand(const v1::Event& event);

// The form alone; nothing if it is well formed. (ledger/form.cc)
std::optional<Refused> CheckForm(const CommandBody& body);
// Whether it names the volunteer who spends, exactly where no pay code stands for her.
std::optional<Refused> CheckShopper(const CommandBody& body, bool shows_code);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_COMMAND_H_
