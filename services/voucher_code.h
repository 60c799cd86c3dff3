// Owns: the form of a voucher's code, 20 digits on a slip.
// Promises: a slip of the finger is told from a voucher that nobody issued: the last digit checks
//           the other 19, which are random (Luhn, ISO/IEC 7812-1 Annex B).
// Thread: any.
#ifndef MERITBOOK_SERVICES_VOUCHER_CODE_H_
#define MERITBOOK_SERVICES_VOUCHER_CODE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "ledger/refusal.h"

namespace meritbook {

inline constexpr size_t kVoucherCodeDigits = 20;

bool IsVoucherCode(std::string_view text);

// What the ledger knows the voucher by: 32 bytes.
std::string VoucherSha256(std::string_view code);

// For a client that states the hash itself: the digits alone redeem a voucher.
Refused HashShown(std::string_view field);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_VOUCHER_CODE_H_
