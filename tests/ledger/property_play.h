// Owns: playing a history to the ledger and to the model, and what came of it.
// Promises: after each call both have said the same, are in the same state, and the books balance;
//           at the end a replay of the events comes to that state too.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_PROPERTY_PLAY_H_
#define MERITBOOK_TESTS_LEDGER_PROPERTY_PLAY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "tests/ledger/model.h"
#include "tests/ledger/property_world.h"

namespace meritbook::property {

// What was met in a run.
struct Tally {
  std::map<std::string, std::map<std::string, uint64_t>> answers;  // by command, by answer
  std::map<std::string, uint64_t> events;                          // by body
  std::map<std::string, uint64_t> met;                             // whatever else is worth meeting
  uint64_t commands = 0;
  uint64_t histories = 0;
};

// Counts the event, and what is remarkable about it.
void Meet(const v1::Event& event, Tally& tally);

// The next turn, as the model stands; nothing at the end.
using Turns = std::function<std::optional<Turn>(const Model& model)>;

struct Played {
  History history;      // as far as it was played
  std::string story;    // each call with its answers
  std::string failure;  // "" if all is well
};

// `tally` may be null.
Played Play(const Turns& turns, Tally* tally);

// A history that was played before.
Turns Again(const History& history);

// The random history of this seed; made as it is played.
Turns Random(uint64_t seed);

// The history that a fuzzer's input comes to, until it is used up.
Turns Driven(std::string bytes);

}  // namespace meritbook::property

#endif  // MERITBOOK_TESTS_LEDGER_PROPERTY_PLAY_H_
