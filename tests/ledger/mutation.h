// Owns: a ledger's life with every kind of event in it, and tables of what must not be taken for an
//       event of it.
// Promises: a changed event is applied where the good one stood; the log before it is whole.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_MUTATION_H_
#define MERITBOOK_TESTS_LEDGER_MUTATION_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "meritbook/v1/event.pb.h"
#include "tests/ledger/script.h"

namespace meritbook {

// Ends with a refund into a lapsed lot; has an event of each kind.
const std::string& WholeLife();

// One change of one event.
struct Mutation {
  const char* name;
  v1::Event::BodyCase kind;
  size_t skip;  // how many of that kind come before
  std::function<void(v1::Event&)> mutate;
  const char* want;  // part of the message
};

// Each mutation of the whole life must be refused for its reason. Where it concerns other
// volunteers than before, the passbook's links are put right, so that the fault lies elsewhere.
void ExpectRefused(const std::vector<Mutation>& mutations);

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_LEDGER_MUTATION_H_
