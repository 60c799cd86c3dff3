// What a counter notices while the server looks after its log: redemptions at a fixed rate while
// it does nothing else, while it scrubs, and while it makes a backup and verifies it.
//
//   bench_upkeep [records] [redemptions a second] [rounds]
//
// A server without the scrubber and one with it take turns on the same data.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include "ledger/text.h"
#include "meritbook/v1/admin.pb.h"
#include "tests/bench/counter.h"
#include "tests/e2e/requests.h"

namespace meritbook::e2e {
namespace {

constexpr int kRecordsPerVolunteer = 10;
constexpr int kThenDaysAgo = 60;
constexpr double kSeconds = 5;

void SetUp(const ServerProcess& server, int records) {
  const Client operators(server.port(), server.DevKey("operator"));
  const Client platform(server.port(), server.DevKey("platform"));
  const int64_t then = InstantUs(kThenDaysAgo, 9, 0);
  v1::CreateLedgerRequest founding = Founding(true);
  founding.set_recorded_us(then);
  Require(operators.Call(founding));
  Require(operators.Call(Parse<v1::PublishRuleRequest>(
      Text("request_id: 'rule' recorded_us: ", then,
           " command { effective_from_day: '2010-01-01' earning { rates { category: 'patrol' "
           "points_per_hour: 25 percentage: 100 } recording_unit_minutes: 1 "
           "credited_minutes_per_day: 1440 backdating_days: 3660 } expiry { never {} } }"))));
  Importer importer(platform, then);
  OpenMall(importer);
  for (int v = 0; v < records / kRecordsPerVolunteer; ++v) {
    const std::string id = Text("v", v);
    importer.AddVolunteer(id);
    for (int n = 0; n < kRecordsPerVolunteer; ++n) {
      importer.Credit(id, DaysAgo(kThenDaysAgo + 1 + n), n, 60);
    }
  }
  AddShoppers(importer, kThenDaysAgo);
  importer.Finish();
  v1::FinishMigrationRequest finish = Parse<v1::FinishMigrationRequest>("request_id: 'finish'");
  finish.set_recorded_us(then);
  Require(operators.Call(finish));
}

// Makes one backup after the other until told to stop, the last one to its end.
class Backups {
 public:
  explicit Backups(const ServerProcess& server)
      : thread_([this, &server] {
          const Client operators(server.port(), server.DevKey("operator"));
          while (!stop_) {
            const auto call = operators.Open(MethodOf(*v1::CreateBackupRequest::descriptor()));
            v1::CreateBackupRequest request;
            request.set_keep(1);
            call->Write(request);
            call->WritesDone();
            v1::CreateBackupResponse response;
            while (call->Read(&response)) continue;
            Require(call->Finish());
            ++made_;
          }
        }) {}
  ~Backups() { thread_.join(); }
  void Stop() { stop_ = true; }
  int made() const { return made_; }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<int> made_ = 0;
  std::thread thread_;
};

void Start(ServerProcess& server) {
  if (server.Start()) return;
  std::fprintf(stderr, "meritd didn't start: %s\n", server.output().c_str());
  std::exit(1);
}

int Main(int argc, char** argv) {
  const int records = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  const int per_second = argc > 2 ? std::atoi(argv[2]) : 500;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  ServerProcess store;  // only for its folder
  const std::string data = store.folder() + "/county";
  const std::string backups = Text("backup_dir: '", store.folder(), "/backups'\n");
  ServerProcess quiet({.data_dir = data, .config = backups + "scrub_bytes_per_second: 0\n"});
  ServerProcess scrubbing({.data_dir = data, .config = backups});
  Start(quiet);
  SetUp(quiet, records);
  std::map<std::string, Latencies> of;
  int made = 0;
  const auto measure = [&](const ServerProcess& server, const std::string& what, int round,
                           const std::function<bool()>& done) {
    Latencies part = RedeemAtRate(server, Text(what, "-", round), per_second, kSeconds, done);
    part.Print(Text(round + 1, " ", what).c_str());
    Latencies& all = of[what];
    all.per_second = per_second;
    all.ms.insert(all.ms.end(), part.ms.begin(), part.ms.end());
  };
  const auto enough = [] { return true; };
  // Meanwhile what the import changed is written behind; not counted.
  RedeemAtRate(quiet, "before", per_second, 2 * kSeconds, enough).Print("0 before");
  for (int round = 0; round < rounds; ++round) {
    if (!quiet.running()) Start(quiet);
    measure(quiet, "nothing", round, enough);
    {
      Backups making(quiet);
      measure(quiet, "backups", round, [&] {
        making.Stop();
        return making.made() > 0;
      });
      made += making.made();
    }
    if (quiet.Stop() != 0) return 1;
    Start(scrubbing);
    measure(scrubbing, "scrubbing", round, enough);
    if (scrubbing.Stop() != 0) return 1;
  }
  std::printf("\n%d records, %d rounds, %d a second, %d backups\n", records, rounds, per_second,
              made);
  for (auto& [what, latencies] : of) latencies.Print(what.c_str());
  return 0;
}

}  // namespace
}  // namespace meritbook::e2e

int main(int argc, char** argv) { return meritbook::e2e::Main(argc, argv); }
