"""An object of Salesforce as a source: by Id, with its recycle bin and the objects that look up to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import polars as pl

from mdm.connect.gathering import ChildRows, columns_of
from mdm.connect.parquet import none_of
from mdm.connect.protocols import Column, Description
from mdm.connect.salesforce_service import SalesforceService
from mdm.errors import SystemRefused
from mdm.rulebook.connector import span_of
from mdm.rulebook.http_connector import SalesforceChild, SalesforceConnector

ID: Final = "Id"
CHANGED: Final = "SystemModstamp"
ALWAYS: Final = (ID, "IsDeleted", "MasterRecordId", CHANGED)
"""What tells the key, a deletion, a merge and a change; MasterRecordId where the object has it."""

NAMED: Final = 100
"""Records that one query names: an address of a request has a length."""

MAIN: Final = ""


class SalesforceSource:
    """Records and children by queries alone; nothing is ever written."""

    def __init__(self, rules: SalesforceConnector, service: SalesforceService, key: Sequence[str]) -> None:
        if list(key) != [ID]:
            raise SystemRefused("The key of a Salesforce object is Id.", "Write `key: Id`.")
        self._rules, self._service = rules, service
        there = {column.name: column for column in service.fields(rules.object)}
        wanted = list(there) if rules.columns is None else [*(n for n in ALWAYS if n in there), *rules.columns]
        self._columns = self._known(rules.object, there, wanted)
        self._children: list[tuple[SalesforceChild, list[Column]]] = []
        for child in rules.children:
            fields = {column.name: column for column in service.fields(child.object)}
            self._known(child.object, fields, [child.on, *(name.removeprefix("-") for name in child.order_by)])
            self._children.append((child, self._known(child.object, fields, child.columns)))

    def describe(self) -> Description:
        columns = list(self._columns)
        for child, own in self._children:
            columns += columns_of(child.name, own, is_list=child.many)
        return Description(f"{self._rules.object} of {self._service.url}", tuple(columns))

    def watermark(self) -> str:
        objects = {MAIN: self._rules.object} | {child.name: child.object for child, _ in self._children}
        moments = {}
        for name, which in objects.items():
            soql = _soql([CHANGED], which, f"ORDER BY {CHANGED} DESC LIMIT 1")
            found = pl.concat([none_of([CHANGED]), *self._service.query(soql, [CHANGED], deleted=True)])
            moments[name] = found[CHANGED][0] if found.height else ""
        return json.dumps(moments) if any(moments.values()) else ""

    def full(self, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        names = [column.name for column in self._columns]
        where = f"WHERE {ID} > {_quoted(after[0])}" if after else ""
        soql = _soql(names, self._rules.object, where, f"ORDER BY {ID}")
        service = self._service
        pages = service.bulk(soql, names) if self._rules.bulk else service.query(soql, names, deleted=True)
        return (self._with_children(page, _between(page)) for page in pages if page.height)

    def delta(self, since: str) -> Iterator[pl.DataFrame]:
        moments: Mapping[str, str] = json.loads(since)
        changed = [self._changed(self._rules.object, ID, moments.get(MAIN, ""))]
        changed += [self._changed(child.object, child.on, moments.get(child.name, "")) for child, _ in self._children]
        return self.records(pl.concat(changed).drop_nulls().unique(maintain_order=True))

    def records(self, keys: pl.DataFrame) -> Iterator[pl.DataFrame]:
        names = [column.name for column in self._columns]
        for piece in keys.iter_slices(NAMED):
            said = f"IN ({', '.join(_quoted(key) for (key,) in piece.iter_rows())})"
            soql = _soql(names, self._rules.object, f"WHERE {ID} {said} ORDER BY {ID}")
            for page in self._service.query(soql, names, deleted=True):
                yield self._with_children(page, said)

    def snapshot(self) -> Iterator[pl.DataFrame]:
        return self._service.query(_soql([ID], self._rules.object, f"ORDER BY {ID}"), [ID], deleted=True)

    def _changed(self, which: str, on: str, since: str) -> pl.DataFrame:
        """The Ids of records of which this object says a change; one that went into the recycle bin says it too."""
        where = ""
        if since:
            begin = datetime.fromisoformat(since).astimezone(UTC) - span_of(self._rules.overlap)
            where = f"WHERE {CHANGED} >= {begin.strftime('%Y-%m-%dT%H:%M:%SZ')}"
        pages = self._service.query(_soql([on], which, where), [on], deleted=True)
        return pl.concat([none_of([on]), *pages]).rename({on: ID}).unique(maintain_order=True)

    def _with_children(self, page: pl.DataFrame, which: str) -> pl.DataFrame:
        """A page with the children of its records; `which` tells them by their Ids."""
        for child, columns in self._children:
            labels = [column.name for column in columns]
            names = list(dict.fromkeys([child.on, *labels]))
            order = ", ".join([child.on, *(_ordered(name) for name in child.order_by)])
            where = which.replace(ID_HERE, child.on) if ID_HERE in which else f"{child.on} {which}"
            soql = _soql(names, child.object, f"WHERE {where} ORDER BY {order}")
            found = pl.concat([none_of(names), *self._service.query(soql, names, deleted=False)])
            # What a child is ordered by is not read; its place tells the order.
            place = pl.int_range(found.height, eager=True).cast(pl.String).str.zfill(9)
            frame = pl.DataFrame([found[child.on].alias("k0"), *_places(child, place), *_values(found, labels)])
            rows = ChildRows(child.name, labels, frame)
            page = rows.listed(page, [ID]) if child.many else rows.first(page, [ID])
        return page

    def _known(self, which: str, there: Mapping[str, Column], wanted: Sequence[str]) -> list[Column]:
        missing = [name for name in wanted if name not in there]
        if missing:
            raise SystemRefused(
                f"{which} of {self._service.url} has no field {', '.join(missing)} that this user may read.",
                f"It has {', '.join(there)}. Correct the rules of the source, or the user's rights.",
            )
        return [there[name] for name in dict.fromkeys(wanted)]


ID_HERE: Final = "{id}"


def _soql(names: Sequence[str], which: str, *rest: str) -> str:
    """A query; names are those of the rules, checked by their form, and values are quoted."""
    return " ".join(["SELECT", ", ".join(names), "FROM", which, *(part for part in rest if part)])


def _between(page: pl.DataFrame) -> str:
    """Whatever belongs to the records of a page, which are in the order of their Ids."""
    first, last = page[ID][0], page[ID][-1]
    return f"{ID_HERE} >= {_quoted(first)} AND {ID_HERE} <= {_quoted(last)}"


def _places(child: SalesforceChild, place: pl.Series) -> list[pl.Series]:
    return [place.alias("o0")] if child.order_by else []


def _values(found: pl.DataFrame, labels: Sequence[str]) -> list[pl.Series]:
    return [found[label].alias(f"v{at}") for at, label in enumerate(labels)]


def _ordered(name: str) -> str:
    return f"{name[1:]} DESC" if name.startswith("-") else name


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
