// Owns: the digits on a voucher's slip and the digits that a volunteer's phone shows: their form.
// Promises: a wrong digit, and nearly every swap of two neighbours, is found before anything is
// sent. Thread: any.
#ifndef MERITBOOK_CLI_VOUCHER_CODE_H_
#define MERITBOOK_CLI_VOUCHER_CODE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace meritbook::cli {

// 19 random digits and their check digit: guessing one of a million open vouchers takes ten million
// million tries.
inline constexpr size_t kVoucherDigits = 20;
inline constexpr size_t kPayCodeDigits = 9;

// Uniform over 10^19, from the system's own randomness.
absl::StatusOr<std::string> MakeVoucherCode();

// The digit that makes `digits` followed by it pass (ISO/IEC 7812-1, annex B).
char LuhnDigit(std::string_view digits);
bool PassesLuhn(std::string_view digits);

// Without the blanks and dashes that people group digits by; empty when anything else is in it.
std::string DigitsOf(std::string_view text);

// A voucher's digits out of what was typed; InvalidArgument says what is wrong with it.
absl::StatusOr<std::string> ParseVoucherCode(std::string_view text);

// "1234 5678 9012 3456 7890".
std::string InFours(std::string_view code);

// The order id that merit gives a voucher, so that whoever holds the slip can find what is on it.
// Slow on purpose (PBKDF2, some 20 ms): open orders are listed to merchants, who must not get the
// code.
std::string VoucherOrderId(const std::string& ledger_id, const std::string& code);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_VOUCHER_CODE_H_
