// New Year's night: a million lots lapse while a counter redeems at a fixed rate. Prints the
// latency of the redemptions while the sweep runs and after it, from one run of a real server.
//
//   bench_expiry_night [lots] [redemptions a second]
//
// Open loop: a redemption that waits for the one before it is late, and that counts.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "ledger/text.h"
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/audit.pb.h"
#include "tests/bench/counter.h"
#include "tests/e2e/client.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_process.h"

namespace meritbook::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLotsPerVolunteer = 10;  // one for each month
// The records came in so long ago that all of their points have lapsed since.
constexpr int kThenDaysAgo = 430;
const int64_t kThen = InstantUs(kThenDaysAgo, 9, 0);

v1::PublishRuleRequest RuleFrom(const std::string& day, const std::string& expiry) {
  return Parse<v1::PublishRuleRequest>(Text(
      "request_id: 'rule-", day, "' recorded_us: ", kThen, " command { effective_from_day: '", day,
      "' earning { rates { category: 'patrol' points_per_hour: 25 percentage: 100 } "
      "recording_unit_minutes: 1 credited_minutes_per_day: 1440 backdating_days: 3660 } "
      "expiry { ",
      expiry, " } }"));
}

void SetUp(const Client& operators, const Client& platform, int volunteers) {
  v1::CreateLedgerRequest founding = Founding(true);
  founding.set_recorded_us(kThen);
  Require(operators.Call(founding));
  Require(operators.Call(RuleFrom("2010-01-01", "rolling_months: 12")));
  Require(operators.Call(RuleFrom(DaysAgo(kThenDaysAgo + 4), "never {}")));
  Importer importer(platform, kThen);
  OpenMall(importer);
  for (int v = 0; v < volunteers; ++v) {
    const std::string id = Text("v", v);
    importer.AddVolunteer(id);
    for (int lot = 0; lot < kLotsPerVolunteer; ++lot) {
      importer.Credit(id, DaysAgo(kThenDaysAgo + 5 + 31 * lot), lot, 60);
    }
  }
  AddShoppers(importer, kThenDaysAgo);
  importer.Finish();
}

v1::RegisterVolunteerRequest LateVolunteer() {
  return Parse<v1::RegisterVolunteerRequest>(
      Text("request_id: 'late' recorded_us: ", kThen,
           " command { volunteer_id: 'late' age_band: AGE_BAND_18_TO_59 }"));
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
  Latencies night = RedeemAtRate(server, "night", per_second, 1, [&] {
    if (expired() < all) return false;
    night_s = std::chrono::duration<double>(Clock::now() - begin).count();
    return true;
  });
  Latencies day =
      RedeemAtRate(server, "day", per_second, std::max(5.0, night_s), [] { return true; });
  std::printf("%d lots of %d volunteers lapsed in %.1f s: %.0f a second\n",
              volunteers * kLotsPerVolunteer, volunteers, night_s,
              volunteers * kLotsPerVolunteer / night_s);
  night.Print("while they lapse");
  day.Print("afterwards");
  return server.Stop() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace meritbook::e2e

int main(int argc, char** argv) { return meritbook::e2e::Main(argc, argv); }
