// Owns: an event in a few words, for passbooks and for watching.
// Promises: every kind of event has its words; a new one doesn't compile without.
// Thread: any.
#ifndef MERITBOOK_CLI_EVENT_WORDS_H_
#define MERITBOOK_CLI_EVENT_WORDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cli/language.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {

struct EventWords {
  const char* kind = "";  // the body's field name, such as "hours_credited"
  const char* what = "";  // in the language
  std::string about;      // ids, in the order of their weight
  std::string volunteer_id;
  std::optional<int64_t> units;     // what the volunteer's account gains or, below 0, loses
  std::optional<uint64_t> minutes;  // credited and honorary
};

EventWords WordsOf(const v1::Event& event, Language language);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_EVENT_WORDS_H_
