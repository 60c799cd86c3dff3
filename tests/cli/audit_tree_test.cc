#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "cli/audit/exit_code.h"
#include "cli/audit/tile_path.h"
#include "cli/audit/tree_audit.h"
#include "tests/cli/audit_proof_kit.h"

namespace meritbook::audit {
namespace {

std::string BundleOf(const std::vector<std::string>& entries, uint64_t begin, uint64_t end) {
  std::string bytes;
  for (uint64_t i = begin; i < end; ++i) {
    bytes.push_back(static_cast<char>(entries[i].size() >> 8));
    bytes.push_back(static_cast<char>(entries[i].size()));
    bytes += entries[i];
  }
  return bytes;
}

// Hash i of tile n at level l is MTH(D[(n * 256 + i) * 256^l : (n * 256 + i + 1) * 256^l]).
std::string TileOf(const NaiveTree& tree, int level, uint64_t index, uint64_t width) {
  const uint64_t leaves = uint64_t{1} << (8 * level);
  std::string bytes;
  for (uint64_t i = index * 256; i < index * 256 + width; ++i) {
    bytes += Raw(tree.Mth(i * leaves, (i + 1) * leaves));
  }
  return bytes;
}

void WriteLevel(const ProofFolder& folder, const NaiveTree& tree, int level) {
  const uint64_t hashes = tree.size() >> (8 * level);
  for (uint64_t index = 0; index * 256 < hashes; ++index) {
    const uint64_t width = std::min<uint64_t>(256, hashes - index * 256);
    folder.Write(TilePath({level, index, width}), TileOf(tree, level, index, width));
  }
}

void WriteBundles(const ProofFolder& folder, const std::vector<std::string>& entries) {
  for (uint64_t begin = 0; begin < entries.size(); begin += 256) {
    const uint64_t end = std::min<uint64_t>(begin + 256, entries.size());
    folder.Write(BundlePath(begin / 256, end - begin), BundleOf(entries, begin, end));
  }
}

void WriteLog(const ProofFolder& folder, const std::vector<std::string>& entries) {
  const NaiveTree tree(entries);
  WriteBundles(folder, entries);
  for (int level = 0; level < 8; ++level) WriteLevel(folder, tree, level);
}

TreeHead HeadOf(const std::vector<std::string>& entries) {
  return {entries.size(), NaiveTree(entries).Root()};
}

// Entries of lengths from 0 to a few hundred bytes.
std::vector<std::string> Events(uint64_t count) {
  std::vector<std::string> entries = Numbers(count);
  for (uint64_t i = 0; i < count; ++i) {
    if (i % 7 == 3) entries[i] = "";
    if (i % 50 == 9) entries[i] += std::string(i % 600, 'e');
  }
  return entries;
}

TreeReport AuditOf(const ProofFolder& folder, const TreeHead& head,
                   const std::optional<TreeHead>& kept = std::nullopt) {
  FolderSource source(folder.path());
  const auto report = AuditTree(source, head, kept, [](uint64_t, std::string_view) {});
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *report : TreeReport{};
}

TEST(AuditTilePath, HasOneSpelling) {
  EXPECT_EQ(TilePath({0, 0, 256}), "tile/0/000");
  EXPECT_EQ(TilePath({0, 0, 1}), "tile/0/000.p/1");
  EXPECT_EQ(TilePath({1, 999, 255}), "tile/1/999.p/255");
  EXPECT_EQ(TilePath({7, 1000, 256}), "tile/7/x001/000");
  EXPECT_EQ(TilePath({2, 1234067, 256}), "tile/2/x001/x234/067");
  EXPECT_EQ(BundlePath(1234067, 17), "tile/entries/x001/x234/067.p/17");
}

TEST(AuditTilePath, ABundleIsTakenWholeOrNotAtAll) {
  const std::string bundle = BundleOf({"a", "", std::string(65'535, 'x')}, 0, 3);
  const auto entries = SplitBundle(bundle, 3);
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_EQ((*entries)[0], "a");
  EXPECT_EQ((*entries)[1], "");
  EXPECT_EQ((*entries)[2].size(), 65'535u);
  EXPECT_FALSE(SplitBundle(bundle, 2).ok());
  EXPECT_FALSE(SplitBundle(bundle, 4).ok());
  EXPECT_FALSE(SplitBundle(bundle + "x", 3).ok());
  EXPECT_FALSE(SplitBundle(bundle.substr(0, bundle.size() - 1), 3).ok());
  EXPECT_FALSE(SplitBundle(bundle.substr(0, 6), 3).ok());
}

TEST(AuditFolderSource, ReadsFilesUpToTheirMaximum) {
  const ProofFolder folder;
  folder.Write("tile/0/000", "12345");
  mkfifo((folder.path() + "/pipe").c_str(), 0600);
  FolderSource source(folder.path());
  EXPECT_EQ(source.Read("tile/0/000", 5).value_or("none"), "12345");
  EXPECT_TRUE(absl::IsDataLoss(source.Read("tile/0/000", 4).status()));
  EXPECT_TRUE(absl::IsNotFound(source.Read("tile/0/001", 5).status()));
  EXPECT_TRUE(absl::IsNotFound(source.Read("tile/0/000/001", 5).status()));
  EXPECT_TRUE(absl::IsDataLoss(source.Read("tile/0", 5).status()));
  EXPECT_TRUE(absl::IsDataLoss(source.Read("pipe", 5).status()));
}

TEST(AuditTree, GoodLogsOfEverySizePass) {
  for (const uint64_t size : {0, 1, 2, 255, 256, 257, 511, 512, 513, 65'536}) {
    const ProofFolder folder;
    const auto events = Events(size);
    WriteLog(folder, events);
    FolderSource source(folder.path());
    uint64_t seen = 0;
    const auto report = AuditTree(source, HeadOf(events), std::nullopt,
                                  [&](uint64_t sequence, std::string_view entry) {
                                    ASSERT_EQ(sequence, seen);
                                    ASSERT_EQ(entry, events[sequence]);
                                    ++seen;
                                  });
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_FALSE(report->finding) << size << ": " << report->finding->message;
    EXPECT_EQ(seen, size);
    EXPECT_EQ(report->entries, size);
    EXPECT_EQ(report->tiles_wrong, 0u);
    uint64_t tiles = 0;
    for (int level = 0; level < 8; ++level) tiles += ((size >> (8 * level)) + 255) / 256;
    EXPECT_EQ(report->tiles, tiles);
  }
}

TEST(AuditTree, AnEmptyLogHasTheEmptyRoot) {
  const ProofFolder folder;
  EXPECT_FALSE(AuditOf(folder, {0, EmptyTreeRoot()}).finding);
  const auto report = AuditOf(folder, {0, PlainSha256("x")});
  ASSERT_TRUE(report.finding);
  EXPECT_EQ(report.finding->problem, TreeProblem::kRootDiffers);
}

// A log with full and partial tiles at three levels. What a test damages it mends again.
class AuditLargeTree : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    events_ = new std::vector<std::string>(Events(65'536 + 2 * 256 + 44));
    folder_ = new ProofFolder;
    WriteLog(*folder_, *events_);
    head_ = HeadOf(*events_);
  }
  static void TearDownTestSuite() {
    delete folder_;
    delete events_;
  }

  // Audits with other bytes in the file, or without it.
  static TreeFinding With(const std::string& path, const std::optional<std::string>& bytes,
                          const std::optional<TreeHead>& kept = std::nullopt) {
    const std::string good = folder_->Read(path);
    bytes ? folder_->Write(path, *bytes) : folder_->Remove(path);
    const auto report = AuditOf(*folder_, head_, kept);
    folder_->Write(path, good);
    EXPECT_TRUE(report.finding) << path;
    return report.finding.value_or(TreeFinding{});
  }

  static std::vector<std::string>* events_;
  static ProofFolder* folder_;
  static TreeHead head_;
};
std::vector<std::string>* AuditLargeTree::events_ = nullptr;
ProofFolder* AuditLargeTree::folder_ = nullptr;
TreeHead AuditLargeTree::head_;

const char* const kTiles[] = {"tile/0/000",      "tile/0/137", "tile/0/255",     "tile/0/257",
                              "tile/0/258.p/44", "tile/1/000", "tile/1/001.p/2", "tile/2/000.p/1"};
const char* const kBundles[] = {"tile/entries/000", "tile/entries/137", "tile/entries/255",
                                "tile/entries/257", "tile/entries/258.p/44"};

TEST_F(AuditLargeTree, PassesWhileWhole) {
  EXPECT_FALSE(AuditOf(*folder_, head_).finding);
  for (const char* tile : kTiles) EXPECT_TRUE(folder_->Has(tile)) << tile;
  for (const char* bundle : kBundles) EXPECT_TRUE(folder_->Has(bundle)) << bundle;
  EXPECT_EQ(folder_->Names().size(), 259u + 259u + 2u + 1u);
}

TEST_F(AuditLargeTree, AFlippedBitInATileIsTheTiles) {
  for (const char* tile : kTiles) {
    const std::string good = folder_->Read(tile);
    for (const size_t bit : {size_t{0}, good.size() * 8 - 1}) {
      const auto finding = With(tile, Flipped(good, bit));
      EXPECT_EQ(finding.problem, TreeProblem::kTileDiffers) << finding.message;
      EXPECT_EQ(finding.path, tile);
    }
  }
}

TEST_F(AuditLargeTree, AFlippedBitInAnEntryIsTheEntrys) {
  for (const uint64_t sequence : {uint64_t{0}, uint64_t{137 * 256 + 12}, uint64_t{65'535},
                                  uint64_t{65'536}, uint64_t{events_->size() - 1}}) {
    const uint64_t begin = sequence / 256 * 256;
    const uint64_t end = std::min<uint64_t>(begin + 256, events_->size());
    auto events = *events_;
    ASSERT_FALSE(events[sequence].empty());
    events[sequence] = Flipped(events[sequence], 1);
    const std::string path = BundlePath(begin / 256, end - begin);
    const auto finding = With(path, BundleOf(events, begin, end));
    EXPECT_EQ(finding.problem, TreeProblem::kEntryDiffers) << finding.message;
    EXPECT_EQ(finding.path, path);
    EXPECT_EQ(finding.sequence, sequence);
  }
}

TEST_F(AuditLargeTree, AnyFlippedBitOfABundleIsFound) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (const char* bundle : kBundles) {
    const std::string good = folder_->Read(bundle);
    for (int i = 0; i < 3; ++i) {
      const auto finding = With(bundle, Flipped(good, random() % (good.size() * 8)));
      EXPECT_EQ(finding.problem, TreeProblem::kEntryDiffers) << finding.message;
      EXPECT_EQ(finding.path, bundle);
    }
  }
}

TEST_F(AuditLargeTree, MissingFilesAreNamed) {
  for (const char* tile : kTiles) {
    const auto finding = With(tile, std::nullopt);
    EXPECT_EQ(finding.problem, TreeProblem::kTileMissing) << finding.message;
    EXPECT_EQ(finding.path, tile);
  }
  for (const char* bundle : kBundles) {
    const auto finding = With(bundle, std::nullopt);
    EXPECT_EQ(finding.problem, TreeProblem::kBundleMissing) << finding.message;
    EXPECT_EQ(finding.path, bundle);
  }
}

TEST_F(AuditLargeTree, FilesOfAnotherLengthAreNamed) {
  for (const char* tile : {"tile/0/137", "tile/0/258.p/44", "tile/1/000", "tile/2/000.p/1"}) {
    const std::string good = folder_->Read(tile);
    for (const std::string& wrong : {std::string(), good.substr(0, good.size() - 1),
                                     good.substr(0, good.size() - 32), good + Raw(Hash{})}) {
      const auto finding = With(tile, wrong);
      EXPECT_EQ(finding.problem, TreeProblem::kTileDiffers) << finding.message;
      EXPECT_EQ(finding.path, tile);
    }
  }
  for (const char* bundle : kBundles) {
    const std::string good = folder_->Read(bundle);
    for (const std::string& wrong : {std::string(), good.substr(0, good.size() - 1), good + "x"}) {
      const auto finding = With(bundle, wrong);
      EXPECT_EQ(finding.problem, TreeProblem::kEntryDiffers) << finding.message;
      EXPECT_EQ(finding.path, bundle);
    }
  }
}

TEST_F(AuditLargeTree, SwappedFilesAreNamed) {
  const auto swap = [](const std::string& a, const std::string& b) {
    const std::string bytes = folder_->Read(a);
    folder_->Write(a, folder_->Read(b));
    folder_->Write(b, bytes);
  };
  swap("tile/entries/003", "tile/entries/200");
  const auto entries = AuditOf(*folder_, head_);
  swap("tile/entries/003", "tile/entries/200");
  ASSERT_TRUE(entries.finding);
  EXPECT_EQ(entries.finding->problem, TreeProblem::kEntryDiffers);
  EXPECT_EQ(entries.finding->path, "tile/entries/003");
  EXPECT_EQ(entries.finding->sequence, 3u * 256);

  swap("tile/0/003", "tile/0/200");
  const auto tiles = AuditOf(*folder_, head_);
  swap("tile/0/003", "tile/0/200");
  ASSERT_TRUE(tiles.finding);
  EXPECT_EQ(tiles.finding->problem, TreeProblem::kTileDiffers);
  EXPECT_EQ(tiles.finding->path, "tile/0/003");
  EXPECT_EQ(tiles.tiles_wrong, 2u);
}

// Who edits an entry and the tiles above it up to some level is found at that level.
TEST_F(AuditLargeTree, AnEntryEditedWithItsTiles) {
  const uint64_t sequence = 70 * 256 + 5;
  auto events = *events_;
  events[sequence] = "edited";
  const NaiveTree edited(events);
  const std::string bundle = folder_->Read("tile/entries/070");
  const std::string leaves = folder_->Read("tile/0/070");
  const std::string nodes = folder_->Read("tile/1/000");
  const std::string top = folder_->Read("tile/2/000.p/1");
  folder_->Write("tile/entries/070", BundleOf(events, 70 * 256, 71 * 256));

  folder_->Write("tile/0/070", TileOf(edited, 0, 70, 256));
  const auto leaf_level = AuditOf(*folder_, head_);
  folder_->Write("tile/1/000", TileOf(edited, 1, 0, 256));
  const auto node_level = AuditOf(*folder_, head_);
  folder_->Write("tile/2/000.p/1", TileOf(edited, 2, 0, 1));
  const auto all = AuditOf(*folder_, head_);
  const auto forked = AuditOf(*folder_, {events.size(), edited.Root()}, head_);
  const auto shown = AuditOf(*folder_, {events.size(), edited.Root()},
                             TreeHead{sequence, NaiveTree(Events(sequence)).Root()});
  const auto hidden = AuditOf(*folder_, {events.size(), edited.Root()},
                              TreeHead{sequence + 1, NaiveTree(Events(sequence + 1)).Root()});

  folder_->Write("tile/entries/070", bundle);
  folder_->Write("tile/0/070", leaves);
  folder_->Write("tile/1/000", nodes);
  folder_->Write("tile/2/000.p/1", top);
  ASSERT_FALSE(AuditOf(*folder_, head_).finding);

  ASSERT_TRUE(leaf_level.finding);
  EXPECT_EQ(leaf_level.finding->problem, TreeProblem::kBothDiffer);
  EXPECT_EQ(leaf_level.finding->path, "tile/0/070");
  ASSERT_TRUE(node_level.finding);
  EXPECT_EQ(node_level.finding->problem, TreeProblem::kBothDiffer);
  EXPECT_EQ(node_level.finding->path, "tile/1/000");
  ASSERT_TRUE(all.finding);
  EXPECT_EQ(all.finding->problem, TreeProblem::kRootDiffers);
  // Signed again with the right key, only a checkpoint kept from before the edit can tell.
  ASSERT_TRUE(forked.finding);
  EXPECT_EQ(forked.finding->problem, TreeProblem::kInconsistent);
  EXPECT_FALSE(shown.finding);
  ASSERT_TRUE(hidden.finding);
  EXPECT_EQ(hidden.finding->problem, TreeProblem::kInconsistent);
}

TEST_F(AuditLargeTree, OfTwoEntriesTheFirstIsNamed) {
  auto events = *events_;
  events[70 * 256 + 5] = "edited";
  events.back() = "edited too";
  const std::string bundle = folder_->Read("tile/entries/070");
  folder_->Write("tile/entries/070", BundleOf(events, 70 * 256, 71 * 256));
  const auto finding = With("tile/entries/258.p/44", BundleOf(events, 258 * 256, events.size()));
  folder_->Write("tile/entries/070", bundle);
  EXPECT_EQ(finding.problem, TreeProblem::kEntryDiffers) << finding.message;
  EXPECT_EQ(finding.sequence, 70u * 256 + 5);
}

TEST_F(AuditLargeTree, AnEntryAndATileThatIsNeededToFindIt) {
  auto events = *events_;
  events[70 * 256 + 5] = "edited";
  const std::string bundle = folder_->Read("tile/entries/070");
  folder_->Write("tile/entries/070", BundleOf(events, 70 * 256, 71 * 256));
  const auto missing = With("tile/1/000", std::nullopt);
  const auto cut = With("tile/0/070", "cut");
  const auto edge = With("tile/0/258.p/44", Flipped(folder_->Read("tile/0/258.p/44"), 9));
  folder_->Write("tile/entries/070", bundle);
  EXPECT_EQ(missing.problem, TreeProblem::kTileMissing) << missing.message;
  EXPECT_EQ(missing.path, "tile/1/000");
  EXPECT_EQ(cut.problem, TreeProblem::kBothDiffer) << cut.message;
  EXPECT_EQ(cut.path, "tile/0/070");
  EXPECT_EQ(edge.problem, TreeProblem::kBothDiffer) << edge.message;
}

TEST_F(AuditLargeTree, ConsistentWithEveryEarlierTree) {
  const NaiveTree tree(*events_);
  for (const uint64_t size : {0, 1, 256, 257, 65'535, 65'536, 66'092}) {
    const auto report = AuditOf(*folder_, head_, TreeHead{size, tree.Mth(0, size)});
    EXPECT_FALSE(report.finding) << size;
    const auto other = AuditOf(*folder_, head_, TreeHead{size, PlainSha256("x")});
    ASSERT_TRUE(other.finding) << size;
    EXPECT_EQ(other.finding->problem, TreeProblem::kInconsistent);
  }
}

// A log may drop a partial file once the full one is there.
TEST(AuditTree, FullFilesStandInForPartialOnes) {
  const ProofFolder folder;
  const auto events = Events(700);
  WriteLog(folder, events);
  const std::vector<std::string> early(events.begin(), events.begin() + 300);
  ASSERT_FALSE(folder.Has("tile/entries/001.p/44"));
  folder.Write("tile/1/000.p/1", TileOf(NaiveTree(early), 1, 0, 1));
  EXPECT_FALSE(AuditOf(folder, HeadOf(early)).finding);
  folder.Write("tile/0/001", Flipped(folder.Read("tile/0/001"), 0));
  const auto report = AuditOf(folder, HeadOf(early));
  ASSERT_TRUE(report.finding);
  EXPECT_EQ(report.finding->problem, TreeProblem::kTileDiffers);
}

TEST(AuditTree, WhatCannotBeReadIsNoFinding) {
  const ProofFolder folder;
  WriteLog(folder, Events(3));
  class Away : public TileSource {
   public:
    absl::StatusOr<std::string> Read(const std::string&, size_t) override {
      return absl::UnavailableError("away");
    }
  } away;
  const auto none = [](uint64_t, std::string_view) {};
  EXPECT_TRUE(absl::IsUnavailable(AuditTree(away, HeadOf(Events(3)), std::nullopt, none).status()));
}

TEST(AuditExitCode, NeverRenumbered) {
  EXPECT_EQ(static_cast<int>(ExitOf(Verdict::kGood)), 0);
  EXPECT_EQ(static_cast<int>(ExitOf(Verdict::kMalformed)), 10);
  EXPECT_EQ(static_cast<int>(ExitOf(Verdict::kBadSignature)), 11);
  EXPECT_EQ(static_cast<int>(ExitOf(TreeRelation::kShorter)), 12);
  EXPECT_EQ(static_cast<int>(ExitOf(TreeRelation::kOtherRoot)), 13);
  EXPECT_EQ(static_cast<int>(ExitOf(TreeProblem::kEntryDiffers)), 14);
  EXPECT_EQ(static_cast<int>(ExitOf(TreeProblem::kTileMissing)), 15);
  EXPECT_EQ(static_cast<int>(ExitOf(TreeProblem::kRootDiffers)), 16);
  EXPECT_EQ(static_cast<int>(ExitOf(TreeProblem::kInconsistent)), 17);
  EXPECT_EQ(static_cast<int>(ExitOf(Verdict::kNotIncluded)), 18);
  EXPECT_EQ(static_cast<int>(AuditExit::kRuleBroken), 19);
  EXPECT_EQ(static_cast<int>(AuditExit::kStateDiffers), 20);
  EXPECT_EQ(static_cast<int>(ExitOf(Verdict::kQuorumUnmet)), 21);
}

}  // namespace
}  // namespace meritbook::audit
