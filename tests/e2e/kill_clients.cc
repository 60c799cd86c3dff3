#include "tests/e2e/kill_clients.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <utility>

#include "ledger/text.h"
#include "tests/e2e/mall_requests.h"

namespace meritbook::e2e {
namespace {

using std::chrono::milliseconds;

constexpr int kVolunteersEach = 20;
constexpr int kBatchItems = 32;

}  // namespace

std::string Customer(int number) { return Text("customer-", number); }

std::vector<std::string> VolunteersOf(int creditor) {
  std::vector<std::string> volunteers;
  for (int i = 0; i < kVolunteersEach; ++i) volunteers.push_back(Text("v", creditor, "-", i));
  return volunteers;
}

namespace {

class Creditor : public Caller {
 public:
  Creditor(Stage& stage, int number, std::string key, uint64_t seed)
      : Caller(stage, std::move(key), "dev", seed),
        number_(number),
        volunteers_(VolunteersOf(number)) {}

 protected:
  void Act() override {
    const int what = Pick(0, 99);
    if (what < 60) {
      CreditNext();
    } else if (what < 65) {
      Repeat();
    } else if (what < 70) {
      Contradict();
    } else if (what < 73) {
      CreditNobody();
    } else if (what < 80) {
      const int n = Pick(0, next_ + 1);
      LookUpRequest(v1::COMMAND_KIND_CREDIT_HOURS, RecordId(n));
    } else {
      ReadWealth(Chance(0.3) ? Customer(Pick(0, kCustomers - 1)) : AnyVolunteer());
    }
  }

  std::string RecordId(int n) const { return Text("p", number_, "-", n); }
  const std::string& AnyVolunteer() { return volunteers_[Pick(0, kVolunteersEach - 1)]; }
  v1::CreditHoursRequest RecordAt(int n) const {
    return Credit(RecordId(n), volunteers_[n % kVolunteersEach], 1 + n % 79, 1);
  }

  int next_ = 0;

 private:
  void CreditNext() {
    const int n = next_++;
    deeds_.push_back(history_.deeds.size());
    (void)Do<v1::CreditHoursResponse>(v1::COMMAND_KIND_CREDIT_HOURS, RecordId(n), RecordAt(n),
                                      {.volunteer = volunteers_[n % kVolunteersEach]});
  }

  // Had been taken: the first answer again.
  void Repeat() {
    if (next_ == 0) return;
    const int n = Pick(0, next_ - 1);
    Again<v1::CreditHoursResponse>(deeds_[n], RecordAt(n));
  }

  void Contradict() {
    if (next_ == 0) return;
    const int n = Pick(0, next_ - 1);
    auto request = RecordAt(n);
    request.mutable_command()->mutable_record()->mutable_duration()->set_minutes(2);
    (void)Do<v1::CreditHoursResponse>(v1::COMMAND_KIND_CREDIT_HOURS, RecordId(n), request,
                                      {.conflicts = true});
  }

  void CreditNobody() {
    const std::string id = Text("n", number_, "-", nobodies_++);
    (void)Do<v1::CreditHoursResponse>(v1::COMMAND_KIND_CREDIT_HOURS, id, Credit(id, "nobody", 1, 1),
                                      {.volunteer = "nobody"});
  }

  const int number_;
  const std::vector<std::string> volunteers_;
  int nobodies_ = 0;
  std::vector<size_t> deeds_;
};

class BatchCreditor final : public Creditor {
 public:
  using Creditor::Creditor;

 private:
  struct Item {
    v1::CreditHoursRequest request;
    size_t deed;
  };

  void Act() override {
    if (Chance(0.7)) {
      PostBatch();
    } else {
      ReadWealth(AnyVolunteer());
    }
  }

  void PostBatch() {
    std::vector<Item> items;
    auto batch = Parse<v1::BatchCreditHoursRequest>("");
    for (int i = 0; i < kBatchItems; ++i) {
      // Old ones and bad ones among the new.
      if (!sent_.empty() && Chance(0.05)) {
        items.push_back(sent_[Pick(0, static_cast<int>(sent_.size()) - 1)]);
      } else {
        const bool bad = Chance(0.02);
        v1::CreditHoursRequest request = RecordAt(next_++);
        v1::ServiceRecord& record = *request.mutable_command()->mutable_record();
        if (bad) record.set_volunteer_id("nobody");
        items.push_back({request, history_.deeds.size()});
        history_.deeds.push_back(
            {.key = CommandKey(v1::COMMAND_KIND_CREDIT_HOURS, source_, record.record_id()),
             .volunteer = record.volunteer_id(),
             .first_sent_us = NowMonotonicUs()});
        if (!bad) sent_.push_back(items.back());
      }
      *batch.add_items() = e2e::Item(items.back().request);
    }
    while (!SendBatch(batch, items) && WaitBeforeRetry()) continue;
  }

