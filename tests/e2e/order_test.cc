// Orders that are held: what becomes of them, and who may see and move them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <thread>

#include "tests/e2e/mall_town.h"

namespace meritbook::e2e {
namespace {

class Orders : public MallTown {
 protected:
  void SetUp() override {
    MallTown::SetUp();
    ASSERT_NO_FATAL_FAILURE(Register("ann", 8));  // 200 points
    ASSERT_EQ(town_.platform().Call(Offer("bun", "bakery", 10, 100)), "OK");
    ASSERT_EQ(town_.platform().Call(Offer("cake", "bakery", 30, 5)), "OK");
    ASSERT_EQ(town_.platform().Call(Offer("film", "cinema", 25, 100)), "OK");
  }

  // All pages; `between` runs after each.
  std::vector<v1::OrderView> OpenOrders(
      const Client& client, const std::string& filter, uint32_t page_size,
      const std::function<void()>& between = [] {}) {
    std::vector<v1::OrderView> orders;
    auto request = Parse<v1::ListOpenOrdersRequest>(filter);
    request.set_page_size(page_size);
    v1::ListOpenOrdersResponse page;
    do {
      page.Clear();
      EXPECT_EQ(client.Call(request, &page), "OK");
      EXPECT_LE(page.orders_size(), page_size);
      orders.insert(orders.end(), page.orders().begin(), page.orders().end());
      request.set_page_token(page.next_page_token());
      between();
    } while (!page.next_page_token().empty());
    return orders;
  }
  static std::vector<std::string> IdsOf(const std::vector<v1::OrderView>& orders) {
    std::vector<std::string> ids;
    for (const v1::OrderView& order : orders) ids.push_back(order.order().order_id());
    return ids;
  }
};

TEST_F(Orders, AreHeldAndHandedOver) {
  auto hold = Hold("o1", "ann", "bakery", "bun", 3);
  *hold.mutable_command()->add_lines() = Parse<v1::OrderLine>("item_id: 'cake' quantity: 1");
  const int64_t before_us = NowUs();
  const auto held = Twice<v1::HoldOrderResponse>(town_.platform(), hold);
  EXPECT_EQ(held.units(), 60 * kUnitsPerPoint);
  EXPECT_EQ(held.lines_size(), 2);
  EXPECT_GE(held.deadline_us(), before_us + 600 * int64_t{1'000'000});
  EXPECT_EQ(town_.BalanceOf("ann").held_units(), 60 * kUnitsPerPoint);
  EXPECT_EQ(town_.ItemOf("bun").reserved(), 3u);
  EXPECT_EQ(town_.ItemOf("bun").on_hand(), 100u);
  v1::OrderView order = OrderOf("o1");
  EXPECT_EQ(order.state(), v1::ORDER_STATE_HELD);
  EXPECT_EQ(order.units(), 60 * kUnitsPerPoint);
  EXPECT_EQ(order.ends_us(), order.deadline_us()) << "no grace for a till that is connected";

  // Two of three buns, and no cake.
  auto confirm = Confirm("o1");
  *confirm.mutable_command()->add_lines() = Parse<v1::OrderLine>("item_id: 'bun' quantity: 2");
  const auto confirmed = Twice<v1::ConfirmOrderResponse>(town_.platform(), confirm);
  EXPECT_EQ(confirmed.units(), 20 * kUnitsPerPoint);
  EXPECT_EQ(confirmed.order().order_id(), "o1");
  ASSERT_EQ(confirmed.lines_size(), 1);
  order = OrderOf("o1");
  EXPECT_EQ(order.state(), v1::ORDER_STATE_CONFIRMED);
  EXPECT_EQ(order.units(), 20 * kUnitsPerPoint);
  EXPECT_EQ(order.lines(0).delivered(), 2u);
  EXPECT_EQ(order.lines(1).delivered(), 0u);
  EXPECT_GT(order.delivered_us(), 0);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 180 * kUnitsPerPoint);
  EXPECT_EQ(town_.BalanceOf("ann").held_units(), 0);
  EXPECT_EQ(town_.ItemOf("bun").on_hand(), 98u);
  EXPECT_EQ(town_.ItemOf("bun").reserved(), 0u);
  EXPECT_EQ(town_.ItemOf("cake").on_hand(), 5u);
  EXPECT_EQ(MerchantOf("bakery").payable_units(), 20 * kUnitsPerPoint);

