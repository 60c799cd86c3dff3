// Owns: merit merchant: who sells, whether it does, what it is owed.
// Promises: each returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_MERCHANT_COMMANDS_H_
#define MERITBOOK_CLI_MERCHANT_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "meritbook/v1/mall.pb.h"

namespace meritbook::cli {

class Session;

struct AddMerchantFlags {
  std::string merchant_id;
  std::string kind;
  WriteFlags write;
};

absl::StatusOr<int> AddMerchant(Session& session, const AddMerchantFlags& flags);

struct MerchantReasonFlags {
  std::string merchant_id;
  std::string reason_code;
  std::string last_day;  // of who leaves
  WriteFlags write;      // a random request id when none is given: it may happen twice
};

absl::StatusOr<int> SuspendMerchant(Session& session, const MerchantReasonFlags& flags);
absl::StatusOr<int> ResumeMerchant(Session& session, const MerchantReasonFlags& flags);
absl::StatusOr<int> OffboardMerchant(Session& session, const MerchantReasonFlags& flags);

absl::StatusOr<int> ShowMerchant(Session& session, const std::string& merchant_id);
absl::StatusOr<int> ListMerchants(Session& session);

// Every merchant of the ledger, by id. The ids come from the trial balance, the one list that has
// also those who never sold.
absl::StatusOr<std::vector<v1::GetMerchantResponse>> AllMerchants(Session& session);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_MERCHANT_COMMANDS_H_
