"""Through which records two of one customer belong together, where their own link does not say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from mdm.records import RecordKey, SystemName
from mdm.steward import Decision

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Tie:
    """What holds two neighbours of a chain together: a link of that weight in bits, or a steward's decision."""

    left: RecordKey
    right: RecordKey
    weight: float | None
    decision: Decision | None


def chain_between(
    ends: tuple[RecordKey, RecordKey], links: pl.DataFrame, matches: Iterable[Decision]
) -> tuple[Tie, ...]:
    """The ties from one end to the other whose weakest is as strong as can be; none where nothing ties them.

    `links` is STORED_LINKS among the records of the customer, of which those of the band auto join. A decision is
    stronger than any link. The way lies in the maximum spanning tree (Hu, 1961), ties by record keys.
    """
    decided = [Tie(d.left, d.right, None, d) for d in sorted(matches, key=lambda d: d.number)]
    names = ["system_l", "key_l", "system_r", "key_r"]
    joining = links.filter(pl.col("band") == "auto").sort("weight", *names, descending=[True, *[False] * 4])
    linked = [
        Tie(RecordKey(SystemName(a), b), RecordKey(SystemName(c), d), weight / MICRO, None)
        for a, b, c, d, weight in joining.select(*names, "weight").iter_rows()
    ]
    return _way(_spanning([*decided, *linked]), *ends)


def _spanning(ties: Sequence[Tie]) -> list[Tie]:
    """The ties that join something new, taken in the order given (Kruskal, 1956)."""
    part: dict[RecordKey, set[RecordKey]] = {}
    kept = []
    for tie in ties:
        small, large = sorted((part.setdefault(key, {key}) for key in (tie.left, tie.right)), key=len)
        if small is not large:
            kept.append(tie)
            large |= small
            part.update(dict.fromkeys(small, large))
    return kept


def _way(tree: Sequence[Tie], start: RecordKey, end: RecordKey) -> tuple[Tie, ...]:
    """The only way through a tree, each tie turned so that it leads on."""
    near: dict[RecordKey, list[Tie]] = {}
    for tie in tree:
        near.setdefault(tie.left, []).append(tie)
        near.setdefault(tie.right, []).append(Tie(tie.right, tie.left, tie.weight, tie.decision))
    ways: dict[RecordKey, tuple[Tie, ...]] = {start: ()}
    waiting = [start]
    for here in waiting:
        for tie in near.get(here, ()):
            if tie.right not in ways:
                ways[tie.right] = (*ways[here], tie)
                waiting.append(tie.right)
    return ways.get(end, ())
