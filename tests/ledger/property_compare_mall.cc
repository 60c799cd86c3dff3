// Where the ledger and the model differ: merchants, items, orders, budgets, statements.
#include <algorithm>

#include "ledger/text.h"
#include "tests/ledger/property_compare.h"

namespace meritbook::property {
namespace {

using model::Booking;
using model::Model;
using model::Words;

std::string Words(const Amount& amount) {
  return model::Words(model::Amount{amount.units, amount.fen});
}

std::string TextOf(const model::Item& row, int64_t delivered, int64_t returned, int64_t reserved) {
  std::string out =
      Text(row.merchant, " ", row.price_points, " ", row.settle_fen, " ", row.budget_source,
           " received ", row.received, " sent back ", row.sent_back, " delivered ", delivered,
           " returned ", returned, " reserved ", reserved, row.withdrawn ? " withdrawn" : "");
  if (row.limit) out += Text(" limit ", row.limit->quantity(), "/", int{row.limit->period()});
  for (const int band : row.age_bands) out += Text(" age ", band);
  return out;
}

// The mall of one state and one model.
class Comparison {
 public:
  Comparison(const Model& model, const State& state)
      : model_(model), state_(state), mall_(model.Reckon()) {}

  std::string Run() {
    Same("number of merchants", Text(model_.merchants.size()), Text(state_.merchants().size()));
    for (const auto& [id, row] : model_.merchants) Merchant(id, row);
    Same("number of items", Text(model_.items.size()), Text(state_.items().size()));
    for (const auto& [id, row] : model_.items) Item(id, row);
    Same("number of orders", Text(model_.orders.size()), Text(state_.orders().size()));
    for (const auto& [name, row] : model_.orders) Order(name, row);
    Same("number of budgets", Text(model_.budgets.size()), Text(state_.budgets().size()));
    for (const auto& [key, row] : model_.budgets) Budget(key, row);
    Same("number of statements", Text(model_.statements.size()), Text(state_.statements().size()));
    for (const auto& [id, row] : model_.statements) Statement(id, row);
    return out_;
  }

 private:
  void Same(const std::string& name, const std::string& want, const std::string& got) {
    if (want == got) return;
    out_ += Text("  ", name, "\n    the model  ", want, "\n    the ledger ", got, "\n");
  }

  // Whether the ledger has it at all.
  template <typename Row>
  bool Has(const std::string& name, const Row* row) {
    if (row == nullptr) Same(name, "there", "not there");
    return row != nullptr;
  }

  std::string FenText(const std::vector<BudgetFen>& parts) const {
    model::FenByBudget fen;
    for (const BudgetFen& part : parts) {
      const v1::BudgetName& name = state_.budgets()[part.budget].name;
      fen[{static_cast<int>(name.year()), name.source()}] += part.fen;
      if (part.fen == 0) return "a part of nothing";
    }
    return model::Words(fen);
  }

  void Merchant(const std::string& id, const model::Merchant& row) {
    const meritbook::Merchant* other = state_.merchants().Find(id);
    if (!Has("merchant " + id, other)) return;
    const auto [day, orders, points] = model_.NewestDayOf("", id);
    const auto open = mall_.open_at.find(id);
    std::string want =
        Text(row.suspended, " last day ", row.last_day.value_or(-1), " open ",
             open == mall_.open_at.end() ? 0 : open->second, " on ", day, ":", orders, " newest ",
             model_.NewestOf(id), " owed ", model::Words(model_.PayableOf(id)));
    std::string got = Text(
        other->suspended, " last day ", other->last_day.value_or(-1), " open ", other->open_orders,
        " on ", other->day_orders.day, ":", other->day_orders.orders, " newest ",
        other->newest_statement == kNoIndex ? "" : state_.statements()[other->newest_statement].id,
        " owed ", Words(Amount{other->payable_units, other->payable_fen}));
    Booked(id, *other, &want, &got);
    Same("merchant " + id, want, got);
  }

