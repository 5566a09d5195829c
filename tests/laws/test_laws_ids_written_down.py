"""Laws of master ids: what is assigned is what the invariants write down, and a pin is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mdm.records import CROSSWALK, MASTERS, empty, format_master_id
from mdm.resolve import IdPolicy, assign_master_ids
from tests.laws.histories import (
    FAST,
    KEYS,
    Key,
    clusters,
    partitions,
    pin_table,
    policies,
    scans,
)


@dataclass
class Plain:
    """The assignment as the invariants write it down, in plain dictionaries; ids are numbers."""

    member: dict[Key, int] = field(default_factory=dict)
    state: dict[int, str] = field(default_factory=dict)
    into: dict[int, int | None] = field(default_factory=dict)

    def assign(
        self, parts: list[tuple[Key, ...]], pins: dict[Key, int], policy: IdPolicy
    ) -> Counter[tuple[object, ...]]:
        events: Counter[tuple[object, ...]] = Counter()
        old_member, old_state = dict(self.member), dict(self.state)
        given = self._greedy(parts, pins, policy)
        for i, part in enumerate(parts):
            if i not in given:
                given[i] = len(self.state) + 1
                self.state[given[i]] = "active"
                parents = {old_member[r] for r in part if r in old_member}
                events.update(("split", p, given[i]) for p in parents)
                events["create", None, given[i]] += not parents
            elif old_state[given[i]] != "active":
                events["revive", None, given[i]] += 1
            self.state[given[i]], self.into[given[i]] = "active", None
        self.member = {r: given[i] for i, part in enumerate(parts) for r in part}
        for m in sorted(old_state):
            if old_state[m] == "active" and m not in given.values():
                took = Counter(self.member[r] for r, was in old_member.items() if was == m and r in self.member)
                heir = min(took, key=lambda x: (-took[x], x)) if took else None
                ended = ("retired", "merged", "split")[min(len(took), 2)]
                self.state[m], self.into[m] = ended, heir
                events[{"retired": "retire", "merged": "merge", "split": "split_up"}[ended], m, heir] += 1
        events += self._redirects(old_state)
        events.update(("move", was, self.member[r]) for r, was in old_member.items() if self.member.get(r, was) != was)
        return events

    def _redirects(self, old_state: dict[int, str]) -> Counter[tuple[object, ...]]:
        events: Counter[tuple[object, ...]] = Counter()
        for m in sorted(old_state):
            if {old_state[m], self.state[m]} <= {"merged", "split"}:
                end = self.into[m]
                while end is not None and self.state[end] in ("merged", "split"):
                    end = self.into[end]
                if end is None or self.state[end] == "retired":
                    self.state[m], self.into[m] = "retired", None
                    events["retire", m, None] += 1
                elif end != self.into[m]:
                    self.into[m] = end
                    events["redirect", m, end] += 1
        return events

    def _greedy(self, parts: list[tuple[Key, ...]], pins: dict[Key, int], policy: IdPolicy) -> dict[int, int]:
        order = []
        for i, part in enumerate(parts):
            shared = Counter(self.member[r] for r in part if r in self.member)
            pinned = Counter(pins[r] for r in part if r in pins)
            for m, ov in shared.items():
                nearest = (-ov, m) if policy == "overlap" else (m, -ov)
                order.append(((0 if pinned[m] else 1, 0, -pinned[m], *nearest), part[0], i, m))
            order += [((0, 1, -n, -n, m), part[0], i, m) for m, n in pinned.items() if m not in shared]
        given: dict[int, int] = {}
        for *_, i, m in sorted(order):
            if i not in given and m not in given.values():
                given[i] = m
        return given


pinned_keys = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 4), max_size=7)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(partitions, pinned_keys), min_size=1, max_size=5), policies)
def test_the_assignment_is_the_one_the_invariants_write_down(
    history: list[tuple[list[int], dict[Key, int]]], policy: IdPolicy
) -> None:
    plain = Plain()
    crosswalk, masters = empty(CROSSWALK), empty(MASTERS)
    for labels, wanted in history:
        pins = {r: m for r, m in wanted.items() if m in plain.state}
        parts = [
            tuple(r for r, own in zip(KEYS, labels, strict=True) if own == label) for label in sorted({*labels} - {0})
        ]
        expected = plain.assign(sorted(parts), pins, policy)
        table = pin_table({r: format_master_id(m) for r, m in pins.items()})
        after = assign_master_ids(clusters(labels), crosswalk, masters, pins=table, policy=policy)
        crosswalk, masters = after.crosswalk, after.masters
        number = dict(masters.select("master_id", "sequence").rows()) | {None: None}
        assert {(s, k): number[m] for s, k, m in crosswalk.rows()} == plain.member
        assert {number[m]: (s, number[to]) for m, _, s, to in masters.rows()} == {
            m: (plain.state[m], plain.into[m]) for m in plain.state
        }
        told = Counter((kind, number[a], number[b]) for kind, a, b, *_ in after.lineage.rows())
        assert told == +expected


@FAST
@given(partitions, st.sampled_from(KEYS), st.integers(1, 4))
def test_a_pinned_id_goes_to_the_cluster_of_its_record(labels: list[int], record: Key, wanted: int) -> None:
    first = scans([[1, 1, 1, 2, 2, 2, 3, 3, 4]], "overlap")[0]
    assume(labels[KEYS.index(record)])
    pins = pin_table({record: format_master_id(wanted)})
    after = assign_master_ids(clusters(labels), first.crosswalk, first.masters, pins=pins)
    assert (*record, format_master_id(wanted)) in after.crosswalk.rows()
