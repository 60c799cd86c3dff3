// The import: mixed commands in one order, whatever happens to the connection.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {
namespace {

constexpr int kItemsMax = 8'192;
constexpr int64_t kStepUs = 1'000'000;

// A migrating ledger of its own on a server, as seen by who imports into it.
class Import : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(started_) << server_.output();
    Found(kLedger);
  }

  void Found(const std::string& ledger) {
    auto founding = Founding(true);
    founding.set_ledger_id(ledger);
    founding.set_recorded_us(start_us_);
    ASSERT_EQ(operators_.Call(founding), "OK");
    auto rule = Rule(15);
    rule.set_ledger_id(ledger);
    rule.set_recorded_us(start_us_);
    ASSERT_EQ(operators_.Call(rule), "OK");
  }

  std::unique_ptr<CallStream> Open(const Client& client) {
    return client.Open(MethodOf(*v1::ImportRequest::descriptor()));
  }

  v1::ImportItem& Add(v1::ImportRequest& request) {
    v1::ImportItem& item = *request.add_items();
    item.set_request_id(Text("import-", next_));
    item.set_recorded_us(start_us_ + next_ * kStepUs);
    ++next_;
    return item;
  }

  // Everything a town needs, then `requests` requests of `credits` credits and an order each: every
  // command rests on the ones before.
  std::vector<v1::ImportRequest> History(int requests, int credits) {
    next_ = 1;
    std::vector<v1::ImportRequest> history(1);
    history[0].set_ledger_id(kLedger);
    *Add(history[0]).mutable_register_organisation() = Organisation("beach").command();
    *Add(history[0]).mutable_register_activity() = Activity(kActivity, "beach").command();
    *Add(history[0]).mutable_register_session() = Session(kSession, kActivity).command();
    *Add(history[0]).mutable_onboard_merchant() = Merchant("bakery").command();
    *Add(history[0]).mutable_publish_item() = Offer("bread", "bakery", 1, 0).command();
    for (int r = 0; r < requests; ++r) {
      v1::ImportRequest& request = history.emplace_back();
      request.set_ledger_id(kLedger);
      const std::string volunteer = Text("v", r);
      *Add(request).mutable_register_volunteer() = Volunteer(volunteer).command();
      for (int i = 0; i < credits; ++i) {
        // The one before her, too, in turn.
        const std::string who = i % 2 == 0 || r == 0 ? volunteer : Text("v", r - 1);
        *Add(request).mutable_credit_hours() =
            Credit(Text("r", r, "-", i), who, 3 + i / 20, 15).command();
      }
      *Add(request).mutable_receive_stock() =
          Parse<v1::ReceiveStock>("item_id: 'bread' quantity: 1");
      *Add(request).mutable_redeem_now() =
          Redeem(Text("o", r), volunteer, "bakery", "bread", 1).command();
      // Refused, and nobody else for it.
      *Add(request).mutable_redeem_now() =
          Redeem(Text("x", r), volunteer, "bakery", "bread", 1).command();
    }
    return history;
  }

  struct Sent {
    std::vector<v1::ItemResult> results;
    Outcome end;
  };
  // Sends all requests, `ahead` of them before the first answer is read.
  Sent Send(const Client& client, const std::vector<v1::ImportRequest>& requests, size_t ahead) {
    const auto stream = Open(client);
    Sent sent;
    size_t written = 0;
    size_t read = 0;
    bool done = false;
    while (read < requests.size()) {
      while (written < requests.size() && written < read + ahead) {
        if (!stream->Write(requests[written++])) break;
      }
      if (written == requests.size() && !done) stream->WritesDone();
      done = written == requests.size();
      v1::ImportResponse response;
      if (!stream->Read(&response)) break;
      EXPECT_EQ(response.results_size(), requests[read].items_size());
      sent.results.insert(sent.results.end(), response.results().begin(), response.results().end());
      ++read;
    }
    if (!done) stream->WritesDone();
    sent.end = stream->Finish();
    return sent;
  }

  std::string EventsText() { return WithoutSalt(EventsOf(auditor_, kLedger, 0)); }

  // A day for all of the history; what it credits lies before.
  const int64_t start_us_ = InstantUs(1, 0, 0);
  int64_t next_ = 1;
  ServerProcess server_;
  const bool started_ = server_.Start();
  const Client operators_{server_.port(), server_.DevKey("operator")};
  const Client platform_{server_.port(), server_.DevKey("platform")};
  const Client auditor_{server_.port(), server_.DevKey("auditor")};
};

