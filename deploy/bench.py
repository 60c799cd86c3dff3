"""./dev bench: how fast the county is imported, client included, every answer durable.

Interleaved with the machine's own ceiling, the rate of fdatasync. Writes build/bench/results.json.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import time

from server import BIN, ROOT, Server, main

FOUNDED_AT = "2021-01-01T00:00:00+08:00"


def fdatasync_per_s(folder, seconds=0.5):
    block = b"\0" * 4096
    fd = os.open(folder / "fdatasync", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        begin = time.monotonic()
        count = 0
        while time.monotonic() - begin < seconds:
            os.write(fd, block)
            os.fdatasync(fd)
            count += 1
        return count / (time.monotonic() - begin)
    finally:
        os.close(fd)


def run():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    folder = ROOT / "build" / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sample = folder / "sample"
    subprocess.run([BIN / "merit", "sample", "county", sample], check=True)

    rates, syncs = [], []
    for number in range(arguments.rounds):
        round_folder = folder / "round"
        round_folder.mkdir()
        server = Server(round_folder)
        try:
            server.start()
            server.found("county", sample, FOUNDED_AT)
            imported = server.json("platform", "--ledger", "county", "import", sample,
                                   "--refused", round_folder / "refused.csv")
            server.stop()
        finally:
            if server.process is not None:
                server.kill()
        rates.append(imported["events_per_s"])
        syncs.append(fdatasync_per_s(round_folder))
        shutil.rmtree(round_folder)
        print(f"round {number + 1}: {rates[-1]:10,.0f} events/s   "
              f"{syncs[-1]:8,.0f} fdatasync/s", flush=True)
    results = {"import": {"events_per_s": round(statistics.median(rates)),
                          "events_per_s_min": round(min(rates)),
                          "events_per_s_max": round(max(rates))},
               "machine": {"fdatasync_per_s": round(statistics.median(syncs))}}
    (folder / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print(f"median:  {results['import']['events_per_s']:10,} events/s   "
          f"{results['machine']['fdatasync_per_s']:8,} fdatasync/s")
    return 0


main(run)
