"""The kinds of column that the tables of the store are made of."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text is compared by code point on both engines, so that every sort is the same."""

WHOLE: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

metadata: Final = sa.MetaData()


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False)


def standing() -> tuple[sa.Column[int], sa.Column[int]]:
    """A row stands from `rev_from` until just before `rev_to`; without `rev_to` it still stands."""
    return sa.Column("rev_from", WHOLE, nullable=False), sa.Column("rev_to", WHOLE)
