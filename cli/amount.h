// Owns: amounts and records as people write them on a command line or into a file.
// Promises: takes what can be meant exactly one way; says what is wrong with anything else.
// Thread: any.
#ifndef MERITBOOK_CLI_AMOUNT_H_
#define MERITBOOK_CLI_AMOUNT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

// Units of 1/6000 point from decimal points: "12.5" is 75,000, "-0.01" is -60. InvalidArgument for
// what would have to be rounded, such as "0.0001", and for more than a billion points.
absl::StatusOr<int64_t> ParsePoints(std::string_view text);

// Fen, 1/100 yuan, from decimal yuan: "12.5" is 1,250. InvalidArgument for more than two decimals
// and for more than ten billion yuan.
absl::StatusOr<int64_t> ParseYuan(std::string_view text);

// Digits only.
absl::StatusOr<int64_t> ParseWhole(std::string_view text, int64_t max);

// "platform/record".
absl::StatusOr<v1::RecordRef> ParseRecordRef(std::string_view text);

// A service record as flags say it: with clock times, or with a day and minutes.
struct ServiceFlags {
  std::string record_id;
  std::string volunteer_id;
  std::string activity_id;
  std::string session_id;
  std::string from;  // RFC 3339, with `to`
  std::string to;
  std::string day;  // YYYY-MM-DD, with `minutes`
  uint32_t minutes = 0;
};

absl::StatusOr<v1::ServiceRecord> ParseService(const ServiceFlags& flags);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_AMOUNT_H_