  // What stands in no statement yet.
  void Booked(const std::string& id, const meritbook::Merchant& other, std::string* want,
              std::string* got) {
    struct Month {
      model::Amount confirmed;
      model::Amount refunded;
      model::FenByBudget fen;
    };
    std::map<int, Month> months;
    model::Amount settled[5];
    model::FenByBudget fen;
    for (const Booking& booking : model_.bookings) {
      if (booking.merchant != id || !booking.statement.empty()) continue;
      if (booking.kind != Booking::kConfirmed && booking.kind != Booking::kRefunded) {
        model::Add(settled[booking.kind], booking.amount);
        model::Add(fen, booking.fen);
        continue;
      }
      Month& month = months[booking.month];
      model::Add(booking.kind == Booking::kConfirmed ? month.confirmed : month.refunded,
                 booking.amount);
      model::Add(month.fen, booking.fen);
    }
    for (const auto& [month, sums] : months) {
      *want += Text(" in ", month, ": ", model::Words(sums.confirmed), " - ",
                    model::Words(sums.refunded), model::Words(sums.fen));
    }
    for (const BookedMonth& month : other.booked) {
      *got += Text(" in ", month.month, ": ", Words(month.confirmed), " - ", Words(month.refunded),
                   FenText(month.by_budget));
    }
    *want += Text(" since ", model::Words(settled[Booking::kPaid]), " ",
                  model::Words(settled[Booking::kReversed]), " ",
                  model::Words(settled[Booking::kWrittenOff]), model::Words(fen));
    *got += Text(" since ", Words(other.since.paid), " ", Words(other.since.reversed), " ",
                 Words(other.since.written_off), FenText(other.since.by_budget));
  }

  void Item(const std::string& id, const model::Item& row) {
    const meritbook::Item* other = state_.items().Find(id);
    if (!Has("item " + id, other)) return;
    model::Item same;
    same.merchant = state_.merchants()[other->merchant].id;
    same.price_points = other->price_points;
    same.settle_fen = other->settle_fen;
    if (other->settle_fen > 0) same.budget_source = other->budget_source;
    same.received = static_cast<int64_t>(other->received);
    same.sent_back = static_cast<int64_t>(other->sent_back);
    same.withdrawn = other->withdrawn;
    if (other->limit.quantity() > 0) same.limit = other->limit;
    for (int band = 0; band < 8; ++band) {
      if ((other->age_bands >> band & 1) != 0) same.age_bands.insert(band);
    }
    const auto of = [&id](const std::map<std::string, int64_t>& pieces) {
      const auto found = pieces.find(id);
      return found == pieces.end() ? 0 : found->second;
    };
    Same("item " + id, TextOf(row, of(mall_.delivered), of(mall_.returned), of(mall_.reserved)),
         TextOf(same, static_cast<int64_t>(other->delivered), static_cast<int64_t>(other->returned),
                static_cast<int64_t>(other->reserved)));
  }

