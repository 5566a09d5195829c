"""Who calls the desk: coming in, going, and what is the same for every use case of a caller."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from mdm.app.actor import Actor
from mdm.app.desk_known import DeskKnowledge
from mdm.app.desk_part import DeskPart
from mdm.app.door import Door
from mdm.app.hand import Hand
from mdm.app.project import Project
from mdm.app.rights import Right, every_use_case_guarded
from mdm.settings import SignIn
from mdm.steward import Said
from mdm.store import Store

Part = TypeVar("Part", bound=DeskPart)


@every_use_case_guarded(besides=frozenset({"admit", "called_by", "close", "enter", "leave"}))
class DeskCaller:
    """One project and whoever calls its desk. What was read is shared by all callers."""

    def __init__(self, project: Project, store: Store, actor: Actor, sign_in: SignIn | None = None) -> None:
        self.project = project
        self.actor = actor
        self.sign_in = sign_in
        self._store = store
        self._door = Door(store.access, sign_in)
        self._knows = DeskKnowledge(project, store)

    @property
    def store_id(self) -> str:
        """What tells this project's store from every other."""
        return self._store.store_id

    def close(self) -> None:
        self._store.close()

    def called_by(self, actor: Actor) -> Self:
        """The same desk for another caller; what was read is shared."""
        other = copy.copy(self)
        other.actor = actor
        return other

    def enter(self, claims: Mapping[str, Any]) -> Actor:
        """Whoever has signed in, by what the provider says of them; raises what `Door.enter` raises."""
        return self._door.enter(claims)

    def leave(self) -> None:
        """End the caller's session for good."""
        self._door.leave(self.actor)

    def admit(self, right: Right) -> None:
        """Raise NotAllowed unless the caller has the right, now."""
        self._door.admit(self.actor, right)

    @property
    def _sees_personal(self) -> bool:
        return self._door.may(self.actor, Right.SEE_PERSONAL)

    def _part(self, kind: type[Part]) -> Part:
        return kind(self.project, self._store, self._door, self.actor)

    def _hand(self, said: Said) -> Hand:
        return Hand(self.project, self._store, self.actor, said)
