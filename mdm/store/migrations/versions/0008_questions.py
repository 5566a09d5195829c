"""The questions of a scan as rows, so that the queue is filtered, ordered and paged by the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("system_l", "key_l", "system_r", "key_r")
SEEN = ("rev_from", "rev_to", "master_id_l", "master_id_r")


def upgrade() -> None:
    op.drop_index("link_review", "link")
    op.create_table(
        "question",
        *[sa.Column(name, TEXT, nullable=False) for name in KEY],
        sa.Column("weight", WHOLE, nullable=False),
        sa.Column("probability", sa.Double, nullable=False),
        sa.Column("band", TEXT, nullable=False),
        sa.Column("veto", sa.Boolean, nullable=False),
        sa.Column("levels", TEXT, nullable=False),
        sa.Column("master_id_l", TEXT, nullable=False),
        sa.Column("master_id_r", TEXT, nullable=False),
        sa.Column("country_l", TEXT),
        sa.Column("country_r", TEXT),
        sa.Column("records", WHOLE, nullable=False),
        sa.Column("asked_at", TEXT, nullable=False),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.PrimaryKeyConstraint(*KEY, "rev_from"),
        sqlite_with_rowid=False,
    )
    op.execute(FILL)
    op.create_index("question_by_left", "question", ["master_id_l"])
    op.create_index("question_by_right", "question", ["master_id_r"])
    op.create_index("question_by_weight", "question", [sa.literal_column("weight DESC"), *KEY, *SEEN])
    op.create_index("question_by_records", "question", [sa.literal_column("records DESC"), *KEY, *SEEN])
    op.create_index("question_by_age", "question", ["asked_at", *KEY, *SEEN])


# What stands in the present revision; a scan without changes writes nothing, so nobody else would fill the table.
FILL = """
INSERT INTO question
SELECT system_l, key_l, system_r, key_r, weight, probability, band, veto, levels, master_id_l, master_id_r,
       (SELECT country FROM golden_now g WHERE g.master_id = master_id_l),
       (SELECT country FROM golden_now g WHERE g.master_id = master_id_r),
       (SELECT records FROM golden_now g WHERE g.master_id = master_id_l)
       + (SELECT records FROM golden_now g WHERE g.master_id = master_id_r),
       asked_at, rev, NULL
FROM (
  SELECT k.*, l.master_id AS master_id_l, r.master_id AS master_id_r, now.current AS rev, revision.at AS asked_at,
         row_number() OVER (
           PARTITION BY CASE WHEN l.master_id < r.master_id THEN l.master_id ELSE r.master_id END,
                        CASE WHEN l.master_id < r.master_id THEN r.master_id ELSE l.master_id END
           ORDER BY k.weight DESC, k.system_l, k.key_l, k.system_r, k.key_r) AS place
  FROM pointer now
  JOIN revision ON revision.rev = now.current
  JOIN link k ON TRUE
  JOIN crosswalk l ON l.system = k.system_l AND l.key = k.key_l
  JOIN crosswalk r ON r.system = k.system_r AND r.key = k.key_r
  WHERE l.master_id <> r.master_id AND STANDS(k) AND STANDS(l) AND STANDS(r)
) strongest
WHERE place = 1
"""


def _standing(name: str) -> str:
    began = f"{name}.rev_from <> coalesce(now.building, 0)"
    return f"({began} AND ({name}.rev_to IS NULL OR {name}.rev_to = now.building))"


for _name in "klr":
    FILL = FILL.replace(f"STANDS({_name})", _standing(_name))
FILL = FILL.replace("golden_now g WHERE", f"golden g JOIN pointer now ON TRUE WHERE {_standing('g')} AND")
