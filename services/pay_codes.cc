#include "services/pay_codes.h"

#include <algorithm>
#include <bit>
#include <cstdio>

#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr uint32_t kCodesMax = 1'000'000'000;

std::string Digits(uint32_t number) {
  char text[kPayCodeDigits + 1];
  std::snprintf(text, sizeof text, "%09u", number);
  return text;
}

uint32_t NumberOf(std::string_view code) {
  MB_CHECK(IsPayCode(code));
  uint32_t number = 0;
  for (const char c : code) number = number * 10 + static_cast<uint32_t>(c - '0');
  return number;
}

Refused Wrong(v1::Refusal reason, std::string message) {
  return {reason, "pay_code", std::move(message), {}};
}

}  // namespace

bool IsPayCode(std::string_view text) {
  return text.size() == kPayCodeDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

PayCodes::PayCodes(PayCodeOptions options) : options_(std::move(options)) {
  MB_CHECK(options_.codes <= kCodesMax);
  // Or no fresh code could be found.
  MB_CHECK(options_.live_max + options_.past_max < options_.codes);
}

std::variant<PayCodes::Issued, Refused> PayCodes::Issue(const std::string& ledger_id,
                                                        const std::string& volunteer_id,
                                                        const std::string& merchant_id,
                                                        uint32_t lifetime_seconds) {
  MB_CHECK(lifetime_seconds > 0 && lifetime_seconds <= kPayCodeSecondsMax);
  const int64_t lifetime_us = lifetime_seconds * kSecondUs;
  const std::lock_guard lock(mutex_);
  const int64_t now_us = options_.clock->MonotonicUs();
  Codes& ledger = ledgers_[ledger_id];
  Forget(ledger, now_us);
  if (ledger.live.size() >= options_.live_max) {
    return Refused{v1::REFUSAL_QUEUE_FULL,
                   "",
                   "too many pay codes are live; try again",
                   {{"pay_codes_max", Text(options_.live_max)}}};
  }
  const uint32_t number = FreshCode(ledger);
  Code& code = ledger.codes[number];
  code.volunteer_id = volunteer_id;
  code.merchant_id = merchant_id;
  code.code_id = RandomBytes();
  code.expires_us = now_us + lifetime_us;
  ledger.live.insert({code.expires_us, number});
  return Issued{Digits(number), options_.clock->WallUs() + lifetime_us};
}

std::variant<ShownCode, Refused> PayCodes::Show(const Till& till, std::string_view code,
                                                const RequestKey& order) {
  const uint32_t number = NumberOf(code);
  const std::lock_guard lock(mutex_);
  const int64_t now_us = options_.clock->MonotonicUs();
  Codes& ledger = ledgers_[till.ledger_id];
  Forget(ledger, now_us);
  // Before the code is looked at, or a locked till could go on guessing.
  if (auto locked = Locked(ledger, till, now_us)) return *std::move(locked);
  auto taken = Take(ledger, till, number, order, now_us);
  if (std::holds_alternative<Refused>(taken)) Count(ledger, till, now_us);
  return taken;
}

void PayCodes::GiveBack(const std::string& ledger_id, std::string_view code,
                        const RequestKey& order) {
  const uint32_t number = NumberOf(code);
  const std::lock_guard lock(mutex_);
  const int64_t now_us = options_.clock->MonotonicUs();
  Codes& ledger = ledgers_[ledger_id];
  Forget(ledger, now_us);
  const auto found = ledger.codes.find(number);
  if (found == ledger.codes.end()) return;
  Code& shown = found->second;
  // A code of that number may have been forgotten and made anew meanwhile.
  if (shown.shows == 0 || !(shown.order == order)) return;
  if (--shown.shows > 0 || shown.expires_us <= now_us) return;
  ledger.past.erase({shown.expires_us + kPayCodeRememberedUs, number});
  ledger.live.insert({shown.expires_us, number});
  shown.live = true;
}

std::variant<ShownCode, Refused> PayCodes::Take(Codes& ledger, const Till& till, uint32_t number,
                                                const RequestKey& order, int64_t now_us) {
  const auto found = ledger.codes.find(number);
  if (found == ledger.codes.end()) {
    return Wrong(v1::REFUSAL_PAY_CODE_UNKNOWN, "nobody has this pay code now");
  }
  Code& code = found->second;
  if (!code.merchant_id.empty() && code.merchant_id != till.merchant_id) {
    return Wrong(v1::REFUSAL_PAY_CODE_OF_OTHER_MERCHANT,
                 "the pay code is good at another merchant only");
  }
  if (code.shows > 0 && !(code.order == order)) {
    return Wrong(v1::REFUSAL_PAY_CODE_USED, "another order was placed with this pay code");
  }
  if (code.expires_us <= now_us) {
    return Wrong(v1::REFUSAL_PAY_CODE_EXPIRED, "the pay code is too old: make a new one");
  }
  if (code.live) Retire(ledger, number, code);
  code.order = order;
  ++code.shows;
  return ShownCode{code.volunteer_id, code.code_id};
}

// While the till or its merchant has had too many wrong tries.
std::optional<Refused> PayCodes::Locked(const Codes& ledger, const Till& till,
                                        int64_t now_us) const {
  const auto exceeded = [now_us](int64_t since_us) {
    const int64_t left_us = since_us + kPayCodeTriesUs - now_us;
    Refused refused =
        Wrong(v1::REFUSAL_PAY_CODE_TRIES_EXCEEDED, "too many wrong pay codes here; wait");
    refused.metadata.emplace_back("retry_after_seconds",
                                  Text((left_us + kSecondUs - 1) / kSecondUs));
    return refused;
  };
  const auto found = ledger.tries.find(till.merchant_id);
  if (found == ledger.tries.end()) {
    // Without room to count this merchant's it could go on for ever.
    if (ledger.tries.size() < options_.merchants_max) return std::nullopt;
    return exceeded(ledger.tried.front().first);
  }
  const std::deque<Try>& tries = found->second;
  if (tries.size() >= kPayCodeTriesOfMerchantMax) return exceeded(tries.front().at_us);
  size_t of_till = 0;
  for (auto one = tries.rbegin(); one != tries.rend(); ++one) {
    if (one->terminal_id != till.terminal_id) continue;
    if (++of_till == kPayCodeTriesOfTillMax) return exceeded(one->at_us);
  }
  return std::nullopt;
}

void PayCodes::Count(Codes& ledger, const Till& till, int64_t now_us) {
  ledger.tries[till.merchant_id].push_back({now_us, till.terminal_id});
  ledger.tried.emplace_back(now_us, till.merchant_id);
}

// By rejection, so that each of the codes that nobody has is as likely as any other.
uint32_t PayCodes::FreshCode(const Codes& ledger) {
  const uint64_t mask = std::bit_ceil(options_.codes) - 1;
  while (true) {
    const auto number = static_cast<uint32_t>(options_.random() & mask);
    if (number < options_.codes && !ledger.codes.contains(number)) return number;
  }
}

std::string PayCodes::RandomBytes() {
  const uint64_t words[] = {options_.random(), options_.random()};
  return {reinterpret_cast<const char*>(words), sizeof words};
}

// Used or expired: remembered for a while, so that a till is told so.
void PayCodes::Retire(Codes& ledger, uint32_t number, Code& code) {
  ledger.live.erase({code.expires_us, number});
  ledger.past.insert({code.expires_us + kPayCodeRememberedUs, number});
  code.live = false;
}

void PayCodes::Forget(Codes& ledger, int64_t now_us) {
  while (!ledger.live.empty() && ledger.live.begin()->first <= now_us) {
    const uint32_t number = ledger.live.begin()->second;
    Retire(ledger, number, ledger.codes.at(number));
  }
  while (!ledger.past.empty() &&
         (ledger.past.begin()->first <= now_us || ledger.past.size() > options_.past_max)) {
    ledger.codes.erase(ledger.past.begin()->second);
    ledger.past.erase(ledger.past.begin());
  }
  while (!ledger.tried.empty() && ledger.tried.front().first + kPayCodeTriesUs <= now_us) {
    const auto merchant = ledger.tries.find(ledger.tried.front().second);
    merchant->second.pop_front();
    if (merchant->second.empty()) ledger.tries.erase(merchant);
    ledger.tried.pop_front();
  }
}

}  // namespace meritbook
