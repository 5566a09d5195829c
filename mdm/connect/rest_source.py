"""Objects of a system that answers with pages of JSON as a source: by key, with the objects that belong to each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import polars as pl

from mdm.connect.gathering import ChildRows, columns_of
from mdm.connect.http_reading import HttpReader
from mdm.connect.odata_values import text_of
from mdm.connect.parquet import none_of
from mdm.connect.protocols import Column, Description
from mdm.connect.rest_dialects import DIALECTS
from mdm.connect.rest_question import Condition, Row, Wanted, parted
from mdm.errors import SystemRefused
from mdm.rulebook.connector import span_of
from mdm.rulebook.rest_connector import RestChild, RestConnector
from mdm.rulebook.sql_tables import Filters

MAIN: Final = ""


class RestSource:
    """Records and their children by questions alone; nothing is ever written."""

    def __init__(self, rules: RestConnector, reader: HttpReader, key: Sequence[str]) -> None:
        self._rules, self._reader = rules, reader
        self._dialect = DIALECTS[rules.dialect]
        if len(key) != 1:
            raise SystemRefused(f"The key of {rules.object} is one column.", f"Write `key: {self._dialect.key}`.")
        self._key = key[0]
        names = dict.fromkeys([self._key, *rules.columns, *rules.changed_at])
        self._columns = self._known(rules.object, tuple(names))
        self._children = [(child, self._known(child.object, child.columns)) for child in rules.children]
        self._page = min(rules.page, self._dialect.most)

    def describe(self) -> Description:
        columns = list(self._columns)
        for child, own in self._children:
            columns += columns_of(child.name, own, is_list=child.many)
        undated = ", ".join(child.name for child, _ in self._children if not child.changed_at)
        note = f"{undated}: no time of changes; what changes there alone is seen every {self._rules.full_every}"
        notes = (note,) if undated and self._rules.changed_at else ()
        return Description(f"{self._rules.object} of {self._reader.url}", tuple(columns), notes)

    def watermark(self) -> str:
        moments = {}
        for name, (what, _, changed) in self._dated().items():
            wanted = Wanted(what, (changed,), (), changed, 1, is_latest_first=True, moments=frozenset([changed]))
            found = self._ask(wanted)
            moments[name] = (text_of(found[0].get(changed)) or "") if found else ""
        return json.dumps(moments) if moments.get(MAIN) else ""

    def full(self, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        return self._records((), after)

    def delta(self, since: str) -> Iterator[pl.DataFrame]:
        moments: Mapping[str, str] = json.loads(since)
        changed = [none_of([self._key])]
        where = {MAIN: self._rules.where} | {child.name: child.where for child in self._rules.children}
        for name, (what, on, column) in self._dated().items():
            only = (*self._since(column, moments.get(name, "")), *_fixed(where[name]))
            pages = self._pages(Wanted(what, (on,), only, self._order(what, on), self._page))
            changed += [_texts(rows, (on,)).rename({on: self._key}) for rows in pages]
        return self.records(pl.concat(changed).drop_nulls().unique(maintain_order=True))

    def snapshot(self) -> Iterator[pl.DataFrame]:
        wanted = Wanted(self._rules.object, (self._key,), _fixed(self._rules.where), self._key, self._page)
        for rows in self._behind(wanted, ()):
            yield _texts(rows, (self._key,))

    def records(self, keys: pl.DataFrame) -> Iterator[pl.DataFrame]:
        for piece in keys.iter_slices(self._dialect.named):
            yield from self._records((Condition(self._key, "in", tuple(piece[self._key])),), ())

    def _records(self, conditions: tuple[Condition, ...], after: Sequence[str]) -> Iterator[pl.DataFrame]:
        names, only = tuple(column.name for column in self._columns), (*conditions, *_fixed(self._rules.where))
        moments = frozenset(self._rules.changed_at)
        for rows in self._behind(
            Wanted(self._rules.object, names, only, self._key, self._page, moments=moments), tuple(after)
        ):
            frame = _texts(rows, names)
            for child, columns in self._children:
                frame = self._with(frame, child, [column.name for column in columns])
            yield frame

    def _with(self, frame: pl.DataFrame, child: RestChild, labels: Sequence[str]) -> pl.DataFrame:
        """Records with the rows of a child."""
        own = (self._dialect.key,) if self._dialect.is_once else ()
        names = tuple(dict.fromkeys([*own, child.on, *labels]))
        found = [none_of(names)]
        for piece in frame.select(self._key).iter_slices(self._dialect.named):
            mine = (Condition(child.on, "in", tuple(piece[self._key])), *_fixed(child.where))
            pages = self._pages(Wanted(child.object, names, mine, self._order(child.object, child.on), self._page))
            found += [_texts(rows, names) for rows in pages]
        rows = ChildRows.of(child.name, labels, pl.concat(found), (child.on, child.order_by))
        return rows.listed(frame, [self._key]) if child.many else rows.first(frame, [self._key])

    def _order(self, what: str, on: str) -> str:
        """The column that every row of an object has."""
        return on if " " in what and self._rules.dialect == "suiteql" else self._dialect.key

    def _pages(self, wanted: Wanted) -> Iterator[list[Row]]:
        """All that is wanted: behind the last key where a key stands once, else by the place of a page.

        Its order must not change while it is read: what is ordered by a time of changes moves.
        """
        if wanted.order == self._dialect.key and (self._dialect.is_once or wanted.object == self._rules.object):
            columns = tuple(dict.fromkeys([wanted.order, *wanted.columns]))
            yield from self._behind(replace(wanted, columns=columns), ())
            return
        while rows := self._ask(wanted):
            yield rows
            step = wanted.most if self._dialect.stride else len(rows)
            wanted = replace(wanted, begin=wanted.begin + step)

    def _behind(self, wanted: Wanted, last: tuple[str, ...]) -> Iterator[list[Row]]:
        """All records in the order of their key. It is asked until nothing comes: what was cut off looks whole."""
        while True:
            behind = (Condition(wanted.order, "gt", last),) if last else ()
            rows = self._ask(replace(wanted, conditions=(*wanted.conditions, *behind)))
            if not rows:
                return
            key = text_of(rows[-1].get(wanted.order))
            if not key or (key,) == last:
                raise SystemRefused(f"{self._reader.url} repeats a page.", "Ask those who run it.")
            yield rows
            last = (key,)

    def _since(self, column: str, moment: str) -> tuple[Condition, ...]:
        if not moment:
            return ()
        begin = datetime.fromisoformat(moment) - span_of(self._rules.overlap)
        return (Condition(column, "ge", (begin.isoformat(),)),)

    def _ask(self, wanted: Wanted) -> list[Row]:
        rows = self._dialect.rows(self._reader.said(self._dialect.ask(wanted)))
        if rows is None:
            raise SystemRefused(f"{self._reader.url} answers with what is no list of records.", "Check the address.")
        return rows

    def _dated(self) -> dict[str, tuple[str, str, str]]:
        """By the name of a child, or MAIN: the object, its column with the record's key, and that with its changes."""
        rules = self._rules
        found = {MAIN: (rules.object, self._key, rules.changed_at[0])} if rules.changed_at else {}
        return found | {c.name: (c.object, c.on, c.changed_at[0]) for c in rules.children if c.changed_at}

    def _known(self, what: str, wanted: Sequence[str]) -> list[Column]:
        """Columns with their types as the system describes them now. What is joined is described nowhere."""
        if " " in what and self._rules.dialect == "suiteql":
            return [Column(name, "joined") for name in wanted]
        there = self._dialect.fields(self._reader.said(self._dialect.about(what)))
        if not there:
            raise SystemRefused(f"{self._reader.url} does not describe {what}.", "Check `object` in the rules.")
        if missing := [name for name in wanted if name not in there]:
            raise SystemRefused(
                f"{what} of {self._reader.url} has no {', '.join(missing)} that this user may read.",
                f"It has {', '.join(sorted(there))}. Correct the rules of the source, or the user's rights.",
            )
        return [Column(name, there[name]) for name in wanted]


def _fixed(where: Filters) -> tuple[Condition, ...]:
    return tuple(Condition(column, "in", values) for column, values in where.items())


def _texts(rows: Sequence[Row], names: Sequence[str]) -> pl.DataFrame:
    """Rows as text; an empty text is none. A field that a row leaves out is empty there."""
    texts = {name: [text_of(row.get(parted(name)[1])) or None for row in rows] for name in names}
    return pl.DataFrame(texts, schema=dict.fromkeys(names, pl.String()))
