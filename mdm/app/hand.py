"""Who acts on which project: what every deed and statement of a steward is done with."""

from __future__ import annotations

from dataclasses import dataclass

from mdm.app.project import Project
from mdm.steward import Said
from mdm.store import Saying, Store


@dataclass(frozen=True, slots=True)
class Hand:
    """A project at hand, and who acts."""

    project: Project
    store: Store
    said: Said


def saying(said: Said, kind: str) -> Saying:
    """What the store keeps of who said something of that kind."""
    return Saying(kind, said.author, said.at, said.reason.strip() or "no reason given", said.receipt)
