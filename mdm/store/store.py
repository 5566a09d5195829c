"""The store as the rest of the tool sees it: one object, frames and small values in and out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, TypeVar

import sqlalchemy as sa

from mdm.store import decisions, deeds, desk, known, ledger, overrides, past, pins, questions, reading, receipts, schema
from mdm.store.access import Access
from mdm.store.audit import read_audit, read_store_id
from mdm.store.audit_anchor import Keeper
from mdm.store.backup import Restored, Wish, back_up, restore
from mdm.store.backup_archive import Manifest
from mdm.store.changes import Changes
from mdm.store.claims import Claims
from mdm.store.cohorts import Cohorts
from mdm.store.database import NO_KEEPER, Database, connect
from mdm.store.decisions import NO_BASIS, Basis, Saying, Statement
from mdm.store.footing import Footing, footing
from mdm.store.lock import ScanLease, acquire, break_lock
from mdm.store.outbox import Outbox
from mdm.store.proposals import Proposals
from mdm.store.runs import Run, read_runs
from mdm.store.snapshot import Snapshot, locked_pointer, snapshot, state_revision
from mdm.store.staging import Stage
from mdm.store.unfinished import clear_unfinished
from mdm.store.verify import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    import polars as pl

    from mdm.records import Receipt, RecordKey
    from mdm.store.decisions import DecisionKind

P = ParamSpec("P")
T = TypeVar("T")


def open_store(
    url: str, *, create: bool = True, rest: Callable[[float], None] = time.sleep, keeper: Keeper = NO_KEEPER
) -> Store:
    """The store of a URL such as `sqlite:///mdm.sqlite` or `postgresql://user@host/name`.

    An empty database becomes a store, unless `create` is false; an older store is upgraded. Raises StoreRefused for a
    newer one, for a database of something else, and when it cannot be reached. `rest` waits between two writing
    transactions of a scan, so that others get their turn. `keeper` has the key of the audit and its anchor.
    """
    database = connect(url, keeper)
    try:
        schema.prepare(database, create=create)
    except BaseException:
        database.engine.dispose()
        raise
    return Store(database, rest)


def restore_store(url: str, backup: Path, wish: Wish, keeper: Keeper) -> Restored:
    """Bring a backup back as the store of a URL, whichever engine it was made on; see Wish and Restored."""
    database = connect(url, keeper)
    try:
        return restore(database, backup, wish)
    finally:
        database.engine.dispose()


class Store:
    """All that lasts. Every reading method shows one revision: the current one, or the one asked for.

    May be shared between threads; one process may scan at a time, beside any number that read and decide.
    """

    def __init__(self, database: Database, rest: Callable[[float], None]) -> None:
        self._database = database
        self._rest = rest

    def close(self) -> None:
        self._database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def store_id(self) -> str:
        """What tells this store from every other; given at its making."""
        with self._database.reading() as connection:
            return read_store_id(connection)

    def current_revision(self) -> int:
        """The revision readers see; 0 for a store nothing was ever written to."""
        with self._database.reading() as connection:
            return snapshot(connection).at

    def state_revision(self) -> int:
        """The latest revision that changed customers; a decision alone changes none before the next scan."""
        with self._database.reading() as connection:
            return state_revision(connection)

    @property
    def changes(self) -> Changes:
        """What became different between two revisions."""
        return Changes(self._database)

    @property
    def outbox(self) -> Outbox:
        """What systems are to be told, and how far that has come."""
        return Outbox(self._database)

    @property
    def access(self) -> Access:
        """Who may use the desk, and who is signed in at it."""
        return Access(self._database)

    @property
    def claims(self) -> Claims:
        """Who is at work on which question."""
        return Claims(self._database)

    @property
    def proposals(self) -> Proposals:
        """Answers that wait for a second person."""
        return Proposals(self._database)

    @property
    def cohorts(self) -> Cohorts:
        """Alike pairs that are accepted together on a sample."""
        return Cohorts(self._database, self._rest)

    # Scanning

    def begin_scan(self, owner: str, at: str) -> ScanLease:
        """Take the scan lock and remove what an unfinished scan left; `owner` and `at` are shown to whoever waits.

        Raises StoreRefused, naming the owner, while another scan is at work.
        """
        lease = acquire(self._database, owner, at)
        try:
            clear_unfinished(lease, self._rest)
        except BaseException:
            lease.release()
            raise
        return lease

    def stage_scan(self, lease: ScanLease) -> Stage:
        """Begin to write a scan; see Stage."""
        return Stage(lease, self._rest)

    def break_scan_lock(self, *, author: str, at: str) -> bool:
        """Remove the scan lock of a computer that is gone for good; its scan can write nothing any more.

        False when there was no lock.
        """
        return break_lock(self._database, author, at)

    # Reading in bulk

    def read_record_hashes(self, *, revision: int | None = None) -> pl.DataFrame:
        """RECORD_HASHES by (system, key)."""
        return self._read(reading.read_record_hashes, revision)

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

    # Deciding

    def add_decision(  # noqa: PLR0913 - a decision has these parts, and its author writes them here
        self,
        kind: DecisionKind,
        left: RecordKey,
        right: RecordKey,
        *,
        author: str,
        at: str,
        reason: str,
        basis: Basis = NO_BASIS,
        receipt: Receipt | None = None,
    ) -> int:
        """Record what a steward says of two records, visible at once; returns the number of the decision.

        The same decision on the same evidence is no second one. The check of `basis` sees what stands about the two in
        the transaction that writes. Raises DecisionRefused when the opposite stands, and whatever the check raises.
        """
        return decisions.add_decision(self._database, left, right, Saying(kind, author, at, reason, receipt), basis)

    def supersede(  # noqa: PLR0913 - a decision has these parts, and its author writes them here
        self,
        decision_id: int,
        kind: DecisionKind,
        *,
        author: str,
        at: str,
        reason: str,
        basis: Basis = NO_BASIS,
        receipt: Receipt | None = None,
    ) -> int:
        """Replace a standing decision by another on the same pair; `withdrawn` takes it back.

        Raises DecisionRefused when it does not stand (any more).
        """
        return decisions.supersede(self._database, decision_id, Saying(kind, author, at, reason, receipt), basis)

    def get_statement(self, number: int) -> Statement | None:
        """Which kind of statement of a steward has that number; None when there is none."""
        with self._database.reading() as connection:
            return decisions.get_statement(connection, snapshot(connection), number)

    def statement_of(self, receipt: Receipt) -> int | None:
        """The number of the statement that a message from a browser made; None where it made none (yet)."""
        with self._database.reading() as connection:
            return receipts.statement_of(connection, receipt)

    def keep_receipt(self, receipt: Receipt, statement: int, at: str) -> None:
        """Keep that a message said what a statement already said. Raises DecisionRefused where it was kept before."""
        with self._database.writing() as connection:
            locked_pointer(connection)
            receipts.keep_receipt(connection, receipt, statement, at)

    # Doing: merge, split, move, unmerge; pins and overrides

    def footing(self, master_ids: Collection[str], *, revision: int | None = None) -> Footing:
        """All that the store shows of a few customers; see Footing."""
        return self._read(footing, revision, master_ids)

    def owner_of(self, record: RecordKey, *, revision: int | None = None) -> str | None:
        """The master id of a record; None where there is no such record."""
        return self._read(reading.read_owner, revision, record)

    def do_deed(self, doing: deeds.Doing, said: Saying) -> deeds.Done:
        """Change customers at once, in one transaction; see `deeds.do_deed` for what is refused."""
        return deeds.do_deed(self._database, doing, said)

    def read_deeds(self, master_ids: Sequence[str] | None = None, *, revision: int | None = None) -> pl.DataFrame:
        """DEEDS, oldest first: all, or those about one of these ids."""
        return self._read(deeds.read_deeds, revision, master_ids)

    def get_deed(self, number: int) -> deeds.Journaled | None:
        """A row of the journal with the state before it; None when there is none of that number."""
        return self._read(deeds.get_deed, None, number)

    def take_numbers(self, count: int) -> int:
        """Use up so many numbers of master ids; returns the first of them."""
        return deeds.take_numbers(self._database, count)

    def add_pin(self, record: RecordKey, master_id: str, said: Saying, check: Callable[[pins.Pinning], None]) -> int:
        """Pin a record to a master id, which the next scan obeys; returns the number of the pin.

        `check` sees what is known of the two in the transaction that writes. Raises DecisionRefused where another pin
        of the record stands, and whatever the check raises.
        """
        return pins.add_pin(self._database, record, master_id, said, check)

    def withdraw_pin(self, number: int, said: Saying) -> int:
        """Take a pin back. Raises DecisionRefused when it does not stand (any more)."""
        return pins.withdraw_pin(self._database, number, said)

    def read_pins(self, *, revision: int | None = None) -> pl.DataFrame:
        """The standing PINS by record."""
        return self._read(known.read_pins, revision)

    def override_value(self, doing: overrides.Overriding, said: Saying) -> overrides.Overrode:
        """Set a golden value, or take that back, at once; see `overrides.override_value`."""
        return overrides.override_value(self._database, doing, said)

    def read_overrides(self, *, revision: int | None = None) -> pl.DataFrame:
        """The standing OVERRIDES by customer and attribute."""
        return self._read(known.read_overrides, revision)

    # The audit

    def audit(self, since: str = "") -> pl.DataFrame:
        """AUDIT in the order in which it happened, from that moment on (ISO text)."""
        with self._database.reading() as connection:
            return read_audit(connection, since)

    def verify(self, copy_of_anchor: Path | None = None) -> Verified:
        """Check all that the store can show of itself, and its audit; see Verified."""
        return verify(self._database, copy_of_anchor)

    def back_up(self, into: Path, at: str) -> Manifest:
        """Write all that is finished into one file, as it stood at one moment, while others work on."""
        return back_up(self._database, into, at)

    # The desk

    def page_golden(
        self, asked: desk.Asked, order: desk.GoldenOrder = "name", *, revision: int | None = None
    ) -> desk.Page:
        """GOLDEN_PAGE lines of customers; `search` is a master id, or words that must all be in the name."""
        return self._read(desk.page_golden, revision, asked, order)

    def count_golden(self, search: str = "", ids: tuple[str, ...] = (), *, revision: int | None = None) -> int:
        return self._read(desk.count_golden, revision, search, ids)

    def find_owners(self, key: str, systems: tuple[str, ...], *, revision: int | None = None) -> tuple[str, ...]:
        """The master ids of the records with exactly this key in one of the systems, in their order."""
        return self._read(desk.find_owners, revision, key, systems)

    def page_questions(
        self,
        sought: questions.Sought,
        after: questions.Place | None = None,
        limit: int = 50,
        *,
        revision: int | None = None,
    ) -> desk.Page:
        """STORED_QUESTIONS that fit, in the order sought, behind a place."""
        return self._read(questions.page_questions, revision, sought, after, limit)

    def count_questions(self, sought: questions.Sought = questions.EVERYTHING, *, revision: int | None = None) -> int:
        return self._read(questions.count_questions, revision, sought)

    def look_around(
        self, sought: questions.Sought, place: questions.Place, *, revision: int | None = None
    ) -> questions.Around:
        """The questions around a place, and how many stand before it."""
        return self._read(questions.look_around, revision, sought, place)

    def read_question(self, left: RecordKey, right: RecordKey, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_QUESTIONS of one pair, answered or not; none where the last scan did not ask it."""
        return self._read(questions.read_question, revision, (left.system, left.key, right.system, right.key))

    def read_questions(self, *, revision: int | None = None) -> pl.DataFrame:
        """STORED_QUESTIONS by the two record keys, answered ones too."""
        return self._read(questions.read_questions, revision)

    def question_choices(self, *, revision: int | None = None) -> questions.Choices:
        """What the queue can be narrowed to."""
        return self._read(questions.read_choices, revision)

    def get_customer(self, master_id: str, *, revision: int | None = None) -> desk.Customer | None:
        """A customer with its records, links and history; None for an id that is not active (see `resolve`)."""
        return self._read(desk.get_customer, revision, master_id)

    def get_customers(self, master_ids: Collection[str], *, revision: int | None = None) -> dict[str, desk.Customer]:
        """Several customers by their ids; an id that is not active is left out."""
        return self._read(desk.get_customers, revision, master_ids)

    def read_links_among(self, master_ids: Collection[str], *, revision: int | None = None) -> pl.DataFrame:
        """Stored links both of whose records belong to these customers, and to which of them."""
        return self._read(desk.read_links_among, revision, master_ids)

    # Master ids, now and in the past

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
