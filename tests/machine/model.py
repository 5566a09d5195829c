"""What must be true of the product, in plain dictionaries: shares no code with it, and adopts only what it has judged.

Which id a cluster gets and where a contested component parts is the product's choice; everything the invariants say
about that choice is checked here. Names of invariants (I1 ...) are those of the issue.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.machine.world import ID_FIELD, JOINS, NAME_FIELD, SYSTEMS, Key, Pair, World, said

Seen = dict[str, list[tuple[Any, ...]]]

DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS: Final = DIGITS + "*~$=U"
EMPTY: Final[Seen] = {
    name: []
    for name in (
        "records",
        "crosswalk",
        "masters",
        "lineage",
        "links",
        "golden",
        "changes",
        "quarantine",
        "decisions",
    )
}


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


@dataclass
class Model:
    """All that is known of the store: what its readers see now and saw at each revision, its decisions, its audit."""

    store_id: str
    revision: int = 0
    seen: Seen = field(default_factory=lambda: dict(EMPTY))
    history: dict[int, tuple[str, Seen]] = field(default_factory=dict)
    loaded: dict[Key, int] = field(default_factory=dict)
    audit: list[tuple[str, str]] = field(default_factory=list)
    ever: dict[str, int] = field(default_factory=dict)
    burnt: int = 0
    scans: int = 0
    obeys: list[tuple[Any, ...]] | None = None
    made_on: dict[int, tuple[int, int]] = field(default_factory=dict)

    # Decisions

    def standing(self) -> dict[Pair, tuple[int, str]]:
        """The decisions that stand, by their pair: number and kind. `obeys` are those of a plan, while it is judged."""
        decisions = self.seen["decisions"] if self.obeys is None else self.obeys
        rows = [row for row in decisions if row[-1] and row[1] != "withdrawn"]
        return {((row[2], row[3]), (row[4], row[5])): (row[0], row[1]) for row in rows}

    def same(self, but: Pair | None = None) -> dict[Key, frozenset[Key]]:
        return joined(pair for pair, (_, kind) in self.standing().items() if kind == "match" and pair != but)

    def refuses(self, answer: str, pair: Pair) -> bool:
        """Whether an answer contradicts what stands, by itself or through chains."""
        standing, same = self.standing(), self.same(but=pair)
        if pair in standing and standing[pair][1] != answer and not self.asks_again(pair):
            return True
        mine, yours = (same.get(end, frozenset([end])) for end in pair)
        if answer == "do_not_match":
            return mine is yours
        apart = [p for p, (_, kind) in standing.items() if kind == "do_not_match"]
        return any({one, other} & mine and {one, other} & yours for one, other in apart)

    def bodies(self, pair: Pair) -> tuple[int, int] | None:
        """What the two records say as far as is known; None where one of them is not there."""
        return None if set(pair) - self.loaded.keys() else (self.loaded[pair[0]], self.loaded[pair[1]])

    def asks_again(self, pair: Pair) -> bool:
        """Whether the records say something else than when the pair was decided."""
        standing, now = self.standing(), self.bodies(pair)
        return pair in standing and now is not None and self.made_on[standing[pair][0]] != now

    def decided(self, row: tuple[Any, ...], revision: int) -> None:
        """A decision was made: (kind, pair, author, at, reason, supersedes)."""
        kind, (one, other), author, at, reason, supersedes = row
        rows = [(*r[:-1], r[-1] and r[0] != supersedes) for r in self.seen["decisions"]]
        rows.append((len(rows) + 1, kind, *one, *other, author, at, reason, supersedes, None, True))
        if kind != "withdrawn":
            self.made_on[len(rows)] = (self.loaded[one], self.loaded[other])
        self._audited("withdraw" if kind == "withdrawn" else "decide", f"{':'.join(one)} + {':'.join(other)}")
        self._moved_on(revision, at, self.seen | {"decisions": rows})

    def last_of(self, pair: Pair) -> int | None:
        """The number of the last decision on a pair."""
        numbers = [row[0] for row in self.seen["decisions"] if ((row[2], row[3]), (row[4], row[5])) == pair]
        return max(numbers, default=None)

    # Scans

    def expected(self, world: World) -> dict[Key, int]:
        """The records after a scan: what can be read, and of what cannot the version that was known."""
        held = {key: body for key, body in self.loaded.items() if key in world.aside}
        return world.readable | held

    def shrinks(self, world: World) -> set[str]:
        """The systems that would lose more than a tenth of their records."""
        kept = self.expected(world)
        lost = {s: sum(key[0] == s and key not in kept for key in self.loaded) for s in SYSTEMS}
        held = {s: sum(key[0] == s for key in self.loaded) for s in SYSTEMS}
        return {s for s in SYSTEMS if 10 * lost[s] > held[s]}

    def scanned(self, seen: Seen, world: World, revision: int, at: str) -> None:
        """A scan became visible: judge it, then take it as what stands."""
        before = self.seen
        judge_members(seen, self.expected(world))
        self._judge_ids(seen, world)
        self._judge_clusters(seen, world)
        assert seen["decisions"] == before["decisions"], "I8: a scan changed a decision"
        judge_golden(seen)
        judge_locality(before, seen)
        judge_lineage(before, seen)
        judge_changes(seen, world)
        assert {row[3] for row in seen["quarantine"]} == {key for _, key in world.aside}
        self.loaded = self.expected(world)
        self.ever |= {master_id: sequence for master_id, sequence, *_ in seen["masters"]}
        self.scans += 1
        self._audited("scan", f"revision {revision}")
        self._moved_on(revision, at, seen)

    def _judge_ids(self, seen: Seen, world: World) -> None:
        """I2: the ledger only grows, and a new number is above all that anybody has seen."""
        masters = {master_id: sequence for master_id, sequence, *_ in seen["masters"]}
        assert all(spell(sequence) == master_id for master_id, sequence in masters.items())
        assert len(set(masters.values())) == len(masters)
        known = {master_id: sequence for master_id, sequence, *_ in self.seen["masters"]}
        assert known.items() <= masters.items(), "I2: an id is gone"
        highest = max([self.burnt, *(count(value) for value in world.told.values())])
        new = masters.keys() - known.keys()
        assert all(masters[master_id] > highest for master_id in new), f"I2: {new} were used before"

    def _judge_clusters(self, seen: Seen, world: World) -> None:
        part = owners(seen)
        same = self.same()
        for group in same.values():
            assert len({part[key] for key in group if key in part}) <= 1, "I7: told one, found apart"
        for (one, other), (_, kind) in self.standing().items():
            if kind == "do_not_match":
                mine, yours = ({part[k] for k in same.get(e, {e}) if k in part} for e in (one, other))
                assert not mine & yours, "I6: told apart, found together"
        linked = [pair for pair, weight in world.weights.items() if weight == JOINS and set(pair) <= part.keys()]
        tied = [pair for pair, (_, kind) in self.standing().items() if kind == "match"]
        groups = joined([*linked, *tied])
        for key, master in part.items():
            mates = {k for k, m in part.items() if m == master}
            assert mates <= groups.get(key, {key}), "joined without a link"
        apart = {end for pair, (_, kind) in self.standing().items() if kind == "do_not_match" for end in pair}
        for one, other in linked:
            if groups[one] == {one, other} and not apart & {one, other}:
                assert part[one] == part[other], "cut without need"

    # Crashes and restores

    def restored(self, backup: Model, revision: int, issued: int, told: int) -> None:
        """A backup is in place: what it knew stands again; numbers that anybody may know stay used."""
        assert revision == backup.revision
        self.revision, self.seen, self.loaded = backup.revision, backup.seen, dict(backup.loaded)
        self.history, self.audit, self.scans = dict(backup.history), list(backup.audit), backup.scans
        self.burnt = issued
        self.ever = {m: n for m, n in self.ever.items() if n <= max(issued, told)}
        self._audited("restore", f"store {self.store_id}")

    def _moved_on(self, revision: int, at: str, seen: Seen) -> None:
        assert revision > self.revision
        self.revision, self.seen = revision, seen
        self.history[revision] = (at, seen)

    def _audited(self, action: str, subject: str) -> None:
        if not self.audit:
            self.audit.append(("begin", f"store {self.store_id}"))
        self.audit.append((action, subject))


def owners(seen: Seen) -> dict[Key, str]:
    return {(system, key): master_id for system, key, master_id in seen["crosswalk"]}


def members(seen: Seen) -> dict[str, frozenset[Key]]:
    found: dict[str, frozenset[Key]] = {}
    for key, master_id in owners(seen).items():
        found[master_id] = found.get(master_id, frozenset()) | {key}
    return found


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


def judge_golden(seen: Seen) -> None:
    """I16: each golden value is one that its record offers, and that record is the customer's own."""
    bodies = {(system, key): int(row_hash) for system, key, row_hash, _ in seen["records"]}
    mine = members(seen)
    assert {row[0] for row in seen["golden"]} == mine.keys()
    for master_id, *_, records, systems, _, body, provenance in seen["golden"]:
        assert records == len(mine[master_id])
        assert systems == sorted({system for system, _ in mine[master_id]})
        values = json.loads(body)
        given = {name: (system, key) for system, key, _, names in json.loads(provenance) for name in names}
        assert given.keys() == values.keys()
        for name, value in values.items():
            assert given[name] in mine[master_id]
            assert value in contributions(given[name], bodies[given[name]], name), f"I16: {name} is {value}"
        offered = {n for key in mine[master_id] for n in ("name", "phone") if contributions(key, bodies[key], n)}
        assert offered <= values.keys()


def judge_locality(before: Seen, seen: Seen) -> None:
    """I11: who has the same records keeps the id, and with the same versions the golden bytes."""
    then, now = members(before), members(seen)
    of_now = {group: master_id for master_id, group in now.items()}
    versions = [{row[:2]: row[2] for row in one["records"]} for one in (before, seen)]
    golden = [{row[0]: row for row in one["golden"]} for one in (before, seen)]
    for master_id, group in then.items():
        if group in of_now:
            assert of_now[group] == master_id, f"I11: {master_id} became {of_now[group]}"
            if all(versions[0][key] == versions[1][key] for key in group):
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
    assert state == {master_id: (s, into) for master_id, _, s, into in seen["masters"]}, "I23: ids by lineage"
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
