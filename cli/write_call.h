// Owns: the way of every command that writes: ledger, request id, recorded time, call.
// Promises: the recorded time of a migrating ledger's newest event unless one was given, so that an
// administrative command never moves the ledger's clock; nothing for a live ledger. Thread: one.
#ifndef MERITBOOK_CLI_WRITE_CALL_H_
#define MERITBOOK_CLI_WRITE_CALL_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/globals.h"
#include "cli/problem.h"
#include "cli/session.h"

namespace meritbook::cli {

// The time to send, if any.
inline absl::StatusOr<std::optional<int64_t>> RecordedTime(Session& session,
                                                           const WriteFlags& flags) {
  if (!flags.recorded_at.empty()) {
    const auto us = InstantFlag("--recorded-at", flags.recorded_at);
    if (!us.ok()) return us.status();
    return std::optional<int64_t>(*us);
  }
  const auto ledger = session.Ledger();
  if (!ledger.ok()) return ledger.status();
  if (ledger->state() != v1::LEDGER_STATE_MIGRATING) return std::optional<int64_t>();
  return std::optional<int64_t>(ledger->last_recorded_us());
}

// The newest event's time, where the ledger refused ours because others moved its clock meanwhile.
inline std::optional<int64_t> TimeAfter(const absl::Status& refused) {
  if (ReasonOf(refused) != "RECORDED_TIME_BACKWARDS") return std::nullopt;
  const auto info = ErrorInfoOf(*DetailsOf(refused));
  const auto min = info->metadata().find("recorded_us_min");
  if (min == info->metadata().end()) return std::nullopt;
  const std::string& text = min->second;
  int64_t us = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), us);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return us;
}

// Most requests have nothing beside their command.
struct NothingMore {
  template <typename Request>
  void operator()(Request&) const {}
};

// Sends `command` as the request's command under the request id of the flags, else `request_id`;
// `more` fills what else the request has, such as a pay code.
template <typename Response, typename Stub, typename Request, typename Command,
          typename More = NothingMore>
absl::StatusOr<Response> Write(Session& session, Stub& stub,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                               const WriteFlags& flags, const std::string& request_id,
                               Command command, const More& more = {}) {
  constexpr int kTriesMax = 5;
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto recorded_us = RecordedTime(session, flags);
  if (!recorded_us.ok()) return recorded_us.status();
  Request request;
  request.set_ledger_id(*ledger_id);
  request.set_request_id(flags.request_id.empty() ? request_id : flags.request_id);
  if (recorded_us->has_value()) request.set_recorded_us(**recorded_us);
  *request.mutable_command() = std::move(command);
  more(request);
  Response response;
  absl::Status status;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    status = (*client)->Call(stub, method, request, &response);
    if (status.ok()) return response;
    const auto next = flags.recorded_at.empty() ? TimeAfter(status) : std::nullopt;
    if (!next) break;
    request.set_recorded_us(*next);
  }
  return status;
}

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_WRITE_CALL_H_
