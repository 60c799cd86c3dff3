// Owns: the connection to a server, and one caller's credentials.
// Promises: no key travels in the clear: without TLS only to this machine.
// Thread: any once connected.
#ifndef MERITBOOK_CLI_CLIENT_H_
#define MERITBOOK_CLI_CLIENT_H_

#include <google/protobuf/message_lite.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace meritbook::cli {

class Client {
 public:
  // Connects at the first call. InvalidArgument for an address that is not this machine's.
  static absl::StatusOr<std::unique_ptr<Client>> New(const std::string& server,
                                                     const std::string& key,
                                                     double timeout_seconds);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // The caller's credentials.
  void Authorise(grpc::ClientContext& context) const;
  // With the server's details where it gave some.
  absl::Status StatusOf(const grpc::Status& status) const;

  // One call by the method's path, such as "/meritbook.v1.HoursService/SubmitHours"; its answer is
  // not looked at.
  absl::Status CallNamed(const std::string& method,
                         const google::protobuf::MessageLite& request) const;

  // One call, with credentials and deadline:
  //   client.Call(*stub, &v1::AuditService::StubInterface::GetLedger, request, &response)
  template <typename Stub, typename Request, typename Response>
  absl::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) const {
    grpc::ClientContext context;
    Authorise(context);
    SetDeadline(context);
    return StatusOf((stub.*method)(&context, request, response));
  }

 private:
  Client() = default;
  void SetDeadline(grpc::ClientContext& context) const;

  std::string server_;
  std::string key_;
  double timeout_seconds_ = 0;
  std::shared_ptr<grpc::Channel> channel_;
};

// "127.0.0.1:7117", "localhost:7117", "[::1]:7117", "unix:/run/meritd".
bool IsThisMachine(std::string_view server);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_CLIENT_H_
