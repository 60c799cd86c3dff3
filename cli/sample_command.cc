#include "cli/sample_command.h"

#include "cli/problem.h"
#include "cli/sample/showcase.h"
#include "cli/session.h"
#include "cli/text.h"

namespace meritbook::cli {

absl::StatusOr<int> SampleCounty(Session& session, const SampleCountyFlags& flags) {
  CountyOptions options;
  options.seed = flags.seed;
  options.scale = flags.scale;
  const absl::Status written = WriteCounty(flags.folder, options);
  if (!written.ok()) return written;
  session.Note(Text(
      session.Say("the county's records are in ", "县域样本数据已写入 "), flags.folder,
      session.Say("; merit sample play its budgets before the import, and its settlement after",
                  "；导入前请用 merit sample play 回放 budgets，导入后回放 settlement")));
  return kExitOk;
}

absl::StatusOr<int> SampleShowcase(Session& session, const std::string& folder) {
  const absl::Status written = sample::WriteShowcase(folder);
  if (!written.ok()) return written;
  session.Note(Text(
      session.Say("the showcase is in ", "示例账本已写入 "), folder,
      session.Say("; play it with merit sample play ", "；用 merit sample play 回放："), folder));
  return kExitOk;
}

}  // namespace meritbook::cli
