// Reports of a running ledger: as of any size what they were, and for whom they are.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <thread>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

constexpr int kSizes = 20;
constexpr int kTriesMax = 2'000;

// What a program prints; its exit code has to be 0.
std::string Printed(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << command;
    return text;
  }
  std::array<char, 4096> bytes;
  while (const size_t read = std::fread(bytes.data(), 1, bytes.size(), pipe)) {
    text.append(bytes.data(), read);
  }
  EXPECT_EQ(pclose(pipe), 0) << command << "\n" << text;
  return text;
}

// All messages of one report, together.
struct Fetched {
  Outcome outcome;
  v1::GetReportResponse report;
};

Fetched Fetch(const Client& client, const v1::GetReportRequest& request) {
  Fetched fetched;
  const auto stream = client.Open(MethodOf(*request.GetDescriptor()));
  stream->Write(request);
  stream->WritesDone();
  v1::GetReportResponse message;
  while (stream->Read(&message)) {
    EXPECT_EQ(message.columns_size() > 0, fetched.report.columns_size() == 0) << "columns once";
    fetched.report.MergeFrom(message);
  }
  fetched.outcome = stream->Finish();
  return fetched;
}

v1::GetReportRequest Wanted(v1::ReportKind kind, const std::string& rest = "") {
  auto request = Parse<v1::GetReportRequest>(rest);
  request.set_kind(kind);
  return request;
}

