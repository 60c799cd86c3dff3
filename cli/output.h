// Owns: results on standard output, progress on standard error.
// Promises: JSON has plain numbers and the proto's field names; a bar only on a terminal.
// Thread: the main one.
#ifndef MERITBOOK_CLI_OUTPUT_H_
#define MERITBOOK_CLI_OUTPUT_H_

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "google/protobuf/message.h"

namespace meritbook::cli {

using Json = nlohmann::ordered_json;

// Every field, also the unset ones, so that a reader needs no defaults; 64-bit numbers as numbers.
Json ToJson(const google::protobuf::Message& message);

void PrintJson(const Json& json);

// A table of two columns, or one CSV row, or one JSON object.
class Facts {
 public:
  explicit Facts(const Context& context) : context_(context) {}
  // `shown` in the table and CSV, `value` in JSON under `key`.
  void Add(const std::string& key, std::string_view label, std::string shown, Json value);
  void Print() const;

 private:
  struct Fact {
    std::string key;
    std::string label;
    std::string shown;
    Json value;
  };
  const Context& context_;
  std::vector<Fact> facts_;
};

// Prints the table, or its CSV; JSON is the caller's.
void Print(const Context& context, const Table& table);

// "name ━━━━━━╸ 61 % 182,300/s", redrawn at most ten times a second, after the first second.
class ProgressBar {
 public:
  explicit ProgressBar(std::string name);
  ~ProgressBar();
  void Show(uint64_t done, uint64_t total);

 private:
  const std::string name_;
  const bool wanted_;
  const std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point drawn_;
  bool visible_ = false;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_OUTPUT_H_
