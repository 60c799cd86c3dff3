#include "cli/json_text.h"

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"

namespace meritbook::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Json = nlohmann::ordered_json;

Json HexOf(uint64_t value) { return std::string(absl::StrFormat("%016x", value)); }

Json TextOf(const FieldDescriptor& field, const std::string& value) {
  if (field.type() == FieldDescriptor::TYPE_BYTES) return absl::BytesToHexString(value);
  return value;
}

// One value of a singular field (`at` < 0) or of a repeated one.
#define VALUE(Type)                               \
  (at < 0 ? reflection.Get##Type(message, &field) \
          : reflection.GetRepeated##Type(message, &field, at))

Json ValueOf(const Message& message, const FieldDescriptor& field, int at) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return VALUE(Int32);
    case FieldDescriptor::CPPTYPE_INT64:
      return VALUE(Int64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return VALUE(UInt32);
    case FieldDescriptor::CPPTYPE_UINT64: {
      const uint64_t value = VALUE(UInt64);
      return field.type() == FieldDescriptor::TYPE_FIXED64 ? HexOf(value) : Json(value);
    }
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return VALUE(Double);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return VALUE(Float);
    case FieldDescriptor::CPPTYPE_BOOL:
      return VALUE(Bool);
    case FieldDescriptor::CPPTYPE_ENUM:
      return VALUE(Enum)->name();
    case FieldDescriptor::CPPTYPE_STRING:
      return TextOf(field, VALUE(String));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return JsonOf(VALUE(Message));
  }
  return nullptr;
}

#undef VALUE

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Json JsonOf(const Message& message) {
  Json json = Json::object();
  const Reflection& reflection = *message.GetReflection();
  const auto* descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    if (field.is_repeated()) {
      Json list = Json::array();
      for (int at = 0; at < reflection.FieldSize(message, &field); ++at) {
        list.push_back(ValueOf(message, field, at));
      }
      json[field.name()] = std::move(list);
    } else if (!field.has_presence() || reflection.HasField(message, &field)) {
      json[field.name()] = ValueOf(message, field, -1);
    }
  }
  return json;
}

std::string JsonText(const Message& message,
                     const std::vector<std::pair<std::string, std::string>>& extra) {
  Json json = JsonOf(message);
  for (const auto& [name, value] : extra) json[name] = value;
  return JsonText(json);
}

std::string JsonText(const Json& json) { return Dump(json, 2) + "\n"; }
std::string JsonLine(const Message& message) { return Dump(JsonOf(message), -1); }

}  // namespace meritbook::cli
