// Owns: the seed of a random test against a real server.
// Promises: printed, with what replays its choices; the machine's timing isn't replayed.
// Thread: any.
#ifndef MERITBOOK_TESTS_E2E_SEED_H_
#define MERITBOOK_TESTS_E2E_SEED_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace meritbook::e2e {

inline uint64_t Seed() {
  const char* given = std::getenv("E2E_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "seed " << seed << "; again with E2E_SEED=" << seed << "\n";
  return seed;
}

// The longer variant is wanted.
inline bool Long() { return std::getenv("MERIT_LONG") != nullptr; }

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_SEED_H_
