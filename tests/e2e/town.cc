#include "tests/e2e/town.h"

#include <gtest/gtest.h>

#include "ledger/text.h"

namespace meritbook::e2e {

Town::Town(int recording_unit_minutes) {
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

uint64_t Town::Size() const {
  v1::GetLedgerResponse response;
  EXPECT_EQ(auditor_->Call(Parse<v1::GetLedgerRequest>(""), &response), "OK");
  return response.size();
}

std::vector<v1::Event> Town::Events(uint64_t from) const {
  return EventsOf(*auditor_, kLedger, from);
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
