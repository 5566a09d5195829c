"""The tables of the store: what lasts, and how a row says from which revision to which it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text is compared by code point on both engines, so that every sort is the same."""

WHOLE: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

metadata: Final = sa.MetaData()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False)


def _standing() -> tuple[sa.Column[int], sa.Column[int]]:
    """A row stands from `rev_from` until just before `rev_to`; without `rev_to` it still stands."""
    return sa.Column("rev_from", WHOLE, nullable=False), sa.Column("rev_to", WHOLE)


meta = sa.Table("meta", metadata, sa.Column("name", TEXT, primary_key=True), _text("value"))
"""Facts about the store itself, such as its id."""

pointer = sa.Table(
    "pointer",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    _number("current"),
    sa.Column("building", WHOLE),
)
"""One row: the revision readers see, and the one a scan is building (null when none is)."""

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("at"),
    _number("skips"),
)
"""Every revision a reader can ask for. `skips` is the unfinished revision that is no part of it, or 0."""

scan_lock = sa.Table(
    "scan_lock",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    _text("token"),
    _text("owner"),
    _text("started_at"),
    _text("host"),
    _number("pid"),
    _text("process"),
)
"""At most one row: who is scanning, since when, and in which process."""

run = sa.Table(
    "run",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    _number("staged_as"),
    _text("started_at"),
    _text("finished_at"),
    _text("manifest"),
    _text("counts"),
    _text("timings"),
    _text("result_hash"),
    _text("rules_hash"),
    _text("input_hash"),
)
"""One row for each applied scan. `staged_as` is the revision its rows carry."""

input_file = sa.Table(
    "input_file",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("system", TEXT, primary_key=True),
    sa.Column("path", TEXT, primary_key=True),
    _text("sha256"),
    _number("size"),
    _number("rows_in"),
    _number("loaded"),
    _number("unchanged"),
    _number("quarantined"),
)

source_record = sa.Table(
    "source_record",
    metadata,
    _text("system"),
    _text("key"),
    _text("row_hash"),
    _text("body"),
    *_standing(),
    sa.PrimaryKeyConstraint("system", "key", "rev_from"),
)

master = sa.Table(
    "master",
    metadata,
    sa.Column("master_id", TEXT, primary_key=True),
    sa.Column("sequence", WHOLE, nullable=False, unique=True),
    _number("rev"),
    sqlite_with_rowid=False,
)
"""Every master id ever given out; never deleted. `rev` is the revision that created it."""

master_state = sa.Table(
    "master_state",
    metadata,
    sa.Column("master_id", TEXT, sa.ForeignKey("master.master_id"), nullable=False),
    _text("state"),
    _maybe("into"),
    *_standing(),
    sa.PrimaryKeyConstraint("master_id", "rev_from"),
    sqlite_with_rowid=False,
)
"""The ids that are no longer active, merged or retired; an id without a standing row here is active."""

crosswalk = sa.Table(
    "crosswalk",
    metadata,
    _text("system"),
    _text("key"),
    sa.Column("master_id", TEXT, sa.ForeignKey("master.master_id"), nullable=False),
    *_standing(),
    sa.PrimaryKeyConstraint("system", "key", "rev_from"),
    sa.Index("crosswalk_by_master", "master_id", "system", "key"),
    sqlite_with_rowid=False,
)

lineage = sa.Table(
    "lineage",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("position", WHOLE, primary_key=True, autoincrement=False),
    _text("kind"),
    _maybe("from_id"),
    _maybe("to_id"),
    _maybe("system"),
    _maybe("key"),
    sqlite_with_rowid=False,
)
"""What happened to ids, in order; append-only."""
sa.Index(
    "lineage_from",
    lineage.c.from_id,
    sqlite_where=lineage.c.from_id.is_not(None),
    postgresql_where=lineage.c.from_id.is_not(None),
)
sa.Index(
    "lineage_to",
    lineage.c.to_id,
    sqlite_where=lineage.c.kind != "create",
    postgresql_where=lineage.c.kind != "create",
)

