"""A real MariaDB for the tests: Debian's packages, unpacked into a folder of their own, made once and kept.

Nothing is installed: apt fetches the packages, dpkg unpacks them. Without apt the tests that need it are skipped.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
import pytest

PACKAGES = (
    *("mariadb-server-core", "mariadb-server", "mariadb-client-core"),
    *("liburing2", "libaio1", "libnuma1", "libsnappy1v5", "libpmem1"),
)
SECONDS = 60


def unpacked() -> Path:
    """The folder with the programs; skips the test where they cannot be had."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mdm-tests"
    folder = base / "mariadb"
    base.mkdir(parents=True, exist_ok=True)
    with (base / "mariadb.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "debs").mkdir(parents=True)
            fetch(folder)
            (folder / "ready").touch()
    return folder / "root" / "usr"


def fetch(folder: Path) -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        pytest.skip("MariaDB is fetched by apt, and there is none")
    for package in PACKAGES:  # of another release of Debian one may be missing and not be needed
        subprocess.run(["apt-get", "download", package], cwd=folder / "debs", capture_output=True, check=False)  # noqa: S603, S607 - our own command
    for deb in sorted((folder / "debs").glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(deb), str(folder / "root")], check=True)  # noqa: S603, S607 - as above
    if not (folder / "root" / "usr" / "sbin" / "mariadbd").exists():
        pytest.skip("MariaDB could not be fetched")


@contextmanager
def serving(scratch: Path) -> Iterator[str]:
    """The URL of an empty database `src` of a server of its own, which can be reached by a socket alone."""
    programs = unpacked()
    libraries = ":".join(str(path) for path in programs.glob("lib/*-linux-gnu"))
    env = {**os.environ, "LD_LIBRARY_PATH": libraries}
    common = [f"--basedir={programs}", f"--datadir={scratch / 'data'}", "--user=root"]
    made = [str(programs / "bin" / "mariadb-install-db"), "--no-defaults", *common, "--skip-test-db"]
    done = subprocess.run(  # noqa: S603 - our own command
        [*made, "--auth-root-authentication-method=normal"], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"MariaDB does not run here: {done.stderr.strip()[-200:]}")
    socket = scratch / "s"
    options = [
        "--skip-networking",
        f"--socket={socket}",
        f"--pid-file={scratch / 'pid'}",
        "--innodb-flush-log-at-trx-commit=0",
    ]
    command = [str(programs / "sbin" / "mariadbd"), "--no-defaults", *common, *options]
    with (scratch / "log").open("w") as log, subprocess.Popen(command, env=env, stdout=log, stderr=log) as server:  # noqa: S603 - our own command
        try:
            prepare(socket, server)
            yield f"mysql+pymysql://root@localhost/src?unix_socket={socket}&charset=utf8mb4"
        finally:
            server.terminate()


def prepare(socket: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while not socket.exists():
        assert server.poll() is None, "MariaDB did not start"
        assert time.monotonic() < deadline, "MariaDB did not answer"
        time.sleep(0.1)
    with pymysql.connect(unix_socket=str(socket), user="root") as database:
        database.cursor().execute("CREATE DATABASE src CHARACTER SET utf8mb4")
