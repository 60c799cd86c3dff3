#include "cli/counter_command.h"

#include <grpcpp/channel.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <utility>

#include "absl/time/clock.h"
#include "cli/client.h"
#include "cli/counter.h"
#include "cli/problem.h"
#include "cli/read_call.h"
#include "meritbook/v1/mall.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Mall = v1::MallService::StubInterface;

// A customer waits: sooner than the half minute that other commands give a call.
constexpr double kTimeoutSecondsMax = 8;
constexpr std::chrono::milliseconds kConnectMax{800};
constexpr const char* kProbe = "-";

class GrpcTill : public TillServer {
 public:
  GrpcTill(Session& session, std::string merchant_id)
      : session_(session), merchant_id_(std::move(merchant_id)) {}

  absl::StatusOr<std::vector<v1::ShelfItem>> Items() override {
    Await();
    v1::ListItemsRequest request;
    request.set_merchant_id(merchant_id_);
    auto all = ReadPages<v1::MallService>(
        session_, &Mall::ListItems, std::move(request),
        [](v1::ListItemsResponse& page) { return page.mutable_items(); });
    if (!all.ok()) return all.status();
    std::vector<v1::ShelfItem> items;
    for (v1::ShelfItem& item : *all->mutable_items()) {
      if (!item.withdrawn()) items.push_back(std::move(item));
    }
    return items;
  }

  absl::StatusOr<std::vector<v1::OrderView>> OpenOrders() override {
    Await();
    v1::ListOpenOrdersRequest request;
    request.set_merchant_id(merchant_id_);
    auto all = ReadPages<v1::MallService>(
        session_, &Mall::ListOpenOrders, std::move(request),
        [](v1::ListOpenOrdersResponse& page) { return page.mutable_orders(); });
    if (!all.ok()) return all.status();
    return std::vector<v1::OrderView>(all->orders().begin(), all->orders().end());
  }

  absl::StatusOr<v1::RedeemNowResponse> Redeem(const v1::RedeemNowRequest& request) override {
    Await();
    return Read<v1::MallService>(session_, &Mall::RedeemNow, request);
  }

  absl::StatusOr<v1::ConfirmOrderResponse> Confirm(
      const v1::ConfirmOrderRequest& request) override {
    Await();
    return Read<v1::MallService>(session_, &Mall::ConfirmOrder, request);
  }

 private:
  // A channel that is between two tries to connect fails at once, although the server may be back.
  void Await() {
    const auto client = session_.Connect();
    if (!client.ok()) return;
    (void)(*client)->channel()->WaitForConnected(std::chrono::system_clock::now() + kConnectMax);
  }

  Session& session_;
  const std::string merchant_id_;
};

// Whose till the key is of: a sale at a merchant that isn't its own is refused with its own.
absl::StatusOr<std::string> MerchantOfKey(Session& session) {
  v1::RedeemNowRequest request;
  request.mutable_command()->set_order_id(kProbe);
  request.mutable_command()->set_volunteer_id(kProbe);
  request.mutable_command()->set_merchant_id(kProbe);
  v1::OrderLine* const line = request.mutable_command()->add_lines();
  line->set_item_id(kProbe);
  line->set_quantity(1);
  const auto response = Read<v1::MallService>(session, &Mall::RedeemNow, std::move(request));
  if (ReasonOf(response.status()) == "MERCHANT_NOT_YOURS") {
    const auto info = ErrorInfoOf(*DetailsOf(response.status()));
    const auto found = info->metadata().find("merchant_id");
    if (found != info->metadata().end() && !found->second.empty()) return found->second;
  }
  const std::string reason = ReasonOf(response.status());
  if (reason == "UNAUTHENTICATED" || reason == "ROLE_MISSING" || reason == "LEDGER_UNKNOWN") {
    return response.status();
  }
  return absl::InvalidArgumentError(
      response.ok() || !RetryCanHelp(response.status().raw_code())
          ? "whose counter is this? Your key is of no merchant's till: give --merchant"
          : "whose counter is this? The server is away and can't tell: give --merchant");
}

int SendOnly(Session& session, Counter& counter, const CounterJournal& journal) {
  if (journal.waiting_count() == 0) {
    session.ShowText(session.Say("nothing waits\n", "没有待补报的兑换券\n"));
    return kExitOk;
  }
  const SentTally tally = counter.Send();
  session.ShowText(Text(tally.done, session.Say(" paid, ", " 张已入账，"), tally.refused,
                        session.Say(" refused, ", " 张被拒绝，"), tally.waiting,
                        session.Say(" wait\n", " 张待补报\n")));
  if (tally.waiting > 0) return kExitUnreachable;
  return tally.refused > 0 ? kExitRefused : kExitOk;
}

}  // namespace

absl::StatusOr<int> RunCounter(Session& session, const CounterFlags& flags) {
  Globals globals = session.globals();
  globals.timeout_seconds = std::min(globals.timeout_seconds, kTimeoutSecondsMax);
  Session till(globals);
  const auto ledger_id = till.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto client = till.Connect();
  if (!client.ok()) return client.status();
  std::string merchant_id = flags.merchant_id;
  if (merchant_id.empty()) {
    auto own = MerchantOfKey(till);
    if (!own.ok()) return own.status();
    merchant_id = *std::move(own);
  }
  std::string file = flags.journal_file;
  if (file.empty()) {
    auto made = DefaultJournalFile(*ledger_id, merchant_id, flags.terminal_id);
    if (!made.ok()) return made.status();
    file = *std::move(made);
  }
  const auto journal = CounterJournal::Open(file);
  if (!journal.ok()) return journal.status();

  CounterSettings settings;
  settings.language = session.language();
  settings.ledger_id = *ledger_id;
  settings.merchant_id = merchant_id;
  settings.terminal_id = flags.terminal_id;
  // The till's own where the server can't tell.
  if (till.Ledger().ok()) settings.zone = till.Zone();
  settings.terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  settings.colour = session.globals().colour;
  GrpcTill server(till, merchant_id);
  const auto show = [&session](std::string_view text) {
    session.ShowText(text);
    std::fflush(stdout);
  };
  Counter counter(std::move(settings), server, **journal, std::cin, show,
                  [] { return absl::ToUnixMicros(absl::Now()); });
  if (flags.send) return SendOnly(session, counter, **journal);
  counter.Run();
  return kExitOk;
}

}  // namespace meritbook::cli
