// How a report is shown: as a table, to programs, on a page; which reports there are.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "cli/report_page.h"
#include "cli/report_sheet.h"
#include "cli/report_words.h"
#include "cli/summary_words.h"

namespace meritbook::cli {
namespace {

constexpr int64_t kJuneUs = int64_t{1'717'200'000} * 1'000'000;  // 2024-06-01T00:00:00Z

v1::ReportValue Text(const std::string& text) {
  v1::ReportValue value;
  value.set_text(text);
  return value;
}
v1::ReportValue Number(int64_t number) {
  v1::ReportValue value;
  value.set_number(number);
  return value;
}

// A row of every type of column, and a total.
Report Sample() {
  Report report{"daybook", {}, {}, 1'204, kJuneUs, "Asia/Shanghai"};
  for (const auto& [key, type] : {std::pair("merchant_id", v1::COLUMN_TYPE_TEXT),
                                  {"what", v1::COLUMN_TYPE_TEXT},
                                  {"day", v1::COLUMN_TYPE_DAY_NUMBER},
                                  {"month", v1::COLUMN_TYPE_MONTH_NUMBER},
                                  {"occurred_us", v1::COLUMN_TYPE_INSTANT},
                                  {"sequence", v1::COLUMN_TYPE_COUNT},
                                  {"pieces", v1::COLUMN_TYPE_COUNT},
                                  {"units", v1::COLUMN_TYPE_UNITS},
                                  {"fen", v1::COLUMN_TYPE_FEN},
                                  {"minutes", v1::COLUMN_TYPE_MINUTES},
                                  {"participation", v1::COLUMN_TYPE_BASIS_POINTS}}) {
    report.columns.emplace_back().set_key(key);
    report.columns.back().set_type(type);
  }
  v1::ReportRow& row = report.rows.emplace_back();
  for (v1::ReportValue value : {Text("a<b"), Text("handed_over"), Number(19'875), Number(653),
                                Number(kJuneUs), Number(12'345), Number(-1'500), Number(-75'000),
                                Number(123'456), Number(-90), Number(9'005)}) {
    *row.add_values() = std::move(value);
  }
  v1::ReportRow& total = report.rows.emplace_back();
  total.set_total(true);
  for (int i = 0; i < 7; ++i) total.add_values();
  for (int64_t sum : {-75'000, 123'456, -90}) *total.add_values() = Number(sum);
  total.add_values();
  return report;
}

std::vector<std::string> Shown(const SheetRow& row) {
  std::vector<std::string> shown;
  for (const Cell& cell : row.cells) shown.push_back(cell.shown);
  return shown;
}

TEST(ReportSheet, SaysItAsPeopleDo) {
  const Sheet sheet = SheetOf(Sample(), Language::kEnglish);
  EXPECT_EQ(sheet.title, "Merchant's day-book");
  EXPECT_EQ(sheet.as_of, "as of sequence 1,204, recorded 2024-06-01 08:00:00 +08:00");
  EXPECT_EQ(Shown(sheet.rows[0]),
            (std::vector<std::string>{"a<b", "handed over", "2024-06-01", "2024-06",
                                      "2024-06-01 08:00:00", "12345", "-1,500", "-12.50",
                                      "1,234.56", "-1 h 30 min", "90.05 %"}));
  EXPECT_EQ(Shown(sheet.rows[1])[0], "total");
  EXPECT_TRUE(sheet.rows[1].total);
  EXPECT_EQ(sheet.columns[0].title, "merchant");
  EXPECT_EQ(sheet.columns[0].align, Align::kLeft);
  EXPECT_EQ(sheet.columns[7].align, Align::kRight);
  const Sheet chinese = SheetOf(Sample(), Language::kChinese);
  EXPECT_EQ(chinese.title, "商户日记账");
  EXPECT_EQ(chinese.as_of, "截至第 1,204 个事件，登记于 2024-06-01 08:00:00 +08:00");
  EXPECT_EQ(Shown(chinese.rows[0])[1], "兑付");
  EXPECT_EQ(Shown(chinese.rows[0])[9], "-1 小时 30 分");
  EXPECT_EQ(Shown(chinese.rows[1])[0], "合计");
}

TEST(ReportSheet, ProgramsGetWhatTheServerSent) {
  const Report report = Sample();
  EXPECT_EQ(CsvOf(report, SheetOf(report, Language::kChinese)).substr(0, 20),
            "merchant_id,what,day");
  const std::string csv = CsvOf(report, SheetOf(report, Language::kEnglish));
  EXPECT_EQ(csv,
            "merchant_id,what,day,month,occurred_us,sequence,pieces,units,fen,minutes,"
            "participation,total,size,last_recorded_us\n"
            "a<b,handed_over,19875,653,1717200000000000,12345,-1500,-75000,123456,-90,9005,"
            "false,1204,1717200000000000\n"
            ",,,,,,,-75000,123456,-90,,true,1204,1717200000000000\n");
  const auto json = nlohmann::json::parse(JsonOfReport(report));
  EXPECT_EQ(json["report"], "daybook");
  EXPECT_EQ(json["size"], 1'204);
  EXPECT_EQ(json["last_recorded_us"], kJuneUs);
  EXPECT_EQ(json["columns"][7]["type"], "COLUMN_TYPE_UNITS");
  EXPECT_EQ(json["rows"][0]["what"], "handed_over");
  EXPECT_FALSE(json["rows"][0].contains("total"));
  EXPECT_TRUE(json["rows"][1]["total"]);
  EXPECT_TRUE(json["rows"][1]["merchant_id"].is_null());
}

TEST(ReportPage, NeedsNothingElse) {
  Sheet sheet = SheetOf(Sample(), Language::kEnglish);
  sheet.about = {{"ledger", "<linhai>"}};
  const std::string page = PageOf(sheet, PageLook::kList, Language::kEnglish);
  for (const char* wanted :
       {"<!DOCTYPE html>", "size: A4 landscape", "<html lang=\"en\">", "a&lt;b", "&lt;linhai&gt;",
        "<tr class=\"total\">", "as of sequence 1,204"}) {
    EXPECT_NE(page.find(wanted), std::string::npos) << wanted;
  }
  for (const char* unwanted : {"<script", "http", "url(", "<link", "a<b", "@import"}) {
    EXPECT_EQ(page.find(unwanted), std::string::npos) << unwanted;
  }
  sheet.columns.resize(4);
  for (SheetRow& row : sheet.rows) row.cells.resize(4, Cell(""));
  EXPECT_EQ(PageOf(sheet, PageLook::kList, Language::kChinese).find("landscape"),
            std::string::npos);
  sheet.rows.clear();
  EXPECT_NE(PageOf(sheet, PageLook::kList, Language::kChinese).find("无记录"), std::string::npos);
}

TEST(ReportPage, ACertificateHasItsStars) {
  Report report{"certificate", {}, {}, 9, kJuneUs, "Asia/Shanghai"};
  for (const auto& [key, type] :
       {std::pair("minutes", v1::COLUMN_TYPE_MINUTES), {"stars", v1::COLUMN_TYPE_COUNT}}) {
    report.columns.emplace_back().set_key(key);
    report.columns.back().set_type(type);
  }
  v1::ReportRow& total = report.rows.emplace_back();
  total.set_total(true);
  *total.add_values() = Number(18'030);
  *total.add_values() = Number(2);
  const std::string page =
      PageOf(SheetOf(report, Language::kEnglish), PageLook::kCertificate, Language::kEnglish);
  EXPECT_NE(page.find("<p class=\"stars\">★★</p>"), std::string::npos);
  EXPECT_NE(page.find("<p class=\"sum\">300 h 30 min</p>"), std::string::npos);
}

TEST(ReportWords, EveryKindHasAName) {
  std::set<v1::ReportKind> kinds;
  for (const ReportName& report : ReportNames()) {
    EXPECT_TRUE(kinds.insert(report.kind).second) << report.name;
    EXPECT_EQ(ReportNamed(report.name), &report);
    EXPECT_NE(std::string(report.Title(Language::kEnglish)), report.Title(Language::kChinese));
  }
  EXPECT_EQ(kinds.size(), static_cast<size_t>(v1::ReportKind_MAX) + 1);
  EXPECT_EQ(ReportNamed("nothing"), nullptr);
  for (const std::string& name : ReportGroupNames()) {
    std::string upper = "REPORT_GROUP_" + name;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_EQ(v1::ReportGroup_Name(ReportGroupNamed(name)), upper);
  }
  EXPECT_EQ(ReportGroupNamed("colour"), v1::REPORT_GROUP_UNSPECIFIED);
  EXPECT_EQ(ValueWords("reasons", "late own_hours", Language::kEnglish),
            "submitted late, submitted by herself");
  EXPECT_EQ(ValueWords("order_id", "late_one", Language::kEnglish), "late_one");
  EXPECT_EQ(ColumnTitle("something_new", Language::kEnglish), "something new");
}

TEST(SummaryWords, WhatFollowsFromTheFigures) {
  v1::GetSummaryResponse summary;
  EXPECT_TRUE(DerivedFigures(summary, Language::kEnglish).empty());
  summary.set_points_issued_units(30'000);
  summary.set_redeemed_units(10'000);
  summary.mutable_this_year()->set_new_volunteers(9);
  summary.mutable_last_year()->set_new_volunteers(12);
  summary.mutable_this_year()->set_service_minutes(1'501);
  summary.mutable_last_year()->set_service_minutes(1'000);
  const auto figures = DerivedFigures(summary, Language::kEnglish);
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_EQ(figures[0].name, "redemption_rate");
  EXPECT_EQ(figures[0].shown, "33.33 %");
  EXPECT_EQ(figures[1].shown, "-25.00 %");
  EXPECT_EQ(figures[2].shown, "+50.10 %");
  const auto zone = absl::UTCTimeZone();
  EXPECT_EQ(FigureCell("outstanding_fen", "123456", zone).shown, "1,234.56");
  EXPECT_EQ(FigureCell("this_year.year", "2024", zone).shown, "2024");
  EXPECT_EQ(FigureCell("outstanding_units", "-6000", zone).shown, "-1.00");
  EXPECT_EQ(FigureCell("service_minutes", "90", zone).shown, "1 h 30 min");
}

}  // namespace
}  // namespace meritbook::cli
