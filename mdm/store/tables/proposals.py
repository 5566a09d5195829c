"""Proposals: answers of one person that take effect when a second one confirms them."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import WHOLE, maybe, metadata, number, text

proposal = sa.Table(
    "proposal",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    number("rev"),
    *[text(name) for name in ("kind", "author", "at", "reason", "system_l", "key_l", "system_r", "key_r")],
    maybe("evidence"),
    sa.Column("supersedes", WHOLE, sa.ForeignKey("proposal.id"), unique=True),
    sa.Index("proposal_by_pair", "system_l", "key_l", "system_r", "key_r"),
)
"""What was proposed of two records, append-only: `kind` is the answer, or `withdrawn` or `settled` of one that another
took back or that was decided. `evidence` is the fingerprint of the values it was made on."""
