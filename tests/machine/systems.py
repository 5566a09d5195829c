"""The systems outside as targets: they fail in every way there is, and keep a log of what took effect in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mdm.connect.target import Answer, Seen, Write
from mdm.errors import SystemSilent
from tests.machine.world import Place, World

FAULTS: Final = ("", "", "", "read", "dropped", "lost", "refused", "later", "ignored")
"""A read without an answer; a write dropped before it, or answered by nobody after it; and answers that are no yes."""


@dataclass
class System:
    """One system of the world. The next call takes the next fault; without any left it is as it should be."""

    name: str
    world: World
    faults: list[str]
    effects: dict[Place, list[str]] = field(default_factory=dict)
    most: int = 2

    def check(self) -> str:
        return "a system of the world"

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        if self.faults[:1] == ["read"]:
            self.faults.pop(0)
            raise SystemSilent("no answer")
        told = self.world.told
        return {
            key: Seen({name: value for (s, k, name), value in told.items() if (s, k) == (self.name, key)})
            for key in records
            if (self.name, key) in self.world.extract
        }

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        return {write.order.record: self._write(write) for write in writes}

    def _write(self, write: Write) -> Answer:
        fault = self.faults.pop(0) if self.faults and self.faults[0] != "read" else ""
        if fault == "dropped":
            raise SystemSilent("no answer")
        if fault in ("refused", "later"):
            return Answer("later" if fault == "later" else "refused", fault, 7.0)
        if fault != "ignored":
            for name, new in write.order.fields.items():
                place = (self.name, write.order.record, name)
                if self.world.told.get(place) != new:
                    self.world.told[place] = new
                    self.effects.setdefault(place, []).append(new)
        if fault == "lost":
            raise SystemSilent("no answer")
        return Answer("done")
