#include "services/server.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string_view>

#include "absl/strings/match.h"
#include "ledger/check.h"
#include "ledger/id.h"
#include "ledger/text.h"
#include "meritbook/v1/access.pb.h"

namespace meritbook {
namespace {

constexpr std::string_view kBearer = "Bearer ";

std::string_view ApiKey(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end()) return {};
  const std::string_view value(found->second.data(), found->second.size());
  if (value.substr(0, kBearer.size()) != kBearer) return {};
  return value.substr(kBearer.size());
}

}  // namespace

const google::protobuf::MethodDescriptor& MethodNamed(const std::string& full_name) {
  const auto* method =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(full_name);
  MB_CHECK(method != nullptr);
  return *method;
}

std::variant<std::shared_ptr<const Identity>, Refused> Authorise(
    const Server& server, const grpc::CallbackServerContext& context,
    const google::protobuf::MethodDescriptor& method, const std::string& ledger_id) {
  auto authenticated = server.principals->Authenticate(ledger_id, ApiKey(context));
  const auto* identity = std::get_if<std::shared_ptr<const Identity>>(&authenticated);
  if (identity == nullptr) return authenticated;
  std::string names;
  for (int role : method.options().GetExtension(v1::access).roles()) {
    const auto& roles = (*identity)->roles;
    if (std::find(roles.begin(), roles.end(), role) != roles.end()) {
      // Checked for every RPC here, since refusals name it, and a trailer holds 8 kB.
      if (ledger_id.empty() || IsId(ledger_id)) return *identity;
      return Refused{v1::REFUSAL_ID_MALFORMED,
                     "ledger_id",
                     "a ledger id is 1 to 64 of A-Z a-z 0-9 . _ : -",
                     {}};
    }
    if (!names.empty()) names += ",";
    names += std::string_view(v1::Role_Name(static_cast<v1::Role>(role))).substr(5);
  }
  return Refused{v1::REFUSAL_ROLE_MISSING,
                 "authorization",
                 Text("principal ", (*identity)->caller.principal_id, " may not call ",
                      method.name(), "; it takes one of ", names),
                 {{"roles", names}}};
}

int64_t DeadlineUs(const Server& server, const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) {
    return std::numeric_limits<int64_t>::max();
  }
  const auto left = deadline - std::chrono::system_clock::now();
  return server.sequencer->MonotonicUs() +
         std::chrono::duration_cast<std::chrono::microseconds>(left).count();
}

}  // namespace meritbook
