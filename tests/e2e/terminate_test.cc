// SIGTERM under load: it ends in time, keeps what it acknowledged, and starts again as after quiet.
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "ledger/text.h"
#include "storage/rocks_state_store.h"
#include "storage/state_rows.h"
#include "tests/e2e/poster.h"

namespace meritbook::e2e {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr char kOld[] = "old";  // the ledger that is being brought in
// Calls under way are waited for, and connected clients that sleep.
constexpr seconds kDrainMax{5};
constexpr int kItems = 200;

// Imports one request after the other, some of them under way at once, and keeps what it was told.
class Importer {
 public:
  explicit Importer(Town& town) {
    auto founding = Founding(true);
    founding.set_ledger_id(kOld);
    founding.set_recorded_us(start_us_);
    EXPECT_EQ(town.operators().Call(founding), "OK");
    auto rule = Rule(1);
    rule.set_ledger_id(kOld);
    rule.set_recorded_us(start_us_);
    EXPECT_EQ(town.committee().Call(rule), "OK");
  }
  ~Importer() { Join(); }

  // Until the server ends the stream.
  void Begin(Town& town) {
    next_read_ = next_written_ = acknowledged_requests_;
    thread_ = std::thread([this, port = town.server().port(),
                           key = town.server().DevKey("platform")] { Run(Client(port, key)); });
  }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }

  int acknowledged_requests() const { return acknowledged_requests_; }
  // After Join.
  const Outcome& end() const { return end_; }
  const std::map<std::string, uint64_t>& acknowledged() const { return acknowledged_; }

 private:
  static constexpr int kUnderWay = 3;

  v1::ImportRequest RequestAt(int n) const {
    v1::ImportRequest request;
    request.set_ledger_id(kOld);
    for (int i = 0; i < kItems; ++i) {
      v1::ImportItem& item = *request.add_items();
      const std::string id = Text("i", n * kItems + i);
      item.set_request_id(id);
      item.set_recorded_us(start_us_ + n * kItems + i + 1);
      *item.mutable_register_volunteer() = Volunteer(id).command();
    }
    return request;
  }

  void Run(const Client& client) {
    const auto stream = client.Open(MethodOf(*v1::ImportRequest::descriptor()));
    v1::ImportResponse response;
    while (true) {
      while (next_written_ < next_read_ + kUnderWay && stream->Write(RequestAt(next_written_))) {
        ++next_written_;
      }
      if (next_written_ == next_read_ || !stream->Read(&response)) break;
      for (int i = 0; i < response.results_size(); ++i)
        Take(next_read_ * kItems + i, response.results(i));
      ++next_read_;
      ++acknowledged_requests_;
    }
    end_ = stream->Finish();
  }

  void Take(int n, const v1::ItemResult& result) {
    if (!result.has_receipt()) {
      ADD_FAILURE() << OutcomeOf(result.error());
      return;
    }
    const std::string id = Text("i", n);
    const auto [entry, is_new] = acknowledged_.emplace(id, result.receipt().sequence());
    EXPECT_EQ(entry->second, result.receipt().sequence()) << id << " moved";
  }

  const int64_t start_us_ = InstantUs(1, 0, 0);
  std::atomic<int> acknowledged_requests_ = 0;
  std::thread thread_;
  // The thread's, until it has ended.
  int next_written_ = 0;
  int next_read_ = 0;
  std::map<std::string, uint64_t> acknowledged_;
  Outcome end_;
};

// Follows the events as they come.
class Watcher {
 public:
  Watcher(Town& town, uint64_t from) : seen_(from) {
    thread_ = std::thread(
        [this, port = town.server().port(), key = town.server().DevKey("auditor"), from] {
          const Client client(port, key);
          const auto stream = client.Open(MethodOf(*v1::StreamEventsRequest::descriptor()));
          EXPECT_TRUE(stream->Write(
              Parse<v1::StreamEventsRequest>(Text("follow: true from_sequence: ", from))));
          stream->WritesDone();
          v1::StreamEventsResponse response;
          while (stream->Read(&response)) {
            EXPECT_EQ(response.first_sequence(), seen_);
            seen_ += static_cast<uint64_t>(response.events_size());
          }
          end_ = stream->Finish();
        });
  }
  ~Watcher() { Join(); }

