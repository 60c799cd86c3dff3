// The server is killed again and again under clients of every kind; what they were told must fit
// the log, whatever they asked and whenever it died.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "ledger/text.h"
#include "tests/e2e/kill_clients.h"
#include "tests/e2e/mall_town.h"
#include "tests/e2e/seed.h"

namespace meritbook::e2e {
namespace {

// What must have happened, or nothing was tested.
constexpr const char* kRefusals[] = {"BALANCE_TOO_LOW",  "STOCK_TOO_LOW",     "ORDER_NOT_HELD",
                                     "REQUEST_CONFLICT", "VOLUNTEER_UNKNOWN", "ORDER_UNKNOWN"};

class KilledTown {
 public:
  explicit KilledTown(uint64_t seed) : random_(seed), town_(1) {
    auto rule = MallRule("rule-2");
    rule.mutable_command()->mutable_earning()->set_recording_unit_minutes(1);
    EXPECT_EQ(town_.committee().Call(rule), "OK");
    EXPECT_EQ(town_.platform().Call(Merchant("bakery")), "OK");
    EXPECT_EQ(town_.operators().Call(
                  Principal("till-of-bakery", "roles: ROLE_MERCHANT merchant_id: 'bakery'")),
              "OK");
    EXPECT_EQ(town_.platform().Call(Offer("bun", "bakery", 1, 1'000'000)), "OK");
    EXPECT_EQ(town_.platform().Call(Offer("cake", "bakery", 2, 20)), "OK");
    for (int i = 0; i < kCustomers; ++i) {
      EXPECT_EQ(town_.platform().Call(Volunteer(Customer(i))), "OK");
    }
    const std::string platform = town_.server().DevKey("platform");
    const std::string till = KeyOf("till-of-bakery");
    AddCreditor(NewCreditor(stage_, 0, platform, random_()), 0);
    AddCreditor(NewCreditor(stage_, 1, platform, random_()), 1);
    AddCreditor(NewBatchCreditor(stage_, 2, platform, random_()), 2);
    AddCreditor(NewBatchCreditor(stage_, 3, platform, random_()), 3);
    callers_.push_back(NewTill(stage_, 4, platform, "dev", random_()));
    callers_.push_back(NewTill(stage_, 5, platform, "dev", random_()));
    callers_.push_back(NewTill(stage_, 6, till, "bakery", random_()));
    callers_.push_back(NewSupplier(stage_, 7, platform, random_()));
    callers_.push_back(NewFollower(stage_, town_.server().DevKey("auditor"), random_()));
    setup_size_ = town_.Size();
    stage_.port = town_.server().port();
    for (auto& caller : callers_) threads_.emplace_back([&caller] { caller->Run(); });
  }
  ~KilledTown() { End(); }

  void KillAndStart() {
    std::this_thread::sleep_for(std::chrono::milliseconds(Pick(1, 900)));
    town_.server().Kill();
    ++kills_;
    // Also while it comes back.
    while (Pick(0, 4) == 0) {
      town_.server().StartAndKill(std::chrono::milliseconds(Pick(0, 150)));
      ++kills_;
    }
    town_.Start();
    const uint64_t known = stage_.known_size;
    EXPECT_GE(town_.Size(), known) << "events that somebody was shown are gone";
    stage_.port = town_.server().port();
  }
  int kills() const { return kills_; }

  // Ends the clients, and judges all they were told.
  Verdict Judge() {
    End();
    LedgerStory story;
    const auto stream = town_.auditor().Open(MethodOf(*v1::StreamEventsRequest::descriptor()));
    EXPECT_TRUE(stream->Write(Parse<v1::StreamEventsRequest>("")));
    stream->WritesDone();
    v1::StreamEventsResponse response;
    while (stream->Read(&response)) {
      EXPECT_EQ(response.first_sequence(), story.size());
      for (const std::string& bytes : response.events()) story.Add(bytes);
    }
    EXPECT_EQ(stream->Finish(), "OK");
    std::vector<const History*> histories;
    for (const auto& caller : callers_) histories.push_back(&caller->history());
    Verdict verdict = CheckHistory(histories, story, setup_size_);
    events_ = story.size();
    return verdict;
  }
  uint64_t events() const { return events_; }

  // Replays every event with a reducer that shares no code with the server.
  int Audit() {
    const std::string key = town_.server().DevKey("auditor").substr(std::string("Bearer ").size());
    const std::string command =
        Text("MERIT_KEY='", key, "' ", MERIT_PATH, " --server 127.0.0.1:", town_.server().port(),
             " --ledger ", kLedger, " audit");
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  void AddCreditor(std::unique_ptr<Caller> creditor, int number) {
    for (const std::string& volunteer : VolunteersOf(number)) {
      EXPECT_EQ(town_.platform().Call(Volunteer(volunteer)), "OK");
    }
    callers_.push_back(std::move(creditor));
  }
  int Pick(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }
  void End() {
    stage_.ending = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  std::mt19937_64 random_;
  Town town_;
  Stage stage_;
  std::vector<std::unique_ptr<Caller>> callers_;
  std::vector<std::thread> threads_;
  uint64_t setup_size_ = 0;
  uint64_t events_ = 0;
  int kills_ = 0;
};

void Print(int kills, uint64_t events, const Verdict& verdict) {
  std::cout << kills << " kills, " << events << " events; " << verdict.calls << " calls, "
            << verdict.acknowledged << " acknowledged, " << verdict.unknown
            << " of unknown outcome, " << verdict.repeated << " answered again, " << verdict.reads
            << " reads\nrefused:";
  for (const auto& [reason, count] : verdict.refused) std::cout << " " << count << " " << reason;
  std::cout << "\n"
            << verdict.lost << " lost, " << verdict.doubled << " doubled, " << verdict.out_of_order
            << " out of order\n";
}

TEST(KillHistory, EveryAnswerFitsTheLog) {
  std::mt19937_64 random(Seed());
  // Towns of so many kills, one after the other.
  const int towns = Long() ? 10 : 1;
  const int kills_each = Long() ? 30 : 12;
  int kills = 0;
  uint64_t lost = 0;
  uint64_t doubled = 0;
  uint64_t out_of_order = 0;
  uint64_t repeated = 0;
  uint64_t unknown = 0;
  std::map<std::string, uint64_t> refused;
  for (int i = 0; i < towns; ++i) {
    KilledTown town(random());
    while (town.kills() < kills_each) town.KillAndStart();
    const Verdict verdict = town.Judge();
    Print(town.kills(), town.events(), verdict);
    for (const std::string& fault : verdict.faults) ADD_FAILURE() << fault;
    EXPECT_EQ(town.Audit(), 0);
    kills += town.kills();
    lost += verdict.lost;
    doubled += verdict.doubled;
    out_of_order += verdict.out_of_order;
    repeated += verdict.repeated;
    unknown += verdict.unknown;
    for (const auto& [reason, count] : verdict.refused) refused[reason] += count;
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_EQ(lost, 0u);
  EXPECT_EQ(doubled, 0u);
  EXPECT_EQ(out_of_order, 0u);
  EXPECT_GT(repeated, 0u);
  EXPECT_GT(unknown, 0u);
  for (const char* reason : kRefusals) EXPECT_GT(refused[reason], 0u) << reason;
  if (Long()) {
    std::cout << kills << " kills in all: " << lost << " lost, " << doubled << " doubled, "
              << out_of_order << " answers out of order\n";
  }
}

}  // namespace
}  // namespace meritbook::e2e
