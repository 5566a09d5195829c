"""A decision asks again when, and only when, a value it was made on is another one."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.app.asked_again import moved
from mdm.steward import changes_since, evidence_of
from mdm.store import EVIDENCE

FIELDS = ("name", "place", "telephone")
VALUES = st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=3), max_size=3)
BOTH = st.tuples(VALUES, VALUES)
ROWS = st.tuples(st.sampled_from("ab"), st.sampled_from("ab"))


def filled(values: dict[str, str]) -> dict[str, str]:
    return {field: value for field, value in values.items() if value}


@settings(max_examples=200, deadline=None)
@given(then=BOTH, now=BOTH, rows=ROWS)
def test_evidence_is_another_just_where_a_value_changed(
    then: tuple[dict[str, str], dict[str, str]], now: tuple[dict[str, str], dict[str, str]], rows: tuple[str, str]
) -> None:
    before, after = evidence_of(then, rows), evidence_of(now, ("c", "d"))
    same = [filled(side) for side in then] == [filled(side) for side in now]
    assert (before.fingerprint == after.fingerprint) == same
    assert (changes_since(before.seen, now) == ()) == same


@settings(max_examples=100, deadline=None)
@given(then=BOTH, now=BOTH)
def test_what_changed_leads_from_the_old_values_to_the_new(
    then: tuple[dict[str, str], dict[str, str]], now: tuple[dict[str, str], dict[str, str]]
) -> None:
    replayed = [filled(side) for side in then]
    for change in changes_since(evidence_of(then, ("a", "b")).seen, now):
        assert replayed[change.side].get(change.field, "") == change.old
        replayed[change.side][change.field] = change.new
    assert [filled(side) for side in replayed] == [filled(side) for side in now]


@settings(max_examples=50, deadline=None)
@given(pairs=st.lists(st.tuples(ROWS, ROWS), max_size=6), turned=st.booleans())
def test_only_a_pair_with_another_row_is_looked_at(
    *, pairs: list[tuple[tuple[str, str], tuple[str, str]]], turned: bool
) -> None:
    evidence = pl.DataFrame(
        [
            (n, "unsure", "s", f"{n}l", "s", f"{n}r", "", evidence_of(({}, {}), then).seen)
            for n, (then, _) in enumerate(pairs)
        ],
        schema=dict(EVIDENCE),
        orient="row",
    )
    rows = [("s", f"{n}{side}", now[at]) for n, (_, now) in enumerate(pairs) for at, side in enumerate("lr")]
    records = pl.DataFrame(rows, schema=["system", "key", "row_hash"], orient="row").cast(pl.String)
    found = moved(evidence, records.reverse() if turned else records)
    assert found["id"].to_list() == [n for n, (then, now) in enumerate(pairs) if then != now]
