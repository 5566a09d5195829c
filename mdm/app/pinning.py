"""`mdm pin`: a record keeps a master id, whatever the next scan finds."""

from __future__ import annotations

import polars as pl

from mdm.app.hand import Hand, saying
from mdm.errors import DecisionRefused
from mdm.records import RecordKey, format_master_id, parse_master_id
from mdm.steward import UNDO_FIRST, named, ordered, standing, standing_pins, what_decides
from mdm.store import Pinning


def pin(hand: Hand, record: RecordKey, master_id: str) -> int:
    """Let a record keep an active master id from the next scan on; returns the number of the pin.

    Raises DecisionRefused where record or id is not there, and, naming both, where another pin contradicts it.
    """
    wanted = str(format_master_id(parse_master_id(master_id)))
    return hand.store.add_pin(record, wanted, saying(hand.said, "pin"), lambda case: _refuse(record, wanted, case))


def unpin(hand: Hand, record: RecordKey, master_id: str) -> int:
    """Take a pin back; returns the number of the statement that does. Raises DecisionRefused where none stands."""
    wanted = str(format_master_id(parse_master_id(master_id)))
    mine = (pl.col("system") == record.system) & (pl.col("key") == record.key) & (pl.col("master_id") == wanted)
    found = hand.store.read_pins().filter(mine)
    if found.is_empty():
        raise DecisionRefused(f"{record} is not pinned to {wanted}.", "Nothing was changed.")
    return hand.store.withdraw_pin(found["id"][0], saying(hand.said, "withdrawn"))


def _refuse(record: RecordKey, wanted: str, case: Pinning) -> None:
    """Raise DecisionRefused where the pin cannot hold: one customer has one id, and one id is of one customer."""
    if case.owner is None:
        raise DecisionRefused(f"There is no record {record}.", "A record is named SYSTEM:KEY, as in the crosswalk.")
    if case.state != "active":
        is_now = case.state or "unknown: it was never given out"
        raise DecisionRefused(f"{wanted} is {is_now}.", f"Pin to an active id; where one leads: mdm resolve {wanted}")
    mine, known = {RecordKey(system, key) for system, key in case.members.iter_rows()}, standing(case.decisions)
    for other in standing_pins(case.pins).values():
        if other.record == record:
            continue
        if other.record in mine and other.master_id != wanted:
            raise DecisionRefused(f"{record} cannot keep {wanted}, for one customer has one id: {other}.", UNDO_FIRST)
        if other.record not in mine and other.master_id == wanted:
            raise DecisionRefused(f"{record} cannot keep {wanted}, for it is of one customer: {other}.", UNDO_FIRST)
        chain = what_decides(*ordered(record, other.record), known)
        if chain and (other.master_id == wanted) == any(d.answer == "do_not_match" for d in chain):
            raise DecisionRefused(f"{record} cannot keep {wanted}: {other}; {named(chain)}.", UNDO_FIRST)
