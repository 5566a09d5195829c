"""What stewards decide and do: what follows from it, what contradicts it, and what it leaves said."""

from mdm.steward.accepting import judge
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
from mdm.steward.sampling import CONFIDENCE, Bound, bound, draw, sample_size

__all__ = [
    "CONFIDENCE",
    "UNDO_FIRST",
    "Answer",
    "Bound",
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
    "bound",
    "changes_since",
    "draw",
    "evidence_of",
    "hold",
    "judge",
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
    "sample_size",
    "standing",
    "standing_pins",
    "tied",
    "what_decides",
]
