// Owns: what read RPCs copy out about statements and budgets.
// Promises: changes nothing; short enough for the sequencer's thread; a caller who is bound to a
//           merchant reads that merchant's statements only.
// Thread: the sequencer's.
#ifndef MERITBOOK_SERVICES_SETTLEMENT_READS_H_
#define MERITBOOK_SERVICES_SETTLEMENT_READS_H_

#include <optional>

#include "ledger/command.h"
#include "ledger/refusal.h"
#include "ledger/state.h"
#include "meritbook/v1/settlement.pb.h"

namespace meritbook {

std::optional<Refused> ReadStatement(const State& state, const Caller& caller,
                                     const v1::GetStatementRequest& request,
                                     v1::GetStatementResponse* response);
// A page token is the statement with which the next page begins: since pages go back in time, what
// is opened later is on none of them.
std::optional<Refused> ReadStatements(const State& state, const Caller& caller,
                                      const v1::ListStatementsRequest& request,
                                      v1::ListStatementsResponse* response);

std::optional<Refused> ReadBudgets(const State& state, const v1::ListBudgetsRequest& request,
                                   v1::ListBudgetsResponse* response);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SETTLEMENT_READS_H_
