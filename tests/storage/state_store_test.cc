#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "storage/rocks_state_store.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

using Rows = std::map<std::string, std::string>;

class StateStoreTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen(uint32_t schema_version = 1) {
    store_.reset();
    absl::StatusOr<std::unique_ptr<StateStore>> store =
        OpenStateStore({.dir = dir_.path(), .schema_version = schema_version, .warn = warn_});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  void Write(const std::string& ledger, uint64_t applied_size, std::vector<StateRow> rows) {
    const absl::Status status =
        store_->Write({.ledger = ledger, .applied_size = applied_size, .rows = std::move(rows)});
    EXPECT_TRUE(status.ok()) << status;
  }

  Rows Loaded(const std::string& ledger) {
    Rows rows;
    std::string last;
    const absl::Status status =
        store_->Load(ledger, [&](std::string_view key, std::string_view value) {
          EXPECT_TRUE(rows.empty() || last < key);
          last = key;
          rows.emplace(key, value);
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return rows;
  }

  std::string db() const { return dir_.path() + "/state/db"; }

  const ScratchDir dir_;
  std::string warnings_;
  const Warn warn_ = [this](std::string_view line) { warnings_ += line; };
  std::unique_ptr<StateStore> store_;
};

TEST_F(StateStoreTest, ANewStoreIsEmpty) {
  EXPECT_EQ(store_->AppliedSize("linhai"), 0u);
  EXPECT_TRUE(Loaded("linhai").empty());
  Reopen();
  EXPECT_EQ(store_->AppliedSize("linhai"), 0u);
  EXPECT_EQ(warnings_, "");
}

TEST_F(StateStoreTest, HoldsRowsAndTheirSizeAcrossReopening) {
  Write("linhai", 3, {{"b", "2"}, {"a", "1"}, {std::string("\0\xff", 2), "odd"}});
  Write("taizhou", 7, {{"a", "other"}});
  Write("linhai", 5, {{"c", "3"}, {"a", "1 again"}});
  Write("linhai", 6, {});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(store_->AppliedSize("linhai"), 6u);
    EXPECT_EQ(store_->AppliedSize("taizhou"), 7u);
    EXPECT_EQ(Loaded("linhai"),
              (Rows{{std::string("\0\xff", 2), "odd"}, {"a", "1 again"}, {"b", "2"}, {"c", "3"}}));
    EXPECT_EQ(Loaded("taizhou"), (Rows{{"a", "other"}}));
    Reopen();
  }
  EXPECT_EQ(warnings_, "");
}

TEST_F(StateStoreTest, AnEmptyValueDeletes) {
  Write("linhai", 1, {{"a", "1"}, {"b", "2"}, {"", "the empty key"}});
  Write("linhai", 2, {{"a", ""}, {"never there", ""}, {"", ""}});
  EXPECT_EQ(Loaded("linhai"), (Rows{{"b", "2"}}));
  Write("linhai", 3, {{"a", "back"}});
  Reopen();
  EXPECT_EQ(Loaded("linhai"), (Rows{{"a", "back"}, {"b", "2"}}));
}

TEST_F(StateStoreTest, DiscardForgetsOneLedger) {
  const std::vector<std::string> names = {"a", "a-", "aa", "b"};
  for (const std::string& name : names) Write(name, 4, {{"x", name}, {"y", "2"}});
  ASSERT_TRUE(store_->Discard("a").ok());
  ASSERT_TRUE(store_->Discard("unknown").ok());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(store_->AppliedSize("a"), 0u);
    EXPECT_TRUE(Loaded("a").empty());
    for (const std::string& name : {names[1], names[2], names[3]}) {
      EXPECT_EQ(store_->AppliedSize(name), 4u);
      EXPECT_EQ(Loaded(name), (Rows{{"x", name}, {"y", "2"}}));
    }
    Reopen();
  }
  Write("a", 1, {{"y", "new"}});  // may begin again, lower
  Reopen();
  EXPECT_EQ(Loaded("a"), (Rows{{"y", "new"}}));
}

TEST_F(StateStoreTest, LoadEndsAtTheVisitorsError) {
  Write("linhai", 1, {{"a", "1"}, {"b", "2"}});
  int visits = 0;
  const absl::Status status = store_->Load("linhai", [&](std::string_view, std::string_view) {
    ++visits;
    return absl::DataLossError("the visitor's own");
  });
  EXPECT_EQ(MessageOf(status), "the visitor's own");
  EXPECT_EQ(visits, 1);
  Reopen();
  EXPECT_EQ(store_->AppliedSize("linhai"), 1u);
}

TEST_F(StateStoreTest, AnotherSchemaStartsEmpty) {
  Write("linhai", 1, {{"a", "1"}});
  Reopen(2);
  EXPECT_EQ(store_->AppliedSize("linhai"), 0u);
  EXPECT_TRUE(Loaded("linhai").empty());
  EXPECT_NE(warnings_.find("schema 1, want 2"), std::string::npos) << warnings_;
  Write("linhai", 1, {{"a", "new"}});
  Reopen(2);
  EXPECT_EQ(Loaded("linhai"), (Rows{{"a", "new"}}));
}

TEST_F(StateStoreTest, IsOpenOnceAndIsNotWipedByTheSecond) {
  Write("linhai", 1, {{"a", "1"}});
  EXPECT_EQ(OpenStateStore({.dir = dir_.path(), .schema_version = 2}).status().code(),
            absl::StatusCode::kUnavailable);
  Reopen();
  EXPECT_EQ(Loaded("linhai"), (Rows{{"a", "1"}}));
}

