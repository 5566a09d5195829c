"""What a steward's deed must come to, or that it must be refused: worked out from what is seen, in plain sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from tests.machine.judging import Seen, joined, members, owners, pins, states
from tests.machine.model import Journal, Model, pair_of
from tests.machine.world import Key

Group = frozenset[Key]


@dataclass(frozen=True)
class Deed:
    """New owners and states, the customers that there are then, and the pins that follow their records."""

    kind: str
    win: str
    other: str
    owners: Mapping[Key, str]
    states: Mapping[str, tuple[str, str | None]]
    parts: Sequence[Group]
    undoes: int | None = None
    turns: Mapping[Key, str] = field(default_factory=dict)


def merge_of(model: Model, win: str, lose: str) -> Deed | None:
    what, mine = states(model.seen), members(model.seen)
    if win == lose or not {win, lose} <= mine.keys():
        return None
    leading = {m: (state, win) for m, (state, into) in what.items() if into == lose}
    moved = dict.fromkeys(mine[lose], win)
    return _possible(
        model, Deed("merge", win, lose, moved, {lose: ("merged", win), **leading}, [mine[win] | mine[lose]])
    )


def split_of(model: Model, master_id: str, records: Group, new: str) -> Deed | None:
    mine = members(model.seen).get(master_id, frozenset())
    if not records or not records < mine:
        return None
    parts = [mine - records, records]
    return _possible(model, Deed("split", master_id, new, dict.fromkeys(records, new), {new: ("active", None)}, parts))


def move_of(model: Model, record: Key, target: str) -> Deed | None:
    mine, source = members(model.seen), owners(model.seen).get(record)
    if source is None or target not in mine or source == target or mine[source] == {record}:
        return None
    parts = [mine[source] - {record}, mine[target] | {record}]
    return _possible(model, Deed("move", source, target, {record: target}, {}, parts))


def unmerge_of(model: Model, number: int) -> Deed | None:
    """I5: the contributor's own records, just those that are still there; or nothing."""
    was, what = model.journal[number], states(model.seen)
    if what[was.lose] != ("merged", was.win) or what[was.win][0] != "active":
        return None
    there = members(model.seen)[was.win]
    back, stay = there & was.moved, there - was.moved
    if not back or not stay:
        return None
    again = {m: (what[m][0], was.lose) for m in was.redirects if what[m][1] == was.win}
    deed = Deed(
        "unmerge",
        was.win,
        was.lose,
        dict.fromkeys(back, was.lose),
        {was.lose: ("active", None), **again},
        [stay, back],
        undoes=number,
    )
    return _possible(model, deed, was)


def undo_of(model: Model, number: int) -> Deed | None:
    """What takes a deed back, whatever came after it; None where it has to be refused."""
    was = model.journal[number]
    if next(row[-1] for row in model.seen["deeds"] if row[0] == number) is not None:
        return None
    if was.kind == "merge":
        return unmerge_of(model, number)
    if was.kind == "move":
        (record,) = was.moved
        there = owners(model.seen).get(record)
        deed = move_of(model, record, was.win) if there == was.lose else None
    else:
        deed = merge_of(model, was.win, was.lose)
    return replace(deed, undoes=number) if deed else None


def _possible(model: Model, deed: Deed, was: Journal | None = None) -> Deed | None:
    """The deed with the pins that it turns; None where pins or decisions stand against it."""
    pinned, turns = pins(model.seen), {}
    for key, wanted in pinned.items():
        to = deed.owners.get(key)
        if to is None or wanted == to or wanted not in (deed.win, deed.other):
            continue
        if was is not None and was.pins.get(key) == wanted:
            continue
        if deed.kind != "merge" and (was is None or was.pins.get(key) != to):
            return None
        turns[key] = to
    whole = _customers(model, deed)
    if whole is None:
        return None
    wanted_by = [{(pinned | turns)[key] for key in part if key in pinned} for part in whole]
    if any(len(ids) > 1 for ids in wanted_by) or any(a & b for a, b in combinations(wanted_by, 2)):
        return None
    return replace(deed, turns=turns)


def _customers(model: Model, deed: Deed) -> list[Group] | None:
    """Each part with all that a steward's matches tie to it; None where that contradicts what a steward said."""
    place = {key: at for at, part in enumerate(deed.parts) for key in part}
    left, kept = model.left(), []
    for pair, (_, kind) in model.standing().items():
        if kind != "match":
            continue
        across = set(pair) <= place.keys() and place[pair[0]] != place[pair[1]]
        if across and left[pair] is None:
            return None
        if not across and not (deed.kind == "unmerge" and left[pair] == deed.undoes):
            kept.append(pair)
    ties = [] if deed.kind == "unmerge" else [(min(part), key) for part in deed.parts for key in part]
    groups = joined([*kept, *ties])
    whole = [frozenset().union(*(groups.get(key, {key}) for key in part)) for part in deed.parts]
    if any(one & other for one, other in combinations(whole, 2)):
        return None
    for (one, other), (_, kind) in model.standing().items():
        inside = deed.kind != "unmerge" and other in groups.get(one, frozenset())
        if kind == "do_not_match" and inside and left[one, other] is None:
            return None
    return whole


def judge_left(before: Seen, seen: Seen, deed: Deed, number: int) -> list[tuple[Any, ...]]:
    """What a deed leaves said: its customers one each and apart, and nothing of others. Returns the new decisions."""
    old, now = before["decisions"], seen["decisions"]
    assert [row[:-1] for row in now[: len(old)]] == [row[:-1] for row in old]
    new = now[len(old) :]
    replaced = {row[9] for row in now}
    assert all(row[-1] == (row[0] not in replaced) for row in now)
    place = {key: at for at, part in enumerate(deed.parts) for key in part}
    for at, row in enumerate(new):
        one, other = pair_of(row)
        earlier = [r for r in now[: len(old) + at] if pair_of(r) == (one, other)]
        assert row[10] == number
        assert row[9] == (earlier[-1][0] if earlier else None)
        assert not earlier or earlier[-1][1] != row[1], "said twice"
        assert row[1] != "match" or place[one] == place[other]
        assert row[1] != "do_not_match" or place[one] != place[other]
        assert row[1] != "unsure" or (one in place) != (other in place)
    _judge_parts(now, deed)
    return new


def _judge_parts(now: Iterable[tuple[Any, ...]], deed: Deed) -> None:
    standing = {pair_of(row): row[1] for row in now if row[-1]}
    groups = joined(pair for pair, kind in standing.items() if kind == "match")
    apart = [pair for pair, kind in standing.items() if kind == "do_not_match"]
    assert not [1 for one, other in apart if other in groups.get(one, frozenset())], "I6: contradiction left"
    for part in deed.parts:
        assert deed.kind == "unmerge" or len({groups.get(key, frozenset([key])) for key in part}) == 1
    for one, other in combinations(deed.parts, 2):
        mine, yours = (frozenset().union(*(groups.get(key, {key}) for key in part)) for part in (one, other))
        assert not mine & yours
        assert any({a, b} & mine and {a, b} & yours for a, b in apart), "nothing keeps them apart"
