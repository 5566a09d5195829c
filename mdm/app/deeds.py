"""`mdm merge`, `split`, `move`, `unmerge`: what stewards do to customers, in effect at once and kept by every scan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from mdm.app.deed_effects import Members, effects_of, read_members
from mdm.app.explain_read import default_countries
from mdm.app.hand import Hand, saying
from mdm.app.overriding import take_back_number
from mdm.app.proposing import refuse_alone
from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName, format_master_id, parse_master_id
from mdm.steward import (
    Customers,
    Decision,
    Merged,
    Pair,
    Planned,
    Statement,
    hold,
    ordered,
    plan_merge,
    plan_move,
    plan_split,
    plan_unmerge,
    refuse_parted_pins,
    release,
    standing,
    standing_pins,
    tied,
)
from mdm.store import Doing, Footing, Journaled, Store

Plan = Callable[[Customers], Planned]


@dataclass(frozen=True, slots=True)
class _Act:
    """What is to be done: to which customers, how, and which pins turn with it."""

    concerns: tuple[str, ...]
    plan: Plan
    pinned: Mapping[RecordKey, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deeded:
    """A deed that was done: its number, the revision it made, the two customers and how many records each has now."""

    number: int
    revision: int
    planned: Planned
    records: Mapping[str, int]


def merge(hand: Hand, win: str, lose: str) -> Deeded:
    """Make two customers one: all records of `lose` go to `win`, and `lose` leads there from now on.

    Raises DecisionRefused, naming it, where something stands against it, and StoreRefused while a scan is at work.
    """
    win, lose = _id(win), _id(lose)
    refuse_alone(hand.project, hand.store, (win, lose))
    return _do(hand, _Act((win, lose), lambda customers: plan_merge(customers, win, lose)))


def split(hand: Hand, master_id: str, records: Sequence[RecordKey]) -> Deeded:
    """Make some records of a customer a customer of its own, with a new master id."""
    master_id = _id(master_id)
    plan_split(_customers(hand.store.footing([master_id])), master_id, [records], ["new"])  # before a number is used up
    fresh = format_master_id(hand.store.take_numbers(1))
    return _do(hand, _Act((master_id,), lambda customers: plan_split(customers, master_id, [records], [fresh])))


def move(hand: Hand, record: RecordKey, target: str) -> Deeded:
    """Give one record of a customer to another."""
    target, source = _id(target), _owner_of(hand.store, record)
    return _do(hand, _Act((source, target), lambda customers: plan_move(customers, record, target)))


def unmerge(hand: Hand, number: int) -> Deeded:
    """Take the merge of that number back: what it brought goes back to the id it had, and what came later stays."""
    return _do(hand, _unmerge(_journaled(hand.store, number, "merge")))


def undo(hand: Hand, number: int) -> Deeded | None:
    """Take back what has that number: a deed or an override at once, a decision or a pin with the next scan.

    Raises DecisionRefused when it does not stand any more. Returns what was done to customers, if anything was.
    """
    found = hand.store.get_statement(number)
    if found is None:
        raise DecisionRefused(f"Nobody made a decision {number}.", "Numbers are shown where a decision is made.")
    said = saying(hand.said, "withdrawn")
    if found.table == "deed":
        return _do(hand, _undo_deed(_journaled(hand.store, number)))
    if found.table == "decision":
        hand.store.supersede(
            number, "withdrawn", author=said.author, at=said.at, reason=said.reason, receipt=said.receipt
        )
    elif found.table == "proposal":
        hand.store.proposals.end(number, said)
    elif found.table == "pin":
        hand.store.withdraw_pin(number, said)
    else:
        take_back_number(hand, number)
    return None


def undoing_tells(hand: Hand, number: int) -> pl.DataFrame:
    """PUBLISH_CHANGES that taking back the deed of that number would leave to be sent; nothing is done."""
    act = _undo_deed(_journaled(hand.store, number))
    here = hand.store.footing(act.concerns)
    return effects_of(act.plan(_customers(here)), here, _members(hand, here), hand.project.rulebook).changes


def _undo_deed(done: Journaled) -> _Act:
    win, other = done.master_id, done.other_id
    if done.kind == "merge":
        return _unmerge(done)
    if done.kind == "move":
        record = done.moved[0]
        plan: Plan = lambda customers: plan_move(customers, record, win)  # noqa: E731 - one of four plans
        return _Act((other, win), lambda customers: replace(plan(customers), undoes=done.number))
    return _Act((win, other), lambda customers: replace(plan_merge(customers, win, other), undoes=done.number))


def _unmerge(done: Journaled) -> _Act:
    leading = [m["master_id"] for m in done.before.get("masters", ()) if m["into"] == done.other_id]
    merged = Merged(done.number, done.master_id, done.other_id, frozenset(done.moved), tuple(leading))
    pinned = {RecordKey(SystemName(p["system"]), p["key"]): p["master_id"] for p in done.before.get("pins", ())}
    return _Act((done.master_id, done.other_id), lambda customers: plan_unmerge(customers, merged), pinned)


def _owner_of(store: Store, record: RecordKey) -> str:
    """The customer of a record. Raises DecisionRefused where there is no such record."""
    owner = store.owner_of(record)
    if owner is None:
        raise DecisionRefused(f"There is no record {record}.", "A record is named SYSTEM:KEY, as in the crosswalk.")
    return owner


def _do(hand: Hand, act: _Act) -> Deeded:
    """Plan on the state of now, compute what follows, and write it if that state still stands."""
    project, store = hand.project, hand.store
    as_of = store.current_revision()
    here = store.footing(act.concerns, revision=as_of)
    planned = act.plan(_customers(here))
    turns = _turned_pins(planned, here, act.pinned)
    members = _members(hand, here)
    doing = Doing(
        kind=planned.kind,
        master_id=planned.master_id,
        other_id=planned.other_id,
        concerns=act.concerns,
        as_of=as_of,
        effects=effects_of(planned, here, members, project.rulebook),
        leave=lambda decisions, pins: _left(planned, here, decisions, (pins, turns)),
        basis=members.basis(),
        pins=turns,
        undoes=planned.undoes,
    )
    done = store.do_deed(doing, saying(hand.said, planned.kind))
    owners = {**_customers(here).members, **planned.owners}
    ids = (planned.master_id, planned.other_id)
    counts = {master_id: sum(owner == master_id for owner in owners.values()) for master_id in ids}
    return Deeded(done.number, done.revision, planned, counts)


def _members(hand: Hand, here: Footing) -> Members:
    return read_members(here, hand.project.rulebook, default_countries(hand.store, hand.project))


def _left(
    planned: Planned, here: Footing, decisions: pl.DataFrame, pins: tuple[pl.DataFrame, Mapping[RecordKey, str]]
) -> list[Statement]:
    """What the deed leaves said: its customers as they are, and kept from joining others by links alone."""
    known = standing(decisions)
    before, turns = pins
    kept = {r: replace(p, master_id=turns.get(r, p.master_id)) for r, p in standing_pins(before).items()}
    if planned.kind == "unmerge" and planned.undoes is not None:
        said = release(planned.parts, known, planned.undoes)
    else:
        said = hold(planned.parts, known)
    refuse_parted_pins(_customers_said(planned, known, said), kept)
    place = {r: at for at, part in enumerate(planned.parts) for group in part for r in group}
    spoken = {ordered(one, other) for _, one, other in said} | set(known)
    return [*said, *(("unsure", *pair) for pair in _linked(here) if _leads_out(pair, place) and pair not in spoken)]


def _customers_said(
    planned: Planned, known: Mapping[Pair, Decision], said: Sequence[Statement]
) -> list[set[RecordKey]]:
    """Each customer of the deed with all that matches tie to it once the deed is done."""
    spoken = {ordered(one, other) for _, one, other in said}
    ties = [pair for pair, d in known.items() if d.answer == "match" and pair not in spoken]
    ties += [ordered(one, other) for kind, one, other in said if kind == "match"]
    return [tied((r for group in part for r in group), ties) for part in planned.parts]


def _linked(here: Footing) -> list[tuple[RecordKey, RecordKey]]:
    return [
        (RecordKey(SystemName(system_l), key_l), RecordKey(SystemName(system_r), key_r))
        for system_l, key_l, system_r, key_r in here.links.iter_rows()
    ]


def _leads_out(pair: tuple[RecordKey, RecordKey], place: Mapping[RecordKey, int]) -> bool:
    """From a record of the deed to one it is not about."""
    return (pair[0] in place) != (pair[1] in place)


def _turned_pins(planned: Planned, here: Footing, pinned: Mapping[RecordKey, str]) -> dict[RecordKey, str]:
    """Pins that follow their records to another id: those of a merged id, and back. Any other refuses the deed.

    `pinned` is how records were pinned in the state that an unmerge restores.
    """
    ids = (planned.master_id, planned.other_id)
    turns = {}
    for record, pin in standing_pins(here.pins).items():
        to = planned.owners.get(record)
        if to is None or pin.master_id in (to, pinned.get(record)) or pin.master_id not in ids:
            continue
        if planned.kind != "merge" and pinned.get(record) != to:
            raise DecisionRefused(
                f"{record} cannot leave {pin.master_id}: {pin}.", f"Take it back: mdm undo {pin.number}"
            )
        turns[record] = to
    return turns


def _customers(here: Footing) -> Customers:
    members = here.members.select("system", "key", "master_id").iter_rows()
    states = here.masters.select("master_id", "state", "into").iter_rows()
    return Customers(
        {RecordKey(SystemName(system), key): master_id for system, key, master_id in members},
        {master_id: (state, into) for master_id, state, into in states},
    )


def _journaled(store: Store, number: int, kind: str = "") -> Journaled:
    done = store.get_deed(number)
    if done is None or (kind and done.kind != kind):
        raise DecisionRefused(f"There is no {kind or 'deed'} {number}.", "Its number was shown when it was done.")
    if done.undone_by is not None:
        raise DecisionRefused(f"Number {number} was taken back by number {done.undone_by}.", "Nothing was changed.")
    return done


def _id(text: str) -> str:
    return str(format_master_id(parse_master_id(text)))
