#include "cli/voucher_commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <iostream>
#include <thread>
#include <utility>

#include "cli/order_commands.h"
#include "cli/order_table.h"
#include "cli/order_words.h"
#include "cli/quantity.h"
#include "cli/read_call.h"
#include "cli/show_write.h"
#include "cli/voucher_code.h"
#include "cli/voucher_slip.h"
#include "meritbook/v1/mall.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Mall = v1::MallService::StubInterface;

// A file that only its owner reads, there before the voucher is issued and gone if it isn't.
class PageFile {
 public:
  PageFile() = default;
  PageFile(const PageFile&) = delete;
  PageFile& operator=(const PageFile&) = delete;
  ~PageFile() {
    if (fd_ < 0) return;
    close(fd_);
    if (!written_) unlink(name_.c_str());
  }

  absl::Status Create(const std::string& name) {
    name_ = name;
    fd_ = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ >= 0) return absl::OkStatus();
    return absl::InvalidArgumentError(Text(name, ": ", std::strerror(errno)));
  }

  absl::Status Write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t done = write(fd_, text.data(), text.size());
      if (done < 0) return absl::InternalError(Text(name_, ": ", std::strerror(errno)));
      text.remove_prefix(static_cast<size_t>(done));
    }
    written_ = true;
    return absl::OkStatus();
  }

 private:
  std::string name_;
  int fd_ = -1;
  bool written_ = false;
};

absl::StatusOr<v1::IssueVoucherResponse> Issue(Session& session, const WriteFlags& flags,
                                               const v1::IssueVoucher& command) {
  constexpr int kTriesMax = 4;
  constexpr auto kPause = std::chrono::seconds(1);
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::MallService::NewStub((*client)->channel());
  absl::StatusOr<v1::IssueVoucherResponse> response;
  // The code is known to this process only: another run could not repeat the call.
  for (int tries = 0; tries < kTriesMax; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(kPause);
    response =
        Write<v1::IssueVoucherResponse>(session, static_cast<Mall&>(*stub), &Mall::IssueVoucher,
                                        flags, command.order_id(), command);
    if (response.ok() || !RetryCanHelp(response.status().raw_code())) return response;
  }
  // Unlike other commands this one doubles when it is repeated: the digits would be others.
  return absl::UnavailableError(
      Text(session.Say("no answer: it is not known whether the voucher was issued, and no slip is "
                       "printed; before you issue another: merit order cancel ",
                       "无应答：不确定是否已开券，未打印；重新开券前请先执行：merit order cancel "),
           command.order_id(), " --reason not-printed"));
}

absl::Status Print(Session& session, const VoucherSlip& slip,
                   const v1::IssueVoucherResponse& response) {
  if (session.globals().format == Format::kJson) {
    session.ShowText(
        JsonText(response, {{"order_id", slip.order_id}, {"voucher_code", slip.code}}));
    return absl::OkStatus();
  }
  if (session.globals().format == Format::kCsv) {
    Table table({{"", "order_id"}, {"", "voucher_code"}, {"", "units"}, {"", "last_day"}});
    table.Add({slip.order_id, slip.code, PointsCell(slip.units), slip.last_day});
    session.ShowTable(table, Shape::kRows);
    return absl::OkStatus();
  }
  const SlipQr qr = isatty(STDOUT_FILENO) != 1 ? SlipQr::kNone
                    : session.globals().colour ? SlipQr::kColour
                                               : SlipQr::kPlain;
  const auto text = SlipText(slip, session.language(), qr);
  if (!text.ok()) return text.status();
  session.ShowText(*text);
  return absl::OkStatus();
}

absl::StatusOr<std::string> CodeOrLine(const std::string& code) {
  if (!code.empty()) return ParseVoucherCode(code);
  std::string line;
  std::getline(std::cin, line);
  while (!line.empty() && line.back() == '\r') line.pop_back();
  return ParseVoucherCode(line);
}

}  // namespace

