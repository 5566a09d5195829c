"""Average link in integers: parts join while the evidence between all their members says so."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable

from mdm.resolve.parts import Edge, Forbidden, Parts


def average_link(
    nodes: Collection[int],
    edges: Iterable[Edge],
    forbidden: Forbidden,
    *,
    stop_at: int | None = None,
    missing_weight: int | None = None,
) -> list[list[int]]:
    """The partition of the nodes that average link reaches, as sorted lists in the order of their smallest nodes.

    Again and again the two parts with the heaviest mean weight join, of equal ones the two with the smallest nodes,
    unless they are forbidden to each other. The mean is the floor of the sum over all pairs between the two, where a
    pair without an edge counts `missing_weight` (None: 0). Only parts with a kept edge between them can join; with
    `stop_at` only while the mean is at least that. It stops when nothing more may join. Each pair of nodes has at
    most one edge. The order of nodes and edges makes no difference.
    """
    return _AverageLink(Parts(nodes, forbidden), stop_at, missing_weight or 0).run(edges)


class _Between:
    """The evidence between two parts: sum of weights, number of compared pairs, whether a kept edge is among them."""

    __slots__ = ("compared", "kept", "total")

    def __init__(self, edge: Edge) -> None:
        self.total, self.compared, self.kept = edge.weight, 1, edge.kept

    def add(self, other: _Between) -> None:
        self.total += other.total
        self.compared += other.compared
        self.kept = self.kept or other.kept


class _AverageLink:
    def __init__(self, parts: Parts, stop_at: int | None, missing_weight: int) -> None:
        self._parts = parts
        self._stop_at = stop_at
        self._missing = missing_weight
        self._near: dict[int, dict[int, _Between]] = {n: {} for n in parts.members}
        self._age: dict[int, int] = dict.fromkeys(parts.members, 0)
        self._heap: list[tuple[int, int, int, int, int]] = []

    def run(self, edges: Iterable[Edge]) -> list[list[int]]:
        for edge in edges:
            self._near[edge.left][edge.right] = self._near[edge.right][edge.left] = _Between(edge)
        for a, neighbours in self._near.items():
            self._push(a, [b for b in neighbours if a < b])
        while self._heap:
            _, a, b, age_a, age_b = heapq.heappop(self._heap)
            # A pair whose parts have grown since was pushed again with its new mean; this entry is out of date.
            if self._age.get(a) == age_a and self._age.get(b) == age_b and self._parts.may_join(a, b):
                self._join(a, b)
        return self._parts.result()

    def _push(self, a: int, neighbours: Iterable[int]) -> None:
        """Weigh part a anew against its neighbours. The inner loop of it all: names are looked up once."""
        members, near, age, may_join = self._parts.members, self._near[a], self._age, self._parts.may_join
        size, own, missing, stop_at, heap = len(members[a]), age[a], self._missing, self._stop_at, self._heap
        for b in neighbours:
            between = near[b]
            if not between.kept:
                continue
            pairs = size * len(members[b])
            mean = (between.total + missing * (pairs - between.compared)) // pairs
            if (stop_at is None or mean >= stop_at) and may_join(a, b):
                entry = (-mean, a, b, own, age[b]) if a < b else (-mean, b, a, age[b], own)
                heapq.heappush(heap, entry)

    def _join(self, a: int, b: int) -> None:
        self._parts.join(a, b)
        near_a, near_b = self._near[a], self._near.pop(b)
        del near_a[b], near_b[a], self._age[b]
        for x, between in near_b.items():
            near_x = self._near[x]
            del near_x[b]
            if x in near_a:
                near_a[x].add(between)
            else:
                near_a[x] = near_x[a] = between
        self._age[a] += 1
        self._push(a, near_a)
