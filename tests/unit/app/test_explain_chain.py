"""The way between two records of one customer."""

from __future__ import annotations

import polars as pl

from mdm.app.explain_chain import chain_between
from mdm.records import RecordKey, SystemName
from mdm.steward import Decision
from mdm.store import STORED_LINKS

A, B, C, D = (RecordKey(SystemName("crm"), key) for key in "ABCD")


def links(*pairs: tuple[RecordKey, RecordKey, int]) -> pl.DataFrame:
    rows = [("crm", one.key, "crm", other.key, w * 1_000_000, 0.5, "auto", False, [1]) for one, other, w in pairs]
    return pl.DataFrame(rows, schema=dict(STORED_LINKS), orient="row")


def way(*ties: object) -> list[str]:
    return [f"{tie.left.key}{tie.right.key}" for tie in ties]  # type: ignore[attr-defined]


def test_a_chain_leads_over_the_strongest_links() -> None:
    found = chain_between((A, D), links((A, B, 5), (B, D, 4), (A, C, 9), (C, D, 1), (A, D, 2)), ())
    assert way(*found) == ["AB", "BD"]
    assert [tie.weight for tie in found] == [5, 4]


def test_a_chain_is_told_from_the_end_that_was_named_first() -> None:
    assert way(*chain_between((D, A), links((A, B, 5), (B, D, 4)), ())) == ["DB", "BA"]


def test_a_decision_is_stronger_than_any_link() -> None:
    said = Decision(3, "match", A, D, "ann", "2026-02-01T00:00:00+00:00", "seen")
    (tie,) = chain_between((A, D), links((A, B, 50), (B, D, 40)), (said,))
    assert (tie.decision, tie.weight) == (said, None)


def test_a_link_that_waits_for_a_person_ties_nothing() -> None:
    doubtful = links((A, B, 5), (B, D, 4)).with_columns(band=pl.lit("review"))
    assert chain_between((A, D), doubtful, ()) == ()
