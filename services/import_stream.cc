#include "services/import_stream.h"

#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "services/bulk.h"
#include "services/rpc_error.h"
#include "services/voucher_code.h"

namespace meritbook {
namespace {

constexpr size_t kUnderWayMax = 4;

std::optional<CommandBody> BodyOf(const v1::ImportItem& item) {
  switch (item.command_case()) {
    case v1::ImportItem::kRegisterOrganisation:
      return &item.register_organisation();
    case v1::ImportItem::kRegisterActivity:
      return &item.register_activity();
    case v1::ImportItem::kRegisterSession:
      return &item.register_session();
    case v1::ImportItem::kOnboardMerchant:
      return &item.onboard_merchant();
    case v1::ImportItem::kPublishItem:
      return &item.publish_item();
    case v1::ImportItem::kReceiveStock:
      return &item.receive_stock();
    case v1::ImportItem::kRegisterVolunteer:
      return &item.register_volunteer();
    case v1::ImportItem::kFreezeVolunteer:
      return &item.freeze_volunteer();
    case v1::ImportItem::kCreditHours:
      return &item.credit_hours();
    case v1::ImportItem::kRedeemNow:
      return &item.redeem_now();
    case v1::ImportItem::kUnfreezeVolunteer:
      return &item.unfreeze_volunteer();
    case v1::ImportItem::kCloseVolunteer:
      return &item.close_volunteer();
    case v1::ImportItem::kSetRoster:
      return &item.set_roster();
    case v1::ImportItem::kSubmitActivity:
      return &item.submit_activity();
    case v1::ImportItem::kCloseActivity:
      return &item.close_activity();
    case v1::ImportItem::kCancelActivity:
      return &item.cancel_activity();
    case v1::ImportItem::kSubmitHours:
      return &item.submit_hours();
    case v1::ImportItem::kRecordAttendance:
      return &item.record_attendance();
    case v1::ImportItem::kBackfillHours:
      return &item.backfill_hours();
    case v1::ImportItem::kCorrectHours:
      return &item.correct_hours();
    case v1::ImportItem::kRevokeHours:
      return &item.revoke_hours();
    case v1::ImportItem::kDisputeHours:
      return &item.dispute_hours();
    case v1::ImportItem::kAwardPoints:
      return &item.award_points();
    case v1::ImportItem::kDonatePoints:
      return &item.donate_points();
    case v1::ImportItem::kProposeChange:
      return &item.propose_change();
    case v1::ImportItem::kRefundOrder:
      return &item.refund_order();
    case v1::ImportItem::kHoldOrder:
      return &item.hold_order();
    case v1::ImportItem::kIssueVoucher:
      return &item.issue_voucher();
    case v1::ImportItem::kConfirmOrder:
      return &item.confirm_order();
    case v1::ImportItem::kCancelOrder:
      return &item.cancel_order();
    case v1::ImportItem::kWithdrawItem:
      return &item.withdraw_item();
    case v1::ImportItem::kReturnStock:
      return &item.return_stock();
    case v1::ImportItem::COMMAND_NOT_SET:
      break;
  }
  return std::nullopt;
}

class Stream final : public grpc::ServerBidiReactor<v1::ImportRequest, v1::ImportResponse> {
 public:
  Stream(const Server& server, grpc::CallbackServerContext* context,
         const google::protobuf::MethodDescriptor& method)
      : server_(server), context_(context), method_(method) {}

  void Start(std::shared_ptr<Stream> self) {
    self_ = std::move(self);
    StartRead(&incoming_);
    AwaitStop(self_);
  }

  void OnReadDone(bool ok) override {
    const std::shared_ptr<Slot> slot = std::make_shared<Slot>();
    {
      absl::MutexLock lock(&mutex_);
      if (!ok || failed_ || finished_) {
        reading_ = false;
        reads_done_ = true;
        if (!ledger_id_) RefuseStranger();
        Proceed();
        return;
      }
      slot->request.Swap(&incoming_);
      incoming_.Clear();
      slots_.push_back(slot);
    }
    Decide(slot);
    // Only now, or the next request could be read and decided before this one.
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    Proceed();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    slots_.pop_front();
    if (!ok) Fail(grpc::Status::CANCELLED);
    Proceed();
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    Fail(grpc::Status::CANCELLED);
    Proceed();
  }

  void OnDone() override { self_.reset(); }

 private:
  // A request from its arrival to the end of its answer's write.
  struct Slot {
    v1::ImportRequest request;
    v1::ImportResponse response;
    bool answered = false;
  };

  // What is under way is still answered when the server stops; nothing more is read.
  static void AwaitStop(const std::shared_ptr<Stream>& stream) {
    Growth& growth = *stream->server_.growth;
    growth.Await(growth.count(), [weak = std::weak_ptr<Stream>(stream)] {
      const auto self = weak.lock();
      if (self == nullptr) return;
      if (!self->server_.growth->stopped()) {
        AwaitStop(self);
        return;
      }
      absl::MutexLock lock(&self->mutex_);
      self->stopping_ = true;
      self->Proceed();
    });
  }

