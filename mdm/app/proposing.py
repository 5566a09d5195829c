"""Four eyes: an answer that needs two people is proposed by the first, and decided when another one confirms it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from mdm.app.desk_part import DeskPart
from mdm.app.project import Project
from mdm.app.rights import Right, every_use_case_guarded, needs
from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName, amounts
from mdm.report.visible import visible
from mdm.report.words import moment
from mdm.rulebook import FourEyesRule, StewardshipRules
from mdm.steward import Decision, Evidence, Pair, ordered, standing
from mdm.store import Saying, Store

ANSWERS: Final[Mapping[str, str]] = {"match": "match", "do_not_match": "no match", "unsure": "unsure"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that waits for a second person; `against` are the numbers of those that say otherwise of the pair."""

    number: int
    answer: str
    left: RecordKey
    right: RecordKey
    author: str
    at: str
    reason: str
    against: tuple[int, ...] = ()

    @property
    def told(self) -> str:
        """Who proposed what and why, in one line that is safe to show."""
        answer = ANSWERS.get(self.answer, self.answer)
        return visible(f"{self.author} proposed {answer} on {moment(self.at)}: {self.reason}")


def list_proposals(store: Store, pair: Pair | None = None) -> tuple[Proposal, ...]:
    """What waits for a second person, those that contradict each other first, then oldest first."""
    return in_order(store.proposals.standing(pair).iter_rows(named=True))


def in_order(rows: Iterable[Mapping[str, Any]]) -> tuple[Proposal, ...]:
    """Rows of PROPOSALS as proposals, those that contradict each other first, then oldest first."""
    of_pair: defaultdict[Pair, list[Proposal]] = defaultdict(list)
    for row in rows:
        left = RecordKey(SystemName(row["system_l"]), row["key_l"])
        right = RecordKey(SystemName(row["system_r"]), row["key_r"])
        said = Proposal(row["id"], row["kind"], left, right, row["author"], row["at"], row["reason"])
        of_pair[left, right].append(said)
    found = [each for same in of_pair.values() for each in _contradicted(same)]
    return tuple(sorted(found, key=lambda p: (not p.against, (p.left, p.right) if p.against else (), p.number)))


def _contradicted(same: Sequence[Proposal]) -> list[Proposal]:
    """The proposals of one pair, each with the numbers of those that say otherwise."""
    return [replace(one, against=tuple(other.number for other in same if other.answer != one.answer)) for one in same]


def why_two(rules: StewardshipRules, store: Store, pairs: Sequence[Pair]) -> dict[Pair, str]:
    """Which of these pairs need two people, and why; nothing is read where no rule is made."""
    if not rules.four_eyes or not pairs:
        return {}
    keys = pl.DataFrame(sorted({(r.system, r.key) for p in pairs for r in p}), ["system", "key"], orient="row")
    owners = {RecordKey(s, k): m for s, k, m in store.read_crosswalk_of(keys).iter_rows()}
    sides = _sides(store, store.footing(set(owners.values())).members)
    found = {}
    for left, right in pairs:
        mine, yours = (sides.get(owners.get(record, ""), NOBODY) for record in (left, right))
        why = _why(rules, mine, yours)
        if why and owners.get(left) != owners.get(right):
            found[left, right] = why
    return found


@dataclass(frozen=True, slots=True)
class _Side:
    """A customer, as far as the rules ask: the system of each of its records, what each is worth, whether a steward's
    match stands inside it.
    """

    systems: tuple[str, ...]
    values: tuple[int, ...]
    confirmed: bool

    @property
    def value(self) -> int:
        return sum(self.values)

    def value_in(self, system: str) -> int:
        return sum(value for name, value in zip(self.systems, self.values, strict=True) if name == system)


NOBODY: Final = _Side((), (), confirmed=False)


def _sides(store: Store, members: pl.DataFrame) -> dict[str, _Side]:
    """The customers of MEMBERS by master id."""
    told = members.with_columns(value=amounts(members["body"].str.json_path_match("$.value")).fill_null(0))
    owners = {RecordKey(s, k): m for s, k, m in members.select("system", "key", "master_id").iter_rows()}
    known = standing(store.decisions_about(members.select("system", "key"))).values()
    inside = {owners.get(d.left) for d in known if d.answer == "match" and owners.get(d.left) == owners.get(d.right)}
    return {
        str(owner): _Side(tuple(part["system"]), tuple(part["value"]), confirmed=owner in inside)
        for (owner,), part in told.group_by("master_id")
    }


