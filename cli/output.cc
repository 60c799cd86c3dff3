#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "absl/strings/escaping.h"
#include "cli/language.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr uint64_t kBarWidth = 30;

// One value; `index` < 0 for a singular field.
Json ValueOf(const Message& message, const FieldDescriptor* field, int index) {
  const auto* r = message.GetReflection();
  const bool many = index >= 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? r->GetRepeatedInt32(message, field, index) : r->GetInt32(message, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? r->GetRepeatedInt64(message, field, index) : r->GetInt64(message, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? r->GetRepeatedUInt32(message, field, index) : r->GetUInt32(message, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return many ? r->GetRepeatedUInt64(message, field, index) : r->GetUInt64(message, field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? r->GetRepeatedDouble(message, field, index) : r->GetDouble(message, field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return many ? r->GetRepeatedFloat(message, field, index) : r->GetFloat(message, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? r->GetRepeatedBool(message, field, index) : r->GetBool(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return (many ? r->GetRepeatedEnum(message, field, index) : r->GetEnum(message, field))
          ->name();
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          many ? r->GetRepeatedString(message, field, index) : r->GetString(message, field);
      return field->type() == FieldDescriptor::TYPE_BYTES ? absl::Base64Escape(text) : text;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ToJson(many ? r->GetRepeatedMessage(message, field, index)
                         : r->GetMessage(message, field));
  }
  return nullptr;
}

}  // namespace

Json ToJson(const Message& message) {
  Json json = Json::object();
  const auto* r = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->is_repeated()) {
      Json list = Json::array();
      for (int k = 0; k < r->FieldSize(message, field); ++k) {
        list.push_back(ValueOf(message, field, k));
      }
      json[field->name()] = std::move(list);
    } else if (!field->has_presence() || r->HasField(message, field)) {
      json[field->name()] = ValueOf(message, field, -1);
    }
  }
  return json;
}

void PrintJson(const Json& json) { std::cout << json.dump(2) << "\n"; }

void Facts::Add(const std::string& key, std::string_view label, std::string shown, Json value) {
  facts_.push_back({key, std::string(label), std::move(shown), std::move(value)});
}

void Facts::Print() const {
  if (context_.format == Format::kJson) {
    Json json = Json::object();
    for (const Fact& fact : facts_) json[fact.key] = fact.value;
    PrintJson(json);
    return;
  }
  if (context_.format == Format::kCsv) {
    std::vector<Table::Column> columns;
    std::vector<std::string> cells;
    for (const Fact& fact : facts_) {
      columns.push_back({fact.key});
      cells.push_back(fact.value.is_string() ? fact.value.get<std::string>() : fact.value.dump());
    }
    Table table(std::move(columns));
    table.Add(std::move(cells));
    table.PrintCsv(std::cout);
    return;
  }
  size_t width = 0;
  std::vector<std::string> labels;
  for (const Fact& fact : facts_) {
    labels.push_back(Label(fact.label, context_.client.language));
    width = std::max(width, DisplayWidth(labels.back()));
  }
  for (size_t i = 0; i < facts_.size(); ++i) {
    std::cout << labels[i] << std::string(width - DisplayWidth(labels[i]) + 2, ' ')
              << facts_[i].shown << "\n";
  }
}

void Print(const Context& context, const Table& table) {
  if (context.format == Format::kCsv) {
    table.PrintCsv(std::cout);
  } else {
    table.Print(std::cout, ColourWanted(STDOUT_FILENO));
  }
}

ProgressBar::ProgressBar(std::string name)
    : name_(std::move(name)),
      wanted_(isatty(STDERR_FILENO) != 0),
      begin_(std::chrono::steady_clock::now()),
      drawn_(begin_) {}

ProgressBar::~ProgressBar() {
  if (visible_) std::cerr << "\r\033[K";
}

void ProgressBar::Show(uint64_t done, uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!wanted_ || now - begin_ < std::chrono::seconds(1) ||
      now - drawn_ < std::chrono::milliseconds(100)) {
    return;
  }
  drawn_ = now;
  visible_ = true;
  const uint64_t share = total == 0 ? 0 : std::min(done, total) * 100 / total;
  const uint64_t filled = share * kBarWidth / 100;
  std::string bar;
  for (uint64_t i = 0; i < kBarWidth; ++i) bar += i < filled ? "━" : " ";
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const auto rate = static_cast<int64_t>(static_cast<double>(done) / seconds);
  std::cerr << "\r\033[K" << Join(name_, " ", bar, " ", share, " %  ", FormatCount(rate), "/s")
            << std::flush;
}

}  // namespace meritbook::cli
