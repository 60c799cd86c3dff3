// The import: the one order of all files, what a row becomes, and the instants in it.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/import/input_file.h"
#include "cli/import/merge_order.h"
#include "cli/import/row_encoder.h"
#include "cli/instant.h"

namespace meritbook::cli {
namespace {

const char* const kPeople =
    "recorded_at,volunteer_id,organisation_id,cohorts,age_band,guardian_consent,frozen_at,"
    "frozen_reason\n";

std::string At(int second) { return "2021-03-05T09:00:0" + std::to_string(second) + "Z"; }

InputFile Open(FileKind kind, const std::string& text) {
  auto file = InputFile::Open(kind, text);
  EXPECT_TRUE(file.ok()) << file.status();
  return *std::move(file);
}

TEST(ImportOrder, GoesByTimeThenFileThenRow) {
  const std::string merchants = "recorded_at,merchant_id,kind\n" + At(2) + ",m-late,x\n" + At(1) +
                                ",m-1,x\n" + At(1) + ",m-2,x\n";
  const std::string people = kPeople + At(1) + ",v-1,,,18_59,," + At(2) + ",x\n" + At(2) +
                             ",v-2,,,18_59,,,\nnever,v-3,,,18_59,,,\n";
  const std::string orders =
      "recorded_at,order_id,volunteer_id,merchant_id,item_id,quantity\n" + At(1) + ",o-1,v,m,i,1\n";
  const std::vector<InputFile> files = {Open(FileKind::kMerchants, merchants),
                                        Open(FileKind::kVolunteers, people),
                                        Open(FileKind::kRedemptions, orders)};
  MergeOrder order(files);
  EXPECT_EQ(order.rows(), 7U);
  EXPECT_EQ(order.commands(), 7U);  // v-3 has no time, v-1 is two
  ASSERT_EQ(order.refused().size(), 1U);
  EXPECT_EQ(order.refused()[0].place.line, 4U);
  struct Want {
    FileKind file;
    uint32_t line;
    bool freezes;
  };
  const std::vector<Want> wants = {
      {FileKind::kMerchants, 3, false},  {FileKind::kMerchants, 4, false},
      {FileKind::kVolunteers, 2, false}, {FileKind::kRedemptions, 2, false},
      {FileKind::kMerchants, 2, false},  {FileKind::kVolunteers, 2, true},
      {FileKind::kVolunteers, 3, false}};
  for (const Want& want : wants) {
    const MergeOrder::Entry* const entry = order.Next();
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->place.file, want.file);
    EXPECT_EQ(entry->place.line, want.line);
    EXPECT_EQ(entry->place.freezes, want.freezes);
  }
  EXPECT_EQ(order.Next(), nullptr);
}

// The ledger compares what a client sent: what is empty must not be sent as an empty text.
TEST(ImportRow, LeavesUnsetWhatIsEmpty) {
  const std::string text =
      "recorded_at,record_id,volunteer_id,activity_id,session_id,starts_at,ends_at,day,minutes\n" +
      At(0) + ",r-1,v-1,a-1,,,,2021-03-05,90\n" + At(0) + ",r-2,v-1,a-1,s-1," + At(0) + "," +
      At(6) + ",,\n";
  const InputFile file = Open(FileKind::kHours, text);
  CsvRow row;
  RowFault fault;
  v1::ImportItem duration;
  const size_t second = file.Split(file.first_offset(), &row, &fault);
  EXPECT_FALSE(EncodeRow(file, row, &duration));
  EXPECT_FALSE(duration.has_request_id());  // it defaults to the record id
  EXPECT_FALSE(duration.has_recorded_us());
  EXPECT_FALSE(duration.credit_hours().record().has_session_id());
  EXPECT_EQ(duration.credit_hours().record().duration().minutes(), 90U);
  v1::ImportItem clock;
  file.Split(second, &row, &fault);
  EXPECT_FALSE(EncodeRow(file, row, &clock));
  EXPECT_EQ(clock.credit_hours().record().session_id(), "s-1");
  const v1::ServiceInterval& interval = clock.credit_hours().record().interval();
  EXPECT_EQ(interval.end_us() - interval.start_us(), 6'000'000);
}

TEST(ImportRow, NamesEveryOtherRowByItsOwnId) {
  const std::string text =
      kPeople + At(0) + ",v-1,,party;league,under_14,true," + At(1) + ",code-1\n";
  const InputFile file = Open(FileKind::kVolunteers, text);
  CsvRow row;
  RowFault fault;
  file.Split(file.first_offset(), &row, &fault);
  v1::ImportItem registered;
  EXPECT_FALSE(EncodeRow(file, row, &registered));
  EXPECT_EQ(registered.request_id(), "v-1");
  EXPECT_EQ(registered.register_volunteer().cohorts_size(), 2);
  EXPECT_TRUE(registered.register_volunteer().guardian_consent());
  EXPECT_FALSE(registered.register_volunteer().has_organisation_id());
  v1::ImportItem frozen;
  EXPECT_FALSE(EncodeFreeze(file, row, &frozen));
  EXPECT_EQ(frozen.request_id(), "v-1");
  EXPECT_EQ(frozen.freeze_volunteer().reason_code(), "code-1");
}

TEST(ImportInstant, TakesWholeValidTextsOnly) {
  struct {
    std::string_view text;
    int64_t us;
  } const kGood[] = {{"1970-01-01T00:00:00Z", 0},
                     {"2021-03-05T09:00:00+08:00", 1'614'906'000'000'000},
                     {"2021-03-04T20:30:00-04:30", 1'614'906'000'000'000},
                     {"2021-03-05T01:00:00.5Z", 1'614'906'000'500'000},
                     {"2021-03-05T01:00:00.000001Z", 1'614'906'000'000'001},
                     {"2020-02-29T00:00:00Z", 1'582'934'400'000'000},
                     {"1969-12-31T23:59:59Z", -1'000'000}};
  for (const auto& good : kGood) {
    EXPECT_EQ(ParseInstant(good.text).fault, nullptr) << good.text;
    EXPECT_EQ(ParseInstant(good.text).us, good.us) << good.text;
  }
  for (std::string_view bad : {"",
                               "2021-03-05",
                               "2021-03-05T09:00:00",
                               "2021-03-05 09:00:00Z",
                               "2021-03-05t09:00:00z",
                               "2021-00-05T09:00:00Z",
                               "2021-13-05T09:00:00Z",
                               "2021-02-29T09:00:00Z",
                               "2100-02-29T09:00:00Z",
                               "2021-04-31T09:00:00Z",
                               "2021-03-05T24:00:00Z",
                               "2021-03-05T09:60:00Z",
                               "2021-03-05T09:00:60Z",
                               "2021-03-05T09:00:00.Z",
                               "2021-03-05T09:00:00.1234567Z",
                               "2021-03-05T09:00:00+0800",
                               "2021-03-05T09:00:00+24:00",
                               "2021-03-05T09:00:00+08:60",
                               "2021-03-05T09:00:00Z ",
                               "2021-3-5T09:00:00Z",
                               "2021-03-05T09:00:0xZ"}) {
    EXPECT_NE(ParseInstant(bad).fault, nullptr) << bad;
  }
}

}  // namespace
}  // namespace meritbook::cli
