"""`mdm resolve`: where a master id leads, now or on a past day, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from mdm.app.id_history import moment_of, tell_event
from mdm.app.moments import parse_moment
from mdm.errors import SettingsInvalid
from mdm.records import format_master_id, parse_master_id
from mdm.store import Resolved, Run, Store


@dataclass(frozen=True, slots=True)
class IdEvent:
    """Something that happened to an id: when, and with which revision, made by a run or by a steward's deed."""

    at: str
    revision: int
    kind: str
    from_id: str | None
    to_id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ResolvedId:
    """Where an id led at `revision`, and its history, oldest first, beginning with the run that gave it out."""

    resolved: Resolved
    revision: int
    events: tuple[IdEvent, ...]

    def as_plain(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "master_id": self.resolved.master_id,
            "state": self.resolved.state,
            "active": self.resolved.active,
            "successors": [asdict(s) for s in self.resolved.successors],
            "revision": self.revision,
            "events": [asdict(e) for e in self.events],
        }


def resolve_master_id(store: Store, typed: str, as_of: str = "") -> ResolvedId:
    """Where an id, as typed, leads now, or led at the end of a day or at a time (ISO text).

    Raises SettingsInvalid for what is no id, for one that is mistyped, and for one that was not given out (by then).
    """
    known = str(format_master_id(parse_master_id(typed)))
    revision = store.revision_at(parse_moment(as_of)) if as_of else store.current_revision()
    found = store.resolve(known, revision=revision)
    if found is None:
        if as_of and store.resolve(known) is not None:
            raise SettingsInvalid(f"{known} was not given out before {as_of}.", "Ask for a later day.")
        raise SettingsInvalid(f"No customer has ever had the id {known}.", "Check that it belongs to this project.")
    runs, deeds = store.runs(revision=revision), store.read_deeds(revision=revision)
    return ResolvedId(found, revision, _events(found, runs, deeds))


def _events(found: Resolved, runs: Sequence[Run], deeds: pl.DataFrame) -> tuple[IdEvent, ...]:
    begun = moment_of(found.created_in, runs, deeds)
    events = [_event(begun, "create", None, found.master_id, f"{found.master_id} was given out.")]
    for row in found.lineage.iter_rows(named=True):
        when = moment_of(row["rev"], runs, deeds)
        events.append(_event(when, row["kind"], row["from_id"], row["to_id"], tell_event(row, found.master_id)))
    return tuple(events)


def _event(when: tuple[str, int], kind: str, from_id: str | None, to_id: str | None, text: str) -> IdEvent:
    return IdEvent(*when, kind, from_id, to_id, text)


def tell_resolved(found: Resolved) -> str:
    """Where an id leads, as a sentence or two."""
    mine = found.master_id
    here = {s.master_id: s.records for s in found.successors}
    others = ", ".join(f"{_records(n)} at {m}" for m, n in here.items() if m not in (found.active, mine))
    leads = f"{found.active} ({_records(here.get(found.active or '', 0))} of it)"
    elsewhere = f" Others that it once had: {others}." if others else ""
    return {
        "active": f"{mine} is active and has {_records(here.get(mine, 0))}.{elsewhere}",
        "merged": f"{mine} was merged; it is {leads} now.{elsewhere}",
        "split": f"{mine} was split up; most of it is {leads} now.{elsewhere}",
        "retired": f"{mine} was retired: it has no record any more.{elsewhere}",
        "erased": f"{mine} was erased.",
    }[found.state]


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"
