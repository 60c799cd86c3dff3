"""The mall by hand, through the command line against a real server: shelf, budget, orders in one
step and two, settlement by month, pay codes, vouchers, and the counter with and without a server."""

import datetime
import json
import pathlib
import re
import signal
import stat
import subprocess
import tempfile
import time

from town import LEDGER, Failure, Server, Town, main

RULE = """effective_from_day: "2021-01-01"
earning {
  rates { category: "care" points_per_hour: 25 percentage: 100 }
  recording_unit_minutes: 15
  credited_minutes_per_day: 480
  backdating_days: 30
  auto_minutes_per_day: 480
}
expiry { never {} }
mall {
  hold_seconds_max: 3600
  voucher_days_max: 30
  offline_grace_minutes: 1440
  open_amount_fen_per_point: 10
}
"""
POINT = 6000
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
THIS_YEAR = datetime.datetime.now(SHANGHAI).year


def at(day, clock="09:00"):
    return ["--recorded-at", f"2021-{day}T{clock}:00+08:00"]


def people(town):
    town.principal("office", "--role", "platform", "--source", "office")
    town.principal("lin", "--role", "committee")
    town.principal("oda", "--role", "committee")
    for volunteer in ("ann", "bai"):
        town.run("office", "volunteer", "add", volunteer, "--age-band", "60_plus")
    town.run("office", "organisation", "add", "river", "--kind", "community")
    town.run("office", "activity", "register", "visits", "--organisation", "river", "--category",
             "care", "--campaign", "spring", "--starts-at", "2021-01-01T00:00:00+08:00")
    town.run("office", "session", "register", "s-1", "--activity", "visits", "--day", "2021-01-04",
             "--slot", "morning", "--starts-at", "2021-01-04T08:00:00+08:00", "--ends-at",
             "2021-01-04T16:00:00+08:00")
    for volunteer in ("ann", "bai"):
        town.run("office", "hours", "credit", f"r-{volunteer}", "--volunteer", volunteer,
                 "--activity", "visits", "--session", "s-1", "--from", "2021-01-04T08:00:00+08:00",
                 "--to", "2021-01-04T16:00:00+08:00", *at("01-05"))
        assert town.balance(volunteer)["available_units"] == 200 * POINT


def shelf(town):
    for merchant in ("bakery", "florist"):
        town.run("lin", "merchant", "add", merchant, "--kind", merchant)
    town.principal("till", "--role", "merchant", "--merchant", "bakery")
    town.principal("flora", "--role", "merchant", "--merchant", "florist")
    publish = ["item", "publish", "--price", "5", "--stock", "20", "--settle", "4.50", "--funding",
               "programme"]
    town.run("lin", *publish, "bun", "--merchant", "bakery", "--limit", "15/month")
    town.run("lin", *publish, "rose", "--merchant", "florist", "--age-band", "60_plus")
    town.run("office", "item", "publish", "jam", "--merchant", "bakery", "--price", "7")
    assert "was there already" in town.run("office", "item", "publish", "jam", "--merchant",
                                           "bakery", "--price", "7")
    town.run("till", "stock", "receive", "jam", "4")
    town.run("till", "stock", "return", "jam", "1", "--reason", "broken")
    town.refused("STOCK_TOO_LOW", "till", "stock", "return", "jam", "4", "--reason", "broken")
    town.refused("MERCHANT_NOT_YOURS", "flora", "stock", "receive", "jam", "4")
    shown = town.json("till", "item", "show", "jam")["item"]
    assert shown["on_hand"] == 3 and shown["sent_back"] == 1, shown
    town.run("lin", "item", "publish", "kite", "--merchant", "florist", "--price", "9", "--stock",
             "1")
    town.run("flora", "item", "withdraw", "kite", "--reason", "season")
    listed = [item["item_id"] for item in town.json("lin", "item", "list")["items"]]
    assert listed == ["bun", "rose", "jam"], listed
    assert "kite" in town.run("lin", "item", "list", "--withdrawn")
    town.run("lin", "merchant", "suspend", "florist", "--reason", "inquiry")
    town.refused("MERCHANT_SUSPENDED", "flora", "redeem", "--volunteer", "ann", "--merchant",
                 "florist", "--item", "rose")
    assert "suspended" in town.run("lin", "merchant", "list")
    town.run("lin", "merchant", "resume", "florist", "--reason", "over")


