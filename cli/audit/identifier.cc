#include "cli/audit/identifier.h"

#include <cstddef>
#include <cstdint>

namespace meritbook::audit {
namespace {

// One bit for each of the 128 ASCII characters.
struct CharacterSet {
  uint64_t bits[2] = {0, 0};
  constexpr explicit CharacterSet(std::string_view characters) {
    for (char c : characters) {
      const auto code = static_cast<unsigned char>(c);
      bits[code >> 6] |= uint64_t{1} << (code & 63);
    }
  }
  constexpr bool Has(char c) const {
    const auto code = static_cast<unsigned char>(c);
    return code < 128 && ((bits[code >> 6] >> (code & 63)) & 1) != 0;
  }
};

constexpr CharacterSet kIdCharacters(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

// The digits as a number, or -1 where a character isn't one.
int64_t DigitsToNumber(std::string_view digits) {
  int64_t number = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

// GB/T 2260, by region: north, north-east, east, centre and south, south-west, north-west, then
// Taiwan, Hong Kong, Macao and their residents' permits (83).
bool IsProvince(int64_t code) {
  return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
         (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) ||
         code == 71 || (code >= 81 && code <= 83);
}

bool IsBirthDate(int64_t yyyymmdd) {
  const int64_t year = yyyymmdd / 10'000;
  const int64_t month = yyyymmdd / 100 % 100;
  const int64_t day = yyyymmdd % 100;
  if (year < 1900 || year > 2100 || month < 1 || month > 12) return false;
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day >= 1 && day <= kLengths[month - 1] + (leap && month == 2 ? 1 : 0);
}

// ISO 7064 MOD 11-2: doubling the running remainder from the left weighs each digit by a power of
// two; with the check character (X is ten) the whole leaves 1.
bool HasRightChecksum(std::string_view id) {
  int remainder = 0;
  for (size_t i = 0; i < 17; ++i) remainder = (remainder + (id[i] - '0')) * 2 % 11;
  const char last = id[17];
  const int check = last == 'X' || last == 'x' ? 10 : last - '0';
  return check >= 0 && check <= 10 && (remainder + check) % 11 == 1;
}

}  // namespace

bool IsWellFormedId(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (char c : id) {
    if (!kIdCharacters.Has(c)) return false;
  }
  return true;
}

bool IsPersonalNumber(std::string_view id) {
  if (id.size() == 11) {
    const int64_t number = DigitsToNumber(id);
    return number >= 13'000'000'000 && number <= 19'999'999'999;
  }
  return id.size() == 18 && DigitsToNumber(id.substr(0, 17)) >= 0 &&
         IsProvince(DigitsToNumber(id.substr(0, 2))) &&
         IsBirthDate(DigitsToNumber(id.substr(6, 8))) && HasRightChecksum(id);
}

}  // namespace meritbook::audit
