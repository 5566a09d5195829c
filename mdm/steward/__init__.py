"""What stewards decide and do: what follows from it, what contradicts it, and what it leaves said."""

from mdm.steward.contradiction import Pin, refuse_contradiction, refuse_parted_pins, refuse_two_ids, standing_pins
from mdm.steward.decisions import (
    UNDO_FIRST,
    Answer,
    Decision,
    Pair,
    Said,
    named,
    ordered,
    standing,
    tied,
    what_decides,
)
from mdm.steward.deeds import Customers, Merged, Planned, plan_merge, plan_move, plan_split, plan_unmerge
from mdm.steward.evidence import Change, Evidence, changes_since, evidence_of
from mdm.steward.parting import Statement, hold, release

__all__ = [
    "UNDO_FIRST",
    "Answer",
    "Change",
    "Customers",
    "Decision",
    "Evidence",
    "Merged",
    "Pair",
    "Pin",
    "Planned",
    "Said",
    "Statement",
    "changes_since",
    "evidence_of",
    "hold",
    "named",
    "ordered",
    "plan_merge",
    "plan_move",
    "plan_split",
    "plan_unmerge",
    "refuse_contradiction",
    "refuse_parted_pins",
    "refuse_two_ids",
    "release",
    "standing",
    "standing_pins",
    "tied",
    "what_decides",
]
