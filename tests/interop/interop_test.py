"""Other people's tools accept our checkpoints, tiles and proofs, and refuse them with a bit changed.

Go's note and tlog, npm's @sigstore/verify and sigsum-witness judge a log as it grows. What they need
lands in build/interop. Prints which ran; fails if one of the first two did not. The third may be
missing only if its package can't be had.
"""

import argparse
import base64
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
import note  # noqa: E402
import tree  # noqa: E402
import witness  # noqa: E402
from log_source import origin_for  # noqa: E402
from own_log import OwnLog  # noqa: E402
from tampering import Tampering, fetch  # noqa: E402

BUILD = ROOT / "build" / "interop"
GO_NOT_FETCHED, GO_CHECKPOINT, GO_TREE, GO_INCONSISTENT = 3, 4, 5, 6
NPM_REFUSED = 4
NODE_18 = (18, 17)


class Missing(Exception):
    """A tool can't be had; the message says why."""


def run(command, wanted, what, **options):
    """Demands one exit code; the output."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, timeout=300, **options)
    assert done.returncode == wanted, f"{what}: exit {done.returncode}, not {wanted}: {done.stdout}"
    return done.stdout.strip()


class GoTool:
    """tests/interop/go/verify.go over golang.org/x/mod of Debian's."""

    name = "Go's x/mod note and tlog"

    def __init__(self, chance):
        if shutil.which("go") is None:
            raise Missing("no go: Debian's golang-go and golang-golang-x-mod-dev")
        if not pathlib.Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog").is_dir():
            raise Missing("no golang.org/x/mod: Debian's golang-golang-x-mod-dev")
        self.chance = chance
        self.program = BUILD / "go" / "verify"
        environment = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "",
                       "GOCACHE": str(BUILD / "go" / "cache"), "CGO_ENABLED": "0",
                       "PATH": "/usr/bin:/bin", "HOME": str(BUILD)}
        # Not `go run`, which makes every exit code 1.
        run(["go", "build", "-o", self.program, HERE / "go" / "verify.go"], 0, "go build",
            env=environment)

    def verify(self, where, source, wanted, what, older=(), bearer=None, entries=8, seed=None):
        command = [self.program, "-log", where, "-vkey", source.signer.vkey(),
                   "-bearer", source.bearer if bearer is None else bearer,
                   "-entries", entries, "-seed", seed or self.chance.getrandbits(40)]
        with tempfile.TemporaryDirectory() as folder:
            for number, text in enumerate(older):
                path = pathlib.Path(folder) / str(number)
                path.write_bytes(text)
                command.append(path)
            return run(command, wanted, f"{self.name}, {what}")

    def accepts(self, source, older):
        print("  go:", self.verify(source.base_url, source, 0, "the log as it is", older))

    def accepts_a_folder(self, source, folder, older):
        print("  go, files:", self.verify(folder, source, 0, "the log as files", older))

    def needs_the_key(self, source):
        self.verify(source.base_url, source, GO_NOT_FETCHED, "without a key", bearer="")
        self.verify(source.base_url, source, GO_NOT_FETCHED, "a wrong key", bearer="wrong")

    def refuses_liars(self, source, checkpoint):
        """Older checkpoints, rightly signed, with which the log is inconsistent."""
        forged = []
        for size, root in ((checkpoint.size - 1, b"\x07" * 32),
                           (checkpoint.size, note.flip(checkpoint.root, 0)),
                           (checkpoint.size + 1, checkpoint.root)):
            body = note.checkpoint_body(source.signer.name, size, root)
            forged.append(body + b"\n" + source.signer.line(body))
        for text in forged:
            self.verify(source.base_url, source, GO_INCONSISTENT, "a fork", [text])
        self.verify(source.base_url, source, GO_CHECKPOINT, "an older one not signed",
                    [checkpoint.with_flipped_signature(source.signer.vkey(), 300)])

    def refuses_flips(self, source):
        """One bit of each resource that it reads."""
        between = Tampering(source.base_url)
        try:
            seed = self.chance.getrandbits(40)
            arguments = {"entries": 3, "seed": seed}
            self.verify(between.base_url, source, 0, "through a proxy", **arguments)
            paths = sorted(set(between.asked))
            levels = {path.split("/")[1] for path in paths if path != "checkpoint"}
            assert levels == {"entries", "0", "1", "2"}, levels
            for path in paths:
                bit = self.chance.getrandbits(20)
                if path == "checkpoint":
                    self._refuses_checkpoints(between, source, bit)
                    continue
                between.set(path, lambda data, bit=bit: note.flip(data, bit))
                self.verify(between.base_url, source, GO_TREE, f"bit {bit} of {path}", **arguments)
            print(f"  go: refused a bit in each of {len(paths)} resources")
        finally:
            between.close()

    def _refuses_checkpoints(self, between, source, bit):
        vkey = source.signer.vkey()
        for what, change in (
                ("signature", lambda text: note.Checkpoint(text).with_flipped_signature(vkey, bit)),
                ("size", lambda text: other_size(text)),
                ("root", lambda text: other_root(text, bit))):
            between.set("checkpoint", change)
            self.verify(between.base_url, source, GO_CHECKPOINT, f"bit {bit} of the {what}")


