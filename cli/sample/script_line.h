// Owns the text of a script of calls, JSON Lines that `merit sample play` takes
// (cli/script_call.h). Promises one line for each call, each expected to be taken. Not shared
// between threads.
#ifndef MERITBOOK_CLI_SAMPLE_SCRIPT_LINE_H_
#define MERITBOOK_CLI_SAMPLE_SCRIPT_LINE_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "cli/sample/calendar.h"

namespace meritbook::sample {

class ScriptText {
 public:
  // Request ids begin with `name`.
  explicit ScriptText(absl::string_view name) : name_(name) {}

  // `second` counts from 2021-01-01T00:00:00+08:00.
  void Add(int64_t second, absl::string_view caller, absl::string_view rpc,
           nlohmann::ordered_json command) {
    nlohmann::ordered_json line;
    std::string at;
    AppendInstant(second, at);
    line["at"] = at;
    line["as"] = std::string(caller);
    line["rpc"] = std::string(rpc);
    line["request"]["request_id"] = absl::StrFormat("%s-%03d", name_, ++calls_);
    line["command"] = std::move(command);
    line["expect"] = "OK";
    text_ += line.dump();
    text_.push_back('\n');
  }
  std::string Take() { return std::move(text_); }

 private:
  const std::string name_;
  int calls_ = 0;
  std::string text_;
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_SCRIPT_LINE_H_
