// The form of budgets, statements and payments: every field at its limit and one above.
#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/lines.h"
#include "tests/ledger/script.h"

namespace meritbook {
namespace {

Row InTown(std::string name, std::string command, std::string want) {
  return {std::move(name), "use town", std::move(command), std::move(want)};
}

Row Allocate(std::string name, std::string_view source, int year, int64_t fen,
             std::string_view more, std::string want) {
  return InTown(std::move(name), Propose("p", Allocation(source, year, fen, more)),
                std::move(want));
}

const RuleTable kBudgets({
    Allocate("a fen", "programme", 2021, 1, "", "ok"),
    Allocate("nothing", "programme", 2021, 0, "", "FIELD_MISSING command.allocate_budget.fen"),
    Allocate("ten billion yuan", "programme", 2021, 1'000'000'000'000, "", "ok"),
    Allocate("more", "programme", 2021, 1'000'000'000'001, "",
             "FIELD_INVALID command.allocate_budget.fen"),
    Allocate("ten billion back", "programme", 2021, -1'000'000'000'000, "", "BUDGET_UNKNOWN"),
    Allocate("more back", "programme", 2021, -1'000'000'000'001, "",
             "FIELD_INVALID command.allocate_budget.fen"),
    Allocate("of 1970", "programme", 1970, 1, "", "ok"),
    Allocate("of 1969", "programme", 1969, 1, "", "FIELD_INVALID command.allocate_budget.year"),
    Allocate("of 9999", "programme", 9999, 1, "", "ok"),
    Allocate("of 10000", "programme", 10000, 1, "", "FIELD_INVALID command.allocate_budget.year"),
    Allocate("of nobody", "", 2021, 1, "", "FIELD_MISSING command.allocate_budget.source"),
    Allocate("of an odd name", "a b", 2021, 1, "", "ID_MALFORMED command.allocate_budget.source"),
    Allocate("a warning at once", "programme", 2021, 1, "warn_percent: 1", "ok"),
    Allocate("a warning at nothing", "programme", 2021, 1, "warn_percent: 0",
             "FIELD_INVALID command.allocate_budget.warn_percent"),
    Allocate("a warning at the end", "programme", 2021, 1, "warn_percent: 100", "ok"),
    Allocate("a warning after it", "programme", 2021, 1, "warn_percent: 101",
             "FIELD_INVALID command.allocate_budget.warn_percent"),
});

const RuleTable kStatements({
    InTown("through a month", DrawUp("st", "2021-02"), "PERIOD_NOT_CLOSED"),
    InTown("through no month", R"(OpenStatement statement_id: "st" merchant_id: "bakery")",
           "FIELD_MISSING command.through_month"),
    InTown("a final one", R"(OpenStatement statement_id: "st" merchant_id: "bakery" final: true)",
           "MERCHANT_STILL_HERE"),
    InTown("a final one through a month", DrawUp("st", "2021-02") + " final: true",
           "FIELD_INVALID command.through_month"),
    InTown("through a 13th month", DrawUp("st", "2021-13"), "FIELD_INVALID command.through_month"),
    InTown("through a month 0", DrawUp("st", "2021-00"), "FIELD_INVALID command.through_month"),
    InTown("through a day", DrawUp("st", "2021-02-28"), "FIELD_INVALID command.through_month"),
    InTown("through a short month", DrawUp("st", "2021-2"), "FIELD_INVALID command.through_month"),
    InTown("through a month before 1970", DrawUp("st", "1969-12"),
           "FIELD_INVALID command.through_month"),
    InTown("through the first month", DrawUp("st", "1970-01"), "PERIOD_NOT_CLOSED"),
    InTown("through the last month", DrawUp("st", "2199-12"), "PERIOD_NOT_CLOSED"),
    InTown("through a month after 2199", DrawUp("st", "2200-01"),
           "FIELD_INVALID command.through_month"),
    InTown("without an id", R"(OpenStatement merchant_id: "bakery" final: true)",
           "FIELD_MISSING command.statement_id"),
    InTown("of nobody", R"(OpenStatement statement_id: "st" final: true)",
           "FIELD_MISSING command.merchant_id"),
    InTown("with an odd id",
           R"(OpenStatement statement_id: "s t" merchant_id: "bakery" final: true)",
           "ID_MALFORMED command.statement_id"),

    InTown("an objection to nothing", R"(ObjectStatement reason_code: "a")",
           "FIELD_MISSING command.statement_id"),
    InTown("an objection for no reason", R"(ObjectStatement statement_id: "st")",
           "FIELD_MISSING command.reason_code"),
    InTown("a resolution of nothing", R"(ResolveObjection reason_code: "a")",
           "FIELD_MISSING command.statement_id"),
    InTown("a resolution for no reason", R"(ResolveObjection statement_id: "st")",
           "FIELD_MISSING command.reason_code"),
    InTown("nothing is closed", "CloseStatement", "FIELD_MISSING command.statement_id"),
    InTown("nothing is paid", R"(RecordPayment reference: "a")",
           "FIELD_MISSING command.statement_id"),
    InTown("without a reference", R"(RecordPayment statement_id: "st" fen: 1)",
           "FIELD_MISSING command.reference"),
    InTown("an odd reference", R"(RecordPayment statement_id: "st" fen: 1 reference: "a b")",
           "ID_MALFORMED command.reference"),
    InTown("no payment comes back", R"(ReversePayment reason_code: "a")",
           "FIELD_MISSING command.statement_id"),
    InTown("a payment comes back for no reason", R"(ReversePayment statement_id: "st")",
           "FIELD_MISSING command.reason_code"),
    InTown("a month", R"(ClosePeriod month: "2021-02")", "ok"),
    InTown("no month", "ClosePeriod", "FIELD_MISSING command.month"),
    InTown("an odd month", R"(ClosePeriod month: "2021/02")", "FIELD_INVALID command.month"),
});

Row Write(std::string name, int64_t units, int64_t fen, std::string_view more, std::string want) {
  return InTown(std::move(name), Propose("p", WrittenOff("st", units, fen, more)), std::move(want));
}
constexpr std::string_view kBudget = R"(budget { source: "programme" year: 2021 })";
constexpr int64_t kUnitsMax = int64_t{6'000} * 1'000'000'000;

const RuleTable kWriteOffs({
    Write("a unit", 1, 0, "", "STATEMENT_UNKNOWN"),
    Write("a fen", 0, 1, kBudget, "STATEMENT_UNKNOWN"),
    Write("a fen of no budget, which a closed statement needs not", 0, 1, "", "STATEMENT_UNKNOWN"),
    Write("neither", 0, 0, "", "FIELD_MISSING command.write_off.amounts"),
    InTown("no amounts at all",
           Propose("p", R"(write_off { statement_id: "st" reason_code: "a" })"),
           "FIELD_MISSING command.write_off.amounts"),
    Write("a billion points", kUnitsMax, 0, "", "STATEMENT_UNKNOWN"),
    Write("more", kUnitsMax + 1, 0, "", "FIELD_INVALID command.write_off.amounts.units"),
    Write("a billion points added", -kUnitsMax, 0, "", "STATEMENT_UNKNOWN"),
    Write("more added", -kUnitsMax - 1, 0, "", "FIELD_INVALID command.write_off.amounts.units"),
    Write("ten billion yuan", 0, 1'000'000'000'000, kBudget, "STATEMENT_UNKNOWN"),
    Write("more yuan", 0, 1'000'000'000'001, kBudget,
          "FIELD_INVALID command.write_off.amounts.fen"),
    Write("more yuan added", 0, -1'000'000'000'001, kBudget,
          "FIELD_INVALID command.write_off.amounts.fen"),
    Write("units of a budget", 1, 0, kBudget, "FIELD_INVALID command.write_off.budget"),
    Write("a budget without a name", 0, 1, "budget { year: 2021 }",
          "FIELD_MISSING command.write_off.budget.source"),
    Write("a budget of no year", 0, 1, R"(budget { source: "programme" })",
          "FIELD_INVALID command.write_off.budget.year"),
    InTown("of no statement",
           Propose("p", R"(write_off { amounts { units: 1 } reason_code: "a" })"),
           "FIELD_MISSING command.write_off.statement_id"),
    InTown("for no reason",
           Propose("p", R"(write_off { statement_id: "st" amounts { units: 1 } })"),
           "FIELD_MISSING command.write_off.reason_code"),
});

// These have request ids of their own, each.
const RuleTable kRequestIds({
    InTown("a statement's", R"(OpenStatement #- statement_id: "st" merchant_id: "b" final: true)",
           "FIELD_MISSING request_id"),
    InTown("a payment's", R"(RecordPayment #- statement_id: "st" fen: 1 reference: "a")",
           "FIELD_MISSING request_id"),
    InTown("a month's", R"(ClosePeriod #- month: "2021-02")", "FIELD_MISSING request_id"),
});

TEST(FormSettlement, Budgets) { kBudgets.Run(); }
TEST(FormSettlement, Statements) { kStatements.Run(); }
TEST(FormSettlement, WriteOffs) { kWriteOffs.Run(); }
TEST(FormSettlement, RequestIds) { kRequestIds.Run(); }

}  // namespace
}  // namespace meritbook
