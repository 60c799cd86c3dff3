"""Backups in the midst of a full import, restored elsewhere, over guards that saw more, and killed."""

import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from server import BIN, Server  # noqa: E402

LEDGER = "county"
FOUNDED_AT = "2021-01-01T00:00:00+08:00"
KILLS = 50 if os.environ.get("MERIT_LONG") else 4


def events(server):
    """SHA-256 over all events but what is random in them, how many they are, and losses declared."""
    watch = server.popen("auditor", "--ledger", LEDGER, "watch", "--no-follow", "--format", "json",
                         stdout=subprocess.PIPE, text=True)
    hashed = hashlib.sha256()
    count = 0
    losses = []
    for line in watch.stdout:
        event = json.loads(line)
        assert event.pop("salt"), "an event without salt"
        if "principal_registered" in event:
            assert event["principal_registered"]["command"].pop("key_sha256"), "no key"
        if "loss_declared" in event:
            losses.append((event["sequence"], event["loss_declared"]["command"]))
        hashed.update(json.dumps(event, sort_keys=True).encode())
        count += 1
    assert watch.wait() == 0
    return hashed.hexdigest(), count, losses


def size(server):
    return server.json("auditor", "--ledger", LEDGER, "ledger", "show")["size"]


def report(server):
    return server.json("auditor", "--ledger", LEDGER, "report", "summary")


def differing(one, other):
    """The figures of two reports that aren't the same."""
    return {key: (one.get(key), other.get(key)) for key in one.keys() | other.keys()
            if one.get(key) != other.get(key)}


def import_all(server, sample):
    return server.json("platform", "--ledger", LEDGER, "import", sample, "--refused",
                       server.folder / "refused.csv")


