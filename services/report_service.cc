#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "ledger/command.h"
#include "ledger/text.h"
#include "meritbook/v1/report.grpc.pb.h"
#include "services/report_books.h"
#include "services/report_stream.h"
#include "services/reports.h"
#include "services/rpc_error.h"
#include "services/rpc_services.h"
#include "services/rule_trial.h"
#include "services/summary.h"

namespace meritbook {
namespace {

using BooksOrRefused = std::variant<const books::Books*, Refused>;

// A merchant reads five kinds, of its own.
std::optional<Refused> CheckReader(const Identity& reader, const v1::GetReportRequest& request) {
  const bool reads_all = std::any_of(reader.roles.begin(), reader.roles.end(),
                                     [](v1::Role role) { return role != v1::ROLE_MERCHANT; });
  if (reads_all) return std::nullopt;
  const v1::ReportKind kind = request.kind();
  const bool of_merchants = kind == v1::REPORT_KIND_DAYBOOK || kind == v1::REPORT_KIND_SETTLEMENT ||
                            kind == v1::REPORT_KIND_ACCOUNT || kind == v1::REPORT_KIND_STOCK ||
                            kind == v1::REPORT_KIND_OPEN_ORDERS;
  if (!of_merchants) {
    return Refused{v1::REFUSAL_REPORT_NOT_YOURS, "kind", "merchants don't read this report", {}};
  }
  const bool own = !reader.caller.merchant_id.empty() &&
                   request.merchant_id() == reader.caller.merchant_id &&
                   request.volunteer_id().empty();
  if (own) return std::nullopt;
  return Refused{v1::REFUSAL_REPORT_NOT_YOURS,
                 "merchant_id",
                 "a merchant reads its own report, and says so",
                 {{"merchant_id", reader.caller.merchant_id}}};
}

class ReportServer final : public v1::ReportService::CallbackService {
 public:
  explicit ReportServer(const Server& server) : server_(server), books_(server) {}

  grpc::ServerUnaryReactor* GetSummary(grpc::CallbackServerContext* context,
                                       const v1::GetSummaryRequest* request,
                                       v1::GetSummaryResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.ReportService.GetSummary");
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    std::optional<DayNumber> until;
    if (!request->as_of().until_day().empty()) {
      until = ParseDay(request->as_of().until_day());
      if (!until) {
        reactor->Finish(RpcError(
            {v1::REFUSAL_FIELD_INVALID, "as_of.until_day", "not a day as 2021-03-05", {}}));
        return reactor;
      }
    }
    books_.Show(WantedOf(*context, request->ledger_id(), request->as_of(), request->min_size()),
                [reactor, response, until](const BooksOrRefused& shown) {
                  if (const auto* refused = std::get_if<Refused>(&shown)) {
                    reactor->Finish(RpcError(*refused));
                    return;
                  }
                  *response = SummaryOf(*std::get<const books::Books*>(shown), until);
                  reactor->Finish(grpc::Status::OK);
                });
    return reactor;
  }

  grpc::ServerWriteReactor<v1::GetReportResponse>* GetReport(
      grpc::CallbackServerContext* context, const v1::GetReportRequest* request) override {
    static const auto& method = MethodNamed("meritbook.v1.ReportService.GetReport");
    ReportStream* const stream = ReportStream::New();
    const auto authorised = Authorise(server_, *context, method, request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      stream->Refuse(*refused);
      return stream;
    }
    const Identity& reader = *std::get<std::shared_ptr<const Identity>>(authorised);
    if (const auto refused = CheckReader(reader, *request)) {
      stream->Refuse(*refused);
      return stream;
    }
    auto checked = CheckReport(*request);
    if (const auto* refused = std::get_if<Refused>(&checked)) {
      stream->Refuse(*refused);
      return stream;
    }
    books_.Show(WantedOf(*context, request->ledger_id(), request->as_of(), 0),
                [stream, asked = std::get<ReportRequest>(std::move(checked))](
                    const BooksOrRefused& shown) { Send(stream, asked, shown); });
    return stream;
  }

