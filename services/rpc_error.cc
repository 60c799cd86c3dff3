#include "services/rpc_error.h"

#include <string>

#include "google/rpc/error_details.pb.h"

namespace meritbook {

void FillStatus(const Refused& refused, google::rpc::Status* status) {
  status->set_code(static_cast<int>(CodeOf(refused.reason)));
  status->set_message(refused.message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(RefusalName(refused.reason)));
  info.set_domain("meritbook");
  if (!refused.field.empty()) (*info.mutable_metadata())["field"] = refused.field;
  for (const auto& [key, value] : refused.metadata) (*info.mutable_metadata())[key] = value;
  status->add_details()->PackFrom(info);
  if (RetryCanHelp(refused.reason)) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(1);
    status->add_details()->PackFrom(retry);
  }
}

grpc::Status RpcError(const Refused& refused) {
  google::rpc::Status status;
  FillStatus(refused, &status);
  return {static_cast<grpc::StatusCode>(status.code()), status.message(),
          status.SerializeAsString()};
}

}  // namespace meritbook
