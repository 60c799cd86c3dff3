// Owns: what read RPCs copy out of a ledger's core state.
// Promises: changes nothing; short enough for the sequencer's thread.
// Thread: the sequencer's.
#ifndef MERITBOOK_SERVICES_READS_H_
#define MERITBOOK_SERVICES_READS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/refusal.h"
#include "ledger/state.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/audit.pb.h"

namespace meritbook {

std::optional<Refused> ReadBalance(const State& state, const v1::GetBalanceRequest& request,
                                   v1::GetBalanceResponse* response);
std::optional<Refused> ReadBalances(const State& state, const v1::ListBalancesRequest& request,
                                    v1::ListBalancesResponse* response);
std::optional<Refused> ReadLedger(const State& state, v1::GetLedgerResponse* response);
std::optional<Refused> ReadTrialBalance(const State& state, v1::GetTrialBalanceResponse* response);

// SEQUENCE_NOT_REACHED while the ledger has fewer events.
std::optional<Refused> CheckMinSize(const State& state, uint64_t min_size);

// `reason` for a well formed id that nobody has, ID_MALFORMED for any other: an endless one would
// not fit into the answer.
Refused NotFound(v1::Refusal reason, std::string_view field, const std::string& id);

// A page that has come to this many bytes ends there: gRPC's clients take 4 MiB unless told to.
inline constexpr size_t kPageBytesMax = 1 << 20;

// 1 to `max`, `standard` for 0; else FIELD_INVALID.
struct PageSize {
  size_t items = 0;
  std::optional<Refused> refused;
};
PageSize PageSizeOf(uint32_t asked, size_t standard, size_t max);

// Page tokens are "<number>" or "<number>:<number>"; nothing if this is none.
std::optional<std::pair<uint64_t, uint64_t>> ParsePageToken(const std::string& token);
Refused BadPageToken();

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_READS_H_
