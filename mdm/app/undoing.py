"""What an undo would publish: systems that were told something must be told otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from mdm.app import deeds, overriding
from mdm.app.hand import Hand
from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName
from mdm.report.visible import visible
from mdm.store import Statement

NEXT_SCAN: Final = (
    "With the next scan the records are put together as if nobody had decided, and systems are told what changes."
)


@dataclass(frozen=True, slots=True)
class UndoEffect:
    """What systems were told since a statement was made, and what they would be told if it were taken back.

    Without `told` nothing was published, and an undo leaves no trace outside.
    """

    told: tuple[str, ...]
    would: tuple[str, ...]


NOTHING_TOLD: Final = UndoEffect((), ())


def what_undo_publishes(hand: Hand, number: int) -> UndoEffect:
    """What taking back the statement of that number would publish; raises DecisionRefused where it does not stand."""
    found = hand.store.get_statement(number)
    if found is None:
        raise DecisionRefused(f"Nobody made a decision {number}.", "Numbers are shown where a decision is made.")
    letters = hand.store.outbox.told(_concerned(hand, found), found.rev)
    if letters.is_empty():
        return NOTHING_TOLD
    told = tuple(_letter(row) for row in letters.iter_rows(named=True))
    if found.table == "decision":
        return UndoEffect(told, (NEXT_SCAN,))
    changes = (deeds if found.table == "deed" else overriding).undoing_tells(hand, number)
    says = {
        (row["target"], row["record"], field["field"]): field["new"]
        for row in letters.iter_rows(named=True)
        for field in json.loads(row["fields"])
    }
    return UndoEffect(told, tuple(_change(row, says) for row in changes.iter_rows(named=True)))


def _concerned(hand: Hand, found: Statement) -> tuple[str, ...]:
    """The customers that a statement is about, by their ids of then and now; none of a pin."""
    if found.table == "deed":
        done = hand.store.get_deed(found.number)
        return (done.master_id, done.other_id) if done else ()
    if found.table == "override":
        return tuple(hand.store.read_overrides().filter(pl.col("id") == found.number)["master_id"])
    if found.table == "decision":
        row = hand.store.later_decisions(found.number - 1).row(0, named=True)
        ends = [RecordKey(SystemName(row[f"system_{side}"]), row[f"key_{side}"]) for side in "lr"]
        return tuple(owner for owner in map(hand.store.owner_of, ends) if owner)
    return ()


def _letter(row: dict[str, Any]) -> str:
    said = ", ".join(f"{field['field']} {field['new']}" for field in json.loads(row["fields"]))
    return visible(f"{row['target']} {row['record']}: {said} ({row['state']})")


def _change(row: dict[str, Any], says: Mapping[tuple[str, str, str], str]) -> str:
    """A change; what the system was told last is what it says now, whatever the last scan saw there."""
    old = says.get((row["target"], row["key"], row["field"]), row["old"]) or "(empty)"
    return visible(f"{row['target']} {row['key']}: {row['field']} {old} → {row['new']}")
