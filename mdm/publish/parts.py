"""Writes a long table piece by piece as it is read, so that it never lies in memory as a whole."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Literal

import polars as pl

from mdm.publish.tables import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable

PartsFormat = Literal["csv", "json"]


def write_parts(parts: Iterable[pl.DataFrame], file: IO[bytes], *, format: PartsFormat) -> int:  # noqa: A002 - the word users know
    """Write the parts of one table into an open file; returns the number of rows.

    The first part, which may be empty, names the columns. CSV is as `write_table` writes it; JSON is one array with an
    object on each line.
    """
    return _write_csv(parts, file) if format == "csv" else _write_json(parts, file)


def _write_csv(parts: Iterable[pl.DataFrame], file: IO[bytes]) -> int:
    rows = 0
    for number, part in enumerate(parts):
        text = guarded(part).write_csv(include_header=number == 0, quote_style="non_numeric", line_terminator="\n")
        file.write(text.encode())
        rows += part.height
    return rows


def _write_json(parts: Iterable[pl.DataFrame], file: IO[bytes]) -> int:
    rows = 0
    file.write(b"[")
    for part in parts:
        lines = part.select(pl.struct(pl.all()).struct.json_encode()).to_series()
        if part.height:
            file.write((("," if rows else "") + "\n" + ",\n".join(lines)).encode())
        rows += part.height
    file.write(b"\n]\n")
    return rows
