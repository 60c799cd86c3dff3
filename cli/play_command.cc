#include "cli/play_command.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/api_key.h"
#include "cli/client.h"
#include "cli/csv_sheet.h"
#include "cli/expected_ledger.h"
#include "cli/json_text.h"
#include "cli/problem.h"
#include "cli/script_call.h"
#include "cli/session.h"
#include "cli/text.h"
#include "meritbook/v1/account.grpc.pb.h"
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/audit.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Json = nlohmann::ordered_json;
using Account = v1::AccountService::StubInterface;
using AuditStub = v1::AuditService::StubInterface;

constexpr const char* kOperator = "operator";

// The people of the script, each with a key of her own.
class Cast {
 public:
  Cast(const Globals& globals, Client* session_client)
      : globals_(globals), session_client_(session_client) {}

  // Null for somebody whom the script hasn't registered.
  Client* Of(const std::string& name) const {
    if (name == kOperator) return session_client_;
    const auto found = clients_.find(name);
    return found == clients_.end() ? nullptr : found->second.get();
  }

  // A new key for who is being registered. The last one registered with the role reads the log.
  absl::Status Give(v1::RegisterPrincipal& command) {
    const auto key = NewKey(command.principal_id());
    if (!key.ok()) return key.status();
    command.set_key_sha256(SecretHash(*key));
    auto client = Client::New(globals_.server, *key, globals_.timeout_seconds);
    if (!client.ok()) return client.status();
    for (const int role : command.roles()) {
      if (role == v1::ROLE_AUDITOR) auditor_ = client->get();
    }
    clients_[command.principal_id()] = *std::move(client);
    return absl::OkStatus();
  }

  Client* auditor() const { return auditor_; }

 private:
  const Globals& globals_;
  Client* const session_client_;
  Client* auditor_ = nullptr;
  std::map<std::string, std::unique_ptr<Client>> clients_;
};

// Plays all calls; counts refusals. FailedPrecondition at the first answer that wasn't expected.
absl::Status Play(std::vector<ScriptCall>& calls, const std::string& ledger_id, Cast& cast,
                  Json& refusals) {
  for (ScriptCall& call : calls) {
    const auto* const descriptor = call.request->GetDescriptor();
    call.request->GetReflection()->SetString(call.request.get(),
                                             descriptor->FindFieldByName("ledger_id"), ledger_id);
    if (descriptor == v1::RegisterPrincipalRequest::descriptor()) {
      auto& request = static_cast<v1::RegisterPrincipalRequest&>(*call.request);
      absl::Status given = cast.Give(*request.mutable_command());
      if (!given.ok()) return given;
    }
    Client* const client = cast.Of(call.caller);
    if (client == nullptr) {
      return absl::InvalidArgumentError(
          Text("line ", call.line, ": nobody registered ", call.caller));
    }
    absl::Status status = client->CallNamed(call.method, *call.request);
    const std::string outcome = status.ok() ? "OK" : ReasonOf(status);
    if (!status.ok() && outcome.empty()) return status;
    if (outcome != call.expect) {
      return absl::FailedPreconditionError(
          Text("line ", call.line, ", ", call.rpc, " as ", call.caller, ": expected ", call.expect,
               ", the ledger says ", outcome,
               status.ok() ? "" : Text(": ", Sentence(status, Language::kEnglish))));
    }
    if (!status.ok()) refusals[outcome] = refusals.value(outcome, 0) + 1;
  }
  return absl::OkStatus();
}

absl::StatusOr<Json> CountEvents(Client& auditor, const std::string& ledger_id) {
  Json counts = Json::object();
  for (const std::string& kind : EventKinds()) counts[kind] = 0;
  v1::StreamEventsRequest request;
  request.set_ledger_id(ledger_id);
  const auto stub = v1::AuditService::NewStub(auditor.channel());
  grpc::ClientContext context;
  auditor.Authorise(context);
  const auto stream = stub->StreamEvents(&context, request);
  v1::StreamEventsResponse response;
  v1::Event event;
  while (stream->Read(&response)) {
    for (const std::string& bytes : response.events()) {
      if (!event.ParseFromString(bytes)) {
        return absl::DataLossError("an event of the stream can't be read");
      }
      const auto* const body = v1::Event::GetReflection()->GetOneofFieldDescriptor(
          event, v1::Event::descriptor()->FindOneofByName("body"));
      const std::string kind = body == nullptr ? "unknown" : body->name();
      counts[kind] = counts.value(kind, 0) + 1;
    }
  }
  const absl::Status status = auditor.StatusOf(stream->Finish());
  if (!status.ok()) return status;
  return counts;
}

