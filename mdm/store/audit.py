"""The audit: every change of the store leaves one sealed row, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl
import sqlalchemy as sa

from mdm.errors import StoreRefused
from mdm.records import TableSchema
from mdm.store import bulk
from mdm.store.audit_anchor import KEY_LOST, Anchor
from mdm.store.audit_chain import START, Entry, canonical, commitment, seal
from mdm.store.audit_restored import replaced_anchor
from mdm.store.ledger import last_issued
from mdm.store.snapshot import locked_pointer
from mdm.store.tables import audit, meta

if TYPE_CHECKING:
    from mdm.store.database import Database

Action = Literal[
    "begin",
    "anchor",
    "scan",
    "decide",
    "withdraw",
    "merge",
    "unmerge",
    "split",
    "move",
    "override",
    "pin",
    "approve",
    "hold",
    "publish",
    "retry",
    "unlock",
    "restore",
    "grant",
    "revoke",
    "assign",
    "propose",
    "draw",
    "accept",
    "close",
]
"""begin: the audit itself. anchor: none was found beside the project, and one was made. grant, revoke: the role of a
user. draw, accept, close: what is done to a cohort."""

AUDIT: Final[TableSchema] = {f.name: bulk.NUMBER if f.name == "seq" else bulk.TEXT for f in fields(Entry)}
"""The rows of the audit; `details` is JSON text."""

CUT_OFF: Final = "Run mdm verify. If an old copy of the store was put back, see 'Keeping the store safe' in the README."


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to what, and when (ISO text). `details` has ids, numbers and hashes, never values of a customer."""

    at: str
    actor: str
    action: Action
    subject: str
    details: Mapping[str, Any]


class Change:
    """One writing transaction with its rows in the audit."""

    def __init__(self, connection: sa.Connection, database: Database) -> None:
        self.connection = connection
        self._keeper = database.keeper
        self.anchor: Anchor | None = None
        self.renews = False
        """The anchor beside the project is that of a store which a restore replaced, and gives way in any case."""

    def record(self, deed: Deed) -> None:
        """Append a row for this deed. The chain is held against other writers until the transaction ends.

        Raises StoreRefused when the chain was begun with another key or is shorter than its anchor says.
        """
        locked_pointer(self.connection)
        head = _head(self.connection)
        key = self._keeper.key_for(begun=head is not None)
        store_id = read_store_id(self.connection)
        if self.anchor is None:
            head = self._checked(head, key, store_id, deed)
        entry = _append(self.connection, key, head, deed)
        self.anchor = Anchor(store_id, entry.seq, entry.hash, entry.at, last_issued(self.connection))

    def commitment(self, values: Mapping[str, Any]) -> str:
        """What binds values kept in another table to the audit without repeating them."""
        return commitment(self._keeper.key_for(begun=_head(self.connection) is not None), values)

    def _checked(self, head: Entry | None, key: bytes, store_id: str, deed: Deed) -> Entry:
        """The row to go on from: begun where there is none, refused where it was tampered with."""
        there = self._keeper.read_anchor()
        if head is None:
            if there is not None and there.store_id == store_id and there.seq:
                raise _cut_off(there, 0)
            # Before anybody can see a row: whoever then finds no anchor knows that it was taken away.
            nothing = Anchor(store_id, 0, START, deed.at, last_issued(self.connection))
            self._keeper.write_anchor(nothing, replace=True)
            return _append(self.connection, key, None, _beginning(self.connection, store_id, deed))
        if seal(key, head) != head.hash:
            raise StoreRefused("The last row of this store's audit does not fit the audit key.", KEY_LOST)
        if there is None:
            if self._keeper.folder is None:
                return head
            said = {"rows": head.seq}
            return _append(self.connection, key, head, replace(deed, action="anchor", subject="audit", details=said))
        if there.store_id == store_id and there.seq and _hash_of(self.connection, there.seq) != there.hash:
            if there != replaced_anchor(_restores(self.connection), key):
                raise _cut_off(there, head.seq)
            self.renews = True
        return head


@contextmanager
def changing(database: Database) -> Iterator[Change]:
    """A short writing transaction whose deeds are recorded; kept as a whole or not at all, then anchored outside.

    Killed between the two, the anchor is behind the chain, by rows that fit the key: that is no tampering.
    """
    with database.writing() as connection:
        change = Change(connection, database)
        yield change
    if change.anchor is None:
        return
    try:
        database.keeper.write_anchor(change.anchor, replace=change.renews)
    except StoreRefused as error:
        raise StoreRefused(f"The change was kept, but this was not: {error.what}", error.next_step) from error


def read_store_id(connection: sa.Connection) -> str:
    return str(connection.execute(sa.select(meta.c.value).where(meta.c.name == "store_id")).scalar_one())


def read_audited_after(connection: sa.Connection) -> int:
    """The last revision from before there was an audit; 0 in a store that always had one."""
    return int(connection.execute(sa.select(meta.c.value).where(meta.c.name == "audited_after")).scalar_one())


def read_audit(connection: sa.Connection, since: str = "") -> pl.DataFrame:
    """AUDIT in the order of the rows, from that moment on (ISO text)."""
    query: sa.Select[Any] = sa.select(*[audit.c[name] for name in AUDIT]).order_by(audit.c.seq)
    return bulk.read(connection, query.where(audit.c.at >= since) if since else query, AUDIT)


def read_entries(connection: sa.Connection) -> Iterator[Entry]:
    """Every row in the order of its number."""
    for row in read_audit(connection).iter_rows():
        yield Entry(*row)


def _head(connection: sa.Connection) -> Entry | None:
    columns = [audit.c[name] for name in AUDIT]
    row = connection.execute(sa.select(*columns).order_by(audit.c.seq.desc()).limit(1)).first()
    return None if row is None else Entry(*row)


def _hash_of(connection: sa.Connection, seq: int) -> str | None:
    return connection.execute(sa.select(audit.c.hash).where(audit.c.seq == seq)).scalar_one_or_none()


def _restores(connection: sa.Connection) -> Iterator[Entry]:
    columns = [audit.c[name] for name in AUDIT]
    for row in connection.execute(sa.select(*columns).where(audit.c.action == "restore").order_by(audit.c.seq)):
        yield Entry(*row)


def _append(connection: sa.Connection, key: bytes, head: Entry | None, deed: Deed) -> Entry:
    details = canonical(deed.details).decode()
    seq, previous = (head.seq + 1, head.hash) if head else (1, START)
    bare = Entry(seq, deed.at, deed.actor, deed.action, deed.subject, details, previous)
    entry = replace(bare, hash=seal(key, bare))
    connection.execute(sa.insert(audit).values(dict(zip(AUDIT, astuple(entry), strict=True))))
    return entry


def _beginning(connection: sa.Connection, store_id: str, deed: Deed) -> Deed:
    """The first row of all; the changes that an older store has from before its audit have no rows."""
    said = {"store_id": store_id, "audited_after": read_audited_after(connection)}
    return replace(deed, action="begin", subject=f"store {store_id}", details=said)


def _cut_off(there: Anchor, rows: int) -> StoreRefused:
    what = f"The audit has {rows} rows; its anchor knows of {there.seq}, of which the last is not here or is another."
    return StoreRefused(f"Nothing was written: {what}", CUT_OFF)
