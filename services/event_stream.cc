#include "services/event_stream.h"

#include <algorithm>
#include <atomic>
#include <memory>

#include "ledger/decide.h"
#include "ledger/text.h"
#include "services/read_failure.h"
#include "services/rpc_error.h"

namespace meritbook {
namespace {

constexpr size_t kEventsMax = 8'192;
constexpr size_t kBytesMax = 1 << 20;

class Stream final : public grpc::ServerWriteReactor<v1::StreamEventsResponse> {
 public:
  Stream(const Server& server, v1::StreamEventsRequest request)
      : server_(server), request_(std::move(request)), next_(request_.from_sequence()) {}

  // Keeps the stream alive until OnDone, and longer for whoever still waits for growth.
  void Start(std::shared_ptr<Stream> self) {
    self_ = std::move(self);
    Pump();
  }

  void Refuse(std::shared_ptr<Stream> self, const Refused& refused) {
    self_ = std::move(self);
    End(RpcError(refused));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      End(grpc::Status::CANCELLED);
      return;
    }
    server_.worker->Post([self = self_] { self->Pump(); });
  }

  // A write under way ends by itself; a wait has to be woken.
  void OnCancel() override {
    cancelled_ = true;
    server_.growth->Notify();
  }
  void OnDone() override { self_.reset(); }

 private:
  // Only while no write is under way, and once.
  void End(const grpc::Status& status) {
    if (!ended_.exchange(true)) Finish(status);
  }

  // Writes what there is, or waits for more.
  void Pump() {
    const uint64_t seen = server_.growth->count();  // before looking, or growth goes unnoticed
    if (cancelled_) {
      End(grpc::Status::CANCELLED);
      return;
    }
    const auto log = server_.sequencer->log();
    if (log == nullptr) {
      Await(seen);
      return;
    }
    if (log->Size(request_.ledger_id()) == 0) {
      End(RpcError(Unknown(v1::REFUSAL_LEDGER_UNKNOWN, "ledger_id", request_.ledger_id())));
      return;
    }
    size_t events_max = kEventsMax;
    if (request_.max_events() != 0) {
      events_max = std::min<uint64_t>(events_max, request_.max_events() - sent_);
    }
    if (events_max == 0) {
      End(grpc::Status::OK);
      return;
    }
    auto run = log->Read(request_.ledger_id(), next_, events_max, kBytesMax);
    // What comes before damage is whole.
    while (absl::IsDataLoss(run.status()) && events_max > 1) {
      events_max /= 2;
      run = log->Read(request_.ledger_id(), next_, events_max, kBytesMax);
    }
    if (!run.ok()) {
      End(RpcError(ReadFailure(next_, "can't be read", run.status())));
      return;
    }
    if (run->empty()) {
      if (request_.follow() && !server_.growth->stopped()) {
        Await(seen);
      } else {
        End(grpc::Status::OK);
      }
      return;
    }
    response_.Clear();
    response_.set_first_sequence(next_);
    for (size_t i = 0; i < run->size(); ++i) response_.add_events(std::string((*run)[i]));
    next_ += run->size();
    sent_ += run->size();
    StartWrite(&response_);
  }

  void Await(uint64_t seen) {
    server_.growth->Await(seen,
                          [self = self_] { self->server_.worker->Post([self] { self->Pump(); }); });
  }

  const Server& server_;
  const v1::StreamEventsRequest request_;
  uint64_t next_;
  uint64_t sent_ = 0;
  v1::StreamEventsResponse response_;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> ended_ = false;
  std::shared_ptr<Stream> self_;
};

}  // namespace

grpc::ServerWriteReactor<v1::StreamEventsResponse>* StreamEventsTo(
    const Server& server, grpc::CallbackServerContext* context,
    const google::protobuf::MethodDescriptor& method, const v1::StreamEventsRequest& request) {
  auto stream = std::make_shared<Stream>(server, request);
  Stream* const reactor = stream.get();
  auto authorised = Authorise(server, *context, method, request.ledger_id());
  if (auto* refused = std::get_if<Refused>(&authorised)) {
    reactor->Refuse(std::move(stream), *refused);
  } else {
    reactor->Start(std::move(stream));
  }
  return reactor;
}

}  // namespace meritbook
