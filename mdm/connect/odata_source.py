"""An entity set of an OData service as a source: read by key, page by page, with what belongs to each record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from mdm.connect.gathering import ChildRows, columns_of
from mdm.connect.http_reading import Ask, HttpReader
from mdm.connect.odata_metadata import Entity, Metadata
from mdm.connect.odata_service import ODataService, Row
from mdm.connect.odata_values import behind, literal, since, text_of
from mdm.connect.protocols import Column, Description
from mdm.errors import SystemRefused
from mdm.rulebook.connector import span_of
from mdm.rulebook.http_connector import ODataChild, ODataConnector

END_OF_TIME: Final = "9000-01-01T00:00:00"
"""From here on a date stands for none, as 9999-12-31 does."""

NAMED: Final = 20
"""Records that one request names by their keys: addresses of requests have a length."""


class ODataSource:
    """The entities of a set by their key. Only GET is ever sent."""

    def __init__(self, rules: ODataConnector, client: HttpReader, key: Sequence[str]) -> None:
        self._rules, self._client = rules, client
        self._service = ODataService(client, rules.version)
        known = Metadata(client.answer(Ask("$metadata", "application/xml")).content, client.url)
        self._entity = known.entity(rules.entity)
        self._entity.columns([*key, *rules.changed_at])
        wanted = None if rules.columns is None else list(dict.fromkeys([*key, *rules.columns, *rules.changed_at]))
        self._columns = self._entity.columns(wanted)
        self._types = self._entity.types
        self._key = [(name, self._types[name]) for name in key]
        self._children = [(child, _child_columns(child, self._entity, known)) for child in rules.children]

    def describe(self) -> Description:
        columns = list(self._columns)
        for child, own in self._children:
            columns += columns_of(child.name, own, is_list=child.many)
        names = ", ".join(child.name for child, _ in self._children)
        note = (
            f"{names}: no time of changes of their own; what changes there alone is seen every {self._rules.full_every}"
        )
        notes = (note,) if names and self._rules.changed_at else ()
        return Description(f"entity set {self._rules.entity} of {self._client.url}", tuple(columns), notes)

    def watermark(self) -> str:
        found = []
        for name in self._rules.changed_at:
            end = literal(END_OF_TIME, self._types[name], self._rules.version)
            asked = {"$filter": self._all(f"{name} lt {end}"), "$orderby": f"{name} desc", "$top": "1", "$select": name}
            rows = next(self._service.pages(self._rules.entity, asked))
            found += [text for row in rows[:1] if (text := text_of(row.get(name)))]
        return max(found, default="")

    def full(self, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        return self._records("", after)

    def delta(self, since_mark: str) -> Iterator[pl.DataFrame]:
        overlap, version = span_of(self._rules.overlap), self._rules.version
        names = self._rules.changed_at
        later = []
        for name in names:
            kind = self._types[name]
            later.append(f"{name} ge {literal(since(name, kind, since_mark, overlap), kind, version)}")
        unsaid = " and ".join(f"{name} eq null" for name in names)
        return self._records(" or ".join([*later, f"({unsaid})"]), ())

    def records(self, keys: pl.DataFrame) -> Iterator[pl.DataFrame]:
        for piece in keys.iter_slices(NAMED):
            yield from self._records(" or ".join(self._is(row) for row in piece.iter_rows()), ())

    def snapshot(self) -> Iterator[pl.DataFrame]:
        names = [name for name, _ in self._key]
        for rows in self._parts({"$select": ",".join(names)}, "", ()):
            yield _texts(rows, names)

    def _is(self, row: Sequence[str]) -> str:
        version = self._rules.version
        parts = [f"{name} eq {literal(text, kind, version)}" for (name, kind), text in zip(self._key, row, strict=True)]
        return f"({' and '.join(parts)})"

    def _records(self, condition: str, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        names = [column.name for column in self._columns]
        for rows in self._parts(self._selecting(), condition, after):
            frame = _texts(rows, names)
            for child, columns in self._children:
                found = self._rows_of(child, [column.name for column in columns], rows)
                key = [name for name, _ in self._key]
                frame = found.listed(frame, key) if child.many else found.first(frame, key)
            yield frame

    def _selecting(self) -> dict[str, str]:
        """What is asked for of each record; of a version 4 service all properties of what is expanded."""
        if not self._children:
            return {} if self._rules.columns is None else {"$select": ",".join(c.name for c in self._columns)}
        paths = sorted({child.path for child, _ in self._children})
        if self._rules.version == "4":
            return {"$expand": ",".join(_nested(paths))}
        chosen = [column.name for column in self._columns]
        chosen += [f"{child.path}/{column.name}" for child, columns in self._children for column in columns]
        return {"$expand": ",".join(paths), "$select": ",".join(dict.fromkeys(chosen))}

    def _parts(self, asked: Mapping[str, str], condition: str, after: Sequence[str]) -> Iterator[list[Row]]:
        """All records in the order of their key, however few the service gives at once.

        It is asked until it has nothing more: some cut a list off and do not say so.
        """
        order = ",".join(name for name, _ in self._key)
        last = tuple(after)
        while True:
            begun = behind(self._key, last, self._rules.version) if last else ""
            options = {
                **asked,
                "$orderby": order,
                "$top": str(self._rules.page),
                "$filter": self._all(condition, begun),
            }
            before = last
            for rows in self._service.pages(self._rules.entity, {name: text for name, text in options.items() if text}):
                if rows:
                    yield rows
                    last = tuple(text_of(rows[-1].get(name)) or "" for name, _ in self._key)
            if last == before:
                return
            if not all(last):
                raise SystemRefused(f"{self._client.url} has a record without a key.", "Correct `key` in the rules.")

    def _all(self, *conditions: str) -> str:
        return " and ".join(f"({part})" for part in (self._rules.filter, *conditions) if part)

    def _rows_of(self, child: ODataChild, columns: Sequence[str], rows: Sequence[Row]) -> ChildRows:
        """The entities that a path leads to from these records, as rows of a child table."""
        by = [name.removeprefix("-") for name in child.order_by]
        names = [*(f"k{at}" for at in range(len(self._key))), *(f"o{at}" for at in range(len(by)))]
        names += [f"v{at}" for at in range(len(columns))]
        found = []
        for row in rows:
            key = [text_of(row.get(name)) for name, _ in self._key]
            found += [
                [*key, *(text_of(entity.get(name)) for name in (*by, *columns))]
                for entity in self._service.at(row, child.path.split("/"))
            ]
        frame = pl.DataFrame(found, schema=dict.fromkeys(names, pl.String()), orient="row")
        turned = [False] * len(self._key) + [name.startswith("-") for name in child.order_by]
        ordered = frame.sort(names[: len(turned)], descending=turned, nulls_last=True, maintain_order=True)
        return ChildRows(child.name, columns, ordered)


def _child_columns(child: ODataChild, entity: Entity, known: Metadata) -> list[Column]:
    """The columns of a child; those it is ordered by must be among them, for no others are asked for."""
    found = known.at(entity, child.path).columns(child.columns)
    there = {column.name for column in found}
    if missing := [name for name in child.order_by if name.removeprefix("-") not in there]:
        raise SystemRefused(
            f"{child.name} is ordered by {', '.join(missing)}, no column of it.", "Add it to `columns`."
        )
    return found


def _nested(paths: Sequence[str]) -> list[str]:
    """Paths as version 4 expands them: `a/b` is `a($expand=b)`."""
    below: dict[str, list[str]] = {}
    for path in paths:
        first, _, rest = path.partition("/")
        below.setdefault(first, []).extend([rest] if rest else [])
    return [f"{first}($expand={','.join(_nested(rest))})" if rest else first for first, rest in below.items()]


def _texts(rows: Sequence[Row], names: Sequence[str]) -> pl.DataFrame:
    """Rows as a frame of text columns. Raises SystemRefused for a property that was asked for and is not there."""
    missing = [name for name in names if rows and name not in rows[0]]
    if missing:
        raise SystemRefused(f"An answer has no {', '.join(missing)}.", "Its $metadata says otherwise; ask who runs it.")
    return pl.DataFrame([pl.Series(name, [text_of(row.get(name)) for row in rows], dtype=pl.String) for name in names])
