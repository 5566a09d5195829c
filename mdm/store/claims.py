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
    from collections.abc import Mapping, Sequence

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


@dataclass(frozen=True, slots=True)
class Hold:
    """A person, the moment that is now, and until when they shall have a question.

    An own claim that lasts until `enough` is not prolonged.
    """

    who: str
    now: str
    until: str
    enough: str

    def changes(self, claim: Claim) -> bool:
        """Whether to take a question would change its claim: nobody else has it, and the own one ends too soon."""
        if claim.is_held_by_another(self.who, self.now):
            return False
        return claim.holder != self.who or claim.until < self.enough


class Claims:
    """The claims of a store. All moments are given, as ISO text in UTC to the second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, pairs: Sequence[Pair], hold: Hold, leave: Sequence[Pair] = ()) -> Mapping[Pair, Claim]:
        """Have these questions that long, but those that somebody else has now; returns the claims that stand.

        Those to `leave` are given back. Of several who ask at once one gets a question; to ask again prolongs the own
        claim. Nothing is written where nothing would change.
        """
        known = self._of(pairs)
        if not leave and not any(hold.changes(known[pair]) for pair in pairs):
            return known
        with self._database.writing() as connection:
            locked_pointer(connection)
            let_go(connection, leave, hold.who)
            known = {pair: _find(connection, pair) for pair in pairs}
            for pair, before in known.items():
                if hold.changes(before):
                    known[pair] = Claim(hold.who, hold.until, before.assignee)
                    _write(connection, pair, known[pair])
            connection.execute(sa.delete(claim).where(claim.c.assignee == "", claim.c.until <= hold.now))
        return known

    def give_back(self, pairs: Sequence[Pair], who: str) -> None:
        """Let go of questions; those of somebody else are left alone."""
        with self._database.writing() as connection:
            let_go(connection, pairs, who)

    def assign(self, pair: Pair, assignee: str, said: Saying) -> Claim:
        """Name the person who shall answer a question, or, with no name, nobody."""
        with changing(self._database) as change:
            locked_pointer(change.connection)
            before = _find(change.connection, pair)
            after = Claim(before.holder, before.until, assignee)
            _write(change.connection, pair, after)
            deed = Deed(said.at, said.author, "assign", f"{pair[0]} + {pair[1]}", {"assignee": assignee})
            change.record(deed)
            return after

    def of(self, pair: Pair) -> Claim:
        return self._of([pair])[pair]

    def _of(self, pairs: Sequence[Pair]) -> dict[Pair, Claim]:
        with self._database.reading() as connection:
            return {pair: _find(connection, pair) for pair in pairs}

    def among(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The CLAIMS of these pairs, as far as there are any."""
        if pairs.is_empty():
            return pl.DataFrame(schema=dict(CLAIMS))
        with self._database.reading() as connection:
            mine = join_asked(connection, pairs.select(KEY).rows(), [claim.c[name] for name in KEY])
            query: sa.Select[Any] = sa.select(*[claim.c[name] for name in CLAIMS]).select_from(mine)
            return bulk.read(connection, query, CLAIMS)


def _find(connection: sa.Connection, pair: Pair) -> Claim:
    found = connection.execute(sa.select(claim.c.holder, claim.c.until, claim.c.assignee).where(_is(pair))).first()
    return Claim() if found is None else Claim(*found)


def _write(connection: sa.Connection, pair: Pair, after: Claim) -> None:
    connection.execute(sa.delete(claim).where(_is(pair)))
    values = {"holder": after.holder, "until": after.until, "assignee": after.assignee}
    connection.execute(sa.insert(claim).values({**dict(zip(KEY, _key(pair), strict=True)), **values}))


def let_go(connection: sa.Connection, pairs: Sequence[Pair], who: str) -> None:
    """Give back what somebody has of these questions, whether or not there is anything."""
    for pair in pairs:
        mine = sa.and_(_is(pair), claim.c.holder == who)
        connection.execute(sa.update(claim).where(mine).values(holder="", until=""))
        connection.execute(sa.delete(claim).where(_is(pair), claim.c.holder == "", claim.c.assignee == ""))


def _is(pair: Pair) -> sa.ColumnElement[bool]:
    return sa.and_(*[claim.c[name] == value for name, value in zip(KEY, _key(pair), strict=True)])


def _key(pair: Pair) -> Sequence[str]:
    return pair[0].system, pair[0].key, pair[1].system, pair[1].key
