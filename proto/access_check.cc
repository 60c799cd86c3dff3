// Run by the build: every RPC says who may call it, or the build stops here.
#include <iostream>
#include <string>

#include "meritbook/v1/access.pb.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/audit.pb.h"
#include "meritbook/v1/hours.pb.h"
#include "meritbook/v1/mall.pb.h"
#include "meritbook/v1/report.pb.h"

int main() {
  namespace v1 = meritbook::v1;
  const google::protobuf::FileDescriptor* const files[] = {
      v1::GetBalanceRequest::descriptor()->file(),   v1::CreateLedgerRequest::descriptor()->file(),
      v1::StreamEventsRequest::descriptor()->file(), v1::CreditHoursRequest::descriptor()->file(),
      v1::RedeemNowRequest::descriptor()->file(),    v1::GetSummaryRequest::descriptor()->file()};
  int open = 0;
  for (const auto* file : files) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto* method = file->service(s)->method(m);
        if (method->options().GetExtension(v1::access).roles_size() > 0) continue;
        std::cerr << file->name() << ": rpc " << method->full_name()
                  << " has no (access) option; name the roles that may call it\n";
        ++open;
      }
    }
  }
  return open == 0 ? 0 : 1;
}
