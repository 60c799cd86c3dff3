"""The README's commands work as they stand there, against a server of this test's own."""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy"))
from server import Server  # noqa: E402

# What a test can't run inside a test; `./dev test` is what runs this.
ELSEWHERE = {"./dev demo", "./dev test"}


def main():
    blocks = re.findall(r"^```console\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    commands = [line[2:] for block in blocks for line in block.splitlines()
                if line.startswith("$ ")]
    assert commands[:2] == ["./dev demo", "./dev test"], "the README shows these two first"
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            server.start()
            address = f"127.0.0.1:{server.port_file.read_text().strip()}"
            script = ["set -eu"]
            for command in commands:
                if command in ELSEWHERE:
                    continue
                # Its own server and folder in the place of those of `./dev serve`.
                script.append(command.replace("$PWD/build/serve/dev-keys",
                                              str(server.data / "dev-keys"))
                              .replace("build/county", f"{folder}/county"))
            environment = {"MERIT_SERVER": address, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
            done = subprocess.run(["bash", "-c", "\n".join(script)], cwd=ROOT, env=environment,
                                  check=False)
            server.stop()
        finally:
            if server.process is not None:
                server.kill()
    print(f"{len(script) - 1} commands of the README ran")
    return done.returncode


sys.exit(main())
