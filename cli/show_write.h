// Owns: the whole of a simple command that writes: call, then the receipt in the format asked for.
// Promises: where the request id was made up at random and the outcome is unknown, tells how to
// repeat the command without doing it twice. Thread: one.
#ifndef MERITBOOK_CLI_SHOW_WRITE_H_
#define MERITBOOK_CLI_SHOW_WRITE_H_

#include <string>
#include <utility>
#include <vector>

#include "cli/json_text.h"
#include "cli/receipt_table.h"
#include "cli/request_id.h"
#include "cli/text.h"
#include "cli/write_call.h"

namespace meritbook::cli {

// A request id by default: one that follows from the content, or a random one.
struct RequestId {
  std::string id;
  bool random = false;

  static RequestId Natural(std::string id) { return {std::move(id), false}; }
  // For what may be meant twice.
  static RequestId Random() { return {"", true}; }
};

// Sends the command and shows `what` (told the response), then the receipt; as JSON the response,
// then `json_extra`, such as an id that was made up here:
//   WriteAndShow<v1::HoursService>(session, &Hours::CloseActivity, flags.write,
//                                  RequestId::Natural(id), command, [&](const auto&) { … });
// `more` as in Write.
template <typename Service, typename Request, typename Response, typename Command, typename What,
          typename More = NothingMore>
absl::StatusOr<int> WriteAndShow(
    Session& session,
    grpc::Status (Service::StubInterface::*method)(grpc::ClientContext*, const Request&, Response*),
    const WriteFlags& flags, RequestId request_id, Command command, const What& what,
    const std::vector<std::pair<std::string, std::string>>& json_extra = {},
    const More& more = {}) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  if (request_id.random && flags.request_id.empty()) {
    auto id = RandomId("merit-");
    if (!id.ok()) return id.status();
    request_id.id = *std::move(id);
  }
  const auto stub = Service::NewStub((*client)->channel());
  const auto response =
      Write<Response>(session, static_cast<typename Service::StubInterface&>(*stub), method, flags,
                      request_id.id, std::move(command), more);
  if (!response.ok()) {
    if (request_id.random && flags.request_id.empty() &&
        RetryCanHelp(response.status().raw_code())) {
      session.Note(Text(session.Say("to repeat this and not do it twice, add --request-id ",
                                    "如需原样重试而不重复办理，请加 --request-id "),
                        request_id.id));
    }
    return response.status();
  }
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonText(*response, json_extra));
  } else {
    session.ShowTable(ReceiptTable(session, what(*response), response->receipt()), Shape::kDown);
  }
  return kExitOk;
}

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SHOW_WRITE_H_
