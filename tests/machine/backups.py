"""Rules of backups: taken, and put back over the store or after it was lost."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, precondition, rule

from tests.machine.history import History
from tests.machine.model import Model
from tests.machine.product import PowerCut


class Backups(History):
    backups = Bundle("backups")

    @precondition(lambda self: self.model.scans and self.taken < 3)
    @rule(target=backups)
    def back_up(self) -> tuple[Path, Model]:
        self.taken += 1
        path = self.product.folder / f"backup-{self.taken}.zip"
        self.product.store.back_up(path, self.now())
        return path, copy.deepcopy(self.model)

    @rule(backup=backups, lost=st.booleans(), pulse=st.sampled_from([-1, -1, 1, 2]))
    def restore(self, backup: tuple[Path, Model], *, lost: bool, pulse: int) -> None:
        """I29: what the backup knew stands again, and no number that anybody knows is given out again."""
        path, then = backup
        used = then.burnt if lost else self.product.store.last_issued()
        anchor = json.loads((self.product.folder / "audit" / "anchor.json").read_text())
        self.power.fuse = pulse
        try:
            self.product.restore(path, self.now(), lost=lost)
        except PowerCut:
            self.product.reboot()
            if pulse == 1 and not lost:
                self.touched = True
                self.state += 1  # no customer is another, but the plan that waited is gone (mdm.app.backup)
                return
            if pulse == 1:
                self.product.restore(path, self.now(), lost=False)
        self.power.fuse = -1
        store = self.product.store
        assert store.last_issued() >= max(used, anchor["highest_id"])
        told = max([self.model.ever.get(value, 0) for value in self.world.told.values()], default=0)
        self.model.restored(then, store.current_revision(), store.last_issued(), told)
        self.known_to_scan, self.stale, self.touched = -1, True, True
        self.settled = self.looked_at = None
        self.effects.clear()
        self.state += 1
