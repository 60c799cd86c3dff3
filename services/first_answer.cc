#include "services/first_answer.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/text_format.h"
#include "ledger/text.h"
#include "services/read_failure.h"

namespace meritbook {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string Printed(const Message& message, const FieldDescriptor* field) {
  std::string text;
  const auto* reflection = message.GetReflection();
  if (!field->is_repeated()) {
    if (field->has_presence() && !reflection->HasField(message, field)) return "absent";
    google::protobuf::TextFormat::PrintFieldValueToString(message, field, -1, &text);
    return "=" + text;
  }
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    std::string value;
    google::protobuf::TextFormat::PrintFieldValueToString(message, field, i, &value);
    text += value + "\n";
  }
  return text;
}

void Differences(const Message& a, const Message& b, const std::string& prefix,
                 std::vector<std::string>& paths) {
  const auto* descriptor = a.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const std::string path = prefix + field->name();
    const bool both = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                      !field->is_repeated() && a.GetReflection()->HasField(a, field) &&
                      b.GetReflection()->HasField(b, field);
    if (both) {
      Differences(a.GetReflection()->GetMessage(a, field), b.GetReflection()->GetMessage(b, field),
                  path + ".", paths);
    } else if (Printed(a, field) != Printed(b, field)) {
      paths.push_back(path);
    }
  }
}

const Refused* ConflictOf(const Answer& answer) {
  const auto* refused = std::get_if<Refused>(&answer);
  if (refused == nullptr || refused->reason != v1::REFUSAL_REQUEST_CONFLICT) return nullptr;
  return refused;
}

}  // namespace

std::variant<v1::Event, Refused> ReadEvent(const EventLog& log, const std::string& ledger_id,
                                           uint64_t sequence) {
  const auto run = log.Read(ledger_id, sequence, 1, 1);
  if (!run.ok()) return ReadFailure(sequence, "can't be read", run.status());
  v1::Event event;
  if (run->size() == 1 &&
      event.ParseFromArray((*run)[0].data(), static_cast<int>((*run)[0].size()))) {
    return event;
  }
  return Refused{v1::REFUSAL_INTERNAL, "", Text("event ", sequence, " can't be read"), {}};
}

std::vector<std::string> DifferingFields(const Message& a, const Message& b) {
  std::vector<std::string> paths;
  Differences(a, b, "", paths);
  return paths;
}

bool NeedsLog(const Answer& answer) {
  return std::holds_alternative<AlreadyApplied>(answer) || ConflictOf(answer) != nullptr;
}

std::variant<FirstAnswer, Refused> ResolveFromLog(const EventLog& log, const std::string& ledger_id,
                                                  const Command& command, const Answer& answer) {
  const Refused* conflict = ConflictOf(answer);
  uint64_t sequence = 0;
  if (conflict == nullptr) {
    sequence = std::get<AlreadyApplied>(answer).sequence;
  } else {
    for (const auto& [key, value] : conflict->metadata) {
      if (key == "first_sequence") (void)absl::SimpleAtoi(value, &sequence);
    }
  }
  auto read = ReadEvent(log, ledger_id, sequence);
  if (auto* refused = std::get_if<Refused>(&read)) return std::move(*refused);
  v1::Event& event = std::get<v1::Event>(read);
  if (conflict == nullptr) return FirstAnswer{std::move(event)};

  const auto first = CarriedCommand(event);
  if (!first || KindOf(*first) != command.kind) return *conflict;
  const std::vector<std::string> fields =
      DifferingFields(MessageOf(command.body), MessageOf(*first));
  // The hint can differ where the fields don't, such as in the order of unknown fields.
  if (fields.empty()) return FirstAnswer{std::move(event)};
  Refused named = *conflict;
  named.field = "command." + fields.front();
  named.message = Text("request id ", command.request_id, " was used before with other content in ",
                       absl::StrJoin(fields, ", "));
  named.metadata.emplace_back("differing_fields", absl::StrJoin(fields, ","));
  return named;
}

}  // namespace meritbook
