// New Year's night: a million lots lapse while a counter redeems at a fixed rate. Prints the
// latency of the redemptions while the sweep runs and after it, from one run of a real server.
//
//   bench_expiry_night [lots] [redemptions a second]
//
// Open loop: a redemption that waits for the one before it is late, and that counts.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/text.h"
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/audit.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_process.h"

namespace meritbook::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLotsPerVolunteer = 10;  // one for each month
constexpr int kTills = 8;
constexpr int kShoppers = 64;
// The records came in so long ago that all of their points have lapsed since.
constexpr int kThenDaysAgo = 430;
const int64_t kThen = InstantUs(kThenDaysAgo, 9, 0);

void Require(const Outcome& outcome) {
  if (outcome.ok()) return;
  std::fprintf(stderr, "%s: %s\n", outcome.text.c_str(), outcome.message.c_str());
  std::exit(1);
}

v1::PublishRuleRequest RuleFrom(const std::string& day, const std::string& expiry) {
  return Parse<v1::PublishRuleRequest>(Text(
      "request_id: 'rule-", day, "' recorded_us: ", kThen, " command { effective_from_day: '", day,
      "' earning { rates { category: 'patrol' points_per_hour: 25 percentage: 100 } "
      "recording_unit_minutes: 1 credited_minutes_per_day: 1440 backdating_days: 3660 } "
      "expiry { ",
      expiry, " } }"));
}

// Sends everything in order, a few thousand at a time.
class Importer {
 public:
  explicit Importer(const Client& platform)
      : stream_(platform.Open(MethodOf(*v1::ImportRequest::descriptor()))) {
    request_.set_ledger_id(kLedger);
  }
  v1::ImportItem& Next() {
    if (request_.items_size() == 4'096) Flush();
    v1::ImportItem& item = *request_.add_items();
    item.set_recorded_us(kThen);
    return item;
  }
  void Flush() {
    if (request_.items().empty()) return;
    if (!stream_->Write(request_)) Require(stream_->Finish());
    request_.clear_items();
    if (++under_way_ == 4) Await();
  }
  void Finish() {
    Flush();
    while (under_way_ > 0) Await();
    stream_->WritesDone();
    Require(stream_->Finish());
  }

 private:
  void Await() {
    v1::ImportResponse response;
    if (!stream_->Read(&response)) Require(stream_->Finish());
    for (const v1::ItemResult& result : response.results()) {
      if (result.has_error()) Require(OutcomeOf(result.error()));
    }
    --under_way_;
  }
  std::unique_ptr<CallStream> stream_;
  v1::ImportRequest request_;
  int under_way_ = 0;
};

void SetUp(const Client& operators, const Client& platform, int volunteers) {
  v1::CreateLedgerRequest founding = Founding(true);
  founding.set_recorded_us(kThen);
  Require(operators.Call(founding));
  Require(operators.Call(RuleFrom("2010-01-01", "rolling_months: 12")));
  Require(operators.Call(RuleFrom(DaysAgo(kThenDaysAgo + 4), "never {}")));
  Importer importer(platform);
  const auto parse = [](auto* message, const std::string& text) {
    MB_CHECK(google::protobuf::TextFormat::ParseFromString(text, message));
  };
  v1::ImportItem* item = &importer.Next();
  item->set_request_id("org");
  parse(item->mutable_register_organisation(),
        "organisation_id: 'org' kind: ORGANISATION_KIND_TEAM");
  item = &importer.Next();
  item->set_request_id("patrol");
  parse(item->mutable_register_activity(),
        "activity_id: 'patrol' organisation_id: 'org' category: 'patrol' starts_us: 1");
  item = &importer.Next();
  item->set_request_id("bakery");
  parse(item->mutable_onboard_merchant(), "merchant_id: 'bakery' kind: 'bakery'");
  item = &importer.Next();
  item->set_request_id("bread");
  parse(item->mutable_publish_item(),
        "item_id: 'bread' merchant_id: 'bakery' price_points: 1 stock: 1000000000");
  const auto add = [&](const std::string& id) {
    v1::ImportItem& volunteer = importer.Next();
    volunteer.set_request_id(id);
    parse(volunteer.mutable_register_volunteer(),
          Text("volunteer_id: '", id, "' age_band: AGE_BAND_18_TO_59"));
  };
  const auto credit = [&](const std::string& id, const std::string& day, int number, int minutes) {
    v1::ServiceRecord& record = *importer.Next().mutable_credit_hours()->mutable_record();
    record.set_record_id(Text(id, "-", number));
    record.set_volunteer_id(id);
    record.set_activity_id("patrol");
    record.mutable_duration()->set_service_day(day);
    record.mutable_duration()->set_minutes(static_cast<uint32_t>(minutes));
  };
  for (int v = 0; v < volunteers; ++v) {
    const std::string id = Text("v", v);
    add(id);
    for (int lot = 0; lot < kLotsPerVolunteer; ++lot) {
      credit(id, DaysAgo(kThenDaysAgo + 5 + 31 * lot), lot, 60);
    }
  }
  for (int s = 0; s < kShoppers; ++s) {
    const std::string id = Text("shopper", s);
    add(id);
    for (int day = 1; day <= 3; ++day) credit(id, DaysAgo(kThenDaysAgo + day), day, 1'440);
  }
  importer.Finish();
}

v1::RegisterVolunteerRequest LateVolunteer() {
  return Parse<v1::RegisterVolunteerRequest>(
      Text("request_id: 'late' recorded_us: ", kThen,
           " command { volunteer_id: 'late' age_band: AGE_BAND_18_TO_59 }"));
}

struct Latencies {
  std::vector<double> ms;
  void Print(const char* name, double seconds) {
    std::sort(ms.begin(), ms.end());
    const auto at = [&](double share) {
      return ms[std::min(ms.size() - 1,
                         static_cast<size_t>(share * static_cast<double>(ms.size())))];
    };
    std::printf("%-18s %6zu redemptions in %5.1f s   p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms\n",
                name, ms.size(), seconds, at(0.5), at(0.99), ms.back());
  }
};

// Redeems at a fixed rate from several tills until `done` says so, at least `seconds_min`.
template <typename Done>
Latencies Redeem(const ServerProcess& server, const std::string& round, int per_second,
                 double seconds_min, Done done) {
  std::vector<Latencies> of_till(kTills);
  std::atomic<bool> stop = false;
  std::vector<std::thread> tills;
  const Clock::time_point start = Clock::now() + std::chrono::milliseconds(200);
  for (int till = 0; till < kTills; ++till) {
    tills.emplace_back([&, till] {
      const Client client(server.port(), server.DevKey("platform"));
      for (int i = till; !stop; i += kTills) {
        const auto due =
            start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(i) / per_second));
        std::this_thread::sleep_until(due);
        Require(client.Call(e2e::Redeem(Text(round, "-", i), Text("shopper", i % kShoppers),
                                        "bakery", "bread", 1)));
        of_till[till].ms.push_back(
            std::chrono::duration<double, std::milli>(Clock::now() - due).count());
      }
    });
  }
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  } while (Clock::now() - start < std::chrono::duration<double>(seconds_min) || !done());
  stop = true;
  for (std::thread& thread : tills) thread.join();
  Latencies all;
  for (const Latencies& part : of_till) all.ms.insert(all.ms.end(), part.ms.begin(), part.ms.end());
  return all;
}

