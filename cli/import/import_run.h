// Owns: an import from a folder's files to the last answer.
// Promises: a problem with a file stops it before anything is sent; a problem with a row refuses
// that row only; what was sent twice counts once. Thread: one calls; the answers have a thread of
// their own.
#ifndef MERITBOOK_CLI_IMPORT_IMPORT_RUN_H_
#define MERITBOOK_CLI_IMPORT_IMPORT_RUN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "cli/language.h"

namespace meritbook::cli {

class Client;

struct ImportOptions {
  std::string folder;
  std::string refused_file;
  std::string ledger_id;
  // Every command states its recorded time: the ledger is migrating.
  bool with_recorded_time = false;
  size_t batch_items_max = 2'048;
  size_t in_flight_max = 6;
  Language language = Language::kEnglish;                       // of the refusals' messages
  std::function<void(std::string_view)> note;                   // for people; not empty
  std::function<void(uint64_t done, uint64_t total)> progress;  // not empty
};

struct ImportCounts {
  uint64_t rows = 0;
  // A row that freezes its volunteer is two commands.
  uint64_t commands = 0;
  uint64_t applied = 0;
  uint64_t already_applied = 0;
  std::map<std::string, uint64_t> refused;  // by reason
};

// Unavailable when it stopped half way: the same import again goes on, and nothing doubles.
absl::StatusOr<ImportCounts> RunImport(const Client& client, const ImportOptions& options);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_IMPORT_RUN_H_
