#include "cli/sample/showcase.h"

#include <array>
#include <utility>

#include "cli/sample/whole_file.h"

namespace meritbook::sample {

absl::Status WriteShowcase(const std::filesystem::path& dir) {
  if (absl::Status status = MakeFolder(dir); !status.ok()) return status;
  const std::array<std::pair<const char*, std::string_view>, 3> texts = {{
      {"script.jsonl", ShowcaseScript()},
      {"opening.csv", ShowcaseOpening()},
      {"expected.json", ShowcaseExpected()},
  }};
  for (const auto& [name, text] : texts) {
    if (absl::Status status = WriteWholeFile(dir / name, {text.data(), text.size()}); !status.ok())
      return status;
  }
  return absl::OkStatus();
}

}  // namespace meritbook::sample