def restore(*words):
    """Exit code and all that is said."""
    done = subprocess.run([BIN / "merit", "restore", *map(str, words)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def backed_up(folder):
    folder.mkdir()
    config = folder / "meritd.conf"
    config.write_text(f'backup_dir: "{folder / "backups"}"\n')
    return Server(folder, ["--config", config])


def back_up_during_import(server, sample, goals):
    """A backup at each goal of events; the server is killed after the last one."""
    importer = server.popen("platform", "--ledger", LEDGER, "import", sample, "--refused",
                            server.folder / "refused.csv", stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    backups = []
    for goal in goals:
        while (before := size(server)) < goal:
            assert importer.poll() is None, "the import ended too early"
        backups.append(server.json("operator", "backup"))
        assert backups[-1]["ledgers"][0]["size"] >= before, "less than was durable before"
    assert importer.poll() is None, "the import ended before its backups"
    server.kill()
    importer.wait()
    return backups


def refusals(server, folder):
    """What is wrong with flags or settings is said before anything is done."""
    server.run("operator", "backup", codes=(1,))  # no backup_dir
    config = folder / "wrong.conf"
    config.write_text(f'backup_dir: "{server.data}/backups"\n')
    checked = subprocess.run([BIN / "meritd", "--dev", "--check-config", "--data", server.data,
                              "--config", config], stderr=subprocess.PIPE, text=True, check=False)
    assert checked.returncode == 2 and "backup_dir" in checked.stderr, checked
    code, said = restore(folder / "nothing", "--data", folder / "nowhere")
    assert code == 1 and "no backup" in said, said
    code, said = restore(folder / "nothing", "--data", folder / "nowhere", "--declare-loss", "fire")
    assert code == 2, said


def one_at_a_time(server):
    """Of some at once all but one are refused; which depends on luck, so again until it was seen."""
    for _ in range(20):
        calls = [server.popen("operator", "backup", stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) for _ in range(3)]
        ends = [(call.communicate()[1], call.returncode) for call in calls]
        assert any(code == 0 for _, code in ends), f"none was made: {ends}"
        refused = [said for said, code in ends if code != 0]
        assert all("BACKUP_UNDER_WAY" in said for said in refused), f"another refusal: {refused}"
        if refused:
            return
    raise AssertionError("no two backups ever met")


def flip_a_bit(backups):
    table = max((backups / "shared_checksum").iterdir(), key=lambda file: file.stat().st_size)
    whole = table.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 16
    table.write_bytes(changed)
    return table, whole


def kill_restorations(server, draw):
    """Restores the server's newest backup over its store, killed at any point; all is there after."""
    killed = 0
    begin = time.monotonic()
    words = [BIN / "meritd", "restore", server.folder / "backups", "--data", server.data,
             "--replace"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    whole_seconds = time.monotonic() - begin
    while killed < KILLS:
        restoring = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0, whole_seconds))
        restoring.send_signal(signal.SIGKILL)
        killed += restoring.wait() == -signal.SIGKILL
        server.start()
        yield
        server.stop()
        for moved in server.data.glob("*.replaced-*"):
            shutil.rmtree(moved)


def lose(server, backups):
    """The log's disk is gone, the guards survived; the older backup is restored over them."""
    kept = backups[0]["ledgers"][0]["size"]
    newest = backups[1]["ledgers"][0]["size"]
    shutil.rmtree(server.data / "log")
    words = [server.folder / "backups", "--data", server.data, "--backup",
             backups[0]["backup_id"]]
    code, said = restore(*words)
    assert code == 1 and LEDGER in said and f"{kept} events" in said and "lost" in said, said
    assert not (server.data / "log").exists(), "restored although it was refused"
    code, said = restore(*words, "--declare-loss", "disk-lost", "--by", "zhou")
    assert code == 0, said
    for _ in range(2):  # the second start declares nothing any more
        server.start()
        digest, count, losses = events(server)
        assert [sequence for sequence, _ in losses] == [kept], f"declared: {losses}, kept {kept}"
        assert losses[0][1]["guard_size"] >= newest, f"the guard had seen {losses[0][1]}"
        assert losses[0][1]["declared_by"] == "zhou" and losses[0][1]["reason_code"] == "disk-lost"
        assert count == kept + 1, f"{count} events, {kept} were kept"
        assert not list((server.data / "loss").iterdir()), "the note is there still"
        server.stop()
    server.start()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    seed = parser.parse_args().seed
    print(f"seed {seed}; again: tests/e2e/backup_test.py --seed {seed}", flush=True)
    draw = random.Random(seed)
    servers = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        sample = folder / "sample"
        subprocess.run([BIN / "merit", "sample", "county", sample], check=True)
        expected = json.loads((sample / "expected.json").read_text())["events"]
        try:
            (folder / "whole").mkdir()
            whole = Server(folder / "whole")
            first = backed_up(folder / "first")
            elsewhere = backed_up(folder / "elsewhere")
            servers += [whole, first, elsewhere]
            for server in (whole, first):
                server.start()
                server.found(LEDGER, sample, FOUNDED_AT)
            refusals(whole, folder)
            import_all(whole, sample)
            undisturbed = events(whole)
            backups = back_up_during_import(
                first, sample, [expected * draw.uniform(0.1, 0.3), expected * draw.uniform(0.4, 0.6)])
            assert backups[1]["new_bytes"] < backups[1]["bytes"], f"not incremental: {backups}"
            print(f"backups in the midst of {expected} events: " + ", ".join(
                f"{b['ledgers'][0]['size']} events, {b['new_bytes']} of {b['bytes']} bytes new"
                for b in backups), flush=True)

            # Also by a path that isn't whole.
            code, said = restore(os.path.relpath(first.folder / "backups"), "--data",
                                 elsewhere.data)
            assert code == 0, said
            elsewhere.start()
            assert size(elsewhere) == backups[1]["ledgers"][0]["size"]
            again = import_all(elsewhere, sample)
            assert again["applied"] > 0 and again["already_applied"] > 0, again
            assert events(elsewhere) == undisturbed, "other events after the restoration"
            assert report(elsewhere) == report(whole), "another report after the restoration"
            audit = elsewhere.json("auditor", "--ledger", LEDGER, "audit")
            assert audit["ok"], f"the audit finds something: {audit}"

            table, bytes_whole = flip_a_bit(first.folder / "backups")
            code, said = restore(first.folder / "backups", "--data", folder / "damaged" / "data")
            assert code == 1 and table.name in said, f"exit {code}: {said}"
            table.write_bytes(bytes_whole)

            lose(first, backups)
            audit = first.json("auditor", "--ledger", LEDGER, "audit")
            assert audit["ok"], f"the audit finds something after a loss: {audit}"
            import_all(first, sample)
            differs = differing(report(first), report(whole))
            assert differs.keys() == {"size"}, f"another report after a loss made good: {differs}"
            assert differs["size"][0] == differs["size"][1] + 1, differs  # the declaration

            one_at_a_time(elsewhere)
            newest = elsewhere.json("operator", "backup", "--keep", "1")
            listed = elsewhere.json("operator", "backup", "list")["backups"]
            assert [b["backup_id"] for b in listed] == [newest["backup_id"]], f"kept {listed}"
            elsewhere.stop()
            for _ in kill_restorations(elsewhere, draw):
                assert size(elsewhere) == newest["ledgers"][0]["size"], "killed between two stores"
            elsewhere.start()
            assert events(elsewhere) == undisturbed, "other events after killed restorations"
            for server in servers:
                server.stop()
        finally:
            for server in servers:
                if server.process is not None:
                    server.kill()
    return 0


sys.exit(main())
