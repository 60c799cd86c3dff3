"""What the scripts that plant faults share: a changed source in a program of the release tree, without
touching the tree. The source is compiled from a copy by the tree's own command, and linked in place of its
own object, or before the library that has it, whose member is then not taken.
"""

import json
import shlex
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TREE = ROOT / "build" / "release"


class Broken(Exception):
    """The script itself can't go on: nothing is said about the test."""


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise Broken(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


def changed_source(file, old, new, folder):
    """The source with the fault, below `folder`."""
    if not file.endswith(".cc"):
        raise Broken(f"{file} is no source of its own")
    text = (ROOT / file).read_text()
    found = text.count(old)
    if found != 1:
        raise Broken(f"stands {found} times in {file}:\n{old}")
    source = folder / Path(file).name
    source.write_text(text.replace(old, new))
    return source


def compile_command(file):
    for entry in json.loads((TREE / "compile_commands.json").read_text()):
        if Path(entry["file"]) == ROOT / file:
            return shlex.split(entry["command"])
    raise Broken(f"{file} is not compiled in {TREE}")


def plant(target, file, old, new, folder):
    """The program with the fault, below `folder`."""
    source = changed_source(file, old, new, folder)
    command = compile_command(file)
    original = command[command.index("-o") + 1]
    made = folder / Path(original).name
    command[command.index("-o") + 1] = str(made)
    command[command.index("-c") + 1] = str(source)
    run(command + ["-w"], cwd=TREE)

    link = run(["ninja", "-C", str(TREE), "-t", "commands", target]).splitlines()[-1]
    output = f" -o bin/{target} "
    if link.count(output) != 1:
        raise Broken(f"the link command changed its form: {link}")
    program = folder / target
    if f" {original} " in link:
        link = link.replace(f" {original} ", f" {made} ").replace(output, f" -o {program} ")
    else:
        link = link.replace(output, f" -o {program} {made} ")
    run(link, cwd=TREE, shell=True)
    return program
