#include "tests/e2e/caller.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <thread>

#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPause{3};
constexpr int64_t kRetryMaxUs = 60'000'000;

}  // namespace

Caller::Caller(Stage& stage, std::string key, std::string source, uint64_t seed)
    : stage_(stage), key_(std::move(key)), source_(std::move(source)), random_(seed) {}

void Caller::Run() {
  while (!stage_.ending) Act();
}

int64_t Caller::NowMonotonicUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             steady_clock::now().time_since_epoch())
      .count();
}

const Client& Caller::Connected() {
  const int port = stage_.port;
  if (port != port_) client_.emplace(port, key_);
  port_ = port;
  return *client_;
}

// A server that dies or stops answers as UNAVAILABLE, or CANCELLED where it had handed the call to
// nobody yet.
bool Caller::IsKnown(const Outcome& outcome) {
  const bool away = outcome.code == "UNAVAILABLE" || outcome.code == "CANCELLED";
  if (!away) retrying_since_us_ = 0;
  if (outcome.ok()) return true;
  if (away) return false;
  static const std::set<std::string> explained = {
      "BALANCE_TOO_LOW",   "STOCK_TOO_LOW",   "ORDER_NOT_HELD",
      "CONFIRM_TOO_LATE",  "ORDER_UNKNOWN",   "REQUEST_CONFLICT",
      "VOLUNTEER_UNKNOWN", "REQUEST_UNKNOWN", "SEQUENCE_NOT_REACHED"};
  EXPECT_TRUE(explained.contains(outcome.reason)) << outcome;
  return true;
}

void Caller::TakeAnswer(const Outcome& outcome, const v1::Receipt& receipt,
                        const std::string& response, Answered& answer) {
  answer.wall_us = NowUs();
  if (!outcome.ok()) {
    answer.reason = outcome.reason.empty() ? outcome.text : outcome.reason;
    answer.metadata = outcome.metadata;
    return;
  }
  answer.sequence = receipt.sequence();
  answer.recorded_us = receipt.recorded_us();
  answer.already_applied = receipt.already_applied();
  answer.response = std::hash<std::string>()(response);
  Know(receipt.sequence() + 1);
}

bool Caller::WaitBeforeRetry() {
  const int64_t now_us = NowMonotonicUs();
  if (retrying_since_us_ == 0) retrying_since_us_ = now_us;
  if (now_us - retrying_since_us_ > kRetryMaxUs) {
    ADD_FAILURE() << "the server is away for good";
    return false;
  }
  std::this_thread::sleep_for(kPause);
  return true;
}

void Caller::Know(uint64_t size) {
  uint64_t known = stage_.known_size;
  while (known < size && !stage_.known_size.compare_exchange_weak(known, size)) continue;
}

// Any size, one that is there, or one that isn't.
uint64_t Caller::MinSize() {
  if (Chance(0.05)) return stage_.known_size + 1'000'000;
  return Chance(0.5) ? stage_.known_size.load() : 0;
}

void Caller::ReadWealth(const std::string& volunteer) {
  auto request = BalanceOf(volunteer);
  request.set_min_size(MinSize());
  v1::GetBalanceResponse response;
  Exchange at;
  at.sent_us = NowMonotonicUs();
  const Outcome outcome = Connected().Call(request, &response, kPatience);
  at.answered_us = NowMonotonicUs();
  if (!IsKnown(outcome)) return;
  if (!outcome.ok()) {
    EXPECT_EQ(outcome.reason, "SEQUENCE_NOT_REACHED") << outcome;
    if (!outcome.metadata.contains("size")) return;
    history_.not_reached.push_back(
        {at, request.min_size(), std::stoull(outcome.metadata.at("size"))});
    return;
  }
  EXPECT_GE(response.size(), request.min_size());
  const v1::Balance& balance = response.balance();
  int64_t lots = 0;
  for (const v1::LotUnits& lot : balance.lots()) lots += lot.units();
  EXPECT_EQ(lots, balance.available_units());
  EXPECT_EQ(balance.pending_units() + balance.debt_units(), 0);
  history_.wealth_reads.push_back(
      {at,
       volunteer,
       {balance.available_units(), balance.held_units(), balance.credited_minutes(),
        balance.event_count(), balance.last_sequence()},
       response.size()});
  Know(response.size());
}

void Caller::ReadShelf(const std::string& item) {
  auto request = Parse<v1::GetItemRequest>(Text("item_id: '", item, "'"));
  request.set_min_size(MinSize());
  v1::GetItemResponse response;
  Exchange at;
  at.sent_us = NowMonotonicUs();
  const Outcome outcome = Connected().Call(request, &response, kPatience);
  at.answered_us = NowMonotonicUs();
  if (!IsKnown(outcome)) return;
  if (!outcome.ok()) {
    EXPECT_EQ(outcome.reason, "SEQUENCE_NOT_REACHED") << outcome;
    if (!outcome.metadata.contains("size")) return;
    history_.not_reached.push_back(
        {at, request.min_size(), std::stoull(outcome.metadata.at("size"))});
    return;
  }
  history_.shelf_reads.push_back(
      {at, item, {response.item().on_hand(), response.item().reserved()}, response.size()});
  Know(response.size());
}

void Caller::LookUpRequest(v1::CommandKind kind, const std::string& request_id) {
  auto request = Parse<v1::GetByRequestIdRequest>("");
  request.set_kind(kind);
  request.set_request_id(request_id);
  v1::GetByRequestIdResponse response;
  LookUp look_up;
  look_up.key = CommandKey(kind, source_, request_id);
  look_up.at.sent_us = NowMonotonicUs();
  const Outcome outcome = Connected().Call(request, &response, kPatience);
  look_up.at.answered_us = NowMonotonicUs();
  if (!IsKnown(outcome)) return;
  look_up.found = outcome.ok();
  if (outcome.ok()) {
    look_up.sequence = response.receipt().sequence();
    EXPECT_EQ(response.event().sequence(), look_up.sequence);
    look_up.event = std::hash<std::string>()(response.event().SerializeAsString());
    Know(look_up.sequence + 1);
  } else {
    EXPECT_EQ(outcome.reason, "REQUEST_UNKNOWN") << outcome;
  }
  history_.look_ups.push_back(std::move(look_up));
}

}  // namespace meritbook::e2e
