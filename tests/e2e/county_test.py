"""The county in full: killed at random and repeated, or with the state deleted, nothing changes."""

import argparse
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from server import BIN, Server  # noqa: E402

LEDGER = "county"
FOUNDED_AT = "2021-01-01T00:00:00+08:00"


def digest(server):
    """SHA-256 over all events but what is random in them, and how many they are."""
    watch = server.popen("auditor", "--ledger", LEDGER, "watch", "--no-follow", "--format", "json",
                         stdout=subprocess.PIPE, text=True)
    hashed = hashlib.sha256()
    count = 0
    for line in watch.stdout:
        event = json.loads(line)
        assert event.pop("salt"), "an event without salt"
        if "principal_registered" in event:
            assert event["principal_registered"]["command"].pop("key_sha256"), "no key"
        hashed.update(json.dumps(event, sort_keys=True).encode())
        count += 1
    assert watch.wait() == 0
    return hashed.hexdigest(), count


def report(server):
    return server.json("auditor", "--ledger", LEDGER, "report", "summary")


def import_all(server, sample):
    return server.json("platform", "--ledger", LEDGER, "import", sample, "--refused",
                       server.folder / "refused.csv")


def import_with_kills(server, sample, kills, draw):
    for _ in range(kills):
        importer = server.popen("platform", "--ledger", LEDGER, "import", sample, "--refused",
                                server.folder / "refused.csv", stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.1, 1.2))
        server.kill()
        importer.wait()
        server.start()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    seed = parser.parse_args().seed
    print(f"seed {seed}; again: tests/e2e/county_test.py --seed {seed}", flush=True)
    draw = random.Random(seed)
    servers = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        sample = folder / "sample"
        subprocess.run([BIN / "merit", "sample", "county", sample], check=True)
        try:
            for name in ("whole", "killed"):
                (folder / name).mkdir()
                server = Server(folder / name)
                servers.append(server)
                server.start()
                server.found(LEDGER, sample, FOUNDED_AT)
            whole, killed = servers
            first = import_all(whole, sample)
            second = import_all(whole, sample)
            assert second["applied"] == 0, f"an import twice adds {second['applied']} events"
            assert second["refused"] == first["refused"], "a refused row changes its reason"
            import_with_kills(killed, sample, 3, draw)
            import_all(killed, sample)
            for server in servers:
                settled = server.settle(LEDGER, sample)
                assert not settled["differs"], f"settled otherwise: {settled['differs']}"
                assert settled["figures"] > 1100, f"only {settled['figures']} figures compared"

            events = digest(whole)
            print(f"{events[1]} events, {events[0]}")
            assert digest(killed) == events, "other events after kills"
            assert report(killed) == report(whole), "another report after kills"

            killed.stop()
            shutil.rmtree(killed.data / "state")
            killed.start()
            assert report(killed) == report(whole), "another report without the state"
            audit = killed.json("auditor", "--ledger", LEDGER, "audit")
            assert audit["ok"], f"the audit finds something: {audit}"
            for server in servers:
                server.stop()
        finally:
            for server in servers:
                if server.process is not None:
                    server.kill()
    return 0


sys.exit(main())
