"""Publishing at the desk: how far each system has come, what it says and would be told, and the steps towards that."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mdm.app.desk_part import DeskPart
from mdm.app.duplicates import find_duplicates, tell_merging
from mdm.app.publishing import Published, Publisher, Step, publish, sendable
from mdm.app.rights import Right, every_use_case_guarded, needs
from mdm.connect import blank
from mdm.report.visible import visible
from mdm.rulebook import TargetRules
from mdm.store import State

KINDS: Final[Mapping[str, str]] = {
    "sql": "a table of a database",
    "files": "numbered files",
    "tryton": "Tryton",
    "sap_odata": "SAP S/4HANA",
    "salesforce": "Salesforce",
    "webhook": "a webhook",
}
STATES: Final = tuple(state.value for state in State)


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A system that is told things: what it is, its letters by state, and when the next that waits is due."""

    system: str
    kind: str
    letters: Mapping[str, int]
    next_try: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a record: what it says, as far as that was read, and what it shall say."""

    field: str
    says: str
    shall: str


@dataclass(frozen=True, slots=True)
class LetterLine:
    """What one record of a system shall say. All texts are ready to be shown as plain text."""

    record: str
    master_id: str
    state: str
    changes: tuple[FieldChange, ...]
    cause: str
    attempts: int
    at: str


@dataclass(frozen=True, slots=True)
class DuplicateLine:
    """A record that repeats another one of its system, which is suggested to stay. All texts are ready to be shown."""

    keep: str
    merge: str
    why: str
    master_id: str


@dataclass(frozen=True, slots=True)
class DuplicateList:
    """The first records of a system that repeat others of it, how many there are, and what its users can do there."""

    lines: tuple[DuplicateLine, ...]
    total: int
    told: str


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class PublishingDesk(DeskPart):
    """The outbox of a project, open for looking and for the steps that `mdm publish` has, for one caller."""

    env: Mapping[str, str] = field(repr=False)

    @needs(Right.DECIDE)
    def targets(self) -> tuple[TargetLine, ...]:
        """The systems with a connector, by name."""
        counts = self.store.outbox.counts()
        lines = []
        for rules in self._connected():
            mine = counts.filter(counts["target"] == str(rules.system))
            due = min((moment for moment in mine["next_at"] if moment), default="")
            kind = KINDS.get(rules.connector.type, "") if rules.connector else ""
            lines.append(
                TargetLine(visible(str(rules.system)), kind, dict(mine.select("state", "rows").iter_rows()), due)
            )
        return tuple(lines)

    @needs(Right.DECIDE)
    def letters(self, system: str, states: Sequence[str], most: int) -> tuple[LetterLine, ...]:
        """The first letters of a system in these states, oldest first."""
        listed = self.store.outbox.list_letters(system, [State(state) for state in states], most)
        return tuple(_line(row) for row in listed.iter_rows(named=True))

    @needs(Right.DECIDE)
    def duplicates(self, system: str, most: int) -> DuplicateList:
        """What the users of a system could merge there themselves; reads its whole crosswalk."""
        (found,) = find_duplicates(self.store, self.project, system)
        rows = found.rows.select("keep", "merge", "why", "master_id").head(most).iter_rows()
        return DuplicateList(
            tuple(DuplicateLine(*map(visible, row)) for row in rows),
            found.rows.height,
            visible(tell_merging(found.merging)),
        )

    @needs(Right.DECIDE)
    def act(self, system: str, steps: frozenset[Step], clock: Callable[[], str]) -> Published:
        """Read one system and plan, and take the further steps; raises SettingsInvalid for one without a connector, and
        NotAllowed for a further step where the caller may not approve.

        What stopped it is in what is returned, as it is for `mdm publish`.
        """
        chosen = sendable(self.project, system)
        publisher = Publisher(self.project, self.store, self.env, self.actor, clock)
        return publish(publisher, chosen, steps)

    def _connected(self) -> list[TargetRules]:
        return [rules for rules in self.project.rulebook.publish.targets if rules.connector is not None]


def _line(row: Mapping[str, str]) -> LetterLine:
    says = json.loads(row["expects"] or "{}")
    changes = tuple(
        FieldChange(
            visible(said["field"]),
            visible(blank(says.get(said["field"], said["old"])) or ""),
            visible(said["new"]),
        )
        for said in json.loads(row["fields"])
    )
    return LetterLine(
        visible(row["record"]),
        row["master_id"],
        row["state"],
        changes,
        visible(row["cause"]),
        int(row["attempts"]),
        row["changed_at"],
    )
