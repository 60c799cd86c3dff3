// Owns: where the ledger and the model differ, in words.
// Promises: compares everything that both know; what only the ledger keeps (indexes, hashes) is
//           recomputed by property_books.h.
// Thread: any.
#ifndef MERITBOOK_TESTS_LEDGER_PROPERTY_COMPARE_H_
#define MERITBOOK_TESTS_LEDGER_PROPERTY_COMPARE_H_

#include <string>

#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"
#include "tests/ledger/model.h"

namespace meritbook::property {

// The rows that aren't the same; "" if all are.
std::string Difference(const model::Model& model, const State& state);

// The same of merchants, items, orders, budgets and statements.
std::string MallDifference(const model::Model& model, const State& state);

// What an event of the mall or of settlement says, in the model's words; "" of others.
std::string MallAmountsOf(const v1::Event& event);

// Parts of the model's words.
model::LotList LotsOf(const google::protobuf::RepeatedPtrField<v1::LotUnits>& lots);
std::string WordsOf(const v1::Inflow& inflow);
// An order's name: whose, and which.
std::string NameOf(const v1::OrderRef& order);

// What of an event the model foresaw otherwise; "" if nothing.
std::string Difference(const model::Emitted& foreseen, const v1::Event& event);

}  // namespace meritbook::property

#endif  // MERITBOOK_TESTS_LEDGER_PROPERTY_COMPARE_H_
