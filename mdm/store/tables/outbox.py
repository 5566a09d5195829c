"""The outbox: what each system is to be told, one row for each version of a record, and how far that has come."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import WHOLE, maybe, metadata, number, text

UNSENT = ("planned", "approved")
OPEN = ("planned", "approved", "sent")

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    text("target"),
    text("record"),
    number("version"),
    text("master_id"),
    number("rev"),
    text("fields"),
    text("state"),
    maybe("accepts"),
    maybe("expects"),
    text("token"),
    number("attempts"),
    text("next_at"),
    text("lease_by"),
    text("lease_until"),
    text("changed_at"),
    text("cause"),
    sa.UniqueConstraint("target", "record", "version"),
)
"""`fields` is JSON of what shall be said: a list of {field, old, new}. `expects` is JSON of what the system said when
it was read for the plan, null until then; `token` is the state of the record at that time, in the system's own words.
`accepts` is what it said in a conflict that a person then settled.

`rev` is the revision from which the change stands. `next_at` and the two of the lease are empty where there is none."""
sa.Index(
    "outbox_head",
    outbox.c.target,
    outbox.c.record,
    unique=True,
    sqlite_where=outbox.c.state.in_(UNSENT),
    postgresql_where=outbox.c.state.in_(UNSENT),
)
sa.Index(
    "outbox_open",
    outbox.c.target,
    outbox.c.state,
    outbox.c.id,
    sqlite_where=outbox.c.state.in_(OPEN),
    postgresql_where=outbox.c.state.in_(OPEN),
)
