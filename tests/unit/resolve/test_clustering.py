"""Clusters from links and decisions, by example."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from mdm.errors import DecisionRefused, SchemaMismatch
from mdm.resolve import Clustering, ClusterLimits, cluster

Rows = list[tuple[int, int, int]]


def links(rows: Rows, bands: list[str] | None = None) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={"left": pl.Int32, "right": pl.Int32, "weight": pl.Int64}, orient="row")
    return frame if bands is None else frame.with_columns(band=pl.Series(bands))


def decided(*rows: tuple[int, int, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        list(rows), schema={"left": pl.Int32, "right": pl.Int32, "decision_id": pl.String}, orient="row"
    )


def run(
    records: int,
    rows: Rows,
    *,
    must: pl.DataFrame | None = None,
    cannot: pl.DataFrame | None = None,
    limits: ClusterLimits | None = None,
) -> Clustering:
    nothing = decided()
    return cluster(
        records,
        links(rows),
        must=nothing if must is None else must,
        cannot=nothing if cannot is None else cannot,
        limits=limits or ClusterLimits(),
    )


def names(found: Clustering) -> list[int]:
    return found.clusters["cluster"].to_list()


def test_linked_records_are_one_cluster_named_by_the_smallest() -> None:
    assert names(run(5, [(1, 2, 9), (2, 4, 9)])) == [0, 1, 1, 3, 1]


def test_no_records_give_no_clusters() -> None:
    found = run(0, [])
    assert found.clusters.is_empty()
    assert found.cut.is_empty()
    assert found.oversize.is_empty()


def test_a_do_not_match_cuts_the_weaker_of_two_links() -> None:
    found = run(3, [(0, 1, 9), (1, 2, 8)], cannot=decided((0, 2, "D1")))
    assert names(found) == [0, 0, 2]
    assert found.cut.rows() == [(1, 2, 8, "do_not_match", "D1")]


def test_a_do_not_match_keeps_the_whole_clusters_of_its_records_apart() -> None:
    # Vector 4: no auto merge between any member of the one and any of the other.
    found = run(4, [(0, 1, 9), (2, 3, 9), (1, 3, 8), (1, 2, 7)], cannot=decided((0, 2, "D1")))
    assert names(found) == [0, 0, 2, 2]
    assert found.cut.select("left", "right").rows() == [(1, 2), (1, 3)]


def test_a_guard_of_the_rules_demotes_a_link_of_a_chain_and_is_told_as_such() -> None:
    found = run(3, [(0, 1, 9), (1, 2, 8)], cannot=decided((0, 2, None)))
    assert names(found) == [0, 0, 2]
    assert found.cut.rows() == [(1, 2, 8, "guard", None)]


def test_a_guard_without_links_changes_nothing() -> None:
    # Vector 5: a negative constraint never promotes, and touches nothing outside its own component.
    found = run(4, [(0, 1, 9)], cannot=decided((1, 3, None)))
    assert names(found) == [0, 0, 2, 3]
    assert found.cut.is_empty()


def test_a_same_decision_overrules_a_guard() -> None:
    assert names(run(2, [], must=decided((0, 1, "S1")), cannot=decided((0, 1, None)))) == [0, 0]


def test_a_contradiction_names_both_decisions() -> None:
    with pytest.raises(DecisionRefused, match="D7 contradicts the same decisions S1, S2,"):
        run(3, [], must=decided((0, 1, "S1"), (1, 2, "S2")), cannot=decided((0, 2, "D7")))


def test_a_record_that_no_longer_lives_still_ties_the_living_together() -> None:
    assert names(run(2, [], must=decided((0, 2, "S1"), (1, 2, "S2")))) == [0, 0]


def test_a_do_not_match_to_a_tied_record_that_no_longer_lives_still_counts() -> None:
    found = run(2, [(0, 1, 9)], must=decided((0, 2, "S1")), cannot=decided((1, 2, "D1")))
    assert names(found) == [0, 1]
    assert found.cut.rows() == [(0, 1, 9, "do_not_match", "D1")]


def test_two_records_of_a_duplicate_free_system_go_to_different_clusters() -> None:
    found = run(3, [(0, 1, 9), (0, 2, 8)], limits=ClusterLimits(duplicate_free=np.array([-1, 4, 4])))
    assert names(found) == [0, 0, 2]
    assert found.cut.rows() == [(0, 2, 8, "one_per_system", None)]


def test_a_steward_may_put_two_records_of_a_duplicate_free_system_together() -> None:
    limits = ClusterLimits(duplicate_free=np.array([4, 4]))
    assert names(run(2, [], must=decided((0, 1, "S1")), limits=limits)) == [0, 0]


def test_a_record_must_agree_with_the_cluster_where_refined() -> None:
    triangle = [(0, 1, 9), (0, 2, 9), (1, 2, 9), (2, 3, 9)]
    refined = ClusterLimits(refine="average", stop_at=3, missing_weight=-6)
    found = run(4, triangle, limits=refined)
    assert names(found) == [0, 0, 0, 3]
    assert found.cut.rows() == [(2, 3, 9, "average", None)]
    assert names(run(4, triangle)) == [0, 0, 0, 0]


def test_links_below_auto_are_evidence_where_refined_and_nothing_otherwise() -> None:
    rows, bands = [(0, 1, 9), (1, 2, 9), (0, 2, -20)], ["auto", "auto", "no"]
    nothing = decided()
    plain = cluster(3, links(rows, bands), must=nothing, cannot=nothing, limits=ClusterLimits())
    refined = cluster(3, links(rows, bands), must=nothing, cannot=nothing, limits=ClusterLimits(refine="average"))
    assert names(plain) == [0, 0, 0]
    assert names(refined) == [0, 0, 2]


def test_a_component_too_large_to_refine_is_grown_up_to_the_size_limit() -> None:
    limits = ClusterLimits(refine="average", stop_at=1, refine_edges=2, largest=2)
    found = run(4, [(0, 1, 9), (1, 2, 8), (2, 3, 9)], limits=limits)
    assert names(found) == [0, 0, 2, 2]
    assert found.cut.rows() == [(1, 2, 8, "too_large", None)]


def test_a_cluster_above_the_size_limit_is_told_and_not_cut() -> None:
    found = run(4, [(0, 1, 9), (0, 2, 9), (0, 3, 9)], limits=ClusterLimits(largest=3))
    assert names(found) == [0, 0, 0, 0]
    assert found.oversize.rows() == [(0, 4, "too_large", None, None, None)]


def test_two_halves_held_by_one_link_are_told() -> None:
    halves = [(0, 1, 9), (0, 2, 9), (1, 2, 9), (3, 4, 9), (3, 5, 9), (4, 5, 9), (2, 3, 5)]
    assert run(6, halves).oversize.rows() == [(0, 6, "one_bridge", 2, 3, 5)]


def test_the_largest_weight_of_a_pair_given_twice_counts() -> None:
    found = run(3, [(0, 1, 5), (1, 0, 9), (1, 2, 8)], cannot=decided((0, 2, "D1")))
    assert names(found) == [0, 0, 2]


def test_between_tied_records_an_auto_link_counts_before_heavier_evidence() -> None:
    rows, bands = [(0, 2, 9), (1, 2, 20), (2, 3, 8)], ["auto", "no", "auto"]
    tied, apart = decided((0, 1, "S1")), decided((0, 3, "D1"))
    refined = ClusterLimits(refine="average", average_nodes=2)
    found = cluster(4, links(rows, bands), must=tied, cannot=apart, limits=refined)
    assert names(found) == [0, 0, 0, 3]


def test_a_float_weight_is_refused() -> None:
    floats = links([(0, 1, 1)]).with_columns(pl.col("weight").cast(pl.Float64))
    with pytest.raises(SchemaMismatch, match="weight of table links must hold integers"):
        cluster(2, floats, must=decided(), cannot=decided(), limits=ClusterLimits())


def test_a_link_to_an_unknown_record_is_refused() -> None:
    with pytest.raises(SchemaMismatch, match="names records that do not exist"):
        run(2, [(0, 2, 9)])


def test_a_link_without_weight_is_refused() -> None:
    empty_cell = links([(0, 1, 1)]).with_columns(weight=pl.lit(None, dtype=pl.Int64))
    with pytest.raises(SchemaMismatch, match="has empty cells"):
        cluster(2, empty_cell, must=decided(), cannot=decided(), limits=ClusterLimits())
