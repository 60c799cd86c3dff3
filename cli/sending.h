// Owns: what all commands that change something have in common: ledger, request id, recorded time.
// Promises: in a migrating ledger a command without a time of its own takes the newest event's, so
//           that it never moves the ledger's clock.
// Thread: the main one.
#ifndef MERITBOOK_CLI_SENDING_H_
#define MERITBOOK_CLI_SENDING_H_

#include <string>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/instant.h"
#include "cli/text.h"

namespace meritbook::cli {

inline int64_t InstantOf(const std::string& flag, const std::string& text) {
  const auto instant_us = ParseInstant(text);
  if (!instant_us) {
    throw CommandError(Exit::kUsage, Join(flag, ": '", text, "' is not a time with offset such as ",
                                          "2021-03-05T09:00:00+08:00"));
  }
  return *instant_us;
}

template <typename Request>
void FillHead(const Client& client, const Sending& sending, const std::string& natural_id,
              Request* request) {
  request->set_ledger_id(client.ledger());
  request->set_request_id(sending.request_id.empty() ? natural_id : sending.request_id);
  if (!sending.recorded_at.empty()) {
    request->set_recorded_us(InstantOf("--recorded-at", sending.recorded_at));
    return;
  }
  const v1::GetLedgerResponse ledger = client.GetLedger();
  if (ledger.state() == v1::LEDGER_STATE_MIGRATING) {
    request->set_recorded_us(ledger.last_recorded_us());
  }
}

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SENDING_H_
