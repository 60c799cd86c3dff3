// Owns: merit statement: what merchants are owed, from the drawing up to the payment.
// Promises: each returns the exit code, or why it could not; a step for all goes on after a
// refusal, tells each, and exits with 1. Thread: one.
#ifndef MERITBOOK_CLI_STATEMENT_COMMANDS_H_
#define MERITBOOK_CLI_STATEMENT_COMMANDS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "meritbook/v1/settlement.pb.h"

namespace meritbook::cli {

class Session;

struct OpenStatementFlags {
  std::string merchant_id;
  bool all = false;  // every merchant that has something
  std::string through_month;
  bool final = false;
  std::string statement_id;  // "MERCHANT-2026-10" or "MERCHANT-final" when empty
  WriteFlags write;
};

absl::StatusOr<int> OpenStatement(Session& session, const OpenStatementFlags& flags);

struct StatementFlags {
  std::string statement_id;
  bool all = false;  // all that are open, or closed and to be paid
  std::string reason_code;
  bool upheld = false;    // of an answered objection
  std::string reference;  // of a payment, the bank's
  std::string yuan;       // of a payment; what the statement comes to when empty
  WriteFlags write;
};

absl::StatusOr<int> ShowStatement(Session& session, const std::string& statement_id);
absl::StatusOr<int> ObjectStatement(Session& session, const StatementFlags& flags);
absl::StatusOr<int> ResolveObjection(Session& session, const StatementFlags& flags);
absl::StatusOr<int> CloseStatement(Session& session, const StatementFlags& flags);
absl::StatusOr<int> PayStatement(Session& session, const StatementFlags& flags);
absl::StatusOr<int> ReversePayment(Session& session, const StatementFlags& flags);

struct ListStatementsFlags {
  std::string merchant_id;
  std::string state;  // "open", "objected", "closed", "paid", "written_off", "carried_forward"
};

absl::StatusOr<int> ListStatements(Session& session, const ListStatementsFlags& flags);

// Every statement, newest first.
absl::StatusOr<v1::ListStatementsResponse> AllStatements(Session& session,
                                                         const std::string& merchant_id);
absl::StatusOr<v1::StatementView> ReadStatement(Session& session, const std::string& statement_id);

// One step, as the commands and the rounds take it.
absl::StatusOr<v1::OpenStatementResponse> SendOpen(Session& session, const WriteFlags& write,
                                                   const v1::OpenStatement& command);
absl::StatusOr<v1::CloseStatementResponse> SendClose(Session& session, const WriteFlags& write,
                                                     const v1::CloseStatement& command);
absl::StatusOr<v1::RecordPaymentResponse> SendPayment(Session& session, const WriteFlags& write,
                                                      const v1::RecordPayment& command);

// The same step for all, statement_rounds.cc.
absl::StatusOr<int> OpenAll(Session& session, const OpenStatementFlags& flags);
absl::StatusOr<int> CloseAll(Session& session, const StatementFlags& flags);
absl::StatusOr<int> PayAll(Session& session, const StatementFlags& flags);
// "bakery-2026-10"; for ids too long for that, one that follows from them.
std::string StatementId(const std::string& merchant_id, const std::string& through_month);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_STATEMENT_COMMANDS_H_
