// Owns: messages as JSON for programs.
// Promises: the proto's field names, integers as plain numbers, every field that has a value or no
// presence. Bytes and salts are hex: the one is no text, the other too long for a double.
// Thread: any.
#ifndef MERITBOOK_CLI_JSON_TEXT_H_
#define MERITBOOK_CLI_JSON_TEXT_H_

#include <google/protobuf/message.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace meritbook::cli {

nlohmann::ordered_json JsonOf(const google::protobuf::Message& message);

// Indented and ending in a line break.
// `extra` fields follow the message's own.
std::string JsonText(const google::protobuf::Message& message,
                     const std::vector<std::pair<std::string, std::string>>& extra = {});
std::string JsonText(const nlohmann::ordered_json& json);
// On one line, without its break.
std::string JsonLine(const google::protobuf::Message& message);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_JSON_TEXT_H_
