"""The feed of changes for other programs: what became of records and customers, page by page behind a cursor.

A reader that begins without a cursor gets all there is, and then what changed. A page holds the state of one revision:
what changes while somebody pages through comes after it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from mdm.errors import CursorOutdated, SettingsInvalid
from mdm.store import Since, Store

MOST: Final = 1_000
KINDS: Final = ("crosswalk", "golden")
BEGIN_ANEW: Final = "Begin anew, without a cursor."


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Changes in the order of their keys; `cursor` asks for what follows them, `more`: some is there already."""

    changes: list[dict[str, Any]]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Between which revisions somebody reads, with their times, and how far that has come.

    `new` is 0 where all was read up to `old`.
    """

    old: int = 0
    old_at: str = ""
    new: int = 0
    new_at: str = ""
    kind: str = KINDS[0]
    after: tuple[str, ...] | None = None


def read_feed(store: Store, cursor: str, most: int) -> FeedPage:
    """The next page behind a cursor, or the first one behind an empty text; `most` rows, at most MOST.

    Raises SettingsInvalid for what is no cursor, CursorOutdated for one of another history.
    """
    place = _parse(cursor) if cursor else _Place()
    _refuse_another_history(store, place)
    if not place.new:
        current = store.current_revision()
        if current == place.old:
            return FeedPage([], _written(place), more=False)
        place = replace(place, new=current, new_at=store.changes.moment(current) or "")
    wanted = max(1, min(most, MOST))
    changes: list[dict[str, Any]] = []
    while place.new and len(changes) < wanted:
        rows = _read(store, place, wanted - len(changes))
        changes += [_change(place.kind, row) for row in rows.iter_rows(named=True)]
        place = _following(place, rows, is_whole=rows.height < wanted - (len(changes) - rows.height))
    return FeedPage(changes, _written(place), more=bool(place.new))


def _read(store: Store, place: _Place, most: int) -> pl.DataFrame:
    since = Since(place.old, place.new, place.after, most)
    return store.changes.crosswalk(since) if place.kind == "crosswalk" else store.changes.golden(since)


def _following(place: _Place, rows: pl.DataFrame, *, is_whole: bool) -> _Place:
    """The place behind these rows: further on, at the next kind, or at the end of the revision."""
    if not is_whole:
        names = ("system", "key") if place.kind == "crosswalk" else ("master_id",)
        return replace(place, after=tuple(rows.select(names).row(-1)))
    if place.kind != KINDS[-1]:
        return replace(place, kind=KINDS[KINDS.index(place.kind) + 1], after=None)
    return _Place(old=place.new, old_at=place.new_at)


def _change(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    if kind == "crosswalk":
        master_id = None if row["gone"] else row["master_id"]
        return {"kind": kind, "system": row["system"], "key": row["key"], "master_id": master_id}
    if row["gone"]:
        return {"kind": kind, "master_id": row["master_id"], "values": None}
    values = {name: value for name, value in json.loads(row["body"]).items() if value is not None}
    return {"kind": kind, "master_id": row["master_id"], "customer_kind": row["kind"], "values": values}


def _refuse_another_history(store: Store, place: _Place) -> None:
    """A revision is known by its number and its time: after a restore the same number may be another one."""
    for number, at in ((place.old, place.old_at), (place.new, place.new_at)):
        if number and store.changes.moment(number) != at:
            raise CursorOutdated("The cursor is of another store, or of one before it was restored.", BEGIN_ANEW)


def _written(place: _Place) -> str:
    parts = [place.old, place.old_at]
    if place.new:
        parts += [place.new, place.new_at, place.kind, *(place.after or ())]
    return base64.urlsafe_b64encode(json.dumps(parts, ensure_ascii=False).encode()).decode().rstrip("=")


def _parse(cursor: str) -> _Place:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        old, old_at, *rest = parts
        new, new_at, kind, *after = rest or (0, "", KINDS[0])
        texts = (old_at, new_at, *after)
        if kind in KINDS and all(isinstance(n, int) for n in (old, new)) and all(isinstance(t, str) for t in texts):
            wide = {"crosswalk": 2, "golden": 1}[kind]
            if len(after) in (0, wide):
                return _Place(old, old_at, new, new_at, kind, tuple(after) or None)
    except (ValueError, TypeError, binascii.Error):
        pass
    raise SettingsInvalid("That is no cursor of this feed.", BEGIN_ANEW)
