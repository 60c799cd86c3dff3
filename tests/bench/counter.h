// Owns: what the measurements share: a mall filled by an import, and tills that redeem in it at a
//       fixed rate.
// Promises: open loop: a redemption that waits for the one before it is late, and that counts.
//           Whatever is refused ends the program.
// Thread: one.
#ifndef MERITBOOK_TESTS_BENCH_COUNTER_H_
#define MERITBOOK_TESTS_BENCH_COUNTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "meritbook/v1/admin.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/server_process.h"

namespace meritbook::e2e {

void Require(const Outcome& outcome);

// Sends everything in order, a few thousand at a time.
class Importer {
 public:
  // Into a ledger that is migrating; everything is recorded at this instant.
  Importer(const Client& platform, int64_t recorded_us);

  v1::ImportItem& Next();
  void AddVolunteer(const std::string& id);
  // `minutes` of patrol on a day; the number is the record's own among hers.
  void Credit(const std::string& volunteer, const std::string& day, int number, int minutes);
  void Finish();

 private:
  void Flush();
  void Await();

  const int64_t recorded_us_;
  std::unique_ptr<CallStream> stream_;
  v1::ImportRequest request_;
  int under_way_ = 0;
};

// The activity `patrol` of `org`, and the merchant `bakery` with `bread` at a point each.
void OpenMall(Importer& importer);
// Those who will redeem; each served three full days up to so many days ago.
void AddShoppers(Importer& importer, int days_ago);

struct Latencies {
  std::vector<double> ms;
  int per_second = 0;

  // Of 0 to 1.
  double At(double share);
  void Print(const char* name);
};

// Redeems from several tills until `done` says so, at least for `seconds`. `round` is part of the
// orders' ids.
Latencies RedeemAtRate(const ServerProcess& server, const std::string& round, int per_second,
                       double seconds, const std::function<bool()>& done);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_BENCH_COUNTER_H_
