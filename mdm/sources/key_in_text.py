"""The key of a record that could not be read, as far as its text still shows it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mdm.sources.facts import RAW_CAP
from mdm.sources.keys import KEY_JOINER

BETWEEN: Final = re.compile(r"[\s,:]*")


def key_in_text(raw: str, columns: Sequence[str], key: Sequence[str], separator: str | None) -> str | None:
    """The key that the original text of a record shows, made as `record_keys` makes it; None where it shows none.

    A record with too many or too few fields counts its fields from the left, so a wrong key is possible; it serves to
    keep a known record of that key, never to load one. `separator` is that of a CSV file, None where the text is JSON.
    """
    cells = _json_cells(raw) if separator is None else _csv_cells(raw, columns, separator)
    parts = [(cells.get(name) or "").strip() for name in key]
    return KEY_JOINER.join(parts) if all(parts) else None


def _csv_cells(raw: str, columns: Sequence[str], separator: str) -> Mapping[str, str]:
    try:
        values = next(csv.reader(io.StringIO(raw, newline=""), delimiter=separator), [])
    except csv.Error:
        return {}
    whole = values if len(raw) < RAW_CAP else values[:-1]  # of a text that was cut the last cell may be a part
    return dict(zip(columns, whole, strict=False))


def _json_cells(raw: str) -> Mapping[str, str]:
    """The texts and numbers of a JSON object by name, up to where it is cut or broken."""
    return {name: value for name, value in _members(raw) if isinstance(name, str) and isinstance(value, str)}


def _members(raw: str) -> Iterator[tuple[object, object]]:
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
    at = raw.find("{") + 1
    try:
        while True:
            name, at = decoder.raw_decode(raw, _skipped(raw, at))
            value, at = decoder.raw_decode(raw, _skipped(raw, at))
            yield name, value
    except (ValueError, RecursionError):
        return


def _skipped(raw: str, at: int) -> int:
    found = BETWEEN.match(raw, at)
    return found.end() if found else at
