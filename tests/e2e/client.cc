#include "tests/e2e/client.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"
#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

constexpr std::chrono::seconds kStreamMax{60};
constexpr int kReconnectMs = 20;
constexpr std::chrono::seconds kConnectMax{2};

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string ToBytes(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return {};
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return Text("/", method.service()->full_name(), "/", method.name());
}

Outcome OutcomeOf(const grpc::Status& status) {
  google::rpc::Status details;
  // Where gRPC itself refuses there are none.
  if (!status.ok()) MB_CHECK(details.ParseFromString(status.error_details()));
  details.set_code(status.error_code());
  details.set_message(status.error_message());
  return e2e::OutcomeOf(details);
}

void Prepare(grpc::ClientContext& context, const std::optional<std::string>& authorization) {
  if (authorization) context.AddMetadata("authorization", *authorization);
}

// One operation at a time, on a queue of its own.
class GenericStream final : public CallStream {
 public:
  GenericStream(grpc::GenericStub& stub, const std::optional<std::string>& authorization,
                const std::string& path) {
    Prepare(context_, authorization);
    // A stream that hangs ends, and the test fails, instead of waiting for ever.
    context_.set_deadline(std::chrono::system_clock::now() + kStreamMax);
    stream_ = stub.PrepareCall(&context_, path, &queue_);
    stream_->StartCall(this);
    Await();
  }

  ~GenericStream() override {
    Cancel();
    if (!finished_) (void)Finish();
    queue_.Shutdown();
    void* tag;
    bool ok;
    while (queue_.Next(&tag, &ok)) continue;
  }

  bool Write(const google::protobuf::Message& message) override {
    stream_->Write(ToBuffer(message.SerializeAsString()), this);
    return Await();
  }

  void WritesDone() override {
    stream_->WritesDone(this);
    Await();
  }

  bool Read(google::protobuf::Message* message) override {
    stream_->Read(&incoming_, this);
    if (!Await()) return false;
    MB_CHECK(message->ParseFromString(ToBytes(incoming_)));
    return true;
  }

  std::optional<bool> ReadWithin(google::protobuf::Message* message,
                                 std::chrono::milliseconds wait) override {
    stream_->Read(&incoming_, this);
    void* tag;
    bool ok;
    const auto next = queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + wait);
    if (next == grpc::CompletionQueue::TIMEOUT) {
      read_pending_ = true;
      return std::nullopt;
    }
    if (ok) MB_CHECK(message->ParseFromString(ToBytes(incoming_)));
    return ok;
  }

  void Cancel() override { context_.TryCancel(); }

  Outcome Finish() override {
    if (read_pending_) Await();
    finished_ = true;
    grpc::Status status;
    stream_->Finish(&status, this);
    Await();
    return OutcomeOf(status);
  }

 private:
  bool Await() {
    void* tag;
    bool ok = false;
    MB_CHECK(queue_.Next(&tag, &ok));
    return ok;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer incoming_;
  bool read_pending_ = false;
  bool finished_ = false;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << outcome.text << " (" << outcome.message << ")";
}

Outcome OutcomeOf(const google::rpc::Status& status) {
  Outcome outcome;
  outcome.code = absl::StatusCodeToString(static_cast<absl::StatusCode>(status.code()));
  outcome.message = status.message();
  outcome.text = outcome.code;
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) {
      outcome.reason = info.reason();
      outcome.metadata = {info.metadata().begin(), info.metadata().end()};
    }
    outcome.retry_can_help |= detail.Is<google::rpc::RetryInfo>();
  }
  if (!outcome.reason.empty()) outcome.text += " " + outcome.reason;
  if (const auto field = outcome.metadata.find("field"); field != outcome.metadata.end()) {
    outcome.text += " " + field->second;
  }
  return outcome;
}

struct Client::Wire {
  std::optional<std::string> authorization;
  std::unique_ptr<grpc::GenericStub> stub;
};

Client::Client(int port, std::optional<std::string> authorization)
    : wire_(std::make_shared<Wire>()) {
  grpc::ChannelArguments arguments;
  // A connection of its own; otherwise one that failed before would hold up the next test.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectMs);
  const auto channel = grpc::CreateCustomChannel(Text("127.0.0.1:", port),
                                                 grpc::InsecureChannelCredentials(), arguments);
  // gRPC reads errno late, so that on a busy machine a connection that is on its way may be called
  // failed; it is tried again before the first call, which would take that for the server's answer.
  (void)channel->WaitForConnected(std::chrono::system_clock::now() + kConnectMax);
  wire_->authorization = std::move(authorization);
  wire_->stub = std::make_unique<grpc::GenericStub>(channel);
}

Outcome Client::Call(const google::protobuf::Message& request, google::protobuf::Message* response,
                     std::chrono::milliseconds deadline) const {
  const auto& method = MethodOf(*request.GetDescriptor());
  MB_CHECK(!method.client_streaming());
  MB_CHECK(!method.server_streaming());
  std::string bytes;
  const Outcome outcome = CallPath(PathOf(method), request.SerializeAsString(), &bytes, deadline);
  if (response != nullptr) {
    MB_CHECK(response->GetDescriptor() == method.output_type());
    MB_CHECK(response->ParseFromString(bytes));
  }
  return outcome;
}

Outcome Client::CallPath(const std::string& path, const std::string& request, std::string* response,
                         std::chrono::milliseconds deadline) const {
  grpc::ClientContext context;
  Prepare(context, wire_->authorization);
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  grpc::CompletionQueue queue;
  grpc::ByteBuffer answer;
  grpc::Status status;
  const auto call = wire_->stub->PrepareUnaryCall(&context, path, ToBuffer(request), &queue);
  call->StartCall();
  call->Finish(&answer, &status, nullptr);
  void* tag;
  bool ok;
  MB_CHECK(queue.Next(&tag, &ok));
  *response = status.ok() ? ToBytes(answer) : "";
  return OutcomeOf(status);
}

std::unique_ptr<CallStream> Client::Open(const google::protobuf::MethodDescriptor& method) const {
  return std::make_unique<GenericStream>(*wire_->stub, wire_->authorization, PathOf(method));
}

const google::protobuf::MethodDescriptor& MethodOf(const google::protobuf::Descriptor& request) {
  const google::protobuf::FileDescriptor* file = request.file();
  for (int s = 0; s < file->service_count(); ++s) {
    for (int m = 0; m < file->service(s)->method_count(); ++m) {
      const auto* method = file->service(s)->method(m);
      if (method->input_type() == &request) return *method;
    }
  }
  MB_CHECK(false);
}

}  // namespace meritbook::e2e
