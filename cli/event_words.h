// Owns: an event in a few words, for passbooks and for watching.
// Promises: every kind of event has its words; a new one doesn't compile without.
// Thread: any.
#ifndef MERITBOOK_CLI_EVENT_WORDS_H_
#define MERITBOOK_CLI_EVENT_WORDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "cli/language.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {

struct EventWords {
  std::string kind;   // the body's field name, such as "hours_credited"
  std::string what;   // in the language
  std::string about;  // ids, in the order of their weight
  std::string volunteer_id;
  // Of a merge: who gains what `volunteer_id` loses.
  std::string survivor_id;
  // By how much what she owns grows or, below 0, shrinks: pending, available, held and debt
  // together.
  std::optional<int64_t> units;
  // Of these, by how much what is held for her orders grows or shrinks.
  std::optional<int64_t> held_units;
  // Credited and honorary, of a record that counts from now on.
  std::optional<uint64_t> minutes;
};

// Clock times, where there are any, are shown in the zone.
EventWords WordsOf(const v1::Event& event, Language language, absl::TimeZone zone);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_EVENT_WORDS_H_
