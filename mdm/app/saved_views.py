"""Views of the queue that people keep under a name, for themselves or for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from mdm.app.desk_part import DeskPart
from mdm.app.rights import Right, every_use_case_guarded, needs
from mdm.errors import SettingsInvalid
from mdm.report.visible import visible
from mdm.store import SavedView

LONGEST: Final = 60
MOST: Final = 100
"""Views that one person may keep."""


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class SavedViews(DeskPart):
    """The views that the caller sees. Everybody who may look keeps views; who may decide can share them."""

    @needs(Right.LOOK)
    def all(self) -> tuple[SavedView, ...]:
        """The own views and those that others share, the own ones first, each by name; texts as they were typed."""
        return self.store.views.seen_by(self.actor.name)

    @needs(Right.LOOK)
    def save(self, name: str, address: Mapping[str, str]) -> None:
        """Keep a view for the caller alone; one of the same name is replaced. Raises SettingsInvalid, saying why."""
        self._keep(name, address, shared=False)

    @needs(Right.DECIDE)
    def share(self, name: str, address: Mapping[str, str]) -> None:
        """Keep a view that everybody sees; only the caller can change or delete it."""
        self._keep(name, address, shared=True)

    @needs(Right.LOOK)
    def rename(self, name: str, to: str) -> None:
        """Give an own view another name. Raises SettingsInvalid where there is none, or one of that name already."""
        own = {view.name: view for view in self._own()}
        if name not in own:
            raise SettingsInvalid(f"You have no view {visible(name)}.", "Reload the page.")
        called = _name(to)
        if called in own and called != name:
            raise SettingsInvalid(f"You have a view {visible(called)} already.", "Choose another name.")
        if called != name:
            self.store.views.save(replace(own[name], name=called))
            self.store.views.delete(self.actor.name, name)

    @needs(Right.LOOK)
    def delete(self, name: str) -> None:
        """Forget an own view."""
        self.store.views.delete(self.actor.name, name)

    def _own(self) -> list[SavedView]:
        return [view for view in self.store.views.seen_by(self.actor.name) if view.owner == self.actor.name]

    def _keep(self, name: str, address: Mapping[str, str], *, shared: bool) -> None:
        called, own = _name(name), self._own()
        if len(own) >= MOST and all(view.name != called for view in own):
            raise SettingsInvalid(f"You keep {MOST} views; that is the most.", "Delete one that you do not need.")
        self.store.views.save(SavedView(self.actor.name, called, dict(address), shared))


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise SettingsInvalid("A view needs a name.", "Type one, such as: German firms, much at stake.")
    if len(name) > LONGEST:
        raise SettingsInvalid(f"The name has {len(name)} letters.", f"Use at most {LONGEST}.")
    return name
