// Clients post while the server dies: what was acknowledged is there, once, and nothing else is.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

constexpr int kVolunteersEach = 20;
constexpr int kBatch = 64;
constexpr int64_t kUnitsPerMinute = kUnitsPerHour / 60;

uint64_t Seed() {
  const char* given = std::getenv("E2E_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "seed " << seed << "; again with E2E_SEED=" << seed << "\n";
  return seed;
}

// Posts records of a minute each, one after the other; what isn't acknowledged is sent again until
// it is.
class Poster {
 public:
  Poster(int number, int batch, const std::atomic<int>& port, std::string key)
      : number_(number), batch_(batch), port_(port), key_(std::move(key)) {}

  void Begin() {
    thread_ = std::thread([this] { Run(); });
  }
  // After what is under way has been acknowledged.
  void End() {
    ending_ = true;
    thread_.join();
  }

  // Sequences of acknowledged records.
  const std::map<std::string, uint64_t>& acknowledged() const { return acknowledged_; }
  int repeated() const { return repeated_; }
  int failed_calls() const { return failed_calls_; }

  static std::string VolunteerOf(int number, int index) { return Text("v", number, "-", index); }

 private:
  void Run() {
    int connected = 0;
    std::optional<Client> client;
    while (!ending_) {
      for (bool done = false; !done;) {
        const int port = port_;
        if (port != connected) client.emplace(port, key_);
        connected = port;
        done = batch_ == 0 ? PostOne(*client) : PostBatch(*client);
        if (done) continue;
        ++failed_calls_;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
      next_ += std::max(batch_, 1);
    }
  }

  v1::CreditHoursRequest RecordAt(int n) const {
    const int day = 1 + n / (kVolunteersEach * 400) % 80;
    return Credit(Text("p", number_, "-", n), VolunteerOf(number_, n % kVolunteersEach), day, 1);
  }

  // Nothing but the server's absence keeps a record from being taken. A stopping gRPC ends calls
  // that it received but handed to nobody yet as CANCELLED.
  static bool IsAbsence(const Outcome& outcome) {
    return outcome.code == "UNAVAILABLE" || outcome.code == "CANCELLED";
  }

  bool PostOne(const Client& client) {
    const auto request = RecordAt(next_);
    v1::CreditHoursResponse response;
    const Outcome outcome = client.Call(request, &response);
    if (!outcome.ok()) {
      EXPECT_TRUE(IsAbsence(outcome)) << outcome;
      return false;
    }
    Acknowledge(request.command().record().record_id(), response.receipt());
    return true;
  }

  bool PostBatch(const Client& client) {
    auto batch = Parse<v1::BatchCreditHoursRequest>("");
    for (int i = 0; i < batch_; ++i) *batch.add_items() = Item(RecordAt(next_ + i));
    v1::BatchCreditHoursResponse response;
    const Outcome outcome = client.Call(batch, &response);
    if (!outcome.ok()) {
      EXPECT_TRUE(IsAbsence(outcome)) << outcome;
      return false;
    }
    bool all = true;
    for (int i = 0; i < batch_; ++i) {
      if (response.results(i).has_receipt()) {
        Acknowledge(batch.items(i).command().record().record_id(), response.results(i).receipt());
      } else {
        EXPECT_EQ(OutcomeOf(response.results(i).error()).code, "UNAVAILABLE");
        all = false;
      }
    }
    return all;
  }

  void Acknowledge(const std::string& record, const v1::Receipt& receipt) {
    const auto [entry, is_new] = acknowledged_.emplace(record, receipt.sequence());
    EXPECT_EQ(entry->second, receipt.sequence()) << record << " moved";
    if (receipt.already_applied()) ++repeated_;
  }

  const int number_;
  const int batch_;  // 0: single calls
  const std::atomic<int>& port_;
  const std::string key_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
  // The thread's, until it has ended.
  int next_ = 0;
  int repeated_ = 0;
  int failed_calls_ = 0;
  std::map<std::string, uint64_t> acknowledged_;
};

class Killed : public testing::Test {
 protected:
  Killed() : town_(1) {}

  void SetUp() override {
    const std::string key = town_.server().DevKey("platform");
    port_ = town_.server().port();
    const int batches[] = {0, 0, 0, kBatch, kBatch};
    for (int batch : batches) {
      const int number = static_cast<int>(posters_.size());
      for (int i = 0; i < kVolunteersEach; ++i) {
        ASSERT_EQ(town_.platform().Call(Volunteer(Poster::VolunteerOf(number, i))), "OK");
      }
      posters_.push_back(std::make_unique<Poster>(number, batch, port_, key));
    }
    for (auto& poster : posters_) poster->Begin();
  }

  void Restart() {
    town_.Start();
    port_ = town_.server().port();
  }

  void SleepUpTo(int milliseconds) {
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<>(1, milliseconds)(random_)));
  }

  // Ends the posters, and holds what they were told against the log and the balances.
  void ExpectEverythingOnce() {
    std::map<std::string, uint64_t> acknowledged;
    int repeated = 0;
    int failed_calls = 0;
    for (auto& poster : posters_) {
      poster->End();
      acknowledged.insert(poster->acknowledged().begin(), poster->acknowledged().end());
      repeated += poster->repeated();
      failed_calls += poster->failed_calls();
    }
    std::cout << acknowledged.size() << " records, " << failed_calls << " calls failed, "
              << repeated << " records were there already when sent again\n";
    EXPECT_GT(acknowledged.size(), 100) << "nothing happened";
    EXPECT_GT(failed_calls, 0) << "nobody noticed the server's end";

    std::map<std::string, uint64_t> logged;
    std::map<std::string, int64_t> minutes;
    for (const v1::Event& event : town_.Events()) {
      if (!event.has_hours_credited()) continue;
      const v1::ServiceRecord& record = event.hours_credited().command().record();
      EXPECT_TRUE(logged.emplace(record.record_id(), event.sequence()).second)
          << record.record_id() << " stands twice in the log";
      ++minutes[record.volunteer_id()];
    }
    EXPECT_TRUE(logged == acknowledged)
        << logged.size() << " in the log, " << acknowledged.size() << " acknowledged";
    int64_t sum = 0;
    for (const auto& [volunteer, count] : minutes) {
      const v1::Balance balance = town_.BalanceOf(volunteer);
      EXPECT_EQ(balance.credited_minutes(), count);
      EXPECT_EQ(balance.available_units(), count * kUnitsPerMinute);
      sum += balance.available_units();
    }
    v1::GetTrialBalanceResponse trial;
    EXPECT_EQ(town_.auditor().Call(Parse<v1::GetTrialBalanceRequest>(""), &trial), "OK");
    std::map<std::string, int64_t> totals;
    for (const v1::AccountTotal& total : trial.totals()) totals[total.account()] = total.units();
    EXPECT_EQ(totals["available"], sum);
    EXPECT_EQ(totals["issued"], -sum);
    v1::GetSummaryResponse summary;
    EXPECT_EQ(town_.auditor().Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
    EXPECT_EQ(summary.service_minutes(), acknowledged.size());
    EXPECT_EQ(summary.points_issued_units(), sum);
  }

  std::mt19937_64 random_{Seed()};
  Town town_;
  std::atomic<int> port_ = 0;
  std::vector<std::unique_ptr<Poster>> posters_;
};

TEST_F(Killed, AtAnyMomentNothingIsLostOrDoubled) {
  for (int round = 0; round < 5; ++round) {
    SleepUpTo(700);
    town_.server().Kill();
    Restart();
  }
  SleepUpTo(300);
  ExpectEverythingOnce();
}

TEST_F(Killed, EvenWithoutItsStateEachTime) {
  for (int round = 0; round < 2; ++round) {
    SleepUpTo(500);
    town_.server().Kill();
    std::filesystem::remove_all(town_.server().data_dir() + "/state");
    Restart();
  }
  ExpectEverythingOnce();
}

TEST_F(Killed, AskedToStopItAnswersFirst) {
  for (int round = 0; round < 3; ++round) {
    SleepUpTo(500);
    EXPECT_EQ(town_.Stop(), 0);
    Restart();
  }
  ExpectEverythingOnce();
}

}  // namespace
}  // namespace meritbook::e2e
