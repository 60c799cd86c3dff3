#include "cli/played_ledger.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "cli/client.h"
#include "cli/expected_ledger.h"
#include "cli/json_text.h"
#include "cli/text.h"
#include "meritbook/v1/account.grpc.pb.h"
#include "meritbook/v1/audit.grpc.pb.h"
#include "meritbook/v1/mall.grpc.pb.h"
#include "meritbook/v1/settlement.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Json = nlohmann::ordered_json;
using Account = v1::AccountService::StubInterface;
using AuditStub = v1::AuditService::StubInterface;
using Mall = v1::MallService::StubInterface;
using Settlement = v1::SettlementService::StubInterface;

constexpr uint32_t kPageSize = 1'024;

// "STATEMENT_STATE_PAID" -> "paid".
std::string Lower(std::string_view name, std::string_view prefix) {
  name.remove_prefix(prefix.size());
  return absl::AsciiStrToLower({name.data(), name.size()});
}

std::string NameOf(const v1::BudgetName& budget) {
  return Text(budget.source(), "-", budget.year());
}

class Reader {
 public:
  Reader(Client& client, const std::string& ledger_id, const Json& expected)
      : client_(client), ledger_id_(ledger_id), expected_(expected) {}

  absl::Status Events(Json& counts) const {
    for (const std::string& kind : EventKinds()) counts[kind] = 0;
    auto request = Request<v1::StreamEventsRequest>();
    const auto stub = v1::AuditService::NewStub(client_.channel());
    grpc::ClientContext context;
    client_.Authorise(context);
    const auto stream = stub->StreamEvents(&context, request);
    v1::StreamEventsResponse response;
    v1::Event event;
    const auto* const body = v1::Event::descriptor()->FindOneofByName("body");
    std::vector<int64_t> by_number;
    while (stream->Read(&response)) {
      for (const std::string& bytes : response.events()) {
        if (!event.ParseFromString(bytes)) {
          return absl::DataLossError("an event of the stream can't be read");
        }
        const auto number = static_cast<size_t>(event.body_case());
        if (by_number.size() <= number) by_number.resize(number + 1);
        ++by_number[number];
      }
    }
    for (size_t number = 0; number < by_number.size(); ++number) {
      if (by_number[number] == 0) continue;
      const auto* const field =
          v1::Event::descriptor()->FindFieldByNumber(static_cast<int>(number));
      const bool known = field != nullptr && field->containing_oneof() == body;
      counts[known ? field->name() : "unknown"] = by_number[number];
    }
    return client_.StatusOf(stream->Finish());
  }

  absl::Status Balances(Json& balances) const {
    const auto stub = v1::AccountService::NewStub(client_.channel());
    for (const auto& [volunteer_id, fields] : expected_["balances"].items()) {
      auto request = Request<v1::GetBalanceRequest>();
      request.set_volunteer_id(volunteer_id);
      v1::GetBalanceResponse response;
      absl::Status status =
          client_.Call(static_cast<Account&>(*stub), &Account::GetBalance, request, &response);
      if (!status.ok()) return status;
      balances[volunteer_id] = JsonOf(response.balance());
    }
    return absl::OkStatus();
  }

  absl::Status Totals(v1::GetTrialBalanceResponse& response) const {
    const auto stub = v1::AuditService::NewStub(client_.channel());
    return client_.Call(static_cast<AuditStub&>(*stub), &AuditStub::GetTrialBalance,
                        Request<v1::GetTrialBalanceRequest>(), &response);
  }

  absl::Status Shops(Json& shops) const {
    const auto stub = v1::MallService::NewStub(client_.channel());
    for (const auto& [merchant_id, fields] : expected_["shops"].items()) {
      auto request = Request<v1::GetMerchantRequest>();
      request.set_merchant_id(merchant_id);
      v1::GetMerchantResponse response;
      absl::Status status =
          client_.Call(static_cast<Mall&>(*stub), &Mall::GetMerchant, request, &response);
      if (!status.ok()) return status;
      shops[merchant_id] = JsonOf(response);
    }
    return absl::OkStatus();
  }

  absl::Status Items(Json& items) const {
    const auto stub = v1::MallService::NewStub(client_.channel());
    for (const auto& [item_id, fields] : expected_["items"].items()) {
      auto request = Request<v1::GetItemRequest>();
      request.set_item_id(item_id);
      v1::GetItemResponse response;
      absl::Status status =
          client_.Call(static_cast<Mall&>(*stub), &Mall::GetItem, request, &response);
      if (!status.ok()) return status;
      items[item_id] = JsonOf(response.item());
    }
    return absl::OkStatus();
  }

