"""Constrained Kruskal: for components too large for average link, links join by weight unless forbidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mdm.resolve.parts import Edge, Forbidden, Parts


def constrained_kruskal(
    nodes: Collection[int], edges: Iterable[Edge], forbidden: Forbidden, *, largest: int | None = None
) -> list[list[int]]:
    """The partition reached by taking the kept edges from the heaviest on, ties by their nodes, where they may join.

    With `largest` no part grows beyond that many nodes. Lists are sorted, in the order of their smallest nodes.
    """
    parts = Parts(nodes, forbidden)
    part_of = {n: n for n in nodes}
    for edge in sorted((e for e in edges if e.kept), key=lambda e: (-e.weight, e.left, e.right)):
        a, b = part_of[edge.left], part_of[edge.right]
        if a == b or not parts.may_join(a, b):
            continue
        if len(parts.members[a]) < len(parts.members[b]):
            a, b = b, a
        if largest is not None and len(parts.members[a]) + len(parts.members[b]) > largest:
            continue
        for node in parts.members[b]:
            part_of[node] = a
        parts.join(a, b)
    return parts.result()
