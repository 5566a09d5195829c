"""Make the environment in .venv from the lock file, only when something changed, with the standard library alone."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
LOG: Final = VENV / "bootstrap.log"
STAMP: Final = VENV / "bootstrap.stamp"

LOCKS: Final = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
"""What `mdm` needs, and that with what its checks need; both name the same versions."""

SCRIPT: Final = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from mdm.cli import main

sys.exit(main())
"""
"""The command `mdm`. A shell starts it because a first line of its own fails on long paths and on blanks."""

CAUSES: Final = (
    (r"No space left on device", "The disk is full.", "Free about 2 GB, then run the command again."),
    (r"Permission denied|Read-only file system", "A file cannot be written.", "Check who owns the folder .venv."),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that the lock file names, so it was not installed.",
        "Run the command again. If it stays so, do not trust the package index you use.",
    ),
    (
        r"ConnectionError|Timeout|timed out|name resolution|ProxyError|SSLError|establish|from versions: none",
        "The package index cannot be reached.",
        "Check the network (and pip's proxy or index setting), then run the command again.",
    ),
    (
        r"No matching distribution|Could not find a version",
        "The package index has no ready-made package for this Python and machine.",
        "Use Python 3.11 to 3.14 on Linux or macOS (x86_64 or arm64), and an index that has all of the lock file.",
    ),
)
"""What pip says, what it means, what to do."""


class CannotSetUp(Exception):  # it is shown as a sentence, never as an error of the program
    """The environment cannot be made: the cause and the next step."""


def main(arguments: list[str]) -> int:
    """Make .venv as `run` or `dev` wants it; the exit code."""
    kind = "dev" if arguments == ["dev"] else "run"
    try:
        ensure(kind)
    except CannotSetUp as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The next run goes on from here.\n")
        return 130
    except OSError as error:
        sys.stderr.write(f"{error.filename or VENV}: {error.strerror}.\n{explain(error.strerror or '')}\n")
        return 1
    return 0


def ensure(kind: str) -> None:
    """Do nothing when .venv is what the lock file says; else make it so. The stamp is written last."""
    if is_current(kind):
        return
    started = time.monotonic()
    make_venv()
    install(LOCKS[kind])
    place_command()
    # What the checks need holds what `mdm` needs.
    done = [kind] if kind == "run" else list(LOCKS)
    STAMP.write_text("".join(f"{stamp(each)}\n" for each in done), encoding="utf-8")
    say(f"The environment in .venv is ready ({time.monotonic() - started:.0f} s).")


def is_current(kind: str) -> bool:
    return PYTHON.exists() and STAMP.is_file() and stamp(kind) in STAMP.read_text(encoding="utf-8").splitlines()


def stamp(kind: str) -> str:
    """Changes with the lock file, with the form of the command, and when the folder was moved."""
    content = LOCKS[kind].read_bytes() + SCRIPT.encode() + str(ROOT).encode()
    return f"{kind} {hashlib.sha256(content).hexdigest()}"


def make_venv() -> None:
    """An environment whose Python runs, is new enough and has pip; one that is damaged is made anew."""
    if PYTHON.exists() and has_pip():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotSetUp(
            f"Python {version} at {sys.executable} lacks the module venv.\n"
            f"Debian, Ubuntu: apt install python3-venv (or python{version}-venv), then run the command again."
        )
    say(f"Making .venv with Python {sys.version.split()[0]}.")
    code, output = run([sys.executable, "-m", "venv", "--clear", VENV])
    if code != 0:
        raise CannotSetUp(explain(output))


def has_pip() -> bool:
    """Whether the Python in .venv runs, is new enough, and has pip or can get it without a network."""
    new_enough = run([PYTHON, "-I", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])[0] == 0
    return new_enough and any(run([PYTHON, "-I", "-m", *how])[0] == 0 for how in (["pip", "--version"], ["ensurepip"]))


def install(lock: Path) -> None:
    """Install exactly what the lock file names; a package whose hash differs is refused, nothing is compiled."""
    total = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    say(f"Installing up to {total} packages from {lock.name}; the first time takes a minute or two.")
    options: list[str | Path] = [
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    pip: list[str | Path] = [PYTHON, "-I", "-m", "pip", "install", "--disable-pip-version-check"]
    code, output = run([*pip, *options, "-r", lock], progress=Progress(total))
    LOG.write_text(output, encoding="utf-8")
    if code != 0:
        raise CannotSetUp(f"The packages could not be installed. {explain(output)}\nAll that pip said is in {LOG}.")


def place_command() -> None:
    """Make the packages of this folder importable in .venv and put the command `mdm` there."""
    packages = next((VENV / "lib").glob("python3.*/site-packages"))
    (packages / "mdm-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "mdm"
    command.write_text(SCRIPT.format(python=PYTHON), encoding="utf-8")
    command.chmod(0o755)


class Progress:
    """Counts the packages that pip takes up, and says so at every tenth."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.count = 0

    def see(self, line: str) -> None:
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            self.count += 1
            if self.count % 10 == 0:
                say(f"  {self.count} of {self.total}")
        elif line.startswith("Installing collected"):
            say("  unpacking")


def run(command: list[str | Path], progress: Progress | None = None) -> tuple[int, str]:
    """Run a command without standard input; its exit code and all that it said, and a look at each line meanwhile."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PIP_TARGET", "PIP_PREFIX", "PIP_USER"}}
    said = []
    with subprocess.Popen(  # the commands are fixed, their paths our own
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        cwd=ROOT,
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            if progress:
                progress.see(line)
    return process.returncode, "".join(said)


def explain(output: str) -> str:
    """The cause and the next step in words; for an unknown cause the end of what was said."""
    for pattern, cause, step in CAUSES:
        if re.search(pattern, output):
            return f"{cause} {step}"
    return "The last lines were:\n" + "\n".join(f"  {line}" for line in output.strip().splitlines()[-8:])


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