  // Without a request there was nothing to authorise yet.
  void RefuseStranger() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto authorised = Authorise(server_, *context_, method_, "");
    if (auto* refused = std::get_if<Refused>(&authorised)) Fail(RpcError(*refused));
  }

  // Hands the request to the sequencer.
  void Decide(const std::shared_ptr<Slot>& slot) {
    const v1::ImportRequest& request = slot->request;
    if (!ledger_id_) ledger_id_ = request.ledger_id();
    if (*ledger_id_ != request.ledger_id()) {
      FailWith({v1::REFUSAL_FIELD_INVALID, "ledger_id", "a stream stays with one ledger", {}});
      return;
    }
    auto authorised = Authorise(server_, *context_, method_, request.ledger_id());
    if (auto* refused = std::get_if<Refused>(&authorised)) {
      FailWith(*refused);
      return;
    }
    if (static_cast<size_t>(request.items_size()) > kBatchItemsMax) {
      FailWith({v1::REFUSAL_BATCH_TOO_LARGE,
                "items",
                Text(request.items_size(), " items, at most ", kBatchItemsMax),
                {{"items_max", Text(kBatchItemsMax)}}});
      return;
    }
    auto bulk = std::make_shared<Bulk>(server_, request.ledger_id(),
                                       std::get<std::shared_ptr<const Identity>>(authorised),
                                       slot->response.mutable_results());
    for (const v1::ImportItem& item : request.items()) {
      const auto body = BodyOf(item);
      if (!body) {
        bulk->AddRefused({v1::REFUSAL_FIELD_MISSING, "command", "the item has no command", {}});
        continue;
      }
      // Vouchers are redeemed by their digits, which an import doesn't carry: whoever may read the
      // log knows the hash.
      if (item.has_confirm_order() && !item.confirm_order().voucher_sha256().empty()) {
        bulk->AddRefused(HashShown("command.voucher_sha256"));
        continue;
      }
      std::optional<std::string_view> request_id;
      if (item.has_request_id()) request_id = item.request_id();
      std::optional<int64_t> recorded_us;
      if (item.has_recorded_us()) recorded_us = item.recorded_us();
      bulk->Add(*body, request_id, recorded_us);
    }
    const auto refused = Bulk::Run(std::move(bulk), false, std::numeric_limits<int64_t>::max(),
                                   [self = self_, slot] { self->Answered(slot); });
    // Not one refused request among accepted ones: later rows would overtake it.
    if (refused) FailWith(*refused);
  }

  void Answered(const std::shared_ptr<Slot>& slot) {
    absl::MutexLock lock(&mutex_);
    slot->answered = true;
    Proceed();
  }

  void FailWith(const Refused& refused) {
    absl::MutexLock lock(&mutex_);
    slots_.pop_back();
    Fail(RpcError(refused));
    Proceed();
  }

  void Fail(const grpc::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (status_.ok()) status_ = status;
    failed_ = true;
  }

  // Starts what can be started: the next write, the next read, or the end.
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_) return;
    const bool ready = !slots_.empty() && slots_.front()->answered;
    if (!writing_ && !failed_ && ready) {
      writing_ = true;
      StartWrite(&slots_.front()->response);
    }
    // Answers of what was decided before a failure still go to nobody, but have to come in.
    const bool over = failed_ ? !writing_ : (reads_done_ || stopping_) && slots_.empty();
    if (over) {
      finished_ = true;
      if (status_.ok() && !reads_done_) {
        status_ = RpcError({v1::REFUSAL_STOPPING, "", "the server is stopping", {}});
      }
      Finish(status_);
      return;
    }
    const bool wanted = !reads_done_ && !failed_ && !stopping_;
    if (wanted && !reading_ && slots_.size() < kUnderWayMax) {
      reading_ = true;
      StartRead(&incoming_);
    }
  }

  const Server& server_;
  grpc::CallbackServerContext* const context_;
  const google::protobuf::MethodDescriptor& method_;
  v1::ImportRequest incoming_;
  std::optional<std::string> ledger_id_;  // of the first request; while reading only

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = true;
  bool reads_done_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Stream> self_;
};

}  // namespace

grpc::ServerBidiReactor<v1::ImportRequest, v1::ImportResponse>* ImportFrom(
    const Server& server, grpc::CallbackServerContext* context,
    const google::protobuf::MethodDescriptor& method) {
  auto stream = std::make_shared<Stream>(server, context, method);
  Stream* const reactor = stream.get();
  reactor->Start(std::move(stream));
  return reactor;
}

}  // namespace meritbook
