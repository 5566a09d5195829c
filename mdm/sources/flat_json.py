"""JSON lines that are flat objects of plain values, taken apart all at once: what nearly every export consists of."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.records import conform

BLANK: Final = r"[ \t\r\n]*"
TEXT: Final = r'"[^"\\\x00-\x1f]*"'
NUMBER: Final = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?"
VALUE: Final = f"{TEXT}|{NUMBER}|true|false|null"
MEMBER: Final = f"({TEXT}){BLANK}:{BLANK}({VALUE})"
OBJECT: Final = rf"^{BLANK}\{{{BLANK}(?:{MEMBER}{BLANK},{BLANK})*{MEMBER}{BLANK}\}}{BLANK}$"

MEMBERS: Final[dict[str, pl.DataType]] = {
    "row": pl.Int64(),
    "place": pl.Int64(),
    "name": pl.String(),
    "value": pl.String(),
}
"""One row for each member of a line: which line, the member's place in it, its name, and its value as text."""


def flat_members(lines: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """MEMBERS of the lines (text, null where a line is none) that are flat objects, and for each line whether it is.

    Flat: every value is a word, a short number or a string without a backslash, and no name stands twice. Numbers stay
    as they are written; an empty string and null are null. Whatever else a line is, it is left to the strict reader.
    """
    frame = lines.alias("line").to_frame().with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    plain = frame.filter(pl.col("line").str.contains(OBJECT))
    found = (
        plain.select("row", member=pl.col("line").str.extract_all(MEMBER))
        .explode("member")
        .with_columns(place=pl.int_range(pl.len()).over("row"), part=pl.col("member").str.extract_groups(MEMBER))
    )
    value = pl.col("part").struct.field("2")
    text = pl.when(value.str.starts_with('"')).then(value.str.slice(1).str.head(-1)).otherwise(value)
    members = found.select(
        "row",
        "place",
        name=pl.col("part").struct.field("1").str.slice(1).str.head(-1),
        value=pl.when(~text.is_in(["", "null"]) | value.eq('"null"')).then(text),
    )
    members = conform(members, MEMBERS, "members")
    twice = members.filter(pl.struct("row", "name").is_duplicated())["row"].unique()
    whole = members.filter(~pl.col("row").is_in(twice.implode()))
    return whole, frame["row"].is_in(whole["row"].unique().implode())


def columns_of(members: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """MEMBERS as a table: a line for each of `rows`, a column for each name in the order of first occurrence."""
    ordered = members.sort("row", "place")
    at = rows.search_sorted(ordered["row"])
    parts = ordered.with_columns(at=at).partition_by("name", maintain_order=True)
    return pl.DataFrame([_spread(p, rows.len()) for p in parts])


def _spread(part: pl.DataFrame, height: int) -> pl.Series:
    column = pl.Series(part["name"][0], [None], dtype=pl.String).new_from_index(0, height)
    return column.scatter(part["at"], part["value"])  # in place: every column needs its own


def split_lines(text: bytes) -> pl.Series:
    """The lines that are not blank, as bytes: a lone surrogate is no character, but its line can still be told."""
    try:
        lines = pl.Series([text.decode("utf-8")], dtype=pl.String).str.split("\n").explode().cast(pl.Binary)
    except UnicodeDecodeError:
        lines = pl.Series(text.split(b"\n"), dtype=pl.Binary)
    blank = lines.cast(pl.String, strict=False).str.strip_chars(" \t\n\r\x0b\x0c") == ""
    return lines.filter(~blank.fill_null(value=False))