int Main(int argc, char** argv) {
  const int lots = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  const int per_second = argc > 2 ? std::atoi(argv[2]) : 500;
  const int volunteers = lots / kLotsPerVolunteer;
  ServerProcess server;
  if (!server.Start()) {
    std::fprintf(stderr, "meritd didn't start: %s\n", server.output().c_str());
    return 1;
  }
  const Client operators(server.port(), server.DevKey("operator"));
  const Client platform(server.port(), server.DevKey("platform"));
  const Client auditor(server.port(), server.DevKey("auditor"));
  SetUp(operators, platform, volunteers);
  const auto expired = [&] {
    v1::GetTrialBalanceResponse balance;
    Require(auditor.Call(Parse<v1::GetTrialBalanceRequest>(""), &balance));
    for (const v1::AccountTotal& total : balance.totals()) {
      if (total.account() == "expired") return total.units();
    }
    return int64_t{0};
  };
  const int64_t all = int64_t{volunteers} * kLotsPerVolunteer * kUnitsPerHour;

  // What the import changed is written behind before the night begins.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  Require(platform.Call(LateVolunteer()));
  std::this_thread::sleep_for(std::chrono::seconds(2));

  // From here on the clock rules: every lot is overdue at once.
  v1::FinishMigrationRequest finish = Parse<v1::FinishMigrationRequest>("request_id: 'finish'");
  finish.set_recorded_us(kThen);
  Require(operators.Call(finish));
  const Clock::time_point begin = Clock::now();
  double night_s = 0;
  Latencies night = Redeem(server, "night", per_second, 1, [&] {
    if (expired() < all) return false;
    night_s = std::chrono::duration<double>(Clock::now() - begin).count();
    return true;
  });
  Latencies day = Redeem(server, "day", per_second, std::max(5.0, night_s), [] { return true; });
  std::printf("%d lots of %d volunteers lapsed in %.1f s: %.0f a second\n",
              volunteers * kLotsPerVolunteer, volunteers, night_s,
              volunteers * kLotsPerVolunteer / night_s);
  const double night_seconds = static_cast<double>(night.ms.size()) / per_second;
  const double day_seconds = static_cast<double>(day.ms.size()) / per_second;
  night.Print("while they lapse", night_seconds);
  day.Print("afterwards", day_seconds);
  return server.Stop() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace meritbook::e2e

int main(int argc, char** argv) { return meritbook::e2e::Main(argc, argv); }
