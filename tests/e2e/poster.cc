#include "tests/e2e/poster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <utility>

#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

constexpr int kVolunteersEach = 20;
constexpr int64_t kUnitsPerMinute = kUnitsPerHour / 60;
constexpr std::chrono::milliseconds kPause{5};
// A server that never comes back fails the test instead of stopping it.
constexpr std::chrono::seconds kEndMax{60};

std::string VolunteerOf(int number, int index) { return Text("v", number, "-", index); }

// What keeps a record from being taken for now. A stopping gRPC ends calls that it received but
// handed to nobody yet as CANCELLED.
bool MayPass(const Outcome& outcome) {
  static const std::set<std::string> passing = {"UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED",
                                                "RESOURCE_EXHAUSTED"};
  return passing.contains(outcome.code);
}

}  // namespace

Poster::Poster(PosterOptions options, const std::atomic<int>& port, std::string key)
    : options_(options), port_(port), key_(std::move(key)) {}

Poster::~Poster() { End(); }

void Poster::Register(const Town& town) const {
  for (int i = 0; i < kVolunteersEach; ++i) {
    EXPECT_EQ(town.platform().Call(Volunteer(VolunteerOf(options_.number, i))), "OK");
  }
}

void Poster::Begin() {
  thread_ = std::thread([this] { Run(); });
}

void Poster::End() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
}

std::map<std::string, int> Poster::outcomes() const {
  const std::lock_guard lock(mutex_);
  return outcomes_;
}

void Poster::Run() {
  int connected = 0;
  std::optional<Client> client;
  while (!ending_) {
    std::optional<std::chrono::steady_clock::time_point> given_up_at;
    while (true) {
      const int port = port_;
      if (port != connected) client.emplace(port, key_);
      connected = port;
      if (options_.batch == 0 ? PostOne(*client) : PostBatch(*client)) break;
      ++failed_calls_;
      const auto now = std::chrono::steady_clock::now();
      if (given_up_) return;
      if (ending_ && !given_up_at) given_up_at = now + kEndMax;
      if (given_up_at && now > *given_up_at) {
        ADD_FAILURE() << "poster " << options_.number << " was not answered any more";
        return;
      }
      std::this_thread::sleep_for(kPause);
    }
    next_ += std::max(options_.batch, 1);
  }
}

v1::CreditHoursRequest Poster::RecordAt(int n) const {
  const int day = 1 + n / (kVolunteersEach * 400) % 80;
  return Credit(Text("p", options_.number, "-", n),
                VolunteerOf(options_.number, n % kVolunteersEach), day, 1);
}

bool Poster::PostOne(const Client& client) {
  const auto request = RecordAt(next_);
  v1::CreditHoursResponse response;
  const Outcome outcome = client.Call(request, &response, options_.deadline);
  Take(outcome);
  if (!outcome.ok()) return false;
  Acknowledge(request.command().record().record_id(), response.receipt());
  return true;
}

bool Poster::PostBatch(const Client& client) {
  auto batch = Parse<v1::BatchCreditHoursRequest>("");
  for (int i = 0; i < options_.batch; ++i) *batch.add_items() = Item(RecordAt(next_ + i));
  v1::BatchCreditHoursResponse response;
  const Outcome outcome = client.Call(batch, &response, options_.deadline);
  Take(outcome);
  if (!outcome.ok()) return false;
  bool all = true;
  for (int i = 0; i < options_.batch; ++i) {
    if (response.results(i).has_receipt()) {
      Acknowledge(batch.items(i).command().record().record_id(), response.results(i).receipt());
    } else {
      Take(OutcomeOf(response.results(i).error()));
      all = false;
    }
  }
  return all;
}

void Poster::Take(const Outcome& outcome) {
  if (!outcome.ok() && !MayPass(outcome)) {
    ADD_FAILURE() << outcome;
    given_up_ = true;
  }
  const std::lock_guard lock(mutex_);
  ++outcomes_[outcome.text];
}

void Poster::Acknowledge(const std::string& record, const v1::Receipt& receipt) {
  const auto [entry, is_new] = acknowledged_.emplace(record, receipt.sequence());
  EXPECT_EQ(entry->second, receipt.sequence()) << record << " moved";
  if (is_new) ++acknowledged_count_;
  if (receipt.already_applied()) ++repeated_;
}

Posters::Posters(Town& town, const std::vector<int>& batches, std::chrono::milliseconds deadline)
    : port_(town.server().port()) {
  for (int batch : batches) {
    const int number = static_cast<int>(posters_.size());
    posters_.push_back(std::make_unique<Poster>(
        PosterOptions{.number = number, .batch = batch, .deadline = deadline}, port_,
        town.server().DevKey("platform")));
    posters_.back()->Register(town);
  }
  for (auto& poster : posters_) poster->Begin();
}

int64_t Posters::acknowledged_count() const {
  int64_t count = 0;
  for (const auto& poster : posters_) count += poster->acknowledged_count();
  return count;
}

std::map<std::string, int> Posters::outcomes() const {
  std::map<std::string, int> all;
  for (const auto& poster : posters_) {
    for (const auto& [text, count] : poster->outcomes()) all[text] += count;
  }
  return all;
}

bool Posters::AwaitMore(int64_t count, std::chrono::milliseconds patience) const {
  const int64_t wanted = acknowledged_count() + count;
  return Await(patience, [&] { return acknowledged_count() >= wanted; });
}

void Posters::ExpectEverythingOnce(const Town& town) {
  std::map<std::string, uint64_t> acknowledged;
  int repeated = 0;
  int failed_calls = 0;
  for (auto& poster : posters_) {
    poster->End();
    acknowledged.insert(poster->acknowledged().begin(), poster->acknowledged().end());
    repeated += poster->repeated();
    failed_calls += poster->failed_calls();
  }
  std::cout << acknowledged.size() << " records, " << failed_calls << " calls failed, " << repeated
            << " records were there already when sent again\n";
  EXPECT_GT(acknowledged.size(), 100) << "nothing happened";
  EXPECT_GT(failed_calls, 0) << "nobody noticed anything";

  std::map<std::string, uint64_t> logged;
  std::map<std::string, int64_t> minutes;
  for (const v1::Event& event : town.Events()) {
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
    const v1::Balance balance = town.BalanceOf(volunteer);
    EXPECT_EQ(balance.credited_minutes(), count);
    EXPECT_EQ(balance.available_units(), count * kUnitsPerMinute);
    sum += balance.available_units();
  }
  v1::GetTrialBalanceResponse trial;
  EXPECT_EQ(town.auditor().Call(Parse<v1::GetTrialBalanceRequest>(""), &trial), "OK");
  std::map<std::string, int64_t> totals;
  for (const v1::AccountTotal& total : trial.totals()) totals[total.account()] = total.units();
  EXPECT_EQ(totals["available"], sum);
  EXPECT_EQ(totals["issued"], -sum);
  v1::GetSummaryResponse summary;
  EXPECT_EQ(town.auditor().Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
  EXPECT_EQ(summary.service_minutes(), acknowledged.size());
  EXPECT_EQ(summary.points_issued_units(), sum);
}

}  // namespace meritbook::e2e
