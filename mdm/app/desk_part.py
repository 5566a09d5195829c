"""What every part of the desk with a page of its own has: the project, its store, who calls, and the door they pass."""

from __future__ import annotations

from dataclasses import dataclass

from mdm.app.actor import Actor
from mdm.app.door import Door
from mdm.app.project import Project
from mdm.app.rights import Right
from mdm.store import Store


@dataclass(frozen=True, slots=True)
class DeskPart:
    """A part of the desk, for one caller. All texts that it gives out are ready to be shown as plain text."""

    project: Project
    store: Store
    door: Door
    actor: Actor

    def admit(self, right: Right) -> None:
        """Raise NotAllowed unless the caller has the right, now."""
        self.door.admit(self.actor, right)
