"""Who acts on which project: what every deed and statement of a steward is done with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mdm.app.actor import Actor
from mdm.app.project import Project
from mdm.app.rights import Right, permit
from mdm.steward import Said
from mdm.store import Saying, Store


@dataclass(frozen=True, slots=True)
class Hand:
    """A project at hand, and who acts. Only who may decide has one: raises NotAllowed for anybody else."""

    project: Project
    store: Store
    actor: Actor
    said: Said

    def __post_init__(self) -> None:
        permit(self.actor, Right.DECIDE)
        # Whoever acts is who has said it; a caller cannot speak for another.
        object.__setattr__(self, "said", replace(self.said, author=self.actor.name))


def saying(said: Said, kind: str) -> Saying:
    """What the store keeps of who said something of that kind."""
    return Saying(kind, said.author, said.at, said.reason.strip() or "no reason given", said.receipt)
