#include <memory>

#include "ledger/flow.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "meritbook/v1/hours.grpc.pb.h"
#include "services/bulk.h"
#include "services/command_handler.h"
#include "services/read_handler.h"
#include "services/review_reads.h"
#include "services/rpc_services.h"

namespace meritbook {

void FillFromEvent(const v1::Event& event, v1::CreditHoursResponse* response) {
  *response->mutable_segments() = event.hours_credited().credit().segments();
}

void FillFromEvent(const v1::Event& event, v1::SubmitHoursResponse* response) {
  *response->mutable_segments() = event.hours_submitted().credit().segments();
  *response->mutable_wait_reasons() = event.hours_submitted().wait_reasons();
}

void FillFromEvent(const v1::Event& event, v1::RecordAttendanceResponse* response) {
  response->set_credited_count(event.attendance_recorded().credited_count());
}

void FillFromEvent(const v1::Event& event, v1::BackfillHoursResponse* response) {
  *response->mutable_segments() = event.hours_backfilled().credit().segments();
  *response->mutable_wait_reasons() = event.hours_backfilled().wait_reasons();
}

void FillFromEvent(const v1::Event& event, v1::ReviewHoursResponse* response) {
  *response->mutable_segments() = event.hours_reviewed().credit().segments();
}

void FillFromEvent(const v1::Event& event, v1::CorrectHoursResponse* response) {
  *response->mutable_segments() = event.hours_corrected().credit().segments();
}

void FillFromEvent(const v1::Event& event, v1::RevokeHoursResponse* response) {
  response->set_units(SumOf(event.hours_revoked().claw_back()));
  response->set_debt_units(event.hours_revoked().claw_back().debt_units());
}

namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class HoursServer final : public v1::HoursService::CallbackService {
 public:
  explicit HoursServer(const Server& server) : server_(server) {}

  MB_COMMAND_RPC(HoursService, RegisterOrganisation)
  MB_COMMAND_RPC(HoursService, RegisterActivity)
  MB_COMMAND_RPC(HoursService, SetRoster)
  MB_COMMAND_RPC(HoursService, SubmitActivity)
  MB_COMMAND_RPC(HoursService, ReviewActivity)
  MB_COMMAND_RPC(HoursService, CloseActivity)
  MB_COMMAND_RPC(HoursService, CancelActivity)
  MB_COMMAND_RPC(HoursService, RegisterSession)
  MB_COMMAND_RPC(HoursService, CreditHours)
  MB_COMMAND_RPC(HoursService, SubmitHours)
  MB_COMMAND_RPC(HoursService, RecordAttendance)
  MB_COMMAND_RPC(HoursService, BackfillHours)
  MB_COMMAND_RPC(HoursService, ReviewHours)
  MB_COMMAND_RPC(HoursService, CorrectHours)
  MB_COMMAND_RPC(HoursService, RevokeHours)
  MB_COMMAND_RPC(HoursService, DisputeHours)
  MB_COMMAND_RPC(HoursService, AwardPoints)

  ServerUnaryReactor* BatchCreditHours(CallbackServerContext* context,
                                       const v1::BatchCreditHoursRequest* request,
                                       v1::BatchCreditHoursResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.BatchCreditHours");
    ServerUnaryReactor* const reactor = context->DefaultReactor();
    auto authorised = Authorise(server_, *context, method, request->ledger_id());
    if (auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const size_t items_max = request->atomic() ? kAtomicItemsMax : kBatchItemsMax;
    if (static_cast<size_t>(request->items_size()) > items_max) {
      reactor->Finish(RpcError({v1::REFUSAL_BATCH_TOO_LARGE,
                                "items",
                                Text(request->items_size(), " items, at most ", items_max),
                                {{"items_max", Text(items_max)}}}));
      return reactor;
    }
    auto bulk = std::make_shared<Bulk>(server_, request->ledger_id(),
                                       std::get<std::shared_ptr<const Identity>>(authorised),
                                       response->mutable_results());
    for (const v1::CreditHoursItem& item : request->items()) {
      std::optional<std::string_view> request_id;
      if (item.has_request_id()) request_id = item.request_id();
      std::optional<int64_t> recorded_us;
      if (item.has_recorded_us()) recorded_us = item.recorded_us();
      bulk->Add(&item.command(), request_id, recorded_us);
    }
    const auto refused =
        Bulk::Run(std::move(bulk), request->atomic(), DeadlineUs(server_, *context),
                  [reactor] { reactor->Finish(grpc::Status::OK); });
    if (refused) reactor->Finish(RpcError(*refused));
    return reactor;
  }

  ServerUnaryReactor* GetRecord(CallbackServerContext* context, const v1::GetRecordRequest* request,
                                v1::GetRecordResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.GetRecord");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity& identity) {
                        return ReadRecord(ledger.state(), identity.caller, *request, response);
                      });
  }

  ServerUnaryReactor* ListReviews(CallbackServerContext* context,
                                  const v1::ListReviewsRequest* request,
                                  v1::ListReviewsResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.HoursService.ListReviews");
    return HandleRead(server_, context, method, request->ledger_id(),
                      [request, response](const Ledger& ledger, const Identity&) {
                        return ReadReviews(ledger.state(), *request, response);
                      });
  }

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewHoursService(const Server& server) {
  return std::make_unique<HoursServer>(server);
}

}  // namespace meritbook
