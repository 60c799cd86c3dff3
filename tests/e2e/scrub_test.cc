// A byte of the log changes on the disk of a running server: found by the background pass, named,
// never served; and all is well again once the byte is.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int kVolunteers = 100;
constexpr int kDays = 80;
constexpr int kMinutes = 15;
constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

class Scrub : public testing::Test {
 protected:
  // A pass of some seconds over what SetUp writes.
  Scrub() : town_(15, {.config = "scrub_bytes_per_second: 524288\n"}) {}

  void SetUp() override {
    for (int v = 0; v < kVolunteers; ++v) {
      const std::string volunteer = Text("v", v);
      ASSERT_EQ(town_.platform().Call(Volunteer(volunteer)), "OK");
      auto batch = Parse<v1::BatchCreditHoursRequest>("");
      for (int day = 1; day <= kDays; ++day) {
        *batch.add_items() = Item(Credit(Text("r", v, "-", day), volunteer, day, kMinutes));
      }
      v1::BatchCreditHoursResponse response;
      ASSERT_EQ(town_.platform().Call(batch, &response), "OK");
      for (const auto& result : response.results()) ASSERT_FALSE(result.has_error());
    }
    // Makes a table of it.
    ASSERT_EQ(town_.Stop(), 0);
    town_.Start();
  }

  v1::GetServerStatusResponse Status() const {
    v1::GetServerStatusResponse status;
    EXPECT_EQ(town_.operators().Call(v1::GetServerStatusRequest(), &status), "OK");
    return status;
  }

  // Once a pass has begun.
  v1::GetServerStatusResponse StatusInPass() const {
    v1::GetServerStatusResponse status = Status();
    for (int i = 0; i < 1'000 && status.scrub().events_verified() == 0; ++i) {
      std::this_thread::sleep_for(milliseconds(5));
      status = Status();
    }
    return status;
  }

  // Of the server, or of one of its services.
  std::string Health(const std::string& service = "") {
    std::string request;
    if (!service.empty())
      request = Text("\x0a", std::string(1, static_cast<char>(service.size())), service);
    std::string response;
    const Client client(town_.server().port(), std::nullopt);
    EXPECT_EQ(client.CallPath("/grpc.health.v1.Health/Check", request, &response), "OK");
    return response;
  }

  bool AwaitHealth(const std::string& wanted) {
    for (const auto end = steady_clock::now() + seconds(30); steady_clock::now() < end;) {
      if (Health() == wanted) return true;
      std::this_thread::sleep_for(milliseconds(20));
    }
    return false;
  }

  std::string LargestTable() {
    std::string largest;
    uint64_t bytes = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(town_.server().data_dir() + "/log")) {
      if (entry.path().extension() != ".sst" || entry.file_size() < bytes) continue;
      bytes = entry.file_size();
      largest = entry.path().string();
    }
    return largest;
  }

  // The same again puts it back.
  static void Flip(const std::string& path) {
    const auto offset = static_cast<std::streamoff>(std::filesystem::file_size(path) / 10 * 8);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(offset);
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(offset);
    file.put(byte);
    ASSERT_TRUE(file.good());
  }

  // The first sequence that can't be had, as the server named it.
  static uint64_t SequenceIn(const std::string& text) {
    const std::string before = Text("ledger '", kLedger, "', sequence ");
    const size_t at = text.find(before);
    uint64_t sequence = 0;
    if (at == std::string::npos) return 0;
    const std::string rest = text.substr(at + before.size());
    EXPECT_TRUE(absl::SimpleAtoi(rest.substr(0, rest.find(':')), &sequence)) << text;
    return sequence;
  }

  // The stream has what comes before, and ends with the reason.
  void ExpectStreamEndsAt(uint64_t sequence, const std::vector<v1::Event>& events) {
    const auto stream = town_.auditor().Open(MethodOf(*v1::StreamEventsRequest::descriptor()));
    ASSERT_TRUE(stream->Write(Parse<v1::StreamEventsRequest>("")));
    stream->WritesDone();
    v1::StreamEventsResponse part;
    size_t read = 0;
    while (stream->Read(&part)) {
      for (const std::string& bytes : part.events()) {
        ASSERT_EQ(bytes, events.at(read).SerializeAsString()) << read;
        ++read;
      }
    }
    const Outcome ended = stream->Finish();
    EXPECT_EQ(ended, "DATA_LOSS LOG_DAMAGED");
    EXPECT_NE(ended.message.find(Text("sequence ", sequence, ":")), std::string::npos)
        << ended.message;
    // It needs the records up to a mark to know that they are what they were.
    EXPECT_LE(read, sequence);
    EXPECT_GT(read + 1'000, sequence);
  }

  Town town_;
};

