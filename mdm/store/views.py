"""Views of the queue that people keep: which choices, under which name, for whom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from mdm.store.snapshot import locked_pointer
from mdm.store.tables import saved_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mdm.store.database import Database


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named choice of the queue: `address` has the parts of an address by name."""

    owner: str
    name: str
    address: Mapping[str, str]
    shared: bool


class Views:
    """The saved views of a store; each belongs to its owner, who has one of each name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, view: SavedView) -> None:
        """Keep a view, in the place of the owner's view of that name."""
        written = json.dumps(dict(sorted(view.address.items())), ensure_ascii=False)
        with self._database.writing() as connection:
            locked_pointer(connection)
            connection.execute(sa.delete(saved_view).where(_is(view.owner, view.name)))
            values = {"owner": view.owner, "name": view.name, "address": written, "shared": view.shared}
            connection.execute(sa.insert(saved_view).values(values))

    def delete(self, owner: str, name: str) -> None:
        """Forget a view; one that is not there is no error."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(saved_view).where(_is(owner, name)))

    def seen_by(self, who: str) -> tuple[SavedView, ...]:
        """The own views of somebody and those that others share, each by name, the own ones first."""
        query = sa.select(saved_view).where(sa.or_(saved_view.c.owner == who, saved_view.c.shared))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(saved_view.c.name, saved_view.c.owner)).all()
        found = [SavedView(row.owner, row.name, json.loads(row.address), bool(row.shared)) for row in rows]
        return tuple(sorted(found, key=lambda view: view.owner != who))


def _is(owner: str, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(saved_view.c.owner == owner, saved_view.c.name == name)
