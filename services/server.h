// Owns: what every RPC handler shares, and who may call what.
// Promises: an RPC is carried out only for a principal with one of the roles that its (access)
//           option in the proto names; there is no way around Authorise.
// Thread: any.
#ifndef MERITBOOK_SERVICES_SERVER_H_
#define MERITBOOK_SERVICES_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "google/protobuf/descriptor.h"
#include "ledger/refusal.h"
#include "meritbook/v1/admin.pb.h"
#include "services/follower.h"
#include "services/growth.h"
#include "services/pay_codes.h"
#include "services/principals.h"
#include "services/sequencer_thread.h"
#include "services/worker.h"

namespace meritbook {

class Backups;

struct Server {
  SequencerThread* sequencer = nullptr;
  Principals* principals = nullptr;
  Follower* follower = nullptr;
  Growth* growth = nullptr;
  Worker* worker = nullptr;
  PayCodes* pay_codes = nullptr;
  Worker* trials = nullptr;  // apart, since a trial takes its time and answers wait for `worker`
  std::function<v1::GetServerStatusResponse()> status = {};  // waits for nothing
  Backups* backups = nullptr;
};

// A method's description in the proto; CHECKs that it exists. `full_name` such as
// "meritbook.v1.HoursService.CreditHours".
const google::protobuf::MethodDescriptor& MethodNamed(const std::string& full_name);

// Authenticates by the call's metadata and checks the method's roles, then the ledger id's form
// where there is one.
std::variant<std::shared_ptr<const Identity>, Refused> Authorise(
    const Server& server, const grpc::CallbackServerContext& context,
    const google::protobuf::MethodDescriptor& method, const std::string& ledger_id);

// The call's deadline on the monotonic clock.
int64_t DeadlineUs(const Server& server, const grpc::CallbackServerContext& context);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SERVER_H_
