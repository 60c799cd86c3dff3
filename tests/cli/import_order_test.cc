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

// What the first row of a file becomes, as text; the fault's column and reason where it is wrong.
std::string Encoded(FileKind kind, const std::string& header, const std::string& row) {
  const std::string text = header + "\n" + row + "\n";
  const InputFile file = Open(kind, text);
  CsvRow fields;
  RowFault fault;
  file.Split(file.first_offset(), &fields, &fault);
  v1::ImportItem item;
  if (!fault) fault = EncodeRow(file, fields, &item);
  return fault ? file.ColumnLabel(fault.column) + " " + fault.reason : item.ShortDebugString();
}

struct EncodedRow {
  const char* name;
  FileKind kind;
  std::string header;
  std::string row;
  std::string want;
};

const char* const kOrderHead = "recorded_at,order_id,volunteer_id,merchant_id,lines";

TEST(ImportRow, OrdersAndWhatBecomesOfThem) {
  const std::string hold = std::string(kOrderHead) + ",hold_seconds,offline";
  const std::string voucher = std::string(kOrderHead) + ",code_sha256";
  const std::vector<EncodedRow> rows = {
      {"hold", FileKind::kHolds, kOrderHead, At(0) + ",o-1,v-1,m-1,rice=2;oil",
       "hold_order { order_id: \"o-1\" volunteer_id: \"v-1\" merchant_id: \"m-1\" "
       "lines { item_id: \"rice\" quantity: 2 } lines { item_id: \"oil\" quantity: 1 } }"},
      {"offline hold with a life of its own", FileKind::kHolds, hold,
       At(0) + ",o-1,v-1,m-1,oil,600,true",
       "hold_order { order_id: \"o-1\" volunteer_id: \"v-1\" merchant_id: \"m-1\" "
       "lines { item_id: \"oil\" quantity: 1 } hold_seconds: 600 offline: true }"},
      {"open amount", FileKind::kHolds, kOrderHead, At(0) + ",o-1,v-1,m-1,=30",
       "hold_order { order_id: \"o-1\" volunteer_id: \"v-1\" merchant_id: \"m-1\" "
       "lines { quantity: 30 } }"},
      {"voucher", FileKind::kVouchers, voucher + ",valid_days",
       At(0) + ",o-1,v-1,m-1,oil," + std::string(64, '4') + ",7",
       "issue_voucher { order_id: \"o-1\" volunteer_id: \"v-1\" merchant_id: \"m-1\" "
       "lines { item_id: \"oil\" quantity: 1 } valid_days: 7 code_sha256: \"" +
           std::string(32, 'D') + "\" }"},
      {"confirmation of all", FileKind::kConfirmations, "recorded_at,order_id", At(0) + ",o-1",
       "request_id: \"o-1\" confirm_order { order_id: \"o-1\" }"},
      {"confirmation of a part, offline", FileKind::kConfirmations,
       "recorded_at,order_id,lines,happened_at", At(0) + ",o-1,oil,1970-01-01T00:00:01Z",
       "request_id: \"o-1\" confirm_order { order_id: \"o-1\" "
       "lines { item_id: \"oil\" quantity: 1 } happened_us: 1000000 }"},
      {"cancellation", FileKind::kCancellations, "recorded_at,order_id,reason_code",
       At(0) + ",o-1,late",
       "request_id: \"o-1\" cancel_order { order_id: \"o-1\" reason_code: \"late\" }"},
      {"refund", FileKind::kRefunds, "recorded_at,refund_id,order_id,lines,reason_code",
       At(0) + ",r-1,o-1,oil,leaks",
       "request_id: \"r-1\" refund_order { order_id: \"o-1\" "
       "lines { item_id: \"oil\" quantity: 1 } reason_code: \"leaks\" }"},
      {"no positions", FileKind::kHolds, kOrderHead, At(0) + ",o-1,v-1,m-1,",
       "5:lines FIELD_MISSING"},
      {"a position without a number", FileKind::kHolds, kOrderHead,
       At(0) + ",o-1,v-1,m-1,oil=", "5:lines FIELD_INVALID"},
      {"an empty position", FileKind::kHolds, kOrderHead, At(0) + ",o-1,v-1,m-1,oil;;rice",
       "5:lines FIELD_INVALID"},
      {"neither true nor false", FileKind::kHolds, hold, At(0) + ",o-1,v-1,m-1,oil,600,yes",
       "7:offline FIELD_INVALID"},
      {"a code in the place of its hash", FileKind::kVouchers, voucher,
       At(0) + ",o-1,v-1,m-1,oil,40731902628551483204", "6:code_sha256 FIELD_INVALID"},
      {"no hash in 64 characters", FileKind::kVouchers, voucher,
       At(0) + ",o-1,v-1,m-1,oil," + std::string(64, 'g'), "6:code_sha256 FIELD_INVALID"},
      {"no reason", FileKind::kCancellations, "recorded_at,order_id,reason_code", At(0) + ",o-1,",
       "3:reason_code FIELD_MISSING"},
      {"a refund of nothing", FileKind::kRefunds,
       "recorded_at,refund_id,order_id,lines,reason_code", At(0) + ",r-1,o-1,,leaks",
       "4:lines FIELD_MISSING"},
      {"no instant", FileKind::kConfirmations, "happened_at,order_id,recorded_at",
       "noon,o-1," + At(0), "1:happened_at FIELD_INVALID"},
  };
  for (const EncodedRow& row : rows) {
    EXPECT_EQ(Encoded(row.kind, row.header, row.row), row.want) << row.name;
  }
}

