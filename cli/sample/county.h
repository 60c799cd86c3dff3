// Owns the sample county: a full set of platform exports that adds up to the published figures.
// Promises the same bytes for the same seed, and whole files only: never half a file under its
// name. Any thread may call it; two calls must not share a directory.
#ifndef MERITBOOK_CLI_SAMPLE_COUNTY_H_
#define MERITBOOK_CLI_SAMPLE_COUNTY_H_

#include <cstdint>
#include <filesystem>

#include "absl/status/status.h"

namespace meritbook {

inline constexpr uint64_t kCountySeed = 20210305;  // the Lei Feng day of the first year
inline constexpr int kCountyScaleMax = 1000;

struct CountyOptions {
  uint64_t seed = kCountySeed;
  int scale = 1;  // how many counties, 1 … kCountyScaleMax
};

// Writes thirteen CSV files, rule.textproto and expected.json, and two folders that `merit sample
// play` takes, for what an import can't do: budgets, which two people allocate before anything is
// sold, and settlement, which pays the merchants of both years. With a scale of 1 they go straight
// into `dir`; with N > 1 into dir/county-1 … dir/county-N, each another draw (county-1 is the
// draw of scale 1). Creates `dir`. expected.json is removed first and written last, so that its
// presence says that the set is complete.
//
// InvalidArgument: a bad scale, or `dir` is not a folder. PermissionDenied: `dir` can't be written.
// Unavailable: the disk refused a write. Internal: the draw could not meet a figure, which is
// named.
absl::Status WriteCounty(const std::filesystem::path& dir, const CountyOptions& options);

}  // namespace meritbook

#endif  // MERITBOOK_CLI_SAMPLE_COUNTY_H_
