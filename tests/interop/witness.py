"""sigsum-witness, from bookworm-backports' sigsum-go, through an apt configuration of its own.

The machine's apt is only asked which mirror of Debian it uses; its sources, lists and archives stay
as they are, and nothing is installed: the package is unpacked below `folder`.
"""

import base64
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import time

import note

PACKAGE = "sigsum-go"
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
START_SECONDS_MAX = 10


class Unavailable(Exception):
    """The package can't be had; the message says why."""


def _run(command, **options):
    return subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)


def mirror():
    """The URI from which this machine gets Debian's bookworm."""
    if _run(["sh", "-c", "command -v apt-get dpkg-deb"]).returncode != 0:
        raise Unavailable("this machine has no apt")
    targets = _run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                    "Created-By: Packages"])
    for line in targets.stdout.splitlines():
        parts = line.split(" ")
        if parts[1:] == ["bookworm", "main"]:
            return parts[0]
    raise Unavailable("this machine's apt has no source of Debian's bookworm main")


def _configure(folder):
    """An apt.conf that apt reads after the machine's, and that leaves none of its places."""
    for part in ("lists/partial", "archives/partial", "unpacked", "empty"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    (folder / "sources.list").write_text(f"deb {signed}{mirror()} bookworm-backports main\n")
    conf = folder / "apt.conf"
    conf.write_text(
        # The machine's hooks clean its archives.
        "#clear APT::Update::Pre-Invoke;\n#clear APT::Update::Post-Invoke;\n"
        "#clear APT::Update::Post-Invoke-Success;\n"
        f'Dir::Etc::SourceList "{folder}/sources.list";\n'
        f'Dir::Etc::SourceParts "{folder}/empty";\n'
        'Dir::Etc::Preferences "/dev/null";\n'
        f'Dir::Etc::PreferencesParts "{folder}/empty";\n'
        f'Dir::State::Lists "{folder}/lists";\n'
        f'Dir::Cache "{folder}";\n'
        f'Dir::Cache::Archives "{folder}/archives";\n'
        # As root apt downloads as another user, who may not write here.
        f'APT::Sandbox::User "{"root" if os.getuid() == 0 else ""}";\n'
        'Acquire::Retries "2";\n')
    return conf


def package(folder):
    """The folder of the package's programs; downloads it the first time."""
    programs = folder / "unpacked" / "usr" / "bin"
    if (programs / "sigsum-witness").exists():
        return programs
    conf = _configure(folder)
    for arguments in (["update"], ["download", PACKAGE]):
        done = _run(["apt-get", "-q", "-c", conf] + arguments, cwd=folder)
        if done.returncode != 0:
            raise Unavailable(f"apt-get {' '.join(arguments)}: {' '.join(done.stdout.split())}")
    archive = max(folder.glob(f"{PACKAGE}_*.deb"), key=lambda path: path.stat().st_mtime)
    # Unpacked beside its place first: what is there is whole.
    fresh = folder / "unpacked.new"
    done = _run(["dpkg-deb", "-x", archive, fresh])
    if done.returncode != 0:
        raise Unavailable(f"dpkg-deb: {done.stdout}")
    (folder / "unpacked").rmdir()
    fresh.rename(folder / "unpacked")
    return programs


class SigsumWitness:
    """A running sigsum-witness with a new key and no memory, for one log."""

    def __init__(self, programs, folder, log_public_key):
        self.programs = programs
        folder.mkdir(parents=True)
        self._key_tool(["generate", "-o", folder / "witness"])
        self._key_tool(["from-hex", "-o", folder / "log.pub"], log_public_key.hex())
        self.public = self._public(folder / "witness.pub")
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            self.port = chosen.getsockname()[1]
        self.log = open(folder / "witness.log", "wb")
        # The package is built for an older router than its routes are written for.
        environment = dict(os.environ, GODEBUG="httpmuxgo121=0")
        self.process = subprocess.Popen(
            [programs / "sigsum-witness", "-k", folder / "witness", "--log-key", folder / "log.pub",
             "--state-file", folder / "state", f"127.0.0.1:{self.port}"],
            env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        self._await(folder / "witness.log")

    def _key_tool(self, arguments, text=""):
        done = _run([self.programs / "sigsum-key"] + arguments, input=text)
        assert done.returncode == 0, f"sigsum-key: {done.stdout}"

    @staticmethod
    def _public(path):
        """The key in an OpenSSH public key file: its last 32 bytes."""
        return base64.b64decode(path.read_text().split(" ")[1])[-32:]

    def _await(self, log):
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        self.close()
        raise AssertionError(f"sigsum-witness did not start: {log.read_text()}")

    def add_checkpoint(self, old_size, proof, text):
        """(status, content type, body) of its answer."""
        lines = [f"old {old_size}"] + [base64.b64encode(node).decode() for node in proof]
        body = "".join(line + "\n" for line in lines).encode() + b"\n" + text
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/add-checkpoint", body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()
        finally:
            connection.close()

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


class Story:
    """What the witness must do with a log's checkpoints, one after another."""

    def __init__(self, running, source):
        self.running = running
        self.source = source
        self.kept = None
        self.cosigned = 0

    def grew(self, checkpoint):
        """It cosigns what follows from what it has cosigned."""
        old_size, proof = 0, []
        if self.kept is not None:
            old_size = self.kept.size
            proof = self.source.consistency_proof(old_size, checkpoint.size)
        if proof:
            self._expect(422, old_size, [note.flip(proof[0], 100)] + proof[1:], checkpoint.text)
        broken = checkpoint.with_flipped_signature(self.source.signer.vkey(), 77)
        self._expect(403, old_size, proof, broken)
        body = self._expect(200, old_size, proof, checkpoint.text)
        lines = body.splitlines()
        assert len(lines) == 1, body
        timestamp = note.check_cosignature(lines[0], checkpoint.body, self.running.public)
        assert abs(timestamp - time.time()) < 600, timestamp
        self.kept = checkpoint
        self.cosigned += 1

    def rolled_back(self, older):
        """A log that went back to an earlier, rightly signed checkpoint."""
        assert older.size < self.kept.size
        for old_size in (0, older.size):
            status, kind, body = self.running.add_checkpoint(old_size, [], older.text)
            assert (status, kind) == (409, "text/x.tlog.size"), (status, kind, body)
            assert body == f"{self.kept.size}\n".encode(), body

    def forked(self, fork_tree):
        """Another tree, rightly signed by the log, with a proof that holds in that tree."""
        size = self.kept.size
        longer = self._signed(fork_tree, size + 3)
        self._expect(422, size, fork_tree.consistency(size, size + 3), longer)
        # The same size and another root: tlog-witness wants 409 here, sigsum-witness says 422.
        status, _, body = self.running.add_checkpoint(size, [], self._signed(fork_tree, size))
        assert status in (409, 422), (status, body)
        # None of this moved it.
        self._expect(200, size, [], self.kept.text)

    def _signed(self, fork_tree, size):
        signer = self.source.signer
        body = note.checkpoint_body(signer.name, size, fork_tree.root(size))
        return body + b"\n" + signer.line(body)

    def _expect(self, wanted, old_size, proof, text):
        status, _, body = self.running.add_checkpoint(old_size, proof, text)
        assert status == wanted, f"the witness answered {status}, not {wanted}: {body!r}"
        return body
