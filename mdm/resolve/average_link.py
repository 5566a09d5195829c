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
            for b in neighbours:
                if a < b:
                    self._push(a, b)
        while self._heap:
            _, a, b, age_a, age_b = heapq.heappop(self._heap)
            # A pair whose parts have grown since was pushed again with its new mean; this entry is out of date.
            if self._age.get(a) == age_a and self._age.get(b) == age_b and self._parts.may_join(a, b):
                self._join(a, b)
        return self._parts.result()

    def _push(self, a: int, b: int) -> None:
        between = self._near[a][b]
        if not between.kept or not self._parts.may_join(a, b):
            return
        pairs = len(self._parts.members[a]) * len(self._parts.members[b])
        mean = (between.total + self._missing * (pairs - between.compared)) // pairs
        if self._stop_at is None or mean >= self._stop_at:
            first, second = (a, b) if a < b else (b, a)
            heapq.heappush(self._heap, (-mean, first, second, self._age[first], self._age[second]))

    def _join(self, a: int, b: int) -> None:
        self._parts.join(a, b)
        near_a = self._near[a]
        for x, between in self._near.pop(b).items():
            if x == a:
                continue
            del self._near[x][b]
            if x in near_a:
                near_a[x].add(between)
            else:
                near_a[x] = self._near[x][a] = between
        del near_a[b]
        del self._age[b]
        self._age[a] += 1
        for x in near_a:
            self._push(a, x)
