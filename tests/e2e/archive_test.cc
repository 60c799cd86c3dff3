// merit archive and merit audit --archive against a running server: it grows, is archived, grows,
// is archived again and killed at it; then files and history are tampered with.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "cli/audit/archive_part.h"
#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

namespace fs = std::filesystem;

constexpr int kVolunteers = 40;
constexpr int kBatch = 8'192;
constexpr int kKillsMax = 20;

struct Ran {
  int exit_code = -1;
  std::string output;  // and error
};

class Archives : public testing::Test {
 protected:
  Archives() : town_(1), folder_(town_.server().folder() + "/archive") {
    for (int v = 0; v < kVolunteers; ++v) {
      EXPECT_EQ(town_.platform().Call(Volunteer(Text("v", v))), "OK");
    }
  }

  // So many more events, a minute each.
  void Grow(int events) {
    while (events > 0) {
      auto batch = Parse<v1::BatchCreditHoursRequest>("");
      for (int i = std::min(events, kBatch); i > 0; --i, --events, ++records_) {
        *batch.add_items() = Item(Credit(Text("r-", records_), Text("v", records_ % kVolunteers),
                                         1 + records_ / kVolunteers / 480, 1));
      }
      v1::BatchCreditHoursResponse response;
      ASSERT_EQ(town_.platform().Call(batch, &response), "OK");
      for (const v1::ItemResult& result : response.results()) ASSERT_TRUE(result.has_receipt());
    }
  }

  std::string Key(const std::string& role) {
    return town_.server().DevKey(role).substr(sizeof("Bearer ") - 1);
  }
  // "MERIT_SERVER=… MERIT_KEY=… MERIT_LEDGER=…" for a shell.
  std::string Environment(const std::string& role = "auditor") {
    return Text("MERIT_SERVER=127.0.0.1:", town_.server().port(), " MERIT_KEY=", Key(role),
                " MERIT_LEDGER=", kLedger);
  }

  // Nothing but what is given: no server, no key.
  static Ran Run(const std::string& environment, const std::string& arguments) {
    Ran ran;
    const std::string command =
        Text("env -i ", environment, " " MERIT_PATH " ", arguments, " 2>&1");
    FILE* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return ran;
    std::array<char, 4096> bytes;
    while (const size_t read = std::fread(bytes.data(), 1, bytes.size(), pipe)) {
      ran.output.append(bytes.data(), read);
    }
    const int status = pclose(pipe);
    if (WIFEXITED(status)) ran.exit_code = WEXITSTATUS(status);
    return ran;
  }

  Ran Archive(const std::string& more = "") {
    return Run(Environment(), Text("archive ", folder_, " --part-mib 1 --format json ", more));
  }
  // From the files alone.
  Ran AuditFiles(const std::string& more = "") const {
    return Run("", Text("audit --archive ", folder_, " --format json ", more));
  }
  Ran AuditBoth() {
    return Run(Environment(), Text("audit --archive ", folder_, " --format json"));
  }

  void ExpectSays(const Ran& ran, int exit_code, const std::vector<std::string>& words) {
    EXPECT_EQ(ran.exit_code, exit_code) << ran.output;
    for (const std::string& word : words) {
      EXPECT_NE(ran.output.find(word), std::string::npos) << word << "\n" << ran.output;
    }
  }

  // Archives in a child that is killed as soon as it has written a file more. False when it was
  // done before.
  bool ArchiveAndKill() {
    const size_t files = Files().size();
    const std::string server = Text("127.0.0.1:", town_.server().port());
    const std::string key = Key("auditor");
    const pid_t child = fork();
    if (child == 0) {
      setenv("MERIT_KEY", key.c_str(), 1);
      execl(MERIT_PATH, "merit", "archive", folder_.c_str(), "--part-mib", "1", "--server",
            server.c_str(), "--ledger", kLedger, "--format", "csv", nullptr);
      _exit(127);
    }
    int status = 0;
    while (Files().size() == files && waitpid(child, &status, WNOHANG) == 0) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return WIFSIGNALED(status);
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_, none)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(audit::kArchiveEnding)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::map<std::string, std::string> All() const {
    std::map<std::string, std::string> all;
    for (const std::string& name : Files()) all[name] = ReadFile(folder_ + "/" + name);
    return all;
  }
  void Restore(const std::map<std::string, std::string>& all) const {
    for (const auto& [name, bytes] : all) {
      std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
    }
  }

