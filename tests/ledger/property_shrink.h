// Owns: making a history that fails short.
// Promises: what it gives back fails, and without any one of its calls it wouldn't, as far as the
//           time allowed to look. Tries run in processes of their own, so that an abort of the
//           ledger is a failure like others.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_PROPERTY_SHRINK_H_
#define MERITBOOK_TESTS_LEDGER_PROPERTY_SHRINK_H_

#include <string>

#include "tests/ledger/property_play.h"

namespace meritbook::property {

// What becomes of a history, played in a process of its own; "" if all is well.
std::string FailureOf(const History& history);

History Shrunk(History history, int seconds_max);

}  // namespace meritbook::property

#endif  // MERITBOOK_TESTS_LEDGER_PROPERTY_SHRINK_H_