def other_size(text):
    checkpoint = note.Checkpoint(text)
    return text.replace(f"\n{checkpoint.size}\n".encode(), f"\n{checkpoint.size ^ 1}\n".encode(), 1)


def other_root(text, bit):
    checkpoint = note.Checkpoint(text)
    changed = note.checkpoint_body(checkpoint.origin, checkpoint.size,
                                   note.flip(checkpoint.root, bit))
    return changed + text[len(checkpoint.body):]


class NpmTool:
    """tests/interop/npm/verify.js over npm's @sigstore/verify."""

    name = "npm's @sigstore/verify"

    def __init__(self, chance):
        self.chance = chance
        if shutil.which("npm") is None or shutil.which("node") is None:
            raise Missing("no npm: Debian's nodejs and npm")
        version = run(["node", "--version"], 0, "node").removeprefix("v")
        if tuple(int(part) for part in version.split(".")[:2]) < NODE_18:
            raise Missing(f"Node {version} is older than 18.17")
        self.folder = BUILD / "npm"
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "verify.js"):
            shutil.copyfile(HERE / "npm" / name, self.folder / name)
        if self._installed() != "2.1.1":
            run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts"], 0,
                "npm install", cwd=self.folder)
        assert self._installed() == "2.1.1", self._installed()

    def _installed(self):
        if not (self.folder / "node_modules/@sigstore/verify/package.json").exists():
            return None
        return run(["node", "-p", "require('@sigstore/verify/package.json').version"], 0, "node",
                   cwd=self.folder)

    def verify(self, vkey, pairs, wanted, what):
        with tempfile.TemporaryDirectory() as folder:
            command = ["node", self.folder / "verify.js", vkey]
            for number, pair in enumerate(pairs):
                for kind, content in zip(("proof", "entry"), pair):
                    path = pathlib.Path(folder) / f"{number}.{kind}"
                    path.write_bytes(content)
                    command.append(path)
            return run(command, wanted, f"{self.name}, {what}")

    def accepts(self, source, indexes):
        pairs = [(source.inclusion_proof(index), entry_of(source, index)) for index in indexes]
        print("  npm:", self.verify(source.signer.vkey(), pairs, 0, "the log as it is"))

    def refuses_flips(self, source, index):
        vkey = source.signer.vkey()
        proof, entry = source.inclusion_proof(index), entry_of(source, index)
        head, checkpoint = proof.split(b"\n\n", 1)
        head += b"\n\n"
        bit = self.chance.getrandbits(20)
        broken = note.Checkpoint(checkpoint).with_flipped_signature(vkey, bit)
        cases = [("signature", head + broken, entry),
                 ("root", head + other_root(checkpoint, bit), entry),
                 ("entry", proof, note.flip(entry, bit) if entry else b"\x00"),
                 ("index", proof.replace(f"index {index}\n".encode(),
                                         f"index {index ^ 1}\n".encode()), entry)]
        lines = head.split(b"\n")
        for at in range(2, len(lines) - 2):
            changed = lines[:at] + [flip_base64(lines[at], bit)] + lines[at + 1:]
            cases.append((f"hash {at - 2}", b"\n".join(changed) + checkpoint, entry))
        without = lines[:2] + lines[3:]
        cases.append(("a hash less", b"\n".join(without) + checkpoint, entry))
        self.verify(vkey, [(proof, entry)], 0, "the proof that is then changed")
        for what, changed_proof, changed_entry in cases:
            assert (changed_proof, changed_entry) != (proof, entry), what
            self.verify(vkey, [(changed_proof, changed_entry)], NPM_REFUSED, f"{what}, bit {bit}")
        print(f"  npm: refused {len(cases)} changes to the proof of entry {index}")


def flip_base64(line, bit):
    return base64.b64encode(note.flip(base64.b64decode(line, validate=True), bit))


def checkpoint_of(source):
    """The checkpoint, which must need no key."""
    status, kind, text = fetch(source.base_url + "/checkpoint")
    assert (status, kind) == (200, "text/plain; charset=utf-8"), (status, kind)
    return note.Checkpoint(text)