  // True when the outcome of every item is known.
  bool SendBatch(const v1::BatchCreditHoursRequest& batch, const std::vector<Item>& items) {
    v1::BatchCreditHoursResponse response;
    Exchange at;
    at.sent_us = NowMonotonicUs();
    const Outcome outcome = Connected().Call(batch, &response, kPatience);
    at.answered_us = NowMonotonicUs();
    bool all = IsKnown(outcome);
    for (size_t i = 0; i < items.size(); ++i) {
      Deed& deed = history_.deeds[items[i].deed];
      if (!outcome.ok()) {
        ++deed.unknown;
        continue;
      }
      const v1::ItemResult& result = response.results(static_cast<int>(i));
      const Outcome one = result.has_receipt() ? outcome : OutcomeOf(result.error());
      if (!IsKnown(one)) {
        ++deed.unknown;
        all = false;
        continue;
      }
      Answered answer{.at = at};
      TakeAnswer(one, result.receipt(), "", answer);
      deed.answers.push_back(std::move(answer));
    }
    return all;
  }

  std::vector<Item> sent_;
};

class Till final : public Caller {
 public:
  Till(Stage& stage, int number, std::string key, std::string source, uint64_t seed)
      : Caller(stage, std::move(key), std::move(source), seed),
        number_(number),
        reads_balances_(source_ == "dev") {}

 private:
  void Act() override {
    const std::string order = Text("o", number_, "-", next_++);
    const std::string customer = Customer(Pick(0, kCustomers - 1));
    const bool scarce = Chance(0.5);
    const std::string item = scarce ? "cake" : "bun";
    const int quantity = Pick(1, 3);
    Deed deed{.volunteer = customer,
              .item = item,
              .owner = source_,
              .order = order,
              .units = quantity * (scarce ? 2 : 1) * kUnitsPerPoint,
              .quantity = static_cast<uint64_t>(quantity)};
    if (reads_balances_ && Chance(0.3)) ReadWealth(customer);
    if (Chance(0.2)) {
      const Answered* bought = Do<v1::RedeemNowResponse>(
          v1::COMMAND_KIND_REDEEM_NOW, order, Redeem(order, customer, "bakery", item, quantity),
          std::move(deed));
      if (bought != nullptr && bought->reason.empty() && Chance(0.4)) TakeBack(order, item);
    } else {
      HoldAndGoOn(order, customer, item, quantity, std::move(deed));
    }
    if (Chance(0.3)) ReadShelf(item);
    if (reads_balances_ && Chance(0.3)) ReadWealth(customer);
  }

  void HoldAndGoOn(const std::string& order, const std::string& customer, const std::string& item,
                   int quantity, Deed deed) {
    auto hold = Hold(order, customer, "bakery", item, quantity);
    const bool is_left = Chance(0.1);
    if (is_left) hold.mutable_command()->set_hold_seconds(1);
    const size_t place = history_.deeds.size();
    const Answered* held =
        Do<v1::HoldOrderResponse>(v1::COMMAND_KIND_HOLD_ORDER, order, hold, deed);
    if (held == nullptr) return;
    if (!held->reason.empty()) {
      // Was never placed.
      if (Chance(0.1)) ConfirmAs(Text("late-", order), order, "", 0);
      return;
    }
    if (Chance(0.1)) Again<v1::HoldOrderResponse>(place, hold);
    if (is_left) return;
    const int what = Pick(0, 9);
    if (what < 3) {
      Give(order);
      // Nobody takes it any more.
      if (Chance(0.4)) ConfirmAs(Text("late-", order), order, "", 0);
      return;
    }
    const int part = what < 5 ? Pick(1, quantity) : 0;
    ConfirmAs(Text("confirm-", order), order, item, part);
    if (Chance(0.2)) Give(order);
    if (Chance(0.3)) TakeBack(order, item);
  }

