"""The admin's use cases at the desk: users and their roles, who is signed in, the sources, the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from mdm.app.audit import audit_table, list_audit
from mdm.app.desk_part import DeskPart
from mdm.app.rights import ROLES, Right, every_use_case_guarded, needs
from mdm.app.users import give_role, list_users, take_role
from mdm.report.visible import visible
from mdm.rulebook import SourceRules
from mdm.rulebook.connector import SqlConnector
from mdm.rulebook.http_connector import ODataConnector, SalesforceConnector
from mdm.rulebook.rest_connector import RestConnector
from mdm.store import Session, User

RECENT: Final = 15
"""Scans by which the usual time between them is told."""

FEWEST: Final = 3
"""Times between scans that say something."""

BY_HAND: Final = timedelta(minutes=10)
"""Scans that follow each other more quickly were started by hand."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source system as its rules describe it, never with a password, and what the last scan read of it."""

    system: str
    kind: str
    place: str
    records: int
    scanned_at: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How far the last scans lie apart, the middle of them, and how long ago the last one was.

    `is_late` where scans that came by the clock have stayed out for more than twice as long.
    """

    usual: timedelta
    since: timedelta
    is_late: bool


@dataclass(frozen=True, slots=True)
class AuditSought:
    """Which rows of the audit are wanted: from a day or time on, by that actor, about that subject; empty for all."""

    since: str = ""
    actor: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A row of the audit in words."""

    seq: str
    at: str
    actor: str
    did: str
    subject: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The latest rows that fit, latest first, of `total`."""

    rows: tuple[AuditLine, ...]
    total: int


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class AdminDesk(DeskPart):
    """The admin's part of the desk, for one caller. All texts it gives out are ready to be shown as plain text."""

    @needs(Right.ADMINISTER)
    def users(self) -> tuple[User, ...]:
        """Every user with a role, by name."""
        return list_users(self.store.access, self.actor)

    @needs(Right.ADMINISTER)
    def roles(self) -> tuple[str, ...]:
        """The roles there are, the least first."""
        return ROLES

    @needs(Right.ADMINISTER)
    def give(self, name: str, role: str) -> str:
        """Give a user a role; raises what `users.give_role` raises. Returns the name as it is kept."""
        return give_role(self.store.access, self.actor, (name, role), self._at())[0]

    @needs(Right.ADMINISTER)
    def take(self, name: str) -> None:
        """Take a user's role; raises what `users.take_role` raises."""
        take_role(self.store.access, self.actor, name, self._at())

    @needs(Right.ADMINISTER)
    def signed_in(self) -> tuple[Session, ...]:
        """The sessions that are open now, the latest first."""
        if self.door.rules is None:
            return ()
        return self.store.access.open_sessions((self.door.clock() - self.door.rules.idle).isoformat())

    @needs(Right.ADMINISTER)
    def sources(self) -> tuple[SourceLine, ...]:
        """The source systems in the order of their names."""
        run = self.store.last_run()
        read = {s["system"]: int(s["records"]) for s in (run.counts.get("systems", ()) if run else ())}
        finished = run.finished_at if run else ""
        return tuple(
            SourceLine(
                str(rules.system),
                rules.connector.type if rules.connector else "file",
                visible(_place(rules)),
                read.get(str(rules.system), 0),
                finished,
            )
            for rules in self.project.rulebook.sources
        )

    @needs(Right.ADMINISTER)
    def rhythm(self) -> Rhythm:
        """When scans ran, as far as the log says."""
        return rhythm_of([datetime.fromisoformat(run.finished_at) for run in self.store.runs()], self.door.clock())

    @needs(Right.ADMINISTER)
    def audit(self, sought: AuditSought, limit: int) -> AuditPage:
        """The latest rows of the audit that fit. Raises SettingsInvalid for a moment that is none."""
        rows = list_audit(self.store, since=sought.since, subject=sought.subject)
        mine = [row for row in rows if sought.actor in ("", row["actor"])]
        table = audit_table(mine[: -limit - 1 : -1])
        lines = tuple(AuditLine(*map(visible, row)) for row in table.iter_rows())
        return AuditPage(lines, len(mine))

    def _at(self) -> str:
        return self.door.clock().isoformat()


def rhythm_of(ends: Sequence[datetime], now: datetime) -> Rhythm:
    """By the moments at which scans ended, in any order."""
    last = sorted(ends)[-RECENT:]
    gaps = sorted(later - earlier for earlier, later in pairwise(last))
    usual = gaps[len(gaps) // 2] if gaps else timedelta()
    since = now - last[-1] if last else timedelta()
    return Rhythm(usual, since, is_late=len(gaps) >= FEWEST and usual > BY_HAND and since > 2 * usual)


def _place(rules: SourceRules) -> str:
    """What is read there: a table, an entity set, an object or a file; never an address, which may hold a password."""
    match rules.connector:
        case SqlConnector():
            return rules.connector.table
        case ODataConnector():
            return rules.connector.entity
        case SalesforceConnector() | RestConnector():
            return rules.connector.object
    return str(rules.path)
