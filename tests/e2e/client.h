// Owns: one caller's way to a server under test: a channel and an API key.
// Promises: real gRPC, any method of the proto by its request's type; refusals decoded from the
//           grpc-status-details-bin trailer. The tests themselves needn't compile gRPC.
// Thread: any; a CallStream one at a time, but for Cancel.
//
//   const Client platform(server.port(), server.DevKey("platform"));
//   v1::GetBalanceResponse balance;
//   EXPECT_EQ(platform.Call(request, &balance), "OK");
#ifndef MERITBOOK_TESTS_E2E_CLIENT_H_
#define MERITBOOK_TESTS_E2E_CLIENT_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"

namespace meritbook::e2e {

// How a call ended, or one item of a batch.
struct Outcome {
  // "OK", else code, reason and field, as far as there are any, such as
  // "NOT_FOUND VOLUNTEER_UNKNOWN command.volunteer_id".
  std::string text;
  std::string code;    // of gRPC, such as NOT_FOUND
  std::string reason;  // of the ErrorInfo, such as VOLUNTEER_UNKNOWN
  std::string message;
  std::map<std::string, std::string> metadata;  // of the ErrorInfo
  bool retry_can_help = false;                  // a RetryInfo came along

  bool ok() const { return code == "OK"; }
  friend bool operator==(const Outcome& outcome, const std::string& text) {
    return outcome.text == text;
  }
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

Outcome OutcomeOf(const google::rpc::Status& status);

// A call with more than one message either way.
class CallStream {
 public:
  virtual ~CallStream() = default;
  // False when the call has ended.
  virtual bool Write(const google::protobuf::Message& message) = 0;
  virtual void WritesDone() = 0;
  virtual bool Read(google::protobuf::Message* message) = 0;
  // As Read, but gives up after a while: nothing. Then only Cancel and Finish may follow.
  virtual std::optional<bool> ReadWithin(google::protobuf::Message* message,
                                         std::chrono::milliseconds wait) = 0;
  // From any thread.
  virtual void Cancel() = 0;
  virtual Outcome Finish() = 0;
};

class Client {
 public:
  // `authorization` is the whole value of that metadata; none is sent if it is absent.
  Client(int port, std::optional<std::string> authorization);

  // The method is the one that takes this type of request. `response` may be null.
  Outcome Call(const google::protobuf::Message& request,
               google::protobuf::Message* response = nullptr,
               std::chrono::milliseconds deadline = std::chrono::seconds(60)) const;
  std::unique_ptr<CallStream> Open(const google::protobuf::MethodDescriptor& method) const;

  // Path such as "/grpc.health.v1.Health/Check", message bytes either way.
  Outcome CallPath(const std::string& path, const std::string& request, std::string* response,
                   std::chrono::milliseconds deadline = std::chrono::seconds(60)) const;

 private:
  struct Wire;
  std::shared_ptr<Wire> wire_;
};

// The method that takes this type of request.
const google::protobuf::MethodDescriptor& MethodOf(const google::protobuf::Descriptor& request);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_CLIENT_H_
