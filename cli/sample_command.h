// Owns: merit sample: records to try things out with.
// Promises: returns the exit code, or why it could not.
// Thread: one.
#ifndef MERITBOOK_CLI_SAMPLE_COMMAND_H_
#define MERITBOOK_CLI_SAMPLE_COMMAND_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "cli/sample/county.h"

namespace meritbook::cli {

class Session;

struct SampleCountyFlags {
  std::string folder;
  uint64_t seed = kCountySeed;
  int scale = 1;
};

absl::StatusOr<int> SampleCounty(Session& session, const SampleCountyFlags& flags);
absl::StatusOr<int> SampleShowcase(Session& session, const std::string& folder);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SAMPLE_COMMAND_H_