absl::StatusOr<Json> ReadBalances(Client& client, const std::string& ledger_id,
                                  const Json& expected) {
  Json balances = Json::object();
  if (!expected.contains("balances") || !expected["balances"].is_object()) return balances;
  const auto stub = v1::AccountService::NewStub(client.channel());
  for (const auto& [volunteer_id, fields] : expected["balances"].items()) {
    v1::GetBalanceRequest request;
    request.set_ledger_id(ledger_id);
    request.set_volunteer_id(volunteer_id);
    v1::GetBalanceResponse response;
    const absl::Status status =
        client.Call(static_cast<Account&>(*stub), &Account::GetBalance, request, &response);
    if (!status.ok()) return status;
    balances[volunteer_id] = JsonOf(response.balance());
  }
  return balances;
}

absl::Status ReadTotals(Client& client, const std::string& ledger_id, Json& found) {
  v1::GetTrialBalanceRequest request;
  request.set_ledger_id(ledger_id);
  v1::GetTrialBalanceResponse response;
  const auto stub = v1::AuditService::NewStub(client.channel());
  absl::Status status =
      client.Call(static_cast<AuditStub&>(*stub), &AuditStub::GetTrialBalance, request, &response);
  if (!status.ok()) return status;
  found["trial_balance"] = Json::object();
  for (const v1::AccountTotal& total : response.totals()) {
    found["trial_balance"][total.account()] = total.units();
  }
  found["merchants"] = Json::object();
  for (const v1::MerchantBalance& merchant : response.merchants()) {
    found["merchants"][merchant.merchant_id()] = merchant.payable_units();
  }
  return absl::OkStatus();
}

void ShowFigures(const Session& session, const std::vector<ExpectedFigure>& figures, size_t calls) {
  constexpr std::string_view kEvents = "events.";
  if (session.globals().format == Format::kJson) {
    Json json;
    json["calls"] = calls;
    json["events"] = Json::object();
    json["differs"] = Json::array();
    for (const ExpectedFigure& figure : figures) {
      if (figure.name.starts_with(kEvents) && figure.found != "-") {
        json["events"][figure.name.substr(kEvents.size())] = Json::parse(figure.found);
      }
      if (figure.differs) json["differs"].push_back(figure.name);
    }
    session.ShowText(JsonText(json));
    return;
  }
  // One line an event; of the other figures those that differ.
  Table table({{session.Say("figure", "指标"), "figure"},
               {session.Say("ledger", "账本"), "found", Align::kRight},
               {session.Say("expected", "应为"), "expected", Align::kRight},
               {"", "differs"}});
  for (const ExpectedFigure& figure : figures) {
    const bool event = figure.name.starts_with(kEvents);
    if (!event && !figure.differs && session.globals().format == Format::kTable) continue;
    table.Add(
        {Cell(event ? figure.name.substr(kEvents.size()) : figure.name, figure.name), figure.found,
         figure.expected,
         Cell(figure.differs ? session.Say("DIFFERS", "不一致") : session.Say("agrees", "一致"),
              figure.differs ? "true" : "false")});
  }
  session.ShowTable(table, Shape::kRows);
}

}  // namespace

absl::StatusOr<int> PlaySample(Session& session, const std::string& folder) {
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const std::filesystem::path dir(folder);
  const auto script = ReadWholeFile((dir / "script.jsonl").string());
  if (!script.ok()) return script.status();
  const auto expected_text = ReadWholeFile((dir / "expected.json").string());
  if (!expected_text.ok()) return expected_text.status();
  auto calls = ParseScript("script.jsonl", *script);
  if (!calls.ok()) return calls.status();
  const Json expected = Json::parse(*expected_text, nullptr, false);
  const auto client = session.Connect();
  if (!client.ok()) return client.status();

  Cast cast(session.globals(), *client);
  Json found = Json::object();
  found["refusals"] = Json::object();
  const absl::Status played = Play(*calls, *ledger_id, cast, found["refusals"]);
  if (!played.ok()) return played;
  if (cast.auditor() == nullptr) {
    return absl::InvalidArgumentError("the script registers no auditor, who could read the log");
  }
  auto events = CountEvents(*cast.auditor(), *ledger_id);
  if (!events.ok()) return events.status();
  found["events"] = *std::move(events);
  auto balances = ReadBalances(**client, *ledger_id, expected);
  if (!balances.ok()) return balances.status();
  found["balances"] = *std::move(balances);
  const absl::Status read = ReadTotals(**client, *ledger_id, found);
  if (!read.ok()) return read;
  const auto figures = CompareExpected(*expected_text, found);
  if (!figures.ok()) {
    return absl::InvalidArgumentError(Text("expected.json: ", MessageOf(figures.status())));
  }
  ShowFigures(session, *figures, calls->size());
  std::string differing;
  for (const ExpectedFigure& figure : *figures) {
    if (figure.differs) {
      differing += Text(differing.empty() ? "" : ", ", figure.name, " ", figure.found,
                        session.Say(" instead of ", " 应为 "), figure.expected);
    }
  }
  if (differing.empty()) return kExitOk;
  session.Note(Text(session.Say("these figures differ: ", "以下指标不一致："), differing));
  return kExitRefused;
}

}  // namespace meritbook::cli
