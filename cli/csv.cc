#include "cli/csv.h"

#include <algorithm>

namespace meritbook::cli {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

}  // namespace

CsvReader::CsvReader(std::string_view text, size_t offset, size_t line)
    : text_(text), at_(offset), line_(line) {
  if (at_ == 0 && text_.substr(0, kBom.size()) == kBom) at_ = kBom.size();
}

bool CsvReader::Next(CsvRow& row) {
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }
  if (at_ >= text_.size()) return false;
  row.line = line_;
  row.fields.clear();
  row.error.clear();
  row.bad_column = 0;
  unquoted_.clear();
  while (true) {
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    row.fields.push_back(quoted ? TakeQuoted(row) : TakePlain());
    if (row.error.empty() && !IsUtf8(row.fields.back())) {
      row.error =
          "not UTF-8; it looks like GB18030: convert the file, e.g. with "
          "iconv -f GB18030 -t UTF-8";
      row.bad_column = row.fields.size();
    }
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      continue;
    }
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') {
      ++at_;
      ++line_;
    }
    return true;
  }
}

std::string_view CsvReader::TakeQuoted(CsvRow& row) {
  const size_t begin = ++at_;
  bool doubled = false;
  while (at_ < text_.size()) {
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] == '"') {
      if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
      doubled = true;
      ++at_;
    }
    ++at_;
  }
  std::string_view field = text_.substr(begin, at_ - begin);
  if (at_ >= text_.size()) {
    row.error = "a quote is never closed";
    row.bad_column = row.fields.size() + 1;
    return field;
  }
  ++at_;  // the closing quote
  if (const std::string_view rest = TakePlain(); !rest.empty() && row.error.empty()) {
    row.error = "text after a closing quote";
    row.bad_column = row.fields.size() + 1;
  }
  if (!doubled) return field;
  std::string& copy = unquoted_.emplace_back();
  for (size_t i = 0; i < field.size(); ++i) {
    copy.push_back(field[i]);
    if (field[i] == '"') ++i;
  }
  return copy;
}

std::string_view CsvReader::TakePlain() {
  const size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' &&
         !(text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n'))) {
    ++at_;
  }
  return text_.substr(begin, at_ - begin);
}

bool IsUtf8(std::string_view text) {
  size_t i = 0;
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
  while (i < text.size()) {
    const unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    }
    const unsigned char second = byte(i + 1);
    // Overlong forms, surrogates, beyond U+10FFFF.
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
      return false;
    }
    i += length;
  }
  return true;
}

std::string CsvField(std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(field);
  std::string quoted = "\"";
  for (char c : field) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace meritbook::cli
