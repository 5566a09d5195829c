"""Who is at work on which question: a lease that ends by itself, and the person it is assigned to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.store import bulk
from mdm.store.asked import join_asked
from mdm.store.audit import Deed, changing
from mdm.store.snapshot import locked_pointer
from mdm.store.tables import claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mdm.records import RecordKey, TableSchema
    from mdm.store.database import Database
    from mdm.store.decisions import Saying

KEY: Final = ("system_l", "key_l", "system_r", "key_r")
CLAIMS: Final[TableSchema] = dict.fromkeys((*KEY, "holder", "until", "assignee"), bulk.TEXT)
"""Who has the question of a pair until when (ISO text in UTC), and whom it is assigned to; empty where nobody is."""

Pair = tuple["RecordKey", "RecordKey"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has a question, until when, and whom it is assigned to; empty where there is nobody."""

    holder: str = ""
    until: str = ""
    assignee: str = ""

    def is_held_by_another(self, who: str, now: str) -> bool:
        return self.holder not in ("", who) and self.until > now


class Claims:
    """The claims of a store. All moments are given, as ISO text in UTC to the second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, pair: Pair, who: str, now: str, until: str) -> Claim:
        """Have a question until that moment, unless somebody else has it now; returns the claim that stands.

        Of several who ask at once one gets it. To ask again prolongs the own claim.
        """
        with self._database.writing() as connection:
            locked_pointer(connection)
            before = _find(connection, pair)
            if before is not None and before.is_held_by_another(who, now):
                return before
            after = Claim(who, until, before.assignee if before else "")
            _write(connection, pair, after, is_new=before is None)
            return after

    def give_back(self, pair: Pair, who: str) -> None:
        """Let go of a question; that of somebody else is left alone."""
        mine = sa.and_(_is(pair), claim.c.holder == who)
        with self._database.writing() as connection:
            connection.execute(sa.update(claim).where(mine).values(holder="", until=""))

    def assign(self, pair: Pair, assignee: str, said: Saying) -> Claim:
        """Name the person who shall answer a question, or, with no name, nobody."""
        with changing(self._database) as change:
            locked_pointer(change.connection)
            before = _find(change.connection, pair)
            after = Claim(before.holder if before else "", before.until if before else "", assignee)
            _write(change.connection, pair, after, is_new=before is None)
            deed = Deed(said.at, said.author, "assign", f"{pair[0]} + {pair[1]}", {"assignee": assignee})
            change.record(deed)
            return after

    def of(self, pair: Pair) -> Claim:
        with self._database.reading() as connection:
            return _find(connection, pair) or Claim()

    def among(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The CLAIMS of these pairs, as far as there are any."""
        if pairs.is_empty():
            return pl.DataFrame(schema=dict(CLAIMS))
        with self._database.reading() as connection:
            mine = join_asked(connection, pairs.select(KEY).rows(), [claim.c[name] for name in KEY])
            query: sa.Select[Any] = sa.select(*[claim.c[name] for name in CLAIMS]).select_from(mine)
            return bulk.read(connection, query, CLAIMS)


def _find(connection: sa.Connection, pair: Pair) -> Claim | None:
    found = connection.execute(sa.select(claim.c.holder, claim.c.until, claim.c.assignee).where(_is(pair))).first()
    return None if found is None else Claim(*found)


def _write(connection: sa.Connection, pair: Pair, after: Claim, *, is_new: bool) -> None:
    values = {"holder": after.holder, "until": after.until, "assignee": after.assignee}
    if is_new:
        connection.execute(sa.insert(claim).values({**dict(zip(KEY, _key(pair), strict=True)), **values}))
    else:
        connection.execute(sa.update(claim).where(_is(pair)).values(values))


def _is(pair: Pair) -> sa.ColumnElement[bool]:
    return sa.and_(*[claim.c[name] == value for name, value in zip(KEY, _key(pair), strict=True)])


def _key(pair: Pair) -> Sequence[str]:
    return pair[0].system, pair[0].key, pair[1].system, pair[1].key
