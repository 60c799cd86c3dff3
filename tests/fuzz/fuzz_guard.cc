// Arbitrary bytes as a ledger's guard: refused, or a mark that one of its slots really has.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "storage/guard.h"
#include "tests/sim/simulated_disk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace meritbook;
  static const GuardMark mark{.size = 7, .last_hash = {1, 2, 3}, .epoch = 2};
  sim::SimulatedDisk disk(1);
  if (!Guard::Create(disk, "/g", "linhai", mark).ok()) std::abort();
  const auto file = disk.Open("/g/linhai", OpenMode::kReadWrite);
  if (!file.ok()) std::abort();
  // Written over a good one: the first two bytes say where.
  if (size < 2) return 0;
  const uint64_t offset = (data[0] << 8 | data[1]) % 8192;
  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  if (!(*file)->WriteAt(bytes, offset).ok()) std::abort();
  const auto guard = Guard::Open(disk, "/g", "linhai");
  if (guard.ok() && guard->mark() != mark) std::abort();
  return 0;
}