golden = sa.Table(
    "golden",
    metadata,
    sa.Column("master_id", TEXT, sa.ForeignKey("master.master_id"), nullable=False),
    _text("name"),
    _text("name_search"),
    _maybe("kind"),
    _maybe("country"),
    _maybe("city"),
    _number("records"),
    _text("systems"),
    _text("row_hash"),
    _text("body"),
    _text("provenance"),
    *_standing(),
    sa.PrimaryKeyConstraint("master_id", "rev_from"),
    sa.Index("golden_by_name", "name_search", "master_id", "rev_from", "rev_to"),
)
sa.Index(
    "golden_by_records",
    golden.c.records.desc(),
    golden.c.master_id,
    golden.c.rev_from,
    golden.c.rev_to,
    golden.c.name_search,
)

link = sa.Table(
    "link",
    metadata,
    _text("system_l"),
    _text("key_l"),
    _text("system_r"),
    _text("key_r"),
    _number("weight"),
    sa.Column("probability", sa.Double, nullable=False),
    _text("band"),
    sa.Column("veto", sa.Boolean, nullable=False),
    _text("levels"),
    *_standing(),
    sa.PrimaryKeyConstraint("system_l", "key_l", "system_r", "key_r", "rev_from"),
    sa.Index("link_by_right", "system_r", "key_r"),
    sqlite_with_rowid=False,
)
"""Scored pairs that are automatic or up for review, the smaller record key on the left."""
sa.Index(
    "link_review",
    link.c.weight.desc(),
    link.c.system_l,
    link.c.key_l,
    link.c.system_r,
    link.c.key_r,
    sqlite_where=link.c.band == "review",
    postgresql_where=link.c.band == "review",
)

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    _number("rev"),
    _text("kind"),
    _text("system_l"),
    _text("key_l"),
    _text("system_r"),
    _text("key_r"),
    _text("author"),
    _text("at"),
    _text("reason"),
    sa.Column("supersedes", WHOLE, sa.ForeignKey("decision.id"), unique=True),
    sa.Index("decision_by_right", "system_r", "key_r"),
)
"""What stewards decided; append-only. The decisions on a pair form one chain, of which the last stands."""
sa.Index(
    "decision_first_of_pair",
    decision.c.system_l,
    decision.c.key_l,
    decision.c.system_r,
    decision.c.key_r,
    unique=True,
    sqlite_where=decision.c.supersedes.is_(None),
    postgresql_where=decision.c.supersedes.is_(None),
)
sa.Index("decision_by_pair", decision.c.system_l, decision.c.key_l, decision.c.system_r, decision.c.key_r)

quarantine = sa.Table(
    "quarantine",
    metadata,
    _text("row_hash"),
    _text("system"),
    _text("file"),
    sa.Column("record_number", WHOLE),
    _maybe("key"),
    _maybe("column"),
    _text("reason"),
    _maybe("raw"),
    *_standing(),
    sa.PrimaryKeyConstraint("row_hash", "rev_from"),
)

publish_change = sa.Table(
    "publish_change",
    metadata,
    _text("target"),
    _text("key"),
    _text("field"),
    _maybe("old"),
    _maybe("new"),
    _text("master_id"),
    *_standing(),
    sa.PrimaryKeyConstraint("target", "key", "field", "rev_from"),
    sa.Index("publish_change_by_master", "master_id"),
)


CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True)
class Revised:
    """A table whose rows stand from one revision to another; `key` identifies what a row is about.

    `chunk` is how many of its rows one transaction may write: measured to hold SQLite's write lock for 20 ms or so.
    """

    table: sa.Table
    key: tuple[str, ...]
    chunk: int = CHUNK


RECORDS: Final = Revised(source_record, ("system", "key"))
CROSSWALKS: Final = Revised(crosswalk, ("system", "key"))
MASTER_STATES: Final = Revised(master_state, ("master_id",))
GOLDENS: Final = Revised(golden, ("master_id",), chunk=1_000)  # wide rows, and an index in the order of names
LINK_ROWS: Final = Revised(link, ("system_l", "key_l", "system_r", "key_r"))
QUARANTINED: Final = Revised(quarantine, ("row_hash",))
CHANGES: Final = Revised(publish_change, ("target", "key", "field"))

REVISED: Final = (RECORDS, CROSSWALKS, MASTER_STATES, GOLDENS, LINK_ROWS, QUARANTINED, CHANGES)
"""Every revised table, those that refer to a master id before the table of masters."""

APPENDED: Final = (input_file, lineage, master)
"""Tables a scan only adds to, each row marked by its `rev`; masters last, because others refer to them."""
