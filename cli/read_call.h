// Owns: the way of every command that reads: ledger, call, page after page.
// Promises: a list is read whole, or not at all.
// Thread: one.
#ifndef MERITBOOK_CLI_READ_CALL_H_
#define MERITBOOK_CLI_READ_CALL_H_

#include <utility>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/session.h"

namespace meritbook::cli {

// Sends the request for the session's ledger:
//   Read<v1::MallService>(session, &Mall::GetItem, request)
template <typename Service, typename Request, typename Response>
absl::StatusOr<Response> Read(Session& session,
                              grpc::Status (Service::StubInterface::*method)(grpc::ClientContext*,
                                                                             const Request&,
                                                                             Response*),
                              Request request) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  request.set_ledger_id(*ledger_id);
  const auto stub = Service::NewStub((*client)->channel());
  Response response;
  const absl::Status status = (*client)->Call(static_cast<typename Service::StubInterface&>(*stub),
                                              method, request, &response);
  if (!status.ok()) return status;
  return response;
}

// All pages in one answer; `rows` gives the repeated field of a response:
//   ReadPages<v1::MallService>(session, &Mall::ListItems, request,
//                              [](v1::ListItemsResponse& page) { return page.mutable_items(); })
template <typename Service, typename Request, typename Response, typename Rows>
absl::StatusOr<Response> ReadPages(
    Session& session,
    grpc::Status (Service::StubInterface::*method)(grpc::ClientContext*, const Request&, Response*),
    Request request, const Rows& rows) {
  constexpr uint32_t kPageMax = 1'024;
  request.set_page_size(kPageMax);
  Response all;
  do {
    auto page = Read<Service>(session, method, request);
    if (!page.ok()) return page.status();
    request.set_page_token(page->next_page_token());
    all.set_size(page->size());
    for (auto& row : *rows(*page)) rows(all)->Add(std::move(row));
  } while (!request.page_token().empty());
  return all;
}

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_READ_CALL_H_