  void ConfirmAs(const std::string& request_id, const std::string& order, const std::string& item,
                 int part) {
    auto confirm = Confirm(order);
    confirm.set_request_id(request_id);
    if (part > 0) {
      *confirm.mutable_command()->add_lines() =
          Parse<v1::OrderLine>(Text("item_id: '", item, "' quantity: ", part));
    }
    const size_t place = history_.deeds.size();
    const Answered* done = Do<v1::ConfirmOrderResponse>(
        v1::COMMAND_KIND_CONFIRM_ORDER, request_id, confirm, {.owner = source_, .order = order});
    if (done != nullptr && done->reason.empty() && Chance(0.1)) {
      Again<v1::ConfirmOrderResponse>(place, confirm);
    }
  }

  void Give(const std::string& order) {
    (void)Do<v1::CancelOrderResponse>(v1::COMMAND_KIND_CANCEL_ORDER, Text("cancel-", order),
                                      Cancel(order), {.owner = source_, .order = order});
  }

  void TakeBack(const std::string& order, const std::string& item) {
    const std::string id = Text("back-", order);
    (void)Do<v1::RefundOrderResponse>(v1::COMMAND_KIND_REFUND_ORDER, id, Refund(id, order, item, 1),
                                      {.owner = source_, .order = order});
  }

  const int number_;
  const bool reads_balances_;  // a merchant may not
  int next_ = 0;
};

class Supplier final : public Caller {
 public:
  Supplier(Stage& stage, int number, std::string key, uint64_t seed)
      : Caller(stage, std::move(key), "dev", seed), number_(number) {}

 private:
  void Act() override {
    const std::string id = Text("s", number_, "-", next_++);
    if (Chance(0.06)) {
      const auto request = Parse<v1::ReceiveStockRequest>(
          Text("request_id: '", id, "' command { item_id: 'cake' quantity: ", Pick(1, 2), " }"));
      (void)Do<v1::ReceiveStockResponse>(v1::COMMAND_KIND_RECEIVE_STOCK, id, request);
    } else {
      const std::string customer = Customer(Pick(0, kCustomers - 1));
      (void)Do<v1::CreditHoursResponse>(v1::COMMAND_KIND_CREDIT_HOURS, id,
                                        Credit(id, customer, Pick(1, 79), Pick(2, 8)),
                                        {.volunteer = customer});
    }
    ReadWealth(Customer(Pick(0, kCustomers - 1)));
    ReadShelf("cake");
  }

  const int number_;
  int next_ = 0;
};

class Follower final : public Caller {
 public:
  using Caller::Caller;

 private:
  void Act() override {
    const auto stream = Connected().Open(MethodOf(*v1::StreamEventsRequest::descriptor()));
    const auto request =
        Parse<v1::StreamEventsRequest>(Text("follow: true from_sequence: ", next_));
    if (!stream->Write(request)) {
      (void)WaitBeforeRetry();
      return;
    }
    stream->WritesDone();
    while (!stage_.ending) {
      Followed followed;
      followed.at.sent_us = NowMonotonicUs();
      v1::StreamEventsResponse response;
      const auto read = stream->ReadWithin(&response, milliseconds(300));
      if (!read || !*read) {
        (void)WaitBeforeRetry();
        return;
      }
      followed.at.answered_us = NowMonotonicUs();
      EXPECT_EQ(response.first_sequence(), next_);
      followed.first_sequence = response.first_sequence();
      for (const std::string& bytes : response.events()) {
        followed.events.push_back(std::hash<std::string>()(bytes));
      }
      next_ += followed.events.size();
      Know(next_);
      history_.followed.push_back(std::move(followed));
    }
  }

  uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<Caller> NewCreditor(Stage& stage, int number, const std::string& key,
                                    uint64_t seed) {
  return std::make_unique<Creditor>(stage, number, key, seed);
}

std::unique_ptr<Caller> NewBatchCreditor(Stage& stage, int number, const std::string& key,
                                         uint64_t seed) {
  return std::make_unique<BatchCreditor>(stage, number, key, seed);
}

std::unique_ptr<Caller> NewTill(Stage& stage, int number, const std::string& key,
                                const std::string& source, uint64_t seed) {
  return std::make_unique<Till>(stage, number, key, source, seed);
}

std::unique_ptr<Caller> NewSupplier(Stage& stage, int number, const std::string& key,
                                    uint64_t seed) {
  return std::make_unique<Supplier>(stage, number, key, seed);
}

std::unique_ptr<Caller> NewFollower(Stage& stage, const std::string& auditor_key, uint64_t seed) {
  return std::make_unique<Follower>(stage, auditor_key, "", seed);
}

}  // namespace meritbook::e2e
