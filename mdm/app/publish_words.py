"""The outbox in words: what each system would be told, and how far that has come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import polars as pl

from mdm.rulebook import TargetRules
from mdm.store import State, Store

STATES: Final = tuple(state.value for state in State)


def tell_status(store: Store) -> tuple[list[str], list[list[str]]]:
    """The heads and rows of a table: for each target how many letters are in which state, and when the next is due."""
    counts = store.outbox.counts()
    rows = []
    for (target,), part in counts.partition_by("target", as_dict=True, maintain_order=True).items():
        found = dict(part.select("state", "rows").iter_rows())
        due = part.filter(pl.col("next_at") != "")["next_at"].min() or ""
        rows.append([str(target), *(f"{found.get(state, 0):,}" for state in STATES), str(due)[:19].replace("T", " ")])
    return ["target", *STATES, "next try"], rows


def tell_letters(store: Store, target: TargetRules, states: Sequence[str], most: int) -> list[str]:
    """The first letters of a target in these states, a line each.

    A line has the record, each field with what it says and what it shall say, and why it went no further.
    """
    listed = store.outbox.list_letters(str(target.system), [State(state) for state in states], most)
    return [_line(row) for row in listed.iter_rows(named=True)]


def _line(row: dict[str, str]) -> str:
    says = json.loads(row["expects"] or "{}")
    fields = [
        f"{said['field']} {_shown(says.get(said['field'], said['old']))} -> {said['new']}"
        for said in json.loads(row["fields"])
    ]
    cause = f"  ({row['cause']})" if row["cause"] else ""
    return f"{row['record']}: {', '.join(fields)}{cause}"


def _shown(value: str | None) -> str:
    return "(empty)" if value is None else value
