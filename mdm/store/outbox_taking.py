"""Taking changes into the outbox: what readers see that a system is to be told becomes a row for each record.

The outbox follows from what is visible, so whoever changes customers, a scan or a steward, need not know of it
(decision 0157).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.store import bulk
from mdm.store.outbox_states import Act, State, states_before
from mdm.store.snapshot import Snapshot, locked_pointer, snapshot
from mdm.store.tables import outbox, publish_change, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mdm.records import TableSchema
    from mdm.store.database import Database

CHUNK: Final = 2_000
TO_THE_SECOND: Final = 19
"""Characters of an ISO time down to the second: two spellings of UTC may follow."""
RECORD: Final = ["target", "record"]
VISIBLE: Final[TableSchema] = {
    "target": bulk.TEXT,
    "record": bulk.TEXT,
    "field": bulk.TEXT,
    "old": bulk.TEXT,
    "new": bulk.TEXT,
    "master_id": bulk.TEXT,
    "rev": bulk.NUMBER,
}
LATEST: Final[TableSchema] = {
    "target": bulk.TEXT,
    "record": bulk.TEXT,
    "id": bulk.NUMBER,
    "version": bulk.NUMBER,
    "rev": bulk.NUMBER,
    "state": bulk.TEXT,
    "fields": bulk.TEXT,
    "changed_at": bulk.TEXT,
}
UNSENT: Final = tuple(state.value for state in states_before(Act.SUPERSEDE))
ENDED: Final = (State.CONFIRMED.value, State.SUPERSEDED.value)
UNWANTED: Final = "It is no longer wanted."
NEWER: Final = "A newer version took its place."
FRESH: Final = {
    "state": pl.lit(State.PLANNED.value),
    "token": pl.lit(""),
    "attempts": pl.lit(0, pl.Int64),
    "next_at": pl.lit(""),
    "lease_by": pl.lit(""),
    "lease_until": pl.lit(""),
    "cause": pl.lit(""),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows were planned, and how many that had not been sent gave way to them or are no longer wanted."""

    planned: int
    superseded: int


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done, as long as the store is at this revision and no other row was added."""

    rev: int
    last_id: int
    new: pl.DataFrame
    gone: pl.Series


def take(database: Database, targets: Sequence[str], at: str) -> Taken:
    """Bring the outbox of these targets up to what is visible now; doing so again changes nothing.

    A record whose wish is another one gets a new version, and so does one whose system no longer said what it had been
    told when the last scan looked: somebody wrote the old value back. Its unsent older one is superseded, and one that
    was sent is left to end first. Short transactions: whatever stops it, the next call goes on.
    """
    planned = superseded = 0
    while True:
        work = _find_work(database, targets)
        if work.new.is_empty() and work.gone.is_empty():
            return Taken(planned, superseded)
        done = _write(database, work, at)
        planned, superseded = planned + done.planned, superseded + done.superseded


def _find_work(database: Database, targets: Sequence[str]) -> _Work:
    with database.looking() as connection:
        seen = snapshot(connection)
        last_id, scanned = _highest_id(connection), _last_look(connection, seen)
        wanted = _wanted(connection, seen, targets)
        latest = _latest(connection, targets)
    known = wanted.join(latest, on=RECORD, how="left", suffix="_before")
    other = pl.col("fields").ne_missing(pl.col("fields_before"))
    again = pl.col("state").is_in(ENDED) & (pl.col("rev") > pl.col("rev_before"))
    confirmed = pl.col("state") == State.CONFIRMED.value
    undone = confirmed & (pl.col("changed_at").str.head(TO_THE_SECOND) < scanned[:TO_THE_SECOND])
    new = known.filter(other | again | undone).sort(RECORD)
    unsent = pl.when(pl.col("state").is_in(UNSENT)).then(pl.col("id"))
    rows = new.select(*RECORD, "master_id", "rev", "fields", version=pl.col("version").fill_null(0) + 1, former=unsent)
    gone = latest.filter(pl.col("state").is_in(UNSENT)).join(wanted, on=RECORD, how="anti")
    return _Work(seen.at, last_id, rows, gone["id"].sort())


def _write(database: Database, work: _Work, at: str) -> Taken:
    """As much of the work as is still true: it ends early where the store has moved on since."""
    planned = superseded = 0
    last_id = work.last_id
    for chunk in work.new.iter_slices(CHUNK):
        with database.writing() as connection:
            if not _holds(connection, work.rev, last_id):
                return Taken(planned, superseded)
            superseded += _supersede(connection, chunk["former"].drop_nulls(), NEWER, at)
            rows = (
                chunk.drop("former").with_row_index("id", offset=last_id + 1).with_columns(pl.col("id").cast(pl.Int64))
            )
            planned += bulk.insert(connection, outbox, rows.with_columns(changed_at=pl.lit(at), **FRESH))
            last_id += chunk.height
    for ids in work.gone.to_frame().iter_slices(CHUNK):
        with database.writing() as connection:
            if not _holds(connection, work.rev, last_id):
                return Taken(planned, superseded)
            superseded += _supersede(connection, ids["id"], UNWANTED, at)
    return Taken(planned, superseded)


def _holds(connection: sa.Connection, rev: int, last_id: int) -> bool:
    """Whether readers still see that revision and nobody else took changes; both then hold until the end."""
    current, _ = locked_pointer(connection)
    return current == rev and _highest_id(connection) == last_id


def _last_look(connection: sa.Connection, seen: Snapshot) -> str:
    """When the last scan began to read what the systems say (ISO text)."""
    latest = sa.select(run.c.started_at).where(seen.includes(run.c.rev)).order_by(run.c.rev.desc()).limit(1)
    return connection.execute(latest).scalar_one_or_none() or ""


def _highest_id(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(outbox.c.id), 0))).scalar_one())


def _supersede(connection: sa.Connection, ids: pl.Series, cause: str, at: str) -> int:
    """Those of the rows that have not been sent meanwhile give way; returns how many."""
    if ids.is_empty():
        return 0
    mine = sa.and_(outbox.c.id.in_(ids.to_list()), outbox.c.state.in_(UNSENT))
    said = {"state": State.SUPERSEDED.value, "cause": cause, "changed_at": at}
    return connection.execute(sa.update(outbox).where(mine).values(said)).rowcount


def _wanted(connection: sa.Connection, seen: Snapshot, targets: Sequence[str]) -> pl.DataFrame:
    """What each record of the targets shall say: target, record, master_id, rev, fields as JSON."""
    change = publish_change
    columns = [change.c.target, change.c.key, change.c.field, change.c.old, change.c.new, change.c.master_id]
    query: sa.Select[Any] = sa.select(*columns, change.c.rev_from).where(
        seen.stands(change), change.c.target.in_(sorted(targets))
    )
    visible = bulk.read(connection, query, VISIBLE).sort(*RECORD, "field")
    grouped = visible.group_by(RECORD, maintain_order=True).agg(
        pl.col("master_id").first(), pl.col("rev").max(), fields=pl.struct("field", "old", "new")
    )
    return bulk.storable(grouped)


def _latest(connection: sa.Connection, targets: Sequence[str]) -> pl.DataFrame:
    """The last version of each record."""
    later = outbox.alias("later")
    newer = sa.and_(
        later.c.target == outbox.c.target, later.c.record == outbox.c.record, later.c.version > outbox.c.version
    )
    columns = [outbox.c[name] for name in LATEST]
    query: sa.Select[Any] = sa.select(*columns).where(outbox.c.target.in_(sorted(targets)), ~sa.exists().where(newer))
    return bulk.read(connection, query, LATEST)
