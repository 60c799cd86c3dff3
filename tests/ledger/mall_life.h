// Owns: a mall's life with every kind of the mall's and of settlement's events in it.
// Promises: as tests/ledger/mutation.h, of this life.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_MALL_LIFE_H_
#define MERITBOOK_TESTS_LEDGER_MALL_LIFE_H_

#include <string>
#include <vector>

#include "tests/ledger/mutation.h"

namespace meritbook {

// Live; ends in May 2021 with a statement that has closed by itself, and a loss.
const std::string& MallLife();

// Each mutation of the mall's life must be refused for its reason.
void ExpectRefusedInMall(const std::vector<Mutation>& mutations);

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_LEDGER_MALL_LIFE_H_
