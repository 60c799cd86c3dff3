// Owns: the slip that a voucher is printed on, as text and as a page.
// Promises: the page needs nothing else: no network, no script, no font.
// Thread: any.
#ifndef MERITBOOK_CLI_VOUCHER_SLIP_H_
#define MERITBOOK_CLI_VOUCHER_SLIP_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/language.h"
#include "meritbook/v1/mall.pb.h"

namespace meritbook::cli {

struct VoucherSlip {
  std::string ledger_id;
  std::string merchant_id;
  std::string order_id;
  std::string last_day;  // YYYY-MM-DD: good until its end
  int64_t units = 0;
  google::protobuf::RepeatedPtrField<v1::PricedLine> lines;
  std::string code;  // the secret: on the slip and nowhere else
};

enum class SlipQr { kNone, kPlain, kColour };

absl::StatusOr<std::string> SlipText(const VoucherSlip& slip, Language language, SlipQr qr);
// An HTML document, made for paper.
absl::StatusOr<std::string> SlipPage(const VoucherSlip& slip, Language language);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_VOUCHER_SLIP_H_