TEST_F(StateStoreTest, AStoreThatLacksAnyFileStartsEmpty) {
  Write("linhai", 1, {{"a", "1"}});
  Write("linhai", 2, {{"b", "2"}});
  store_.reset();
  const std::string kept = dir_.path() + "/kept";
  CopyTree(dir_.path() + "/state", kept);
  for (const auto& entry : fs::directory_iterator(kept + "/db")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".sst") && !name.starts_with("MANIFEST") && name != "CURRENT") continue;
    CopyTree(kept, dir_.path() + "/state");
    fs::remove(db() + "/" + name);
    Reopen();
    EXPECT_EQ(store_->AppliedSize("linhai"), 0u) << name;
    EXPECT_TRUE(Loaded("linhai").empty()) << name;
    Write("linhai", 1, {{"a", "rebuilt"}});
    store_.reset();
  }
}

TEST_F(StateStoreTest, CreationOrWipingCutOffStartsEmpty) {
  Write("linhai", 1, {{"a", "1"}});
  store_.reset();
  fs::rename(dir_.path() + "/state", dir_.path() + "/state.wiped");
  Reopen();
  EXPECT_EQ(store_->AppliedSize("linhai"), 0u);
  EXPECT_FALSE(fs::exists(dir_.path() + "/state.wiped"));
  store_.reset();
  fs::remove_all(db());
  fs::create_directories(db());
  Reopen();
  EXPECT_EQ(store_->AppliedSize("linhai"), 0u);
}

// Damage deep inside a large file is found only when it is read.
TEST_F(StateStoreTest, DamageFoundByLoadEndsTheStoreAndTheNextOneIsEmpty) {
  std::vector<StateRow> rows;
  for (int i = 0; i < 20000; ++i) rows.push_back({Text("row-", i), std::string(50, 'v')});
  Write("linhai", 1, rows);
  Write("taizhou", 1, {{"a", "1"}});
  store_.reset();
  std::string largest;
  for (const auto& entry : fs::directory_iterator(db())) {
    if (entry.path().extension() == ".sst" &&
        (largest.empty() || fs::file_size(largest) < entry.file_size())) {
      largest = entry.path().string();
    }
  }
  std::string bytes = ReadFile(largest);
  bytes[bytes.size() / 2] ^= 4;
  WriteFile(largest, bytes);

  Reopen();
  EXPECT_EQ(store_->AppliedSize("linhai"), 1u);
  const auto ignore = [](std::string_view, std::string_view) { return absl::OkStatus(); };
  EXPECT_EQ(store_->Load("linhai", ignore).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->Load("taizhou", ignore).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->Write({.ledger = "linhai", .applied_size = 2, .rows = {}}).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->Discard("linhai").code(), absl::StatusCode::kDataLoss);
  Reopen();
  EXPECT_EQ(store_->AppliedSize("linhai"), 0u);
  EXPECT_EQ(store_->AppliedSize("taizhou"), 0u);
  EXPECT_TRUE(Loaded("linhai").empty());
}

TEST_F(StateStoreTest, ManyOverlappingWritesMergeIntoWhatAModelHolds) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(Text("seed ", seed, ": put it in place of random_device to replay"));
  std::mt19937 random(seed);
  const std::vector<std::string> names = {"linhai", "taizhou"};
  std::map<std::string, Rows> model;
  std::map<std::string, uint64_t> sizes;
  size_t files_max = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string& name = names[random() % names.size()];
    if (random() % 60 == 0) {
      ASSERT_TRUE(store_->Discard(name).ok());
      model[name].clear();
      sizes[name] = 0;
    } else {
      Rows changes;
      for (uint32_t n = random() % 200; n > 0; --n) {
        changes[Text("key-", random() % 500)] = random() % 4 == 0 ? "" : Text("value-", random());
      }
      std::vector<StateRow> rows;
      for (const auto& [key, value] : changes) {
        rows.push_back({key, value});
        if (value.empty()) {
          model[name].erase(key);
        } else {
          model[name][key] = value;
        }
      }
      std::shuffle(rows.begin(), rows.end(), random);
      sizes[name] += 1 + random() % 9;
      Write(name, sizes[name], std::move(rows));
    }
    if (random() % 20 == 0) Reopen();
    for (const std::string& each : names) {
      ASSERT_EQ(store_->AppliedSize(each), sizes[each]);
      ASSERT_EQ(Loaded(each), model[each]) << i;
    }
    size_t files = 0;
    for (const auto& entry : fs::directory_iterator(db())) {
      if (entry.path().extension() == ".sst") ++files;
    }
    files_max = std::max(files_max, files);
  }
  EXPECT_LE(files_max, 40u) << "merging does not keep up";
  EXPECT_EQ(warnings_, "");
}

using StateStoreDeathTest = StateStoreTest;

TEST_F(StateStoreDeathTest, ChecksWhatOnlyABugCanWrite) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Write("linhai", 1, {{"a", "1"}, {"b", "2"}, {"a", "3"}}), "keys_differ");
  EXPECT_DEATH(Write("a/b", 1, {}), "CheckLedgerId");
  EXPECT_DEATH(Write("linhai", 0, {}), "applied_size");
}

}  // namespace
}  // namespace meritbook
