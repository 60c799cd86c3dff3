// Owns the writing of a file in one step.
// Promises that the name holds the old bytes or all of the new ones, never a part.
// Any thread; not two for one path.
#ifndef MERITBOOK_CLI_SAMPLE_WHOLE_FILE_H_
#define MERITBOOK_CLI_SAMPLE_WHOLE_FILE_H_

#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace meritbook::sample {

// Makes `dir` with its parents. InvalidArgument if something else has the name, PermissionDenied
// if nothing can be written there, Unavailable for the rest.
absl::Status MakeFolder(const std::filesystem::path& dir);

// Writes ".<name>.partial" beside `path` and renames it. Unavailable with the system's words.
absl::Status WriteWholeFile(const std::filesystem::path& path, absl::string_view text);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_WHOLE_FILE_H_
