// Nothing wrong in an archive goes unnoticed: bits, lengths, files, whole histories.
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <functional>
#include <string>
#include <vector>

#include "cli/audit/archive_audit.h"
#include "tests/cli/archive_folder.h"

namespace meritbook::audit {
namespace {

void ExpectDamaged(const absl::Status& status, const std::string& name) {
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_NE(std::string(status.message()).find(name), std::string::npos) << status << " " << name;
}

TEST(Archive, EveryFlippedBitIsFound) {
  Folder folder;
  const std::vector<std::string> events = EventsOf(GoodLog());
  ASSERT_TRUE(Grow(folder, events, events.size()).ok());
  size_t flips = 0;
  for (const std::string& name : folder.Files()) {
    std::string bytes = folder.Read(name);
    for (size_t bit = 0; bit < 8 * bytes.size(); ++bit, ++flips) {
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
      const auto part = ReadPart(bytes);
      EXPECT_EQ(part.status().code(), absl::StatusCode::kDataLoss) << name << " bit " << bit;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    }
    ASSERT_TRUE(ReadPart(bytes).ok());
  }
  EXPECT_GT(flips, 20'000u);
}

TEST(Archive, EveryLengthButItsOwnIsFound) {
  Folder folder;
  const std::vector<std::string> events = EventsOf(GoodLog());
  ASSERT_TRUE(Grow(folder, events, events.size()).ok());
  const std::string bytes = folder.Read(folder.Files().back());
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(ReadPart(bytes.substr(0, length)).ok()) << length;
  }
  EXPECT_FALSE(ReadPart(bytes + '\0').ok());
  EXPECT_FALSE(ReadPart(bytes + bytes).ok());
}

// A folder of several files, something done to it, and which file has to be named.
struct Spoilt {
  const char* name;
  std::function<std::string(const Folder&)> spoil;
};

std::string Flipped(std::string bytes, size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
  return bytes;
}

// The file as if it had been written so: whoever edits it can hash it again.
std::string Rehashed(const Part& part, const std::string& ledger_id, uint64_t first,
                     const std::string& before) {
  PartBuilder builder(ledger_id, first, before);
  for (const std::string_view event : part.events) builder.Add(event);
  return builder.Finish();
}

std::vector<Spoilt> Spoilings() {
  const auto swapped = [](const Folder& folder, size_t a, size_t b) {
    const std::vector<std::string> names = folder.Files();
    const std::string bytes = folder.Read(names[a]);
    folder.Write(names[a], folder.Read(names[b]));
    folder.Write(names[b], bytes);
    return names[std::min(a, b)];
  };
  const auto rehashed = [](const Folder& folder, size_t at, const std::string& ledger,
                           uint64_t more, const std::string& before) {
    const std::string name = folder.Files()[at];
    const auto part = ReadPart(folder.Read(name));
    folder.Write(
        name, Rehashed(*part, ledger, part->first + more, before.empty() ? part->before : before));
    return name;
  };
  // One byte of the second file's header is another, and all is hashed again.
  const auto hashed = [](const Folder& folder, size_t at, int (*change)(int)) {
    const std::string name = folder.Files()[1];
    std::string bytes = folder.Read(name);
    bytes.resize(bytes.size() - kArchiveHashBytes);
    bytes[at] = static_cast<char>(change(bytes[at]));
    std::string hash(kArchiveHashBytes, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(hash.data()));
    folder.Write(name, bytes + hash);
    return name;
  };
  return {
      {"the first damaged",
       [](const Folder& folder) {
         folder.Write(folder.Files()[0], Flipped(folder.Read(folder.Files()[0]), 100));
         return folder.Files()[0];
       }},
      {"the last damaged",
       [](const Folder& folder) {
         const std::string name = folder.Files().back();
         folder.Write(name, Flipped(folder.Read(name), 100));
         return name;
       }},
      {"one cut off",
       [](const Folder& folder) {
         const std::string name = folder.Files()[1];
         folder.Write(name, folder.Read(name).substr(0, 500));
         return name;
       }},
      {"one empty",
       [](const Folder& folder) {
         folder.Write(folder.Files()[1], "");
         return folder.Files()[1];
       }},
      {"the first missing",
       [](const Folder& folder) {
         folder.Remove(PartName(0));
         return PartName(0);
       }},
      {"one missing",
       [](const Folder& folder) {
         const std::string name = folder.Files()[1];
         folder.Remove(name);
         return name;
       }},
      {"two swapped", [swapped](const Folder& folder) { return swapped(folder, 1, 2); }},
      {"the first swapped", [swapped](const Folder& folder) { return swapped(folder, 0, 2); }},
      {"one twice",
       [](const Folder& folder) {
         folder.Write(PartName(1), folder.Read(folder.Files()[1]));
         return PartName(1);
       }},
      {"an odd name",
       [](const Folder& folder) {
         folder.Write("copy.events", folder.Read(PartName(0)));
         return std::string("copy.events");
       }},
      {"hashed again after an edit: the next one tells",
       [rehashed](const Folder& folder) {
         const std::string name = folder.Files()[1];
         const auto part = ReadPart(folder.Read(name));
         PartBuilder builder(kLedger, part->first, part->before);
         for (const std::string_view event : part->events) {
           builder.Add(builder.count() == 0 ? std::string(event) + "x" : std::string(event));
         }
         folder.Write(name, builder.Finish());
         return folder.Files()[2];
       }},
      {"of another ledger",
       [rehashed](const Folder& folder) { return rehashed(folder, 1, "city", 0, ""); }},
      {"beginning elsewhere",
       [rehashed](const Folder& folder) { return rehashed(folder, 1, kLedger, 1, ""); }},
      {"after another file",
       [rehashed](const Folder& folder) {
         return rehashed(folder, 1, kLedger, 0, std::string(kArchiveHashBytes, 'x'));
       }},
      {"before the first there was one",
       [rehashed](const Folder& folder) {
         return rehashed(folder, 0, kLedger, 0, std::string(kArchiveHashBytes, 'x'));
       }},
      {"of a ledger without a name",
       [rehashed](const Folder& folder) { return rehashed(folder, 1, "", 0, ""); }},
      {"of a later version",
       [hashed](const Folder& folder) { return hashed(folder, 4, [](int) { return 2; }); }},
      {"of no events",
       [hashed](const Folder& folder) { return hashed(folder, 23, [](int) { return 0; }); }},
      {"of one event less",
       [hashed](const Folder& folder) {
         return hashed(folder, 23, [](int was) { return was - 1; });
       }},
      {"of one event more",
       [hashed](const Folder& folder) {
         return hashed(folder, 23, [](int was) { return was + 1; });
       }},
      {"of more events than fit in it",
       [hashed](const Folder& folder) { return hashed(folder, 29, [](int) { return 1; }); }},
      {"of a longer ledger",
       [hashed](const Folder& folder) { return hashed(folder, 8, [](int) { return 70; }); }},
  };
}

// By who reads it, by who audits it, and by who would add to it, who changes nothing.
TEST(Archive, WhateverIsWrongIsNamed) {
  const std::vector<std::string> events = EventsOf(LifeLog());
  for (const Spoilt& row : Spoilings()) {
    SCOPED_TRACE(row.name);
    Folder folder;
    ASSERT_TRUE(Grow(folder, events, events.size() - 1, 2'500).ok());
    ASSERT_GT(folder.Files().size(), 3u);
    const std::string name = row.spoil(folder);
    const std::vector<std::string> before = folder.All();
    ExpectDamaged(ReadAll(folder).status(), name);
    ExpectDamaged(AuditArchive(folder.path(), kLedger, {}).status(), name);
    ExpectDamaged(OpenWriter(folder).status(), name);
    EXPECT_EQ(folder.All(), before);
  }
}

TEST(Archive, AnotherLedgersFolderIsRefused) {
  Folder folder;
  const std::vector<std::string> events = EventsOf(GoodLog());
  ASSERT_TRUE(Grow(folder, events, 5).ok());
  const std::vector<std::string> before = folder.All();
  const auto writer = OpenWriter(folder, kSmall, "city");
  EXPECT_EQ(writer.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(std::string(writer.status().message()).find("county"), std::string::npos);
  EXPECT_EQ(folder.All(), before);
  const auto report = AuditArchive(folder.path(), "city", {});
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->findings.size(), 1u);
  EXPECT_EQ(report->findings[0].invariant, Invariant::LEDGER_ID_WRONG);
}

// Whoever edits an event can hash every file again; the audit replays what they say.
TEST(Archive, AnEditThatIsHashedAgainIsFoundByTheAudit) {
  Log log = GoodLog();
  log.Loss("loss", kLater, 3);
  std::vector<std::string> events = EventsOf(log);
  v1::Event credit = log["c5"];
  auto* segment = credit.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
  segment->set_units(segment->units() + 6'000);
  events[credit.sequence()] = credit.SerializeAsString();
  Folder folder;
  ASSERT_TRUE(Grow(folder, events, events.size()).ok());
  const auto report = AuditArchive(folder.path(), "", {});
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->findings.size(), 1u) << TextOf(report->findings);
  EXPECT_EQ(report->findings[0].invariant, Invariant::UNITS_WRONG);
  EXPECT_EQ(report->findings[0].sequence, credit.sequence());
  // The loss is no finding.
  ASSERT_EQ(report->losses.size(), 1u);
  EXPECT_EQ(report->losses[0].sequence, log["loss"].sequence());
}

}  // namespace
}  // namespace meritbook::audit
