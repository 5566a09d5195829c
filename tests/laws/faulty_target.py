"""A system that fails in every way there is, as often as it is told to, and keeps a log of what took effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mdm.connect.target import Answer, Seen, Write
from mdm.errors import SystemRefused, SystemSilent

READ_FAULTS = ("silent", "crash")
WRITE_FAULTS = (
    "crash before",
    "crash after",
    "silent before",
    "silent after",
    "takes effect later",
    "later",
    "refused",
    "asks",
    "ignored",
    "stranger",
    "login page",
)
FAULTS = ("no fault", *(f"read: {name}" for name in READ_FAULTS), *WRITE_FAULTS)


class Crash(BaseException):
    """The publisher dies here: nothing of its own runs any more."""


@dataclass
class Faulty:
    """Records that say one field. The next call takes the next fault; without any left, it is a system as it should be.

    Like a database it writes only where a record still says what was read; a write that takes effect later does too.
    """

    says: dict[str, str | None]
    faults: list[str] = field(default_factory=list)
    log: list[tuple[str, str]] = field(default_factory=list)
    on_its_way: list[Write] = field(default_factory=list)
    strangers: int = 0
    most: int = 2

    def check(self) -> str:
        return "a faulty system"

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        fault = self._next("read: ")
        if fault == "read: crash":
            raise Crash
        if fault == "read: silent":
            raise SystemSilent("no answer")
        return {record: Seen({"MDM_ID": self.says[record]}) for record in records if record in self.says}

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        return {write.order.record: self._write_one(write) for write in writes}

    def arrive(self) -> None:
        """What was on its way takes effect."""
        while self.on_its_way:
            self._effect(self.on_its_way.pop(0))

    def _next(self, kind: str) -> str:
        """The next fault, if it is of that kind of call."""
        if self.faults and self.faults[0].startswith("read: ") == (kind == "read: "):
            return self.faults.pop(0)
        if self.faults and self.faults[0] == "no fault":
            self.faults.pop(0)
        return ""

    def _write_one(self, write: Write) -> Answer:
        fault = self._next("")
        if fault == "crash before":
            raise Crash
        if fault in ("silent before", "takes effect later"):
            self.on_its_way += [write] if fault == "takes effect later" else []
            raise SystemSilent("no answer")
        if fault == "login page":
            raise SystemRefused("a page, and no answer")
        if fault in ("later", "refused", "asks"):
            return Answer(fault, fault, 7.0)  # type: ignore[arg-type]  # the fault has the name of the answer
        if fault == "stranger":
            self.strangers += 1
            self.says[write.order.record] = f"stranger {self.strangers}"
        took = True if fault == "ignored" else self._effect(write)
        if fault == "crash after":
            raise Crash
        if fault == "silent after":
            raise SystemSilent("no answer")
        return Answer("done" if took else "moved")

    def _effect(self, write: Write) -> bool:
        record, new = write.order.record, write.order.fields["MDM_ID"]
        if self.says[record] != write.seen.values["MDM_ID"]:
            return False
        self.says[record] = new
        self.log.append((record, new))
        return True
