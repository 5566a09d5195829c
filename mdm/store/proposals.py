"""Answers that wait for a second person: proposed, taken back, settled when the pair is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.store import bulk
from mdm.store.audit import Action, Change, Deed, changing
from mdm.store.audit_digest import bound
from mdm.store.claims import let_go
from mdm.store.decisions import next_number
from mdm.store.receipts import keep_receipt
from mdm.store.snapshot import locked_pointer, next_revision
from mdm.store.tables import proposal

if TYPE_CHECKING:
    import polars as pl

    from mdm.records import RecordKey, TableSchema
    from mdm.store.database import Database
from mdm.store.decisions import Saying

KEY: Final = ("system_l", "key_l", "system_r", "key_r")
TEXTS: Final = ("kind", *KEY, "author", "at", "reason", "evidence")
PROPOSALS: Final[TableSchema] = {"id": bulk.NUMBER, **dict.fromkeys(TEXTS, bulk.TEXT)}
"""Proposals that stand, oldest first."""

ENDED: Final = ("withdrawn", "settled")
Pair = tuple["RecordKey", "RecordKey"]


class Proposals:
    """The proposals of a store. They are statements with numbers of their own, so each can be undone by its number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, pair: Pair, said: Saying, evidence: str) -> int:
        """Propose an answer to a pair, smaller key first; returns its number. One person has one proposal for a pair.

        Raises DecisionRefused where the same person proposed the same on the same values before.
        """
        with changing(self._database) as change:
            locked_pointer(change.connection)
            mine = change.connection.execute(_standing(_is(pair), proposal.c.author == said.author)).first()
            if mine is not None and (mine.kind, mine.evidence) == (said.kind, evidence):
                raise DecisionRefused(
                    f"You proposed this on {mine.at} (proposal {mine.id}).", "A second person has to confirm it."
                )
            return _insert(change, pair, said, {"evidence": evidence, "supersedes": None if mine is None else mine.id})

    def end(self, number: int, said: Saying) -> None:
        """Take a proposal back, or settle it. Raises DecisionRefused where it does not stand (any more)."""
        with changing(self._database) as change:
            locked_pointer(change.connection)
            found = change.connection.execute(_standing(proposal.c.id == number)).first()
            if found is None:
                raise DecisionRefused(f"Proposal {number} does not stand any more.", "Nothing was changed.")
            _end(change, found, said)

    def settle(self, pair: Pair, said: Saying) -> int:
        """Settle what stands of a pair that was decided; returns how many there were."""
        with changing(self._database) as change:
            locked_pointer(change.connection)
            found = change.connection.execute(_standing(_is(pair))).all()
            for row in found:
                _end(change, row, said)
            return len(found)

    def standing(self, pair: Pair | None = None) -> pl.DataFrame:
        """PROPOSALS: all of them, or those of a pair."""
        with self._database.reading() as connection:
            return bulk.read(connection, _standing(*([] if pair is None else [_is(pair)])), PROPOSALS)


def _standing(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    later = proposal.alias("later")
    replaced = sa.exists().where(later.c.supersedes == proposal.c.id)
    query: sa.Select[Any] = sa.select(*[proposal.c[name] for name in PROPOSALS])
    return query.where(proposal.c.kind.not_in(ENDED), sa.not_(replaced), *which).order_by(proposal.c.id)


def _end(change: Change, found: sa.Row[Any], said: Saying) -> None:
    values = {name: getattr(found, name) for name in KEY}
    _write(change, values, said, {"evidence": None, "supersedes": found.id})


def _insert(change: Change, pair: Pair, said: Saying, of: dict[str, Any]) -> int:
    let_go(change.connection, [pair], said.author)
    values = dict(zip(KEY, (pair[0].system, pair[0].key, pair[1].system, pair[1].key), strict=True))
    return _write(change, values, said, of)


def _write(change: Change, values: dict[str, Any], said: Saying, of: dict[str, Any]) -> int:
    connection = change.connection
    said_ = {"kind": said.kind, "author": said.author, "at": said.at, "reason": said.reason}
    rev = next_revision(connection, "decision", said.at)
    row = {"id": next_number(connection), "rev": rev, **said_, **values, **of}
    connection.execute(sa.insert(proposal).values(row))
    details = {
        "proposal": row["id"],
        "revision": rev,
        "kind": said.kind,
        "supersedes": row["supersedes"],
        "commitment": change.commitment(bound(row)),
    }
    action: Action = "propose" if said.kind not in ENDED else "withdraw"
    subject = f"{values['system_l']}:{values['key_l']} + {values['system_r']}:{values['key_r']}"
    change.record(Deed(said.at, said.author, action, subject, details))
    keep_receipt(connection, said.receipt, row["id"], said.at)
    return int(row["id"])


def _is(pair: Pair) -> sa.ColumnElement[bool]:
    values = zip(KEY, (pair[0].system, pair[0].key, pair[1].system, pair[1].key), strict=True)
    return sa.and_(*[proposal.c[name] == value for name, value in values])
