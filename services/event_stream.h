// Owns: one subscriber's stream of the log's exact bytes.
// Promises: durable events only, in order, without a gap; a slow reader holds up nobody else.
// Thread: gRPC's and the worker's, one at a time.
#ifndef MERITBOOK_SERVICES_EVENT_STREAM_H_
#define MERITBOOK_SERVICES_EVENT_STREAM_H_

#include <grpcpp/grpcpp.h>

#include "meritbook/v1/audit.pb.h"
#include "services/server.h"

namespace meritbook {

grpc::ServerWriteReactor<v1::StreamEventsResponse>* StreamEventsTo(
    const Server& server, grpc::CallbackServerContext* context,
    const google::protobuf::MethodDescriptor& method, const v1::StreamEventsRequest& request);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_EVENT_STREAM_H_
