"""Everything that a person does by hand, through the command line against a real server: opening
balances by two people, activities, hours and their review, proposals, refunds, what-if."""

import json
import pathlib
import re
import tempfile

from town import Server, Town, main

RULE = """effective_from_day: "2021-01-01"
earning {
  rates { category: "care" points_per_hour: %d percentage: 100 }
  recording_unit_minutes: 15
  credited_minutes_per_day: 480
  backdating_days: 30
  auto_minutes_per_day: 240
  awards { award: "blood_donation" points_max: 200 times_per_year: 2 }
}
expiry { rolling_months: 12 grace_days: 30 }
review { late_submission_days: 14 revocation_points_max: 100 late_correction_days: 60 }
"""
OPENING = "volunteer_id,points,expiry_day,credited_minutes\nann,12.5,2021-12-31,60\nann,1,,\nbai,20,,\n"


def people(town):
    for name, flags in {"office": ["--role", "platform", "--source", "office"],
                        "lin": ["--role", "committee"],
                        "mei": ["--role", "committee", "--volunteer", "ann"],
                        "oda": ["--role", "committee"],
                        "till": ["--role", "merchant", "--merchant", "bakery"]}.items():
        if name == "mei":
            for volunteer in ("ann", "bai", "bai-old"):
                town.run("office", "volunteer", "add", volunteer, "--age-band", "18_59")
        if name == "till":
            town.run("office", "merchant", "add", "bakery", "--kind", "bakery")
            town.run("office", "item", "publish", "bun", "--merchant", "bakery", "--price", "5",
                     "--stock", "100")
        town.principal(name, *flags)


def opening(town):
    file = town.file("opening.csv", OPENING)
    other = town.file("other.csv", OPENING.replace("12.5", "13"))
    bad = town.file("bad.csv", OPENING.replace("12.5", "12.55555"))
    assert "column points" in town.run("nobody", "opening", "check", bad, code=2)
    checked = town.json("nobody", "opening", "check", file)
    assert checked["units"] == 201000 and checked["volunteers"] == 2, checked
    assert "is not open" in town.run("oda", "opening", "approve", file, code=1)
    town.run("lin", "opening", "propose", file)
    assert "was there already" in town.run("lin", "opening", "propose", file)
    assert "is not open" in town.run("oda", "opening", "approve", other, code=1)
    town.refused("SAME_PERSON", "lin", "opening", "approve", file)
    town.refused("SELF_REVIEW", "mei", "opening", "approve", file)
    approved = town.json("oda", "opening", "approve", file)
    assert not approved["parts"][0]["already_applied"], approved
    again = town.json("oda", "opening", "approve", file)
    assert again["parts"][0]["already_applied"], again
    assert town.balance("ann")["available_units"] == 81000


def activities(town):
    submit = ["activity", "submit", "--organisation", "river", "--category", "care",
              "--starts-at", "2021-01-01T00:00:00+08:00"]
    town.run("office", "organisation", "add", "river", "--kind", "community")
    town.run("office", "organisation", "add", "lamp", "--kind", "cause")
    town.run("office", "organisation", "roster", "river", "132")
    for name in ("visits", "parade", "fair", "meals"):
        town.run("office", *submit, name)
    waiting = town.json("lin", "review")["reviews"]
    assert [item["activity"]["activity_id"] for item in waiting] == ["visits", "parade", "fair",
                                                                     "meals"], waiting
    town.run("lin", "activity", "approve", "visits")
    town.run("lin", "activity", "reject", "parade", "--reason", "no-service")
    town.run("lin", "review", "approve", "activity", "fair")
    town.run("lin", "activity", "cancel", "fair", "--reason", "rain")
    town.run("lin", "review", "reject", "activity", "meals", "--reason", "double")
    town.refused("ACTIVITY_NOT_WAITING", "lin", "activity", "approve", "parade")


