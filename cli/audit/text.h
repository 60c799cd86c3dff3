// Owns: the putting together of messages.
// Promises: absl::StrCat that takes std::string_view too; Debian's Abseil has a view type of its
// own. Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_TEXT_H_
#define MERITBOOK_CLI_AUDIT_TEXT_H_

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace meritbook::audit {

inline absl::string_view AbslView(std::string_view text) { return {text.data(), text.size()}; }

namespace internal {
template <typename T>
const T& ForStrCat(const T& value) {
  return value;
}
inline absl::string_view ForStrCat(std::string_view text) { return AbslView(text); }
}  // namespace internal

template <typename... Parts>
std::string Text(const Parts&... parts) {
  return absl::StrCat(internal::ForStrCat(parts)...);
}

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_TEXT_H_
