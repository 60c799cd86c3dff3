// The reading of a rule's file.
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "cli/ledger_commands.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

// Keeps the first error.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(const std::string& file_name) : file_name_(file_name) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (text_.empty()) text_ = Text(file_name_, ":", line + 1, ":", column + 1, ": ", message);
  }

  const std::string& text() const { return text_; }

 private:
  const std::string file_name_;
  std::string text_;
};

}  // namespace

absl::StatusOr<v1::PublishRule> ParseRule(const std::string& file_name, const std::string& text) {
  FirstError error(file_name);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  v1::PublishRule rule;
  if (parser.ParseFromString(text, &rule)) return rule;
  return absl::InvalidArgumentError(error.text());
}

}  // namespace meritbook::cli
