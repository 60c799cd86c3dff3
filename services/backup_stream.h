// Owns: the way of one CreateBackup call: progress to its caller, then the backup or a refusal.
// Promises: a slow caller holds up nothing; one who goes away gives the backup up.
// Thread: gRPC's and the backup's.
#ifndef MERITBOOK_SERVICES_BACKUP_STREAM_H_
#define MERITBOOK_SERVICES_BACKUP_STREAM_H_

#include <grpcpp/grpcpp.h>

#include "google/protobuf/descriptor.h"
#include "meritbook/v1/admin.pb.h"
#include "services/server.h"

namespace meritbook {

grpc::ServerWriteReactor<v1::CreateBackupResponse>* CreateBackupFor(
    const Server& server, grpc::CallbackServerContext* context,
    const google::protobuf::MethodDescriptor& method, const v1::CreateBackupRequest& request);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_BACKUP_STREAM_H_
