// Owns: where an auditor gets the files of a log from: checkpoint, tiles, entry bundles.
// Promises: bytes as they are stored; nothing is taken for granted about them but their number.
// Thread: one source is used by one thread at a time.
#ifndef MERITBOOK_CLI_AUDIT_TILE_SOURCE_H_
#define MERITBOOK_CLI_AUDIT_TILE_SOURCE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace meritbook::audit {

class TileSource {
 public:
  virtual ~TileSource() = default;

  // `path` as tile_path.h gives it. kNotFound if there is no such file, kDataLoss if it is larger
  // than `bytes_max`; any other code says that it could not be read.
  virtual absl::StatusOr<std::string> Read(const std::string& path, size_t bytes_max) = 0;
};

// A folder that has the tree as files, as an export does.
class FolderSource : public TileSource {
 public:
  explicit FolderSource(std::string folder) : folder_(std::move(folder)) {}

  absl::StatusOr<std::string> Read(const std::string& path, size_t bytes_max) override;

 private:
  std::string folder_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_TILE_SOURCE_H_
