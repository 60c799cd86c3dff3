// Owns: the two languages that merit speaks, and the choice between them.
// Promises: whatever is said in one is said in the other, side by side in the source.
// Thread: any.
#ifndef MERITBOOK_CLI_LANGUAGE_H_
#define MERITBOOK_CLI_LANGUAGE_H_

#include <string_view>

namespace meritbook::cli {

enum class Language { kEnglish, kChinese };

inline const char* Pick(Language language, const char* english, const char* chinese) {
  return language == Language::kChinese ? chinese : english;
}

// Of a locale's name such as "zh_CN.UTF-8".
inline Language LanguageOfLocale(std::string_view locale) {
  return locale.substr(0, 2) == "zh" ? Language::kChinese : Language::kEnglish;
}

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_LANGUAGE_H_
