"""What a steward does to customers: merge, split, move, unmerge, each planned from the state before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mdm.errors import DecisionRefused
from mdm.records import RecordKey
from mdm.steward.parting import Part

DeedKind = Literal["merge", "unmerge", "split", "move"]
State = tuple[str, str | None]
"""What a master id is (`active`, `merged`, ...), and the id it leads to."""

Event = tuple[str, str | None, str | None, str | None, str | None]
"""A row of LINEAGE: kind, from_id, to_id, system, key."""

LOOK_AGAIN = "Look at the customers as they are now."


@dataclass(frozen=True, slots=True)
class Customers:
    """The state a deed is planned on: whose each record of the customers concerned is, what each id is.

    `states` has the ids concerned, and those that lead to one of them.
    """

    members: Mapping[RecordKey, str]
    states: Mapping[str, State]

    def of(self, master_id: str) -> tuple[RecordKey, ...]:
        """The records of a customer, in their order. Raises DecisionRefused for an id that is not active."""
        state, into = self.states.get(master_id, ("unknown", None))
        if state != "active":
            leads = f"; it leads to {into}" if into else ""
            raise DecisionRefused(f"{master_id} is not active but {state}{leads}.", LOOK_AGAIN)
        return tuple(sorted(record for record, owner in self.members.items() if owner == master_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a deed makes of the customers: new owners and states, what the journal names, what is said of the records.

    `parts` are the customers that the steward says there are, `lineage` is what happens to ids, in order. `undoes` is
    the merge that an unmerge takes back.
    """

    kind: DeedKind
    master_id: str
    other_id: str
    owners: Mapping[RecordKey, str]
    states: Mapping[str, State]
    parts: tuple[Part, ...]
    lineage: tuple[Event, ...]
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge in the journal: its number, the two ids, what `lose` had, and which ids led to it."""

    number: int
    win: str
    lose: str
    members: frozenset[RecordKey]
    redirects: tuple[str, ...]


def plan_merge(customers: Customers, win: str, lose: str) -> Planned:
    """All records of `lose` become those of `win`; `lose` and what led to it lead to `win`, in one hop."""
    if win == lose:
        raise DecisionRefused(f"{win} cannot be merged with itself.", "Name two customers.")
    stay, come = customers.of(win), customers.of(lose)
    leading = sorted(m for m, (_, into) in customers.states.items() if into == lose)
    states: dict[str, State] = {lose: ("merged", win)}
    states |= {m: (customers.states[m][0], win) for m in leading}
    redirects = tuple[Event, ...](("redirect", m, win, None, None) for m in leading)
    return Planned(
        kind="merge",
        master_id=win,
        other_id=lose,
        owners=dict.fromkeys(come, win),
        states=states,
        parts=((stay, come),),
        lineage=(("merge", lose, win, None, None), *redirects, *_moves(come, lose, win)),
    )


def plan_split(
    customers: Customers, master_id: str, groups: Sequence[Sequence[RecordKey]], new_ids: Sequence[str]
) -> Planned:
    """Each group of a customer's records becomes a customer of its own, with its new id; the rest keep theirs."""
    mine = customers.of(master_id)
    named = [record for group in groups for record in group]
    strangers = sorted(set(named) - set(mine))
    if strangers:
        raise DecisionRefused(f"{strangers[0]} is no record of {master_id}.", LOOK_AGAIN)
    rest = tuple(record for record in mine if record not in set(named))
    if not named or not rest:
        raise DecisionRefused(
            f"A split takes some records of {master_id} away and leaves it at least one.", "Name fewer records, or one."
        )
    parts = [tuple(sorted(set(group))) for group in groups]
    owners = {record: new for part, new in zip(parts, new_ids, strict=True) for record in part}
    lineage = [("split", master_id, new, None, None) for new in new_ids]
    moves = [move for part, new in zip(parts, new_ids, strict=True) for move in _moves(part, master_id, new)]
    return Planned(
        kind="split",
        master_id=master_id,
        other_id=new_ids[0],
        owners=owners,
        states=dict.fromkeys(new_ids, ("active", None)),
        parts=((rest,), *((part,) for part in parts)),
        lineage=(*lineage, *moves),
    )


def plan_move(customers: Customers, record: RecordKey, target: str) -> Planned:
    """One record goes from its customer to another; no id changes."""
    source = customers.members.get(record)
    if source is None:
        raise DecisionRefused(f"There is no record {record}.", "A record is named SYSTEM:KEY, as in the crosswalk.")
    if source == target:
        raise DecisionRefused(f"{record} is a record of {target} already.", "Nothing was changed.")
    rest = tuple(r for r in customers.of(source) if r != record)
    there = customers.of(target)
    if not rest:
        raise DecisionRefused(
            f"{record} is the only record of {source}.", f"Merge the two customers: mdm merge {target} {source}"
        )
    return Planned(
        kind="move",
        master_id=source,
        other_id=target,
        owners={record: target},
        states={},
        parts=((rest,), (there, (record,))),
        lineage=_moves((record,), source, target),
    )


def plan_unmerge(customers: Customers, merged: Merged) -> Planned:
    """What `lose` brought into a merge and `win` still has goes back, with the id it had; what came later stays.

    Raises DecisionRefused, saying why, where the state has moved on so far that this is not what was.
    """
    win, lose = merged.win, merged.lose
    state, into = customers.states.get(lose, ("unknown", None))
    if (state, into) != ("merged", win):
        leads = f" into {into}" if into else ""
        raise DecisionRefused(
            f"{lose} was merged into {win} (journal {merged.number}), but is {state}{leads} now.",
            "Take back what came after that merge first.",
        )
    there = customers.of(win)
    back = tuple(record for record in there if record in merged.members)
    stay = tuple(record for record in there if record not in merged.members)
    if not back:
        raise DecisionRefused(f"{win} has no record left of those that {lose} brought.", LOOK_AGAIN)
    if not stay:
        raise DecisionRefused(f"{win} would be left without a record: all it has came from {lose}.", LOOK_AGAIN)
    again = [m for m in merged.redirects if customers.states.get(m, ("", None))[1] == win]
    states: dict[str, State] = {lose: ("active", None)} | {m: (customers.states[m][0], lose) for m in again}
    redirects = tuple[Event, ...](("redirect", m, lose, None, None) for m in again)
    return Planned(
        kind="unmerge",
        master_id=win,
        other_id=lose,
        owners=dict.fromkeys(back, lose),
        states=states,
        parts=((stay,), (back,)),
        lineage=(("revive", None, lose, None, None), *redirects, *_moves(back, win, lose)),
        undoes=merged.number,
    )


def _moves(records: Sequence[RecordKey], source: str, target: str) -> tuple[Event, ...]:
    return tuple(("move", source, target, record.system, record.key) for record in records)
