// Owns the generator's randomness: xoshiro256** seeded by SplitMix64, one stream for each purpose.
// Promises the same draws on every platform: integers only, nothing of the std:: distributions.
// Not shared between threads.
#ifndef MERITBOOK_CLI_SAMPLE_DRAW_H_
#define MERITBOOK_CLI_SAMPLE_DRAW_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace meritbook::sample {

// One step of SplitMix64 (Steele, Lea, Flood 2014): advances `state` and returns a mixed word.
inline uint64_t SplitMix64(uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  uint64_t word = state;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
  return word ^ (word >> 31);
}

// Draw once to an expression: the order of operands and arguments is the compiler's choice, and
// two draws in one would give other bytes with another compiler.
class Draw {
 public:
  // Streams of one seed are independent, so that a change in one part of the county does not
  // redraw the others.
  Draw(uint64_t seed, absl::string_view stream) {
    uint64_t name = 0xcbf29ce484222325u;  // FNV-1a
    for (char c : stream) name = (name ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    uint64_t state = seed ^ name;
    for (uint64_t& word : state_) word = SplitMix64(state);
  }

  uint64_t Next() {
    const uint64_t result = RotateLeft(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = RotateLeft(state_[3], 45);
    return result;
  }

  // 0 … count - 1, unbiased; count > 0.
  int64_t Below(int64_t count) {
    const auto bound = static_cast<uint64_t>(count);
    const uint64_t rest = (0 - bound) % bound;  // words below it would favour the small results
    uint64_t word = Next();
    while (word < rest) word = Next();
    return static_cast<int64_t>(word % bound);
  }

  int Below(int count) { return static_cast<int>(Below(static_cast<int64_t>(count))); }
  size_t Below(size_t count) { return static_cast<size_t>(Below(static_cast<int64_t>(count))); }

  // low … high, both included.
  int64_t Between(int64_t low, int64_t high) { return low + Below(high - low + 1); }
  int Between(int low, int high) { return low + Below(high - low + 1); }

  bool Chance(int per_mille) { return Below(1000) < per_mille; }

  // An index, drawn by weight; the weights must not all be 0.
  template <size_t N>
  int Weighted(const std::array<int, N>& weights) {
    int sum = 0;
    for (int weight : weights) sum += weight;
    int rest = Below(sum);
    int index = 0;
    while (rest >= weights[static_cast<size_t>(index)]) {
      rest -= weights[static_cast<size_t>(index)];
      ++index;
    }
    return index;
  }

  // A long tail without floating point: stays within 0 … base - 1, or goes on with probability
  // `on_per_mille` to a range twice as wide behind it, at most `rounds_max` times.
  int Tail(int base, int on_per_mille, int rounds_max) {
    int low = 0;
    int width = base;
    for (int round = 0; round < rounds_max && Chance(on_per_mille); ++round) {
      low += width;
      width *= 2;
    }
    return low + Below(width);
  }

  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t left = items.size(); left > 1; --left) {
      std::swap(items[left - 1], items[Below(left)]);
    }
  }

 private:
  static uint64_t RotateLeft(uint64_t word, int bits) {
    return (word << bits) | (word >> (64 - bits));
  }

  std::array<uint64_t, 4> state_{};
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_DRAW_H_
