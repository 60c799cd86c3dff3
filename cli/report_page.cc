#include "cli/report_page.h"

#include <cstdlib>

#include "cli/text.h"

namespace meritbook::cli {
namespace {

// More columns than this stand on a page laid across.
constexpr size_t kUprightColumnsMax = 7;

constexpr char kStyle[] = R"(
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { background: #f3f1ec; }
body {
  margin: 0 auto; padding: 14mm 14mm 10mm; background: #fff; color: #1d1d1b;
  font: 9.5pt/1.45 "Noto Sans", "Source Han Sans SC", "Noto Sans CJK SC", "PingFang SC",
        "Microsoft YaHei", "Segoe UI", "DejaVu Sans", sans-serif;
  -webkit-print-color-adjust: exact; print-color-adjust: exact;
}
body.upright { max-width: 210mm; }
body.across { max-width: 297mm; }
header { border-bottom: 2pt solid #9c1f1f; padding-bottom: 3mm; margin-bottom: 5mm; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 2mm; font-weight: 600; }
dl { display: flex; flex-wrap: wrap; gap: 1mm 8mm; margin: 0; color: #55534e; }
dl div { display: flex; gap: 2mm; }
dt::after { content: ":"; }
dd { margin: 0; color: #1d1d1b; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
th {
  text-align: left; font-weight: 600; font-size: 8.5pt; color: #55534e; vertical-align: bottom;
  padding: 1.2mm 2mm; border-bottom: 0.8pt solid #1d1d1b;
}
td { padding: 1mm 2mm; border-bottom: 0.4pt solid #dcd8cf; vertical-align: top; }
td { overflow-wrap: anywhere; }
.r { text-align: right; white-space: nowrap; overflow-wrap: normal; }
th.r { white-space: normal; }
tr { break-inside: avoid; }
tr.total td { font-weight: 700; border-top: 0.8pt solid #1d1d1b; border-bottom: 0.8pt solid #1d1d1b; background: #f7f5f0; }
.none { color: #77746d; padding: 6mm 2mm; }
footer { margin-top: 6mm; padding-top: 2mm; border-top: 0.4pt solid #b9b4a8; color: #55534e; font-size: 8.5pt; }
body.certificate { text-align: center; }
body.certificate main {
  display: flex; flex-direction: column; justify-content: space-between; min-height: 265mm;
  border: 1.6pt solid #9c1f1f; outline: 0.5pt solid #9c1f1f; outline-offset: -3.5mm;
  padding: 28mm 18mm 16mm;
}
body.certificate header { border: 0; margin: 0 0 10mm; }
body.certificate h1 { font-size: 26pt; letter-spacing: 0.04em; color: #9c1f1f; margin-bottom: 8mm; }
body.certificate dl { justify-content: center; font-size: 11pt; }
.stars { font-size: 24pt; color: #c79a2b; letter-spacing: 0.2em; margin: 0 0 4mm; }
.sum { font-size: 20pt; font-weight: 600; margin: 0; }
.sum-words { color: #55534e; margin: 0 0 10mm; }
body.certificate table { text-align: left; }
.seal { display: flex; justify-content: space-between; gap: 20mm; margin: 16mm 4mm 0; }
.seal span { flex: 1; border-top: 0.6pt solid #1d1d1b; padding-top: 2mm; color: #55534e; }
body.certificate footer { border: 0; }
@media print {
  html { background: #fff; }
  body { padding: 0; max-width: none !important; }
}
@media screen { body { min-height: 100vh; box-shadow: 0 0 6mm #0002; } }
)";

std::string Rows(const Sheet& sheet) {
  std::string html;
  for (const SheetRow& row : sheet.rows) {
    html += row.total ? "<tr class=\"total\">" : "<tr>";
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const bool right = sheet.columns[i].align == Align::kRight;
      html += Text(right ? "<td class=\"r\">" : "<td>", Escaped(row.cells[i].shown), "</td>");
    }
    html += "</tr>\n";
  }
  return html;
}

std::string TableHtml(const Sheet& sheet, Language language) {
  std::string html = "<table>\n<thead><tr>";
  for (const Column& column : sheet.columns) {
    html += Text(column.align == Align::kRight ? "<th class=\"r\">" : "<th>", Escaped(column.title),
                 "</th>");
  }
  html += Text("</tr></thead>\n<tbody>\n", Rows(sheet), "</tbody>\n</table>\n");
  if (sheet.rows.empty()) {
    html += Text("<p class=\"none\">", Pick(language, "Nothing to report.", "无记录。"), "</p>\n");
  }
  return html;
}

std::string Head(const Sheet& sheet) {
  std::string html = Text("<header>\n<h1>", Escaped(sheet.title), "</h1>\n<dl>");
  for (const auto& [name, value] : sheet.about) {
    html += Text("<div><dt>", Escaped(name), "</dt><dd>", Escaped(value), "</dd></div>");
  }
  return html + "</dl>\n</header>\n";
}

// The total row's cell of a column; empty without.
std::string TotalOf(const Sheet& sheet, std::string_view key, bool plain) {
  if (sheet.rows.empty() || !sheet.rows.back().total) return "";
  for (size_t i = 0; i < sheet.columns.size(); ++i) {
    if (sheet.columns[i].name != key) continue;
    const Cell& cell = sheet.rows.back().cells[i];
    return plain ? cell.plain : cell.shown;
  }
  return "";
}

std::string Certified(const Sheet& sheet, Language language) {
  std::string stars;
  for (int left = std::atoi(TotalOf(sheet, "stars", true).c_str()); left > 0; --left) {
    stars += "★";
  }
  std::string html;
  if (!stars.empty()) html += Text("<p class=\"stars\">", stars, "</p>\n");
  html += Text("<p class=\"sum\">", Escaped(TotalOf(sheet, "minutes", false)), "</p>\n");
  html += Text("<p class=\"sum-words\">",
               Pick(language, "of recorded volunteer service", "志愿服务记录时长"), "</p>\n");
  return html;
}

// Where somebody signs.
std::string Seal(Language language) {
  return Text("<div class=\"seal\"><span>", Pick(language, "Issued by (seal)", "签发单位（盖章）"),
              "</span><span>", Pick(language, "Date", "日期"), "</span></div>\n");
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string PageOf(const Sheet& sheet, PageLook look, Language language) {
  const bool certificate = look == PageLook::kCertificate;
  const bool across = !certificate && sheet.columns.size() > kUprightColumnsMax;
  std::string html =
      Text("<!DOCTYPE html>\n<html lang=\"", Pick(language, "en", "zh-CN"),
           "\">\n<head>\n<meta charset=\"utf-8\">\n<title>", Escaped(sheet.title),
           "</title>\n<style>\n@page { size: A4", across ? " landscape" : "", "; margin: 12mm; }",
           kStyle, "</style>\n</head>\n<body class=\"", across ? "across" : "upright",
           certificate ? " certificate" : "", "\">\n<main>\n");
  if (certificate) {
    html += Text("<div>\n", Head(sheet), Certified(sheet, language), TableHtml(sheet, language),
                 "</div>\n", Seal(language));
  } else {
    html += Text(Head(sheet), TableHtml(sheet, language));
  }
  html += Text("<footer>", Escaped(sheet.as_of), "</footer>\n</main>\n</body>\n</html>\n");
  return html;
}

}  // namespace meritbook::cli
