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
#include "cli/played_ledger.h"
#include "cli/problem.h"
#include "cli/script_call.h"
#include "cli/session.h"
#include "cli/text.h"
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/mall.grpc.pb.h"

namespace meritbook::cli {
namespace {

using Json = nlohmann::ordered_json;
using Mall = v1::MallService::StubInterface;
using Codes = std::map<std::string, std::string>;  // by name

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

// A pay code of the script's: its caller gets it, and keeps it under a name.
absl::Status IssueCode(const Client& client, const ScriptCall& call, Codes& codes) {
  const auto stub = v1::MallService::NewStub(client.channel());
  const auto& request = static_cast<const v1::IssuePayCodeRequest&>(*call.request);
  v1::IssuePayCodeResponse response;
  absl::Status status =
      client.Call(static_cast<Mall&>(*stub), &Mall::IssuePayCode, request, &response);
  if (status.ok()) codes[call.keeps] = response.pay_code();
  return status;
}

// Puts a kept code where the script says "@name".
absl::Status ShowCode(ScriptCall& call, const Codes& codes) {
  const auto* const field = call.request->GetDescriptor()->FindFieldByName("pay_code");
  if (field == nullptr) return absl::OkStatus();
  const auto* const reflection = call.request->GetReflection();
  const std::string name = reflection->GetString(*call.request, field);
  if (!name.starts_with('@')) return absl::OkStatus();
  const auto kept = codes.find(name.substr(1));
  if (kept == codes.end()) {
    return absl::InvalidArgumentError(Text("line ", call.line, ": no code is kept as ", name));
  }
  reflection->SetString(call.request.get(), field, kept->second);
  return absl::OkStatus();
}

// Plays all calls; counts refusals. FailedPrecondition at the first answer that wasn't expected.
absl::Status Play(std::vector<ScriptCall>& calls, const std::string& ledger_id, Cast& cast,
                  Json& refusals) {
  Codes codes;
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
    if (absl::Status shown = ShowCode(call, codes); !shown.ok()) return shown;
    absl::Status status = call.keeps.empty() ? client->CallNamed(call.method, *call.request)
                                             : IssueCode(*client, call, codes);
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

void ShowFigures(const Session& session, const std::vector<ExpectedFigure>& figures, size_t calls) {
  constexpr std::string_view kEvents = "events.";
  if (session.globals().format == Format::kJson) {
    Json json;
    json["calls"] = calls;
    json["figures"] = figures.size();
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
  if (figures.empty()) {
    session.ShowText(Text(
        calls, session.Say(" calls, each answered as expected\n", " 次调用，答复均与预期一致\n")));
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
  // A script that has no expectation has to be answered as it says itself.
  std::string expected_text = "{}";
  if (const auto file = dir / "expected.json"; std::filesystem::exists(file)) {
    auto text = ReadWholeFile(file.string());
    if (!text.ok()) return text.status();
    expected_text = *std::move(text);
  }
  auto calls = ParseScript("script.jsonl", *script);
  if (!calls.ok()) return calls.status();
  const Json expected = Json::parse(expected_text, nullptr, false);
  if (!expected.is_object()) return absl::InvalidArgumentError("expected.json: is no JSON object");
  const auto client = session.Connect();
  if (!client.ok()) return client.status();

  Cast cast(session.globals(), *client);
  Json found = Json::object();
  Json refusals = Json::object();
  const absl::Status played = Play(*calls, *ledger_id, cast, refusals);
  if (!played.ok()) return played;
  if (!expected.empty()) {
    if (cast.auditor() == nullptr) {
      return absl::InvalidArgumentError("the script registers no auditor, who could read the log");
    }
    if (expected.contains("refusals")) found["refusals"] = std::move(refusals);
    const absl::Status read = ReadParts(*cast.auditor(), *ledger_id, expected, found);
    if (!read.ok()) return read;
  }
  const auto figures = CompareExpected(expected_text, found);
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
