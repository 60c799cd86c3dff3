// Owns: the flags that every command takes.
// Promises: plain values, filled by the command line before a command runs.
// Thread: any once filled.
#ifndef MERITBOOK_CLI_GLOBALS_H_
#define MERITBOOK_CLI_GLOBALS_H_

#include <cstdint>
#include <string>

#include "cli/language.h"

namespace meritbook::cli {

enum class Format { kTable, kJson, kCsv };

struct Globals {
  std::string server = "127.0.0.1:7117";
  bool server_given = false;  // by flag or environment
  std::string ledger;
  std::string key_file;
  std::string key;  // from the environment; the file wins
  Format format = Format::kTable;
  bool format_given = false;  // also when it is the table
  Language language = Language::kEnglish;
  double timeout_seconds = 30;  // of one call; streams have none
  bool colour = false;          // of standard output
};

// Flags of a command that writes.
struct WriteFlags {
  std::string request_id;   // a natural one when empty
  std::string recorded_at;  // RFC 3339; see write_call.h when empty
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_GLOBALS_H_
