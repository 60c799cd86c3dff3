#include "cli/sample/county.h"

#include <array>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/sample/draw.h"
#include "cli/sample/files.h"
#include "cli/sample/plan.h"
#include "cli/sample/settlement.h"
#include "cli/sample/tally.h"
#include "cli/sample/whole_file.h"

namespace meritbook {
namespace {

using sample::CountyFiles;

// county-1 is the county of the seed itself; the others are drawn from it.
uint64_t SeedOf(uint64_t seed, int county) {
  uint64_t drawn = seed;
  for (int n = 1; n < county; ++n) drawn = sample::SplitMix64(seed);
  return drawn;
}

absl::Status WriteOne(const std::filesystem::path& dir, uint64_t seed) {
  if (absl::Status status = sample::MakeFolder(dir); !status.ok()) return status;
  sample::CountyPlan plan;
  plan.seed = seed;
  if (absl::Status status = sample::PlanCounty(plan); !status.ok()) return status;
  const CountyFiles files = sample::RenderCounty(plan);
  absl::StatusOr<sample::Tally> tally = sample::TallyCounty(files);
  if (!tally.ok()) return tally.status();
  if (absl::Status status = sample::CheckFigures(*tally); !status.ok()) return status;

  const std::filesystem::path expected = dir / "expected.json";
  std::error_code error;
  std::filesystem::remove(expected, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat(expected.string(), " can't be removed: ", error.message()));
  }
  for (const char* folder : {"budgets", "settlement"}) {
    if (absl::Status status = sample::MakeFolder(dir / folder); !status.ok()) return status;
  }
  const std::string settlement = sample::SettlementScript(*tally);
  const std::string settled = sample::SettlementExpected(*tally);
  const std::array<std::pair<const char*, const std::string*>, 17> texts = {{
      {"organisations.csv", &files.organisations},
      {"activities.csv", &files.activities},
      {"sessions.csv", &files.sessions},
      {"merchants.csv", &files.merchants},
      {"items.csv", &files.items},
      {"volunteers.csv", &files.volunteers},
      {"hours.csv", &files.hours},
      {"redemptions.csv", &files.redemptions},
      {"holds.csv", &files.holds},
      {"vouchers.csv", &files.vouchers},
      {"confirmations.csv", &files.confirmations},
      {"cancellations.csv", &files.cancellations},
      {"refunds.csv", &files.refunds},
      {"rule.textproto", &files.rule},
      {"budgets/script.jsonl", &files.budgets},
      {"settlement/script.jsonl", &settlement},
      {"settlement/expected.json", &settled},
  }};
  for (const auto& [name, text] : texts) {
    absl::Status status = sample::WriteWholeFile(dir / name, *text);
    if (!status.ok()) return status;
  }
  return sample::WriteWholeFile(expected, sample::ExpectedJson(*tally));
}

}  // namespace

absl::Status WriteCounty(const std::filesystem::path& dir, const CountyOptions& options) {
  if (options.scale < 1 || options.scale > kCountyScaleMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("scale ", options.scale, " is not within 1 to ", kCountyScaleMax));
  }
  if (options.scale == 1) return WriteOne(dir, options.seed);
  for (int county = 1; county <= options.scale; ++county) {
    const std::filesystem::path folder = dir / absl::StrCat("county-", county);
    absl::Status status = WriteOne(folder, SeedOf(options.seed, county));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace meritbook