def _why(rules: StewardshipRules, mine: _Side, yours: _Side) -> str:
    """Why two people must agree, by the first rule all of whose parts fit; empty where none does."""
    for rule in rules.four_eyes:
        parts = _parts(rule, mine, yours)
        if all(parts):
            return " and ".join(parts)
    return ""


def _parts(rule: FourEyesRule, mine: _Side, yours: _Side) -> list[str]:
    """What each part of a rule says of the two; empty text for one that does not fit."""
    parts = []
    if rule.records is not None:
        count = len(mine.systems) + len(yours.systems)
        parts.append(f"together they have {count:,} records" if count >= rule.records else "")
    if rule.systems is not None:
        parts.append(_between(rule.systems, rule.value or 0, mine, yours))
    elif rule.value is not None:
        value = mine.value + yours.value
        parts.append(f"together they are worth {value:,}" if value >= rule.value else "")
    if rule.confirmed:
        parts.append("a steward has confirmed a match in one of them" if mine.confirmed or yours.confirmed else "")
    return parts


def _between(systems: tuple[str, str], least: int, mine: _Side, yours: _Side) -> str:
    one, other = systems
    for first, second in ((mine, yours), (yours, mine)):
        if one in first.systems and other in second.systems:
            worth = first.value_in(one), second.value_in(other)
            if min(worth) >= least:
                both = f", worth {worth[0]:,} and {worth[1]:,} there" if least else ""
                return f"one is known to {one}, the other to {other}{both}"
    return ""


def agree(store: Store, pair: Pair, about: tuple[Saying, Evidence], decide: Callable[[Saying], int]) -> int:
    """Propose an answer that needs two people, or decide it where somebody else proposed the same on the same values.

    Returns the number of the proposal or decision. What stood proposed of the pair is settled by the decision.
    """
    said, evidence = about
    rows = store.proposals.standing(pair).filter(
        (pl.col("kind") == said.kind) & (pl.col("author") != said.author) & (pl.col("evidence") == evidence.fingerprint)
    )
    if rows.is_empty():
        return store.proposals.add(pair, said, evidence.fingerprint)
    first = rows.row(0, named=True)
    both = f"{said.reason} (proposed by {first['author']} on {first['at']}: {first['reason']})"
    number = decide(replace(said, reason=both))
    store.proposals.settle(pair, Saying("settled", said.author, said.at, f"decision {number}"))
    return number


def refuse_alone(project: Project, store: Store, customers: tuple[str, str]) -> None:
    """Raise DecisionRefused where one person would merge customers about whom two must agree, and have not yet."""
    members = store.footing(customers).members if project.stewardship.four_eyes else pl.DataFrame()
    if members.is_empty():
        return
    told = _sides(store, members)
    why = _why(project.stewardship, *(told.get(customer, NOBODY) for customer in customers))
    if not why:
        return
    sides = [members.filter(pl.col("master_id") == customer) for customer in customers]
    ends = [{RecordKey(s, k) for s, k in side.select("system", "key").iter_rows()} for side in sides]
    known = standing(store.decisions_about(members.select("system", "key")))
    agreed = any(d.answer == "match" and _is_across(d, (ends[0], ends[1])) for d in known.values())
    if not agreed:
        raise DecisionRefused(
            f"Two people must agree about {customers[0]} and {customers[1]}: {why}.",
            "Propose the match of two of their records in Review; merge them when a second person has confirmed it.",
        )


def _is_across(decision: Decision, sides: tuple[set[RecordKey], set[RecordKey]]) -> bool:
    one, other = sides
    left, right = decision.left, decision.right
    return (left in one and right in other) or (left in other and right in one)


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class Agreeing(DeskPart):
    """The proposals of a project, as the desk asks for them."""

    @needs(Right.DECIDE)
    def all(self, pair: Pair | None = None) -> tuple[Proposal, ...]:
        """What waits for a second person: all, or of a pair (smaller key first)."""
        return list_proposals(self.store, pair)

    @needs(Right.DECIDE)
    def why(self, one: RecordKey, other: RecordKey) -> str:
        """Why two people must agree about a pair; empty where one decides."""
        pair = ordered(one, other)
        return why_two(self.project.stewardship, self.store, [pair]).get(pair, "")
