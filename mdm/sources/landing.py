"""Landing: a source system's files become one all-text Parquet, an index of its records, and a quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mdm.errors import InputRefused
from mdm.rulebook.source import SourceRules
from mdm.sources.facts import Landed
from mdm.sources.main_table import MainTable


def land(source: SourceRules, project: Path, into: Path) -> Landed:
    """Read a source's main table and its children; write `into` (a folder) one all-text Parquet of its records.

    With `source_column` and `source_value` only the records of that value are the source's. Every record is loaded,
    counted as an unchanged copy, or quarantined with a reason; a source for which these do not add up to an
    independent count is refused. Raises InputRefused when a file is refused; then nothing was written.
    """
    if source.source_column and source.source_value is None:
        raise InputRefused(
            f"Source {source.system} has a `source_column` and no `source_value`.",
            "Say which value of the column is this system's.",
        )
    return land_many((source,), project, into)[0]


def land_many(sources: Sequence[SourceRules], project: Path, into: Path) -> tuple[Landed, ...]:
    """Land several sources; a file that several of them share (by `source_column`) is read once.

    A source with a `source_column` and no `source_value` becomes one landing for each value of the column, in the
    order of the values; the value names the system, with `_` for signs that no name may have. Records of a shared
    file that cannot be read, and so belong to no system, are quarantined under the first source that shares it.
    """
    into.mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[SourceRules]] = {}
    for source in sources:
        groups.setdefault(_shared(source), []).append(source)
    landings = [MainTable(group, project, into) for group in groups.values()]
    landed: list[Landed] = []
    try:
        for landing in landings:
            landed.extend(landing.read())
        for landing in landings:
            landing.publish()
    except BaseException:
        for landing in landings:
            landing.discard()
        raise
    return tuple(sorted(landed, key=lambda one: _position(one.system, sources)))


def _shared(source: SourceRules) -> str:
    """Sources whose text here is equal are read together."""
    if source.source_column is None:
        return f"alone {source.system}"
    parts = source.model_dump_json(include={"path", "format", "key", "source_column", "children"})
    return parts if source.source_value is not None else f"each value {source.system} {parts}"


def _position(system: str, sources: Sequence[SourceRules]) -> tuple[int, str]:
    systems = [str(source.system) for source in sources]
    return (systems.index(system) if system in systems else len(systems), system)
