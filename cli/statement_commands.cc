#include "cli/statement_commands.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "cli/amount.h"
#include "cli/order_words.h"
#include "cli/quantity.h"
#include "cli/read_call.h"
#include "cli/show_write.h"
#include "meritbook/v1/settlement.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Settlement = v1::SettlementService::StubInterface;

NamedCell StatementCell(const Session& session, const std::string& id) {
  return {{session.Say("statement", "结算单"), "statement_id"}, id};
}

std::vector<NamedCell> ClosingCells(const Session& session, const std::string& id,
                                    const v1::Amounts& amounts) {
  return {StatementCell(session, id),
          {{session.Say("points", "积分"), "units"}, PointsCell(amounts.units())},
          {{session.Say("yuan", "金额（元）"), "fen"}, YuanCell(amounts.fen())}};
}

// Each with its sign, so that the column adds up.
Table FiguresTable(const Session& session, const v1::StatementFigures& figures) {
  Table table({{"", "figure"},
               {session.Say("points", "积分"), "units", Align::kRight},
               {session.Say("yuan", "金额（元）"), "fen", Align::kRight}});
  const auto add = [&](const char* english, const char* chinese, const char* plain,
                       const v1::Amounts& amounts, int sign) {
    table.Add({Cell(session.Say(english, chinese), plain), PointsCell(sign * amounts.units()),
               YuanCell(sign * amounts.fen())});
  };
  add("opening", "期初", "opening", figures.opening(), 1);
  add("handed over", "已交付", "confirmed", figures.confirmed(), 1);
  add("refunded", "已退回", "refunded", figures.refunded(), -1);
  add("paid", "已付款", "paid", figures.paid(), -1);
  add("payments that came back", "付款冲回", "reversed", figures.reversed(), 1);
  add("written off", "核销", "written_off", figures.written_off(), -1);
  add("closing: all of these", "期末：以上合计", "closing", figures.closing(), 1);
  return table;
}

Table BudgetPartTable(const Session& session, const v1::StatementView& statement) {
  Table table({{session.Say("paid by the budget", "由预算承担"), "source"},
               {session.Say("year", "年度"), "year", Align::kRight},
               {session.Say("yuan", "金额（元）"), "fen", Align::kRight}});
  for (const v1::BudgetFen& part : statement.by_budget()) {
    table.Add({part.budget().source(), std::to_string(part.budget().year()), YuanCell(part.fen())});
  }
  return table;
}

Table StatementTable(Session& session,
                     const google::protobuf::RepeatedPtrField<v1::StatementView>& statements) {
  Table table({{session.Say("statement", "结算单"), "statement_id"},
               {session.Say("merchant", "商户"), "merchant_id"},
               {session.Say("state", "状态"), "state"},
               {session.Say("through", "截至月份"), "through_month"},
               {session.Say("points", "积分"), "closing_units", Align::kRight},
               {session.Say("yuan", "金额（元）"), "closing_fen", Align::kRight},
               {session.Say("opened", "开出时间"), "opened_at"},
               {session.Say("closes by itself", "自动关闭时间"), "closes_at"},
               {session.Say("paid under", "付款凭证"), "payment_reference"}});
  for (const v1::StatementView& statement : statements) {
    table.Add({statement.statement_id(), statement.merchant_id(),
               Cell(WordsOf(statement.state(), session.language()),
                    v1::StatementState_Name(statement.state())),
               Cell(statement.final() ? session.Say("its end", "最终")
                                      : statement.through_month().c_str(),
                    statement.through_month()),
               PointsCell(statement.figures().closing().units()),
               YuanCell(statement.figures().closing().fen()),
               session.InstantCell(statement.opened_us()),
               statement.closes_us() == 0 ? Cell("") : session.InstantCell(statement.closes_us()),
               statement.payment_reference()});
  }
  return table;
}

template <typename Response, typename Request, typename Command>
absl::StatusOr<Response> Send(Session& session,
                              grpc::Status (Settlement::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*),
                              const WriteFlags& write, const std::string& request_id,
                              const Command& command) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::SettlementService::NewStub((*client)->channel());
  return Write<Response>(session, static_cast<Settlement&>(*stub), method, write, request_id,
                         command);
}