TEST_F(Import, TakesMixedCommandsInOrder) {
  const auto history = History(40, 50);
  const Sent sent = Send(platform_, history, 4);
  EXPECT_EQ(sent.end, "OK");
  size_t at = 0;
  uint64_t sequence = 2;
  for (const v1::ImportRequest& request : history) {
    for (int i = 0; i < request.items_size(); ++i, ++at) {
      ASSERT_LT(at, sent.results.size());
      const v1::ItemResult& result = sent.results[at];
      const bool refused = request.items(i).redeem_now().order_id().substr(0, 1) == "x";
      if (refused) {
        EXPECT_EQ(OutcomeOf(result.error()),
                  "FAILED_PRECONDITION STOCK_TOO_LOW command.lines.quantity");
        continue;
      }
      ASSERT_TRUE(result.has_receipt()) << OutcomeOf(result.error());
      EXPECT_EQ(result.receipt().sequence(), sequence++);
      EXPECT_EQ(result.receipt().recorded_us(), request.items(i).recorded_us());
    }
  }
}

// Were a request decided before the one that was sent before it, a recorded time would step back.
TEST_F(Import, KeepsTheOrderWithManySmallRequestsUnderWay) {
  auto history = History(1, 1);
  for (int i = 0; i < 3'000; ++i) {
    v1::ImportRequest& request = history.emplace_back();
    request.set_ledger_id(kLedger);
    *Add(request).mutable_register_volunteer() = Volunteer(Text("w", i)).command();
    *Add(request).mutable_credit_hours() = Credit(Text("w", i), Text("w", i), 3, 15).command();
  }
  const Sent sent = Send(platform_, history, 64);
  EXPECT_EQ(sent.end, "OK");
  size_t refused = 0;
  for (const v1::ItemResult& result : sent.results) refused += result.has_error() ? 1 : 0;
  EXPECT_EQ(refused, 1) << "the order that History has refused";
}

TEST_F(Import, SentTwiceLeavesNothingNew) {
  const auto history = History(10, 50);
  const Sent first = Send(platform_, history, 4);
  const std::string before = EventsText();
  const Sent second = Send(platform_, history, 4);
  EXPECT_EQ(second.end, "OK");
  EXPECT_EQ(EventsText(), before);
  ASSERT_EQ(second.results.size(), first.results.size());
  for (size_t i = 0; i < first.results.size(); ++i) {
    ASSERT_EQ(second.results[i].has_receipt(), first.results[i].has_receipt()) << i;
    if (!first.results[i].has_receipt()) continue;
    EXPECT_TRUE(second.results[i].receipt().already_applied());
    EXPECT_EQ(second.results[i].receipt().sequence(), first.results[i].receipt().sequence());
  }
}

TEST_F(Import, BrokenInTheMiddleAndSentAgainComesToTheSameEvents) {
  const auto history = History(20, 50);
  ASSERT_EQ(Send(platform_, history, 4).end, "OK");
  const std::string want = EventsText();

  ServerProcess other;
  ASSERT_TRUE(other.Start());
  const Client operators(other.port(), other.DevKey("operator"));
  const Client platform(other.port(), other.DevKey("platform"));
  auto founding = Founding(true);
  founding.set_recorded_us(start_us_);
  ASSERT_EQ(operators.Call(founding), "OK");
  auto rule = Rule(15);
  rule.set_recorded_us(start_us_);
  ASSERT_EQ(operators.Call(rule), "OK");
  // Broken off by the client, with answers outstanding.
  for (size_t cut : {3, 7, 12}) {
    const auto stream = Open(platform);
    for (size_t i = 0; i < cut; ++i) ASSERT_TRUE(stream->Write(history[i]));
    v1::ImportResponse response;
    ASSERT_TRUE(stream->Read(&response));
    stream->Cancel();
    EXPECT_EQ(stream->Finish(), "CANCELLED");
  }
  // Broken off by the server's death.
  {
    const auto stream = Open(platform);
    for (size_t i = 0; i < 15; ++i) ASSERT_TRUE(stream->Write(history[i]));
    v1::ImportResponse response;
    ASSERT_TRUE(stream->Read(&response));
    other.Kill();
    while (stream->Read(&response)) continue;
    EXPECT_EQ(stream->Finish(), "UNAVAILABLE");
  }
  ASSERT_TRUE(other.Start());
  const Client again(other.port(), other.DevKey("platform"));
  ASSERT_EQ(Send(again, history, 4).end, "OK");
  const Client auditor(other.port(), other.DevKey("auditor"));
  EXPECT_EQ(WithoutSalt(EventsOf(auditor, kLedger, 0)), want);
}

