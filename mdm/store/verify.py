"""Verify a store: its state against what must always be true, its audit against the key and the anchor outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.errors import StoreRefused
from mdm.records import CROSSWALK, TableSchema
from mdm.store import bulk, reading, tables
from mdm.store.audit import read_audited_after, read_entries, read_store_id
from mdm.store.audit_anchor import Keeper, read_anchor
from mdm.store.audit_restored import replaced_anchor
from mdm.store.decisions import NUMBERED
from mdm.store.known import read_overrides
from mdm.store.ledger import last_issued
from mdm.store.replay import ID_STATES, MEMBERSHIPS
from mdm.store.snapshot import Snapshot, snapshot
from mdm.store.verify_audit import Anchored, Told, check_anchors, check_chain, check_deeds
from mdm.store.verify_past import Past, check_past
from mdm.store.verify_roles import check_roles
from mdm.store.verify_state import PAIR, Check, State, check_state
from mdm.store.verify_values import check_values

if TYPE_CHECKING:
    from mdm.store.database import Database
    from mdm.store.tables import Revised

RECORD: Final = {"system": bulk.TEXT, "key": bulk.TEXT}
COUNTED: Final = {"master_id": bulk.TEXT, "records": bulk.NUMBER}
TO_THE_SECOND: Final = 19
"""Characters of an ISO time down to the second: two spellings of UTC may follow."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Every check with its faults. `rows` counts those of the audit, `head` is the hash of the last one; `unanchored`
    rows are newer than the anchor: left by a program that was stopped, or not yet noted.
    """

    store_id: str
    revision: int
    checks: tuple[Check, ...]
    rows: int
    head: str
    unanchored: int

    @property
    def holds(self) -> bool:
        return not any(check.faults for check in self.checks)


def verify(database: Database, copy: Path | None = None) -> Verified:
    """Check everything that the store itself can show, in one reading transaction.

    `copy` is a copy of the anchor kept elsewhere, which the chain must still hold.
    """
    keeper = database.keeper
    with database.looking() as connection:
        # The anchor first: a change that is noted while we look is then one that the chain shows.
        anchors = _anchors(keeper, copy)
        seen = snapshot(connection)
        past = _past(connection, seen)
        state = _state(connection, seen, past)
        values = check_values(connection, seen, _obeyed(connection, seen))
        entries = list(read_entries(connection))
        told = _told(connection)
        roles = {name: role for name, role, *_ in connection.execute(sa.select(tables.user_role))}
        store_id = read_store_id(connection)
    key = keeper.key()
    walked, chain = check_chain(entries, key, anchors)
    checks = (
        *check_state(state),
        values,
        chain,
        check_anchors(walked, anchors, replaced_anchor(entries, key or b""), store_id, state.issued),
        check_deeds(entries, told, key),
        *check_past(entries, past),
        check_roles(entries, roles),
    )
    rows, head = (walked.head.seq, walked.head.hash) if walked.head else (0, "")
    anchored = [a.anchor.seq for a in anchors[:1] if a.anchor]
    return Verified(store_id, seen.at, checks, rows, head, max(0, rows - anchored[0]) if anchored else 0)


def _anchors(keeper: Keeper, copy: Path | None) -> list[Anchored]:
    found = []
    if keeper.folder is not None:
        try:
            found.append(Anchored("The anchor beside the project", keeper.read_anchor()))
        except StoreRefused as error:
            found.append(Anchored("The anchor beside the project", None, error.what))
    if copy is not None:
        found.append(Anchored(f"The anchor {copy}", read_anchor(copy, keeper.key() or b"")))
    return found


def _past(connection: sa.Connection, seen: Snapshot) -> Past:
    return Past(
        memberships=_revised(connection, seen, tables.CROSSWALKS, MEMBERSHIPS),
        id_states=_revised(connection, seen, tables.MASTER_STATES, ID_STATES),
        lineage=reading.read_lineage(connection, seen),
        masters=reading.read_masters(connection, seen),
        audited_after=read_audited_after(connection),
    )


def _revised(connection: sa.Connection, seen: Snapshot, revised: Revised, schema: TableSchema) -> pl.DataFrame:
    """Every row that ever stood; what a scan that is at work ends still stands."""
    table = revised.table
    query: sa.Select[Any] = sa.select(*[table.c[name] for name in schema]).where(seen.includes(table.c.rev_from))
    rows = bulk.read(connection, query, schema)
    unseen = (pl.col("rev_to") > seen.at) | (pl.col("rev_to") == seen.skips)
    return rows.with_columns(pl.when(unseen.not_()).then("rev_to"))


def _state(connection: sa.Connection, seen: Snapshot, past: Past) -> State:
    return State(
        records=reading.read_standing(connection, seen, tables.RECORDS, RECORD),
        crosswalk=past.memberships.filter(pl.col("rev_to").is_null()).select(list(CROSSWALK)),
        masters=past.masters,
        golden=reading.read_standing(connection, seen, tables.GOLDENS, COUNTED),
        decided=_decided(connection, seen),
        issued=last_issued(connection),
    )


def _decided(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """The standing decisions that the last scan knew of; later ones take effect with the next."""
    standing = reading.read_decisions(connection, seen).filter(pl.col("stands"))
    return _known(connection, seen, tables.decision, standing).select(*PAIR, "id", "kind")


def _obeyed(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """The standing OVERRIDES that the last scan knew of; one that was made during it takes effect with the next."""
    return _known(connection, seen, tables.override, read_overrides(connection, seen))


def _known(connection: sa.Connection, seen: Snapshot, table: sa.Table, standing: pl.DataFrame) -> pl.DataFrame:
    """Of the standing statements of a table those that the last scan knew of."""
    run = tables.run
    last = connection.execute(
        sa.select(run.c.staged_as, run.c.started_at).where(run.c.rev <= seen.at).order_by(run.c.rev.desc()).limit(1)
    ).first()
    before, began = (last.staged_as, last.started_at[:TO_THE_SECOND]) if last else (0, "")
    revisions = connection.execute(sa.select(table.c.id, table.c.rev)).all()
    known = [number for number, rev in revisions if rev < before]
    return standing.filter(pl.col("id").is_in(known) & (pl.col("at").str.head(TO_THE_SECOND) < began))


def _told(connection: sa.Connection) -> Told:
    run = tables.run
    hashes = [run.c[name] for name in ("rev", "staged_as", "result_hash", "rules_hash", "input_hash")]
    statements = {
        table.name: tuple(dict(row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings())
        for table in NUMBERED
    }
    runs = connection.execute(sa.select(*hashes).order_by(run.c.rev)).mappings().all()
    return Told(
        statements=statements,
        runs=tuple(dict(row) for row in runs),
        audited_after=read_audited_after(connection),
    )
