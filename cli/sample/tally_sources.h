// Owns what the second count reads: the files, their columns, and the order of their rows.
// Promises columns as an importer expects them. Any thread.
#ifndef MERITBOOK_CLI_SAMPLE_TALLY_SOURCES_H_
#define MERITBOOK_CLI_SAMPLE_TALLY_SOURCES_H_

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/sample/files.h"

namespace meritbook::sample {

using Fields = std::vector<absl::string_view>;  // of one row

// The files in the order in which rows of one recorded_at are taken.
enum Kind {
  kOrganisation,
  kActivity,
  kSession,
  kMerchant,
  kItem,
  kVolunteer,
  kFreeze,
  kHour,
  kRedemption,
  kHold,
  kVoucher,
  kConfirmation,
  kCancellation,
  kRefund
};

struct Source {
  Kind kind;
  const std::string* text;
  Fields columns;
};

inline constexpr size_t kSources = 13;
std::array<Source, kSources> Sources(const CountyFiles& files);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_TALLY_SOURCES_H_