class Reports : public testing::Test {
 protected:
  Reports() {
    for (const char* merchant : {"bakery", "cinema"}) {
      EXPECT_EQ(town_.platform().Call(Merchant(merchant)), "OK");
    }
    EXPECT_EQ(town_.platform().Call(Offer("bun", "bakery", 1, 100'000)), "OK");
    for (int v = 0; v < kVolunteers; ++v) {
      EXPECT_EQ(town_.platform().Call(Volunteer(Text("v", v))), "OK");
      EXPECT_EQ(town_.platform().Call(Credit(Text("first-", v), Text("v", v), 80, 480)), "OK");
    }
  }
  ~Reports() override { EndTraffic(); }

  // Somebody works on the ledger until EndTraffic.
  void BeginTraffic(unsigned seed) {
    traffic_ = std::thread([this, seed] {
      const Client platform(town_.server().port(), town_.server().DevKey("platform"));
      std::mt19937 random(seed);
      for (int i = 0; !over_; ++i) {
        const std::string volunteer = Text("v", random() % kVolunteers);
        const int day = 1 + static_cast<int>(random() % 70);
        switch (random() % 5) {
          case 0:
            platform.Call(Volunteer(Text("new-", i)));
            break;
          case 1:
          case 2:
            platform.Call(Credit(Text("r-", i), volunteer, day, 15));
            break;
          case 3:
            platform.Call(Redeem(Text("o-", i), volunteer, "bakery", "bun", 1));
            break;
          default:
            const unsigned earlier = static_cast<unsigned>(random()) % static_cast<unsigned>(i + 1);
            platform.Call(Revoke(Text("r-", earlier)));
            platform.Call(Refund(Text("refund-", i), Text("o-", earlier), "bun", 1));
        }
        ++worked_;
      }
    });
  }
  void EndTraffic() {
    over_ = true;
    if (traffic_.joinable()) traffic_.join();
  }
  void AwaitTraffic(int more) {
    const int goal = worked_ + more;
    for (int i = 0; worked_ < goal && i < kTriesMax; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_GE(worked_, goal);
  }

  v1::GetSummaryResponse Summary(const std::string& rest = "") {
    v1::GetSummaryResponse response;
    EXPECT_EQ(town_.auditor().Call(Parse<v1::GetSummaryRequest>(rest), &response), "OK") << rest;
    return response;
  }
  std::string Merit(const std::string& arguments) {
    const std::string authorization = town_.server().DevKey("auditor");
    const std::string key = authorization.substr(authorization.find(' ') + 1);
    return Printed(Text("MERIT_KEY=", key, " ", MERIT_PATH, " --server 127.0.0.1:",
                        town_.server().port(), " --ledger ", kLedger, " --lang en ", arguments));
  }

  static constexpr int kVolunteers = 10;
  Town town_;

 private:
  std::atomic<bool> over_ = false;
  std::atomic<int> worked_ = 0;
  std::thread traffic_;
};

TEST_F(Reports, AsOfASizeIsWhatWasAnsweredThen) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(Text("seed ", seed));
  std::mt19937 random(seed);
  BeginTraffic(seed);
  std::map<uint64_t, std::string> answered;
  std::map<uint64_t, std::string> printed;
  for (int i = 0; (answered.size() < kSizes || printed.size() < kSizes) && i < kTriesMax; ++i) {
    const v1::GetSummaryResponse summary = Summary();
    answered[summary.size()] = summary.SerializeAsString();
    if (printed.size() < kSizes) {
      const std::string text = Merit("report summary --format json");
      const size_t at = text.find("\"size\": ");
      ASSERT_NE(at, std::string::npos) << text;
      printed[std::stoull(text.substr(at + 8))] = text;
    }
    ASSERT_NO_FATAL_FAILURE(AwaitTraffic(1 + static_cast<int>(random() % 5)));
  }
  ASSERT_GE(answered.size(), size_t{kSizes});
  ASSERT_GE(printed.size(), size_t{kSizes});
  // While it goes on, and in no order.
  std::vector<uint64_t> sizes;
  for (const auto& [size, answer] : answered) sizes.push_back(size);
  std::shuffle(sizes.begin(), sizes.end(), random);
  sizes.resize(kSizes);
  for (const uint64_t size : sizes) {
    EXPECT_EQ(Summary(Text("as_of { size: ", size, " }")).SerializeAsString(), answered[size])
        << size;
  }
  sizes.clear();
  for (const auto& [size, text] : printed) sizes.push_back(size);
  std::shuffle(sizes.begin(), sizes.end(), random);
  sizes.resize(kSizes);
  for (const uint64_t size : sizes) {
    EXPECT_EQ(Merit(Text("report summary --as-of ", size, " --format json")), printed[size]);
  }
  EndTraffic();
  // Also when nothing comes after it.
  const v1::GetSummaryResponse last = Summary();
  EXPECT_EQ(last.size(), town_.Size());
  EXPECT_EQ(Summary(Text("as_of { size: ", last.size(), " }")).SerializeAsString(),
            last.SerializeAsString());
}

TEST_F(Reports, EveryReportOfASizeIsTheSameWhenMadeAgain) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(Text("seed ", seed));
  BeginTraffic(seed);
  ASSERT_NO_FATAL_FAILURE(AwaitTraffic(60));
  std::map<int, std::pair<uint64_t, std::string>> first;  // by kind, as of now
  const auto wanted = [](int kind) {
    auto request = Wanted(static_cast<v1::ReportKind>(kind));
    if (kind == v1::REPORT_KIND_TOTALS) request.set_group(v1::REPORT_GROUP_DAY);
    if (kind == v1::REPORT_KIND_PASSBOOK || kind == v1::REPORT_KIND_CERTIFICATE) {
      request.set_volunteer_id("v0");
    }
    if (kind == v1::REPORT_KIND_ACCOUNT) request.set_merchant_id("bakery");
    return request;
  };
  for (int kind = 1; kind <= v1::ReportKind_MAX; ++kind) {
    const Fetched now = Fetch(town_.auditor(), wanted(kind));
    ASSERT_EQ(now.outcome, "OK") << v1::ReportKind_Name(kind);
    EXPECT_GT(now.report.columns_size(), 0);
    EXPECT_GT(now.report.last_recorded_us(), 0);
    EXPECT_EQ(now.report.time_zone(), "Asia/Shanghai");
    first[kind] = {now.report.size(), now.report.SerializeAsString()};
    ASSERT_NO_FATAL_FAILURE(AwaitTraffic(5));
  }
  for (const auto& [kind, was] : first) {
    auto request = wanted(kind);
    request.mutable_as_of()->set_size(was.first);
    for (int again = 0; again < 2; ++again) {
      const Fetched then = Fetch(town_.auditor(), request);
      ASSERT_EQ(then.outcome, "OK") << v1::ReportKind_Name(kind);
      EXPECT_EQ(then.report.SerializeAsString(), was.second) << v1::ReportKind_Name(kind);
    }
  }
}

TEST_F(Reports, AllThatWasRecordedBeforeATime) {
  const v1::GetSummaryResponse then = Summary();
  ASSERT_EQ(town_.platform().Call(Credit("later", "v0", 1, 60)), "OK");
  const std::vector<v1::Event> events = town_.Events(then.size());
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(Summary(Text("as_of { before_us: ", events[0].recorded_us(), " }")).SerializeAsString(),
            then.SerializeAsString());
  EXPECT_EQ(Summary(Text("as_of { before_us: ", events[0].recorded_us() + 1, " }")).size(),
            then.size() + 1);
  EXPECT_EQ(Summary(Text("as_of { before_us: ", NowUs() + 1'000'000'000, " }")).SerializeAsString(),
            Summary().SerializeAsString());
  // Service of eighty days ago, known now.
  const v1::GetSummaryResponse past = Summary(Text("as_of { until_day: '", DaysAgo(80), "' }"));
  EXPECT_EQ(past.service_minutes(), kVolunteers * 480u);
  EXPECT_EQ(past.size(), then.size() + 1);
  EXPECT_EQ(Summary(Text("as_of { until_day: '", DaysAgo(81), "' }")).service_minutes(), 0u);

  for (const auto& [rest, want] : std::map<std::string, std::string>{
           {"as_of { size: 1000000 }", "DEADLINE_EXCEEDED SEQUENCE_NOT_REACHED as_of.size"},
           {"as_of { size: 0 }", "INVALID_ARGUMENT FIELD_INVALID as_of.size"},
           {"as_of { before_us: 1 }", "INVALID_ARGUMENT FIELD_INVALID as_of.before_us"},
           {"as_of { until_day: 'x' }", "INVALID_ARGUMENT FIELD_INVALID as_of.until_day"},
           {"min_size: 1000000", "DEADLINE_EXCEEDED SEQUENCE_NOT_REACHED min_size"},
           {"ledger_id: 'nowhere'", "NOT_FOUND LEDGER_UNKNOWN ledger_id"}}) {
    EXPECT_EQ(town_.auditor().Call(Parse<v1::GetSummaryRequest>(rest)), want) << rest;
  }
}

TEST_F(Reports, AMerchantReadsItsOwn) {
  ASSERT_EQ(town_.platform().Call(Redeem("o-1", "v1", "bakery", "bun", 3)), "OK");
  ASSERT_EQ(town_.operators().Call(Principal("till", "roles: ROLE_MERCHANT merchant_id: 'bakery'")),
            "OK");
  const Client till = town_.As("till");
  for (const v1::ReportKind kind :
       {v1::REPORT_KIND_DAYBOOK, v1::REPORT_KIND_SETTLEMENT, v1::REPORT_KIND_ACCOUNT,
        v1::REPORT_KIND_STOCK, v1::REPORT_KIND_OPEN_ORDERS}) {
    const std::string refused = "PERMISSION_DENIED REPORT_NOT_YOURS merchant_id";
    EXPECT_EQ(Fetch(till, Wanted(kind, "merchant_id: 'bakery'")).outcome, "OK");
    EXPECT_EQ(Fetch(till, Wanted(kind, "merchant_id: 'cinema'")).outcome, refused);
    EXPECT_EQ(Fetch(till, Wanted(kind)).outcome, refused);
  }
  EXPECT_EQ(Fetch(till, Wanted(v1::REPORT_KIND_ACCOUNT, "volunteer_id: 'v1'")).outcome,
            "PERMISSION_DENIED REPORT_NOT_YOURS merchant_id");
  EXPECT_EQ(Fetch(till, Wanted(v1::REPORT_KIND_PASSBOOK, "volunteer_id: 'v1'")).outcome,
            "PERMISSION_DENIED REPORT_NOT_YOURS kind");
  EXPECT_EQ(Fetch(till, Wanted(v1::REPORT_KIND_TRIAL_BALANCE)).outcome,
            "PERMISSION_DENIED REPORT_NOT_YOURS kind");
  EXPECT_EQ(till.Call(Parse<v1::GetSummaryRequest>("")).code, "PERMISSION_DENIED");

  const v1::GetReportResponse book =
      Fetch(till, Wanted(v1::REPORT_KIND_DAYBOOK, "merchant_id: 'bakery'")).report;
  ASSERT_EQ(book.rows_size(), 3);  // the line, its day, all
  EXPECT_EQ(book.rows(0).values(7).text(), "bun");
  EXPECT_EQ(book.rows(0).values(10).number(), 3 * 6'000);
  EXPECT_TRUE(book.rows(2).total());

  EXPECT_EQ(Fetch(town_.auditor(), Wanted(v1::REPORT_KIND_PASSBOOK)).outcome,
            "INVALID_ARGUMENT FIELD_MISSING volunteer_id");
  EXPECT_EQ(Fetch(town_.auditor(), Wanted(v1::REPORT_KIND_PASSBOOK, "volunteer_id: 'x'")).outcome,
            "NOT_FOUND VOLUNTEER_UNKNOWN volunteer_id");
}

// More rows than one message has.
TEST_F(Reports, AreReadInAsManyMessagesAsItTakes) {
  for (int batch = 0; batch < 2; ++batch) {
    auto credits = Parse<v1::BatchCreditHoursRequest>("");
    for (int i = 0; i < 700; ++i) {
      *credits.add_items() =
          Item(Credit(Text("b", batch, "-", i), Text("v", i % 10), 1 + (i / 10) % 70, 15));
    }
    v1::BatchCreditHoursResponse response;
    ASSERT_EQ(town_.platform().Call(credits, &response), "OK");
    for (const v1::ItemResult& result : response.results()) {
      ASSERT_TRUE(result.has_receipt()) << result.ShortDebugString();
    }
  }
  const Fetched book =
      Fetch(town_.auditor(), Wanted(v1::REPORT_KIND_ACCOUNT, "volunteer_id: 'v3'"));
  ASSERT_EQ(book.outcome, "OK");
  EXPECT_EQ(book.report.rows_size(), 1 + 1 + 140 + 1);
  for (int v = 0; v < 600; ++v) {
    ASSERT_EQ(town_.platform().Call(Organisation(Text("org-", v))), "OK");
  }
  const Fetched all = Fetch(town_.auditor(), Wanted(v1::REPORT_KIND_ORGANISATIONS));
  ASSERT_EQ(all.outcome, "OK");
  EXPECT_EQ(all.report.rows_size(), 601 + 1);
  EXPECT_TRUE(std::is_sorted(all.report.rows().begin(), all.report.rows().end() - 1,
                             [](const v1::ReportRow& a, const v1::ReportRow& b) {
                               return a.values(0).text() < b.values(0).text();
                             }));
}

}  // namespace
}  // namespace meritbook::e2e
