"""`mdm crosswalk`: which record has which master id, now or as it stood at any past moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from mdm.app.moments import parse_moment
from mdm.app.outputs import KEYS
from mdm.publish import PartsFormat, replacing, write_parts
from mdm.records import empty
from mdm.store import CROSSWALK_SINCE, Store, Wanted


@dataclass(frozen=True, slots=True)
class CrosswalkQuestion:
    """Which records, and as of which day or time (ISO text; empty for now)."""

    wanted: Wanted
    as_of: str = ""
    format: PartsFormat = "csv"


@dataclass(frozen=True, slots=True)
class CrosswalkAnswer:
    """How many records were written, and the revision of the store they are from; 0 before the first scan."""

    records: int
    revision: int


def crosswalk(store: Store, question: CrosswalkQuestion, into: Path | IO[bytes]) -> CrosswalkAnswer:
    """Write the crosswalk into a file, which is whole or not there, or into an open stream; from the store alone.

    Each record once, by system and key, with its master id and the time since which it has it. Raises SettingsInvalid
    for a day that is none and where nothing can be written.
    """
    revision = store.revision_at(parse_moment(question.as_of)) if question.as_of else store.current_revision()
    parts = _parts(store, question.wanted, revision)
    if isinstance(into, Path):
        with replacing(into) as part, part.open("wb") as file:
            return CrosswalkAnswer(write_parts(parts, file, format=question.format), revision)
    return CrosswalkAnswer(write_parts(parts, into, format=question.format), revision)


def _parts(store: Store, wanted: Wanted, revision: int) -> Iterator[pl.DataFrame]:
    yield empty(CROSSWALK_SINCE).rename(KEYS)
    for part in store.read_crosswalk_parts(wanted, revision=revision):
        yield part.rename(KEYS)
