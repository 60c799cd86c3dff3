#include "ledger/id.h"

#include <gtest/gtest.h>

#include <string>

namespace meritbook {
namespace {

TEST(Id, Alphabet) {
  for (int c = 0; c < 256; ++c) {
    const std::string id(1, static_cast<char>(c));
    const bool want = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == ':' || c == '-';
    EXPECT_EQ(IsId(id), want) << c;
  }
}

TEST(Id, Length) {
  EXPECT_FALSE(IsId(""));
  EXPECT_TRUE(IsId(std::string(64, 'a')));
  EXPECT_FALSE(IsId(std::string(65, 'a')));
}

struct PersonalRow {
  const char* name;
  const char* id;
  bool personal;
};

// The identity numbers are made up; 11010519491231002X is GB 11643's own example.
constexpr PersonalRow kRows[] = {
    {"a mobile number", "13800138000", true},
    {"the lowest prefix", "13000000000", true},
    {"the highest prefix", "19999999999", true},
    {"12 is no mobile prefix", "12800138000", false},
    {"10 digits", "1380013800", false},
    {"12 digits", "138001380000", false},
    {"a letter in it", "1380013800a", false},
    {"as part of a longer id", "v-13800138000", false},
    {"another first digit", "23800138000", false},

    {"the standard's example", "11010519491231002X", true},
    {"with a small x", "11010519491231002x", true},
    {"with another letter", "11010519491231002Y", false},
    {"the checksum one up", "110105194912310020", false},
    {"born in 1880", "440524188001010014", false},
    {"a leap day", "330102200002290015", true},
    {"no leap day", "330102200102290012", false},
    {"the month 13", "330102200013010015", false},
    {"the month 00", "330102200000010016", false},
    {"the day 00", "330102200001000012", false},
    {"the day 31 of April", "330102200004310016", false},
    {"an unknown province", "990102200002290018", false},
    {"17 characters", "1101051949123100X", false},
    {"19 characters", "11010519491231002XX", false},
    {"as part of a longer id", "v11010519491231002X", false},
    {"a letter within", "1101051949123100aX", false},
    {"random digits", "123456789012345678", false},
    {"nothing", "", false},
};

TEST(Id, PersonalIdentifiers) {
  for (const PersonalRow& row : kRows) {
    EXPECT_EQ(IsPersonalIdentifier(row.id), row.personal) << row.name << ": " << row.id;
  }
}

// The checksum of ISO 7064 MOD 11-2, worked out from the last character to the first.
char Checksum(const std::string& digits) {
  int sum = 0;
  int weight = 2;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    sum += (*digit - '0') * weight;
    weight = weight * 2 % 11;
  }
  const int check = (12 - sum % 11) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

TEST(Id, OfAllLastCharactersOneIsRight) {
  ASSERT_EQ(Checksum("11010519491231002"), 'X');
  for (int serial = 0; serial < 1000; ++serial) {
    std::string digits = std::to_string(serial);
    digits = "33010219991231" + std::string(3 - digits.size(), '0') + digits;
    for (const char last : std::string("0123456789Xx")) {
      const char right = Checksum(digits);
      const bool want = last == right || (last == 'x' && right == 'X');
      EXPECT_EQ(IsPersonalIdentifier(digits + last), want) << digits << last;
    }
  }
}

TEST(Id, ProvincesOfTheStandard) {
  int provinces = 0;
  for (int code = 10; code < 100; ++code) {
    const std::string digits = std::to_string(code) + "010219991231001";
    provinces += IsPersonalIdentifier(digits + Checksum(digits)) ? 1 : 0;
  }
  EXPECT_EQ(provinces, 35);
}

}  // namespace
}  // namespace meritbook
