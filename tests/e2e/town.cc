#include "tests/e2e/town.h"

#include <gtest/gtest.h>

#include <utility>

#include "ledger/text.h"

namespace meritbook::e2e {

Town::Town(int recording_unit_minutes, ServerOptions options) : server_(std::move(options)) {
  Start();
  EXPECT_EQ(operators_->Call(Founding()), "OK");
  EXPECT_EQ(committee_->Call(Rule(recording_unit_minutes)), "OK");
  EXPECT_EQ(platform_->Call(Organisation("beach")), "OK");
  EXPECT_EQ(platform_->Call(Activity(kActivity, "beach")), "OK");
  EXPECT_EQ(platform_->Call(Session(kSession, kActivity)), "OK");
  EXPECT_EQ(platform_->Call(Volunteer("ann")), "OK");
}

void Town::Start() {
  // Nothing makes sense without it, and a constructor can't ASSERT.
  if (!server_.Start()) {
    ADD_FAILURE() << "the server doesn't start:\n" << server_.output();
    std::abort();
  }
  operators_.emplace(server_.port(), server_.DevKey("operator"));
  committee_.emplace(server_.port(), server_.DevKey("committee"));
  platform_.emplace(server_.port(), server_.DevKey("platform"));
  auditor_.emplace(server_.port(), server_.DevKey("auditor"));
}

int Town::Stop() {
  for (std::optional<Client>* client : {&operators_, &committee_, &platform_, &auditor_}) {
    client->reset();
  }
  return server_.Stop();
}

v1::Balance Town::BalanceOf(const std::string& volunteer) const {
  v1::GetBalanceResponse response;
  EXPECT_EQ(auditor_->Call(e2e::BalanceOf(volunteer), &response), "OK");
  return response.balance();
}

v1::ShelfItem Town::ItemOf(const std::string& item) const {
  v1::GetItemResponse response;
  EXPECT_EQ(auditor_->Call(Parse<v1::GetItemRequest>(Text("item_id: '", item, "'")), &response),
            "OK");
  return response.item();
}

uint64_t Town::Size() const {
  v1::GetLedgerResponse response;
  EXPECT_EQ(auditor_->Call(Parse<v1::GetLedgerRequest>(""), &response), "OK");
  return response.size();
}

std::vector<v1::Event> Town::Events(uint64_t from) const {
  return EventsOf(*auditor_, kLedger, from);
}

v1::Record Town::RecordOf(const std::string& record) const {
  v1::GetRecordResponse response;
  EXPECT_EQ(auditor_->Call(RecordNamed(record), &response), "OK") << record;
  return response.record();
}

std::vector<v1::Review> Town::Reviews(uint32_t page_size) const {
  std::vector<v1::Review> reviews;
  auto request = Parse<v1::ListReviewsRequest>("");
  request.set_page_size(page_size);
  v1::ListReviewsResponse page;
  do {
    EXPECT_EQ(auditor_->Call(request, &page), "OK");
    EXPECT_LE(page.reviews_size(), page_size);
    reviews.insert(reviews.end(), page.reviews().begin(), page.reviews().end());
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_EQ(page.waiting_count(), reviews.size());
  return reviews;
}

std::string Town::State(const std::vector<std::string>& records) const {
  v1::ListBalancesResponse balances;
  EXPECT_EQ(auditor_->Call(Parse<v1::ListBalancesRequest>("page_size: 8192"), &balances), "OK");
  v1::GetTrialBalanceResponse trial;
  EXPECT_EQ(auditor_->Call(Parse<v1::GetTrialBalanceRequest>(""), &trial), "OK");
  std::string state = balances.DebugString() + trial.DebugString();
  for (const v1::Review& review : Reviews()) state += review.DebugString();
  for (const std::string& record : records) state += RecordOf(record).DebugString();
  return state;
}

std::vector<v1::Event> EventsOf(const Client& auditor, const std::string& ledger, uint64_t from) {
  auto request = Parse<v1::StreamEventsRequest>(Text("from_sequence: ", from));
  request.set_ledger_id(ledger);
  const auto stream = auditor.Open(MethodOf(*request.GetDescriptor()));
  EXPECT_TRUE(stream->Write(request));
  stream->WritesDone();
  std::vector<v1::Event> events;
  v1::StreamEventsResponse response;
  while (stream->Read(&response)) {
    EXPECT_EQ(response.first_sequence(), from + events.size());
    for (const std::string& bytes : response.events()) {
      EXPECT_TRUE(events.emplace_back().ParseFromString(bytes));
      EXPECT_EQ(events.back().sequence(), from + events.size() - 1);
    }
  }
  EXPECT_EQ(stream->Finish(), "OK");
  return events;
}

std::string WithoutSalt(const std::vector<v1::Event>& events) {
  std::string lines;
  for (v1::Event event : events) {
    event.clear_salt();
    lines += event.ShortDebugString() + "\n";
  }
  return lines;
}

}  // namespace meritbook::e2e