def entry_of(source, index):
    checkpoint = checkpoint_of(source)
    number = index // tree.WIDTH
    width = tree.width_at("entries", number, checkpoint.size)
    return tree.parse_bundle(resource(source, "entries", number, width))[index % tree.WIDTH]


def resource(source, level, index, width):
    path = tree.tile_path(level, index, width)
    status, kind, data = fetch(f"{source.base_url}/{path}", f"Bearer {source.bearer}")
    assert (status, kind) == (200, "application/octet-stream"), (path, status, kind)
    return data


def write_files(source, folder):
    """All of a log as files, which is what an export is."""
    checkpoint = checkpoint_of(source)
    for tile in tree.tiles_of(checkpoint.size):
        path = folder / tree.tile_path(*tile)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(resource(source, *tile))
    (folder / "checkpoint").write_bytes(checkpoint.text)


def fork(size, seed):
    """A tree of other entries than any log's."""
    other = tree.Tree()
    for number in range(size):
        other.append(f"fork {seed} {number}".encode())
    return other


class Judges:
    """All tools that there are, and what is said of those that there aren't."""

    def __init__(self, source, chance):
        self.source = source
        self.chance = chance
        self.said = {}
        self.go = self._made(GoTool)
        self.npm = self._made(NpmTool)
        self.story = None
        self.running = None
        self._start_witness()

    def _made(self, kind):
        try:
            tool = kind(self.chance)
        except (Missing, AssertionError, subprocess.TimeoutExpired) as error:
            self.said[kind.name] = f"DID NOT RUN: {error}"
            return None
        self.said[kind.name] = "ran"
        return tool

    def _start_witness(self):
        name = "sigsum-witness"
        try:
            programs = witness.package(BUILD / "witness")
        except witness.Unavailable as reason:
            self.said[name] = f"skipped: {reason}"
            return
        folder = BUILD / "witness" / "run"
        shutil.rmtree(folder, ignore_errors=True)
        self.running = witness.SigsumWitness(programs, folder, self.source.signer.public)
        self.story = witness.Story(self.running, self.source)
        self.said[name] = "ran"

    def judge(self, checkpoint, older):
        """One checkpoint, while it is the newest."""
        print(f"size {checkpoint.size}")
        if self.go:
            self.go.accepts(self.source, [one.text for one in older])
        if self.npm:
            last = checkpoint.size - 1
            some = {0, last} | {self.chance.randrange(last + 1) for _ in range(4)}
            self.npm.accepts(self.source, sorted(some))
        if self.story:
            self.story.grew(checkpoint)

    def judge_liars(self, checkpoints):
        """What is refused, at the end."""
        newest = checkpoints[-1]
        if self.go:
            self.go.needs_the_key(self.source)
            self.go.refuses_liars(self.source, newest)
            self.go.refuses_flips(self.source)
            with tempfile.TemporaryDirectory() as folder:
                write_files(self.source, pathlib.Path(folder))
                self.go.accepts_a_folder(self.source, folder, [one.text for one in checkpoints])
        if self.npm:
            self.npm.refuses_flips(self.source, self.chance.randrange(newest.size))
        if self.story:
            self.story.rolled_back(checkpoints[-2])
            self.story.forked(fork(newest.size + 3, self.chance.getrandbits(32)))
            print(f"  witness: cosigned {self.story.cosigned} checkpoints, answered 409 to a"
                  " rollback and 422 to a fork")

    def close(self):
        if self.running:
            self.running.close()


def judged(source, chance):
    """True if at least the first two tools ran; all that ran must have been content."""
    assert source.signer.name == origin_for(source.signer.public), "not sigsum-witness's origin"
    judges = Judges(source, chance)
    try:
        checkpoints = []
        while True:
            checkpoint = checkpoint_of(source)
            judges.judge(checkpoint, checkpoints)
            checkpoints.append(checkpoint)
            if not source.grow():
                break
            assert checkpoint_of(source).size > checkpoint.size, "the log did not grow"
        assert checkpoints[-1].size > 65536, "no tile of level 2 was seen"
        judges.judge_liars(checkpoints)
    finally:
        judges.close()
    for name, what in judges.said.items():
        print(f"{name}: {what}")
    return judges.go is not None and judges.npm is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    arguments = parser.parse_args()
    print(f"replay with: /usr/bin/python3 tests/interop/interop_test.py --seed {arguments.seed}")
    source = OwnLog(arguments.seed)
    try:
        return 0 if judged(source, random.Random(arguments.seed)) else 1
    finally:
        source.close()


sys.exit(main())