TEST(ImportRow, AnItemsTermsAreOptional) {
  const std::string old = "recorded_at,item_id,merchant_id,price_points,stock";
  const std::string base =
      "request_id: \"oil\" publish_item { item_id: \"oil\" merchant_id: \"m-1\" "
      "price_points: 20 stock: 5 ";
  const std::vector<EncodedRow> rows = {
      {"an old file", FileKind::kItems, old, At(0) + ",oil,m-1,20,5", base + "}"},
      {"empty terms", FileKind::kItems,
       old + ",settle_fen,funding,budget_source,limit_quantity,limit_period,age_bands",
       At(0) + ",oil,m-1,20,5,,,,,,", base + "}"},
      {"all of them", FileKind::kItems,
       old + ",settle_fen,funding,budget_source,limit_quantity,limit_period,age_bands",
       At(0) + ",oil,m-1,20,5,50,donor,lamp,2,month,under_14;14_17",
       base + "settle_fen: 50 funding: FUNDING_DONOR budget_source: \"lamp\" "
              "limit { quantity: 2 period: LIMIT_PERIOD_MONTH } "
              "age_bands: AGE_BAND_UNDER_14 age_bands: AGE_BAND_14_TO_17 }"},
      {"one of them, in a place of its own", FileKind::kItems, "funding," + old,
       "programme," + At(0) + ",oil,m-1,20,5", base + "funding: FUNDING_PROGRAMME }"},
      {"who pays?", FileKind::kItems, old + ",funding", At(0) + ",oil,m-1,20,5,somebody",
       "6:funding FIELD_INVALID"},
      {"a limit without a period", FileKind::kItems, old + ",limit_quantity",
       At(0) + ",oil,m-1,20,5,2", "limit_period FIELD_INVALID"},
      {"a period without a limit", FileKind::kItems, old + ",limit_quantity,limit_period",
       At(0) + ",oil,m-1,20,5,,once", "6:limit_quantity FIELD_INVALID"},
      {"no such age", FileKind::kItems, old + ",age_bands", At(0) + ",oil,m-1,20,5,old",
       "6:age_bands FIELD_INVALID"},
  };
  for (const EncodedRow& row : rows) {
    EXPECT_EQ(Encoded(row.kind, row.header, row.row), row.want) << row.name;
  }
  EXPECT_FALSE(InputFile::Open(FileKind::kItems, old + ",funding,funding\n").ok());
  EXPECT_TRUE(Open(FileKind::kItems, old + ",funding\n").ignored().empty());
}

// What the server complains about stands in a column of the file.
TEST(ImportRow, FieldsOfARefusalHaveTheirColumn) {
  const std::string hold = std::string(kOrderHead) + ",hold_seconds\n";
  const std::string item =
      "recorded_at,item_id,merchant_id,price_points,stock,limit_quantity,limit_period\n";
  const std::string sold = "recorded_at,order_id,volunteer_id,merchant_id,item_id,quantity\n";
  const std::string confirmed = "recorded_at,order_id,happened_at\n";
  struct {
    FileKind kind;
    std::string header;
    const char* field;
    const char* want;
  } const kRows[] = {
      {FileKind::kHolds, hold, "command.lines.quantity", "5:lines"},
      {FileKind::kHolds, hold, "command.lines", "5:lines"},
      {FileKind::kHolds, hold, "command.hold_seconds", "6:hold_seconds"},
      {FileKind::kHolds, hold, "command.volunteer_id", "3:volunteer_id"},
      {FileKind::kHolds, hold, "recorded_us", "1:recorded_at"},
      {FileKind::kItems, item, "command.limit.quantity", "6:limit_quantity"},
      {FileKind::kItems, item, "command.limit.period", "7:limit_period"},
      {FileKind::kItems, item, "command.settle_fen", "settle_fen"},
      {FileKind::kRedemptions, sold, "command.lines.quantity", "6:quantity"},
      {FileKind::kRedemptions, sold, "command.lines.item_id", "5:item_id"},
      {FileKind::kConfirmations, confirmed, "command.happened_us", "3:happened_at"},
      {FileKind::kCancellations, "recorded_at,order_id,reason_code\n", "command.reason_code",
       "3:reason_code"},
      {FileKind::kVolunteers, kPeople, "command.reason_code", "8:frozen_reason"},
      {FileKind::kHolds, hold, "command.unheard_of", ""},
  };
  for (const auto& row : kRows) {
    const InputFile file = Open(row.kind, row.header);
    EXPECT_EQ(file.ColumnLabel(file.ColumnOfField(row.field)), row.want) << row.field;
  }
}

TEST(ImportOrder, AnOrderComesBeforeItsFateInTheSameSecond) {
  const std::string holds = std::string(kOrderHead) + "\n" + At(1) + ",o-1,v,m,i\n";
  const std::string confirmed = "recorded_at,order_id\n" + At(1) + ",o-1\n";
  const std::string refunds =
      "recorded_at,refund_id,order_id,lines,reason_code\n" + At(1) + ",r-1,o-1,i,leaks\n";
  const std::vector<InputFile> files = {Open(FileKind::kHolds, holds),
                                        Open(FileKind::kConfirmations, confirmed),
                                        Open(FileKind::kRefunds, refunds)};
  MergeOrder order(files);
  for (const FileKind want : {FileKind::kHolds, FileKind::kConfirmations, FileKind::kRefunds}) {
    const MergeOrder::Entry* const entry = order.Next();
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->place.file, want);
  }
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
