"""What the store shows in bulk, of now or of any revision: records, customers, links, decisions, ids, runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from mdm.store import known, ledger, past, reading
from mdm.store.database import Database
from mdm.store.runs import Run, read_runs
from mdm.store.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import polars as pl


P = ParamSpec("P")
T = TypeVar("T")


class ReadableStore:
    """Every reading method shows one revision: the current one, or the one asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read_record_hashes(self, keys: pl.DataFrame | None = None, *, revision: int | None = None) -> pl.DataFrame:
        """RECORD_HASHES by (system, key): all, or those of a frame of keys."""
        return self._read(reading.read_record_hashes, revision, keys)

    def read_records(self, keys: pl.DataFrame | None = None, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_RECORDS by (system, key): all, or those of a frame of keys."""
        return self._read(reading.read_records, revision, keys)

    def read_crosswalk(self, *, revision: int | None = None) -> pl.DataFrame:
        """CROSSWALK by (system, key)."""
        return self._read(reading.read_crosswalk, revision)

    def read_crosswalk_of(self, keys: pl.DataFrame, *, revision: int | None = None) -> pl.DataFrame:
        """CROSSWALK of some records by (system, key); a key without a customer is no error."""
        return self._read(reading.read_crosswalk_of, revision, keys)

    def read_masters(self, *, revision: int | None = None) -> pl.DataFrame:
        """MASTERS by sequence."""
        return self._read(reading.read_masters, revision)

    def read_lineage(self, *, revision: int | None = None) -> pl.DataFrame:
        """LINEAGE of all scans in the order in which it happened, with the revision before it."""
        return self._read(reading.read_lineage, revision)

    def read_links(self, band: str | None = None, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_LINKS by the two record keys."""
        return self._read(reading.read_links, revision, band)

    def read_links_of(self, pairs: pl.DataFrame, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_LINKS of some pairs of record keys, each named with its smaller key on the left."""
        return self._read(reading.read_links_of, revision, pairs)

    def read_golden(self, ids: pl.DataFrame | None = None, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_GOLDEN by master id: all, or those of a frame of master ids."""
        return self._read(reading.read_golden, revision, ids)

    def read_golden_hashes(self, *, revision: int | None = None) -> pl.DataFrame:
        """GOLDEN_HASHES by master id."""
        return self._read(reading.read_golden_hashes, revision)

    def read_publish_changes(self, *, revision: int | None = None) -> pl.DataFrame:
        """PUBLISH_CHANGES by target, key and field."""
        return self._read(reading.read_publish_changes, revision)

    def read_quarantine(self, *, revision: int | None = None) -> pl.DataFrame:
        """QUARANTINE of the latest scan, by system, file and record number."""
        return self._read(reading.read_quarantine, revision)

    def read_input_files(self, *, revision: int | None = None) -> pl.DataFrame:
        """INPUT_FILES of the latest scan."""
        return self._read(reading.read_input_files, revision)

    def decisions(self, *, revision: int | None = None) -> pl.DataFrame:
        """DECISIONS, oldest first."""
        return self._read(reading.read_decisions, revision)

    def later_decisions(self, number: int) -> pl.DataFrame:
        """DECISIONS with a higher number than that, oldest first."""
        with self._database.reading() as connection:
            return reading.read_later_decisions(connection, number)

    def decisions_about(self, records: pl.DataFrame, *, revision: int | None = None) -> pl.DataFrame:
        """The standing DECISIONS on records (system, key) and on all that matches tie to them, oldest first."""
        return self._read(known.decisions_about, revision, records)

    def read_evidence(self, above: int = 0, *, revision: int | None = None) -> pl.DataFrame:
        """EVIDENCE of standing do-not-match and unsure decisions, oldest first; with a number, of later ones only."""
        return self._read(known.read_evidence, revision, above)

    def runs(self, *, revision: int | None = None) -> list[Run]:
        """The applied scans, latest first."""
        return self._read(read_runs, revision)

    def last_run(self, *, revision: int | None = None) -> Run | None:
        return next(iter(self._read(read_runs, revision, 1)), None)

    def resolve(self, master_id: str, *, revision: int | None = None) -> ledger.Resolved | None:
        """Where a master id leads; None for one that was never given out."""
        return self._read(ledger.resolve, revision, master_id)

    def last_issued(self) -> int:
        """The highest number that was ever put into a master id, also by a scan that was abandoned."""
        with self._database.reading() as connection:
            return ledger.last_issued(connection)

    def revision_at(self, moment: datetime) -> int:
        """The revision readers saw at that moment (with a time zone); 0 before the first one."""
        with self._database.reading() as connection:
            return past.revision_at(connection, moment)

    def read_crosswalk_parts(
        self, wanted: past.Wanted = past.EVERYTHING, *, revision: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """CROSSWALK_SINCE by (system, key) in parts of 50,000 rows: the store is open until the last one is taken."""
        with self._database.reading() as connection:
            yield from past.crosswalk_parts(connection, snapshot(connection, revision), wanted)

    def _read(
        self,
        query: Callable[Concatenate[sa.Connection, Snapshot, P], T],
        revision: int | None,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with self._database.reading() as connection:
            return query(connection, snapshot(connection, revision), *args, **kwargs)