def budget(town):
    hold = ["order", "hold", "--volunteer", "ann", "--merchant", "bakery", "--item", "bun"]
    town.refused("BUDGET_EXHAUSTED", "office", *hold, "--order", "o-0")
    town.run("lin", "propose", "budget", "programme", "2021", "--yuan", "100", "--warn-percent",
             "50", "--proposal", "b-1")
    assert "budget programme 2021 by +100.00 yuan" in town.run("oda", "review")
    town.refused("SAME_PERSON", "lin", "approve", "b-1")
    town.run("oda", "approve", "b-1")
    (listed,) = town.json("lin", "budget", "list")["budgets"]
    assert listed["allocated_fen"] == 10000 and listed["reserved_fen"] == 0, listed


def orders(town):
    held = town.json("office", "order", "hold", "--volunteer", "ann", "--merchant", "bakery",
                     "--item", "bun=4", "--points", "10", "--order", "o-1", *at("01-06"))
    assert held["units"] == 30 * POINT and held["order_id"] == "o-1", held
    assert town.balance("ann")["held_units"] == 30 * POINT
    assert town.json("lin", "budget", "list")["budgets"][0]["reserved_fen"] == 4 * 450 + 10 * 10
    listed = town.json("till", "order", "list")["orders"]
    assert [order["order"]["order_id"] for order in listed] == ["o-1"], listed
    assert town.json("flora", "order", "list")["orders"] == []
    shown = town.run("till", "order", "show", "o-1", "--owner", "platform/office")
    assert "bun=4 points=10" in shown and "platform/office" in shown, shown
    town.refused("ORDER_UNKNOWN", "till", "order", "confirm", "o-1")
    town.refused("ORDER_OF_OTHER_MERCHANT", "flora", "order", "confirm", "o-1", "--owner",
                 "platform/office")
    confirm = ["order", "confirm", "o-1", "--owner", "platform/office", "--item", "bun=3",
               "--points", "10"]
    assert "25.00" in town.run("till", *confirm)
    assert "was there already" in town.run("till", *confirm)
    town.refused("ORDER_NOT_HELD", "till", "order", "confirm", "o-1", "--owner", "platform/office")
    balance = town.balance("ann")
    assert balance["held_units"] == 0 and balance["available_units"] == 175 * POINT, balance
    entries = town.run("auditor", "entries", "ann")
    assert re.search(r"order held +0\.00 +30\.00 +o-1 bakery bun=4 points=10, until 2021-01-06 "
                     r"10:00", entries), entries
    assert re.search(r"order confirmed +-25\.00 +-30\.00 +o-1 bakery bun=3 points=10", entries)
    watched = town.run("auditor", "watch", "--no-follow")
    assert "order held  ann  held +30.00  o-1" in watched, watched
    assert "订单预留" in town.run("auditor", "--lang", "zh", "watch", "--no-follow")

    town.run("office", "order", "hold", "--volunteer", "bai", "--merchant", "bakery", "--item",
             "jam", "--order", "o-2")
    town.run("lin", "order", "cancel", "o-2", "--owner", "platform/office", "--reason", "no-show")
    assert town.balance("bai")["available_units"] == 200 * POINT
    town.run("office", "order", "hold", "--volunteer", "bai", "--merchant", "bakery", "--item",
             "jam", "--order", "o-3", "--seconds", "60")
    town.run("flora", "redeem", "--volunteer", "bai", "--merchant", "florist", "--item", "rose=2",
             "--order", "f-1", *at("01-06", "11:00"))  # and o-3 timed out
    assert "hold timed out" in town.run("auditor", "entries", "bai")
    assert "timed out" in town.run("office", "order", "show", "o-3")
    town.run("flora", "order", "refund", "f-1", "--item", "rose", "--reason", "wilted")


def closing(town, statement):
    return town.json("lin", "statement", "show", statement)["figures"]["closing"]


