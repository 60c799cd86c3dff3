// Owns: shell completion and near misses, from the command tree itself.
// Promises: what can be completed is what can be called.
// Thread: the main one.
#ifndef MERITBOOK_CLI_COMPLETION_H_
#define MERITBOOK_CLI_COMPLETION_H_

#include <CLI/App.hpp>
#include <string>

namespace meritbook::cli {

// A script to be evaluated: eval "$(merit completion bash)".
std::string CompletionScript(const CLI::App& app, const std::string& shell);

// The name that takes at most two edits from `word`; empty if there is none.
std::string NearestCommand(const CLI::App& app, const std::string& word);
std::string NearestFlag(const CLI::App& app, const std::string& flag);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COMPLETION_H_
