#!/usr/bin/env python3
"""Breaks the ledger on purpose, one bug at a time, and demands that the property test notices.

Each mutation is a text of a source of ledger/, which must stand there exactly once, and another text
for it. The tree itself is not touched (tests/planting.py). Most of these bugs are consistent: Apply, which repeats what was decided, repeats them
too and doesn't notice.

    tests/ledger/mutants.py             all of them
    tests/ledger/mutants.py refund      those with this in their name
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from planting import TREE, Broken, plant, run  # noqa: E402

TARGET = "ledger_property_test"
RUN_SECONDS_MAX = 600
# The same histories for every mutation, and for the ledger as it is.
SEED = "1"


@dataclass(frozen=True)
class Mutation:
    name: str
    file: str  # in ledger/
    old: str
    new: str


MUTATIONS = [
    # Postings.
    Mutation(
        "donations are posted as forfeited",
        "posting.cc",
        ".Add(Account::kDonated, body.units())",
        ".Add(Account::kForfeited, body.units())",
    ),
    Mutation(
        "refunds cost another merchant's account",
        "posting.cc",
        ".Add(Account::kPayable, body.merchant_id(), -body.units())",
        '.Add(Account::kPayable, "m0", -body.units())',
    ),
    # Losses.
    Mutation(
        "what is due comes before a loss",
        "ledger.cc",
        "if (admitted.in_order && command.kind != v1::COMMAND_KIND_DECLARE_LOSS) {",
        "if (admitted.in_order) {",
    ),
    # Caps and minutes.
    Mutation(
        "the month's cap counts the month before",
        "hours.cc",
        "const DayNumber first = MonthStart(day);",
        "const DayNumber first = MonthStart(MonthStart(day) - 1);",
    ),
    Mutation(
        "the activity's cap counts service under other rules",
        "hours.cc",
        "if (rule.earning().has_credited_minutes_per_activity()) {",
        "if (rule.earning().recording_unit_minutes() > 0) {",
    ),
    Mutation(
        "the day's cap is ignored",
        "decide_record.cc",
        "int64_t{earning.credited_minutes_per_day()} - int64_t{MinutesOn(volunteer, day).credited};",
        "int64_t{kMinutesPerDay} - int64_t{MinutesOn(volunteer, day).credited};",
    ),
    Mutation(
        "the minutes without review count for each record alone",
        "decide_hours.cc",
        "if (static_cast<uint32_t>(served.credited + served.honorary + part.minutes) >",
        "if (static_cast<uint32_t>(0 * served.credited + part.minutes) >",
    ),
    # Lots.
    Mutation(
        "what lapses last is taken first",
        "flow.cc",
        "  std::vector<Lot> taken;\n  size_t emptied = 0;\n",
        "  std::vector<Lot> taken;\n"
        "  while (units > 0 && !lots.empty()) {\n"
        "    Lot& last = lots.back();\n"
        "    taken.push_back({last.key, std::min(units, last.units)});\n"
        "    units -= taken.back().units;\n"
        "    last.units -= taken.back().units;\n"
        "    if (last.units == 0) lots.pop_back();\n"
        "  }\n"
        "  size_t emptied = 0;\n",
    ),
    Mutation(
        "grace is given twice",
        "flow.cc",
        "if (key.expiry >= today || key.graced) return key;",
        "if (key.expiry >= today) return key;",
    ),
    Mutation(
        "a lot lapses a day late",
        "due.cc",
        "const bool lapses = can_lapse && volunteer.lots.front().key.expiry < today;",
        "const bool lapses = can_lapse && volunteer.lots.front().key.expiry + 1 < today;",
    ),
    Mutation(
        "points mature a day early",
        "decide_record.cc",
        "return d.today + static_cast<DayNumber>(rule.earning().maturity_days());",
        "return d.today + static_cast<DayNumber>(rule.earning().maturity_days()) - 1;",
    ),
    Mutation(
        "refunds and releases reach lapsed lots as they were",
        "mall.cc",
        "AddToLots(returning, LotToday(state, lot.key, day), lot.units);",
        "AddToLots(returning, lot.key, lot.units);",
    ),
    Mutation(
        "a merge forgets what lapsed",
        "apply_points.cc",
        "      AddLost(row, lost.key, lost.expired_units, lost.forfeited_units);\n",
        "      AddLost(row, lost.key, 0, lost.forfeited_units);\n",
    ),
    # Claw-backs and debt.
    Mutation(
        "a claw-back spares what lapsed",
        "flow.cc",
        "const int64_t expired = std::min(lot.units, lost->expired_units);",
        "const int64_t expired = std::min(int64_t{0}, lost->expired_units);",
    ),
    Mutation(
        "a claw-back takes any lot before its own",
        "flow.cc",
        "if (at == left.end() || at->key != lot.key || lot.units == 0) continue;",
        "if (at == left.end() || at->key != lot.key || lot.units >= 0) continue;",
    ),
    Mutation(
        "a correction returns what was taken first",
        "flow.cc",
        "for (auto lot = taken.rbegin(); lot != taken.rend() && left > 0; ++lot) {",
        "for (auto lot = taken.begin(); lot != taken.end() && left > 0; ++lot) {",
    ),
    Mutation(
        "debt is repaid by what lapses last",
        "flow.cc",
        "  for (const Lot& lot : TakeFirst(lots, -volunteer.debt_units)) repaid += lot.units;\n",
        "  while (repaid < -volunteer.debt_units && !lots.empty()) {\n"
        "    const int64_t part = std::min(lots.back().units, -volunteer.debt_units - repaid);\n"
        "    repaid += part;\n"
        "    lots.back().units -= part;\n"
        "    if (lots.back().units == 0) lots.pop_back();\n"
        "  }\n",
    ),
    Mutation(
        "a claw-back leaves debt out",
        "flow.cc",
        "  claw_back->set_debt_units(missing);\n",
        "  claw_back->set_debt_units(0 * missing);\n",
    ),
    # Idempotency and rollback.
    Mutation(
        "one kind of command forgets its request id",
        "apply.cc",
        "  if (!body) return absl::OkStatus();\n",
        "  if (!body || event_.has_volunteer_unfrozen()) return absl::OkStatus();\n",
    ),
    Mutation(
        "request ids of all platforms are one",
        "command.cc",
        "const std::string_view owner = scope == v1::REQUEST_SCOPE_PRINCIPAL ? actor : source;",
        'const std::string_view owner = scope == v1::REQUEST_SCOPE_PRINCIPAL ? actor : source.substr(0, 0);',
    ),
    Mutation(
        "a rolled back call keeps its request ids",
        "state.cc",
        "      state.requests_.erase(key);\n",
        "",
    ),
    # Orders.
    Mutation(
        "a day's limit counts the orders of all days",
        "mall.cc",
        "return orders.day == day ? orders : DayOrders{day, 0, 0};",
        "return DayOrders{day, orders.orders, orders.points};",
    ),
    Mutation(
        "an item's limit by the month counts by the year",
        "mall.cc",
        "return MonthOf(day);",
        "return YearOf(day);",
    ),
    Mutation(
        "a merge forgets what was bought",
        "mall.cc",
        "AddBought(survivor, entry.item, entry.period, entry.quantity);",
        "AddBought(survivor, entry.item, entry.period, 0 * int64_t{entry.quantity});",
    ),
    Mutation(
        "the deadline itself is in time",
        "decide_delivery.cc",
        "if (happened_us >= order.deadline_us) return TooLate",
        "if (happened_us > order.deadline_us) return TooLate",
    ),
    Mutation(
        "an offline hold times out at its deadline",
        "state.cc",
        "IndexTimer({order.ends_us, Timer::kHold, index}, add);",
        "IndexTimer({order.deadline_us, Timer::kHold, index}, add);",
    ),
    Mutation(
        "a time-out overtakes what matured before it",
        "ledger.cc",
        "    EmitDue(volunteer, timer.due_us, now_us, inputs, emit);\n",
        "    static_cast<void>(volunteer);\n",
    ),
    # Budgets and statements.
    Mutation(
        "a budget warns with each order",
        "mall.cc",
        "return budget.warn_percent != 0 && !budget.warned &&",
        "return budget.warn_percent != 0 &&",
    ),
    Mutation(
        "a late fact is booked in its own closed month",
        "apply_order.cc",
        "const MonthNumber month = state_.BookedIn(event_.occurred_us());",
        "const MonthNumber month = MonthOf(state_.DayAt(event_.occurred_us()));",
    ),
    Mutation(
        "a statement leaves its last month out",
        "mall.cc",
        "if (through && booked.month > *through) break;",
        "if (through && booked.month >= *through) break;",
    ),
    Mutation(
        "a statement forgets the budgets of the one before",
        "mall.cc",
        "    draft.by_budget = newest.by_budget;\n",
        "",
    ),
    Mutation(
        "a reversed payment leaves its statement closed, newest or not",
        "apply_settlement.cc",
        "row.state = newest ? StatementState::kClosed : StatementState::kCarriedForward;",
        "row.state = StatementState::kClosed;",
    ),
    Mutation(
        "a write-off is posted as settled",
        "posting.cc",
        "Account::kWrittenOff, body.command()",
        "Account::kSettled, body.command()",
    ),
]


def test(program):
    """How a run ended: "passed", or what gave it away."""
    environment = os.environ | {"MERIT_PROPERTY_SEED": SEED, "MERIT_PROPERTY_SHRINK_SECONDS": "0"}
    for name in ("MERIT_PROPERTY_CASES", "MERIT_LONG"):
        environment.pop(name, None)
    try:
        done = subprocess.run([str(program)], capture_output=True, text=True, errors="replace",
                              env=environment, timeout=RUN_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return "ran too long"
    if done.returncode == 0:
        return "passed"
    if done.returncode < 0:
        return "caught: the ledger aborts"
    if "[  FAILED  ]" in done.stdout:
        return "caught: the model differs"
    raise Broken(f"{program}\n{done.stdout}{done.stderr}")


def main():
    wanted = [m for m in MUTATIONS if all(word in m.name for word in sys.argv[1:])]
    if not wanted:
        raise Broken("no mutation has this in its name")
    run(["ninja", "-C", str(TREE), TARGET])
    wide = max(len(m.name) for m in wanted)
    caught = 0

    def line(name, file, verdict, since):
        print(f"{name:{wide}}  {file:16}  {verdict:25}  {time.monotonic() - since:6.1f} s", flush=True)

    since = time.monotonic()
    verdict = test(TREE / "bin" / TARGET)
    line("the ledger as it is", "", verdict, since)
    if verdict != "passed":
        raise Broken("the property test fails without any mutation")
    for mutation in wanted:
        since = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
            verdict = test(plant(TARGET, f"ledger/{mutation.file}", mutation.old, mutation.new,
                                 Path(folder)))
        caught += verdict.startswith("caught")
        line(mutation.name, mutation.file, verdict, since)
    print(f"{caught} of {len(wanted)} caught")
    return 0 if caught == len(wanted) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        print(f"mutants: {broken}", file=sys.stderr)
        sys.exit(2)
