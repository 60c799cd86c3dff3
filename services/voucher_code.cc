#include "services/voucher_code.h"

#include "ledger/sha256.h"

namespace meritbook {

bool IsVoucherCode(std::string_view text) {
  if (text.size() != kVoucherCodeDigits) return false;
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    const int digit = text[i] - '0';
    // Every second digit counts twice, the one before the check digit first.
    const bool doubled = (text.size() - i) % 2 == 0;
    const int weighted = doubled ? 2 * digit : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 == 0;
}

std::string VoucherSha256(std::string_view code) { return std::string(AsBytes(Sha256(code))); }

Refused HashShown(std::string_view field) {
  return {v1::REFUSAL_FIELD_INVALID,
          std::string(field),
          "the server fills it in from the voucher's digits; leave it out",
          {}};
}

}  // namespace meritbook
