"""./dev demo: a county's two years, from import over a kill to paid merchants and the report; then the
showcase, a small ledger that goes through every kind of event.

Exit 0 only if every figure agrees with both expected.json; writes build/demo/summary.json.
"""

import argparse
import csv
import json
import pathlib
import random
import shutil
import subprocess
import textwrap
import time

from server import BIN, ROOT, Failure, Server, main

LEDGER = "county"
SHOWCASE = "showcase"
FOUNDED_AT = "2021-01-01T00:00:00+08:00"
# The ledger is migrating still, so that nothing of two years ago has lapsed meanwhile.
REDEEMED_AT = "2023-01-05T10:00:00+08:00"
UNITS_PER_POINT = 6000
FIGURES = ["volunteers", "party_members", "league_members", "volunteers_1000_earned",
           "volunteers_1000_balance", "activities", "service_minutes", "points_issued_units",
           "units_per_point", "communities", "traffic_sessions", "redeemed_units", "orders",
           "outstanding_units", "budget_allocated_fen", "budget_left_fen", "refused", "events"]


def step(text):
    print(f"\n== {text}", flush=True)


def import_county(server, ledger, sample, refused):
    return server.json("platform", "--ledger", ledger, "import", sample, "--refused", refused)


def kill_in_the_middle(server, sample, folder, expected, seed):
    """Starts an import and kills the server when a random share of it is durable."""
    goal = int(expected["events"] * random.Random(seed).uniform(0.2, 0.7))
    importer = server.popen("platform", "--ledger", LEDGER, "import", sample, "--refused",
                            folder / "refused-killed.csv", stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)
    while importer.poll() is None:
        if server.json("auditor", "--ledger", LEDGER, "ledger", "show")["size"] >= goal:
            break
        time.sleep(0.02)
    if importer.poll() is not None:
        raise Failure("the import ended before the server could be killed\n"
                      + importer.stderr.read())
    server.kill()
    complaint = importer.communicate()[1].strip().splitlines()
    if importer.returncode == 0:
        raise Failure("the import says that all is well although the server was killed")
    print(f"killed with kill -9 at {goal} events or a little later (seed {seed});"
          f" the import says: {complaint[-1] if complaint else ''}")


