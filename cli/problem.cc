#include "cli/problem.h"

#include <map>

#include "absl/strings/cord.h"
#include "cli/refusal_words.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr char kPayloadUrl[] = "type.googleapis.com/google.rpc.Status";
constexpr std::string_view kCommandPrefix = "command.";

// For these the meaning names a whole class: only the server knows what exactly is wrong.
bool IsGeneric(v1::Refusal refusal) {
  return refusal == v1::REFUSAL_FIELD_MISSING || refusal == v1::REFUSAL_FIELD_INVALID ||
         refusal == v1::REFUSAL_VALUE_REPEATED || refusal == v1::REFUSAL_AMOUNT_OVERFLOW ||
         refusal == v1::REFUSAL_INTERNAL;
}

std::string_view WithoutCommandPrefix(std::string_view field) {
  if (field.starts_with(kCommandPrefix)) field.remove_prefix(kCommandPrefix.size());
  return field;
}

// "(BALANCE_TOO_LOW, field volunteer_id, needed_points 30)".
std::string InBrackets(const google::rpc::ErrorInfo& info) {
  std::string text = Text("(", info.reason());
  std::map<std::string, std::string> metadata(info.metadata().begin(), info.metadata().end());
  if (const auto field = metadata.find("field"); field != metadata.end()) {
    text += Text(", field ", WithoutCommandPrefix(field->second));
    metadata.erase(field);
  }
  for (const auto& [key, value] : metadata) text += Text(", ", key, " ", value);
  return text + ")";
}

}  // namespace

std::optional<google::rpc::ErrorInfo> ErrorInfoOf(const google::rpc::Status& details) {
  google::rpc::ErrorInfo info;
  for (const google::protobuf::Any& detail : details.details()) {
    if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) return info;
  }
  return std::nullopt;
}

absl::Status RefusedBy(const google::rpc::Status& details) {
  absl::Status status(static_cast<absl::StatusCode>(details.code()), details.message());
  status.SetPayload(kPayloadUrl, absl::Cord(details.SerializeAsString()));
  return status;
}

std::optional<google::rpc::Status> DetailsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  google::rpc::Status details;
  if (!payload || !details.ParseFromString(std::string(*payload))) return std::nullopt;
  return details;
}

std::string ReasonOf(const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details) return "";
  const auto info = ErrorInfoOf(*details);
  return info ? info->reason() : "";
}

bool RetryCanHelp(int code) {
  const auto status_code = static_cast<absl::StatusCode>(code);
  return status_code == absl::StatusCode::kUnavailable ||
         status_code == absl::StatusCode::kResourceExhausted ||
         status_code == absl::StatusCode::kDeadlineExceeded;
}

std::string Sentence(const absl::Status& status, Language language) {
  const auto details = DetailsOf(status);
  const auto info = details ? ErrorInfoOf(*details) : std::nullopt;
  if (!info) return std::string(MessageOf(status));
  v1::Refusal refusal = v1::REFUSAL_UNSPECIFIED;
  if (!v1::Refusal_Parse(Text("REFUSAL_", info->reason()), &refusal)) {
    return Text(details->message(), " ", InBrackets(*info));
  }
  const Words words = WordsOf(refusal);
  std::string text = words.Meaning(language);
  if (IsGeneric(refusal) && !details->message().empty()) text += Text(": ", details->message());
  return Text(text, " ", InBrackets(*info), "; ", words.Hint(language));
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  if (RetryCanHelp(status.raw_code())) return kExitUnreachable;
  const bool ours = !DetailsOf(status).has_value();
  return ours && absl::IsInvalidArgument(status) ? kExitUsage : kExitRefused;
}

}  // namespace meritbook::cli
