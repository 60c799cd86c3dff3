// Owns: the talk with a clerk at a counter, line by line: what the customer shows, what is bought,
// done or refused. Promises: one line says whether goods may be handed over; whatever is repeated
// after a lost connection is repeated under the same id; a voucher that is taken while the server
// is away is in the journal before the clerk is told to hand over. Thread: one.
#ifndef MERITBOOK_CLI_COUNTER_H_
#define MERITBOOK_CLI_COUNTER_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/counter_journal.h"
#include "cli/language.h"
#include "cli/text.h"
#include "meritbook/v1/mall.pb.h"

namespace meritbook::cli {

// What the counter asks the server; the implementation adds the ledger and the caller's key.
class TillServer {
 public:
  virtual ~TillServer() = default;
  // Of the merchant, without those withdrawn.
  virtual absl::StatusOr<std::vector<v1::ShelfItem>> Items() = 0;
  // Placed with the merchant.
  virtual absl::StatusOr<std::vector<v1::OrderView>> OpenOrders() = 0;
  virtual absl::StatusOr<v1::RedeemNowResponse> Redeem(const v1::RedeemNowRequest& request) = 0;
  virtual absl::StatusOr<v1::ConfirmOrderResponse> Confirm(
      const v1::ConfirmOrderRequest& request) = 0;
};

struct CounterSettings {
  Language language = Language::kEnglish;
  std::string ledger_id;
  std::string merchant_id;
  std::string terminal_id;
  absl::TimeZone zone = absl::LocalTimeZone();
  bool terminal = false;  // questions end without a line break
  bool colour = false;
};

// What became of the vouchers that waited.
struct SentTally {
  int done = 0;
  int refused = 0;
  int waiting = 0;
};

class Counter {
 public:
  Counter(CounterSettings settings, TillServer& server, CounterJournal& journal, std::istream& in,
          std::function<void(std::string_view)> show, std::function<int64_t()> now_us);

  // Serves customers until `q` or the end of input.
  void Run();
  // Sends what waits in the journal and tells each outcome. Stops at the first that finds no
  // server.
  SentTally Send();

 private:
  enum class Next { kCustomer, kQuit };
  // What the clerk does about a server that doesn't answer.
  enum class Reply { kAgain, kLeave, kOffline, kEnd };

  const char* Say(const char* english, const char* chinese) const {
    return Pick(settings_.language, english, chinese);
  }
  void Line(std::string_view text) const { show_(Text(text, "\n")); }
  void Done(std::string_view text) const;
  void Refused(const absl::Status& status) const;
  void Help() const;
  // The next line, without blanks around it; nothing at the end of input.
  std::optional<std::string> Ask(std::string_view question);
  Reply AskWhetherAgain(const absl::Status& away, bool offline_possible);
  bool IsAway(const absl::Status& status) const;
  std::string ShownTime(int64_t us) const;
  // In a few words; what gRPC says of a lost connection fills lines.
  std::string Why(const absl::Status& away) const;
  absl::StatusOr<std::string> NewId() const;

  Next Customer(const std::string& shown);
  // Goods for a pay code.
  Next Sell(const std::string& pay_code);
  // False when the clerk leaves.
  bool Fill(v1::RedeemNow& order);
  void Choose(const std::string& typed, v1::RedeemNow& order) const;
  void ShowShelf() const;
  void ShowBasket(const v1::RedeemNow& order) const;
  // After a refusal: true when another try was prepared.
  bool Prepare(const absl::Status& refused, v1::RedeemNowRequest& request);
  Next Redeem(v1::RedeemNowRequest request);
  const v1::ShelfItem* ItemOf(const std::string& typed) const;
  // Vouchers and orders.
  Next TakeVoucher(const std::string& code);
  Next TakeOffline(const std::string& code, const std::string& request_id);
  void NoteOffline(const std::string& code, const std::string& request_id);
  Next TakeOrder(const std::string& order_id);
  // Asks what is handed over, then confirms it.
  Next HandOver(v1::ConfirmOrderRequest request);
  Next Confirm(const v1::ConfirmOrderRequest& request);
  void ShowOrder(const v1::OrderView& order) const;
  // True when the voucher's outcome is known now.
  bool SendOne(const TakenVoucher& voucher, SentTally& tally);

  const CounterSettings settings_;
  TillServer& server_;
  CounterJournal& journal_;
  std::istream& in_;
  const std::function<void(std::string_view)> show_;
  const std::function<int64_t()> now_us_;
  std::vector<v1::ShelfItem> shelf_;  // as last read
  bool server_answered_ = false;      // since the vouchers that wait were last sent
  // What the clerk left without an answer, by what the customer showed: shown again, it is asked
  // for under the same id.
  std::map<std::string, v1::RedeemNowRequest> open_sales_;
  std::map<std::string, v1::ConfirmOrderRequest> open_confirms_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COUNTER_H_
