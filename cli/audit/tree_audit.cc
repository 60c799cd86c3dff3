#include "cli/audit/tree_audit.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/audit/text.h"
#include "cli/audit/tile_reading.h"
#include "cli/audit/tree_search.h"

namespace meritbook::audit {
namespace {

// Why a tile is not what the entries make of it; nothing if it is.
struct TileFault {
  TileId tile;
  bool missing = false;
  std::string what;
};

class Audit {
 public:
  Audit(TileSource& source, const TreeHead& signed_tree, const std::optional<TreeHead>& kept,
        EntrySink sink)
      : source_(source), signed_tree_(signed_tree), kept_(kept), sink_(sink) {}

  absl::StatusOr<TreeReport> Run() {
    NoteKeptRoot();
    Bundle bundle;
    while (report_.entries < signed_tree_.size && !report_.finding) {
      if (absl::Status status = TakeBundle(bundle); !status.ok()) return status;
    }
    if (report_.finding) return std::move(report_);
    if (absl::Status status = CompareEdge(); !status.ok()) return status;
    if (absl::Status status = Conclude(); !status.ok()) return status;
    return std::move(report_);
  }

 private:
  absl::Status TakeBundle(Bundle& bundle) {
    const uint64_t index = report_.entries / kTileWidth;
    const uint64_t width = std::min(kTileWidth, signed_tree_.size - report_.entries);
    const absl::Status read = ReadBundle(source_, index, width, bundle);
    if (!read.ok()) return Unusable(BundlePath(index, width), read);
    for (const std::string_view entry : bundle.entries) {
      sink_(report_.entries, entry);
      ++report_.entries;
      if (absl::Status status = Add(HashLeaf(entry)); !status.ok()) return status;
      NoteKeptRoot();
    }
    return absl::OkStatus();
  }

  // Without its entries nothing can be said about the rest of the log.
  absl::Status Unusable(const std::string& path, const absl::Status& status) {
    if (absl::IsNotFound(status)) {
      report_.finding = {TreeProblem::kBundleMissing, path, std::nullopt,
                         Text("the entry bundle ", path, " is missing")};
      return absl::OkStatus();
    }
    if (!absl::IsDataLoss(status)) return status;
    report_.finding = {
        TreeProblem::kEntryDiffers, path, std::nullopt,
        Text("the entry bundle ", path, " can't be the signed one: ", status.message())};
    return absl::OkStatus();
  }

  // A full tile goes up as one hash of the tile above it.
  absl::Status Add(Hash hash) {
    for (size_t level = 0;; ++level) {
      if (level == edge_.size()) edge_.emplace_back();
      edge_[level].push_back(hash);
      if (edge_[level].size() < kTileWidth) return absl::OkStatus();
      const uint64_t index = HashesAt(static_cast<int>(level), report_.entries) / kTileWidth - 1;
      const absl::Status status = Compare({static_cast<int>(level), index, kTileWidth});
      if (!status.ok()) return status;
      hash = FoldTile(edge_[level]);
      edge_[level].clear();
    }
  }

  absl::Status CompareEdge() {
    for (size_t level = 0; level < edge_.size(); ++level) {
      if (edge_[level].empty()) continue;
      const int at = static_cast<int>(level);
      const uint64_t index = HashesAt(at, signed_tree_.size) / kTileWidth;
      const absl::Status status = Compare({at, index, edge_[level].size()});
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // The stored tile with the one in `edge_`.
  absl::Status Compare(const TileId& tile) {
    ++report_.tiles;
    const std::vector<Hash>& made = edge_[static_cast<size_t>(tile.level)];
    const auto stored = ReadTile(source_, tile);
    if (stored.ok()) {
      const auto at = FirstDifference(*stored, made);
      if (at) Blame({tile, false, Text("its hash ", *at, " is another")});
      return absl::OkStatus();
    }
    const bool missing = absl::IsNotFound(stored.status());
    if (!missing && !absl::IsDataLoss(stored.status())) return stored.status();
    Blame({tile, missing, missing ? "it is missing" : std::string(stored.status().message())});
    return absl::OkStatus();
  }

  void Blame(TileFault fault) {
    ++report_.tiles_wrong;
    if (!first_fault_) first_fault_ = std::move(fault);
  }

  void NoteKeptRoot() {
    if (kept_ && kept_->size == report_.entries) root_at_kept_ = RootOfEdge(edge_);
  }

  absl::Status Conclude() {
    if (RootOfEdge(edge_) != signed_tree_.root) {
      auto finding = FindFirstDifference(source_, signed_tree_, edge_);
      if (!finding.ok()) return finding.status();
      report_.finding = *std::move(finding);
    } else if (first_fault_) {
      const std::string path = TilePath(first_fault_->tile);
      report_.finding = {
          first_fault_->missing ? TreeProblem::kTileMissing : TreeProblem::kTileDiffers, path,
          std::nullopt,
          Text("the entries are the signed ones, the tile ", path,
               " is not: ", first_fault_->what)};
    } else if (kept_ && root_at_kept_ != kept_->root) {
      report_.finding = {TreeProblem::kInconsistent, "", std::nullopt,
                         Text("the signed log does not begin with the ", kept_->size,
                              " events of the kept checkpoint")};
    }
    return absl::OkStatus();
  }

  TileSource& source_;
  const TreeHead& signed_tree_;
  const std::optional<TreeHead>& kept_;
  EntrySink sink_;
  TreeReport report_;
  RightEdge edge_;  // of the entries so far
  std::optional<TileFault> first_fault_;
  std::optional<Hash> root_at_kept_;
};

}  // namespace

absl::StatusOr<TreeReport> AuditTree(TileSource& source, const TreeHead& signed_tree,
                                     const std::optional<TreeHead>& kept, EntrySink sink) {
  return Audit(source, signed_tree, kept, sink).Run();
}

}  // namespace meritbook::audit