template <typename Response>
int Shown(Session& session, const Response& response, std::vector<NamedCell> cells) {
  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonText(response));
  } else {
    session.ShowTable(ReceiptTable(session, std::move(cells), response.receipt()), Shape::kDown);
  }
  return kExitOk;
}

absl::Status OneOrAll(const std::string& one, bool all, const WriteFlags& write,
                      std::string_view what) {
  if (one.empty() != all) {
    return absl::InvalidArgumentError(all ? Text("name ", what, " or give --all, not both")
                                          : Text("which one? Name ", what, ", or give --all"));
  }
  if (all && !write.request_id.empty()) {
    return absl::InvalidArgumentError("--request-id is for one statement, not for --all");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::OpenStatementResponse> SendOpen(Session& session, const WriteFlags& write,
                                                   const v1::OpenStatement& command) {
  return Send<v1::OpenStatementResponse>(session, &Settlement::OpenStatement, write,
                                         command.statement_id(), command);
}

absl::StatusOr<v1::CloseStatementResponse> SendClose(Session& session, const WriteFlags& write,
                                                     const v1::CloseStatement& command) {
  return Send<v1::CloseStatementResponse>(session, &Settlement::CloseStatement, write,
                                          command.statement_id(), command);
}

absl::StatusOr<v1::RecordPaymentResponse> SendPayment(Session& session, const WriteFlags& write,
                                                      const v1::RecordPayment& command) {
  // A payment that came back is followed by another, under the bank's next reference.
  return Send<v1::RecordPaymentResponse>(session, &Settlement::RecordPayment, write,
                                         ContentId("pay-", command.SerializeAsString()), command);
}

absl::StatusOr<v1::StatementView> ReadStatement(Session& session, const std::string& statement_id) {
  v1::GetStatementRequest request;
  request.set_statement_id(statement_id);
  const auto response =
      Read<v1::SettlementService>(session, &Settlement::GetStatement, std::move(request));
  if (!response.ok()) return response.status();
  return response->statement();
}

absl::StatusOr<v1::ListStatementsResponse> AllStatements(Session& session,
                                                         const std::string& merchant_id) {
  v1::ListStatementsRequest request;
  request.set_merchant_id(merchant_id);
  return ReadPages<v1::SettlementService>(
      session, &Settlement::ListStatements, std::move(request),
      [](v1::ListStatementsResponse& page) { return page.mutable_statements(); });
}

absl::StatusOr<int> OpenStatement(Session& session, const OpenStatementFlags& flags) {
  const absl::Status which = OneOrAll(flags.merchant_id, flags.all, flags.write, "a merchant");
  if (!which.ok()) return which;
  if (flags.final == !flags.through_month.empty()) {
    return absl::InvalidArgumentError("give --through YYYY-MM or --final, one of them");
  }
  if (flags.all && flags.final) {
    return absl::InvalidArgumentError("a final statement is of one merchant: name it");
  }
  if (flags.all && !flags.statement_id.empty()) {
    return absl::InvalidArgumentError("--statement is for one merchant, not for --all");
  }
  if (flags.all) return OpenAll(session, flags);
  v1::OpenStatement command;
  command.set_statement_id(flags.statement_id.empty()
                               ? StatementId(flags.merchant_id, flags.through_month)
                               : flags.statement_id);
  command.set_merchant_id(flags.merchant_id);
  command.set_through_month(flags.through_month);
  command.set_final(flags.final);
  const auto response = SendOpen(session, flags.write, command);
  if (!response.ok()) return response.status();
  if (session.globals().format == Format::kTable) {
    session.ShowTable(FiguresTable(session, response->figures()), Shape::kRows);
  }
  return Shown(session, *response,
               ClosingCells(session, command.statement_id(), response->figures().closing()));
}

absl::StatusOr<int> ShowStatement(Session& session, const std::string& statement_id) {
  const auto statement = ReadStatement(session, statement_id);
  if (!statement.ok()) return statement.status();
  google::protobuf::RepeatedPtrField<v1::StatementView> one;
  *one.Add() = *statement;
  session.Show(*statement, StatementTable(session, one), Shape::kDown);
  if (session.globals().format != Format::kTable) return kExitOk;
  session.ShowText("\n");
  session.ShowTable(FiguresTable(session, statement->figures()), Shape::kRows);
  if (statement->by_budget_size() == 0) return kExitOk;
  session.ShowText("\n");
  session.ShowTable(BudgetPartTable(session, *statement), Shape::kRows);
  return kExitOk;
}

absl::StatusOr<int> ObjectStatement(Session& session, const StatementFlags& flags) {
  v1::ObjectStatement command;
  command.set_statement_id(flags.statement_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::SettlementService>(
      session, &Settlement::ObjectStatement, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::ObjectStatementResponse&) {
        return std::vector<NamedCell>{StatementCell(session, flags.statement_id)};
      });
}

absl::StatusOr<int> ResolveObjection(Session& session, const StatementFlags& flags) {
  v1::ResolveObjection command;
  command.set_statement_id(flags.statement_id);
  command.set_upheld(flags.upheld);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::SettlementService>(
      session, &Settlement::ResolveObjection, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::ResolveObjectionResponse&) {
        return std::vector<NamedCell>{
            StatementCell(session, flags.statement_id),
            {{session.Say("the objection was", "异议"), "upheld"},
             Cell(flags.upheld ? session.Say("right", "成立") : session.Say("wrong", "不成立"),
                  flags.upheld ? "true" : "false")}};
      });
}

absl::StatusOr<int> CloseStatement(Session& session, const StatementFlags& flags) {
  const absl::Status which = OneOrAll(flags.statement_id, flags.all, flags.write, "a statement");
  if (!which.ok()) return which;
  if (flags.all) return CloseAll(session, flags);
  v1::CloseStatement command;
  command.set_statement_id(flags.statement_id);
  const auto response = SendClose(session, flags.write, command);
  if (!response.ok()) return response.status();
  return Shown(session, *response,
               ClosingCells(session, flags.statement_id, response->figures().closing()));
}

absl::StatusOr<int> PayStatement(Session& session, const StatementFlags& flags) {
  const absl::Status which = OneOrAll(flags.statement_id, flags.all, flags.write, "a statement");
  if (!which.ok()) return which;
  if (flags.all && !flags.yuan.empty()) {
    return absl::InvalidArgumentError("--yuan is for one statement, not for --all");
  }
  if (flags.all) return PayAll(session, flags);
  v1::RecordPayment command;
  command.set_statement_id(flags.statement_id);
  command.set_reference(flags.reference);
  if (!flags.yuan.empty()) {
    const auto fen = ParseYuan(flags.yuan);
    if (!fen.ok()) return fen.status();
    if (*fen < 0) return absl::InvalidArgumentError("--yuan: a payment is not below 0");
    command.set_fen(static_cast<uint64_t>(*fen));
  } else {
    const auto statement = ReadStatement(session, flags.statement_id);
    if (!statement.ok()) return statement.status();
    // Below 0 the server says that there is nothing to pay.
    const int64_t fen = statement->figures().closing().fen();
    command.set_fen(fen > 0 ? static_cast<uint64_t>(fen) : 0);
  }
  const auto response = SendPayment(session, flags.write, command);
  if (!response.ok()) return response.status();
  return Shown(session, *response, ClosingCells(session, flags.statement_id, response->amounts()));
}

absl::StatusOr<int> ReversePayment(Session& session, const StatementFlags& flags) {
  v1::ReversePayment command;
  command.set_statement_id(flags.statement_id);
  command.set_reason_code(flags.reason_code);
  return WriteAndShow<v1::SettlementService>(
      session, &Settlement::ReversePayment, flags.write, RequestId::Random(), std::move(command),
      [&](const v1::ReversePaymentResponse& response) {
        return ClosingCells(session, flags.statement_id, response.amounts());
      });
}

absl::StatusOr<int> ListStatements(Session& session, const ListStatementsFlags& flags) {
  auto all = AllStatements(session, flags.merchant_id);
  if (!all.ok()) return all.status();
  v1::StatementState state = v1::STATEMENT_STATE_UNSPECIFIED;
  if (!flags.state.empty()) {
    v1::StatementState_Parse("STATEMENT_STATE_" + absl::AsciiStrToUpper(flags.state), &state);
  }
  v1::ListStatementsResponse shown;
  shown.set_size(all->size());
  for (v1::StatementView& statement : *all->mutable_statements()) {
    if (flags.state.empty() || statement.state() == state) {
      *shown.add_statements() = std::move(statement);
    }
  }
  session.Show(shown, StatementTable(session, shown.statements()), Shape::kRows);
  return kExitOk;
}

}  // namespace meritbook::cli
