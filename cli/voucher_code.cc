#include "cli/voucher_code.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

#include "absl/strings/escaping.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr int kRounds = 50'000;
constexpr size_t kIdBytes = 12;

bool AllDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

absl::StatusOr<std::string> MakeVoucherCode() {
  // Bytes from 250 on would make the digits 0 to 5 likelier than the others.
  constexpr unsigned char kFairBelow = 250;
  std::string code;
  while (code.size() + 1 < kVoucherDigits) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) {
      return absl::InternalError("the system gives no random bytes");
    }
    if (byte < kFairBelow) code.push_back(static_cast<char>('0' + byte % 10));
  }
  code.push_back(LuhnDigit(code));
  return code;
}

char LuhnDigit(std::string_view digits) {
  int sum = 0;
  bool doubled = true;
  for (size_t i = digits.size(); i > 0; --i, doubled = !doubled) {
    const int digit = digits[i - 1] - '0';
    const int twice = digit * 2;
    sum += !doubled ? digit : twice > 9 ? twice - 9 : twice;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool PassesLuhn(std::string_view digits) {
  return !digits.empty() && AllDigits(digits) &&
         LuhnDigit(digits.substr(0, digits.size() - 1)) == digits.back();
}

std::string DigitsOf(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ' && c != '-') digits.push_back(c);
  }
  return AllDigits(digits) ? digits : "";
}

absl::StatusOr<std::string> ParseVoucherCode(std::string_view text) {
  const std::string digits = DigitsOf(text);
  if (digits.size() != kVoucherDigits) {
    return absl::InvalidArgumentError(Text("a voucher's code has ", kVoucherDigits, " digits"));
  }
  if (!PassesLuhn(digits)) {
    return absl::InvalidArgumentError(
        "this is no voucher's code: a digit is wrong, or two are swapped");
  }
  return digits;
}

std::string InFours(std::string_view code) {
  std::string text;
  for (size_t i = 0; i < code.size(); ++i) {
    if (i > 0 && i % 4 == 0) text += ' ';
    text += code[i];
  }
  return text;
}

std::string VoucherOrderId(const std::string& ledger_id, const std::string& code) {
  const std::string salt = Text("meritbook voucher order of ", ledger_id);
  std::array<unsigned char, kIdBytes> id{};
  const int done = PKCS5_PBKDF2_HMAC(code.data(), static_cast<int>(code.size()),
                                     reinterpret_cast<const unsigned char*>(salt.data()),
                                     static_cast<int>(salt.size()), kRounds, EVP_sha256(),
                                     static_cast<int>(id.size()), id.data());
  if (done != 1) return "";
  const std::string bytes(reinterpret_cast<const char*>(id.data()), id.size());
  return Text("v-", absl::BytesToHexString(bytes));
}

}  // namespace meritbook::cli
