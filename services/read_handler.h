// Owns: the one handler of every RPC that reads a ledger's core state.
// Promises: authenticate, authorise, read in the order of the commands, answer when what was seen
//           is durable.
// Thread: gRPC's.
#ifndef MERITBOOK_SERVICES_READ_HANDLER_H_
#define MERITBOOK_SERVICES_READ_HANDLER_H_

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "services/rpc_error.h"
#include "services/server.h"

namespace meritbook {

// Reads on the sequencer's thread, so it only copies; a refusal ends the call.
using ReadState = std::function<std::optional<Refused>(const Ledger&, const Identity&)>;
// Completes the answer on the worker's thread, where it may read the log.
using ReadLog = std::function<std::optional<Refused>(const EventLog&)>;

grpc::ServerUnaryReactor* HandleRead(const Server& server, grpc::CallbackServerContext* context,
                                     const google::protobuf::MethodDescriptor& method,
                                     const std::string& ledger_id, ReadState read,
                                     ReadLog then = {});

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_READ_HANDLER_H_
