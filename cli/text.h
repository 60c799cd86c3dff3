// Owns: putting messages together.
// Promises: takes strings of either kind and integers; Debian's Abseil has a string_view of its
// own. Thread: any.
#ifndef MERITBOOK_CLI_TEXT_H_
#define MERITBOOK_CLI_TEXT_H_

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/status/status.h"

namespace meritbook::cli {

template <typename... Parts>
std::string Text(const Parts&... parts) {
  std::string text;
  const auto add = [&text](const auto& part) {
    using Part = std::decay_t<decltype(part)>;
    if constexpr (std::same_as<Part, char>) {
      text += part;
    } else if constexpr (std::integral<Part>) {
      text += std::to_string(part);
    } else {
      text += std::string_view(part);
    }
  };
  (add(parts), ...);
  return text;
}

inline std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_TEXT_H_
