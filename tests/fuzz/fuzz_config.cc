// Arbitrary text as the configuration: every problem is told, and what has none can be served.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "google/protobuf/stubs/logging.h"
#include "services/config.h"

// Protobuf would tell of every text that is no UTF-8.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace meritbook;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto read = ParseConfig("meritd.textproto", text);
  if (const auto* problems = std::get_if<Problems>(&read)) {
    if (problems->empty()) std::abort();
    return 0;
  }
  auto config = std::get<server::v1::Config>(std::move(read));
  SetDefaults(config);
  for (const std::string& problem : CheckConfig(config, false)) {
    if (problem.empty()) std::abort();
  }
  return 0;
}
