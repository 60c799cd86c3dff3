#include "cli/script_call.h"

#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_format.h"
#include "cli/instant.h"
#include "cli/refusal_words.h"
#include "cli/text.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/admin.pb.h"
#include "meritbook/v1/hours.pb.h"
#include "meritbook/v1/mall.pb.h"
#include "meritbook/v1/settlement.pb.h"

namespace meritbook::cli {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using Json = nlohmann::ordered_json;

// Of the services whose RPCs write; null when there is no such method.
const MethodDescriptor* MethodNamed(std::string_view rpc) {
  const size_t dot = rpc.find('.');
  if (dot == std::string_view::npos) return nullptr;
  for (const auto* file :
       {v1::FreezeVolunteerRequest::descriptor()->file(),
        v1::CreateLedgerRequest::descriptor()->file(), v1::SubmitHoursRequest::descriptor()->file(),
        v1::RedeemNowRequest::descriptor()->file(),
        v1::OpenStatementRequest::descriptor()->file()}) {
    const ServiceDescriptor* const service =
        file->FindServiceByName(std::string(rpc.substr(0, dot)));
    if (service == nullptr) continue;
    return service->FindMethodByName(std::string(rpc.substr(dot + 1)));
  }
  return nullptr;
}

// Turns instants written for people into microseconds. Returns what is wrong.
std::string ResolveInstants(Json& json) {
  if (json.is_array()) {
    for (Json& element : json) {
      if (std::string fault = ResolveInstants(element); !fault.empty()) return fault;
    }
  }
  if (!json.is_object()) return "";
  for (auto& [key, value] : json.items()) {
    if (key.ends_with("_us") && value.is_string()) {
      const std::string text = value.get<std::string>();
      const ParsedInstant parsed = ParseInstant(text);
      if (parsed.fault != nullptr) return Text(key, " ", text, ": ", parsed.fault);
      value = parsed.us;
    } else if (std::string fault = ResolveInstants(value); !fault.empty()) {
      return fault;
    }
  }
  return "";
}

std::string StringOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// The command, and what the request has beside it.
absl::Status ParseRequest(Json& json, ScriptCall& call) {
  const MethodDescriptor* const method = MethodNamed(call.rpc);
  const bool issues_code =
      method != nullptr && method->input_type() == v1::IssuePayCodeRequest::descriptor();
  if (method == nullptr || method->client_streaming() ||
      (method->input_type()->FindFieldByName("command") == nullptr && !issues_code)) {
    return absl::InvalidArgumentError(Text("'", call.rpc, "' is no RPC that takes a command"));
  }
  if (issues_code != !call.keeps.empty()) {
    return absl::InvalidArgumentError("a pay code is kept under a name, and nothing else is");
  }
  call.method = Text("/", method->service()->full_name(), "/", method->name());
  call.request.reset(google::protobuf::MessageFactory::generated_factory()
                         ->GetPrototype(method->input_type())
                         ->New());
  Json request = json.contains("request") ? json["request"] : Json::object();
  if (!request.is_object()) return absl::InvalidArgumentError("request is no JSON object");
  if (!issues_code) request["command"] = json["command"];
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(request.dump(), call.request.get());
  if (!parsed.ok()) return absl::InvalidArgumentError(parsed.ToString());
  if (issues_code) return absl::OkStatus();
  const auto* const reflection = call.request->GetReflection();
  const auto* const request_id = method->input_type()->FindFieldByName("request_id");
  if (!reflection->HasField(*call.request, request_id)) {
    reflection->SetString(call.request.get(), request_id, absl::StrFormat("line-%03d", call.line));
  }
  if (call.recorded_us) {
    reflection->SetInt64(call.request.get(), method->input_type()->FindFieldByName("recorded_us"),
                         *call.recorded_us);
  }
  return absl::OkStatus();
}

absl::Status ParseLine(std::string_view text, ScriptCall& call) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return absl::InvalidArgumentError("is no JSON object");
  if (const std::string fault = ResolveInstants(json["command"]); !fault.empty()) {
    return absl::InvalidArgumentError(fault);
  }
  call.caller = StringOf(json, "as");
  call.rpc = StringOf(json, "rpc");
  call.expect = StringOf(json, "expect");
  call.says = StringOf(json, "says");
  if (call.caller.empty()) return absl::InvalidArgumentError("says not who calls");
  if (call.expect != "OK" && !WordsOf(std::string_view(call.expect))) {
    return absl::InvalidArgumentError(Text("'", call.expect, "' is neither OK nor a refusal"));
  }
  if (const std::string at = StringOf(json, "at"); !at.empty()) {
    const ParsedInstant parsed = ParseInstant(at);
    if (parsed.fault != nullptr) return absl::InvalidArgumentError(Text(at, ": ", parsed.fault));
    call.recorded_us = parsed.us;
  }
  call.keeps = StringOf(json, "keeps");
  return ParseRequest(json, call);
}

}  // namespace

absl::StatusOr<std::vector<ScriptCall>> ParseScript(const std::string& name,
                                                    std::string_view text) {
  std::vector<ScriptCall> calls;
  uint32_t line = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line;
    if (one.empty()) continue;
    ScriptCall call;
    call.line = line;
    const absl::Status status = ParseLine(one, call);
    if (!status.ok()) {
      return absl::InvalidArgumentError(Text(name, ", line ", line, ": ", MessageOf(status)));
    }
    calls.push_back(std::move(call));
  }
  if (calls.empty()) return absl::InvalidArgumentError(Text(name, ": has no calls"));
  return calls;
}

}  // namespace meritbook::cli
