// Owns: putting messages together.
// Promises: takes strings of either kind and integers. Debian's Abseil has a string_view of its own
//           that does not convert from std::string_view, so absl::StrCat can't take ours.
// Thread: any.
#ifndef MERITBOOK_LEDGER_TEXT_H_
#define MERITBOOK_LEDGER_TEXT_H_

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/status/status.h"

namespace meritbook {

template <typename... Parts>
std::string Text(const Parts&... parts) {
  std::string text;
  const auto add = [&text](const auto& part) {
    if constexpr (std::integral<std::decay_t<decltype(part)>>) {
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

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_TEXT_H_
