#include <gtest/gtest.h>

#include <string>

#include "cli/audit/identifier.h"

namespace meritbook::audit {
namespace {

TEST(AuditIdentifier, KnowsTheFormOfIds) {
  const struct {
    std::string id;
    bool want;
  } rows[] = {
      {"a", true},
      {"AZaz09._:-", true},
      {std::string(64, 'x'), true},
      {std::string(65, 'x'), false},
      {"", false},
      {"a b", false},
      {"a/b", false},
      {"\xe5\x8e\xbf", false},

      {std::string("a\0", 2), false},
  };
  for (const auto& row : rows) EXPECT_EQ(IsWellFormedId(row.id), row.want) << row.id;
}

TEST(AuditIdentifier, KnowsPersonalNumbers) {
  const struct {
    const char* id;
    bool want;
  } rows[] = {
      {"13000000000", true},
      {"19999999999", true},
      {"12999999999", false},  // no mobile prefix
      {"20000000000", false},
      {"1380000000", false},  // ten digits
      {"138000000000", false},
      {"v13800000000", false},  // not as a whole
      {"1380000000x", false},
      // The examples of GB 11643-1999.
      {"11010519491231002X", true},
      {"11010519491231002x", true},
      {"440524188001010014", false},  // born in 1880: nobody now
      {"110105194912310021", false},  // checksum
      {"11010519491331002X", false},  // month 13
      {"10010519491231002X", false},  // no such province
      {"1101051949123100AX", false},
      {"830000199001010018", false},
  };
  for (const auto& row : rows) EXPECT_EQ(IsPersonalNumber(row.id), row.want) << row.id;
}

}  // namespace
}  // namespace meritbook::audit