  const auto refunded =
      Twice<v1::RefundOrderResponse>(town_.platform(), Refund("back", "o1", "bun", 1));
  EXPECT_EQ(refunded.units(), 10 * kUnitsPerPoint);
  EXPECT_EQ(OrderOf("o1").lines(0).refunded(), 1u);
  EXPECT_EQ(OrderOf("o1").units(), 10 * kUnitsPerPoint);
  EXPECT_EQ(town_.platform().Call(Cancel("o1")).reason, "ORDER_NOT_HELD");
}

TEST_F(Orders, AreGivenUp) {
  ASSERT_EQ(town_.platform().Call(Hold("o1", "ann", "bakery", "bun", 3)), "OK");
  const auto cancelled = Twice<v1::CancelOrderResponse>(town_.platform(), Cancel("o1"));
  EXPECT_EQ(cancelled.units(), 30 * kUnitsPerPoint);
  EXPECT_EQ(OrderOf("o1").state(), v1::ORDER_STATE_CANCELLED);
  EXPECT_EQ(OrderOf("o1").units(), 0);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 200 * kUnitsPerPoint);
  EXPECT_EQ(town_.ItemOf("bun").reserved(), 0u);
  EXPECT_EQ(town_.platform().Call(Confirm("o1")).reason, "ORDER_NOT_HELD");
}

// Nobody calls: the server's own clock ends it.
TEST_F(Orders, EndByThemselves) {
  auto hold = Hold("o1", "ann", "bakery", "bun", 3);
  hold.mutable_command()->set_hold_seconds(1);
  v1::HoldOrderResponse held;
  ASSERT_EQ(town_.platform().Call(hold, &held), "OK");
  const uint64_t size = held.receipt().sequence() + 1;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (town_.Size() == size && std::chrono::steady_clock::now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const auto events = town_.Events(size);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].has_hold_timed_out());
  EXPECT_EQ(events[0].occurred_us(), held.deadline_us());
  EXPECT_GE(events[0].recorded_us(), held.deadline_us());
  EXPECT_EQ(OrderOf("o1").state(), v1::ORDER_STATE_TIMED_OUT);
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 200 * kUnitsPerPoint);
  EXPECT_EQ(town_.platform().Call(Confirm("o1")).reason, "CONFIRM_TOO_LATE");
  EXPECT_EQ(town_.platform().Call(hold), "OK") << "a repetition, whatever became of it";
}

