#include "cli/client.h"

#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <chrono>

#include "cli/problem.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr int kMessageBytesMax = 16 << 20;  // the server's limit
constexpr int kReconnectMs = 100;
// A clerk who presses Enter again waits for the server, not for a timer that has grown to minutes.
constexpr int kReconnectMsMax = 1'000;
constexpr std::chrono::seconds kConnectMax{1};

}  // namespace

bool IsThisMachine(std::string_view server) {
  if (server.starts_with("unix:")) return true;
  const std::string_view host = server.substr(0, server.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  // 127.0.0.0/8 as numbers only: 127.example.org is somebody else's.
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

absl::StatusOr<std::unique_ptr<Client>> Client::New(const std::string& server,
                                                    const std::string& key,
                                                    double timeout_seconds) {
  if (!IsThisMachine(server)) {
    return absl::InvalidArgumentError(
        Text("--server ", server, " is not this machine (127.0.0.1:PORT, [::1]:PORT, unix:PATH): ",
             "there is no TLS yet, and the API key must not travel in the clear; tunnel the port, ",
             "for instance with ssh -L 7117:127.0.0.1:7117"));
  }
  std::unique_ptr<Client> client(new Client);
  client->server_ = server;
  client->key_ = key;
  client->timeout_seconds_ = timeout_seconds;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  // A proxy of the environment's would see the key.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMsMax);
  client->channel_ =
      grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
  // gRPC reads errno late, so that on a busy machine a connection that is on its way may be called
  // failed; and a server just started may not listen yet. Both deserve a second try.
  (void)client->channel_->WaitForConnected(std::chrono::system_clock::now() + kConnectMax);
  return client;
}

absl::Status Client::CallNamed(const std::string& method,
                               const google::protobuf::MessageLite& request) const {
  grpc::ClientContext context;
  Authorise(context);
  SetDeadline(context);
  const grpc::Slice slice(request.SerializeAsString());
  const grpc::ByteBuffer sent(&slice, 1);
  grpc::ByteBuffer received;
  grpc::Status status;
  grpc::CompletionQueue done;
  grpc::GenericStub stub(channel_);
  const auto call = stub.PrepareUnaryCall(&context, method, sent, &done);
  call->StartCall();
  call->Finish(&received, &status, &status);
  void* tag = nullptr;
  bool ok = false;
  (void)done.Next(&tag, &ok);
  return StatusOf(status);
}

void Client::Authorise(grpc::ClientContext& context) const {
  if (!key_.empty()) context.AddMetadata("authorization", Text("Bearer ", key_));
}

void Client::SetDeadline(grpc::ClientContext& context) const {
  const auto timeout = std::chrono::duration_cast<std::chrono::system_clock::duration>(
      std::chrono::duration<double>(timeout_seconds_));
  context.set_deadline(std::chrono::system_clock::now() + timeout);
}

absl::Status Client::StatusOf(const grpc::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) {
    return RefusedBy(details);
  }
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return absl::Status(code, Text("can't reach ", server_, " (", status.error_message(),
                                   "); if this was a change, repeat it: nothing doubles"));
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::Status(code, Text("no answer from ", server_,
                                   " in time; if this was a change, repeat it: nothing doubles"));
  }
  return absl::Status(code, status.error_message());
}

}  // namespace meritbook::cli
