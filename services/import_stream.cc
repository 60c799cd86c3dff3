#include "services/import_stream.h"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "services/bulk.h"
#include "services/rpc_error.h"

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
  }

  void OnReadDone(bool ok) override {
    absl::ReleasableMutexLock lock(&mutex_);
    reading_ = false;
    if (!ok) {
      reads_done_ = true;
      Proceed();
      return;
    }
    const std::shared_ptr<Slot> slot = std::make_shared<Slot>();
    slot->request.Swap(&incoming_);
    incoming_.Clear();
    slots_.push_back(slot);
    lock.Release();
    Decide(slot);
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

  // Hands the request to the sequencer, then goes on reading.
  void Decide(const std::shared_ptr<Slot>& slot) {
    const v1::ImportRequest& request = slot->request;
    auto authorised = Authorise(server_, *context_, method_, request.ledger_id());
    if (auto* refused = std::get_if<Refused>(&authorised)) {
      FailWith(*refused);
      return;
    }
    if (static_cast<size_t>(request.items_size()) > kBatchItemsMax) {
      FailWith({v1::REFUSAL_BATCH_TOO_LARGE, "items",
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
      std::optional<std::string_view> request_id;
      if (item.has_request_id()) request_id = item.request_id();
      std::optional<int64_t> recorded_us;
      if (item.has_recorded_us()) recorded_us = item.recorded_us();
      bulk->Add(*body, request_id, recorded_us);
    }
    Bulk::Run(std::move(bulk), false, std::numeric_limits<int64_t>::max(),
              [self = self_, slot] { self->Answered(slot); });
    absl::MutexLock lock(&mutex_);
    Proceed();
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
    const bool over = failed_ ? !writing_ : reads_done_ && slots_.empty();
    if (over) {
      finished_ = true;
      Finish(status_);
      return;
    }
    if (!reading_ && !reads_done_ && !failed_ && slots_.size() < kUnderWayMax) {
      reading_ = true;
      StartRead(&incoming_);
    }
  }

  const Server& server_;
  grpc::CallbackServerContext* const context_;
  const google::protobuf::MethodDescriptor& method_;
  v1::ImportRequest incoming_;

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = true;
  bool reads_done_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
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
