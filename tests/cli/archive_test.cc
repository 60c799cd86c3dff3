// Archives: the format of their files, and a folder that grows.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "cli/audit/archive_audit.h"
#include "tests/cli/archive_folder.h"

namespace meritbook::audit {
namespace {

// On disk: a change is a new version.
TEST(Archive, Bytes) {
  PartBuilder part("county", 258, std::string(kArchiveHashBytes, '\x11'));
  part.Add("ab");
  part.Add(std::string(300, 'c'));
  EXPECT_EQ(part.count(), 2u);
  const uint64_t foreseen = part.bytes();
  const std::string bytes = part.Finish();
  EXPECT_EQ(bytes.size(), foreseen);
  EXPECT_EQ(absl::BytesToHexString(bytes.substr(0, 67)),
            "4d424152"                                                          // MBAR
            "01000000"                                                          // version
            "06636f756e7479"                                                    // county
            "0201000000000000"                                                  // first
            "0200000000000000"                                                  // count
            "1111111111111111111111111111111111111111111111111111111111111111"  // before
            "02006162");                                                        // the first event
  EXPECT_EQ(bytes.substr(67, 2), std::string("\x2c\x01", 2));
  EXPECT_EQ(bytes.size(), 69u + 300 + 32);
  EXPECT_EQ(absl::BytesToHexString(bytes.substr(369)),
            "f40f5740a604017930fcc744e1886cfaf5abc28ec90a6157df303516f1d7bdb0");
  const auto read = ReadPart(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ledger_id, "county");
  EXPECT_EQ(read->first, 258u);
  EXPECT_EQ(read->next(), 260u);
  EXPECT_EQ(read->before, std::string(kArchiveHashBytes, '\x11'));
  EXPECT_EQ(read->hash, bytes.substr(369));
  EXPECT_EQ(read->events, (std::vector<std::string_view>{"ab", std::string(300, 'c')}));
}

TEST(Archive, NamesOfFiles) {
  EXPECT_EQ(PartName(0), "00000000000000000000.events");
  EXPECT_EQ(PartName(~uint64_t{0}), "18446744073709551615.events");
  EXPECT_EQ(FirstOfPartName(PartName(1'234)), 1'234u);
  for (const char* name :
       {"", "events", ".events", "0.events", "00000000000000000000.events.partial",
        "00000000000000000000events", "0000000000000000000x.events", "-0000000000000000001.events",
        "+0000000000000000001.events", " 0000000000000000001.events", "99999999999999999999.events",
        "000000000000000000000.events"}) {
    EXPECT_FALSE(FirstOfPartName(name).has_value()) << name;
  }
}

TEST(Archive, HasEveryEventAsItWasServed) {
  for (const Log& log : {GoodLog(), LifeLog()}) {
    const std::vector<std::string> events = EventsOf(log);
    Folder folder;
    ASSERT_TRUE(Grow(folder, events, events.size()).ok());
    EXPECT_GT(folder.Files().size(), 2u);
    const auto read = ReadAll(folder);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, events);
    const auto report = AuditArchive(folder.path(), kLedger, {});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(TextOf(report->findings), "");
    EXPECT_EQ(report->events, events.size());
    ASSERT_TRUE(report->archive.has_value());
    EXPECT_EQ(report->archive->files, folder.Files().size());
    EXPECT_EQ(report->archive->events, events.size());
    const std::string newest = folder.Read(folder.Files().back());
    EXPECT_EQ(report->archive->last_hash, newest.substr(newest.size() - kArchiveHashBytes));
  }
}

TEST(Archive, IsForItsOwnerOnly) {
  Folder outer;
  const std::string path = outer.path() + "/new/folder/";
  auto writer = ArchiveWriter::Open(path, kLedger, kSmall, {});
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::vector<std::string> events = EventsOf(GoodLog());
  ASSERT_TRUE((*writer)->Add(events[0]).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  struct stat found {};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  ASSERT_EQ(stat((path + PartName(0)).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

// In any number of sittings; what stands isn't touched again.
TEST(Archive, Grows) {
  const std::vector<std::string> events = EventsOf(LifeLog());
  Folder folder;
  std::vector<std::string> before;
  for (uint64_t end = 7;; end = std::min<uint64_t>(end + 7, events.size())) {
    ASSERT_TRUE(Grow(folder, events, end).ok());
    const std::vector<std::string> now = folder.All();
    ASSERT_GE(now.size(), before.size());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), now.begin()));
    before = now;
    if (end == events.size()) break;
  }
  const auto read = ReadAll(folder);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, events);
  // Nothing new, nothing written.
  ASSERT_TRUE(Grow(folder, events, events.size()).ok());
  EXPECT_EQ(folder.All(), before);
}

// A command is in one file, and one that isn't whole is in none.
TEST(Archive, KeepsCommandsWhole) {
  Log log = LifeLog();
  const std::vector<std::string> events = EventsOf(log);
  size_t cut = 0;
  for (uint64_t end = 1; end < events.size(); ++end) {
    const uint64_t whole = log.at(end).command_first_sequence();
    if (whole == end) continue;
    Folder folder;
    ASSERT_TRUE(Grow(folder, events, end, 1 << 20).ok());
    const auto read = ReadAll(folder);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->size(), whole);
    ++cut;
  }
  EXPECT_GT(cut, 5u) << "no command of several events was cut";
  // With room for nothing, each command has a file of its own.
  Folder folder;
  ASSERT_TRUE(Grow(folder, events, events.size(), 1).ok());
  size_t several = 0;
  for (const std::string& name : folder.Files()) {
    const auto part = ReadPart(folder.Read(name));
    ASSERT_TRUE(part.ok());
    EXPECT_EQ(log.at(part->first).command_first_sequence(), part->first);
    EXPECT_EQ(log.at(part->first).command_event_count(), part->events.size());
    several += part->events.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(several, 3u);
}

TEST(Archive, FillsAFileToItsLimitAndNoFurther) {
  const std::vector<std::string> events = EventsOf(GoodLog());
  PartBuilder three(kLedger, 0, std::string(kArchiveHashBytes, '\0'));
  for (int i = 0; i < 3; ++i) three.Add(events[i]);
  Folder exact;
  ASSERT_TRUE(Grow(exact, events, 4, three.bytes()).ok());
  EXPECT_EQ(exact.Files(), (std::vector<std::string>{PartName(0), PartName(3)}));
  EXPECT_EQ(exact.Read(PartName(0)).size(), three.bytes());
  Folder less;
  ASSERT_TRUE(Grow(less, events, 4, three.bytes() - 1).ok());
  EXPECT_EQ(less.Files(), (std::vector<std::string>{PartName(0), PartName(2)}));
}

TEST(Archive, OneWriterToAFolder) {
  Folder folder;
  const std::vector<std::string> events = EventsOf(GoodLog());
  auto first = OpenWriter(folder);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(OpenWriter(folder).status().code(), absl::StatusCode::kInvalidArgument);
  first->reset();
  EXPECT_TRUE(OpenWriter(folder).ok());
}

// What a kill leaves behind is no file of the archive, and in nobody's way.
TEST(Archive, GoesOnAfterAKill) {
  Folder folder;
  const std::vector<std::string> events = EventsOf(GoodLog());
  ASSERT_TRUE(Grow(folder, events, 5).ok());
  folder.Write(PartName(5) + ".partial", folder.Read(PartName(0)).substr(0, 99));
  const auto read = ReadAll(folder);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->size(), 5u);
  ASSERT_TRUE(Grow(folder, events, events.size(), 1 << 20).ok());
  EXPECT_EQ(folder.Files(), (std::vector<std::string>{PartName(0), PartName(5)}));
  EXPECT_EQ(*ReadAll(folder), events);
}

TEST(Archive, TakesOnlyTheNextEvent) {
  const std::vector<std::string> events = EventsOf(GoodLog());
  const auto refused = [&](uint64_t at, const std::string& event) {
    Folder folder;
    auto writer = OpenWriter(folder);
    for (uint64_t i = 0; i < at; ++i) EXPECT_TRUE((*writer)->Add(events[i]).ok());
    const absl::Status status = (*writer)->Add(event);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    return std::string(status.message());
  };
  const auto edited = [&](uint64_t at, const std::function<void(v1::Event&)>& edit) {
    v1::Event event;
    event.ParseFromString(events[at]);
    edit(event);
    return event.SerializeAsString();
  };
  EXPECT_NE(refused(3, events[4]).find("event 4"), std::string::npos);
  EXPECT_NE(refused(3, events[3] + "\xff\xff").find("can't be read"), std::string::npos);
  EXPECT_NE(refused(3, "").find("can't be read"), std::string::npos);
  EXPECT_NE(refused(3, std::string(65'536, 'x')).find("can't be read"), std::string::npos);
  const auto later = [](v1::Event& event) { event.set_command_first_sequence(2); };
  EXPECT_NE(refused(3, edited(3, later)).find("command"), std::string::npos);
  const auto empty = [](v1::Event& event) { event.set_command_event_count(0); };
  EXPECT_NE(refused(3, edited(3, empty)).find("command"), std::string::npos);
}

TEST(Archive, AFolderThatIsNone) {
  Folder folder;
  EXPECT_EQ(AuditArchive(folder.path(), "", {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(AuditArchive(folder.path() + "/none", "", {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  folder.Write("file", "x");
  EXPECT_EQ(ArchiveWriter::Open(folder.path() + "/file", kLedger, kSmall, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace meritbook::audit
