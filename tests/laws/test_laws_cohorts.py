"""Cohorts, whatever is asked of them in whatever pieces: only their own rest is decided, each pair once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.records import RecordKey, SystemName
from mdm.store import Basis, Candidate, CohortAct, Drawing, Saying, Store, open_store

NOW = "2026-01-01T00:00:00Z"
MATCH, BACK = Saying("match", "ann", NOW, ""), Saying("withdrawn", "ann", NOW, "")
PAIRS, SAMPLE = range(8), range(3)
WORLD = range(12)
FRESH = count()
asked = st.lists(st.lists(st.sampled_from(WORLD), max_size=6, unique=True), max_size=6)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store("sqlite://", rest=lambda _: None) as opened:
        yield opened


def pair(world: int, n: int) -> tuple[RecordKey, RecordKey]:
    system = SystemName(f"w{world:06d}")
    return RecordKey(system, f"l{n}"), RecordKey(system, f"r{n}")


def members(world: int) -> pl.DataFrame:
    rows = [
        (a.system, a.key, b.system, b.key, 1, "", "", n + 1 if n in SAMPLE else None)
        for n in PAIRS
        for a, b in (pair(world, n),)
    ]
    names = ["system_l", "key_l", "system_r", "key_r", "weight", "row_l", "row_r", "drawn"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("weight", "drawn").cast(pl.Int64))


def accept_all(pairs: Any, _owners: Any, _decisions: Any, _pins: Any) -> list[tuple[str, str]]:
    return [("accepted", "")] * len(pairs)


@settings(max_examples=25, deadline=None)
@given(asked)
def test_only_the_rest_of_the_cohort_is_decided_and_each_pair_once(store: Store, pieces: list[list[int]]) -> None:
    world = next(FRESH)
    number = store.cohorts.draw(Drawing("", "", members(world), 500), MATCH)
    store.cohorts.turn(number, CohortAct.ACCEPT, MATCH)
    for piece in pieces:
        store.cohorts.accept(number, [Candidate(pair(world, n), Basis()) for n in piece], MATCH, accept_all)
    made = store.decisions().filter(pl.col("system_l") == f"w{world:06d}")
    wanted = {n for piece in pieces for n in piece if n in PAIRS and n not in SAMPLE}
    assert sorted(made["key_l"]) == sorted(f"l{n}" for n in wanted)
    assert store.cohorts.counts(number).get("accepted", 0) == len(wanted)


@settings(max_examples=15, deadline=None)
@given(asked, st.integers(1, 4))
def test_taking_back_leaves_nothing_of_the_cohort_standing(store: Store, pieces: list[list[int]], most: int) -> None:
    world = next(FRESH)
    number = store.cohorts.draw(Drawing("", "", members(world), 500), MATCH)
    store.cohorts.turn(number, CohortAct.ACCEPT, MATCH)
    for piece in pieces:
        store.cohorts.accept(number, [Candidate(pair(world, n), Basis()) for n in piece], MATCH, accept_all)
    store.cohorts.turn(number, CohortAct.TAKE_BACK, BACK)
    while store.cohorts.take_back(number, BACK, most):
        pass
    stands = store.decisions().filter(pl.col("stands") & (pl.col("system_l") == f"w{world:06d}"))
    assert set(stands["kind"]) <= {"withdrawn"}