  absl::Status Orders(Json& orders) const {
    const auto stub = v1::MallService::NewStub(client_.channel());
    for (const auto& [name, fields] : expected_["orders"].items()) {
      const size_t slash = name.find('/');
      auto request = Request<v1::GetOrderRequest>();
      // A merchant's till, or else the platform.
      if (name.starts_with("till:")) {
        request.mutable_owner()->set_merchant_id(name.substr(5, slash - 5));
      } else {
        request.mutable_owner()->set_source(name.substr(0, slash));
      }
      request.set_order_id(name.substr(slash + 1));
      v1::GetOrderResponse response;
      absl::Status status =
          client_.Call(static_cast<Mall&>(*stub), &Mall::GetOrder, request, &response);
      if (!status.ok()) return status;
      Json& order = orders[name];
      order = JsonOf(response.order());
      order["state"] = Lower(v1::OrderState_Name(response.order().state()), "ORDER_STATE_");
    }
    return absl::OkStatus();
  }

  absl::Status Budgets(Json& budgets) const {
    const auto stub = v1::SettlementService::NewStub(client_.channel());
    v1::ListBudgetsResponse response;
    absl::Status status = client_.Call(static_cast<Settlement&>(*stub), &Settlement::ListBudgets,
                                       Request<v1::ListBudgetsRequest>(), &response);
    if (!status.ok()) return status;
    for (const v1::BudgetView& budget : response.budgets()) {
      budgets[NameOf(budget.budget())] = {{"allocated_fen", budget.allocated_fen()},
                                          {"reserved_fen", budget.reserved_fen()},
                                          {"owed_fen", budget.owed_fen()},
                                          {"paid_fen", budget.paid_fen()},
                                          {"warned", budget.warned()}};
    }
    return absl::OkStatus();
  }

  absl::Status Statements(Json& statements) const {
    const auto stub = v1::SettlementService::NewStub(client_.channel());
    auto request = Request<v1::ListStatementsRequest>();
    request.set_page_size(kPageSize);
    do {
      v1::ListStatementsResponse response;
      absl::Status status = client_.Call(static_cast<Settlement&>(*stub),
                                         &Settlement::ListStatements, request, &response);
      if (!status.ok()) return status;
      for (const v1::StatementView& statement : response.statements()) {
        statements[statement.statement_id()] = JsonOfStatement(statement);
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return absl::OkStatus();
  }

 private:
  template <typename Message>
  Message Request() const {
    Message request;
    request.set_ledger_id(ledger_id_);
    return request;
  }

  static Json JsonOfStatement(const v1::StatementView& statement) {
    Json json;
    json["merchant_id"] = statement.merchant_id();
    json["state"] = Lower(v1::StatementState_Name(statement.state()), "STATEMENT_STATE_");
    json["through_month"] = statement.through_month();
    const v1::StatementFigures& figures = statement.figures();
    const auto add = [&json](const char* name, const v1::Amounts& amounts) {
      json[Text(name, "_units")] = amounts.units();
      json[Text(name, "_fen")] = amounts.fen();
    };
    add("opening", figures.opening());
    add("confirmed", figures.confirmed());
    add("refunded", figures.refunded());
    add("paid", figures.paid());
    add("reversed", figures.reversed());
    add("written_off", figures.written_off());
    add("closing", figures.closing());
    json["by_budget"] = Json::array();
    for (const v1::BudgetFen& part : statement.by_budget()) {
      json["by_budget"].push_back({{"budget", NameOf(part.budget())}, {"fen", part.fen()}});
    }
    return json;
  }

  Client& client_;
  const std::string& ledger_id_;
  const Json& expected_;
};

}  // namespace

absl::Status ReadParts(Client& client, const std::string& ledger_id, const Json& expected,
                       Json& found) {
  const Reader reader(client, ledger_id, expected);
  struct Part {
    const char* name;
    absl::Status (Reader::*read)(Json&) const;
  };
  constexpr Part kParts[] = {{"events", &Reader::Events},        {"balances", &Reader::Balances},
                             {"shops", &Reader::Shops},          {"items", &Reader::Items},
                             {"orders", &Reader::Orders},        {"budgets", &Reader::Budgets},
                             {"statements", &Reader::Statements}};
  for (const Part& part : kParts) {
    if (!expected.contains(part.name)) continue;
    found[part.name] = Json::object();
    absl::Status status = (reader.*part.read)(found[part.name]);
    if (!status.ok()) return status;
  }
  if (!expected.contains("trial_balance") && !expected.contains("merchants")) {
    return absl::OkStatus();
  }
  v1::GetTrialBalanceResponse totals;
  absl::Status status = reader.Totals(totals);
  if (!status.ok()) return status;
  found["trial_balance"] = Json::object();
  found["merchants"] = Json::object();
  for (const v1::AccountTotal& total : totals.totals()) {
    found["trial_balance"][total.account()] = total.units();
  }
  for (const v1::MerchantBalance& merchant : totals.merchants()) {
    found["merchants"][merchant.merchant_id()] = merchant.payable_units();
  }
  return absl::OkStatus();
}

}  // namespace meritbook::cli
