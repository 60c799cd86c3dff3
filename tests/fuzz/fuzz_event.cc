// Arbitrary bytes as the next event of a ledger: refused, or applied to a state that still holds
// together. The first byte says where in a known history, unless the event says so itself.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "google/protobuf/stubs/logging.h"
#include "ledger/ledger.h"
#include "tests/fuzz/known_history.h"
#include "tests/ledger/property_books.h"

// Protobuf would tell of every text that is no UTF-8.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace meritbook;
  if (size == 0) return 0;
  static const std::vector<std::string> events = fuzz::KnownHistory();
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  v1::Event event;
  const bool reads = event.ParseFromString(bytes);
  const size_t place = reads ? event.sequence() % (events.size() + 1) : data[0] % events.size();
  Ledger ledger("linhai");
  for (size_t i = 0; i < place; ++i) {
    if (!ledger.Replay(events[i]).ok()) std::abort();
  }
  if (!ledger.Replay(bytes).ok()) return 0;
  const std::string broken = property::BrokenRows(ledger.state());
  if (broken.empty()) return 0;
  std::fprintf(stderr, "applied, and now: %s\n%s\n", broken.c_str(),
               event.ShortDebugString().c_str());
  std::abort();
}