def settlement(town):
    opening = ["statement", "open", "--all", "--through", "2021-01"]
    town.run("lin", "merchant", "offboard", "florist", "--last-day", "2021-02-03", "--reason",
             "sold", *at("01-20"))
    town.refused("PERIOD_NOT_OVER", "lin", "period", "close", "2021-01")
    town.run("lin", "period", "close", "2021-01", *at("02-01"))
    assert town.json("lin", "budget", "list")["closed_through_month"] == "2021-01"
    said = town.run("lin", *opening)
    assert re.search(r"bakery +bakery-2021-01 +0\.00 +25\.00 +25\.00 +0\.00 +14\.50 +14\.50 "
                     r"+opened", said), said
    assert re.search(r"sum +0\.00 +30\.00 +30\.00 +0\.00 +19\.00 +19\.00", said), said
    assert "no merchant has anything new" in town.run("lin", *opening)
    again = ["statement", "open", "bakery", "--through", "2021-01", "--statement", "again"]
    town.refused("PREVIOUS_STATEMENT_OPEN", "lin", *again)

    town.run("till", "statement", "object", "bakery-2021-01", "--reason", "count")
    said = town.run("lin", "statement", "close", "--all", code=1)
    assert "STATEMENT_OBJECTED" in said and re.search(r"florist.* closed", said), said
    town.run("lin", "statement", "resolve", "bakery-2021-01", "--upheld", "--reason", "recount")
    town.run("lin", "propose", "write-off", "bakery-2021-01", "--yuan", "-0.50", "--budget",
             "programme/2021", "--reason", "recount", "--proposal", "w-1")
    town.run("oda", "approve", "w-1")
    assert closing(town, "bakery-2021-01") == {"units": 25 * POINT, "fen": 1500}
    town.run("till", "statement", "close", "bakery-2021-01")
    assert "was there already" in town.run("till", "statement", "close", "bakery-2021-01")
    town.refused("STATEMENT_OVERLAPS", "lin", *again)
    town.refused("AMOUNT_DIFFERS", "lin", "statement", "pay", "bakery-2021-01", "--reference", "n",
                 "--yuan", "14.50")
    said = town.run("lin", "statement", "pay", "--all", "--reference", "bank-1")
    assert re.search(r"sum .*30\.00 .*19\.50", said), said
    assert "nothing is to be paid" in town.run("lin", "statement", "pay", "--all", "--reference",
                                               "bank-2")
    town.run("lin", "statement", "reverse", "florist-2021-01", "--reason", "account")
    assert [statement["statement_id"] for statement in
            town.json("lin", "statement", "list", "--state", "closed")["statements"]] \
        == ["florist-2021-01"]
    town.run("lin", "statement", "pay", "florist-2021-01", "--reference", "bank-3")
    assert town.json("lin", "merchant", "show", "florist")["payable_fen"] == 0

    # A late fact about a closed month: delivered in January, told in February.
    town.run("till", "redeem", "--volunteer", "ann", "--merchant", "bakery", "--item", "bun",
             "--order", "t-1", *at("02-02"))
    town.run("till", "order", "refund", "t-1", "--item", "bun", "--reason", "stale")
    town.run("office", "hours", "credit", "r-late", "--volunteer", "ann", "--activity", "visits",
             "--day", "2021-01-10", "--minutes", "60", *at("02-03"))
    assert ", booked in 2021-02" in town.run("auditor", "entries", "ann"), "late hours"
    town.refused("MERCHANT_STILL_HERE", "lin", "statement", "open", "florist", "--final")
    town.run("lin", "statement", "open", "florist", "--final", *at("02-05"))
    final = town.json("lin", "statement", "show", "florist-final")
    assert final["final"] and final["figures"]["closing"] == {"units": 0, "fen": 0}, final
    shown = town.run("auditor", "--lang", "zh", "statement", "show", "bakery-2021-01")
    assert "付款凭证" in shown and "bank-1" in shown, shown


def live(town):
    town.run("operator", "ledger", "finish-migration")
    town.run("lin", "propose", "budget", "programme", THIS_YEAR, "--yuan", "200", "--proposal",
             "b-2")
    town.run("oda", "approve", "b-2")


