"""Same decisions of stewards: which records they put together, and which do-not-match decisions they contradict."""

from __future__ import annotations

from collections import deque

import numpy as np
import polars as pl
from scipy.sparse import coo_array  # type: ignore[import-untyped] # SciPy ships no types
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped] # SciPy ships no types

from mdm.errors import DecisionRefused
from mdm.resolve.limits import IntArray


def smallest_of_each(size: int, left: IntArray, right: IntArray) -> IntArray:
    """For each of `size` nodes the smallest node that the edges connect it with."""
    if not len(left):
        return np.arange(size, dtype=np.int64)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    parts, labels = connected_components(graph, directed=False)
    smallest = np.empty(parts, dtype=np.int64)
    # Written from the largest node down, so the last one written is the smallest.
    smallest[labels[::-1]] = np.arange(size - 1, -1, -1)
    found: IntArray = smallest[labels]
    return found


def distinct(node: IntArray, size: int) -> IntArray:
    """The different nodes, sorted; of integers below `size` a mask finds them many times faster than a hash or sort."""
    seen = np.zeros(size, dtype=np.bool_)
    seen[node] = True
    return np.flatnonzero(seen)


def refuse_contradictions(root: IntArray, must: pl.DataFrame, cannot: pl.DataFrame) -> None:
    """Raise DecisionRefused if a do-not-match decision stands between records that same decisions put together.

    Names the do-not-match decision and the shortest chain of same decisions against it. A row of `cannot` without a
    decision_id is a guard of the rules; a steward's same decision stands above it, so it contradicts nothing.
    """
    left, right = root[cannot["left"].to_numpy()], root[cannot["right"].to_numpy()]
    inside = cannot.filter(pl.Series(left == right)).drop_nulls("decision_id")
    if inside.is_empty():
        return
    left, right, decision = inside.sort("decision_id", "left", "right").row(0)
    chain = _chain(must, left, right)
    more = f" {inside.height - 1} further decisions are contradicted too." if inside.height > 1 else ""
    raise DecisionRefused(
        f"The do-not-match decision {decision} contradicts the same decision{'s' if len(chain) > 1 else ''} "
        f"{', '.join(chain)}, which put{'' if len(chain) > 1 else 's'} its two records together.{more}",
        "Take back one of them.",
    )


def _chain(must: pl.DataFrame, start: int, goal: int) -> list[str]:
    """The decisions on the shortest way from one record to the other; of equal ways the one by the smallest records."""
    if start == goal:
        return []
    near: dict[int, list[tuple[int, str]]] = {}
    for left, right, decision in must.sort("left", "right", "decision_id").iter_rows():
        near.setdefault(left, []).append((right, str(decision)))
        near.setdefault(right, []).append((left, str(decision)))
    came: dict[int, tuple[int, str]] = {}
    queue = deque([start])
    while queue and goal not in came:
        here = queue.popleft()
        for there, decision in sorted(near.get(here, ())):
            if there != start and there not in came:
                came[there] = (here, decision)
                queue.append(there)
    chain, here = [], goal
    while here != start:
        here, decision = came[here]
        chain.append(decision)
    return chain[::-1]
