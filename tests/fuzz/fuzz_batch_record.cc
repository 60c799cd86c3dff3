// Arbitrary bytes as a record of the log: refused, or exactly what encoding it again gives.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "storage/batch_record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace meritbook;
  // A fuzzer can't guess a hash: the last 32 bytes of every second input are made right.
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (size > 32 && bytes[4] % 2 != 0) {
    bytes.resize(size - 32);
    const Hash hash = Sha256(bytes);
    bytes.append(AsBytes(hash));
  }
  const auto record = DecodeBatchRecord(bytes);
  if (!record.ok()) return 0;
  const EventRun events = record->events();
  if (events.size() != record->event_count) std::abort();
  const EncodedRecord again = EncodeBatchRecord(record->header, events, 0, events.size());
  if (again.bytes != bytes || again.hash != record->hash) std::abort();
  return 0;
}
