// Owns: what must hold of any mall: orders end once, stock, budgets and statements add up; worked
//       out from the events alone and held against the state.
// Promises: shares nothing with the model but days and plain sums.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_PROPERTY_MALL_BOOKS_H_
#define MERITBOOK_TESTS_LEDGER_PROPERTY_MALL_BOOKS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"
#include "tests/ledger/model_row.h"

namespace meritbook::property {

// Follows the mall's events of one ledger.
class MallBooks {
 public:
  // What is wrong with the next event; "" if nothing.
  std::string Post(const v1::Event& event);
  // What of the state contradicts the events so far; "" if nothing.
  std::string Check(const State& state) const;

 private:
  using Key = model::BudgetKey;
  using Fen = model::FenByBudget;
  using Pieces = std::map<std::string, int64_t>;
  using PricedLines = google::protobuf::RepeatedPtrField<v1::PricedLine>;
  using BudgetParts = google::protobuf::RepeatedPtrField<v1::BudgetFen>;
  struct Placed {
    Pieces held;  // while it is
    Pieces delivered;
    Fen reserved;
    int64_t units = 0;  // held, or paid and not refunded
    int64_t placed_us = 0;
    int64_t deadline_us = 0;
    int64_t ends_us = 0;
    bool ended = false;
  };
  struct Shelf {
    int64_t on_hand = 0;
    int64_t reserved = 0;
  };
  struct Money {
    int64_t allocated = 0;
    int64_t reserved = 0;
    int64_t owed = 0;
    int64_t paid = 0;
  };
  struct Month {
    model::Amount confirmed;
    model::Amount refunded;
  };
  struct Owed {
    model::Amount payable;
    std::map<int, Month> months;  // in no statement yet
    model::Amount paid;           // since the newest statement
    model::Amount reversed;
    model::Amount written_off;
    std::string newest;  // statement
  };
  struct Drawn {
    std::string merchant;
    v1::StatementFigures figures;
    bool closed = false;
    bool settled = false;
  };

  void Need(bool holds, const char* what) {
    if (!holds && broken_.empty()) broken_ = what;
  }
  void Envelope(const v1::Event& event);
  void Shelves(const v1::Event& event);
  void Held(const v1::Event& event, const v1::Hold& hold, const std::string& order_id,
            const std::string& merchant);
  void Redeemed(const v1::Event& event);
  void Confirmed(const v1::Event& event);
  void Ended(const v1::HoldEnded& hold);
  void Refunded(const v1::Event& event);
  void Statements(const v1::Event& event);
  void Opened(const v1::StatementOpened& opened);
  void Settled(const std::string& statement, const v1::Amounts& amounts, const BudgetParts& parts,
               int sign);
  void WrittenOff(const v1::PayableWrittenOff& body);
  void Deliver(const std::string& merchant, const PricedLines& lines, int month, int sign);
  Placed* Find(const v1::OrderRef& order);
  // Every shelf, budget and merchant, as they stand.
  void Sums();

  std::string broken_;
  std::string zone_;
  std::optional<int> closed_through_;
  std::map<std::string, Placed> orders_;
  std::map<std::string, Shelf> shelves_;
  std::map<Key, Money> budgets_;
  std::map<std::string, Owed> merchants_;
  std::map<std::string, Drawn> statements_;
};

}  // namespace meritbook::property

#endif  // MERITBOOK_TESTS_LEDGER_PROPERTY_MALL_BOOKS_H_
