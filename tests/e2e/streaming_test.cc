// The event stream: exact bytes in order, from anywhere, and on as the log grows.
#include <gtest/gtest.h>

#include <thread>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

class Streaming : public testing::Test {
 protected:
  Streaming() : town_(1) {}

  std::unique_ptr<CallStream> Open(const std::string& request) {
    auto stream = town_.auditor().Open(MethodOf(*v1::StreamEventsRequest::descriptor()));
    EXPECT_TRUE(stream->Write(Parse<v1::StreamEventsRequest>(request)));
    stream->WritesDone();
    return stream;
  }

  void Credits(const std::string& prefix, int count) {
    auto batch = Parse<v1::BatchCreditHoursRequest>("");
    for (int i = 0; i < count; ++i) {
      // 480 a day.
      *batch.add_items() = Item(Credit(Text(prefix, "-", i), "ann", 1 + posted_++ / 480, 1));
    }
    v1::BatchCreditHoursResponse response;
    ASSERT_EQ(town_.platform().Call(batch, &response), "OK");
    for (const auto& result : response.results()) ASSERT_TRUE(result.has_receipt());
  }

  // Reads until it has `count` events; their bytes in order.
  std::vector<std::string> Read(CallStream& stream, uint64_t first, size_t count) {
    std::vector<std::string> bytes;
    v1::StreamEventsResponse response;
    while (bytes.size() < count) {
      const auto read = stream.ReadWithin(&response, seconds(20));
      if (!read || !*read) {
        ADD_FAILURE() << "only " << bytes.size() << " of " << count << " events came";
        return bytes;
      }
      EXPECT_EQ(response.first_sequence(), first + bytes.size());
      EXPECT_GT(response.events_size(), 0);
      bytes.insert(bytes.end(), response.events().begin(), response.events().end());
    }
    EXPECT_EQ(bytes.size(), count);
    return bytes;
  }

  int posted_ = 0;
  Town town_;
};

TEST_F(Streaming, FromTheStartAndFromTheMiddleTheSameBytes) {
  Credits("a", 8'192);
  Credits("b", 4'000);
  const uint64_t size = town_.Size();
  const auto all = Read(*Open(""), 0, size);
  for (uint64_t i = 0; i < all.size(); ++i) {
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(all[i])) << i;
    ASSERT_EQ(event.sequence(), i);
  }
  for (uint64_t from : {uint64_t{1}, uint64_t{5'000}, size - 1}) {
    const auto rest = Read(*Open(Text("from_sequence: ", from)), from, size - from);
    EXPECT_TRUE(std::equal(rest.begin(), rest.end(), all.begin() + static_cast<int64_t>(from)))
        << from;
  }
  town_.server().Kill();
  town_.Start();
  EXPECT_TRUE(Read(*Open(""), 0, size) == all) << "other bytes after a kill";
}

TEST_F(Streaming, EndsAtTheEndUnlessItFollows) {
  const uint64_t size = town_.Size();
  const auto stream = Open("");
  Read(*stream, 0, size);
  v1::StreamEventsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish(), "OK");
  for (const std::string& from : {Text(size), std::string("18446744073709551615")}) {
    const auto empty = Open("from_sequence: " + from);
    EXPECT_FALSE(empty->Read(&response)) << from;
    EXPECT_EQ(empty->Finish(), "OK") << from;
  }
}

TEST_F(Streaming, StopsAfterMaxEvents) {
  Credits("a", 100);
  for (const char* follow : {"false", "true"}) {
    const auto stream = Open(Text("from_sequence: 3 max_events: 50 follow: ", follow));
    Read(*stream, 3, 50);
    v1::StreamEventsResponse response;
    EXPECT_FALSE(stream->Read(&response));
    EXPECT_EQ(stream->Finish(), "OK");
  }
}

TEST_F(Streaming, FollowDeliversPromptly) {
  const uint64_t size = town_.Size();
  const auto stream = Open("follow: true");
  Read(*stream, 0, size);
  // Often, since a wake-up that is lost is lost seldom.
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(town_.platform().Call(Credit(Text("r", i), "ann", 1 + i / 480, 1)), "OK");
    const auto begin = steady_clock::now();
    const auto bytes = Read(*stream, size + static_cast<uint64_t>(i), 1);
    ASSERT_EQ(bytes.size(), 1);
    EXPECT_LT(steady_clock::now() - begin, seconds(2));
    v1::Event event;
    ASSERT_TRUE(event.ParseFromString(bytes[0]));
    EXPECT_EQ(event.hours_credited().command().record().record_id(), Text("r", i));
  }
}

TEST_F(Streaming, ManyFollowersSeeTheSame) {
  constexpr int kFollowers = 8;
  constexpr int kBatches = 12;
  const uint64_t size = town_.Size();
  std::vector<std::vector<std::string>> seen(kFollowers);
  std::vector<std::thread> followers;
  for (int f = 0; f < kFollowers; ++f) {
    followers.emplace_back([&, f] {
      seen[f] = Read(*Open(Text("follow: true from_sequence: ", size)), size, kBatches * 500);
    });
  }
  for (int b = 0; b < kBatches; ++b) Credits(Text("b", b), 500);
  for (std::thread& follower : followers) follower.join();
  for (int f = 1; f < kFollowers; ++f) EXPECT_TRUE(seen[f] == seen[0]) << f;
}

TEST_F(Streaming, ACancelledFollowerIsGone) {
  for (int i = 0; i < 20; ++i) {
    const auto stream = Open(Text("follow: true from_sequence: ", town_.Size()));
    v1::StreamEventsResponse response;
    EXPECT_EQ(stream->ReadWithin(&response, milliseconds(i)), std::nullopt);
    stream->Cancel();
    EXPECT_EQ(stream->Finish(), "CANCELLED");
  }
  Credits("a", 10);
  EXPECT_EQ(town_.Stop(), 0);
}

TEST_F(Streaming, AFollowerEndsWithTheServer) {
  const uint64_t size = town_.Size();
  auto waiting = Open("follow: true");
  Read(*waiting, 0, size);
  const auto begin = steady_clock::now();
  town_.server().Terminate();
  v1::StreamEventsResponse response;
  EXPECT_FALSE(waiting->Read(&response));
  EXPECT_EQ(waiting->Finish(), "OK");
  EXPECT_LT(steady_clock::now() - begin, seconds(3));
  waiting.reset();
  EXPECT_EQ(town_.Stop(), 0);
}

TEST_F(Streaming, OfAnUnknownLedgerThereIsNone) {
  const auto stream = Open("ledger_id: 'nowhere' follow: true");
  v1::StreamEventsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish(), "NOT_FOUND LEDGER_UNKNOWN ledger_id");
}

}  // namespace
}  // namespace meritbook::e2e
