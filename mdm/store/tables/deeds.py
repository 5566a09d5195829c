"""What stewards do to customers: the journal, overridden golden values, pinned master ids."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mdm.store.tables.columns import TEXT, WHOLE, maybe, metadata, number, text


def _said() -> list[sa.Column[Any]]:
    """What every statement has: its number, the revision it made, kind, author, time, reason."""
    own = sa.Column("id", WHOLE, primary_key=True, autoincrement=False)
    return [own, number("rev"), *[text(name) for name in ("kind", "author", "at", "reason")]]


def _a_master(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, sa.ForeignKey("master.master_id"), nullable=False)


deed = sa.Table(
    "deed",
    metadata,
    *_said(),
    _a_master("master_id"),
    _a_master("other_id"),
    sa.Column("undoes", WHOLE, sa.ForeignKey("deed.id"), unique=True),
    maybe("before"),
    sa.Index("deed_by_master", "master_id"),
    sa.Index("deed_by_other", "other_id"),
)
"""The journal of merges, unmerges, splits and moves; append-only. `before` is the state of both customers before it, as
JSON; a merge puts `other_id` into `master_id`, the others take records of `master_id` to `other_id`."""

override = sa.Table(
    "override",
    metadata,
    *_said(),
    _a_master("master_id"),
    text("attribute"),
    maybe("value"),
    maybe("was"),
    sa.Column("supersedes", WHOLE, sa.ForeignKey("override.id"), unique=True),
)
"""Golden values that a steward set; append-only. Of the statements on one attribute of one customer the last stands;
`was` is the golden value it replaced."""

pin = sa.Table(
    "pin",
    metadata,
    *_said(),
    text("system"),
    text("key"),
    _a_master("master_id"),
    sa.Column("supersedes", WHOLE, sa.ForeignKey("pin.id"), unique=True),
    sa.Column("deed", WHOLE),
    sa.Index("pin_by_master", "master_id"),
)
"""Records that keep a master id; append-only. Of the statements on one record the last stands; `deed` is the merge or
unmerge that turned it to another id."""

for _table, _about in ((override, (override.c.master_id, override.c.attribute)), (pin, (pin.c.system, pin.c.key))):
    sa.Index(
        f"{_table.name}_first",
        *_about,
        unique=True,
        sqlite_where=_table.c.supersedes.is_(None),
        postgresql_where=_table.c.supersedes.is_(None),
    )