  grpc::ServerUnaryReactor* TryRule(grpc::CallbackServerContext* context,
                                    const v1::TryRuleRequest* request,
                                    v1::TryRuleResponse* response) override {
    static const auto& method = MethodNamed("meritbook.v1.ReportService.TryRule");
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    const auto authorised = Authorise(server_, *context, method, request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&authorised)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    if (const auto refused = CheckTriedRule(request->rule())) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const auto durable = DurableSize(request->ledger_id());
    if (const auto* refused = std::get_if<Refused>(&durable)) {
      reactor->Finish(RpcError(*refused));
      return reactor;
    }
    const uint64_t size = std::get<uint64_t>(durable);
    if (trying_.exchange(true)) {
      reactor->Finish(RpcError({v1::REFUSAL_QUEUE_FULL,
                                "",
                                "another rule is being tried, one at a time; try again",
                                {}}));
      return reactor;
    }
    server_.trials->Post([this, context, request, response, reactor, size] {
      const TrialOptions options{[this] { return server_.sequencer->log(); },
                                 [this, context] { return WhyStop(*context); }};
      auto tried = meritbook::TryRule(options, request->ledger_id(), size, request->rule());
      trying_ = false;
      const auto* refused = std::get_if<Refused>(&tried);
      if (refused == nullptr) *response = std::get<v1::TryRuleResponse>(std::move(tried));
      reactor->Finish(refused == nullptr ? grpc::Status::OK : RpcError(*refused));
    });
    return reactor;
  }

 private:
  ReportBooks::Wanted WantedOf(grpc::CallbackServerContext& context, const std::string& ledger_id,
                               const v1::AsOf& as_of, uint64_t min_size) const {
    return {ledger_id, as_of, min_size,
            std::min(absl::FromChrono(context.deadline()), absl::Now() + absl::Seconds(60)),
            [this, &context] { return WhyStop(context); }};
  }

  static void Send(ReportStream* stream, const ReportRequest& asked, const BooksOrRefused& shown) {
    if (const auto* refused = std::get_if<Refused>(&shown)) {
      stream->Refuse(*refused);
      return;
    }
    const books::Books& books = *std::get<const books::Books*>(shown);
    auto made = MakeReport(books, asked);
    if (const auto* refused = std::get_if<Refused>(&made)) {
      stream->Refuse(*refused);
      return;
    }
    v1::GetReportResponse head;
    head.set_size(books.size);
    head.set_last_recorded_us(books.last_recorded_us);
    head.set_time_zone(books.time_zone);
    stream->Send(std::move(head), std::get<ReportTable>(std::move(made)));
  }

  std::variant<uint64_t, Refused> DurableSize(const std::string& ledger_id) const {
    const auto log = server_.sequencer->log();
    if (log == nullptr) {
      return Refused{
          v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again; repeat it", {}};
    }
    const uint64_t size = log->Size(ledger_id);
    if (size == 0) return Unknown(v1::REFUSAL_LEDGER_UNKNOWN, "ledger_id", ledger_id);
    return size;
  }

  // As PublishRule checks it; there the rule is the command.
  static std::optional<Refused> CheckTriedRule(const v1::PublishRule& rule) {
    const Caller nobody;
    auto prepared = Prepare(nobody, &rule, "trial", std::nullopt);
    auto* refused = std::get_if<Refused>(&prepared);
    if (refused == nullptr) return std::nullopt;
    constexpr std::string_view kCommand = "command";
    if (refused->field.rfind(kCommand, 0) == 0) refused->field.replace(0, kCommand.size(), "rule");
    return std::move(*refused);
  }

  std::optional<Refused> WhyStop(const grpc::CallbackServerContext& context) const {
    if (server_.growth->stopped()) {
      return Refused{v1::REFUSAL_STOPPING, "", "the server is stopping", {}};
    }
    if (context.IsCancelled() || std::chrono::system_clock::now() >= context.deadline()) {
      return Refused{v1::REFUSAL_DEADLINE_EXCEEDED, "", "nobody waits for the answer any more", {}};
    }
    return std::nullopt;
  }

  const Server& server_;
  ReportBooks books_;
  std::atomic<bool> trying_ = false;
};

}  // namespace

std::unique_ptr<grpc::Service> NewReportService(const Server& server) {
  return std::make_unique<ReportServer>(server);
}

}  // namespace meritbook
