// Owns: one platform's stream of mixed commands.
// Promises: requests are decided in the order in which they came and answered in that order; only a
//           few are under way at once, so that a fast client is slowed down and nothing piles up.
// Thread: gRPC's, the sequencer's and the worker's.
#ifndef MERITBOOK_SERVICES_IMPORT_STREAM_H_
#define MERITBOOK_SERVICES_IMPORT_STREAM_H_

#include <grpcpp/grpcpp.h>

#include "meritbook/v1/admin.pb.h"
#include "services/server.h"

namespace meritbook {

grpc::ServerBidiReactor<v1::ImportRequest, v1::ImportResponse>* ImportFrom(
    const Server& server, grpc::CallbackServerContext* context,
    const google::protobuf::MethodDescriptor& method);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_IMPORT_STREAM_H_
