"""What a system can do for us as a target: say what it knows of some records, and take other values for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Values = Mapping[str, str | None]
"""Fields of one record with what they say; None for an empty one."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a record of a target shall say in some fields, and the state it must still be in for that.

    `expects` and `token` are what was read for the plan; an empty token says nothing. `ours` are further values that
    are no surprise, because we wrote them since. `version` counts what the record was told.
    """

    record: str
    fields: Mapping[str, str]
    expects: Values
    token: str = ""
    ours: Mapping[str, frozenset[str | None]] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a record says now; `token` is its state in the system's own words, if it has any.

    `problem` says why it cannot be told anything, such as that its key stands twice.
    """

    values: Values
    token: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the system said to one write. It is no proof: the record is read back whatever is said.

    done: yes. refused: no, and it will not change its mind. moved: the record is not in the state that was read.
    asks: it warns, or takes the record for a duplicate, and wants a person's word; nothing took effect.
    later: come back after `wait` seconds; nothing took effect. silent: nobody knows whether it took effect.
    """

    kind: Literal["done", "refused", "moved", "asks", "later", "silent"]
    told: str = ""
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Write:
    """An order with what its record said just before."""

    order: Order
    seen: Seen = field(default_factory=lambda: Seen({}))


class Target(Protocol):
    """A system that is told things. It writes the fields that it was opened with, and has no way to write others."""

    @property
    def most(self) -> int:
        """How many records one call may name."""
        ...

    def check(self) -> str:
        """What is connected, in words without a secret.

        Raises SystemRefused where it could not be told anything: a field that is missing or may not be written.
        """
        ...

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        """What these records say; those that are not there are left out."""
        ...

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        """Write each where its record is still as it was seen; an answer for each record.

        A record for which no answer came may have been written. So may all, where SystemSilent is raised.
        """
        ...
