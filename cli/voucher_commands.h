// Owns: merit voucher: slips for people without a phone.
// Promises: the digits leave on standard output and on the page asked for, nowhere else; a code
// whose fate is unknown is never given out. Thread: one.
#ifndef MERITBOOK_CLI_VOUCHER_COMMANDS_H_
#define MERITBOOK_CLI_VOUCHER_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "cli/order_line.h"

namespace meritbook::cli {

class Session;

struct IssueVoucherFlags {
  std::string order_id;  // one that follows from the code when empty
  std::string volunteer_id;
  std::string merchant_id;
  LineFlags lines;
  std::optional<uint32_t> valid_days;
  std::string page_file;
  WriteFlags write;
};

absl::StatusOr<int> IssueVoucher(Session& session, const IssueVoucherFlags& flags);

// By the digits on the slip, or by its order's id.
absl::StatusOr<int> ShowVoucher(Session& session, const std::string& code_or_order);

struct ConfirmVoucherFlags {
  std::string code;  // read from standard input when empty, which no list of processes shows
  LineFlags lines;
  std::string happened_at;
  WriteFlags write;
};

absl::StatusOr<int> ConfirmVoucher(Session& session, const ConfirmVoucherFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_VOUCHER_COMMANDS_H_
