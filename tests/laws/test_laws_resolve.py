"""Laws of clustering: what holds for every graph of links and every set of decisions."""

from __future__ import annotations

import itertools
import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.errors import DecisionRefused
from mdm.resolve import Clustering, ClusterLimits, Edge, Forbidden, average_link, cluster, constrained_kruskal

Pair = tuple[int, int]
RECORDS = 9
FAST = settings(max_examples=150, deadline=None)

rids = st.integers(0, RECORDS - 1)
pairs = st.lists(st.tuples(rids, rids).filter(lambda p: p[0] != p[1]), max_size=4)
links = st.lists(st.tuples(rids, rids, st.integers(-3, 12)).filter(lambda p: p[0] != p[1]), max_size=18)
methods = st.sampled_from([ClusterLimits(), ClusterLimits(average_nodes=0)])


def frame(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"left": pl.Int32, "right": pl.Int32, "weight": pl.Int64}, orient="row")


def decisions(rows: list[Pair], letter: str) -> pl.DataFrame:
    named = [(a, b, f"{letter}{i}") for i, (a, b) in enumerate(rows)]
    return pl.DataFrame(named, schema={"left": pl.Int32, "right": pl.Int32, "decision_id": pl.String}, orient="row")


def closure(rows: list[Pair], size: int = RECORDS) -> list[int]:
    """The smallest record each record is connected with, by plain search."""
    name = list(range(size))
    for _ in range(size):
        for a, b in rows:
            name[a] = name[b] = min(name[a], name[b])
    return name


def consistent(must: list[Pair], cannot: list[Pair]) -> list[Pair]:
    root = closure(must)
    return [(a, b) for a, b in cannot if root[a] != root[b]]


def run(
    edges: list[tuple[int, int, int]], must: list[Pair], cannot: list[Pair], limits: ClusterLimits
) -> tuple[list[int], Clustering]:
    found = cluster(RECORDS, frame(edges), must=decisions(must, "S"), cannot=decisions(cannot, "D"), limits=limits)
    return found.clusters["cluster"].to_list(), found


def ends(edges: list[tuple[int, int, int]]) -> list[Pair]:
    return [(a, b) for a, b, _ in edges]


@FAST
@given(links, pairs, pairs, methods)
def test_every_record_is_in_one_cluster_named_by_its_smallest(
    edges: list[tuple[int, int, int]], must: list[Pair], cannot: list[Pair], limits: ClusterLimits
) -> None:
    name, found = run(edges, must, consistent(must, cannot), limits)
    assert found.clusters["rid"].to_list() == list(range(RECORDS))
    assert all(name[c] == c and c == min(r for r in range(RECORDS) if name[r] == c) for c in name)


@FAST
@given(links, pairs, pairs, methods)
def test_same_records_are_together_and_not_same_records_apart(
    edges: list[tuple[int, int, int]], must: list[Pair], cannot: list[Pair], limits: ClusterLimits
) -> None:
    cannot = consistent(must, cannot)
    name, _ = run(edges, must, cannot, limits)
    assert all(name[a] == name[b] for a, b in must)
    assert all(name[a] != name[b] for a, b in cannot)


