// Owns: refusals as gRPC sees them.
// Promises: one status code, one google.rpc.ErrorInfo with reason, field and limits; RetryInfo
//           where the same request may succeed later.
// Thread: any.
#ifndef MERITBOOK_SERVICES_RPC_ERROR_H_
#define MERITBOOK_SERVICES_RPC_ERROR_H_

#include <grpcpp/support/status.h>

#include "google/rpc/status.pb.h"
#include "ledger/refusal.h"

namespace meritbook {

// For one item of a batch.
void FillStatus(const Refused& refused, google::rpc::Status* status);

// For a whole call.
grpc::Status RpcError(const Refused& refused);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_RPC_ERROR_H_