def rows(file):
    with open(file, encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def redeem(server, sample, folder):
    """A merchant's till of its own redeems an item for a volunteer who can pay it."""
    def auditor(*words):
        return server.json("auditor", "--ledger", LEDGER, *words)

    def units(volunteer):
        return auditor("balance", volunteer)["balance"].get("available_units", 0)

    # The donor's money is spent, and what is limited she may have had.
    item = next(item for row in rows(sample / "items.csv")
                if row["funding"] != "donor" and not row["limit_quantity"]
                and (item := auditor("item", "show", row["item_id"])["item"])["on_hand"] > item["reserved"])
    price = item["price_points"] * UNITS_PER_POINT
    volunteer = next(row["volunteer_id"] for row in rows(sample / "volunteers.csv")
                     if not row["frozen_at"] and units(row["volunteer_id"]) >= price)
    server.run("operator", "--ledger", LEDGER, "principal", "add", "demo-till", "--role",
               "merchant", "--merchant", item["merchant_id"], "--key-out", folder / "till.key")
    before = units(volunteer)
    print(server.run("till", "--ledger", LEDGER, "redeem", "--volunteer", volunteer, "--merchant",
                     item["merchant_id"], "--item", item["item_id"], "--order", "demo-order",
                     "--recorded-at", REDEEMED_AT).rstrip())
    paid = before - units(volunteer)
    if paid != price:
        raise Failure(f"{volunteer} paid {paid} units for an item of {price}")
    return paid


def settle(server, sample):
    """Every merchant's statement for both years, to the fen; what differs."""
    settled = server.settle(LEDGER, sample)
    events = settled["events"]
    budgets = json.loads((sample / "settlement" / "expected.json").read_text())["budgets"]
    paid_fen = sum(budget["paid_fen"] for budget in budgets.values())
    print(f"{events['order_held'] + events['voucher_issued']} orders were held, of which "
          f"{events['order_confirmed']} confirmed, {events['order_cancelled']} cancelled, "
          f"{events['hold_timed_out']} timed out; {events['order_redeemed']} redeemed at once; "
          f"{events['order_refunded']} refunds\n"
          f"{events['period_closed']} years closed, {events['statement_closed']} statements, "
          f"{events['payment_recorded']} payments: {paid_fen / 100:,.2f} yuan\n"
          f"{settled['figures'] - len(settled['differs'])} of {settled['figures']} figures agree: "
          "events, accounts, budgets, statements")
    return [f"settlement: {figure}" for figure in settled["differs"]]


def play_showcase(server, folder):
    """Every kind of event once or more, its count beside what a person reasoned; then an audit."""
    story = folder / "showcase"
    server.run("operator", "sample", "showcase", story)
    player = server.popen("operator", "--ledger", SHOWCASE, "--format", "csv", "sample", "play",
                          story, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    played, complaint = player.communicate()
    figures = list(csv.DictReader(played.splitlines()))
    if not figures:
        raise Failure(f"the showcase can't be played to its end\n{complaint}")
    events = {row["figure"].removeprefix("events."): row for row in figures
              if row["figure"].startswith("events.")}
    width = max(map(len, events), default=0)
    for kind, row in events.items():
        mark = "agrees" if row["differs"] == "false" else f"DIFFERS, expected {row['expected']}"
        print(f"{kind:{width}} {row['found']:>4}  {mark}")
    differing = [f"showcase {row['figure']}: expected {row['expected']}, the ledger has "
                 f"{row['found']}" for row in figures if row["differs"] != "false"]
    print(f"{len(figures) - len(differing)} of {len(figures)} figures agree: events, balances, "
          "accounts, statements, refusals")
    audit = server.json("auditor", "--ledger", SHOWCASE, "audit", codes=(0, 1))
    print(server.run("auditor", "--ledger", SHOWCASE, "audit", codes=(0, 1)).rstrip())
    if not audit["ok"]:
        differing.append("the audit of the showcase found something")
    return {kind: int(row["found"]) for kind, row in events.items()}, differing


def run():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30),
                        help="of the moment at which the server is killed")
    parser.add_argument("--sample", type=pathlib.Path,
                        help="import this folder instead of making the county's")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "demo",
                        help="where everything goes; emptied first")
    arguments = parser.parse_args()

    folder = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sample = folder / "sample"
    if arguments.sample:
        shutil.copytree(arguments.sample, sample)
    else:
        step("A county's records of two years")
        print(f"written to {sample}")
        subprocess.run([BIN / "merit", "--format", "json", "sample", "county", sample], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    expected_file = sample / "expected.json"
    expected = json.loads(expected_file.read_text())

    server = Server(folder)
    try:
        server.start()
        server.found(LEDGER, sample, FOUNDED_AT)

        step("Import, and kill the server in the middle")
        kill_in_the_middle(server, sample, folder, expected, arguments.seed)
        seconds = server.start()
        size = server.json("auditor", "--ledger", LEDGER, "ledger", "show")["size"]
        print(f"started again in {seconds:.2f} s with {size} events")

        step("Import again: nothing doubles")
        imported = import_county(server, LEDGER, sample, folder / "refused.csv")
        print(f"{imported['applied']} new, {imported['already_applied']} there already, "
              f"{sum(imported['refused'].values())} refused, each for its own reason:")
        # A count stays on the line of its reason.
        reasons = ", ".join(f"{count}~{reason}" for reason, count in imported["refused"].items())
        print(textwrap.fill(reasons, width=100).replace("~", " "))

        report = server.json("auditor", "--ledger", LEDGER, "report", "summary")
        (folder / "report.json").write_text(json.dumps(report, indent=2) + "\n")
        # The comparison stands beside the figures as they were published.
        table = server.run("auditor", "--ledger", LEDGER, "report", "summary", "--expect",
                           expected_file, codes=(0, 1))

        step("The merchants are paid")
        settlement_differing = settle(server, sample)

        step("A merchant redeems")
        paid = redeem(server, sample, folder)
        later = server.json("auditor", "--ledger", LEDGER, "report", "summary")
        if later["redeemed_units"] != report["redeemed_units"] + paid:
            raise Failure("the report doesn't show the redemption")

        step("Audit: every event replayed, every balance compared")
        audit = server.json("auditor", "--ledger", LEDGER, "audit", codes=(0, 1))
        print(server.run("auditor", "--ledger", LEDGER, "audit", codes=(0, 1)).rstrip())

        step("The committee's report")
        print(table.rstrip())

        step("The showcase: every kind of event, in a ledger of its own")
        showcase_events, showcase_differing = play_showcase(server, folder)

        step("The same import, uninterrupted, into a second ledger")
        server.found("county-rate", sample, FOUNDED_AT)
        rate = import_county(server, "county-rate", sample, folder / "refused-rate.csv")
        print(f"{rate['applied']} events in {rate['seconds']:.2f} s: "
              f"{rate['events_per_s']:.0f} events/s, every answer durable")
        server.stop()
    finally:
        if server.process is not None:
            server.kill()

    summary = {key: report.get(key, 0) for key in FIGURES if key not in ("refused", "events")}
    summary |= {"refused": imported["refused"], "events": report["size"],
                "audit_ok": bool(audit["ok"]), "import_events_per_s": round(rate["events_per_s"]),
                "demo_redeemed_units": paid, "settlement_ok": not settlement_differing,
                "showcase_events": showcase_events,
                "showcase_ok": not showcase_differing}
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")

    differing = [f"{key}: expected {expected.get(key)}, the ledger has {summary[key]}"
                 for key in FIGURES if not agrees(key, expected.get(key), summary[key])]
    if rate["refused"] != imported["refused"]:
        differing.append(f"refused in the second ledger: {rate['refused']}")
    if not summary["audit_ok"]:
        differing.append("the audit found something")
    differing += settlement_differing + showcase_differing
    for line in differing:
        print(f"differs: {line}")
    print(f"\n{'all figures agree' if not differing else 'NOT all figures agree'};"
          f" summary in {folder / 'summary.json'}")
    return 1 if differing else 0


def agrees(key, expected, found):
    """Equal; of the communities, every expected figure."""
    if key == "communities":
        return all(found.get(name, 0) == value for name, value in expected.items())
    return expected == found


main(run)
