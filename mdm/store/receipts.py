"""Receipts: a statement that arrives twice, because nobody knew whether it had arrived, is made once."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.records import Receipt
from mdm.store.tables import receipt


def statement_of(connection: sa.Connection, given: Receipt) -> int | None:
    """The number of the statement that the message made; None where it made none (yet)."""
    query = sa.select(receipt.c.statement).where(receipt.c.sender == given.sender, receipt.c.message == given.message)
    return connection.execute(query).scalar_one_or_none()


def keep_receipt(connection: sa.Connection, given: Receipt | None, statement: int, at: str) -> None:
    """Keep what a message made. Belongs into the transaction of the statement, behind the lock on the pointer.

    Raises DecisionRefused, so that nothing is done, where the message has made a statement before.
    """
    if given is None:
        return
    before = statement_of(connection, given)
    if before is not None:
        raise DecisionRefused(f"That message was carried out before, as number {before}.", "Nothing was done again.")
    row = {"sender": given.sender, "message": given.message, "statement": statement, "at": at}
    connection.execute(sa.insert(receipt).values(row))
