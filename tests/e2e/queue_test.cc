// What waits, read in pages while it changes, and what a restart leaves of it.
#include <gtest/gtest.h>

#include <set>

#include "ledger/text.h"
#include "tests/e2e/review_town.h"

namespace meritbook::e2e {
namespace {

using Queue = Review;

TEST_F(Queue, TheQueueIsReadInPagesWhileItChanges) {
  ASSERT_EQ(town_.platform().Call(Propose(
                "p-1", "adjust_points { volunteer_id: 'ann' units: 6000 reason_code: 'x' }")),
            "OK");
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(town_.platform().Call(Submit(Text("s-", i), "ann", 3 + i, 480)), "OK");
  }
  ASSERT_EQ(town_.platform().Call(Parse<v1::SubmitActivityRequest>(
                "request_id: 'fair' command { activity_id: 'fair' organisation_id: 'beach' "
                "category: 'traffic_courtesy' starts_us: 1 }")),
            "OK");
  const auto name = [](const v1::Review& review) {
    return review.has_record()     ? review.record().record_id()
           : review.has_activity() ? review.activity().activity_id()
                                   : review.proposal().proposal().proposal_id();
  };
  for (const uint32_t page_size : {1u, 2u, 3u, 100u}) {
    std::vector<std::string> names;
    for (const v1::Review& review : town_.Reviews(page_size)) names.push_back(name(review));
    EXPECT_EQ(names, (std::vector<std::string>{"fair", "s-0", "s-1", "s-2", "s-3", "s-4", "p-1"}));
  }
  // The last one of the first page and the first one of the second leave; a new one joins.
  auto request = Parse<v1::ListReviewsRequest>("page_size: 3");
  v1::ListReviewsResponse page;
  ASSERT_EQ(town_.auditor().Call(request, &page), "OK");
  EXPECT_EQ(page.waiting_count(), 7);
  std::vector<std::string> names;
  for (const v1::Review& review : page.reviews()) names.push_back(name(review));
  for (const char* gone : {"s-1", "s-2"}) {
    ASSERT_EQ(town_.As("lin").Call(Judge(Text("j-", gone), gone, false)), "OK");
  }
  ASSERT_EQ(town_.platform().Call(Submit("s-5", "ben", 3, 480)), "OK");
  request.set_page_token(page.next_page_token());
  ASSERT_EQ(town_.auditor().Call(request, &page), "OK");
  EXPECT_EQ(page.waiting_count(), 6);
  for (const v1::Review& review : page.reviews()) names.push_back(name(review));
  request.set_page_token(page.next_page_token());
  ASSERT_EQ(town_.auditor().Call(request, &page), "OK");
  EXPECT_EQ(page.next_page_token(), "");
  for (const v1::Review& review : page.reviews()) names.push_back(name(review));
  EXPECT_EQ(names, (std::vector<std::string>{"fair", "s-0", "s-1", "s-3", "s-4", "s-5", "p-1"}));

