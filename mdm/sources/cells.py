"""Records with cells that no reader may let through, found in columns: NUL, over-long cells, stacks of marks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import polars as pl

from mdm.sources.facts import CELL_CAP, RAW_CAP, Batch, Fault

CHECKS: Final = ("a NUL character", f"a cell longer than {CELL_CAP:,} bytes", "more than 64 combining marks")


def sift(frame: pl.DataFrame, numbers: pl.Series, names: Sequence[str]) -> Batch:
    """The frame without the records that are set aside; `numbers` are those of its records, `names` of its columns."""
    suspects = {place: reason for place in frame.columns if (reason := _reasons(frame[place])) is not None}
    if not suspects:
        return Batch(frame, numbers.alias("record_number"))
    named = dict(zip(frame.columns, names, strict=True))
    bad = pl.DataFrame({place: reason.is_not_null() for place, reason in suspects.items()})
    keep = bad.select(~pl.any_horizontal(pl.all())).to_series()
    faults = []
    for at in keep.not_().arg_true().to_list():
        place, reason = next((place, reason[at]) for place, reason in suspects.items() if reason[at] is not None)
        faults.append(Fault(numbers[at], named[place], reason, raw_text(frame.row(at), names)))
    return Batch(frame.filter(keep), numbers.filter(keep).alias("record_number"), tuple(faults))


def _reasons(values: pl.Series) -> pl.Series | None:
    """For each value the reason to set its record aside, or None when the whole column is well."""
    longest = values.str.len_bytes().max()
    nul = values.str.contains("\x00", literal=True)
    long = values.str.len_bytes() > CELL_CAP
    marks = values.str.contains("[\u0300-\u036f]{65,}") if isinstance(longest, int) and longest > 128 else None
    if not nul.any() and not long.any() and (marks is None or not marks.any()):
        return None
    stacked = pl.repeat(value=False, n=values.len(), eager=True) if marks is None else marks
    first = pl.when(nul).then(pl.lit(CHECKS[0])).when(long).then(pl.lit(CHECKS[1]))
    return pl.select(first.when(stacked).then(pl.lit(CHECKS[2]))).to_series()


def raw_text(values: Sequence[str | None], names: Sequence[str]) -> str:
    """One record as JSON of its filled columns, cut: what the quarantine shows where no line of text exists."""
    filled = {name: value[:RAW_CAP] for name, value in zip(names, values, strict=True) if value is not None}
    return json.dumps(filled, ensure_ascii=False)[:RAW_CAP]