def pay_codes(town):
    def code(*flags):
        issued = town.json("office", "paycode", "issue", "ann", *flags)
        assert re.fullmatch(r"\d{9}", issued["pay_code"]), issued
        return issued["pay_code"]

    shown = town.run("office", "paycode", "issue", "ann")
    assert re.search(r"pay code +\d{3} \d{3} \d{3}\n", shown), shown
    one = code()
    redeem = ["redeem", "--merchant", "bakery", "--item", "bun", "--terminal", "t-9"]
    town.run("till", *redeem, "--pay-code", one, "--order", "p-1")
    assert "was there already" in town.run("till", *redeem, "--pay-code", one, "--order", "p-1")
    town.refused("PAY_CODE_USED", "till", *redeem, "--pay-code", one, "--order", "p-2")
    town.refused("PAY_CODE_OF_OTHER_MERCHANT", "till", *redeem, "--pay-code",
                 code("--merchant", "florist"), "--order", "p-2")
    town.refused("PAY_CODE_UNKNOWN", "till", *redeem, "--pay-code", "000000000", "--order", "p-2")
    short = code("--seconds", "1")
    time.sleep(1.2)
    town.refused("PAY_CODE_EXPIRED", "till", *redeem, "--pay-code", short, "--order", "p-2")
    town.run("till", *redeem, "--volunteer", "ann", "--pay-code", one, code=2)
    events = town.run("auditor", "--format", "json", "watch", "--no-follow")
    assert one not in events, "the digits of a pay code are in the log"


def vouchers(town):
    issue = ["voucher", "issue", "--volunteer", "bai", "--merchant", "bakery", "--item", "bun=2"]
    page = town.folder / "slip.html"
    said = town.run("office", *issue, "--days", "3", "--page", page)
    digits = re.search(r"(\d{4} ){4}\d{4}", said).group(0)
    assert digits in page.read_text() and "<svg" in page.read_text()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    last = datetime.datetime.now(SHANGHAI).date() + datetime.timedelta(days=2)
    assert f"Good until the end of {last}" in said, said
    town.run("office", *issue, "--page", page, code=2)  # never over another slip
    shown = town.run("till", "voucher", "show", digits.replace(" ", ""))
    assert "bun=2" in shown and "held" in shown, shown
    town.refused("ORDER_OF_OTHER_MERCHANT", "flora", "voucher", "confirm", digits)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert "a digit is wrong" in town.run("till", "voucher", "confirm", wrong, code=2)
    assert "10.00" in town.run("till", "voucher", "confirm", typed=digits + "\n")
    assert "was there already" in town.run("till", "voucher", "confirm", digits)
    events = town.run("auditor", "--format", "json", "watch", "--no-follow")
    assert digits.replace(" ", "") not in events, "the digits of a voucher are in the log"
    code, said = town.on_terminal("office", "", *issue)
    assert code == 0 and said.count("█") > 50, said


class Till:
    """A counter in a process of its own, line by line."""

    def __init__(self, town, *flags):
        line, environment = town.line("till", "counter", "--journal", town.folder / "journal",
                                      *flags)
        self.process = subprocess.Popen(line, env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, bufsize=1)
        self.said = ""

    def type(self, line):
        self.process.stdin.write(line + "\n")

    def until(self, text):
        """What is said until a line has the text."""
        begin = len(self.said)
        while text not in self.said[begin:]:
            line = self.process.stdout.readline()
            if not line:
                raise Failure(f"the counter ended before it said {text}:\n{self.said}")
            self.said += line
        return self.said[begin:]

    def quit(self):
        self.type("q")
        self.process.stdin.close()
        rest = self.process.stdout.read()
        assert self.process.wait() == 0, rest
        return rest


QUESTION = "Code, voucher or order:"