TEST_F(Orders, EndWhileThereIsNoServer) {
  auto hold = Hold("o1", "ann", "bakery", "bun", 3);
  hold.mutable_command()->set_hold_seconds(1);
  ASSERT_EQ(town_.platform().Call(hold), "OK");
  EXPECT_EQ(town_.Stop(), 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(1'100));
  town_.Start();
  // Whether the sweep came first or not.
  EXPECT_EQ(town_.platform().Call(Confirm("o1")).reason, "CONFIRM_TOO_LATE");
  EXPECT_EQ(town_.BalanceOf("ann").available_units(), 200 * kUnitsPerPoint);
}

// On the machine's own clock, as a till would after a power cut.
TEST_F(Orders, OfflineOnesAreConfirmedWithWhatHappenedMeanwhile) {
  auto hold = Hold("o1", "ann", "bakery", "bun", 3);
  hold.mutable_command()->set_hold_seconds(5);
  hold.mutable_command()->set_offline(true);
  v1::HoldOrderResponse held;
  ASSERT_EQ(town_.platform().Call(hold, &held), "OK");
  EXPECT_EQ(town_.Stop(), 0);
  const int64_t handed_over_us = NowUs();
  ASSERT_LT(handed_over_us, held.deadline_us()) << "stopping took longer than the hold";
  while (NowUs() <= held.deadline_us()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  town_.Start();
  auto confirm = Confirm("o1");
  EXPECT_EQ(town_.platform().Call(confirm).reason, "CONFIRM_TOO_LATE") << "if it happened now";
  confirm.mutable_command()->set_happened_us(handed_over_us);
  const auto confirmed = Twice<v1::ConfirmOrderResponse>(town_.platform(), confirm);
  EXPECT_EQ(confirmed.units(), 30 * kUnitsPerPoint);
  EXPECT_EQ(OrderOf("o1").delivered_us(), handed_over_us);
  EXPECT_EQ(MerchantOf("bakery").payable_units(), 30 * kUnitsPerPoint);
}

TEST_F(Orders, ATillMovesAndReadsItsOwnMerchantsOnly) {
  const Client bakery = town_.As("till-of-bakery");
  const Client cinema = town_.As("till-of-cinema");
  ASSERT_EQ(town_.platform().Call(Hold("o1", "ann", "bakery", "bun", 1)), "OK");
  ASSERT_EQ(cinema.Call(Hold("o1", "ann", "cinema", "film", 1)), "OK") << "its ids are its own";

  const auto of_platform = [](auto request) {
    if constexpr (requires { request.mutable_command(); }) {
      request.mutable_command()->mutable_owner()->set_source("dev");
    } else {
      request.mutable_owner()->set_source("dev");
    }
    return request;
  };
  EXPECT_EQ(cinema.Call(of_platform(OrderNamed("o1"))),
            "PERMISSION_DENIED ORDER_OF_OTHER_MERCHANT order_id");
  EXPECT_EQ(cinema.Call(of_platform(Confirm("o1"))),
            "PERMISSION_DENIED ORDER_OF_OTHER_MERCHANT command.order_id");
  EXPECT_EQ(cinema.Call(of_platform(Cancel("o1"))),
            "PERMISSION_DENIED ORDER_OF_OTHER_MERCHANT command.order_id");
  EXPECT_EQ(bakery.Call(of_platform(OrderNamed("o1"))), "OK");
  EXPECT_EQ(bakery.Call(OrderNamed("o1")), "NOT_FOUND ORDER_UNKNOWN order_id");
  EXPECT_EQ(bakery.Call(of_platform(Confirm("o1"))), "OK");
  auto refund = Refund("back", "o1", "bun", 1);
  EXPECT_EQ(cinema.Call(of_platform(refund)),
            "PERMISSION_DENIED ORDER_OF_OTHER_MERCHANT command.order_id");
  EXPECT_EQ(bakery.Call(of_platform(refund)), "OK");

  // A platform moves no till's orders; the committee may give one up.
  auto tills = Confirm("o1");
  tills.set_request_id("tills");
  tills.mutable_command()->mutable_owner()->set_merchant_id("cinema");
  EXPECT_EQ(town_.platform().Call(tills), "NOT_FOUND ORDER_UNKNOWN command.order_id");
  auto cancel = Cancel("o1");
  cancel.mutable_command()->mutable_owner()->set_merchant_id("cinema");
  EXPECT_EQ(town_.committee().Call(cancel), "OK");

  EXPECT_EQ(bakery.Call(Parse<v1::GetMerchantRequest>("merchant_id: 'cinema'")),
            "PERMISSION_DENIED MERCHANT_NOT_YOURS merchant_id");
  EXPECT_EQ(bakery.Call(Parse<v1::GetMerchantRequest>("merchant_id: 'bakery'")), "OK");
  EXPECT_EQ(bakery.Call(Parse<v1::GetItemRequest>("item_id: 'film'")),
            "PERMISSION_DENIED MERCHANT_NOT_YOURS item_id");
  EXPECT_EQ(bakery.Call(Parse<v1::GetItemRequest>("item_id: 'bun'")), "OK");
  v1::ListItemsResponse items;
  ASSERT_EQ(bakery.Call(Parse<v1::ListItemsRequest>("merchant_id: 'cinema'"), &items), "OK");
  ASSERT_EQ(items.items_size(), 2) << "its own, whatever it asks for";
  EXPECT_EQ(items.items(0).item_id(), "bun");
}

TEST_F(Orders, NobodyHandsOverHerOwn) {
  ASSERT_EQ(town_.operators().Call(Principal(
                "ann-at-bakery", "roles: ROLE_MERCHANT merchant_id: 'bakery' volunteer_id: 'ann'")),
            "OK");
  ASSERT_EQ(town_.platform().Call(Hold("o1", "ann", "bakery", "bun", 1)), "OK");
  auto confirm = Confirm("o1");
  confirm.mutable_command()->mutable_owner()->set_source("dev");
  EXPECT_EQ(town_.As("ann-at-bakery").Call(confirm),
            "PERMISSION_DENIED SELF_REDEMPTION command.order_id");
  EXPECT_EQ(town_.As("till-of-bakery").Call(confirm), "OK");
}

TEST_F(Orders, OpenOnesAreListedInTheOrderInWhichTheyEnd) {
  ASSERT_NO_FATAL_FAILURE(Register("ben", 8));
  std::vector<std::pair<int, std::string>> ends;
  for (int i = 0; i < 23; ++i) {
    const std::string id = Text("o", i);
    auto hold = Hold(id, i % 2 == 0 ? "ann" : "ben", i % 3 == 0 ? "cinema" : "bakery",
                     i % 3 == 0 ? "film" : "bun", 1);
    const int seconds = 100 + i * 7 % 23 * 20;
    hold.mutable_command()->set_hold_seconds(static_cast<uint32_t>(seconds));
    if (i % 3 == 0 && i >= 12) hold.mutable_command()->mutable_lines(0)->set_item_id("poster");
    if (i == 0) {
      ASSERT_EQ(town_.platform().Call(Offer("poster", "cinema", 1, 100)), "OK");
    }
    ASSERT_EQ(town_.platform().Call(hold), "OK") << i;
    ends.emplace_back(seconds, id);
  }
  std::sort(ends.begin(), ends.end());
  std::vector<std::string> all;
  std::vector<std::string> of_cinema;
  std::vector<std::string> of_ann;
  for (const auto& [seconds, id] : ends) {
    const int i = std::stoi(id.substr(1));
    all.push_back(id);
    if (i % 3 == 0) of_cinema.push_back(id);
    if (i % 2 == 0) of_ann.push_back(id);
  }
  for (const uint32_t size : {1u, 5u, 23u, 1'024u}) {
    EXPECT_EQ(IdsOf(OpenOrders(town_.auditor(), "", size)), all) << size;
    EXPECT_EQ(IdsOf(OpenOrders(town_.auditor(), "merchant_id: 'cinema'", size)), of_cinema) << size;
    EXPECT_EQ(IdsOf(OpenOrders(town_.As("till-of-cinema"), "merchant_id: 'bakery'", size)),
              of_cinema)
        << size;
    EXPECT_EQ(IdsOf(OpenOrders(town_.platform(), "volunteer_id: 'ann'", size)), of_ann) << size;
  }

  // What ends or is placed between two pages moves nothing else.
  int page = 0;
  std::set<std::string> moved;
  const auto seen = IdsOf(OpenOrders(town_.auditor(), "", 4, [&] {
    const size_t last = all.size() - 1;
    const std::string gone = all[std::min(last, static_cast<size_t>(page) * 4)];
    const std::string late = all[last - static_cast<size_t>(page)];
    for (const std::string& id : {gone, late}) {
      if (moved.insert(id).second) {
        EXPECT_EQ(town_.platform().Call(Cancel(id)), "OK");
      }
    }
    EXPECT_EQ(town_.platform().Call(Hold(Text("new-", page), "ben", "bakery", "bun", 1)), "OK");
    ++page;
  }));
  EXPECT_GT(page, 3);
  std::set<std::string> once;
  for (const std::string& id : seen) EXPECT_TRUE(once.insert(id).second) << id << " came twice";
  for (const std::string& id : all) {
    if (moved.count(id) == 0) {
      EXPECT_TRUE(once.count(id)) << id << " was left out";
    }
  }
  EXPECT_EQ(town_.auditor().Call(Parse<v1::ListOpenOrdersRequest>("page_token: 'next'")),
            "INVALID_ARGUMENT FIELD_INVALID page_token");
  EXPECT_EQ(town_.auditor().Call(Parse<v1::ListOpenOrdersRequest>("volunteer_id: 'nobody'")),
            "NOT_FOUND VOLUNTEER_UNKNOWN volunteer_id");
  EXPECT_EQ(town_.auditor().Call(Parse<v1::ListOpenOrdersRequest>("merchant_id: 'nobody'")),
            "NOT_FOUND MERCHANT_UNKNOWN merchant_id");
}

TEST_F(Orders, TheShelfIsListedAsItWasWhenTheFirstPageWasRead) {
  for (int i = 0; i < 8; ++i) {
    ASSERT_EQ(town_.platform().Call(Offer(Text("tea-", i), i % 2 == 0 ? "bakery" : "cinema", 5, 9)),
              "OK");
  }
  auto request = Parse<v1::ListItemsRequest>("page_size: 4");
  v1::ListItemsResponse page;
  std::vector<std::string> ids;
  do {
    page.Clear();
    ASSERT_EQ(town_.auditor().Call(request, &page), "OK");
    EXPECT_LE(page.items_size(), 4);
    for (const v1::ShelfItem& item : page.items()) ids.push_back(item.item_id());
    request.set_page_token(page.next_page_token());
    ASSERT_EQ(town_.platform().Call(Offer(Text("new-", ids.size()), "cinema", 5, 9)), "OK");
  } while (!page.next_page_token().empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"bun", "cake", "film", "tea-0", "tea-1", "tea-2",
                                           "tea-3", "tea-4", "tea-5", "tea-6", "tea-7"}));
  page.Clear();
  ASSERT_EQ(town_.auditor().Call(Parse<v1::ListItemsRequest>("merchant_id: 'bakery'"), &page),
            "OK");
  EXPECT_EQ(page.items_size(), 6);
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(Orders, AMerchantIsSuspendedAndLeaves) {
  ASSERT_EQ(town_.platform().Call(Hold("o1", "ann", "bakery", "bun", 1)), "OK");
  const auto about = [](const std::string& id) {
    return Text("request_id: '", id, "' command { merchant_id: 'bakery' reason_code: 'checks' ");
  };
  ASSERT_EQ(town_.committee().Call(Parse<v1::SuspendMerchantRequest>(about("s") + "}")), "OK");
  EXPECT_TRUE(MerchantOf("bakery").suspended());
  EXPECT_EQ(town_.platform().Call(Hold("o2", "ann", "bakery", "bun", 1)).reason,
            "MERCHANT_SUSPENDED");
  EXPECT_EQ(town_.platform().Call(Confirm("o1")), "OK") << "what was held is honoured";
  ASSERT_EQ(town_.committee().Call(Parse<v1::ResumeMerchantRequest>(about("r") + "}")), "OK");
  EXPECT_EQ(town_.platform().Call(Hold("o2", "ann", "bakery", "bun", 1)), "OK");
  ASSERT_EQ(town_.committee().Call(Parse<v1::OffboardMerchantRequest>(
                Text(about("o"), "last_day: '", DaysAgo(0), "' }"))),
            "OK");
  EXPECT_EQ(MerchantOf("bakery").last_day(), DaysAgo(0));
  EXPECT_EQ(MerchantOf("bakery").open_orders(), 1u);
}

TEST_F(Orders, TheShelfCounts) {
  const auto about = [](const std::string& id, const std::string& more) {
    return Text("request_id: '", id, "' command { item_id: 'bun' ", more, " }");
  };
  ASSERT_EQ(town_.platform().Call(Hold("o1", "ann", "bakery", "bun", 2)), "OK");
  const Client till = town_.As("till-of-bakery");
  ASSERT_EQ(till.Call(Parse<v1::ReceiveStockRequest>(about("in", "quantity: 10"))), "OK");
  EXPECT_EQ(
      till.Call(Parse<v1::ReturnStockRequest>(about("out", "quantity: 109 reason_code: 'mould'")))
          .reason,
      "STOCK_TOO_LOW");
  ASSERT_EQ(
      till.Call(Parse<v1::ReturnStockRequest>(about("out", "quantity: 8 reason_code: 'mould'"))),
      "OK");
  ASSERT_EQ(till.Call(Parse<v1::WithdrawItemRequest>(about("off", "reason_code: 'season'"))), "OK");
  const v1::ShelfItem bun = town_.ItemOf("bun");
  EXPECT_EQ(bun.received(), 110u);
  EXPECT_EQ(bun.sent_back(), 8u);
  EXPECT_EQ(bun.on_hand(), 102u);
  EXPECT_EQ(bun.reserved(), 2u);
  EXPECT_TRUE(bun.withdrawn());
  EXPECT_EQ(town_.platform().Call(Hold("o2", "ann", "bakery", "bun", 1)).reason, "ITEM_WITHDRAWN");
  EXPECT_EQ(town_.As("till-of-cinema")
                .Call(Parse<v1::WithdrawItemRequest>(about("off-2", "reason_code: 'season'"))),
            "PERMISSION_DENIED MERCHANT_NOT_YOURS command.item_id");
}

}  // namespace
}  // namespace meritbook::e2e
