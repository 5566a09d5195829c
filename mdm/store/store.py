"""The store as the rest of the tool sees it: one object, frames and small values in and out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from mdm.store import decisions, deeds, known, overrides, pins, reading, receipts, schema
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
from mdm.store.desk_store import DeskStore
from mdm.store.footing import Footing, footing
from mdm.store.lock import ScanLease, acquire, break_lock
from mdm.store.outbox import Outbox
from mdm.store.proposals import Proposals
from mdm.store.snapshot import locked_pointer, snapshot, state_revision
from mdm.store.staging import Stage
from mdm.store.unfinished import clear_unfinished
from mdm.store.verify import Verified, verify
from mdm.store.views import Views

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path
    from types import TracebackType

    import polars as pl

    from mdm.records import Receipt, RecordKey
    from mdm.store.decisions import DecisionKind


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


class Store(DeskStore):
    """All that lasts. Every reading method shows one revision: the current one, or the one asked for.

    May be shared between threads; one process may scan at a time, beside any number that read and decide.
    """

    def __init__(self, database: Database, rest: Callable[[float], None]) -> None:
        super().__init__(database)
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
    def views(self) -> Views:
        """Views of the queue that people keep."""
        return Views(self._database)

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
