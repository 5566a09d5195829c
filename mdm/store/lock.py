"""The scan lock: one scan at a time, and none for ever when its process has died."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import sqlalchemy as sa

from mdm.errors import StoreRefused
from mdm.store.audit import Deed, changing
from mdm.store.snapshot import locked_pointer
from mdm.store.tables import pointer, scan_lock

if TYPE_CHECKING:
    from types import TracebackType

    from mdm.store.database import Database

START_FIELD: Final = 19
"""Where /proc/PID/stat has the start time, counted after the name of the program."""


@dataclass(frozen=True, slots=True)
class ScanLease:
    """The right to scan, until released. `token` tells this lease from any later one."""

    database: Database
    token: str
    owner: str
    started_at: str

    def release(self) -> None:
        """Give the right back; a lease that was already lost or released is no error."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(scan_lock).where(scan_lock.c.token == self.token))

    def is_held(self) -> bool:
        with self.database.reading() as connection:
            held = sa.select(scan_lock.c.token).where(scan_lock.c.token == self.token)
            return connection.execute(held).first() is not None

    def verify(self, connection: sa.Connection) -> None:
        """Raise StoreRefused unless this lease still holds; it then holds until the transaction ends."""
        held = sa.select(scan_lock.c.token).where(scan_lock.c.token == self.token).with_for_update(read=True)
        if connection.execute(held).first() is None:
            raise StoreRefused(
                f"The scan of {self.owner} has lost its lock to another scan.", "Nothing of it was kept; run it again."
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire(database: Database, owner: str, at: str) -> ScanLease:
    """Take the scan lock, or raise StoreRefused naming who has it and since when.

    A lock left by a process of this host that is no longer alive is taken over.
    """
    token, pid = uuid.uuid4().hex, os.getpid()
    with database.writing() as connection:
        locked_pointer(connection)  # a deed of a steward that is being written comes before this scan
        holder = connection.execute(sa.select(scan_lock).with_for_update()).first()
        if holder is not None:
            if not _is_dead(holder):
                raise _refusal(holder)
            connection.execute(sa.delete(scan_lock).where(scan_lock.c.token == holder.token))
        connection.execute(
            sa.insert(scan_lock).values(
                id=1,
                token=token,
                owner=owner,
                started_at=at,
                host=socket.gethostname(),
                pid=pid,
                process=process_start(pid) or "",
            )
        )
    return ScanLease(database, token, owner, at)


def refuse_while_scanning(connection: sa.Connection) -> None:
    """Raise StoreRefused, naming who scans and since when, while a scan is at work or left something unfinished.

    Belongs into a transaction that holds the pointer: no scan begins before it ends.
    """
    if is_scanning(connection):
        raise _refusal(connection.execute(sa.select(scan_lock)).one())
    if connection.execute(sa.select(pointer.c.building)).scalar_one() is not None:
        raise StoreRefused("A scan was stopped and left something unfinished.", "Scan again: that removes it.")


def is_scanning(connection: sa.Connection) -> bool:
    """Whether a scan is at work; a lock of a process of this host that is gone is none."""
    holder = connection.execute(sa.select(scan_lock)).first()
    return holder is not None and not _is_dead(holder)


def _is_dead(holder: sa.Row[Any]) -> bool:
    return bool(holder.host == socket.gethostname() and process_start(holder.pid) != holder.process)


def process_start(pid: int) -> str | None:
    """What tells a process from a later one with the same number; None when there is no such process.

    Where the system does not tell when a process began, the empty text stands for every living one.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
        return "" if _is_alive(pid) else None
    return stat.rpartition(")")[2].split()[START_FIELD]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _refusal(holder: sa.Row[Any]) -> StoreRefused:
    return StoreRefused(
        f"A scan of {holder.owner} is at work since {holder.started_at} (process {holder.pid} on {holder.host}).",
        "Wait until it has finished. If that computer is gone for good, remove its lock: mdm unlock.",
    )


def break_lock(database: Database, actor: str, at: str) -> bool:
    """Remove whatever scan lock there is; a scan that still held it can write nothing any more. False without one."""
    with changing(database) as change:
        holder = change.connection.execute(sa.select(scan_lock).with_for_update()).first()
        if holder is None:
            return False
        change.connection.execute(sa.delete(scan_lock))
        details = {"owner": holder.owner, "started_at": holder.started_at, "host": holder.host, "process": holder.pid}
        change.record(Deed(at, actor, "unlock", "scan lock", details))
    return True