@FAST
@given(links, pairs, pairs, methods, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_ends_makes_no_difference(
    edges: list[tuple[int, int, int]],
    must: list[Pair],
    cannot: list[Pair],
    limits: ClusterLimits,
    chance: random.Random,
) -> None:
    cannot = consistent(must, cannot)
    tables = [frame(edges), decisions(must, "S"), decisions(cannot, "D")]

    def shuffled(table: pl.DataFrame) -> pl.DataFrame:
        turned = [
            (row[1], row[0], *row[2:]) if chance.random() < 0.5 else row
            for row in chance.sample(table.rows(), table.height)
        ]
        return pl.DataFrame(turned, schema=table.schema, orient="row")

    one = cluster(RECORDS, tables[0], must=tables[1], cannot=tables[2], limits=limits)
    mixed = [shuffled(t) for t in tables]
    two = cluster(RECORDS, mixed[0], must=mixed[1], cannot=mixed[2], limits=limits)
    assert one.clusters.equals(two.clusters)
    assert one.cut.equals(two.cut)
    assert one.oversize.equals(two.oversize)


@FAST
@given(links, pairs, pairs, methods)
def test_clusters_are_connected_by_links_and_never_reach_beyond_them(
    edges: list[tuple[int, int, int]], must: list[Pair], cannot: list[Pair], limits: ClusterLimits
) -> None:
    name, _ = run(edges, must, consistent(must, cannot), limits)
    whole = closure(ends(edges) + must)
    inside = closure([(a, b) for a, b in ends(edges) + must if name[a] == name[b]])
    assert all(whole[r] == whole[name[r]] for r in range(RECORDS))
    assert inside == name


@FAST
@given(links, pairs, pairs, methods)
def test_components_without_a_do_not_match_are_left_whole(
    edges: list[tuple[int, int, int]], must: list[Pair], cannot: list[Pair], limits: ClusterLimits
) -> None:
    cannot = consistent(must, cannot)
    name, _ = run(edges, must, cannot, limits)
    whole = closure(ends(edges) + must)
    contested = {whole[a] for a, b in cannot if whole[a] == whole[b]}
    assert all(name[r] == whole[r] for r in range(RECORDS) if whole[r] not in contested)


@FAST
@given(links, pairs, pairs, methods)
def test_no_link_is_cut_without_need_and_each_cut_one_is_told(
    edges: list[tuple[int, int, int]], must: list[Pair], cannot: list[Pair], limits: ClusterLimits
) -> None:
    cannot = consistent(must, cannot)
    name, found = run(edges, must, cannot, limits)
    between = {frozenset((name[a], name[b])) for a, b in cannot}
    cut = {(min(a, b), max(a, b)) for a, b in ends(edges) if name[a] != name[b]}
    assert all(frozenset((name[a], name[b])) in between for a, b in cut)
    assert found.cut.select("left", "right").rows() == sorted(cut)
    assert set(found.cut["reason"]) <= {"do_not_match"}
    assert not found.cut["decision_id"].has_nulls()


@FAST
@given(pairs, pairs)
def test_a_contradiction_is_refused_exactly_where_there_is_one(must: list[Pair], cannot: list[Pair]) -> None:
    if consistent(must, cannot) == cannot:
        run([], must, cannot, ClusterLimits())
    else:
        with pytest.raises(DecisionRefused, match=r"decision D\d+ contradicts the same decisions? S\d+"):
            run([], must, cannot, ClusterLimits())


@FAST
@given(links, st.lists(st.integers(-1, 2), min_size=RECORDS, max_size=RECORDS), methods)
def test_a_duplicate_free_system_has_one_record_a_cluster_and_nothing_else_is_cut(
    edges: list[tuple[int, int, int]], systems: list[int], limits: ClusterLimits
) -> None:
    limits = ClusterLimits(average_nodes=limits.average_nodes, duplicate_free=np.array(systems))
    name, found = run(edges, [], [], limits)
    held = [(name[r], systems[r]) for r in range(RECORDS) if systems[r] >= 0]
    assert len(held) == len(set(held))
    of = {c: {systems[r] for r in range(RECORDS) if name[r] == c} - {-1} for c in name}
    assert all(of[name[a]] & of[name[b]] for a, b in ends(edges) if name[a] != name[b])
    assert set(found.cut["reason"]) <= {"one_per_system"}


def brute_force(
    edges: list[Edge], forbidden: list[Pair], stop_at: int | None, missing_weight: int | None
) -> list[list[int]]:
    """Average link by its definition: every mean is computed anew from all pairs before each join."""
    weight = {(e.left, e.right): e.weight for e in edges}
    kept = {(e.left, e.right) for e in edges if e.kept}
    apart = {frozenset(p) for p in forbidden}
    parts = [[n] for n in range(RECORDS)]
    while True:
        best: tuple[int, int, int] | None = None
        for one, two in itertools.combinations(parts, 2):
            between = [(min(a, b), max(a, b)) for a in one for b in two]
            if not kept & set(between) or any(frozenset(p) in apart for p in between):
                continue
            mean = sum(weight.get(p, missing_weight or 0) for p in between) // len(between)
            key = (-mean, min(*one, *two), max(min(one), min(two)))
            if (stop_at is None or mean >= stop_at) and (best is None or key < best):
                best = key
        if best is None:
            return sorted(parts)
        one, two = (next(p for p in parts if min(p) == smallest) for smallest in best[1:])
        parts = [p for p in parts if p not in (one, two)] + [sorted(one + two)]


ALL_PAIRS = list(itertools.combinations(range(RECORDS), 2))
compared = st.none() | st.tuples(st.integers(-9, 9), st.booleans())
graphs = st.lists(compared, min_size=len(ALL_PAIRS), max_size=len(ALL_PAIRS)).map(
    lambda drawn: {pair: edge for pair, edge in zip(ALL_PAIRS, drawn, strict=True) if edge is not None}
)
"""Weights of any of the pairs, kept or only evidence: drawn densely, so that parts grow and means change."""


@FAST
@given(graphs, pairs, st.none() | st.integers(-5, 5), st.none() | st.integers(-9, 3))
def test_average_link_equals_its_definition(
    graph: dict[Pair, tuple[int, bool]], forbidden: list[Pair], stop_at: int | None, missing: int | None
) -> None:
    edges = [Edge(a, b, weight, kept) for (a, b), (weight, kept) in graph.items()]
    found = average_link(range(RECORDS), edges, Forbidden(forbidden), stop_at=stop_at, missing_weight=missing)
    assert found == brute_force(edges, forbidden, stop_at, missing)


@FAST
@given(graphs, st.integers(-5, 5), st.integers(-9, 6))
def test_refined_clusters_are_the_average_link_of_each_component(
    graph: dict[Pair, tuple[int, bool]], stop_at: int, missing: int
) -> None:
    rows = [(a, b, w, "auto" if kept else "review") for (a, b), (w, kept) in graph.items()]
    table = pl.DataFrame(
        rows, schema={"left": pl.Int32, "right": pl.Int32, "weight": pl.Int64, "band": pl.String}, orient="row"
    )
    limits = ClusterLimits(refine="average", stop_at=stop_at, missing_weight=missing)
    found = cluster(RECORDS, table, must=decisions([], "S"), cannot=decisions([], "D"), limits=limits)
    whole = closure([p for p, (_, kept) in graph.items() if kept])
    expected = list(whole)
    for name in set(whole):
        if whole.count(name) > 2:
            edges = [Edge(a, b, w, k) for (a, b), (w, k) in graph.items() if whole[a] == whole[b] == name]
            for part in brute_force(edges, [], stop_at, missing):
                for r in set(part) & {r for r in range(RECORDS) if whole[r] == name}:
                    expected[r] = part[0]
    assert found.clusters["cluster"].to_list() == expected


@FAST
@given(graphs, st.integers(1, 4))
def test_kruskal_grows_no_part_beyond_its_limit(graph: dict[Pair, tuple[int, bool]], largest: int) -> None:
    edges = [Edge(a, b, weight, kept) for (a, b), (weight, kept) in graph.items()]
    parts = constrained_kruskal(range(RECORDS), edges, Forbidden(), largest=largest)
    assert max(map(len, parts)) <= largest
    assert sorted(itertools.chain(*parts)) == list(range(RECORDS))


@FAST
@given(links, st.integers(1, 3))
def test_a_bridge_is_found_exactly_where_one_link_holds_two_sides_together(
    edges: list[tuple[int, int, int]], side: int
) -> None:
    name, found = run(edges, [], [], ClusterLimits(bridge_side=side))
    distinct = {(min(a, b), max(a, b)) for a, b in ends(edges)}
    expected = set()
    for bridge in distinct:
        without = closure([p for p in distinct if p != bridge])
        sides = [without.count(without[end]) for end in bridge]
        if without[bridge[0]] != without[bridge[1]] and min(sides) >= side:
            expected.add(bridge)
    told = found.oversize.filter(pl.col("reason") == "one_bridge")
    assert set(told.select("left", "right").rows()) <= expected
    assert set(told["cluster"]) == {name[a] for a, _ in expected}