TEST_F(Scrub, FindsAChangedByteWhichEndsWritingAndIsNeverServed) {
  const uint64_t size = town_.Size();
  // The reports have read all of the log, so that nobody but the pass will read it again.
  v1::GetSummaryResponse summary;
  ASSERT_EQ(town_.auditor().Call(Parse<v1::GetSummaryRequest>(""), &summary), "OK");
  EXPECT_EQ(summary.service_minutes(), kVolunteers * kDays * kMinutes);
  const std::string balance = town_.BalanceOf("v7").DebugString();
  const std::vector<v1::Event> events = town_.Events();
  const std::string table = LargestTable();
  ASSERT_FALSE(table.empty());
  ASSERT_NO_FATAL_FAILURE(Flip(table));

  const v1::GetServerStatusResponse before = StatusInPass();
  ASSERT_EQ(before.scrub().passes(), 0u) << "too fast: the byte changed behind it";
  ASSERT_LT(before.scrub().events_verified(), size * 7 / 10) << "too fast";
  EXPECT_EQ(before.scrub().events_total(), size);
  EXPECT_EQ(before.hindrance(), v1::REFUSAL_UNSPECIFIED) << before.hindrance_text();
  EXPECT_EQ(Health(), kServing);
  EXPECT_EQ(Health("meritbook.v1.HoursService"), kServing);

  const auto begin = steady_clock::now();
  ASSERT_TRUE(AwaitHealth(kNotServing)) << Status().DebugString();
  std::cout << "found after " << duration_cast<milliseconds>(steady_clock::now() - begin).count()
            << " ms\n";
  EXPECT_EQ(Health("meritbook.v1.HoursService"), kNotServing);
  const v1::GetServerStatusResponse found = Status();
  EXPECT_EQ(found.hindrance(), v1::REFUSAL_LOG_DAMAGED);
  EXPECT_EQ(found.scrub().passes(), 0u);
  EXPECT_EQ(found.scrub().damage(), found.hindrance_text());
  EXPECT_NE(found.scrub().damage().find(std::filesystem::path(table).filename().string()),
            std::string::npos)
      << found.scrub().damage();
  const uint64_t sequence = SequenceIn(found.scrub().damage());
  EXPECT_GT(sequence, size / 2) << found.scrub().damage();
  EXPECT_LT(sequence, size);
  EXPECT_LE(found.scrub().events_verified(), sequence);
  const std::string named = Text("sequence ", sequence, ":");

  // Nothing is written any more; what is in memory is still told.
  const Outcome refused = town_.platform().Call(Volunteer("bob"));
  EXPECT_EQ(refused, "DATA_LOSS LOG_DAMAGED");
  EXPECT_NE(refused.message.find(named), std::string::npos) << refused.message;
  EXPECT_FALSE(refused.retry_can_help);
  EXPECT_EQ(town_.BalanceOf("v7").DebugString(), balance);
  EXPECT_EQ(town_.Size(), size);

  ExpectStreamEndsAt(sequence, events);

  EXPECT_EQ(town_.Stop(), 0);
  EXPECT_FALSE(town_.server().Start()) << "a damaged log was opened";
  EXPECT_EQ(town_.server().exit_code(), 1);
  const std::string output = town_.server().output();
  EXPECT_NE(output.substr(output.rfind("can't start")).find(named), std::string::npos) << output;
  size_t warnings = 0;
  for (size_t at = 0; (at = output.find("the log is damaged, so", at)) != std::string::npos; ++at) {
    ++warnings;
  }
  EXPECT_EQ(warnings, 1u) << output;

  ASSERT_NO_FATAL_FAILURE(Flip(table));
  town_.Start();
  EXPECT_EQ(Health(), kServing);
  EXPECT_EQ(town_.Size(), size);
  EXPECT_EQ(town_.BalanceOf("v7").DebugString(), balance);
  EXPECT_EQ(WithoutSalt(town_.Events()), WithoutSalt(events));
  EXPECT_EQ(town_.platform().Call(Volunteer("bob")), "OK");
}

TEST_F(Scrub, IsLeftAtOnceWhenTheServerIsToStop) {
  const v1::GetServerStatusResponse status = StatusInPass();
  EXPECT_EQ(status.scrub().passes(), 0u);
  EXPECT_GT(status.scrub().events_verified(), 0u);
  EXPECT_LT(status.scrub().events_verified(), status.scrub().events_total());
  EXPECT_GT(status.free_bytes(), status.free_bytes_floor());
  const auto begin = steady_clock::now();
  EXPECT_EQ(town_.Stop(), 0);
  EXPECT_LT(steady_clock::now() - begin, seconds(3));
  town_.Start();
  EXPECT_EQ(Status().hindrance(), v1::REFUSAL_UNSPECIFIED);
}

}  // namespace
}  // namespace meritbook::e2e
