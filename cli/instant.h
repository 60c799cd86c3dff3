// Owns: instants as people write them: RFC 3339 with an offset.
// Promises: takes whole, valid texts only, at about 20 ns each; says what is wrong with others.
// Thread: any.
#ifndef MERITBOOK_CLI_INSTANT_H_
#define MERITBOOK_CLI_INSTANT_H_

#include <cstdint>
#include <string_view>

namespace meritbook::cli {

struct ParsedInstant {
  int64_t us = 0;               // UTC microseconds since 1970-01-01
  const char* fault = nullptr;  // what is wrong; null when nothing is
};

// "2021-03-05T09:00:00+08:00", "…T01:00:00Z", "…T01:00:00.123456Z"; the fraction has 1 to 6 digits.
// RFC 3339 without its leeway: no lower-case t or z, no blank for the T, no leap second, since a
// text that two programs read differently has no place in a ledger.
ParsedInstant ParseInstant(std::string_view text);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_INSTANT_H_
