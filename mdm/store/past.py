"""The past: which revision readers saw at a moment, and the crosswalk as it stood then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.records import CROSSWALK
from mdm.store import bulk
from mdm.store.frames import CROSSWALK_SINCE
from mdm.store.tables import crosswalk, pointer, revision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mdm.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records of the crosswalk: all of them, those of a system, those with a key, or just one."""

    system: str | None = None
    key: str | None = None

    def where(self) -> list[sa.ColumnElement[bool]]:
        given = ((crosswalk.c.system, self.system), (crosswalk.c.key, self.key))
        return [column == value for column, value in given if value is not None]


EVERYTHING: Final = Wanted()


def revision_at(connection: sa.Connection, moment: datetime) -> int:
    """The latest revision that was there at that moment; 0 before the first one."""
    current = sa.select(pointer.c.current).scalar_subquery()
    rows = sa.select(revision.c.rev, revision.c.at).where(revision.c.rev <= current).order_by(revision.c.rev.desc())
    for rev, at in connection.execute(rows):
        began = _moment(at)
        if began is not None and began <= moment:
            return int(rev)
    return 0


def _moment(text: str) -> datetime | None:
    """A stored time; one without a zone is in UTC, and what is no time stands for none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def crosswalk_parts(connection: sa.Connection, seen: Snapshot, wanted: Wanted) -> Iterator[pl.DataFrame]:
    """CROSSWALK_SINCE by (system, key), piece by piece."""
    schema = {**CROSSWALK, "rev_from": bulk.NUMBER}
    query: sa.Select[Any] = sa.select(*[crosswalk.c[name] for name in schema])
    query = query.where(seen.stands(crosswalk), *wanted.where()).order_by(crosswalk.c.system, crosswalk.c.key)
    began = _beginnings(connection, seen)
    for part in bulk.read_parts(connection, query, schema):
        dated = part.join(began, on="rev_from", how="left", maintain_order="left")
        yield dated.select(list(CROSSWALK_SINCE))


def _beginnings(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """The time at which the rows of each `rev_from` became visible, as `since`."""
    query: sa.Select[Any] = sa.select(revision.c.rev, revision.c.at, revision.c.skips)
    rows = connection.execute(query.where(revision.c.rev <= seen.at).order_by(revision.c.rev)).all()
    known = {rev: at for rev, at, _ in rows}
    # A scan that decisions overtook wrote its rows under a number of its own, which those decisions skip; it became
    # visible with the first revision behind them that does not.
    for number in {skips for *_, skips in rows} - known.keys():
        visible = next((at for rev, at, skips in rows if rev > number and skips != number), None)
        known[number] = visible
    schema = {"rev_from": pl.Int64, "since": pl.String}
    return pl.DataFrame({"rev_from": list(known), "since": list(known.values())}, schema=schema)
