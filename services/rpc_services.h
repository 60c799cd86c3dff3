// Owns: the gRPC services.
// Promises: each method is one of the shared handlers (command_handler.h, read_handler.h, bulk.h)
//           with the method's own few lines.
// Thread: gRPC's. `server` outlives them.
#ifndef MERITBOOK_SERVICES_RPC_SERVICES_H_
#define MERITBOOK_SERVICES_RPC_SERVICES_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "services/server.h"

namespace meritbook {

std::unique_ptr<grpc::Service> NewHoursService(const Server& server);
std::unique_ptr<grpc::Service> NewMallService(const Server& server);
std::unique_ptr<grpc::Service> NewSettlementService(const Server& server);
std::unique_ptr<grpc::Service> NewAccountService(const Server& server);
std::unique_ptr<grpc::Service> NewAuditService(const Server& server);
std::unique_ptr<grpc::Service> NewReportService(const Server& server);
std::unique_ptr<grpc::Service> NewAdminService(const Server& server);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_RPC_SERVICES_H_
