// Owns: a crowd that wants the same thing at once.
// Promises: everybody is connected before the first request is sent.
// Thread: RushOf's caller; it starts one for each of the crowd and joins them.
#ifndef MERITBOOK_TESTS_E2E_RUSH_H_
#define MERITBOOK_TESTS_E2E_RUSH_H_

#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/town.h"

namespace meritbook::e2e {

// How many requests were taken, and what the others were told.
struct Rush {
  int sold = 0;
  std::vector<std::string> refusals;
};

// `request_of(i)` is what the i-th of them asks the platform's way.
template <typename RequestOf>
Rush RushOf(Town& town, int crowd_size, const RequestOf& request_of) {
  std::vector<std::string> results(crowd_size);
  std::latch ready(crowd_size);
  std::vector<std::thread> crowd;
  for (int i = 0; i < crowd_size; ++i) {
    crowd.emplace_back([&, i] {
      const Client till(town.server().port(), town.server().DevKey("platform"));
      (void)till.Call(BalanceOf("ann"));
      const auto request = request_of(i);
      ready.arrive_and_wait();
      results[i] = till.Call(request).text;
    });
  }
  for (std::thread& thread : crowd) thread.join();
  Rush rush;
  for (const std::string& result : results) {
    if (result == "OK") {
      ++rush.sold;
    } else {
      rush.refusals.push_back(result);
    }
  }
  return rush;
}

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_RUSH_H_
