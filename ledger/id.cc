#include "ledger/id.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "ledger/limits.h"

namespace meritbook {
namespace {

constexpr std::array<bool, 256> IdAlphabet() {
  std::array<bool, 256> allowed{};
  for (char c = 'a'; c <= 'z'; ++c) allowed[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) allowed[static_cast<unsigned char>(c)] = true;
  for (char c = '0'; c <= '9'; ++c) allowed[static_cast<unsigned char>(c)] = true;
  for (char c : {'.', '_', ':', '-'}) allowed[static_cast<unsigned char>(c)] = true;
  return allowed;
}

constexpr std::array<bool, 256> kIdAlphabet = IdAlphabet();

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

int Number(std::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

// GB/T 2260: the first two digits of every code of a province, municipality or region.
bool IsProvinceCode(int code) {
  constexpr int kCodes[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                            44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
  return std::find(std::begin(kCodes), std::end(kCodes), code) != std::end(kCodes);
}

bool IsResidentNumber(std::string_view id) {
  if (id.size() != 18 || !AllDigits(id.substr(0, 17))) return false;
  if (!IsProvinceCode(Number(id.substr(0, 2)))) return false;
  const int year = Number(id.substr(6, 4));
  const int month = Number(id.substr(10, 2));
  const int day = Number(id.substr(12, 2));
  const absl::CivilDay birth(year, month, day);
  if (birth.year() != year || birth.month() != month || birth.day() != day) return false;
  if (year < 1900 || year > 2100) return false;
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) sum += (id[i] - '0') * kWeights[i];
  return absl::ascii_toupper(id[17]) == "10X98765432"[sum % 11];
}

bool IsMobileNumber(std::string_view id) {
  return id.size() == 11 && AllDigits(id) && id[0] == '1' && id[1] >= '3';
}

}  // namespace

bool IsId(std::string_view text) {
  if (text.empty() || text.size() > kIdBytesMax) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return kIdAlphabet[static_cast<unsigned char>(c)]; });
}

bool IsPersonalIdentifier(std::string_view id) {
  return IsMobileNumber(id) || IsResidentNumber(id);
}

}  // namespace meritbook
