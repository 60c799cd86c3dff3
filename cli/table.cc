#include "cli/table.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace meritbook::cli {
namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kPlain = "\033[0m";
constexpr std::string_view kGap = "  ";

struct Range {
  uint32_t first;
  uint32_t last;
};

// Wide and fullwidth of Unicode's East Asian Width in the scripts a county's records may hold, and
// emoji. wcwidth() would need a UTF-8 locale, which a container often doesn't have.
constexpr Range kWide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},  {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},  {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
constexpr Range kZero[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}};

template <size_t kCount>
bool Within(const Range (&ranges)[kCount], uint32_t point) {
  return std::any_of(std::begin(ranges), std::end(ranges), [point](const Range& range) {
    return range.first <= point && point <= range.last;
  });
}

// The code point at the start of `text`, which loses its bytes.
uint32_t TakePoint(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  uint32_t point = length == 1 ? first : first & (0x7FU >> length);
  for (size_t i = 1; i < length && i < text.size(); ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(std::min(length, text.size()));
  return point;
}

void Append(std::string& out, std::string_view text, size_t width, Align align, bool last) {
  const size_t missing = width - std::min(width, DisplayWidth(text));
  if (align == Align::kRight) out.append(missing, ' ');
  out += text;
  if (align == Align::kLeft && !last) out.append(missing, ' ');
}

}  // namespace

size_t DisplayWidth(std::string_view utf8) {
  size_t width = 0;
  while (!utf8.empty()) {
    const uint32_t point = TakePoint(utf8);
    if (Within(kZero, point)) continue;
    width += Within(kWide, point) ? 2 : 1;
  }
  return width;
}

std::string CsvField(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string quoted = "\"";
  for (char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string Table::Text(bool colour) const {
  std::vector<size_t> widths;
  for (const Column& column : columns_) widths.push_back(DisplayWidth(column.title));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i].shown));
    }
  }
  std::string out(colour ? kBold : "");
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += kGap;
    Append(out, columns_[i].title, widths[i], columns_[i].align, i + 1 == columns_.size());
  }
  out += colour ? kPlain : "";
  out += '\n';
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += kGap;
      Append(out, row[i].shown, widths[i], columns_[i].align, i + 1 == row.size());
    }
    out += '\n';
  }
  return out;
}

std::string Table::TextDown(bool colour) const {
  size_t title_width = 0;
  for (const Column& column : columns_) {
    title_width = std::max(title_width, DisplayWidth(column.title));
  }
  std::string out;
  for (const auto& row : rows_) {
    size_t number_width = 0;
    for (size_t i = 0; i < row.size(); ++i) {
      if (columns_[i].align == Align::kRight) {
        number_width = std::max(number_width, DisplayWidth(row[i].shown));
      }
    }
    for (size_t i = 0; i < row.size(); ++i) {
      if (colour) out += kBold;
      Append(out, columns_[i].title, title_width, Align::kLeft, false);
      if (colour) out += kPlain;
      out += kGap;
      Append(out, row[i].shown, columns_[i].align == Align::kRight ? number_width : 0,
             columns_[i].align, true);
      out += '\n';
    }
  }
  return out;
}

std::string Table::Csv() const {
  std::string out;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += ',';
    out += CsvField(columns_[i].name);
  }
  out += '\n';
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      out += CsvField(row[i].plain);
    }
    out += '\n';
  }
  return out;
}

}  // namespace meritbook::cli
