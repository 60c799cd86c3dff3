// Whatever is asked of a ledger: the input chooses among the commands of the property test's small
// world, good and spoilt, its times and its callers. The naive model has to give the same answers,
// the books have to balance after each, and a replay has to come to the same state.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/ledger/property_play.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using meritbook::property::Driven;
  const auto played = meritbook::property::Play(
      Driven(std::string(reinterpret_cast<const char*>(data), size)), nullptr);
  if (played.failure.empty()) return 0;
  std::fprintf(stderr, "%s\n%s\n", played.story.c_str(), played.failure.c_str());
  std::abort();
}
