// Owns: the events of a history that the fuzz targets start from.
// Promises: the same in every run.
// Thread: one.
#ifndef MERITBOOK_TESTS_FUZZ_KNOWN_HISTORY_H_
#define MERITBOOK_TESTS_FUZZ_KNOWN_HISTORY_H_

#include <string>
#include <vector>

namespace meritbook::fuzz {

std::vector<std::string> KnownHistory();

}  // namespace meritbook::fuzz

#endif  // MERITBOOK_TESTS_FUZZ_KNOWN_HISTORY_H_
