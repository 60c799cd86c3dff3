// Owns: the random choices of a simulation, and the story of what came of them.
// Promises: the same seed gives the same choices and, if nothing else is random, the same story.
// Thread: one.
#ifndef MERITBOOK_TESTS_SIM_CHANCES_H_
#define MERITBOOK_TESTS_SIM_CHANCES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>

namespace meritbook::sim {

class Chances {
 public:
  explicit Chances(uint64_t seed) : engine_(seed) {}
  // 0 to n-1.
  size_t Below(size_t n) { return static_cast<size_t>(engine_() % n); }
  bool Percent(size_t percent) { return Below(100) < percent; }
  bool Permille(size_t permille) { return Below(1000) < permille; }
  uint64_t Word() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

// What was met, by name.
using Tally = std::map<std::string, uint64_t>;

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_CHANCES_H_
