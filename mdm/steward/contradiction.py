"""What cannot be true at once: a decision is refused when it contradicts what stands, naming both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName
from mdm.steward.decisions import UNDO_FIRST, Answer, Decision, Pair, named, reached


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin that stands: the record keeps the master id."""

    number: int
    record: RecordKey
    master_id: str
    author: str
    at: str

    def __str__(self) -> str:
        return f"{self.author} pinned {self.record} to {self.master_id} on {self.at} (decision {self.number})"


def standing_pins(pins: pl.DataFrame) -> dict[RecordKey, Pin]:
    """The pins that stand, by their record. `pins` has id, system, key, master_id, author and at."""
    found = {}
    for row in pins.iter_rows(named=True):
        record = RecordKey(SystemName(row["system"]), row["key"])
        found[record] = Pin(row["id"], record, row["master_id"], row["author"], row["at"])
    return found


def refuse_contradiction(
    answer: Answer, pair: Pair, known: Mapping[Pair, Decision], pins: Mapping[RecordKey, Pin]
) -> None:
    """Raise DecisionRefused when the answer cannot be true beside the decisions and pins that stand.

    If A matches B and B matches C, then A and C cannot be told apart: the next scan could not keep all three. Two
    records that are one customer cannot keep two ids, and two that are not cannot both keep the same. `unsure`
    contradicts nothing. A decision on the pair itself is none of those that are asked.
    """
    if answer == "unsure":
        return
    left, right = pair
    others = [d for p, d in known.items() if p != pair]
    matches = [d for d in others if d.answer == "match"]
    mine = reached(left, matches)
    if answer == "do_not_match":
        if right in mine:
            raise DecisionRefused(f"{left} and {right} are one customer already: {named(mine[right])}.", UNDO_FIRST)
        _refuse_one_id_twice([mine, reached(right, matches)], pins)
        return
    yours = reached(right, matches)
    for d in others:
        across = (d.left in mine and d.right in yours) or (d.left in yours and d.right in mine)
        if d.answer == "do_not_match" and across:
            raise DecisionRefused(f"{left} and {right} cannot be one customer: {named((d,))}.", UNDO_FIRST)
    refuse_two_ids([*mine, *yours], pins)


def refuse_two_ids(records: Iterable[RecordKey], pins: Mapping[RecordKey, Pin]) -> None:
    """Raise DecisionRefused when records that are one customer are pinned to two master ids."""
    mine = sorted({pins[r] for r in records if r in pins}, key=lambda pin: pin.number)
    if len({pin.master_id for pin in mine}) > 1:
        other = next(pin for pin in mine if pin.master_id != mine[0].master_id)
        raise DecisionRefused(f"One customer cannot keep two master ids: {mine[0]}; {other}.", UNDO_FIRST)


def _refuse_one_id_twice(parts: Iterable[Iterable[RecordKey]], pins: Mapping[RecordKey, Pin]) -> None:
    """Raise DecisionRefused when records of two different customers are pinned to one master id."""
    first: dict[str, tuple[int, Pin]] = {}
    for number, part in enumerate(parts):
        for pin in (pins[r] for r in sorted(part) if r in pins):
            before = first.setdefault(pin.master_id, (number, pin))
            if before[0] != number:
                raise DecisionRefused(f"Two customers cannot keep one master id: {before[1]}; {pin}.", UNDO_FIRST)


def refuse_parted_pins(parts: Iterable[Iterable[RecordKey]], pins: Mapping[RecordKey, Pin]) -> None:
    """Raise DecisionRefused when the parts, each one customer, cannot all keep what their records are pinned to."""
    listed = [list(part) for part in parts]
    for part in listed:
        refuse_two_ids(part, pins)
    _refuse_one_id_twice(listed, pins)
