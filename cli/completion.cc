// Completion scripts for bash, zsh and fish.
#include <functional>

#include "cli/command_node.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

// Calls `visit` with every command and its path: "" for merit itself, "/ledger/create".
using Visit = std::function<void(const std::string& path, const CommandNode& node)>;

void Walk(const CommandNode& node, const std::string& path, const Visit& visit) {
  visit(path, node);
  for (const CommandNode& child : node.children) {
    Walk(child, Text(path, "/", child.name), visit);
  }
}

std::string Joined(const std::vector<std::string>& words, std::string_view by) {
  std::string text;
  for (const std::string& word : words) text += Text(text.empty() ? "" : by, word);
  return text;
}

std::vector<std::string> FlagNames(const CommandNode& node) {
  std::vector<std::string> names;
  for (const FlagNode& flag : node.flags) names.push_back(flag.name);
  return names;
}

// `case "$path $word"` arms that go one command down.
std::string BashSteps(const CommandNode& root) {
  std::vector<std::string> steps;
  Walk(root, "", [&steps](const std::string& path, const CommandNode& node) {
    for (const CommandNode& child : node.children) {
      steps.push_back(Text("'", path, " ", child.name, "'"));
    }
  });
  return Joined(steps, " | ");
}

// Arms for the value of the flag before the cursor.
std::string BashValues(const CommandNode& root) {
  std::string arms;
  Walk(root, "", [&](const std::string& path, const CommandNode& node) {
    for (const FlagNode& flag : node.flags) {
      if (!flag.takes_value) continue;
      const std::string from =
          flag.takes_path ? "-f" : Text("-W '", Joined(flag.choices, " "), "'");
      arms += Text("    '", path, "'*' ", flag.name, "')\n      COMPREPLY=($(compgen ", from,
                   " -- \"$cur\"))\n      return ;;\n");
    }
  });
  return arms;
}

std::string BashWords(const CommandNode& root) {
  std::string arms;
  const std::string root_flags = Joined(FlagNames(root), " ");
  Walk(root, "", [&](const std::string& path, const CommandNode& node) {
    std::vector<std::string> words = node.choices;
    for (const CommandNode& child : node.children) words.push_back(child.name);
    const std::string own_flags = path.empty() ? "" : Joined(FlagNames(node), " ");
    arms +=
        Text("    '", path, "')\n      words='", Joined(words, " "), "'\n      flags='", own_flags,
             " ", root_flags, "'\n      paths=", node.takes_path ? "yes" : "", " ;;\n");
  });
  return arms;
}

std::string FlagsWithValue(const CommandNode& root) {
  std::vector<std::string> names;
  Walk(root, "", [&names](const std::string&, const CommandNode& node) {
    for (const FlagNode& flag : node.flags) {
      if (flag.takes_value) names.push_back(flag.name);
    }
  });
  return Joined(names, " | ");
}

std::string Bash(const CommandNode& root) {
  return Text(R"(# bash completion of merit: source <(merit completion bash)
_merit() {
  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local path= words= flags= paths= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${COMP_WORDS[i]}" in
    )",
              FlagsWithValue(root), R"()
      ((i++)); continue ;;
    esac
    case "$path ${COMP_WORDS[i]}" in
    )",
              BashSteps(root), R"()
      path=$path/${COMP_WORDS[i]} ;;
    esac
  done
  case "$path $before" in
)",
              BashValues(root), R"(  esac
  case "$path" in
)",
              BashWords(root), R"(  esac
  if [[ $cur == -* ]]; then words=$flags; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [[ $paths && $cur != -* ]]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
}
complete -o filenames -F _merit merit
)");
}

std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("\\'") : std::string(1, c);
  return quoted + "'";
}

std::string Fish(const CommandNode& root) {
  std::string script = R"(# fish completion of merit: merit completion fish | source
function __merit_path
    set -l path
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or set path $path $word
    end
    test (string join / -- $path[1..(count $argv)]) = (string join / -- $argv)
end
function __merit_at
    set -l count 0
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or set count (math $count + 1)
    end
    test $count -eq (count $argv); and begin
        test $count -eq 0; or __merit_path $argv
    end
end
complete -c merit -f
)";
  Walk(root, "", [&script](const std::string& path, const CommandNode& node) {
    std::string words = path;
    for (char& c : words) c = c == '/' ? ' ' : c;
    const std::string at = Text("complete -c merit -n '__merit_at", words, "'");
    for (const CommandNode& child : node.children) {
      script += Text(at, " -a ", child.name, " -d ", Quoted(child.help), "\n");
    }
    if (!node.choices.empty()) script += Text(at, " -a '", Joined(node.choices, " "), "'\n");
    if (node.takes_path) script += Text(at, " -F\n");
    for (const FlagNode& flag : node.flags) {
      script += Text("complete -c merit", path.empty() ? "" : Text(" -n '__merit_path", words, "'"),
                     " -l ", flag.name.substr(2), flag.takes_value ? " -r" : "",
                     flag.choices.empty() ? "" : Text(" -a '", Joined(flag.choices, " "), "'"),
                     flag.takes_path ? " -F" : "", " -d ", Quoted(flag.help), "\n");
    }
  });
  return script;
}

}  // namespace

std::string CompletionScript(const CommandNode& root, std::string_view shell) {
  if (shell == "fish") return Fish(root);
  if (shell == "bash") return Bash(root);
  // zsh runs the bash script through its own emulation.
  return Text("#compdef merit\nautoload -U +X compinit && compinit\n",
              "autoload -U +X bashcompinit && bashcompinit\n", Bash(root));
}

}  // namespace meritbook::cli
