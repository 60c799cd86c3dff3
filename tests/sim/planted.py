#!/usr/bin/env python3
"""Plants a bug in the server, one at a time, and demands that the simulation finds it.

Each is a text of a source, which must stand there exactly once, and another text for it. The tree is not
touched: the changed source is compiled from a copy and linked, before the libraries, with the rest of
the release tree's simulation. A bug has to be found within 500 seeds; the seed that finds it has to fail in
the same words and with the same story when it is run again, and to pass without the bug.

    tests/sim/planted.py                       all of them
    tests/sim/planted.py answer-before-durable
"""

import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from planting import TREE, Broken, plant, run  # noqa: E402

TARGET = "sim_test"
SEEDS_MAX = 500
FIRST_SEED = 1


@dataclass(frozen=True)
class Bug:
    name: str
    file: str
    old: str
    new: str


BUGS = [
    Bug("sync-skipped", "tests/sim/simulated_log_rows.cc",
          "  if (absl::Status s = file_->SyncData(); !s.ok()) return s;\n  MB_CHECK(Index(",
          "  MB_CHECK(Index("),
    Bug("guard-never-synced", "storage/guard.cc",
          "  if (absl::Status s = file_->SyncData(); !s.ok()) return s;\n  synced_ = true;",
          "  synced_ = true;"),
    Bug("guard-not-written", "storage/log_writer.cc",
          "  for (const Advance& advance : advances) {\n    Guard& guard = advance.ledger->guard;",
          "  for (const Advance& advance : std::vector<Advance>()) {\n    Guard& guard = advance.ledger->guard;"),
    Bug("answer-before-durable", "services/sequencer.cc",
          "  return durable_group_ + (in_flight_ ? 1 : 0) + (pending_.empty() ? 0 : 1);",
          "  return durable_group_;"),
    Bug("refusal-released-early", "services/sequencer.cc",
          "  waiting_.push_back({SeenGroup(), std::move(begun.call.done), std::move(begun.answers)});",
          "  bool refused = !begun.answers.empty();\n"
          "  for (const Answer& answer : begun.answers) refused &= std::holds_alternative<Refused>(answer);\n"
          "  if (refused) return begun.call.done(std::move(begun.answers));\n"
          "  waiting_.push_back({SeenGroup(), std::move(begun.call.done), std::move(begun.answers)});"),
    Bug("read-released-early", "services/sequencer.cc",
          "    call.read(*found->second);\n    FinishCall(begun);",
          "    call.read(*found->second);\n    begun.call.done({});"),
    Bug("request-ids-forgotten-at-restart", "storage/state_rows.cc",
          "    state_.AddRequest(request, {row->sequence(), row->content()});",
          "    (void)row;"),
    Bug("state-ahead-of-log", "services/sequencer.cc",
        "  pending_bytes_ = 0;\n  in_flight_ = true;\n",
        "  pending_bytes_ = 0;\n  in_flight_ = true;\n"
        "  if (!state_writes_.empty()) options_.state_sink->Write(std::exchange(state_writes_, {}));\n"),
    Bug("row-applied-twice-at-replay", "storage/state_rows.cc",
          "  RowLoader loader(ledger_id, size);",
          "  RowLoader loader(ledger_id, size - 1);"),
    Bug("hold-timed-out-by-wall-clock-at-replay", "services/sequencer.cc",
          "    appended_size_[id] = state.size();\n    ledgers[id] = *std::move(ledger);",
          "    appended_size_[id] = state.size();\n"
          "    (*ledger)->Sweep(InputsNow(), 6, [](std::string_view) {});\n"
          "    ledgers[id] = *std::move(ledger);"),
    Bug("clock-stepping-back", "ledger/decide.cc",
          "return Admitted{std::max(last_us, wall_us), true};",
          "return Admitted{wall_us, true};"),
    Bug("unknown-outcome-taken-for-done", "services/sequencer.cc",
          '      Recover("the outcome of a write is unknown");\n      return true;',
          "      ++durable_group_;\n      Release();\n"
          '      Recover("the outcome of a write is unknown");\n      return true;'),
    Bug("repetition-answered-with-another-sequence", "ledger/decide.cc",
          "return AlreadyApplied{entry->sequence};", "return AlreadyApplied{entry->sequence + 1};"),
]


def seed_of_failure(program, arguments):
    """The seed that failed and what was said of it; None if none did."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, errors="replace")
    said = done.stdout + done.stderr
    found = re.search(r"seed (\d+) (failed: [^\n]*|died|tells another story)", said)
    if found is None:
        if done.returncode != 0 and "never met" not in said:
            raise Broken(f"{program} {arguments}\n{said}")
        return None
    story = re.search(r"^story \d+", said, re.MULTILINE)
    return int(found[1]), found[2], story[0] if story else ""


def check(bug, folder, good):
    program = plant(TARGET, bug.file, bug.old, bug.new, folder)
    first = seed_of_failure(program, ["--first", str(FIRST_SEED), "--seeds", str(SEEDS_MAX)])
    if first is None:
        return f"not found in {SEEDS_MAX} seeds", False
    seed, said, _ = first
    again = [seed_of_failure(program, ["--seed", str(seed)]) for _ in range(2)]
    if again[0] is None or again[0] != again[1] or again[0][1] != said:
        return f"seed {seed} doesn't fail the same way again", False
    if seed_of_failure(good, ["--seed", str(seed)]) is not None:
        return f"seed {seed} fails without the bug, too", False
    return f"{seed - FIRST_SEED + 1:4} seeds  {said[:100]}", True


def main():
    wanted = [bug for bug in BUGS if not sys.argv[1:] or sys.argv[1] in ("all", bug.name)]
    if not wanted:
        raise Broken("there is no such plant; try: " + " ".join(bug.name for bug in BUGS))
    run(["ninja", "-C", str(TREE), "--quiet", TARGET])
    good = str(TREE / "bin" / TARGET)
    wide = max(len(bug.name) for bug in wanted)
    found = 0
    for bug in wanted:
        since = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="planted-") as folder:
            verdict, caught = check(bug, Path(folder), good)
        found += caught
        print(f"{bug.name:{wide}}  {'found' if caught else 'MISSED'}  {time.monotonic() - since:5.1f} s  {verdict}",
              flush=True)
    print(f"{found} of {len(wanted)} found")
    return 0 if found == len(wanted) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        print(f"planted: {broken}", file=sys.stderr)
        sys.exit(2)