  void Order(const std::string& name, const model::Order& row) {
    const size_t owner = name.find('|') + 1;
    const size_t id = name.rfind('|') + 1;
    const std::string owned_by = name.substr(owner, id - owner - 1);
    const v1::RequestScope scope = name.starts_with("source")     ? v1::REQUEST_SCOPE_SOURCE
                                   : name.starts_with("merchant") ? v1::REQUEST_SCOPE_MERCHANT
                                                                  : v1::REQUEST_SCOPE_PRINCIPAL;
    const RequestKey key = OrderKey(scope, owned_by, owned_by, name.substr(id));
    const meritbook::Order* other = state_.orders().Find(key);
    if (!Has("order " + name, other)) return;
    std::string want =
        Text("order ", row.index, " ", name, " ", row.volunteer, " ", row.merchant, " state ",
             static_cast<int>(row.state), " ", row.placed_us, " ", row.deadline_us, "..",
             row.ends_us, " ", row.delivered_us, " voucher ", row.voucher);
    std::string got = Text(
        "order ", *state_.orders().IndexOf(key), " ", name.substr(0, owner),
        state_.names()[other->owner].id, "|", other->order_id, " ",
        state_.volunteers()[other->volunteer].id, " ", state_.merchants()[other->merchant].id,
        " state ", static_cast<int>(other->state), " ", other->placed_us, " ", other->deadline_us,
        "..", other->ends_us, " ", other->delivered_us, " voucher ", other->voucher_sha256);
    for (const model::Line& line : row.lines) {
      const auto of = [&line](const std::map<std::string, int64_t>& pieces) {
        const auto found = pieces.find(line.item);
        return found == pieces.end() ? 0 : found->second;
      };
      want += Text(model::Words({line}), of(row.delivered), "-", of(row.refunded));
    }
    for (const OrderedLine& line : other->lines) {
      model::Line same{line.item == kNoIndex ? "" : state_.items()[line.item].id,
                       line.quantity,
                       line.price_points,
                       line.settle_fen,
                       {}};
      if (line.budget != kNoIndex) {
        const v1::BudgetName& budget = state_.budgets()[line.budget].name;
        same.budget = {static_cast<int>(budget.year()), budget.source()};
      }
      got += Text(model::Words({same}), line.delivered, "-", line.refunded);
    }
    model::LotList lots;
    for (const Lot& lot : other->lots) {
      lots.emplace_back(model::Lot{lot.key.expiry == kNeverExpires ? model::kNever : lot.key.expiry,
                                   lot.key.graced},
                        lot.units);
    }
    std::sort(lots.begin(), lots.end());
    want += model::Words(model::LotList(row.lots.begin(), row.lots.end()));
    got += model::Words(lots);
    Same("order " + name, want, got);
  }

  void Budget(const model::BudgetKey& key, const model::Budget& row) {
    const auto& [year, source] = key;
    const std::string name = Text("budget ", year, "/", source);
    const meritbook::Budget* other =
        state_.budgets().Find(BudgetId(source, static_cast<uint32_t>(year)));
    if (!Has(name, other)) return;
    const auto reserved = mall_.reserved_fen.find(key);
    Same(name,
         Text(row.allocated, " reserved ",
              reserved == mall_.reserved_fen.end() ? 0 : reserved->second, " owed ", row.owed,
              " paid ", row.paid, " warns at ", row.warn_percent, row.warned ? " did" : ""),
         Text(other->allocated_fen, " reserved ", other->reserved_fen, " owed ", other->owed_fen,
              " paid ", other->paid_fen, " warns at ", other->warn_percent,
              other->warned ? " did" : ""));
  }

  void Statement(const std::string& id, const model::Statement& row) {
    const meritbook::Statement* other = state_.statements().Find(id);
    if (!Has("statement " + id, other)) return;
    const bool open = row.state == model::StatementState::kOpen;
    const bool paid = row.state == model::StatementState::kPaid;
    const StatementAmounts& sums = other->amounts;
    const auto amount = [](const Amount& of) { return model::Amount{of.units, of.fen}; };
    const model::Figures figures{amount(sums.opening),
                                 {amount(sums.confirmed), amount(sums.refunded), amount(sums.paid),
                                  amount(sums.reversed), amount(sums.written_off)},
                                 amount(sums.closing())};
    Same("statement " + id,
         Text(row.index, " ", row.merchant, " state ", static_cast<int>(row.state), " through ",
              row.through.value_or(-1), " after ", row.previous, " opened ", row.opened_us,
              " closes ", open ? row.closes_us.value_or(0) : 0, " ", paid ? row.reference : "", " ",
              model::Words(model_.FiguresOf(id)), model::Words(model_.FenOfStatement(id))),
         Text(*state_.statements().IndexOf(id), " ", state_.merchants()[other->merchant].id,
              " state ", static_cast<int>(other->state), " through ", other->through.value_or(-1),
              " after ", other->previous == kNoIndex ? "" : state_.statements()[other->previous].id,
              " opened ", other->opened_us, " closes ", open ? other->closes_us : 0, " ",
              paid ? other->payment_reference : "", " ", model::Words(figures),
              FenText(other->by_budget)));
  }

  const Model& model_;
  const State& state_;
  const Model::Mall mall_;
  std::string out_;
};

}  // namespace

std::string MallDifference(const Model& model, const State& state) {
  return Comparison(model, state).Run();
}

}  // namespace meritbook::property
