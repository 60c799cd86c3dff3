"""A meritd with --dev keys in a folder of its own, and the merit command line against it."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = ROOT / "build" / "release" / "bin"


class Failure(Exception):
    """Something that the demo or the benchmark can't go on after; the text says what."""


class Server:
    def __init__(self, folder, flags=()):
        self.flags = list(flags)
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.port_file = self.folder / "port"
        self.log = self.folder / "meritd.log"
        self.process = None

    def start(self, start_seconds_max=60):
        self.port_file.unlink(missing_ok=True)
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [BIN / "meritd", "--dev", "--data", self.data, "--listen", "127.0.0.1:0",
                 "--port-file", self.port_file, *self.flags], stdout=log, stderr=log)
        begin = time.monotonic()
        while not self.port_file.exists():
            if self.process.poll() is not None:
                raise Failure(f"meritd ended at start:\n{self.log.read_text()}")
            if time.monotonic() - begin > start_seconds_max:
                raise Failure("meritd does not start")
            time.sleep(0.01)
        return time.monotonic() - begin

    def kill(self):
        """Like a power cut for the process: no clean stop."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure("meritd does not stop") from None
        self.process = None
        if code != 0:
            raise Failure(f"meritd did not stop cleanly:\n{self.log.read_text()}")

    def command(self, role, *arguments):
        """The command line and its environment, as the principal dev-<role>."""
        environment = dict(os.environ, LC_ALL="C.UTF-8",
                           MERIT_SERVER=f"127.0.0.1:{self.port_file.read_text().strip()}")
        environment.pop("MERIT_KEY", None)
        key = arguments and role
        line = [str(BIN / "merit")]
        if key:
            line += ["--key-file", str(self.key_file(role))]
        return line + [str(argument) for argument in arguments], environment

    def key_file(self, role):
        made = self.folder / f"{role}.key"
        return made if made.exists() else self.data / "dev-keys" / f"{role}.key"

    def popen(self, role, *arguments, **options):
        line, environment = self.command(role, *arguments)
        return subprocess.Popen(line, env=environment, **options)

    def run(self, role, *arguments, codes=(0,)):
        """Runs merit and returns its standard output."""
        line, environment = self.command(role, *arguments)
        done = subprocess.run(line, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode not in codes:
            raise Failure(f"{' '.join(line)}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def json(self, role, *arguments, codes=(0,)):
        return json.loads(self.run(role, *arguments, "--format", "json", codes=codes))

    def found(self, ledger, sample, recorded_at):
        """A migrating ledger with the rule and the budgets of a sample, ready for its import."""
        self.run("operator", "--ledger", ledger, "ledger", "create", ledger, "--migrating",
                 "--recorded-at", recorded_at)
        self.run("operator", "--ledger", ledger, "rule", "publish", sample / "rule.textproto",
                 "--recorded-at", recorded_at)
        # Two people allocate them, which an import can't do.
        self.run("operator", "--ledger", ledger, "sample", "play", sample / "budgets")

    def settle(self, ledger, sample):
        """Closes the sample's years and pays its merchants; what came of it."""
        return self.json("operator", "--ledger", ledger, "sample", "play", sample / "settlement",
                         codes=(0, 1))


def main(run):
    """Runs run(), turns a Failure into one clear message and exit code 1."""
    try:
        sys.exit(run())
    except Failure as failure:
        print(f"failed: {failure}", file=sys.stderr)
        sys.exit(1)