  for (const char* token : {"x", "3:0", "-1:0", "0:1:2", "0:x"}) {
    request.set_page_token(token);
    EXPECT_EQ(town_.auditor().Call(request), "INVALID_ARGUMENT FIELD_INVALID page_token") << token;
  }
  request.clear_page_token();
  request.set_page_size(1'025);
  EXPECT_EQ(town_.auditor().Call(request), "INVALID_ARGUMENT FIELD_INVALID page_size");
}

// Big proposals fill a page before its number of items does.
TEST_F(Queue, APageHasAnEnd) {
  std::string balances;
  for (int i = 0; i < 100; ++i) {
    balances += Text("balances { volunteer_id: '", std::string(60, 'v'), i, "' } ");
  }
  ServerProcess server;
  ASSERT_TRUE(server.Start());
  const Client operators(server.port(), server.DevKey("operator"));
  const Client platform(server.port(), server.DevKey("platform"));
  const Client auditor(server.port(), server.DevKey("auditor"));
  auto founding = Founding(true);
  int64_t at_us = InstantUs(1, 0, 0);
  founding.set_recorded_us(at_us);
  ASSERT_EQ(operators.Call(founding), "OK");
  for (int i = 0; i < 100; ++i) {
    auto volunteer = Volunteer(Text(std::string(60, 'v'), i));
    volunteer.set_recorded_us(++at_us);
    ASSERT_EQ(platform.Call(volunteer), "OK");
  }
  constexpr int kProposals = 200;
  for (int i = 0; i < kProposals; ++i) {
    auto propose =
        Propose(Text("p-", i), Text("load_opening_balances { file_sha256: '", std::string(32, 's'),
                                    "' part: 1 parts: 1 ", balances, "}"));
    propose.set_recorded_us(++at_us);
    ASSERT_EQ(platform.Call(propose), "OK");
  }
  auto request = Parse<v1::ListReviewsRequest>("page_size: 1024");
  v1::ListReviewsResponse page;
  int pages = 0;
  std::set<std::string> seen;
  do {
    ASSERT_EQ(auditor.Call(request, &page), "OK");
    EXPECT_LT(page.ByteSizeLong(), 2 << 20);
    for (const v1::Review& review : page.reviews()) {
      EXPECT_TRUE(seen.insert(review.proposal().proposal().proposal_id()).second);
    }
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!page.next_page_token().empty());
  EXPECT_GT(pages, 1);
  EXPECT_EQ(seen.size(), kProposals);
}

TEST_F(Queue, ARestartForgetsNothing) {
  ASSERT_EQ(town_.platform().Call(Submit("waits", "ann", 3, 480)), "OK");
  ASSERT_EQ(town_.platform().Call(Submit("counts", "ann", 4, 60)), "OK");
  ASSERT_EQ(town_.platform().Call(Submit("disputed", "ben", 4, 60)), "OK");
  ASSERT_EQ(town_.platform().Call(Dispute("d-1", "disputed")), "OK");
  ASSERT_EQ(town_.platform().Call(Submit("rejected", "ben", 5, 480)), "OK");
  ASSERT_EQ(town_.As("lin").Call(Judge("j-1", "rejected", false)), "OK");
  ASSERT_EQ(town_.platform().Call(Credit("first", "cat", 6, 60)), "OK");
  ASSERT_EQ(town_.platform().Call(Correct("first", Service("second", "cat", 6, 120))), "OK");
  ASSERT_EQ(town_.platform().Call(Credit("gone", "cat", 7, 60)), "OK");
  ASSERT_EQ(town_.platform().Call(Revoke("gone")), "OK");
  ASSERT_EQ(town_.As("lin").Call(
                Propose("p-1", "adjust_points { volunteer_id: 'cat' units: 60 reason_code: 'x' }")),
            "OK");
  const std::vector<std::string> records = {"waits", "counts", "disputed", "rejected",
                                            "first", "second", "gone"};
  const std::string before = town_.State(records);
  town_.server().Kill();
  town_.Start();
  EXPECT_EQ(town_.State(records), before);
  EXPECT_EQ(town_.Stop(), 0);
  town_.Start();
  EXPECT_EQ(town_.State(records), before) << "from the rows of a clean stop";
  town_.server().Kill();
  town_.Start();
  EXPECT_EQ(town_.State(records), before);

  // And it all goes on from there.
  EXPECT_EQ(town_.platform().Call(Submit("counts", "ann", 4, 75)),
            "ALREADY_EXISTS REQUEST_CONFLICT command.record.duration.minutes");
  ASSERT_EQ(town_.As("lin").Call(Judge("j-2", "waits", true)), "OK");
  ASSERT_EQ(town_.As("lin").Call(Judge("j-3", "disputed", false)), "OK");
  ASSERT_EQ(town_.platform().Call(Revoke("second")), "OK");
  ASSERT_EQ(town_.As("oda").Call(Agree("p-1")), "OK");
  EXPECT_TRUE(town_.Reviews().empty());
  EXPECT_EQ(town_.BalanceOf("cat").available_units(), 60);
  const std::string after = town_.State(records);
  EXPECT_EQ(town_.Stop(), 0);
  town_.Start();
  EXPECT_EQ(town_.State(records), after);
}

}  // namespace
}  // namespace meritbook::e2e
