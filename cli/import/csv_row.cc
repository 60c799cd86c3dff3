#include "cli/import/csv_row.h"

#include <algorithm>

namespace meritbook::cli {
namespace {

// The end of a field without quotes.
size_t PlainEnd(std::string_view text, size_t at) {
  while (at < text.size() && text[at] != ',' && text[at] != '\n' &&
         !(text[at] == '\r' && (at + 1 == text.size() || text[at + 1] == '\n'))) {
    ++at;
  }
  return at;
}

void Fault(CsvRow* row, const char* fault) {
  if (row->fault != nullptr) return;
  row->fault = fault;
  row->fault_field = row->fields.size();
}

// Adds the quoted field whose first quote is at `at`; returns where it ends.
size_t TakeQuoted(std::string_view text, size_t at, CsvRow* row) {
  const size_t begin = ++at;
  bool doubled = false;
  while (at < text.size()) {
    if (text[at] == '\n') ++row->lines;
    if (text[at] == '"') {
      if (at + 1 >= text.size() || text[at + 1] != '"') break;
      doubled = true;
      ++at;
    }
    ++at;
  }
  std::string_view field = text.substr(begin, at - begin);
  if (at >= text.size()) {
    Fault(row, "a quote is never closed");
  } else {
    const size_t end = PlainEnd(text, ++at);
    if (end != at) Fault(row, "there is text after the closing quote");
    at = end;
  }
  if (doubled) {
    std::string& copy = row->unquoted.emplace_back();
    for (size_t i = 0; i < field.size(); ++i) {
      copy.push_back(field[i]);
      if (field[i] == '"') ++i;
    }
    field = copy;
  }
  row->fields.push_back(field);
  return at;
}

}  // namespace

size_t SplitRow(std::string_view text, size_t offset, CsvRow* row) {
  row->fields.clear();
  row->unquoted.clear();
  row->lines = 1;
  row->fault = nullptr;
  size_t at = offset;
  while (true) {
    if (at < text.size() && text[at] == '"') {
      at = TakeQuoted(text, at, row);
    } else {
      const size_t end = PlainEnd(text, at);
      row->fields.push_back(text.substr(at, end - at));
      at = end;
    }
    if (at >= text.size() || text[at] != ',') break;
    ++at;
  }
  if (row->fault != nullptr) {
    // A stray quote must not swallow the rows after it: this one ends where its first line does.
    row->lines = 1;
    at = std::min(text.find('\n', offset), text.size());
  }
  if (at < text.size() && text[at] == '\r') ++at;
  if (at < text.size() && text[at] == '\n') ++at;
  return at;
}

}  // namespace meritbook::cli
