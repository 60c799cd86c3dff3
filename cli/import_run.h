// Owns: sending an import to the server and keeping account of the answers.
// Promises: what broke off is simply run again: nothing doubles.
// Thread: one, which starts another to read the answers.
#ifndef MERITBOOK_CLI_IMPORT_RUN_H_
#define MERITBOOK_CLI_IMPORT_RUN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/client.h"
#include "cli/import_plan.h"

namespace meritbook::cli {

struct ImportOutcome {
  uint64_t rows = 0;                        // commands of the files, unreadable rows included
  uint64_t applied = 0;                     // new events
  uint64_t already_applied = 0;             // there from an earlier run
  std::map<std::string, uint64_t> refused;  // by reason
  std::vector<RefusedRow> refused_rows;     // in the order of the stream, unreadable rows first
  double seconds = 0;
};

struct ImportSettings {
  int items_per_request = 2048;
  int requests_under_way_max = 6;
  std::function<void(uint64_t done, uint64_t total)> progress;  // may be empty
};

// Throws CommandError if the stream broke or the server can take no more for now.
ImportOutcome RunImport(const Client& client, const ImportPlan& plan,
                        const ImportSettings& settings);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_RUN_H_
