// The files of an import: every kind of bad input, with its line and column.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/import/input_file.h"
#include "cli/import/merge_order.h"
#include "cli/import/row_encoder.h"
#include "cli/instant.h"
#include "cli/quantity.h"
#include "cli/table.h"

namespace meritbook::cli {
namespace {

constexpr char kHoursHeader[] =
    "recorded_at,record_id,volunteer_id,activity_id,session_id,starts_at,ends_at,day,minutes\n";
constexpr char kGoodHours[] =
    "2021-03-06T10:00:00+08:00,rec-1,v-1,act-1,,2021-03-05T09:00:00+08:00,"
    "2021-03-05T10:30:00+08:00,,\n";

// What an import says of each row of one file: "" for a good one, else line, column, reason.
std::vector<std::string> Verdicts(FileKind kind, const std::string& text) {
  const auto file = InputFile::Open(kind, text);
  if (!file.ok()) return {std::string(file.status().message())};
  std::vector<InputFile> files = {*file};
  MergeOrder order(files);
  std::vector<std::string> verdicts;
  const auto say = [&](const RowPlace& place, const RowFault& fault) {
    verdicts.push_back("line " + std::to_string(place.line) + " " +
                       file->ColumnLabel(fault.column) + " " + fault.reason);
  };
  for (const RefusedRow& row : order.refused()) say(row.place, row.fault);
  while (const MergeOrder::Entry* entry = order.Next()) {
    CsvRow row;
    RowFault fault;
    file->Split(entry->place.offset, &row, &fault);
    v1::ImportItem item;
    fault = entry->place.freezes ? EncodeFreeze(*file, row, &item) : EncodeRow(*file, row, &item);
    if (fault) {
      say(entry->place, fault);
    } else {
      verdicts.emplace_back();
    }
  }
  return verdicts;
}

struct BadRow {
  const char* name;
  std::string row;
  std::string want;
};

TEST(ImportTest, EveryBadRowHasLineColumnAndReason) {
  const std::string at = "2021-03-06T10:00:00+08:00,rec-2,v-1,act-1,,";
  const std::vector<BadRow> rows = {
      {"wrong number", at + ",,2021-03-05,six\n", "line 3 9:minutes FIELD_INVALID"},
      {"negative number", at + ",,2021-03-05,-6\n", "line 3 9:minutes FIELD_INVALID"},
      {"fraction", at + ",,2021-03-05,6.5\n", "line 3 9:minutes FIELD_INVALID"},
      {"number too large", at + ",,2021-03-05,4294967296\n", "line 3 9:minutes FIELD_INVALID"},
      {"time without offset", at + "2021-03-05T09:00:00,2021-03-05T10:00:00+08:00,,\n",
       "line 3 6:starts_at FIELD_INVALID"},
      {"only a start", at + "2021-03-05T09:00:00+08:00,,,\n", "line 3 7:ends_at FIELD_INVALID"},
      {"30 February", at + "2021-02-30T09:00:00+08:00,2021-03-05T10:00:00+08:00,,\n",
       "line 3 6:starts_at FIELD_INVALID"},
      {"neither times nor length", at + ",,,\n", "line 3 6:starts_at FIELD_MISSING"},
      {"both times and length",
       at + "2021-03-05T09:00:00+08:00,2021-03-05T10:00:00+08:00,2021-03-05,60\n",
       "line 3 8:day FIELD_INVALID"},
      {"no volunteer", "2021-03-06T10:00:00+08:00,rec-2,,act-1,,,,2021-03-05,60\n",
       "line 3 3:volunteer_id FIELD_MISSING"},
      {"bad recorded time", "yesterday,rec-2,v-1,act-1,,,,2021-03-05,60\n",
       "line 3 1:recorded_at FIELD_INVALID"},
      {"too few fields", "2021-03-06T10:00:00+08:00,rec-2\n", "line 3  CSV_MALFORMED"},
      {"GB18030", at + ",,2021-03-05,\xC1\xF9\n", "line 3 9:minutes NOT_UTF8"},
      {"open quote", at + ",,2021-03-05,\"60\n", "line 3 9:minutes CSV_MALFORMED"},
      {"text after a quote", at + ",,2021-03-05,\"60\"x\n", "line 3 9:minutes CSV_MALFORMED"},
  };
  for (const BadRow& bad : rows) {
    const auto verdicts =
        Verdicts(FileKind::kHours, std::string(kHoursHeader) + kGoodHours + bad.row);
    ASSERT_EQ(verdicts.size(), 2u) << bad.name;
    // The good row beside it goes on; refused rows may come first.
    const bool found = verdicts[0] == bad.want || verdicts[1] == bad.want;
    EXPECT_TRUE(found) << bad.name << ": " << verdicts[0] << " | " << verdicts[1];
    const bool other = verdicts[0].empty() || verdicts[1].empty();
    EXPECT_TRUE(other) << bad.name;
  }
}

TEST(ImportTest, RealExportsHaveBomCrlfEmptyLinesAndColumnsOfTheirOwn) {
  std::string text =
      "\xEF\xBB\xBFminutes,day,ends_at,starts_at,session_id,activity_id,volunteer_id,record_id,"
      "recorded_at,note\r\n"
      "60,2021-03-05,,,,act-1,v-1,rec-1,2021-03-06T10:00:00+08:00,\"two\r\nlines, \"\"quoted\"\"\""
      "\r\n\r\n"
      "x,2021-03-05,,,,act-1,v-1,rec-2,2021-03-06T10:00:00+08:00,\r\n";
  const auto file = InputFile::Open(FileKind::kHours, text);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->ignored(), std::vector<std::string>{"note"});
  const std::vector<std::string> want = {"", "line 5 1:minutes FIELD_INVALID"};
  EXPECT_EQ(Verdicts(FileKind::kHours, text), want);
}

TEST(ImportTest, AMissingColumnStopsTheWholeFile) {
  const auto file = InputFile::Open(FileKind::kMerchants, "recorded_at,merchant_id\n");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(std::string(file.status().message()), "merchants.csv, line 1: column kind is missing");
  EXPECT_FALSE(InputFile::Open(FileKind::kMerchants, "").ok());
}

TEST(ImportTest, RowsGoByTimeThenKindThenRow) {
  const std::string merchants =
      "recorded_at,merchant_id,kind\n2021-01-02T00:00:00Z,m-2,bakery\n"
      "2021-01-01T00:00:00Z,m-1,bakery\n2021-01-02T00:00:00Z,m-3,bakery\n";
  const std::string items =
      "recorded_at,item_id,merchant_id,price_points,stock\n2021-01-02T00:00:00Z,i-1,m-2,20,5\n";
  std::vector<InputFile> files = {*InputFile::Open(FileKind::kMerchants, merchants),
                                  *InputFile::Open(FileKind::kItems, items)};
  MergeOrder order(files);
  std::vector<uint32_t> lines;
  std::vector<FileKind> kinds;
  while (const MergeOrder::Entry* entry = order.Next()) {
    lines.push_back(entry->place.line);
    kinds.push_back(entry->place.file);
  }
  EXPECT_EQ(lines, (std::vector<uint32_t>{3, 2, 4, 2}));
  EXPECT_EQ(kinds.back(), FileKind::kItems);
}

TEST(ImportTest, WhatIsEmptyStaysUnset) {
  const std::string text = std::string(kHoursHeader) + kGoodHours;
  const auto file = InputFile::Open(FileKind::kHours, text);
  CsvRow row;
  RowFault fault;
  file->Split(file->first_offset(), &row, &fault);
  v1::ImportItem item;
  fault = EncodeRow(*file, row, &item);
  EXPECT_EQ(fault.reason, "");
  EXPECT_FALSE(item.has_request_id());
  EXPECT_FALSE(item.credit_hours().record().has_session_id());
  EXPECT_EQ(item.credit_hours().record().interval().end_us() -
                item.credit_hours().record().interval().start_us(),
            90 * 60'000'000ll);
}

TEST(InstantTest, TakesWholeValidTextsOnly) {
  EXPECT_EQ(ParseInstant("1970-01-01T08:00:00+08:00").us, 0);
  EXPECT_EQ(ParseInstant("1970-01-01T00:00:01.5Z").us, 1'500'000);
  EXPECT_EQ(ParseInstant("2021-03-05T09:00:00+08:00").us, 1'614'906'000'000'000);
  for (const char* bad :
       {"", "2021-03-05", "2021-03-05T09:00:00", "2021-03-05 09:00:00Z", "2021-13-05T09:00:00Z",
        "2021-02-29T09:00:00Z", "2021-03-05T24:00:00Z", "2021-03-05T09:60:00Z",
        "2021-03-05T09:00:00.1234567Z", "2021-03-05T09:00:00+08:00x", "2021-03-05T09:00:00+0800"}) {
    EXPECT_NE(ParseInstant(bad).fault, nullptr) << bad;
  }
}

TEST(QuantityTest, RoundsForDisplayOnly) {
  EXPECT_EQ(Points(6000), "1.00");
  EXPECT_EQ(Points(-1234 * 6000 - 3000), "-1,234.50");
  EXPECT_EQ(Points(29), "0.00");
  EXPECT_EQ(Points(30), "0.01");
  EXPECT_EQ(Points(-29), "0.00");
  EXPECT_EQ(PointsCell(29).plain, "29");
  EXPECT_EQ(Hours(446'500 * 60), "446,500 h");
  EXPECT_EQ(Hours(90), "1 h 30 min");
  EXPECT_EQ(Hours(45), "45 min");
  EXPECT_EQ(Grouped(1'000), "1,000");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Day(18'691), "2021-03-05");
}

TEST(TableTest, ChineseTakesTwoColumns) {
  EXPECT_EQ(DisplayWidth("志愿者"), 6u);
  EXPECT_EQ(DisplayWidth("ab"), 2u);
  Table table({{"志愿者", "volunteer"}, {"积分", "units", Align::kRight}});
  table.Add({"v-1", PointsCell(6000)});
  EXPECT_EQ(table.Text(false), "志愿者  积分\nv-1     1.00\n");
  EXPECT_EQ(table.Csv(), "volunteer,units\nv-1,6000\n");
}

}  // namespace
}  // namespace meritbook::cli
