// Owns: what every refusal means, in both languages, and what to do about it.
// Promises: each value of meritbook.v1.Refusal has its words; a new one doesn't compile without.
// Thread: any.
#ifndef MERITBOOK_CLI_REFUSAL_WORDS_H_
#define MERITBOOK_CLI_REFUSAL_WORDS_H_

#include <optional>
#include <string_view>

#include "cli/language.h"
#include "meritbook/v1/refusal.pb.h"

namespace meritbook::cli {

struct Words {
  const char* english;
  const char* english_hint;
  const char* chinese;
  const char* chinese_hint;

  const char* Meaning(Language language) const { return Pick(language, english, chinese); }
  const char* Hint(Language language) const { return Pick(language, english_hint, chinese_hint); }
};

Words WordsOf(v1::Refusal refusal);
// Of those about orders, pay codes, vouchers and settlement; a part of WordsOf.
Words MallWordsOf(v1::Refusal refusal);

// By the ErrorInfo's reason, such as "BALANCE_TOO_LOW". Nothing for what a newer server refuses.
std::optional<Words> WordsOf(std::string_view reason);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_REFUSAL_WORDS_H_
