"""Writing one scan: its differences are staged under the next revision, unseen, and become visible all at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl
import sqlalchemy as sa

from mdm.errors import SchemaMismatch, StoreRefused
from mdm.records import CROSSWALK, LINEAGE, MASTERS, PUBLISH_CHANGES, QUARANTINE, conform, empty
from mdm.store import bulk, tables
from mdm.store.audit import Deed, changing
from mdm.store.audit_digest import bind_lineage, bind_members
from mdm.store.difference import difference, refuse_double_keys
from mdm.store.frames import (
    INPUT_FILES,
    STORED_GOLDEN,
    STORED_LINKS,
    STORED_QUARANTINE,
    STORED_QUESTIONS,
    STORED_RECORDS,
)
from mdm.store.ledger import issue
from mdm.store.pace import Pace
from mdm.store.reading import read_later_decisions, read_masters, read_quarantine_rows
from mdm.store.rows import row_hash
from mdm.store.runs import write_run
from mdm.store.snapshot import locked_pointer, snapshot
from mdm.store.unfinished import PAUSE_SECONDS, clear_unfinished

if TYPE_CHECKING:
    from mdm.store.lock import ScanLease
    from mdm.store.runs import Run
    from mdm.store.tables import Revised

NOTHING: Final = pl.DataFrame()

FIRST_CHUNK: Final = 100_000
"""Rows of one transaction of a first scan. Nobody waits at a store without a revision: there is nothing to see or
decide yet; and each commit writes every page of an index anew that its rows touched."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """What a scan knew of the stewards: it obeyed the decisions up to that number; `judge` looks at later ones.

    `judge` takes DECISIONS, in the transaction that would make the scan visible, and raises where they forbid it. It
    has to be quick: meanwhile nobody else can decide.
    """

    decisions: int
    judge: Callable[[pl.DataFrame], None]


NO_HORIZON: Final = Horizon(0, lambda _: None)
"""Whatever was decided meanwhile, the scan stands."""


class Stage:
    """One scan on its way into the store.

    Each `put` takes the changed rows of a table, whole, and the keys of the rows that are gone (see `difference`); it
    returns the number of rows it wrote, ended rows included. Masters go before what refers to them: crosswalk and
    golden. A key goes into one `put` of a stage only. Nothing is visible before `apply`; after `abandon`, nothing is
    left.
    """

    def __init__(self, lease: ScanLease, rest: Callable[[float], None]) -> None:
        self._database = lease.database
        self._lease = lease
        self._rest = rest
        self._pace = Pace()
        clear_unfinished(lease, rest)
        with self._database.writing() as connection:
            lease.verify(connection)
            current, _ = locked_pointer(connection)
            connection.execute(sa.update(tables.pointer).values(building=current + 1))
        self._first = current == 0
        self._building = current + 1
        self._lineage = bind_lineage(empty(LINEAGE))
        self._members = bind_members(empty(CROSSWALK))
        self._open = True

    @property
    def building(self) -> int:
        """The revision the staged rows carry."""
        return self._building

    def put_records(self, changed: pl.DataFrame, removed: pl.DataFrame = NOTHING) -> int:
        """Changed STORED_RECORDS and keys (system, key) that are gone."""
        return self._put(tables.RECORDS, conform(changed, STORED_RECORDS, "records"), removed)

    def put_masters(self, changed: pl.DataFrame) -> int:
        """MASTERS that are new or whose state is another; the numbers of new ones are used up, also by `abandon`.

        An id never goes; it is merged, split up or retired.
        """
        masters = conform(changed, MASTERS, "masters")
        if masters.is_empty():
            return 0
        with self._database.reading() as connection:
            before = read_masters(connection, snapshot(connection))
        new = masters.join(before, on="master_id", how="anti").select("master_id", "sequence").sort("sequence")
        inactive = masters.filter(pl.col("state") != "active").select("master_id", "state", "into")
        revived = before.filter(pl.col("state") != "active").join(
            masters.filter(pl.col("state") == "active"), on="master_id", how="semi"
        )
        self._issue(new["sequence"])
        return self._append(tables.master, new) + self._put(tables.MASTER_STATES, inactive, revived)

    def _issue(self, numbers: pl.Series) -> None:
        """Use up the numbers of new ids before one of them is written: a scan that is stopped burns them."""
        if numbers.is_empty():
            return
        with self._database.writing() as connection:
            self._lease.verify(connection)
            issue(connection, int(numbers[0]), int(numbers[-1]))

    def put_crosswalk(self, changed: pl.DataFrame, removed: pl.DataFrame = NOTHING) -> int:
        """Changed CROSSWALK rows and keys (system, key) that are gone; called once."""
        rows = conform(changed, CROSSWALK, "crosswalk")
        self._members = bind_members(pl.concat([rows, removed], how="diagonal"))
        return self._put(tables.CROSSWALKS, rows, removed)

    def put_golden(self, changed: pl.DataFrame, removed: pl.DataFrame = NOTHING) -> int:
        """Changed STORED_GOLDEN rows and master ids without one."""
        return self._put(tables.GOLDENS, conform(changed, STORED_GOLDEN, "golden"), removed)

    def put_links(self, changed: pl.DataFrame, removed: pl.DataFrame = NOTHING) -> int:
        """Changed STORED_LINKS and pairs (system_l, key_l, system_r, key_r) that are no longer linked."""
        return self._put(tables.LINK_ROWS, conform(changed, STORED_LINKS, "links"), removed)

    def put_questions(self, changed: pl.DataFrame, removed: pl.DataFrame = NOTHING) -> int:
        """Changed STORED_QUESTIONS and pairs that are no longer asked."""
        return self._put(tables.QUESTIONS, conform(changed, STORED_QUESTIONS, "questions"), removed)

    def put_publish_changes(self, changed: pl.DataFrame, removed: pl.DataFrame = NOTHING) -> int:
        """PUBLISH_CHANGES that are new or different and keys (target, key, field) that are gone."""
        return self._put(tables.CHANGES, conform(changed, PUBLISH_CHANGES, "publish changes"), removed)

    def put_quarantine(self, whole: pl.DataFrame) -> int:
        """The whole QUARANTINE of the scan; only its difference to what stands is written."""
        frame = conform(whole, QUARANTINE, "quarantine").unique()
        now = frame.with_columns(row_hash=row_hash(frame))
        with self._database.reading() as connection:
            before = read_quarantine_rows(connection, snapshot(connection))
        changed, removed = difference(conform(now, STORED_QUARANTINE, "quarantine"), before, key=["row_hash"])
        return self._put(tables.QUARANTINED, changed, removed)

    def put_lineage(self, events: pl.DataFrame) -> int:
        """LINEAGE of this scan, in its order; called once."""
        frame = conform(events, LINEAGE, "lineage").with_row_index("position")
        self._lineage = bind_lineage(frame)
        return self._append(tables.lineage, frame)

    def put_input_files(self, files: pl.DataFrame) -> int:
        """The INPUT_FILES of this scan."""
        return self._append(tables.input_file, conform(files, INPUT_FILES, "input files"))

    def apply(self, run: Run, horizon: Horizon = NO_HORIZON, *, plan: str = "") -> int:
        """Make everything staged visible in one small transaction; returns the revision that readers now see.

        What the judge of the horizon raises leaves the stage as it was, unseen. `plan` names the plan that this is.
        """
        self._refuse_when_closed()
        with changing(self._database) as change:
            connection = change.connection
            self._lease.verify(connection)
            current, _ = locked_pointer(connection)
            later = read_later_decisions(connection, horizon.decisions)
            if later.height:
                horizon.judge(later)
            # Decisions made meanwhile took later numbers; then the state with the scan's rows gets one of its own.
            visible = self._building if current < self._building else current + 1
            added = {"rev": visible, "kind": "scan", "at": run.finished_at, "skips": 0}
            connection.execute(sa.insert(tables.revision).values(added))
            write_run(connection, run, revision=visible, staged_as=self._building)
            connection.execute(sa.update(tables.pointer).values(current=visible, building=None))
            change.record(self._deed(run, visible, plan))
        self._open = False
        if self._first:
            with suppress(StoreRefused):  # the scan stands; the count is only for speed
                self._database.count_rows()
        return visible

    def abandon(self) -> None:
        """Remove everything staged; when the lease is lost, its next holder already did."""
        self._refuse_when_closed()
        self._open = False
        if self._lease.is_held():
            clear_unfinished(self._lease, self._rest)

    def _deed(self, run: Run, visible: int, plan: str) -> Deed:
        hashes = {"result_hash": run.result_hash, "rules_hash": run.rules_hash, "input_hash": run.input_hash}
        said = {"revision": visible, "staged_as": self._building, "lineage": self._lineage, "crosswalk": self._members}
        said |= hashes
        said |= {"plan": plan} if plan else {}
        return Deed(run.finished_at, self._lease.owner, "scan", f"revision {visible}", said)

    def _put(self, revised: Revised, changed: pl.DataFrame, removed: pl.DataFrame) -> int:
        key, table = list(revised.key), revised.table
        gone = removed.select(key) if removed.width else changed.select(key).clear()
        refuse_double_keys(pl.concat([changed.select(key), gone]), key, table.name)
        rows = bulk.storable(changed.sort(key)).with_columns(rev_from=pl.lit(self._building, pl.Int64))

        def replace(connection: sa.Connection, chunk: pl.DataFrame) -> int:
            ended = 0 if self._first else bulk.end(connection, table, chunk.select(key), self._building)
            return ended + bulk.insert(connection, table, chunk)

        def end(connection: sa.Connection, chunk: pl.DataFrame) -> int:
            ended = bulk.end(connection, table, chunk, self._building)
            if ended != chunk.height:
                what = f"Table {table.name}: {chunk.height - ended} rows to remove do not stand."
                raise SchemaMismatch(what, "This is a fault of the tool.")
            return ended

        # A changed row may cost two writes, one for the row it replaces.
        return self._write(rows, revised.chunk // 2, replace) + self._write(gone.sort(key), revised.chunk, end)

    def _append(self, table: sa.Table, rows: pl.DataFrame) -> int:
        marked = rows.with_columns(rev=pl.lit(self._building, pl.Int64))
        return self._write(marked, tables.CHUNK, lambda connection, chunk: bulk.insert(connection, table, chunk))

    def _write(self, rows: pl.DataFrame, size: int, act: Callable[[sa.Connection, pl.DataFrame], int]) -> int:
        """Write slice by slice, each in a transaction of its own, with a rest for others between.

        Slices get smaller where a transaction takes long.
        """
        self._refuse_when_closed()
        written = at = 0
        while at < rows.height:
            chunk = rows.slice(at, FIRST_CHUNK if self._first else self._pace.rows(size))
            at += chunk.height
            with self._database.writing() as connection:
                began = time.perf_counter()  # once it has the lock
                self._lease.verify(connection)
                written += act(connection, chunk)
            self._pace.took(time.perf_counter() - began)
            self._rest(0.0 if self._first else PAUSE_SECONDS)
        return written

    def _refuse_when_closed(self) -> None:
        if not self._open:
            raise StoreRefused("This scan was already applied or abandoned.", "Start another one.")
