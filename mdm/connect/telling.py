"""Telling a target: plan on what it says, write only where that still holds, and believe what is read back.

Whatever the target answers, a record is confirmed when it says what it shall say, and only then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from mdm.connect.target import Answer, Order, Seen, Target, Values, Write
from mdm.errors import SystemSilent

Kind = Literal["ready", "confirmed", "conflict", "refused", "later", "silent"]

NOT_THERE = "The system has no such record."
NO_ANSWER = "The system gave no answer."

UNHEARD: Final[Mapping[str, Kind]] = {
    "refused": "refused",
    "moved": "conflict",
    "asks": "conflict",
    "later": "later",
    "silent": "silent",
}
"""What an answer means for a record that does not say what it shall say."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a record shall say; `known` has for each field the values that are no surprise there.

    Another one is a conflict for a person: somebody else wrote it.
    """

    fields: Mapping[str, str]
    known: Mapping[str, frozenset[str | None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order, in words; `says` and `token` are what the record said last.

    ready: nothing speaks against writing it. later: nothing took effect. silent: it may have taken effect.
    """

    kind: Kind
    told: str = ""
    says: Values = field(default_factory=dict)
    token: str = ""
    wait: float = 0.0


def plan(target: Target, wishes: Mapping[str, Wish]) -> dict[str, Outcome]:
    """What each record says now, and whether it may be told what is wished; nothing is written."""
    seen = target.read(list(wishes))
    return {record: _judge_plan(seen.get(record), wish) for record, wish in wishes.items()}


def apply(target: Target, orders: Sequence[Order]) -> dict[str, Outcome]:
    """Read, compare with the plan, write, read back. What a record says already is not written.

    Raises SystemRefused where the target refuses all of it; then an order may still have taken effect.
    """
    try:
        seen = target.read([order.record for order in orders])
    except SystemSilent as silent:
        return {order.record: Outcome("later", silent.what, wait=silent.wait) for order in orders}
    judged = {order.record: _judge(seen.get(order.record), order) for order in orders}
    writes = [Write(order, seen[order.record]) for order in orders if judged[order.record].kind == "ready"]
    return judged | _write(target, writes) if writes else judged


def _write(target: Target, writes: Sequence[Write]) -> dict[str, Outcome]:
    silence = Answer("silent", NO_ANSWER)
    try:
        answers = dict(target.write(writes))
    except SystemSilent as silent:
        silence = Answer("silent", silent.what, silent.wait)
        answers = {}
    said = {write.order.record: answers.get(write.order.record, silence) for write in writes}
    try:
        back = target.read(list(said))
    except SystemSilent as silent:
        return {record: _unread(answer, silent) for record, answer in said.items()}
    return {w.order.record: _judge_after(back.get(w.order.record), w.order, said[w.order.record]) for w in writes}


def _unread(answer: Answer, silent: SystemSilent) -> Outcome:
    """An answer that could not be checked: only a plain no is certain."""
    if answer.kind in ("refused", "later"):
        return Outcome("refused" if answer.kind == "refused" else "later", answer.told, wait=answer.wait)
    return Outcome("silent", silent.what, wait=max(answer.wait, silent.wait))


def _judge_plan(seen: Seen | None, wish: Wish) -> Outcome:
    if seen is None:
        return Outcome("refused", NOT_THERE)
    says = {name: blank(seen.values.get(name)) for name in wish.fields}
    if seen.problem:
        return Outcome("conflict", seen.problem, says, seen.token)
    if says == dict(wish.fields):
        return Outcome("confirmed", "", says, seen.token)
    strange = [name for name, value in says.items() if value not in {wish.fields[name], *wish.known[name]}]
    if strange:
        return Outcome("conflict", _surprise(says, strange), says, seen.token)
    return Outcome("ready", "", says, seen.token)


def _judge(seen: Seen | None, order: Order) -> Outcome:
    """Whether the order may be written on what its record says."""
    expected = {name: order.ours.get(name, frozenset()) | {order.expects.get(name)} for name in order.fields}
    judged = _judge_plan(seen, Wish(order.fields, expected))
    as_planned = all(judged.says.get(name) == order.expects.get(name) for name in order.fields)
    # Where the record says another value of ours, we moved its state ourselves.
    if judged.kind == "ready" and as_planned and order.token and judged.token != order.token:
        return Outcome("conflict", "The record was changed since the plan was made.", judged.says, judged.token)
    return judged


def _judge_after(seen: Seen | None, order: Order, answer: Answer) -> Outcome:
    """What the record says when it is read back decides; the answer only explains what it does not say."""
    if seen is None:
        return Outcome("refused", NOT_THERE)
    says = {name: blank(seen.values.get(name)) for name in order.fields}
    if seen.problem:
        return Outcome("conflict", seen.problem, says, seen.token)
    if says == dict(order.fields):
        return Outcome("confirmed", "", says, seen.token)
    if answer.kind == "done":
        return Outcome("refused", f"The system said yes and kept {_spell(says)}.", says, seen.token)
    told = answer.told or (_surprise(says, list(says)) if answer.kind == "moved" else "")
    return Outcome(UNHEARD[answer.kind], told, says, seen.token, answer.wait)


def blank(value: str | None) -> str | None:
    """A value without blanks around it; what holds nothing else is none."""
    return (value or "").strip() or None


def _surprise(says: Values, names: Sequence[str]) -> str:
    return f"The system says {_spell({name: says[name] for name in names})}, which is not what the plan rests on."


def _spell(says: Values) -> str:
    return ", ".join(f"{name} {'is empty' if value is None else value!r}" for name, value in says.items())
