"""Write requirements.lock and requirements-dev.lock anew: the newest versions, with the hash of every file.

The locks hold for Python 3.11 to 3.14 on Linux and macOS, and name no package index.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
HEADER: Final = "# Made by `make lock` from pyproject.toml; installed with --require-hashes. Do not edit.\n"
OPTIONS: Final = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header"),
    *("--no-emit-index-url", "--no-emit-find-links", "--quiet", "--upgrade"),
)


def find_uv() -> str:
    """The resolver beside this Python, else one on the path, else one that is installed now."""
    beside = Path(sys.executable).with_name("uv")
    if not beside.exists() and shutil.which("uv") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(beside) if beside.exists() else shutil.which("uv") or "uv"


def compile_lock(uv: str, name: str, *more: str) -> None:
    path = ROOT / name
    command = [uv, "pip", "compile", *OPTIONS, *more, "--output-file", name, "pyproject.toml"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)  # the command is fixed
    path.write_text(HEADER + path.read_text(encoding="utf-8"), encoding="utf-8")
    sys.stdout.write(f"{name}: {sum('==' in line for line in path.read_text().splitlines())} packages\n")


def main() -> int:
    try:
        uv = find_uv()
        compile_lock(uv, "requirements.lock")
        compile_lock(uv, "requirements-dev.lock", "--extra", "dev", "--constraint", "requirements.lock")
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"The locks were not made: {error.cmd[0]} ended with {error.returncode}; see above.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
