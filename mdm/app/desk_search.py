"""What a search at the desk means: a master id old or new, the key of a record, or words of a name."""

from __future__ import annotations

from dataclasses import dataclass

from mdm.errors import SettingsInvalid
from mdm.records import format_master_id, parse_master_id
from mdm.report.visible import visible
from mdm.standardise import without_legal_form
from mdm.store import Resolved, Store


@dataclass(frozen=True, slots=True)
class Meant:
    """Words that must all be in the name or, with `ids`, customers; `told` says how a search that is no name was read.

    No customer has the empty id: it stands for a search that can find nothing.
    """

    words: str = ""
    ids: tuple[str, ...] = ()
    told: str = ""


def understand(store: Store, typed: str, systems: tuple[str, ...]) -> Meant:
    """What somebody looks for. A legal form does not narrow the search: each system writes its own."""
    text = typed.strip()
    if not text:
        return Meant()
    try:
        asked = str(format_master_id(parse_master_id(text)))
    except SettingsInvalid:
        return _of_record(store, text, systems) or Meant(without_legal_form(text))
    found = store.resolve(asked)
    if found is None:
        return Meant(ids=("",), told=f"No customer has ever had the id {asked}.")
    return Meant(ids=_led_to(found), told=tell_old(found))


def _of_record(store: Store, text: str, systems: tuple[str, ...]) -> Meant | None:
    system, colon, key = text.partition(":")
    named = bool(colon) and system in systems
    owners = store.find_owners(key, (system,)) if named else store.find_owners(text, systems)
    if not owners:
        return None
    return Meant(ids=owners, told=f"{visible(text)} is the key of a record.")


def _led_to(found: Resolved) -> tuple[str, ...]:
    if found.state == "active":
        return (found.master_id,)
    return tuple(s.master_id for s in found.successors) or ((found.active or ""),)


def tell_old(found: Resolved) -> str:
    """What became of an id that is no longer active; nothing for an active one."""
    mine = found.master_id
    others = [s.master_id for s in found.successors if s.master_id != found.active]
    also = f"; some of its records are at {', '.join(others)}" if others else ""
    told = {
        "merged": f"{mine} was merged into {found.active}{also}.",
        "split": f"{mine} was split up; most of its records are at {found.active}{also}.",
        "retired": f"{mine} was retired: none of its records is left.",
        "erased": f"{mine} was erased.",
    }
    return told.get(found.state, "")