  // Edits one event and hashes its file and all after it again.
  void Edit(uint64_t sequence, const std::function<void(v1::Event&)>& edit) {
    std::string before(audit::kArchiveHashBytes, '\0');
    bool edited = false;
    for (const auto& [name, bytes] : All()) {
      const auto part = audit::ReadPart(bytes);
      ASSERT_TRUE(part.ok()) << part.status();
      audit::PartBuilder builder(part->ledger_id, part->first, before);
      uint64_t at = part->first;
      for (const std::string_view event : part->events) {
        if (at++ != sequence) {
          builder.Add(event);
          continue;
        }
        v1::Event changed;
        ASSERT_TRUE(changed.ParseFromString(std::string(event)));
        edit(changed);
        builder.Add(changed.SerializeAsString());
        edited = true;
      }
      const std::string again = builder.Finish();
      before = again.substr(again.size() - audit::kArchiveHashBytes);
      std::ofstream(folder_ + "/" + name, std::ios::binary) << again;
    }
    ASSERT_TRUE(edited);
  }

  Town town_;
  const std::string folder_;
  int records_ = 0;
};

TEST_F(Archives, GrowWithTheLedgerAndSurviveAKill) {
  Grow(3'000);
  ExpectSays(Archive(), 0, {Text("\"events\": ", town_.Size()), "\"files_written\": 1"});
  const auto first = All();
  // Nothing new: nothing written.
  ExpectSays(Archive(), 0, {"\"files_written\": 0", Text("\"events\": ", town_.Size())});
  EXPECT_EQ(All(), first);

  // Killed with some files written and some to come; again should it have been too fast.
  bool in_the_midst = false;
  for (int kills = 0; !in_the_midst && kills < kKillsMax; ++kills) {
    Grow(3 * kBatch);
    const bool killed = ArchiveAndKill();
    const auto files = Files();
    const auto newest = audit::ReadPart(ReadFile(folder_ + "/" + files.back()));
    ASSERT_TRUE(newest.ok()) << newest.status();
    in_the_midst = killed && files.size() > first.size() && newest->next() < town_.Size();
  }
  ASSERT_TRUE(in_the_midst) << "never killed between two files";
  const auto halfway = All();
  ExpectSays(AuditFiles(), 0, {"\"ok\": true"});
  ExpectSays(Archive(), 0, {Text("\"events\": ", town_.Size())});
  const auto whole = All();
  EXPECT_GT(whole.size(), halfway.size());
  for (const auto& [name, bytes] : halfway) EXPECT_EQ(whole.at(name), bytes) << name;

  ExpectSays(AuditBoth(), 0,
             {"\"ok\": true", "\"balances_compared\": 41", Text("\"events\": ", town_.Size())});
  // The server goes on and has what was archived.
  Grow(10);
  ExpectSays(AuditBoth(), 0, {"\"ok\": true", Text("\"events\": ", town_.Size())});
  // From the files alone, in words, with nobody there to ask.
  const uint64_t archived = town_.Size() - 10;
  EXPECT_EQ(town_.Stop(), 0);
  ExpectSays(AuditFiles(), 0, {"\"ok\": true", Text("\"events\": ", archived)});
  ExpectSays(Run("", Text("audit --archive ", folder_)), 0, {"only the server knows"});
  ExpectSays(Run("", Text("audit --archive ", folder_, " --lang zh")), 0, {"审计通过"});
  ExpectSays(Run("", Text("audit --archive ", folder_, " --ledger elsewhere")), 1,
             {"LEDGER_ID_WRONG"});
  ExpectSays(
      Run("MERIT_KEY=x", Text("archive ", folder_, " --ledger ", kLedger, " --server 127.0.0.1:1")),
      3, {});
}

TEST_F(Archives, TellWhatWasTamperedWith) {
  Grow(2 * kBatch);
  ASSERT_EQ(Archive().exit_code, 0);
  const auto good = All();
  ASSERT_GT(good.size(), 2u);
  const uint64_t victim = town_.Size() / 2;
  const auto rewritten = [&](const std::string& message) {
    return std::vector<std::string>{"ARCHIVE_DIFFERS", Text("\"sequence\": ", victim), message};
  };

  // What the invariants find.
  Edit(victim, [](v1::Event& event) {
    auto* segment = event.mutable_hours_credited()->mutable_credit()->mutable_segments(0);
    segment->set_units(segment->units() + 6'000);
  });
  ExpectSays(AuditFiles(), 1, {"UNITS_WRONG", Text("\"sequence\": ", victim)});
  ExpectSays(AuditBoth(), 1, rewritten("is served otherwise than it was archived"));
  Restore(good);

  // What they can't find: only the server, or the hash of the newest file, tells.
  Edit(victim, [](v1::Event& event) { event.set_salt(event.salt() + 1); });
  ExpectSays(AuditFiles(), 0, {"\"ok\": true"});
  ExpectSays(AuditBoth(), 1, rewritten("is served otherwise than it was archived"));
  Restore(good);
  Edit(town_.Size() - 1, [](v1::Event& event) { event.set_salt(event.salt() + 1); });
  ExpectSays(Archive(), 1, {"is served otherwise than it was archived"});
  Restore(good);
  ExpectSays(AuditBoth(), 0, {"\"ok\": true"});

  // A file with another byte, and one that is gone: named; nothing is written.
  const std::string name = std::next(good.begin())->first;
  std::string bytes = good.at(name);
  bytes[5'000] = static_cast<char>(bytes[5'000] ^ 1);
  std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
  const auto damaged = All();
  Grow(5);
  for (const Ran& ran : {Archive(), AuditFiles(), AuditBoth()}) ExpectSays(ran, 1, {name});
  EXPECT_EQ(All(), damaged);
  fs::remove(folder_ + "/" + name);
  for (const Ran& ran : {Archive(), AuditFiles(), AuditBoth()}) {
    ExpectSays(ran, 1, {name, "missing"});
  }
  Restore(good);
  ExpectSays(Archive(), 0, {"\"events_written\": 5"});
}

TEST_F(Archives, GoThroughASequenceAndAreTheAuditors) {
  Grow(100);
  ExpectSays(Archive("--through 20"), 0, {"\"events\": 21", "\"files_written\": 1"});
  ExpectSays(Archive("--through 20"), 0, {"\"events\": 21", "\"files_written\": 0"});
  ExpectSays(Archive("--through 10"), 0, {"\"events\": 21", "\"files_written\": 0"});
  ExpectSays(Archive("--through 50"), 0, {"\"events\": 51", "\"events_written\": 30"});
  ExpectSays(Archive(Text("--through ", town_.Size())), 1, {"events"});
  EXPECT_EQ(Files(), (std::vector<std::string>{audit::PartName(0), audit::PartName(21)}));
  ExpectSays(Run(Environment("committee"), Text("archive ", folder_)), 1, {"ROLE_MISSING"});
  ExpectSays(Run(Environment(), Text("archive ", folder_, " --format csv")), 0,
             {"ledger_id,files_written,events_written,files,events,bytes,last_sha256\n",
              Text("linhai,1,", town_.Size() - 51, ",3,", town_.Size(), ",")});
  ExpectSays(Run(Environment(), Text("archive ", folder_, " --lang zh")), 0, {"事件总数"});
  ExpectSays(AuditBoth(), 0, {"\"ok\": true"});
}

}  // namespace
}  // namespace meritbook::e2e
