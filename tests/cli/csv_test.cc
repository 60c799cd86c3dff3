// The CSV reader: shapes of rows, and where each bad input is told to be.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/import/csv_row.h"
#include "cli/import/input_file.h"
#include "cli/import/merge_order.h"
#include "cli/import/row_encoder.h"
#include "cli/import/utf8.h"

namespace meritbook::cli {
namespace {

constexpr std::string_view kTime = "2021-03-05T09:00:00+08:00";

std::vector<std::vector<std::string>> Rows(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  CsvRow row;
  for (size_t at = 0; at < text.size();) {
    at = SplitRow(text, at, &row);
    EXPECT_EQ(row.fault, nullptr) << row.fault;
    rows.emplace_back(row.fields.begin(), row.fields.end());
  }
  return rows;
}

TEST(CsvRow, SplitsEveryShapeOfRow) {
  using Want = std::vector<std::vector<std::string>>;
  struct {
    const char* name;
    std::string_view text;
    Want want;
  } const kRows[] = {
      {"plain", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
      {"no break at the end", "a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"CRLF", "a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"empty fields", ",,\n", {{"", "", ""}}},
      {"quoted comma", "\"a,b\",c\n", {{"a,b", "c"}}},
      {"doubled quotes", "\"say \"\"hi\"\"\",c\n", {{"say \"hi\"", "c"}}},
      {"quoted empty", "\"\",c\n", {{"", "c"}}},
      {"several lines", "\"a\nb\",c\nd,e\n", {{"a\nb", "c"}, {"d", "e"}}},
      {"quoted CRLF", "\"a\r\nb\",c\r\nd,e\r\n", {{"a\r\nb", "c"}, {"d", "e"}}},
      {"Chinese", "志愿者,团员\n", {{"志愿者", "团员"}}},
  };
  for (const auto& row : kRows) EXPECT_EQ(Rows(row.text), row.want) << row.name;
}

TEST(CsvRow, CountsTheLinesThatARowTakes) {
  CsvRow row;
  SplitRow("\"a\nb\nc\",d\n", 0, &row);
  EXPECT_EQ(row.lines, 3U);
}

// Otherwise one stray quote would lose every row after it, and nobody would be told.
TEST(CsvRow, BrokenQuotesEndWithTheirFirstLine) {
  struct {
    std::string_view text;
    const char* fault;
    size_t field;
  } const kRows[] = {
      {"a,\"b\nc,d\ne,f\n", "a quote is never closed", 1},
      {"a,\"b\nc,\"d\ne,f\n", "there is text after the closing quote", 1},
      {"\"a\"b,c\nd,e\n", "there is text after the closing quote", 0},
      {"a,\"b\r\nc,d\r\n", "a quote is never closed", 1},
  };
  for (const auto& bad : kRows) {
    CsvRow row;
    const size_t next = SplitRow(bad.text, 0, &row);
    ASSERT_NE(row.fault, nullptr) << bad.text;
    EXPECT_STREQ(row.fault, bad.fault) << bad.text;
    EXPECT_EQ(row.fault_field, bad.field) << bad.text;
    EXPECT_EQ(row.lines, 1U) << bad.text;
    EXPECT_EQ(next, bad.text.find('\n') + 1) << bad.text;
  }
}

TEST(Utf8, IsRfc3629) {
  for (std::string_view good : {"", "plain", "志愿者", "\xF0\x9F\x98\x80", "12345678志"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (std::string_view bad : {"\xD6\xD0", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                               "\xF4\x90\x80\x80", "\xE5\xBF", "12345678\xFF", "\x80"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

struct Told {
  uint32_t line;
  std::string column;
  std::string reason;
};

// Reads all of a file as an import does, and tells the refused rows in the file's order.
std::vector<Told> Refused(FileKind kind, const std::string& text) {
  const auto file = InputFile::Open(kind, text);
  EXPECT_TRUE(file.ok()) << file.status();
  std::vector<Told> told;
  CsvRow row;
  uint32_t line = file->first_line();
  for (size_t at = file->first_offset(); at < text.size();) {
    RowFault fault;
    at = file->Split(at, &row, &fault);
    if (!fault) TimesOf(*file, row, &fault);
    v1::ImportItem item;
    if (!fault) fault = EncodeRow(*file, row, &item);
    if (fault) told.push_back({line, file->ColumnLabel(fault.column), fault.reason});
    line += row.lines;
  }
  return told;
}

TEST(BadInput, IsToldByLineAndColumn) {
  const std::string time(kTime);
  const std::string hours =
      "recorded_at,record_id,volunteer_id,activity_id,session_id,starts_at,ends_at,day,minutes\n";
  const std::string items = "recorded_at,item_id,merchant_id,price_points,stock\n";
  const std::string people =
      "recorded_at,volunteer_id,organisation_id,cohorts,age_band,guardian_consent,frozen_at,"
      "frozen_reason\n";
  struct {
    const char* name;
    FileKind kind;
    std::string text;
    Told want;
  } const kRows[] = {
      {"month",
       FileKind::kItems,
       items + "2021-13-05T09:00:00Z,i,m,1,1\n",
       {2, "1:recorded_at", "FIELD_INVALID"}},
      {"no offset",
       FileKind::kItems,
       items + "2021-03-05T09:00:00,i,m,1,1\n",
       {2, "1:recorded_at", "FIELD_INVALID"}},
      {"number",
       FileKind::kItems,
       items + time + ",i,m,ten,1\n",
       {2, "4:price_points", "FIELD_INVALID"}},
      {"negative",
       FileKind::kItems,
       items + time + ",i,m,-1,1\n",
       {2, "4:price_points", "FIELD_INVALID"}},
      {"beyond 32 bits",
       FileKind::kItems,
       items + time + ",i,m,1,4294967296\n",
       {2, "5:stock", "FIELD_INVALID"}},
      {"second row, CRLF",
       FileKind::kItems,
       items + time + ",i,m,1,1\r\n" + time + ",j,m,x,1\r\n",
       {3, "4:price_points", "FIELD_INVALID"}},
      {"after a row of two lines",
       FileKind::kItems,
       items + time + ",\"i\nj\",m,1,1\n" + time + ",k,m,x,1\n",
       {4, "4:price_points", "FIELD_INVALID"}},
      {"GB18030",
       FileKind::kItems,
       items + time + ",\xD6\xD0,m,1,1\n",
       {2, "2:item_id", "NOT_UTF8"}},
      {"enum",
       FileKind::kVolunteers,
       people + time + ",v,,,ancient,,,\n",
       {2, "5:age_band", "FIELD_INVALID"}},
      {"cohort",
       FileKind::kVolunteers,
       people + time + ",v,,party;guild,18_59,,,\n",
       {2, "4:cohorts", "FIELD_INVALID"}},
      {"frozen_at",
       FileKind::kVolunteers,
       people + time + ",v,,,18_59,,yesterday,x\n",
       {2, "7:frozen_at", "FIELD_INVALID"}},
  };
  for (const auto& row : kRows) {
    const std::vector<Told> told = Refused(row.kind, row.text);
    ASSERT_EQ(told.size(), 1U) << row.name;
    EXPECT_EQ(told[0].line, row.want.line) << row.name;
    EXPECT_EQ(told[0].column, row.want.column) << row.name;
    EXPECT_EQ(told[0].reason, row.want.reason) << row.name;
  }
  // Both ways of telling the length of a service, or neither.
  EXPECT_EQ(
      Refused(FileKind::kHours, hours + time + ",r,v,a,," + time + "," + time + ",2021-03-05,60\n")
          .size(),
      1U);
  EXPECT_EQ(Refused(FileKind::kHours, hours + time + ",r,v,a,,,,,\n").size(), 1U);
  EXPECT_EQ(Refused(FileKind::kHours, hours + time + ",r,v,a,,,,2021-03-05,60\n").size(), 0U);
  // Too few fields: the row as a whole.
  const auto few = Refused(FileKind::kItems, items + time + ",i,m\n");
  ASSERT_EQ(few.size(), 1U);
  EXPECT_EQ(few[0].line, 2U);
}

TEST(Header, FindsColumnsByNameAndStopsWithoutThem) {
  const std::string shuffled = "\xEF\xBB\xBFkind,note,merchant_id,recorded_at\r\nbakery,x,m-1," +
                               std::string(kTime) + "\r\n";
  const auto file = InputFile::Open(FileKind::kMerchants, shuffled);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->ignored(), std::vector<std::string>{"note"});
  CsvRow row;
  RowFault fault;
  file->Split(file->first_offset(), &row, &fault);
  ASSERT_FALSE(fault);
  EXPECT_EQ(file->Field(row, 1), "m-1");
  EXPECT_EQ(file->ColumnLabel(1), "3:merchant_id");

  const auto missing = InputFile::Open(FileKind::kMerchants, "recorded_at,merchant_id\n");
  ASSERT_FALSE(missing.ok());
  const std::string message(missing.status().message());
  EXPECT_NE(message.find("merchants.csv"), std::string::npos) << message;
  EXPECT_NE(message.find("1"), std::string::npos) << message;
  EXPECT_NE(message.find("kind"), std::string::npos) << message;
  EXPECT_FALSE(InputFile::Open(FileKind::kMerchants, "").ok());
}

}  // namespace
}  // namespace meritbook::cli
