#include "cli/merchant_commands.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/time/clock.h"
#include "cli/json_text.h"
#include "cli/quantity.h"
#include "cli/read_call.h"
#include "cli/show_write.h"
#include "meritbook/v1/audit.grpc.pb.h"
#include "meritbook/v1/mall.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Audit = v1::AuditService::StubInterface;
using Mall = v1::MallService::StubInterface;

NamedCell MerchantCell(const Session& session, const std::string& id) {
  return {{session.Say("merchant", "商户"), "merchant_id"}, id};
}

NamedCell StateCell(const Session& session, const char* english, const char* chinese) {
  return {{session.Say("now", "状态"), "state"}, Cell(session.Say(english, chinese), english)};
}

// The ledger's day of now; empty where it can't be read, which is before every day.
std::string Today(Session& session) {
  const auto ledger = session.Ledger();
  if (!ledger.ok()) return "";
  const bool migrating = ledger->state() == v1::LEDGER_STATE_MIGRATING;
  const absl::Time now = migrating ? absl::FromUnixMicros(ledger->last_recorded_us()) : absl::Now();
  return absl::FormatTime("%Y-%m-%d", now, session.Zone());
}

Cell StateOf(const Session& session, const v1::GetMerchantResponse& merchant,
             const std::string& today) {
  const bool leaves = !merchant.last_day().empty();
  if (leaves && merchant.last_day() < today) return {session.Say("has left", "已退出"), "left"};
  if (merchant.suspended()) return {session.Say("suspended", "已暂停"), "suspended"};
  if (leaves) return {session.Say("leaving", "将退出"), "leaving"};
  return {session.Say("selling", "营业"), "selling"};
}

Table MerchantTable(Session& session, const std::vector<v1::GetMerchantResponse>& merchants) {
  Table table({{session.Say("merchant", "商户"), "merchant_id"},
               {session.Say("state", "状态"), "state"},
               {session.Say("last day", "最后一日"), "last_day"},
               {session.Say("owed points", "应付积分"), "payable_units", Align::kRight},
               {session.Say("owed yuan", "应付金额（元）"), "payable_fen", Align::kRight},
               {session.Say("open orders", "未完成订单"), "open_orders", Align::kRight},
               {session.Say("newest statement", "最近结算单"), "newest_statement_id"}});
  const std::string today = Today(session);
  for (const v1::GetMerchantResponse& merchant : merchants) {
    table.Add({merchant.merchant_id(), StateOf(session, merchant, today), merchant.last_day(),
               PointsCell(merchant.payable_units()), YuanCell(merchant.payable_fen()),
               CountCell(merchant.open_orders()), merchant.newest_statement_id()});
  }
  return table;
}

}  // namespace

absl::StatusOr<int> AddMerchant(Session& session, const AddMerchantFlags& flags) {
  v1::OnboardMerchant command;
  command.set_merchant_id(flags.merchant_id);
  command.set_kind(flags.kind);
  return WriteAndShow<v1::MallService>(
      session, &Mall::OnboardMerchant, flags.write, RequestId::Natural(flags.merchant_id),
      std::move(command), [&](const v1::OnboardMerchantResponse&) {
        return std::vector<NamedCell>{MerchantCell(session, flags.merchant_id)};
      });
}

absl::StatusOr<int> SuspendMerchant(Session& session, const MerchantReasonFlags& flags) {
  v1::SuspendMerchant command;
  command.set_merchant_id(flags.merchant_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::MallService>(
      session, &Mall::SuspendMerchant, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::SuspendMerchantResponse&) {
        return std::vector<NamedCell>{MerchantCell(session, flags.merchant_id),
                                      StateCell(session, "suspended", "已暂停")};
      });
}

absl::StatusOr<int> ResumeMerchant(Session& session, const MerchantReasonFlags& flags) {
  v1::ResumeMerchant command;
  command.set_merchant_id(flags.merchant_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::MallService>(
      session, &Mall::ResumeMerchant, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::ResumeMerchantResponse&) {
        return std::vector<NamedCell>{MerchantCell(session, flags.merchant_id),
                                      StateCell(session, "selling", "营业")};
      });
}

absl::StatusOr<int> OffboardMerchant(Session& session, const MerchantReasonFlags& flags) {
  v1::OffboardMerchant command;
  command.set_merchant_id(flags.merchant_id);
  command.set_last_day(flags.last_day);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::MallService>(
      session, &Mall::OffboardMerchant, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::OffboardMerchantResponse&) {
        return std::vector<NamedCell>{
            MerchantCell(session, flags.merchant_id),
            {{session.Say("last day", "最后一日"), "last_day"}, flags.last_day}};
      });
}

absl::StatusOr<int> ShowMerchant(Session& session, const std::string& merchant_id) {
  v1::GetMerchantRequest request;
  request.set_merchant_id(merchant_id);
  const auto merchant = Read<v1::MallService>(session, &Mall::GetMerchant, std::move(request));
  if (!merchant.ok()) return merchant.status();
  session.Show(*merchant, MerchantTable(session, {*merchant}), Shape::kDown);
  return kExitOk;
}

absl::StatusOr<std::vector<v1::GetMerchantResponse>> AllMerchants(Session& session) {
  const auto balance =
      Read<v1::AuditService>(session, &Audit::GetTrialBalance, v1::GetTrialBalanceRequest());
  if (!balance.ok()) return balance.status();
  std::vector<v1::GetMerchantResponse> merchants;
  for (const v1::MerchantBalance& listed : balance->merchants()) {
    v1::GetMerchantRequest request;
    request.set_merchant_id(listed.merchant_id());
    auto merchant = Read<v1::MallService>(session, &Mall::GetMerchant, std::move(request));
    if (!merchant.ok()) return merchant.status();
    merchants.push_back(*std::move(merchant));
  }
  return merchants;
}

absl::StatusOr<int> ListMerchants(Session& session) {
  const auto merchants = AllMerchants(session);
  if (!merchants.ok()) return merchants.status();
  if (session.globals().format == Format::kJson) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const v1::GetMerchantResponse& merchant : *merchants) list.push_back(JsonOf(merchant));
    nlohmann::ordered_json json;
    json["merchants"] = std::move(list);
    session.ShowText(JsonText(json));
    return kExitOk;
  }
  session.ShowTable(MerchantTable(session, *merchants), Shape::kRows);
  return kExitOk;
}

}  // namespace meritbook::cli
