// Arbitrary bytes as the next row of a stored state: refused, or a row that is stored as it was
// read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/stubs/logging.h"
#include "ledger/ledger.h"
#include "storage/row_codec.h"
#include "tests/fuzz/known_history.h"

namespace meritbook {
namespace {

std::unique_ptr<Ledger> Known() {
  static const std::vector<std::string> events = fuzz::KnownHistory();
  auto ledger = std::make_unique<Ledger>("linhai");
  for (const std::string& event : events) {
    if (!ledger->Replay(event).ok()) std::abort();
  }
  return ledger;
}

// By TableKind.
uint32_t RowsOf(const State& state, TableKind table) {
  const uint32_t rows[] = {
      state.principals().size(), state.volunteers().size(), state.organisations().size(),
      state.activities().size(), state.sessions().size(),   state.merchants().size(),
      state.items().size(),      state.names().size(),      state.records().size(),
      state.orders().size(),     state.proposals().size(),  state.budgets().size(),
      state.statements().size()};
  return rows[static_cast<size_t>(table)];
}

int Try(TableKind table, std::string_view bytes) {
  const std::unique_ptr<Ledger> known = Known();
  State& state = known->mutable_state();
  const RowRef ref{table, RowsOf(state, table)};
  if (!DecodeRow(ref, bytes, state).ok()) return 0;
  const std::string stored = EncodeRow(state, ref);
  const std::unique_ptr<Ledger> again = Known();
  if (!DecodeRow(ref, stored, again->mutable_state()).ok()) std::abort();
  if (EncodeRow(again->state(), ref) != stored) std::abort();
  return 0;
}

}  // namespace
}  // namespace meritbook

// Protobuf would tell of every text that is no UTF-8.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  constexpr uint8_t kTables = 13;
  return meritbook::Try(static_cast<meritbook::TableKind>(data[0] % kTables),
                        {reinterpret_cast<const char*>(data + 1), size - 1});
}
