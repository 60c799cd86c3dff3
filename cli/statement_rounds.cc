// merit statement open|close|pay --all: one step for every merchant that it concerns.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/json_text.h"
#include "cli/merchant_commands.h"
#include "cli/problem.h"
#include "cli/request_id.h"
#include "cli/session.h"
#include "cli/statement_commands.h"
#include "cli/statement_round.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr size_t kIdMax = 64;

// Fills what became of a line. Returns false where the rest should not be tried.
bool Settle(const Session& session, const absl::Status& status, const char* done, RoundLine& line) {
  line.done = status.ok();
  line.outcome = status.ok() ? done : Sentence(status, session.language());
  line.reason = status.ok() ? "" : ReasonOf(status);
  return status.ok() || !RetryCanHelp(status.raw_code());
}

absl::StatusOr<int> Show(Session& session, const StatementRound& round, bool cut_short,
                         const char* nothing) {
  if (session.globals().format == Format::kJson) {
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const RoundLine& line : round.lines()) {
      nlohmann::ordered_json json;
      json["merchant_id"] = line.merchant_id;
      json["statement_id"] = line.statement_id;
      json["done"] = line.done;
      json["reason"] = line.reason;
      if (line.done) json["figures"] = JsonOf(line.figures);
      lines.push_back(std::move(json));
    }
    nlohmann::ordered_json json;
    json["lines"] = std::move(lines);
    json["sum"] = JsonOf(round.Sum());
    session.ShowText(JsonText(json));
  } else if (round.lines().empty() && session.globals().format == Format::kTable) {
    session.ShowText(nothing);
  } else {
    session.ShowTable(round.Lines(session.language(), session.globals().format == Format::kTable),
                      Shape::kRows);
  }
  if (!round.AddsUp()) {
    return absl::InternalError("the figures don't add up: this is a bug of the server's");
  }
  if (cut_short) return kExitUnreachable;
  return round.AllDone() ? kExitOk : kExitRefused;
}

std::vector<const v1::StatementView*> ByMerchant(const v1::ListStatementsResponse& statements) {
  std::vector<const v1::StatementView*> sorted;
  for (const v1::StatementView& statement : statements.statements()) sorted.push_back(&statement);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const v1::StatementView* a, const v1::StatementView* b) {
                     return a->merchant_id() < b->merchant_id();
                   });
  return sorted;
}

// Payments that settle a closed statement leave nothing of it; otherwise its closing is still owed.
v1::Amounts Left(const v1::StatementView& newest) {
  const bool settled = newest.state() == v1::STATEMENT_STATE_PAID ||
                       newest.state() == v1::STATEMENT_STATE_WRITTEN_OFF;
  return settled ? v1::Amounts() : newest.figures().closing();
}

// What the merchant is owed differs from what its newest statement left, and that statement isn't
// its last or of the same months.
bool HasSomething(const v1::GetMerchantResponse& merchant, const v1::StatementView* newest,
                  const std::string& through_month) {
  if (newest == nullptr) return merchant.payable_units() != 0 || merchant.payable_fen() != 0;
  if (newest->final() || newest->through_month() >= through_month) return false;
  const v1::Amounts left = Left(*newest);
  return merchant.payable_units() != left.units() || merchant.payable_fen() != left.fen();
}

}  // namespace

std::string StatementId(const std::string& merchant_id, const std::string& through_month) {
  const std::string id =
      Text(merchant_id, "-", through_month.empty() ? "final" : through_month.c_str());
  return id.size() <= kIdMax ? id : ContentId("statement-", id);
}

absl::StatusOr<int> OpenAll(Session& session, const OpenStatementFlags& flags) {
  const auto merchants = AllMerchants(session);
  if (!merchants.ok()) return merchants.status();
  const auto statements = AllStatements(session, "");
  if (!statements.ok()) return statements.status();
  std::map<std::string, const v1::StatementView*> newest;
  for (const v1::StatementView& statement : statements->statements()) {
    newest.try_emplace(statement.merchant_id(), &statement);
  }
  StatementRound round;
  bool cut_short = false;
  for (const v1::GetMerchantResponse& merchant : *merchants) {
    const auto found = newest.find(merchant.merchant_id());
    const v1::StatementView* const before = found == newest.end() ? nullptr : found->second;
    if (!HasSomething(merchant, before, flags.through_month)) continue;
    v1::OpenStatement command;
    command.set_statement_id(StatementId(merchant.merchant_id(), flags.through_month));
    command.set_merchant_id(merchant.merchant_id());
    command.set_through_month(flags.through_month);
    const auto response = SendOpen(session, flags.write, command);
    RoundLine line{merchant.merchant_id(), command.statement_id(), false, "", "", {}};
    if (response.ok()) line.figures = response->figures();
    cut_short = !Settle(session, response.status(), session.Say("opened", "已开出"), line);
    round.Add(std::move(line));
    if (cut_short) break;
  }
  return Show(session, round, cut_short,
              session.Say("no merchant has anything new\n", "没有商户有新的应结款项\n"));
}

absl::StatusOr<int> CloseAll(Session& session, const StatementFlags& flags) {
  const auto statements = AllStatements(session, "");
  if (!statements.ok()) return statements.status();
  StatementRound round;
  bool cut_short = false;
  for (const v1::StatementView* at : ByMerchant(*statements)) {
    const v1::StatementView& statement = *at;
    const bool objected = statement.state() == v1::STATEMENT_STATE_OBJECTED;
    if (statement.state() != v1::STATEMENT_STATE_OPEN && !objected) continue;
    v1::CloseStatement command;
    command.set_statement_id(statement.statement_id());
    // One that the merchant objects to is refused, and shown with that.
    const auto response = SendClose(session, flags.write, command);
    RoundLine line{statement.merchant_id(), statement.statement_id(), false, "", "", {}};
    if (response.ok()) line.figures = response->figures();
    cut_short = !Settle(session, response.status(), session.Say("closed", "已关闭"), line);
    round.Add(std::move(line));
    if (cut_short) break;
  }
  return Show(session, round, cut_short,
              session.Say("no statement is open\n", "没有待关闭的结算单\n"));
}

absl::StatusOr<int> PayAll(Session& session, const StatementFlags& flags) {
  const auto statements = AllStatements(session, "");
  if (!statements.ok()) return statements.status();
  StatementRound round;
  bool cut_short = false;
  for (const v1::StatementView* at : ByMerchant(*statements)) {
    const v1::StatementView& statement = *at;
    const v1::Amounts& closing = statement.figures().closing();
    const bool owed =
        closing.units() >= 0 && closing.fen() >= 0 && (closing.units() > 0 || closing.fen() > 0);
    if (statement.state() != v1::STATEMENT_STATE_CLOSED || !owed) continue;
    v1::RecordPayment command;
    command.set_statement_id(statement.statement_id());
    command.set_fen(static_cast<uint64_t>(closing.fen()));
    command.set_reference(flags.reference);
    const auto response = SendPayment(session, flags.write, command);
    RoundLine line{statement.merchant_id(), statement.statement_id(), false, "", "", {}};
    line.figures = statement.figures();
    cut_short = !Settle(session, response.status(), session.Say("paid", "已付款"), line);
    round.Add(std::move(line));
    if (cut_short) break;
  }
  return Show(session, round, cut_short,
              session.Say("nothing is to be paid\n", "没有待付款的结算单\n"));
}

}  // namespace meritbook::cli
