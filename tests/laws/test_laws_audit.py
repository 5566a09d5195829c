"""Laws of the audit: a chain that was written holds, and whatever is done to it without the key is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mdm.store.audit_chain import START, Entry, seal, walk
from mdm.store.audit_digest import BOUND, bind_lineage

KEY = b"a key that nobody knows"
TEXT = st.text(max_size=4)
ROWS = st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=8)
EVENTS = st.lists(st.tuples(*[st.none() | TEXT] * len(BOUND)), max_size=5)


def chain(rows: list[tuple[str, ...]], key: bytes = KEY, previous: str = START, first: int = 1) -> list[Entry]:
    entries = []
    for seq, row in enumerate(rows, first):
        bare = Entry(seq, *row, previous)
        entries.append(replace(bare, hash=seal(key, bare)))
        previous = entries[-1].hash
    return entries


def frame(events: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(events, schema=dict.fromkeys(BOUND, pl.String), orient="row")


@settings(max_examples=200, deadline=None)
@given(rows=ROWS)
def test_a_chain_that_was_written_holds(rows: list[tuple[str, ...]]) -> None:
    walked = walk(chain(rows), KEY)
    assert walked.faults == ()
    assert walked.head == chain(rows)[-1]


@settings(max_examples=300, deadline=None)
@given(rows=ROWS, data=st.data())
def test_any_change_of_any_column_is_found(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    entries = chain(rows)
    at = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(["at", "actor", "action", "subject", "details", "previous", "hash"]))
    value = data.draw(TEXT)
    assume(getattr(entries[at], name) != value)
    entries[at] = replace(entries[at], **{name: value})
    assert walk(entries, KEY).faults


@settings(max_examples=300, deadline=None)
@given(rows=ROWS, data=st.data())
def test_any_other_order_or_selection_that_keeps_the_end_is_found(
    rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    entries = chain(rows)
    others = data.draw(st.lists(st.sampled_from(entries), max_size=8))
    assume(others != entries[: len(others)])
    kept = others[: data.draw(st.integers(0, len(others)))] + others
    numbered = [replace(entry, seq=seq) for seq, entry in enumerate(kept, 1)]
    assume(kept != entries[: len(kept)])
    assert walk(numbered, KEY).faults


@settings(max_examples=200, deadline=None)
@given(rows=ROWS, more=ROWS, key=st.binary(max_size=4))
def test_rows_added_with_another_key_are_found(
    rows: list[tuple[str, ...]], more: list[tuple[str, ...]], key: bytes
) -> None:
    entries = chain(rows)
    added = chain(more, key, entries[-1].hash, len(entries) + 1)
    assert walk([*entries, *added], KEY).faults


@settings(max_examples=200, deadline=None)
@given(one=EVENTS, other=EVENTS)
def test_different_lineage_has_a_different_digest(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> None:
    assert (bind_lineage(frame(one)) == bind_lineage(frame(other))) == (one == other)
