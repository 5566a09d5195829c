"""Growing parts of one component: who is in which part, and which parts may never join."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Edge(NamedTuple):
    """A weighed pair of nodes. Only a `kept` edge can bring two parts together; the others are evidence about them."""

    left: int
    right: int
    weight: int
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What may not be in one part: pairs of nodes, and two nodes of one duplicate-free system."""

    pairs: Collection[tuple[int, int]] = ()
    systems: Mapping[int, frozenset[int]] = field(default_factory=dict)


class Parts:
    """The parts of a component while they grow; a part is named by one of its nodes."""

    def __init__(self, nodes: Collection[int], forbidden: Forbidden) -> None:
        self.members: dict[int, list[int]] = {n: [n] for n in nodes}
        self._apart: dict[int, set[int]] = {}
        self._systems: dict[int, set[int]] = {n: set(s) for n, s in forbidden.systems.items()}
        for a, b in forbidden.pairs:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def may_join(self, a: int, b: int) -> bool:
        """Neither a forbidden pair nor a duplicate-free system stands between the two parts."""
        if a in self._apart and b in self._apart[a]:
            return False
        return a not in self._systems or b not in self._systems or self._systems[a].isdisjoint(self._systems[b])

    def join(self, a: int, b: int) -> None:
        """Put part b into part a; what was forbidden to either is forbidden to both."""
        self.members[a] += self.members.pop(b)
        enemies = self._apart.pop(b, None)
        if enemies:
            for enemy in enemies:
                self._apart[enemy].discard(b)
                self._apart[enemy].add(a)
            self._apart.setdefault(a, set()).update(enemies)
        systems = self._systems.pop(b, None)
        if systems:
            self._systems.setdefault(a, set()).update(systems)

    def result(self) -> list[list[int]]:
        """The parts, each sorted, sorted by their smallest node."""
        return sorted(sorted(part) for part in self.members.values())
