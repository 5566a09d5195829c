"""Clusters a person should look at: too many records, or two halves held together by one link alone."""

from __future__ import annotations

import numpy as np
import polars as pl

from mdm.records import conform
from mdm.resolve.limits import OVERSIZE, BoolArray, ClusterLimits, IntArray
from mdm.resolve.pairs import Pairs
from mdm.resolve.same import distinct


def find_oversize(pairs: Pairs, cluster: IntArray, node: IntArray, limits: ClusterLimits) -> pl.DataFrame:
    """Clusters (OVERSIZE) of more than `limits.largest` records, and clusters held by one bridge.

    A bridge is a link without which its cluster falls into two sides of at least `limits.bridge_side` records each;
    of several the lightest is named, of equal ones the smallest. `cluster` is by node, `node` by record.
    """
    held = np.bincount(node, minlength=len(cluster))
    records = np.bincount(cluster[node], minlength=len(cluster))
    large = np.flatnonzero(records > limits.largest)
    rows: list[tuple[int, int, str, int | None, int | None, int | None]] = [
        (int(c), int(records[c]), "too_large", None, None, None) for c in large
    ]
    inside = pairs.where(pairs.kept)
    inside = inside.where(cluster[inside.left] == cluster[inside.right])
    nodes = np.bincount(cluster[distinct(node, len(cluster))], minlength=len(cluster))
    thin = _may_have_a_bridge(cluster[inside.left], nodes)
    thin &= records >= 2 * limits.bridge_side
    inside = inside.where(thin[cluster[inside.left]])
    for bridge in _bridges(inside, held, limits.bridge_side):
        left, right = int(inside.left[bridge]), int(inside.right[bridge])
        name = int(cluster[left])
        rows.append((name, int(records[name]), "one_bridge", left, right, int(inside.weight[bridge])))
    found = pl.DataFrame(rows, schema=dict(OVERSIZE), orient="row")
    lightest = found.sort("cluster", "reason", "weight", "left", "right").unique(
        ["cluster", "reason"], keep="first", maintain_order=True
    )
    return conform(lightest, OVERSIZE, "oversize")


def _may_have_a_bridge(edge_cluster: IntArray, nodes: IntArray) -> BoolArray:
    """By cluster: few enough edges that one of them can be a bridge. With a node cut off, n - 1 nodes are left, and
    one edge more than they can have among themselves leaves no bridge.
    """
    edges = np.bincount(edge_cluster, minlength=len(nodes))
    few: BoolArray = edges <= 1 + (nodes - 1) * (nodes - 2) // 2
    return few


def _bridges(pairs: Pairs, held: IntArray, side: int) -> list[int]:
    """Positions of the pairs that are bridges with at least `side` records on either side (Tarjan 1974)."""
    names, ends = np.unique(np.concatenate([pairs.left, pairs.right]), return_inverse=True)
    count, edges = len(names), len(pairs.left)
    order = np.argsort(ends, kind="stable")
    there = np.concatenate([ends[edges:], ends[:edges]])[order].tolist()
    edge = (order % max(1, edges)).tolist()
    next_arc = np.searchsorted(ends[order], np.arange(count + 1)).tolist()
    last_arc = next_arc[1:]
    below = held[names].tolist()  # records in the subtree of each node, once it is done
    number, low = [0] * count, [0] * count
    found: list[int] = []
    visited = 0
    for root in range(count):
        if number[root]:
            continue
        bridges: list[tuple[int, int]] = []
        visited += 1
        number[root] = low[root] = visited
        path = [(root, -1)]
        while path:
            here, came_by = path[-1]
            arc = next_arc[here]
            if arc < last_arc[here]:
                next_arc[here] = arc + 1
                other = there[arc]
                if not number[other]:
                    visited += 1
                    number[other] = low[other] = visited
                    path.append((other, edge[arc]))
                elif edge[arc] != came_by and number[other] < low[here]:
                    low[here] = number[other]
                continue
            path.pop()
            if path:
                above = path[-1][0]
                below[above] += below[here]
                low[above] = min(low[above], low[here])
                if low[here] == number[here]:
                    bridges.append((came_by, below[here]))
        found += [e for e, records in bridges if min(records, below[root] - records) >= side]
    return found
