"""What every state must show, whoever made it: members, ids, golden values, lineage, what goes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tests.machine.world import ID_FIELD, NAME_FIELD, SYSTEMS, Key, Pair, World, said

Seen = dict[str, list[tuple[Any, ...]]]

Effect = dict[tuple[str, str], tuple[int, str, str]]
"""By master id and attribute what a steward set: number, author, value."""

DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS: Final = DIGITS + "*~$=U"


def spell(number: int) -> str:
    """The master id of a number."""
    places = [DIGITS[number // 32**place % 32] for place in reversed(range(7))]
    return f"M-{''.join(places)}-{CHECKS[number % 37]}"


def count(master_id: str) -> int:
    """The number of a master id that `spell` wrote; 0 for any other text."""
    number = 0
    for digit in master_id[2:9]:
        number = number * 32 + max(DIGITS.find(digit), 0)
    return number if spell(number) == master_id else 0


def joined(pairs: Iterable[Pair]) -> dict[Key, frozenset[Key]]:
    """For every record of a pair all that pairs tie to it."""
    groups: dict[Key, frozenset[Key]] = {}
    for one, other in pairs:
        both = groups.get(one, frozenset([one])) | groups.get(other, frozenset([other]))
        groups.update(dict.fromkeys(both, both))
    return groups


def owners(seen: Seen) -> dict[Key, str]:
    return {(system, key): master_id for system, key, master_id in seen["crosswalk"]}


def members(seen: Seen) -> dict[str, frozenset[Key]]:
    found: dict[str, frozenset[Key]] = {}
    for key, master_id in owners(seen).items():
        found[master_id] = found.get(master_id, frozenset()) | {key}
    return found


def pins(seen: Seen) -> dict[Key, str]:
    """The ids that records are pinned to."""
    return {(row[1], row[2]): row[3] for row in seen["pins"]}


def states(seen: Seen) -> dict[str, tuple[str, str | None]]:
    """What each id is, and where it leads."""
    return {master_id: (state, into) for master_id, _, state, into in seen["masters"]}


def judge_members(seen: Seen, expected: Mapping[Key, int]) -> None:
    """I1, both ways, and I3: one hop to an active id."""
    part = owners(seen)
    assert len(part) == len(seen["crosswalk"])
    assert {(s, k): row_hash for s, k, row_hash, _ in seen["records"]} == {k: str(b) for k, b in expected.items()}
    assert part.keys() == expected.keys(), "I1: a record without a customer, or a customer's record that is gone"
    active = {master_id for master_id, _, state, _ in seen["masters"] if state == "active"}
    assert set(part.values()) == active, "I1: an active id without records, or records of another one"
    for master_id, _, state, into in seen["masters"]:
        if state in ("merged", "split"):
            assert into in active, f"I3: {master_id} leads to {into}"
        else:
            assert into is None, f"I3: {master_id} is {state} and leads to {into}"


def contributions(key: Key, body: int, attribute: str) -> list[str]:
    """What a record offers for a golden attribute."""
    values = said(key, body)
    offered = values.get(attribute)
    if attribute == "name" and offered is None:
        offered = values["legal_name"]
    return offered if isinstance(offered, list) else [offered] if offered else []


def judge_golden(seen: Seen, set_by_hand: Effect) -> None:
    """I16: each golden value is one that its record offers, and that record is the customer's own, or a steward's."""
    bodies = {(system, key): int(row_hash) for system, key, row_hash, _ in seen["records"]}
    mine = members(seen)
    assert {row[0] for row in seen["golden"]} == mine.keys()
    for master_id, *_, records, systems, _, body, provenance in seen["golden"]:
        assert records == len(mine[master_id])
        assert systems == sorted({system for system, _ in mine[master_id]})
        values = json.loads(body)
        given = {name: (system, key, rule) for system, key, rule, names in json.loads(provenance) for name in names}
        assert given.keys() == values.keys()
        told = {name: value for (owner, name), value in set_by_hand.items() if owner == master_id}
        for name, value in values.items():
            if name in told:
                number, author, wanted = told[name]
                assert value == wanted, f"I16: the {name} that was set by hand is {value}"
                assert given[name] == ("", "", f"decision {number} of {author}")
                continue
            assert given[name][:2] in mine[master_id]
            assert value in contributions(given[name][:2], bodies[given[name][:2]], name), f"I16: {name} is {value}"
        offered = {n for key in mine[master_id] for n in ("name", "phone") if contributions(key, bodies[key], n)}
        assert offered | told.keys() <= values.keys()


def judge_locality(before: Seen, seen: Seen, changed: set[str]) -> None:
    """I11: who has the same records keeps the id, and with the same versions the golden bytes.

    Of the ids in `changed` a steward set or left a value; a pin may give an id to other records.
    """
    then, now = members(before), members(seen)
    of_now = {group: master_id for master_id, group in now.items()}
    versions = [{row[:2]: row[2] for row in one["records"]} for one in (before, seen)]
    golden = [{row[0]: row for row in one["golden"]} for one in (before, seen)]
    pinned = pins(seen)
    for master_id, group in then.items():
        if group in of_now:
            moved = any((key in group) != (wanted == master_id) for key, wanted in pinned.items())
            assert moved or of_now[group] == master_id, f"I11: {master_id} became {of_now[group]}"
            same = all(versions[0][key] == versions[1][key] for key in group) and of_now[group] == master_id
            if same and master_id not in changed:
                assert golden[0][master_id] == golden[1][master_id], f"I11: golden record of {master_id}"


def judge_lineage(before: Seen, seen: Seen) -> None:
    """I23 for ids: what happened, played from the beginning, gives the ids as they are; moves are what moved."""
    events = seen["lineage"]
    assert events[: len(before["lineage"])] == before["lineage"], "lineage is not append-only"
    state: dict[str, tuple[str, str | None]] = {}
    for _, kind, from_id, to_id, *_ in events:
        if kind in ("create", "split", "revive"):
            state[to_id] = ("active", None)
        elif kind in ("merge", "split_up", "retire"):
            ended = {"merge": "merged", "split_up": "split", "retire": "retired"}[kind]
            state[from_id] = (ended, to_id)
        elif kind == "redirect":
            state[from_id] = (state[from_id][0], to_id)
    assert state == states(seen), "I23: ids by lineage"
    new = events[len(before["lineage"]) :]
    moves = [(from_id, to_id, (system, key)) for _, kind, from_id, to_id, system, key in new if kind == "move"]
    was, now = owners(before), owners(seen)
    moved = [(was[key], now[key], key) for key in now if key in was and was[key] != now[key]]
    assert sorted(moves) == sorted(moved), "moves in the lineage"


def judge_changes(seen: Seen, world: World) -> None:
    """What is planned to go back is just what the systems do not say yet; no field is ever emptied."""
    names = {row[0]: json.loads(row[-2]).get("name") for row in seen["golden"]}
    expected = []
    for (system, key), master_id in owners(seen).items():
        wanted = {ID_FIELD: master_id} | ({NAME_FIELD: names[master_id]} if system == "crm" else {})
        for field_name, new in wanted.items():
            here = (system, key) in world.readable
            old = world.told.get((system, key, field_name)) if here else None
            if new and new != old:
                expected.append((system, key, master_id, field_name, old, new))
    assert sorted(seen["changes"], key=str) == sorted(expected, key=str)


def judge_churn(before: Seen, seen: Seen, told: Mapping[str, Any]) -> None:
    """What a scan says it did to ids, and what that costs each system, is what became of the crosswalk."""
    was, now = owners(before), owners(seen)
    costs = {s: sum(k[0] == s and was.get(k) != owner for k, owner in now.items()) for s in SYSTEMS}
    assert {s: told["writes_by_system"].get(s, 0) for s in SYSTEMS} == costs
    assert told["writes"] == sum(costs.values())
    assert told["moved"] == sum(key in was and was[key] != now[key] for key in now)
    ended = {state: sum(states(seen)[m][0] == state for m in states(seen)) for state in ("merged", "split", "retired")}
    former = {state: sum(states(before)[m][0] == state for m in states(before)) for state in ended}
    new = states(seen).keys() - states(before).keys()
    assert told["created"] + told["split"] == len(new)
    if not pins(seen):  # which may bring ids back
        assert (told["merged"], told["split_up"], told["retired"]) == tuple(ended[s] - former[s] for s in ended)