TEST_F(Import, TakesAtMost8192ItemsARequest) {
  auto history = History(0, 0);
  for (int i = 0; i < 2; ++i) {
    v1::ImportRequest& request = history.emplace_back();
    request.set_ledger_id(kLedger);
    for (int v = 0; v < kItemsMax + i; ++v) {
      *Add(request).mutable_register_volunteer() = Volunteer(Text("v", i, "-", v)).command();
    }
  }
  const Sent sent = Send(platform_, history, 1);
  EXPECT_EQ(sent.end, "INVALID_ARGUMENT BATCH_TOO_LARGE items");
  ASSERT_EQ(sent.results.size(), history[0].items_size() + kItemsMax);
  for (const v1::ItemResult& result : sent.results) EXPECT_TRUE(result.has_receipt());
  EXPECT_EQ(EventsOf(auditor_, kLedger, 0).size(), 2 + sent.results.size());
}

TEST_F(Import, AnItemWithoutACommandFailsAlone) {
  auto history = History(1, 2);
  history[1].mutable_items(1)->clear_command();
  const Sent sent = Send(platform_, history, 4);
  EXPECT_EQ(sent.end, "OK");
  const auto& result = sent.results[static_cast<size_t>(history[0].items_size()) + 1];
  EXPECT_EQ(OutcomeOf(result.error()), "INVALID_ARGUMENT FIELD_MISSING command");
}

TEST_F(Import, WithoutAKeyNotEvenAnEmptyOne) {
  const auto stream = Open(Client(server_.port(), std::nullopt));
  stream->WritesDone();
  v1::ImportResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish(), "UNAUTHENTICATED UNAUTHENTICATED authorization");
  EXPECT_EQ(Send(platform_, {}, 1).end, "OK");
}

TEST_F(Import, IsForPlatformsOnly) {
  const auto history = History(1, 1);
  for (const Client* client : {&operators_, &auditor_}) {
    const Sent sent = Send(*client, history, 4);
    EXPECT_EQ(sent.end, "PERMISSION_DENIED ROLE_MISSING authorization");
    EXPECT_TRUE(sent.results.empty());
  }
  EXPECT_EQ(EventsOf(auditor_, kLedger, 0).size(), 2);
}

TEST_F(Import, StaysWithOneLedger) {
  Found("yuhuan");
  auto history = History(1, 1);
  history[1].set_ledger_id("yuhuan");
  const Sent sent = Send(platform_, history, 1);
  EXPECT_EQ(sent.end, "INVALID_ARGUMENT FIELD_INVALID ledger_id");
  EXPECT_EQ(EventsOf(auditor_, "yuhuan", 0).size(), 2);
}

// An idle importer is told at once; a connection that sleeps is waited for, but not for long.
TEST_F(Import, EndsWhenTheServerStops) {
  const auto history = History(1, 1);
  const auto stream = Open(platform_);
  ASSERT_TRUE(stream->Write(history[0]));
  v1::ImportResponse response;
  ASSERT_TRUE(stream->Read(&response));
  const auto begin = std::chrono::steady_clock::now();
  server_.Terminate();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish(), "UNAVAILABLE STOPPING");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_EQ(server_.WaitForEnd(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

}  // namespace
}  // namespace meritbook::e2e