  void Join() {
    if (thread_.joinable()) thread_.join();
  }
  uint64_t seen() const { return seen_; }
  // After Join.
  const Outcome& end() const { return end_; }

 private:
  std::atomic<uint64_t> seen_;
  Outcome end_;
  std::thread thread_;
};

// How much of each ledger's log the stored state has, while no server runs.
std::map<std::string, uint64_t> StoredSizes(const std::string& data_dir) {
  StateStoreOptions options;
  options.dir = data_dir;
  options.schema_version = kStateSchemaVersion;
  options.warn = [](std::string_view line) { ADD_FAILURE() << line; };
  const auto store = OpenStateStore(std::move(options));
  if (!store.ok()) {
    ADD_FAILURE() << store.status();
    return {};
  }
  return {{kLedger, (*store)->AppliedSize(kLedger)}, {kOld, (*store)->AppliedSize(kOld)}};
}

uint64_t SizeOf(const Town& town, const std::string& ledger) {
  auto request = Parse<v1::GetLedgerRequest>("");
  request.set_ledger_id(ledger);
  v1::GetLedgerResponse response;
  EXPECT_EQ(town.auditor().Call(request, &response), "OK");
  return response.size();
}

TEST(Terminate, UnderLoadItEndsInTimeAndStartsClean) {
  Town town(1);
  Posters posters(town, {0, 0, 0, 64, 64});
  Importer importer(town);
  for (int round = 0; round < 3; ++round) {
    importer.Begin(town);
    Watcher watcher(town, town.Size());
    ASSERT_TRUE(posters.AwaitMore(500, seconds(20)));
    const int imported = importer.acknowledged_requests();
    ASSERT_TRUE(
        Await(seconds(20), [&] { return importer.acknowledged_requests() > imported + 5; }));
    const uint64_t seen = watcher.seen();
    ASSERT_TRUE(Await(seconds(20), [&] { return watcher.seen() > seen; }));

    const auto begin = steady_clock::now();
    EXPECT_EQ(town.Stop(), 0);
    const auto taken = duration_cast<milliseconds>(steady_clock::now() - begin);
    EXPECT_LT(taken, kDrainMax + seconds(2));
    importer.Join();
    watcher.Join();
    EXPECT_EQ(importer.end().code, "UNAVAILABLE") << importer.end();
    EXPECT_TRUE(watcher.end() == "OK" || watcher.end().code == "UNAVAILABLE") << watcher.end();

    const auto stored = StoredSizes(town.server().data_dir());
    const size_t said = town.server().output().size();
    town.Start();
    const std::string output = town.server().output().substr(said);
    EXPECT_EQ(output.find("warning"), std::string::npos) << output;
    for (const auto& [ledger, size] : stored) {
      EXPECT_EQ(size, SizeOf(town, ledger)) << ledger << " has to be replayed";
    }
    EXPECT_LE(watcher.seen(), SizeOf(town, kLedger)) << "shown before it was durable";
    posters.MoveTo(town.server().port());
    std::cout << "stopped in " << taken.count() << " ms, importer: " << importer.end()
              << ", watcher: " << watcher.end() << "\n";
  }
  posters.ExpectEverythingOnce(town);
  for (const auto& [outcome, count] : posters.outcomes()) {
    std::cout << count << " × " << outcome << "\n";
    EXPECT_TRUE(outcome == "OK" || outcome == "UNAVAILABLE" || outcome == "UNAVAILABLE STOPPING" ||
                outcome == "CANCELLED")
        << outcome;
  }
  std::map<std::string, uint64_t> logged;
  for (const v1::Event& event : EventsOf(town.auditor(), kOld, 0)) {
    if (!event.has_volunteer_registered()) continue;
    EXPECT_TRUE(logged.emplace(event.request_id(), event.sequence()).second)
        << event.request_id() << " stands twice in the log";
  }
  for (const auto& [id, sequence] : importer.acknowledged()) {
    const auto found = logged.find(id);
    ASSERT_NE(found, logged.end()) << id << " was acknowledged and is lost";
    EXPECT_EQ(found->second, sequence) << id;
  }
  std::cout << importer.acknowledged().size() << " imported\n";
}

}  // namespace
}  // namespace meritbook::e2e
