"""A town that people run by hand: the merit command line against a real server, as one of its
principals, with files of its own and a terminal where one is wanted."""

import os
import pathlib
import pty
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from server import Failure, Server, main  # noqa: E402,F401

LEDGER = "town"


class Town:
    def __init__(self, server, folder):
        self.server = server
        self.folder = folder

    def found(self, rule, recorded_at):
        """A migrating ledger with this rule."""
        self.run("operator", "ledger", "create", LEDGER, "--migrating", "--recorded-at",
                 recorded_at)
        self.run("operator", "rule", "publish", self.file("rule.textproto", rule),
                 "--recorded-at", recorded_at)

    def line(self, who, *words):
        return self.server.command(who, "--ledger", LEDGER, *words)

    def run(self, who, *words, code=0, typed=""):
        """What merit prints, both streams; `typed` is its standard input."""
        line, environment = self.line(who, *words)
        done = subprocess.run(line, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, input=typed)
        if done.returncode != code:
            raise Failure(f"{' '.join(line)}\nexit {done.returncode}, not {code}\n{done.stdout}")
        return done.stdout

    def json(self, who, *words):
        return self.server.json(who, "--ledger", LEDGER, *words)

    def refused(self, reason, who, *words):
        said = self.run(who, *words, code=1)
        assert f"({reason}" in said, f"{reason} expected: {said}"

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def balance(self, volunteer):
        return self.json("auditor", "balance", volunteer)["balance"]

    def principal(self, name, *flags):
        self.run("operator", "principal", "add", name, *flags, "--key-out",
                 self.folder / f"{name}.key")

    def on_terminal(self, who, typed, *words):
        """Types into a terminal of the command's own."""
        line, environment = self.line(who, *words)
        ours, theirs = pty.openpty()
        process = subprocess.Popen(line, env=dict(environment, NO_COLOR="1"), stdin=theirs,
                                   stdout=theirs, stderr=theirs)
        os.close(theirs)
        os.write(ours, typed.encode())
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said += part
        os.close(ours)
        return process.wait(), said.decode()