def hours(town):
    def day(record, volunteer, minutes="60", the_day="2021-01-05"):
        return [record, "--volunteer", volunteer, "--activity", "visits", "--day", the_day,
                "--minutes", minutes]

    at = ["--recorded-at", "2021-01-06T09:00:00+08:00"]
    credited = town.json("office", "hours", "credit", *day("c-1", "ann"), *at)
    assert credited["segments"][0]["units"] == 150000, credited
    assert "was there already" in town.run("office", "hours", "credit", *day("c-1", "ann"))
    waits = town.run("office", "hours", "submit", *day("s-1", "bai", "480"))
    assert "many minutes on one day" in waits, waits
    assert "当日时长超过免审上限" in town.run("office", "--lang", "zh", "record", "show",
                                              "office/s-1")
    sheet = town.file("sheet.csv", "record_id,volunteer_id,ends_at\nt-1,ann,\n"
                      "t-2,bai,2021-01-04T10:00:00+08:00\n")
    attendance = ["hours", "attendance", sheet, "--activity", "visits", "--from",
                  "2021-01-04T09:00:00+08:00", "--to", "2021-01-04T11:00:00+08:00"]
    assert town.json("office", *attendance)["credited_count"] == 2
    assert "was there already" in town.run("office", *attendance)
    town.run("office", "hours", "backfill", *day("b-1", "bai", the_day="2021-01-02"))
    town.run("office", "award", "w-1", "--volunteer", "bai", "--award", "blood_donation", "--day",
             "2021-01-03", "--points", "100")
    listed = town.run("lin", "review")
    assert "an award" in listed and "office/s-1" in listed, listed
    town.refused("SELF_REVIEW", "mei", "hours", "revoke", "office/c-1", "--reason", "x")
    code, said = town.on_terminal("lin", "r\nno-sheet\nx\na\n", "review")
    assert code == 0 and "1 approved, 1 rejected" in said, said
    assert town.json("lin", "record", "show", "office/s-1")["record"]["state"] \
        == "RECORD_STATE_REJECTED"
    town.run("office", "hours", "dispute", "office/s-1", "--reason", "sheet-found")
    town.run("lin", "review", "approve", "office/s-1")
    town.run("office", "hours", "correct", "office/s-1", "--replacement", "s-2", "--volunteer",
             "bai", "--activity", "visits", "--day", "2021-01-05", "--minutes", "240", "--reason",
             "misread")
    shown = town.json("auditor", "record", "show", "office/s-2")["record"]
    assert shown["corrects_record_id"] == "s-1", shown
    town.run("lin", "hours", "revoke", "office/t-2", "--reason", "absent")
    assert town.balance("bai")["available_units"] == 120000 + 600000 + 600000


def points(town):
    before = town.balance("bai")["available_units"]
    town.run("lin", "volunteer", "freeze", "bai", "--reason", "inquiry")
    order = ["redeem", "--volunteer", "bai", "--merchant", "bakery", "--item", "bun=2", "--order"]
    town.refused("VOLUNTEER_FROZEN", "till", *order, "o-1")
    town.run("lin", "volunteer", "unfreeze", "bai", "--reason", "over")
    town.run("lin", "volunteer", "freeze", "bai", "--reason", "inquiry")  # a second time is another
    town.refused("VOLUNTEER_FROZEN", "till", *order, "o-1")
    town.run("lin", "volunteer", "unfreeze", "bai", "--reason", "over")
    town.run("till", *order, "o-1")
    assert town.json("till", "order", "refund", "o-1", "--item", "bun", "--reason",
                     "stale")["units"] == 30000
    town.run("office", "donate", "bai", "lamp", "5")
    assert town.balance("bai")["available_units"] == before - 60000
    town.run("lin", "propose", "adjust", "bai", "--points", "-12.50", "--reason", "miscounted",
             "--proposal", "p-1")
    town.refused("SAME_PERSON", "lin", "approve", "p-1")
    town.run("oda", "approve", "p-1")
    assert town.balance("bai")["available_units"] == before - 60000 - 75000
    town.run("office", "propose", "merge", "bai-old", "bai", "--proposal", "p-2")
    assert "merge bai-old into bai" in town.run("lin", "review", "--format", "csv")
    town.run("lin", "review", "approve", "proposal", "p-2")
    assert town.balance("bai-old")["merged_into"] == "bai"
    town.refused("VOLUNTEER_MERGED", "lin", "volunteer", "close", "bai-old", "--reason", "moved")
    town.run("lin", "propose", "revoke", "office/c-1", "--reason", "absent", "--proposal", "p-3")
    town.run("lin", "reject", "p-3", "--reason", "second-thoughts")
    town.run("lin", "volunteer", "close", "ann", "--reason", "moved")
    closed = town.balance("ann")
    assert closed["closed"] and closed["available_units"] == 0, closed
    entries = town.run("auditor", "--lang", "zh", "entries", "ann")
    assert "账户关闭" in entries and "期初余额" in entries, entries


def what_if(town):
    other = town.file("other.textproto", RULE % 50)
    tried = town.json("lin", "rule", "try", other, "--since", "2021-01-01")
    assert tried["tried_position"]["issued_units"] != tried["position"]["issued_units"], tried
    shown = town.run("lin", "rule", "try", other, "--since", "2021-01-01")
    assert re.search(r"^river +[0-9.,]+ +[0-9.,]+ +\+[0-9.,]+ ", shown, re.M), shown
    assert "nothing was changed" in shown, shown
    assert town.json("auditor", "ledger", "show")["rule_version"] == 1


def run():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        server = Server(folder)
        try:
            server.start()
            town = Town(server, folder)
            town.found(RULE % 25, "2021-01-01T08:00:00+08:00")
            # Reads need no key of their own here.
            (folder / "nobody.key").write_text("nobody.x")
            (folder / "nobody.key").chmod(0o600)
            for part in (people, opening, activities, hours, points, what_if):
                part(town)
                print(f"{part.__name__}: fine", flush=True)
            audit = town.json("auditor", "audit")
            assert audit["ok"], json.dumps(audit, indent=2)
            server.stop()
        finally:
            if server.process is not None:
                server.kill()
    return 0


main(run)
