// Owns: all files of one export as a single stream of commands, ordered by recorded time.
// Promises: ties go by kind of file, then by row; the order is the same at every run, so that an
//           import that broke off is simply run again.
// Thread: one.
#ifndef MERITBOOK_CLI_IMPORT_PLAN_H_
#define MERITBOOK_CLI_IMPORT_PLAN_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/import_rows.h"

namespace meritbook::cli {

// A row that was not taken, by the file's fault or by the ledger's refusal.
struct RefusedRow {
  std::string file;
  size_t line = 0;
  size_t column = 0;  // 0: the row as such
  std::string reason;
  std::string message;
  std::string id;
};

class ImportPlan {
 public:
  // Reads the folder's files whole and puts their rows in order. An error names file, line and
  // column; then nothing was sent yet.
  static std::variant<ImportPlan, std::string> Load(const std::filesystem::path& dir);

  // Commands, rows that can't be read left out.
  size_t size() const { return entries_.size(); }
  // Rows that can't be read.
  const std::vector<RefusedRow>& faults() const { return faults_; }
  // What an operator may want to know, such as columns that are not used.
  const std::vector<std::string>& notes() const { return notes_; }

  // Fills the n-th command. The fault of a row that can't be read after all.
  std::optional<RefusedRow> Fill(size_t n, bool with_recorded_time, v1::ImportItem* item) const;

  // The n-th command's row, for a refusal; `column_name` as in the file, may be unknown.
  RefusedRow RowOf(size_t n, std::string_view column_name) const;

 private:
  struct File {
    ImportFile kind;
    std::string text;
    Header header;
    std::vector<std::string> columns;  // of the header, in the file's order
  };
  struct Entry {
    int64_t recorded_us;
    uint64_t offset : 48;
    uint64_t file : 8;  // index in files_
    uint64_t part : 8;
    uint32_t line;
  };

  std::string AddFile(ImportFile kind, const std::filesystem::path& path);

  std::vector<File> files_;
  std::vector<Entry> entries_;
  std::vector<RefusedRow> faults_;
  std::vector<std::string> notes_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_PLAN_H_
