"""Pairs of records: how well they match, and what stewards decided."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import WHOLE, maybe, metadata, number, standing, text

link = sa.Table(
    "link",
    metadata,
    text("system_l"),
    text("key_l"),
    text("system_r"),
    text("key_r"),
    number("weight"),
    sa.Column("probability", sa.Double, nullable=False),
    text("band"),
    sa.Column("veto", sa.Boolean, nullable=False),
    text("levels"),
    *standing(),
    sa.PrimaryKeyConstraint("system_l", "key_l", "system_r", "key_r", "rev_from"),
    sa.Index("link_by_right", "system_r", "key_r"),
    sqlite_with_rowid=False,
)
"""Scored pairs that are automatic or up for review, the smaller record key on the left."""
question = sa.Table(
    "question",
    metadata,
    text("system_l"),
    text("key_l"),
    text("system_r"),
    text("key_r"),
    number("weight"),
    sa.Column("probability", sa.Double, nullable=False),
    text("band"),
    sa.Column("veto", sa.Boolean, nullable=False),
    text("levels"),
    text("master_id_l"),
    text("master_id_r"),
    maybe("country_l"),
    maybe("country_r"),
    number("records"),
    number("value"),
    text("asked_at"),
    *standing(),
    sa.PrimaryKeyConstraint("system_l", "key_l", "system_r", "key_r", "rev_from"),
    sa.Index("question_by_left", "master_id_l"),
    sa.Index("question_by_right", "master_id_r"),
    sqlite_with_rowid=False,
)
"""What a scan asks a person: of every two customers that may be one the strongest link, whether or not it is answered.

`records` counts those of both customers, `value` is what both are worth; `asked_at` is the first scan that asked."""
_KEY = (question.c.system_l, question.c.key_l, question.c.system_r, question.c.key_r)
_SEEN = (question.c.rev_from, question.c.rev_to, question.c.master_id_l, question.c.master_id_r)
for _name, _leading in (
    ("weight", question.c.weight.desc()),
    ("records", question.c.records.desc()),
    ("value", question.c.value.desc()),
    ("age", question.c.asked_at),
):
    sa.Index(f"question_by_{_name}", _leading, *_KEY, *_SEEN)

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    number("rev"),
    text("kind"),
    text("system_l"),
    text("key_l"),
    text("system_r"),
    text("key_r"),
    text("author"),
    text("at"),
    text("reason"),
    sa.Column("supersedes", WHOLE, sa.ForeignKey("decision.id"), unique=True),
    sa.Column("deed", WHOLE),
    maybe("evidence"),
    maybe("seen"),
    sa.Index("decision_by_right", "system_r", "key_r"),
)
"""What stewards decided; append-only. The decisions on a pair form one chain, of which the last stands.

`deed` is the merge, split, ... that left it; `evidence` is the fingerprint of the values it was made on, and `seen` has
these values as JSON: the one column that may be emptied later, because it holds what records say."""
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
