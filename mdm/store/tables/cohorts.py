"""Cohorts: alike pairs that are accepted together on a sample, and what became of each of them."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import WHOLE, metadata, number, text

cohort = sa.Table(
    "cohort",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    text("kind"),
    text("about"),
    text("seed"),
    number("size"),
    number("drawn"),
    number("most"),
    text("author"),
    text("at"),
    text("state"),
    text("stated"),
    text("changed_by"),
    text("changed_at"),
)
"""`kind` is the answer that is accepted, `about` says in words which pairs these are, `drawn` how many the sample has,
`most` the share of wrong ones that is allowed, in hundredths of a per cent; `stated` is the bound on which the rest was
accepted. The last two say who brought it into its state, and when."""

cohort_pair = sa.Table(
    "cohort_pair",
    metadata,
    sa.Column("cohort", WHOLE, sa.ForeignKey("cohort.id"), nullable=False),
    text("system_l"),
    text("key_l"),
    text("system_r"),
    text("key_r"),
    number("weight"),
    text("row_l"),
    text("row_r"),
    sa.Column("drawn", WHOLE),
    text("outcome"),
    text("cause"),
    sa.Column("decision", WHOLE, sa.ForeignKey("decision.id")),
    sa.PrimaryKeyConstraint("cohort", "system_l", "key_l", "system_r", "key_r"),
    sa.Index("cohort_pair_by_pair", "system_l", "key_l", "system_r", "key_r"),
    sa.Index("cohort_pair_by_outcome", "cohort", "outcome"),
    sqlite_with_rowid=False,
)
"""The pairs of a cohort, fixed when it was drawn: `row_l` and `row_r` are the hashes of the two records then, `drawn`
is the place in the sample, null for the rest. `outcome` is empty until something became of the pair, by `decision`
where one was made."""
