"""Values of OData, version 2 and 4: as literals of a filter, and as text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mdm.errors import SystemRefused

TICKS: Final = re.compile(r"/Date\((-?\d{1,16})([+-]\d{1,4})?\)/")
ZONED: Final = re.compile(r"T.*(Z|[+-]\d\d:\d\d)$")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
QUOTED: Final = ("Edm.String",)
MARKED: Final = {"Edm.Guid": "guid", "Edm.DateTime": "datetime", "Edm.DateTimeOffset": "datetimeoffset"}
"""Of version 2: the word before the quoted value."""

MOMENTS: Final = ("Edm.DateTime", "Edm.DateTimeOffset", "Edm.Date")


def text_of(value: Any) -> str | None:  # noqa: ANN401 - as the system says it
    """A value as text: ISO times without a zone, in UTC; null where there is none."""
    if value is None:
        return None
    if isinstance(value, str):
        ticks = TICKS.fullmatch(value)
        return _moment(int(ticks[1])) if ticks else value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def literal(text: str, kind: str, version: str) -> str:
    """A text as a value of a filter. Raises SystemRefused where it can be none, such as a quote in a number."""
    bare = kind.partition("(")[0]
    if bare in QUOTED:
        return "'" + text.replace("'", "''") + "'"
    if not re.fullmatch(r"[0-9A-Za-z.:+-]{1,64}", text.replace(" ", "T")):
        raise SystemRefused(f"{text[:40]} is no {bare}.", "This is a fault of the connector.")
    said = text[:10] if bare == "Edm.Date" else text.replace(" ", "T")
    if bare == "Edm.DateTimeOffset" and not ZONED.search(said):
        said += "Z"
    return f"{MARKED[bare]}'{said}'" if version == "2" and bare in MARKED else said


def behind(columns: Sequence[tuple[str, str]], texts: Sequence[str], version: str) -> str:
    """A filter for what stands behind a key; `columns` are names with their types."""
    given = [literal(text, kind, version) for (_, kind), text in zip(columns, texts, strict=True)]
    same = [f"{name} eq {value}" for (name, _), value in zip(columns, given, strict=True)]
    later = [" and ".join([*same[:at], f"{name} gt {given[at]}"]) for at, (name, _) in enumerate(columns)]
    return " or ".join(f"({part})" for part in later) if len(later) > 1 else later[0]


def since(name: str, kind: str, watermark: str, overlap: timedelta) -> str:
    """The moment from which a delta reads, as text: a column that may hold a day alone is read from a day before."""
    moment = datetime.fromisoformat(watermark) - max(overlap, timedelta(days=1))
    if not kind.startswith(MOMENTS):
        raise SystemRefused(f"{name} is {kind}, no time and no date.", "Name another property as changed_at.")
    return moment.isoformat(timespec="seconds")


def _moment(milliseconds: int) -> str:
    return (EPOCH + timedelta(milliseconds=milliseconds)).replace(tzinfo=None).isoformat(sep=" ")
