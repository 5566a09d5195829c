"""What a merge, split, move or unmerge leaves said, so that the next scan keeps its customers as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final, Literal

from mdm.errors import DecisionRefused
from mdm.records import RecordKey
from mdm.steward.decisions import UNDO_FIRST, Decision, Pair, named, ordered, reached

Group = tuple[RecordKey, ...]
Part = tuple[Group, ...]
"""The records of one customer, in groups that were customers of their own before."""

Statement = tuple[Literal["match", "do_not_match", "unsure", "withdrawn"], RecordKey, RecordKey]

MOST_TOLD_APART: Final = 400
"""Up to so many pairs across two customers each is told apart; above, each customer is held together instead."""


@dataclass(frozen=True, slots=True)
class _Joined:
    """Union-find over records, in plain Python: a deed is about two customers."""

    above: dict[RecordKey, RecordKey]

    def root(self, record: RecordKey) -> RecordKey:
        while (above := self.above.get(record, record)) != record:
            record = above
        return record

    def join(self, one: RecordKey, other: RecordKey) -> bool:
        """Put two together; False when they were."""
        low, high = sorted((self.root(one), self.root(other)))
        self.above[high] = low
        return low != high


def hold(parts: Sequence[Part], known: Mapping[Pair, Decision]) -> list[Statement]:
    """What has to be said for each part to be one customer, and different parts to be different ones.

    Each part is tied together by as few matches as it takes beside those that stand, and of every two parts one pair
    is told apart; by the matches that holds for all their records. A match across two parts is turned into a
    do-not-match when an earlier deed left it, and a do-not-match within one is taken back; one that a steward made
    refuses the deed, as does whatever else contradicts it (DecisionRefused, naming it).
    """
    place = {record: at for at, part in enumerate(parts) for group in part for record in group}
    turned = _turned(known, place)
    kept = [d for d in known.values() if d.answer == "match" and d not in turned]
    joined = _joined(kept)
    ties = [tie for part in parts for tie in _ties(part, joined)]
    against = [d for d in known.values() if d.answer == "do_not_match" and joined.root(d.left) == joined.root(d.right)]
    for d in sorted(against, key=lambda d: d.number):
        if d.deed is None:
            raise DecisionRefused(f"{d.left} and {d.right} cannot be one customer: {named((d,))}.", UNDO_FIRST)
    heads = [part[0][0] for part in parts]
    _refuse_connected(combinations(heads, 2), kept, joined)
    said: list[Statement] = [("do_not_match", d.left, d.right) for d in turned]
    said += [("withdrawn", d.left, d.right) for d in against if (d.left, d.right) not in set(ties)]
    apart = {frozenset((place[d.left], place[d.right])) for d in turned}
    apart |= {_sides(d, parts, joined) for d in known.values() if d.answer == "do_not_match"}
    for (one, part), (other, rest) in combinations(enumerate(parts), 2):
        if frozenset((one, other)) not in apart:
            said.append(("do_not_match", *ordered(min(part[0]), min(rest[0]))))
    return [*(("match", *tie) for tie in ties), *said]


def release(parts: Sequence[Part], known: Mapping[Pair, Decision], deed: int) -> list[Statement]:
    """What has to be said to take back what a merge left, where nothing but a steward's word came after it.

    Its matches go; every pair across is told apart, so that no link joins the two again. Where that would be too many
    pairs, both are held together instead, as by `hold`.
    """
    records = [[r for group in part for r in group] for part in parts]
    pairs = [ordered(a, b) for one, other in combinations(records, 2) for a, b in product(one, other)]
    if len(pairs) > MOST_TOLD_APART:
        return hold(parts, known)
    place = {r: at for at, part in enumerate(records) for r in part}
    mine = [d for d in known.values() if d.deed == deed and d.answer == "match"]
    gone = {d.number for d in (*mine, *_turned(known, place))}
    kept = [d for d in known.values() if d.answer == "match" and d.number not in gone]
    _refuse_connected(pairs, kept, _joined(kept))
    across = set(pairs)
    taken_back: list[Statement] = [("withdrawn", d.left, d.right) for d in mine if (d.left, d.right) not in across]
    return [*taken_back, *(("do_not_match", *pair) for pair in sorted(pairs))]


def _turned(known: Mapping[Pair, Decision], place: Mapping[RecordKey, int]) -> list[Decision]:
    """The matches across parts that earlier deeds left; raises DecisionRefused where a steward made one."""
    across = [d for d in known.values() if d.answer == "match" and _is_across(d, place)]
    for d in sorted(across, key=lambda d: d.number):
        if d.deed is None:
            raise DecisionRefused(f"{d.left} and {d.right} cannot be two customers: {named((d,))}.", UNDO_FIRST)
    return across


def _joined(matches: Iterable[Decision]) -> _Joined:
    joined = _Joined({})
    for d in matches:
        joined.join(d.left, d.right)
    return joined


def _is_across(d: Decision, place: Mapping[RecordKey, int]) -> bool:
    return d.left in place and d.right in place and place[d.left] != place[d.right]


def _ties(part: Part, joined: _Joined) -> Iterable[Pair]:
    """The fewest pairs that put the part together: within each group first, then from group to group."""
    for group in part:
        first, *others = sorted(group)
        yield from (ordered(first, record) for record in others if joined.join(first, record))
    heads = sorted(min(group) for group in part)
    yield from (ordered(heads[0], head) for head in heads[1:] if joined.join(heads[0], head))


def _refuse_connected(pairs: Iterable[Pair], matches: Sequence[Decision], joined: _Joined) -> None:
    """Matches through third records tie two parts together."""
    for one, other in pairs:
        if joined.root(one) == joined.root(other):
            chain = reached(one, matches)[other]
            raise DecisionRefused(f"{one} and {other} cannot be two customers: {named(chain)}.", UNDO_FIRST)


def _sides(d: Decision, parts: Sequence[Part], joined: _Joined) -> frozenset[int]:
    """The parts that a do-not-match tells apart, also through matches."""
    roots = {joined.root(part[0][0]): at for at, part in enumerate(parts)}
    return frozenset(roots[r] for r in (joined.root(d.left), joined.root(d.right)) if r in roots)
