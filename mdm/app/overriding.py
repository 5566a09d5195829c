"""`mdm override`: a steward sets a golden value, in effect at once and kept by every scan."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from mdm.app.deed_effects import current_values
from mdm.app.explain_read import default_countries
from mdm.app.golden_values import checked_value, parse_field
from mdm.app.hand import Hand, saying
from mdm.app.overridden import overriding
from mdm.app.staging import CHANGE, RECORD
from mdm.errors import DecisionRefused
from mdm.publish import plan_publish
from mdm.records import CROSSWALK, PUBLISH_CHANGES, conform, format_master_id, parse_master_id
from mdm.standardise import standardise
from mdm.store import OVERRIDES, Effects, Footing, Overriding, difference, golden_rows, mapped_rows
from mdm.survive import choose_golden, override_values


@dataclass(frozen=True, slots=True)
class Overridden:
    """A golden value that a steward set or took back: the number of the decision, and the value before it.

    `at_once` is false where a scan is at work: then it is in effect with the next one.
    """

    number: int
    master_id: str
    attribute: str
    was: str | None
    at_once: bool = True


def override(hand: Hand, master_id: str, field: str, value: str) -> Overridden:
    """Set a golden value; the same value again is no second decision.

    Raises SettingsInvalid for a field or value that is none, and DecisionRefused where the id is not active.
    """
    attribute, here, as_of = _asked(hand, master_id, field)
    shown = _golden(here)
    wanted = checked_value(attribute, value, shown.get("country"), hand.project.rulebook.standardise)
    mine = here.overrides.filter(pl.col("attribute") == attribute)
    if mine.height and mine["value"][0] == wanted:
        if hand.said.receipt is not None:
            hand.store.keep_receipt(hand.said.receipt, mine["id"][0], hand.said.at)
        return Overridden(mine["id"][0], here.golden["master_id"][0], attribute, wanted)
    return _say(hand, (attribute, wanted), here, as_of)


def take_back(hand: Hand, master_id: str, field: str) -> Overridden:
    """Leave a golden value to the records again. Raises DecisionRefused where no steward set it."""
    attribute, here, as_of = _asked(hand, master_id, field)
    return _say(hand, (attribute, None), here, as_of)


def take_back_number(hand: Hand, number: int) -> Overridden:
    """Take back the override of that number. Raises DecisionRefused where it does not stand any more."""
    found = hand.store.read_overrides().filter(pl.col("id") == number)
    if found.is_empty():
        raise DecisionRefused(f"Override {number} does not stand any more.", "Look at the customer again.")
    return take_back(hand, found["master_id"][0], found["attribute"][0])


def undoing_tells(hand: Hand, number: int) -> pl.DataFrame:
    """PUBLISH_CHANGES that taking back the override of that number would leave to be sent; nothing is done."""
    found = hand.store.read_overrides().filter(pl.col("id") == number)
    if found.is_empty():
        raise DecisionRefused(f"Override {number} does not stand any more.", "Look at the customer again.")
    attribute, here, _ = _asked(hand, found["master_id"][0], found["attribute"][0])
    return _effects(hand, (attribute, None), here)(number).changes


def _asked(hand: Hand, master_id: str, field: str) -> tuple[str, Footing, int]:
    """The field, and the customer as it is now. Raises DecisionRefused for an id that is not active."""
    attribute, asked = parse_field(field), str(format_master_id(parse_master_id(master_id)))
    as_of = hand.store.current_revision()
    here = hand.store.footing([asked], revision=as_of)
    if here.golden.is_empty():
        found = hand.store.resolve(asked)
        leads = f"it leads to {found.active}" if found and found.active else "no customer has it"
        raise DecisionRefused(f"{asked} is not active: {leads}.", "Name the customer by the id that it has now.")
    return attribute, here, as_of


def _say(hand: Hand, told: tuple[str, str | None], here: Footing, as_of: int) -> Overridden:
    attribute, value = told
    master_id, was = here.golden["master_id"][0], _golden(here).get(attribute)
    doing = Overriding(
        master_id=master_id,
        attribute=attribute,
        value=value,
        was=was,
        as_of=as_of,
        effects=_effects(hand, (attribute, value), here),
    )
    done = hand.store.override_value(doing, saying(hand.said, "withdrawn" if value is None else "override"))
    return Overridden(done.number, master_id, attribute, was, at_once=done.at_once)


def _effects(hand: Hand, told: tuple[str, str | None], here: Footing) -> Callable[[int], Effects]:
    """What follows for the golden record and for what goes back; all but its number is known beforehand."""
    rulebook, crosswalk = hand.project.rulebook, here.members.select(list(CROSSWALK))
    mapped = mapped_rows(here.members.drop("master_id"))
    standard = standardise(mapped, rulebook.standardise, default_countries(hand.store, hand.project))
    chosen = choose_golden(crosswalk, mapped, standard, rulebook.survivorship)
    current, keys = current_values(here, mapped, rulebook), standard.select("rid", *RECORD)

    def effects(number: int) -> Effects:
        golden = override_values(chosen, overriding(_overrides(hand, told, here, number)))
        rows = golden_rows(golden.golden, golden.provenance, keys)
        changed, _ = difference(rows, here.golden.select("master_id", "row_hash"), key=["master_id"])
        changes = plan_publish(crosswalk, golden.golden, current, rulebook.publish)
        now, untold = difference(changes, here.changes, key=CHANGE)
        gone = conform(untold.join(here.changes, on=CHANGE), PUBLISH_CHANGES, "publish changes")
        return Effects(golden=changed, changes=now, changes_gone=gone)

    return effects


def _overrides(hand: Hand, told: tuple[str, str | None], here: Footing, number: int) -> pl.DataFrame:
    """The OVERRIDES of the customer once this is said."""
    attribute, value = told
    others = here.overrides.filter(pl.col("attribute") != attribute)
    if value is None:
        return others
    row = {"id": number, "master_id": here.golden["master_id"][0], "attribute": attribute, "value": value}
    row |= {"was": None, "author": hand.said.author, "at": hand.said.at}
    return pl.concat([others, pl.DataFrame([row], schema=dict(OVERRIDES))])


def _golden(here: Footing) -> dict[str, str]:
    """The golden values of the customer as they are now."""
    values: dict[str, str] = json.loads(here.golden["body"][0])
    return values