absl::StatusOr<int> IssueVoucher(Session& session, const IssueVoucherFlags& flags) {
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  auto lines = ParseLines(flags.lines);
  if (!lines.ok()) return lines.status();
  if (lines->empty()) return absl::InvalidArgumentError("what is on it? Give --item or --points");
  const auto code = MakeVoucherCode();
  if (!code.ok()) return code.status();
  v1::IssueVoucher command;
  command.set_order_id(flags.order_id.empty() ? VoucherOrderId(*ledger_id, *code) : flags.order_id);
  command.set_volunteer_id(flags.volunteer_id);
  command.set_merchant_id(flags.merchant_id);
  for (v1::OrderLine& line : *lines) *command.add_lines() = std::move(line);
  if (flags.valid_days) command.set_valid_days(*flags.valid_days);
  command.set_code_sha256(Sha256(*code));

  PageFile page;
  if (!flags.page_file.empty()) {
    const absl::Status created = page.Create(flags.page_file);
    if (!created.ok()) return created;
  }
  auto response = Issue(session, flags.write, command);
  if (!response.ok()) return response.status();
  VoucherSlip slip;
  slip.ledger_id = *ledger_id;
  slip.merchant_id = flags.merchant_id;
  slip.order_id = command.order_id();
  slip.last_day = absl::FormatTime("%Y-%m-%d", absl::FromUnixMicros(response->deadline_us() - 1),
                                   session.Zone());
  slip.units = response->units();
  slip.lines = response->lines();
  slip.code = *code;
  if (!flags.page_file.empty()) {
    const auto text = SlipPage(slip, session.language());
    const absl::Status written = text.ok() ? page.Write(*text) : text.status();
    // The slip below still has the digits.
    if (!written.ok()) session.Note(MessageOf(written));
  }
  const absl::Status printed = Print(session, slip, *response);
  if (!printed.ok()) return printed;
  return kExitOk;
}

absl::StatusOr<int> ShowVoucher(Session& session, const std::string& code_or_order) {
  PlacedFlags order;
  order.order_id = code_or_order;
  const auto code = ParseVoucherCode(code_or_order);
  if (!code.ok()) return ShowOrder(session, order);
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  order.order_id = VoucherOrderId(*ledger_id, *code);
  // Whose it is stands in the list of open orders.
  const auto open = ReadPages<v1::MallService>(
      session, &Mall::ListOpenOrders, v1::ListOpenOrdersRequest(),
      [](v1::ListOpenOrdersResponse& page) { return page.mutable_orders(); });
  if (!open.ok()) return open.status();
  for (const v1::OrderView& view : open->orders()) {
    if (view.order().order_id() == order.order_id) order.owner = OwnerText(view.order());
  }
  return ShowOrder(session, order);
}

absl::StatusOr<int> ConfirmVoucher(Session& session, const ConfirmVoucherFlags& flags) {
  const auto code = CodeOrLine(flags.code);
  if (!code.ok()) return code.status();
  v1::ConfirmOrder command;
  auto lines = ParseLines(flags.lines);
  if (!lines.ok()) return lines.status();
  for (v1::OrderLine& line : *lines) *command.add_lines() = std::move(line);
  if (!flags.happened_at.empty()) {
    const auto happened_us = InstantFlag("--happened-at", flags.happened_at);
    if (!happened_us.ok()) return happened_us.status();
    command.set_happened_us(*happened_us);
  }
  const std::string request_id =
      ContentId("voucher-", Text(Sha256(*code), command.SerializeAsString()));
  return WriteAndShow<v1::MallService>(
      session, &Mall::ConfirmOrder, flags.write, RequestId::Natural(request_id), std::move(command),
      [&](const v1::ConfirmOrderResponse& response) {
        if (session.globals().format == Format::kTable) {
          session.ShowTable(PricedTable(session, response.lines()), Shape::kRows);
        }
        return std::vector<NamedCell>{
            {{session.Say("order", "订单"), "order_id"}, response.order().order_id()},
            {{session.Say("points paid", "支付积分"), "units"}, PointsCell(response.units())}};
      },
      {}, [&code](v1::ConfirmOrderRequest& request) { request.set_voucher_code(*code); });
}

}  // namespace meritbook::cli
