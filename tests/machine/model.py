"""What must be true of the product, in plain dictionaries: shares no code with it, and adopts only what it has judged.

Which id a cluster gets and where a contested component parts is the product's choice; everything the invariants say
about that choice is checked here. Names of invariants (I1 ...) are those of the issue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.machine.judging import (
    Effect,
    Seen,
    count,
    joined,
    judge_changes,
    judge_churn,
    judge_golden,
    judge_lineage,
    judge_locality,
    judge_members,
    owners,
    pins,
    spell,
)
from tests.machine.world import JOINS, SYSTEMS, Key, Pair, Place, World, changed

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
        "pins",
        "overrides",
        "deeds",
    )
}


def parted(apart: Iterable[Pair], mine: Collection[Key], yours: Collection[Key]) -> bool:
    """Whether a record of the one is told apart from a record of the other."""
    return any((one in mine and other in yours) or (other in mine and one in yours) for one, other in apart)


@dataclass(frozen=True)
class Journal:
    """What a deed was done on: both ids, what the second brought, what led to it, and the pins of both customers."""

    kind: str
    win: str
    lose: str
    moved: frozenset[Key]
    redirects: frozenset[str]
    pins: Mapping[Key, str]


@dataclass
class Model:
    """All that is known of the store: what its readers see now and saw at each revision, its decisions, its audit."""

    store_id: str
    revision: int = 0
    seen: Seen = field(default_factory=lambda: dict(EMPTY))
    history: dict[int, tuple[str, Seen]] = field(default_factory=dict)
    loaded: dict[Key, int] = field(default_factory=dict)
    saw: World = field(default_factory=World)
    audit: list[tuple[str, str]] = field(default_factory=list)
    ever: dict[str, int] = field(default_factory=dict)
    burnt: int = 0
    scans: int = 0
    number: int = 0
    obeys: list[tuple[Any, ...]] | None = None
    made_on: dict[int, tuple[int, int]] = field(default_factory=dict)
    journal: dict[int, Journal] = field(default_factory=dict)
    in_effect: Effect = field(default_factory=dict)
    wishes: dict[Place, list[str]] = field(default_factory=dict)

    # Decisions

    def standing(self) -> dict[Pair, tuple[int, str]]:
        """The decisions that stand, by their pair: number and kind. `obeys` are those of a plan, while it is judged."""
        decisions = self.seen["decisions"] if self.obeys is None else self.obeys
        return {pair_of(row): (row[0], row[1]) for row in decisions if row[-1] and row[1] != "withdrawn"}

    def left(self) -> dict[Pair, int | None]:
        """The decisions that stand with the deed that left each."""
        rows = [row for row in self.seen["decisions"] if row[-1] and row[1] != "withdrawn"]
        return {pair_of(row): row[-2] for row in rows}

    def same(self, but: Pair | None = None) -> dict[Key, frozenset[Key]]:
        return joined(pair for pair, (_, kind) in self.standing().items() if kind == "match" and pair != but)

    def refuses(self, answer: str, pair: Pair) -> bool:
        """Whether an answer contradicts what stands, by itself, through chains, or through pins."""
        standing = self.standing()
        stands = standing[pair][1] if pair in standing and not self.asks_again(pair) else answer
        if stands not in (answer, "unsure"):
            return True
        if answer == "unsure" or (pair in standing and self.is_repeated(answer, pair)):
            return False
        same, pinned = self.same(but=pair), pins(self.seen)
        mine, yours = (same.get(end, frozenset([end])) for end in pair)
        wanted = [{pinned[key] for key in side if key in pinned} for side in (mine, yours)]
        if answer == "do_not_match":
            return mine is yours or bool(wanted[0] & wanted[1])
        apart = [p for p, (_, kind) in standing.items() if kind == "do_not_match" and p != pair]
        return len(wanted[0] | wanted[1]) > 1 or parted(apart, mine, yours)

    def is_repeated(self, answer: str, pair: Pair) -> bool:
        """Whether just that stands, made on what the two records say now."""
        number, kind = self.standing().get(pair, (0, ""))
        return kind == answer and self.made_on.get(number) == self.bodies(pair)

    def bodies(self, pair: Pair) -> tuple[int, int] | None:
        """What the two records say as far as is known; None where one of them is not there."""
        return None if set(pair) - self.loaded.keys() else (self.loaded[pair[0]], self.loaded[pair[1]])

    def asks_again(self, pair: Pair) -> bool:
        """Whether the records say something else than when the pair was told apart or in doubt."""
        number, kind = self.standing().get(pair, (0, "match"))
        if any(row[0] == number and row[-2] is not None for row in self.seen["decisions"]):
            return False  # what a deed left is said of customers as a whole
        then, now = self.made_on.get(number), self.bodies(pair)
        return kind != "match" and None not in (then, now) and then != now

    def decided(self, row: tuple[Any, ...], revision: int) -> None:
        """A decision was made: (kind, pair, author, at, reason, supersedes)."""
        kind, (one, other), author, at, reason, supersedes = row
        self.number += 1
        rows = [(*r[:-1], r[-1] and r[0] != supersedes) for r in self.seen["decisions"]]
        rows.append((self.number, kind, *one, *other, author, at, reason, supersedes, None, True))
        if kind != "withdrawn":
            self.made_on[self.number] = (self.loaded[one], self.loaded[other])
        self.audited("withdraw" if kind == "withdrawn" else "decide", f"{':'.join(one)} + {':'.join(other)}")
        self.moved_on(revision, at, self.seen | {"decisions": rows})

    def left_said(self, rows: Iterable[tuple[Any, ...]], members: set[Key]) -> None:
        """A deed left these decisions; those on two of its members are kept with what they were made on."""
        for row in rows:
            pair = pair_of(row)
            if members.issuperset(pair) and (bodies := self.bodies(pair)) is not None:
                self.made_on[row[0]] = bodies

    def last_of(self, pair: Pair) -> int | None:
        """The number of the last decision on a pair."""
        return max([row[0] for row in self.seen["decisions"] if pair_of(row) == pair], default=None)

    # Scans

    def expected(self, world: World) -> dict[Key, int]:
        """The records after a scan: what can be read, and of what cannot, or is older, the version that was known."""
        back, _ = self._times(world)
        held = {key for key in back if key[0] not in world.trusted} | world.aside
        return world.readable | {key: body for key, body in self.loaded.items() if key in held}

    def _times(self, world: World) -> tuple[set[Key], set[Key]]:
        """The known records that come in an older version, and those that come in a newer one."""
        both = self.loaded.keys() & world.readable.keys()
        times = {key: (changed(key, self.loaded[key]), changed(key, world.readable[key])) for key in both}
        told = {key: (then, now) for key, (then, now) in times.items() if then and now}
        back = {key for key, (then, now) in told.items() if now < then}
        return back, {key for key, (then, now) in told.items() if now > then}

    def older(self, world: World) -> set[str]:
        """I21: the systems whose extract is an older one: records go back, none is newer, others came or are gone."""
        back, newer = self._times(world)
        kept = world.readable.keys() | (world.aside & self.loaded.keys())
        others = {key[0] for key in kept ^ self.loaded.keys()}
        return ({key[0] for key in back} & others) - {key[0] for key in newer}

    def shrinks(self, world: World) -> set[str]:
        """The systems that would lose more than a tenth of their records."""
        kept = self.expected(world)
        lost = {s: sum(key[0] == s and key not in kept for key in self.loaded) for s in SYSTEMS}
        held = {s: sum(key[0] == s for key in self.loaded) for s in SYSTEMS}
        return {s for s in SYSTEMS if 10 * lost[s] > held[s]}

    def scanned(self, seen: Seen, world: World, made: tuple[int, str], churn: Mapping[str, Any]) -> None:
        """A scan became visible, as that revision at that time: judge it, then take it as what stands."""
        before = self.seen
        judge_members(seen, self.expected(world))
        self._judge_ids(seen, world)
        self._judge_clusters(seen, world)
        for name in ("decisions", "pins", "overrides", "deeds"):
            assert seen[name] == before[name], f"I8: a scan changed {name}"
        differ = self.puts_in_effect(seen)
        judge_golden(seen, self.in_effect)
        judge_locality(before, seen, differ)
        judge_lineage(before, seen)
        judge_changes(seen, world)
        judge_churn(before, seen, churn)
        assert {row[3] for row in seen["quarantine"]} == {key for _, key in world.aside}
        self.loaded, self.saw = self.expected(world), world.copy()
        self.ever |= {master_id: sequence for master_id, sequence, *_ in seen["masters"]}
        self.scans += 1
        self.audited("scan", f"revision {made[0]}")
        self.moved_on(*made, seen)

    def puts_in_effect(self, seen: Seen, of: Collection[str] | None = None) -> set[str]:
        """What stewards set is shown from now on, of these customers or of all; returns those that differ by it."""
        before = self.in_effect
        told = {(row[1], row[2]): (row[0], row[5], row[3]) for row in seen["overrides"]}
        self.in_effect = {place: told for place, told in before.items() if of is not None and place[0] not in of}
        self.in_effect |= {place: value for place, value in told.items() if of is None or place[0] in of}
        places = before.keys() | self.in_effect.keys()
        return {place[0] for place in places if before.get(place) != self.in_effect.get(place)}

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
        part, pinned = owners(seen), pins(seen)
        same = self.same()
        for group in same.values():
            assert len({part[key] for key in group if key in part}) <= 1, "I7: told one, found apart"
        for (one, other), (_, kind) in self.standing().items():
            if kind == "do_not_match":
                mine, yours = ({part[k] for k in same.get(e, {e}) if k in part} for e in (one, other))
                assert not mine & yours, "I6: told apart, found together"
        for key, master_id in pinned.items():
            assert part.get(key, master_id) == master_id, f"I8: {key} was pinned to {master_id}"
        linked = [pair for pair, weight in world.weights.items() if weight == JOINS and set(pair) <= part.keys()]
        tied = [pair for pair, (_, kind) in self.standing().items() if kind == "match"]
        tied += [(one, other) for one in pinned for other in pinned if one < other and pinned[one] == pinned[other]]
        groups = joined([*linked, *tied])
        for key, master in part.items():
            mates = {k for k, m in part.items() if m == master}
            assert mates <= groups.get(key, {key}), "joined without a link"
        free = {end for pair, (_, kind) in self.standing().items() if kind != "match" for end in pair} | pinned.keys()
        for one, other in linked:
            if groups[one] == {one, other} and not free & {one, other}:
                assert part[one] == part[other], "cut without need"

    # Crashes and restores

    def restored(self, backup: Model, revision: int, issued: int, told: int) -> None:
        """A backup is in place: what it knew stands again; numbers that anybody may know stay used."""
        assert revision == backup.revision
        self.seen = dict(EMPTY)
        for name in ("revision", "saw", "scans", "number", "made_on", "journal", "in_effect"):
            setattr(self, name, getattr(backup, name))
        self.loaded, self.history, self.audit = dict(backup.loaded), dict(backup.history), list(backup.audit)
        self.made_on, self.journal = dict(backup.made_on), dict(backup.journal)
        self.burnt, self.wishes = issued, {}
        self._wish(backup.seen)
        self.seen = backup.seen
        self.ever = {m: n for m, n in self.ever.items() if n <= max(issued, told)}
        self.audited("restore", f"store {self.store_id}")

    def moved_on(self, revision: int, at: str, seen: Seen) -> None:
        """The next revision is what readers see."""
        assert revision > self.revision
        self._wish(seen)
        self.revision, self.seen = revision, seen
        self.history[revision] = (at, seen)

    def _wish(self, seen: Seen) -> None:
        """What systems shall say, in the order in which that became visible."""
        for row in set(seen["changes"]) - set(self.seen["changes"]):
            system, key, _, name, _, new = row
            self.wishes.setdefault((system, key, name), []).append(new)

    def audited(self, action: str, subject: str) -> None:
        """I22: one more row of the audit."""
        if not self.audit:
            self.audit.append(("begin", f"store {self.store_id}"))
        self.audit.append((action, subject))


def pair_of(row: tuple[Any, ...]) -> Pair:
    """The pair that a decision is about."""
    return ((row[2], row[3]), (row[4], row[5]))
