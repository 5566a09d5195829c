"""Why strong evidence did not join two records, in words: what stands against it, by what was found of the pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mdm.app.desk_links import Link

OF_A_FIRM: Final = frozenset({"other name", "telephone", "web site", "e-mail", "tax or register number"})
"""What tells one tenant of a house from another."""

OTHER_NUMBER: Final = "a number in one name only"
NUMBER: Final = "identity or tax number"
PARENT: Final = "one is the parent of the other"
SISTERS: Final = "their names name two firms of one group, or one is the parent of the other"
TWO_NAMES: Final = "their given names are two names, and members of a household share the rest"


def held_back_by(link: Link) -> str:
    """Why strong evidence was not enough."""
    found = {b.comparison: b.finding for b in link.bars}
    if not found:
        return "something speaks against it that today's match model cannot tell any more"
    if "conflict" in found.values():
        return "their valid numbers contradict"
    persons = "given name" in found or "family name" in found
    told = _two_persons(found) if persons else _two_tenants(found)
    if told:
        return told
    sisters = not persons and not found.get("name", "the same").startswith("the same")
    return SISTERS if sisters and not _agrees(found, "tax or register number") else PARENT


def _two_persons(found: Mapping[str, str]) -> str:
    """What holds two persons apart, in the order in which it is plain; empty where a number of theirs agrees."""
    if _agrees(found, NUMBER):
        return ""
    if found.get("junior or senior") == "different":
        return "one is the elder and one the younger of that name"
    if found.get("given name") == "different":
        return TWO_NAMES
    if found.get("birth date") == "different":
        return "they were born on different days, and namesakes of a family share the rest"
    if not any(_agrees(found, name) for name in ("birth date", "address", "telephone", "e-mail", "other name")):
        return "nothing but their names agrees, and others have these too"
    return TWO_NAMES if found.get("given name") == "alike" else ""


def _two_tenants(found: Mapping[str, str]) -> str:
    if found.get("name", "").startswith("different") and not any(_agrees(found, name) for name in OF_A_FIRM):
        return "their names are different and only the place agrees"
    return "their names differ by a number" if found.get("numbers") == OTHER_NUMBER else ""


def _agrees(found: Mapping[str, str], name: str) -> bool:
    """Whether the comparison was made and something of it agrees; the same region does not."""
    finding = found.get(name, "different")
    return not finding.startswith(("different", "no ", "the same region"))