def counter(town):
    def issued():
        return town.json("office", "voucher", "issue", "--volunteer", "bai", "--merchant",
                         "bakery", "--item", "bun")["voucher_code"]

    # The merchant is the key's own.
    till = Till(town)
    assert "bakery, till-1" in till.until(QUESTION)
    before = town.balance("ann")["available_units"]
    till.type(town.json("office", "paycode", "issue", "ann")["pay_code"])
    assert "jam" in till.until("Goods")
    for typed in ("1=2", ""):
        till.type(typed)
    assert "paid 10.00 points" in till.until("DONE")
    assert town.balance("ann")["available_units"] == before - 10 * POINT
    voucher = issued()
    till.type(voucher)
    assert "bun=1" in till.until("Enter = hand over")
    till.type("")
    till.until("DONE")
    till.type(voucher)
    till.until("Enter = hand over")
    till.type("")
    assert "ORDER_NOT_HELD" in till.until("REFUSED")
    town.run("office", "order", "hold", "--volunteer", "ann", "--merchant", "bakery", "--item",
             "jam", "--order", "pick-up")
    till.type("pick-up")
    till.until("Enter = hand over")
    till.type("")
    assert "jam=1" in till.until("DONE")
    till.quit()

    # No answer in time: the same request again, and she pays once.
    till = Till(town, "--timeout", "1")
    till.until(QUESTION)
    before = town.balance("ann")["available_units"]
    till.type(town.json("office", "paycode", "issue", "ann")["pay_code"])
    till.until("Goods")
    till.type("bun")
    till.until("More goods")
    town.server.process.send_signal(signal.SIGSTOP)
    till.type("")
    till.until("NO ANSWER")
    town.server.process.send_signal(signal.SIGCONT)
    till.type("")
    till.until("DONE")
    till.quit()
    assert town.balance("ann")["available_units"] == before - 5 * POINT

    # The server is away: the goods are handed over all the same, and paid once.
    taken, also = issued(), issued()
    late = issued()
    before = town.balance("bai")
    town.server.stop()
    till = Till(town, "--merchant", "bakery")
    till.until(QUESTION)
    till.type(taken)
    till.until("Enter = hand over all of it and send it later")
    till.type("")
    till.until("DONE  noted")
    till.type(taken)
    till.until("REFUSED  this voucher was taken here")
    assert "vouchers not sent yet: 1" in till.quit()
    assert "待补报" in town.run("till", "--lang", "zh", "counter", "--merchant", "bakery",
                                "--journal", town.folder / "journal", "--send", code=3)
    town.server.start()
    town.run("office", "order", "cancel", town.json("till", "voucher", "show", late)["order"]
             ["order"]["order_id"], "--reason", "lost")
    assert "1 paid, 0 refused, 0 wait" in town.run("till", "counter", "--journal",
                                                    town.folder / "journal", "--send")
    assert "nothing waits" in town.run("till", "counter", "--journal", town.folder / "journal",
                                       "--send")
    after = town.balance("bai")
    assert after["held_units"] == before["held_units"] - 10 * POINT, (before, after)
    assert stat.S_IMODE((town.folder / "journal").stat().st_mode) == 0o600
    assert taken not in (town.folder / "journal").read_text()

    # What is refused later is told, with what to do.
    town.server.stop()
    till = Till(town, "--merchant", "bakery")
    for voucher in (late, also):
        till.until(QUESTION)
        till.type(voucher)
        till.until("Enter = hand over")
        till.type("")
        till.until("DONE  noted")
    till.quit()
    town.server.start()
    said = town.run("till", "counter", "--journal", town.folder / "journal", "--send", code=1)
    assert "1 paid, 1 refused, 0 wait" in said and "ORDER_NOT_HELD" in said, said
    code, said = town.on_terminal("till", "h\nq\n", "counter", "--journal",
                                  town.folder / "journal")
    assert code == 0 and "20 digits" in said, said


def run():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        server = Server(folder)
        try:
            server.start()
            town = Town(server, folder)
            town.found(RULE, "2021-01-01T08:00:00+08:00")
            for part in (people, shelf, budget, orders, settlement, live, pay_codes, vouchers,
                         counter):
                part(town)
                print(f"{part.__name__}: fine", flush=True)
            audit = town.json("auditor", "audit")
            assert audit["ok"], json.dumps(audit, indent=2)
            assert LEDGER in town.run("operator", "ledger", "list")
            server.stop()
        finally:
            if server.process is not None:
                server.process.send_signal(signal.SIGCONT)
                server.kill()
    return 0


main(run)
