"""The main table of one source, or of several that share a file: from its records to one landing for each system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from mdm.errors import InputRefused
from mdm.records import QUARANTINE, conform, empty
from mdm.rulebook.source import SourceRules
from mdm.sources.children import load_child
from mdm.sources.columns import check_required, checked_header, named_columns, shown_name
from mdm.sources.facts import Batch, Fault, FileFacts, Landed
from mdm.sources.key_in_text import key_in_text
from mdm.sources.keys import record_keys
from mdm.sources.readers import open_table
from mdm.sources.row_hash import RowHasher, row_hasher
from mdm.sources.staging import Staging
from mdm.sources.systems import system_name

MAIN: Final = "main"
MOST_SYSTEMS: Final = 500
"""More distinct values than this, and the column is no name of a system."""


class MainTable:
    """Reads the file once; `sources` agree in path, format, key, children and source column."""

    def __init__(self, sources: Sequence[SourceRules], project: Path, into: Path) -> None:
        self._sources = sources
        self._rules = sources[0]
        self._into = into
        self._reader = open_table(project / self._rules.path, self._rules.format)
        main = self._reader.columns
        self._children = tuple(load_child(child, project, main, self._rules.path) for child in self._rules.children)
        joined = [*main, *(name for child in self._children for name in child.columns)]
        self._columns = checked_header(joined, self._rules.path)
        for source in sources:
            check_required(source, self._columns, source.path)
        self._key = named_columns(self._rules.key, self._columns)
        self._stagings: dict[str, Staging] = {}
        self._faults: list[Fault] = []
        self._of_no_system = 0
        self._value_of: dict[str, str] = {}
        self._met: list[list[pl.DataFrame]] = [[] for _ in self._children]

    def read(self) -> tuple[Landed, ...]:
        """All landings, complete and checked, but not yet under their final names. Raises InputRefused."""
        with row_hasher() as hasher:
            for batch in self._reader.batches():
                self._take(batch, hasher)
        self._check_all_are_read()
        if not self._stagings:
            raise self._nothing_loaded()
        systems = sorted(self._stagings)
        first = next((s for s in self._wanted().values() if s in self._stagings), systems[0])
        return tuple(self._landed(self._stagings[system], is_first=system == first) for system in systems)

    def publish(self) -> None:
        """Give all files their final names."""
        for staging in self._stagings.values():
            staging.publish()

    def discard(self) -> None:
        """Remove everything that was not published."""
        for staging in self._stagings.values():
            staging.discard()

    def _take(self, batch: Batch, hasher: RowHasher) -> None:
        self._faults.extend(self._with_key(fault) for fault in batch.faults)
        if batch.frame.is_empty():
            return
        frame = batch.frame
        for at, child in enumerate(self._children):
            self._met[at].append(child.met(frame))
            frame = child.joined(frame)
        index = pl.DataFrame(
            {
                "key": record_keys(frame, [self._place(name) for name in self._key]),
                "row_hash": hasher.hashes(frame, self._columns),
                "record_number": batch.numbers,
            }
        )
        if self._rules.source_column is None:
            self._staging(str(self._rules.system)).add(frame, index)
        else:
            self._take_by_system(frame, index, self._rules.source_column)

    def _take_by_system(self, frame: pl.DataFrame, index: pl.DataFrame, source_column: str) -> None:
        values = frame[self._place(source_column)]
        wanted = self._wanted()
        for value in values.unique().sort(nulls_last=True).to_list():
            here = values.is_null() if value is None else values == value
            if value is None and not wanted:
                self._faults.extend(
                    Fault(number, source_column, "the source system is empty", "", key)
                    for key, number in index.filter(here).select("key", "record_number").rows()
                )
            elif wanted and value not in wanted:
                self._of_no_system += int(here.sum())
            else:
                staging = self._staging(wanted.get(value) or self._system_of(value))
                staging.add(frame.filter(here), index.filter(here))

    def _with_key(self, fault: Fault) -> Fault:
        return replace(fault, key=key_in_text(fault.raw, self._reader.columns, self._key, self._reader.found.separator))

    def _system_of(self, value: str) -> str:
        """The system that a value of the source column names. Raises InputRefused when two values name one system."""
        system = system_name(value)
        if self._value_of.setdefault(system, value) != value:
            raise InputRefused(
                f"{self._rules.path}: two values of column {shown_name(self._rules.source_column or '')} "
                f"both name the system {system}.",
                "Give each system its own `source_value` in the source rules.",
            )
        return system

    def _wanted(self) -> dict[str, str]:
        """System by value of the source column; empty when every value is a system."""
        return {s.source_value: str(s.system) for s in self._sources if s.source_value is not None}

    def _staging(self, system: str) -> Staging:
        if system not in self._stagings:
            if len(self._stagings) == MOST_SYSTEMS:
                raise InputRefused(
                    f"{self._rules.path}: column {shown_name(self._rules.source_column or '')} has more than "
                    f"{MOST_SYSTEMS:,} values, so it does not name source systems.",
                    "Correct `source_column`.",
                )
            self._stagings[system] = Staging(system, self._into, self._columns, self._key)
        return self._stagings[system]

    def _place(self, name: str) -> str:
        return f"c{self._columns.index(name)}"

    def _check_all_are_read(self) -> None:
        read = sum(staging.rows for staging in self._stagings.values()) + self._of_no_system + len(self._faults)
        if read != self._reader.records:
            raise InputRefused(
                f"{self._rules.path}: {self._reader.records:,} records were counted and {read:,} were read.",
                "Check the quotes and line ends of the file; nothing was loaded.",
            )

    def _nothing_loaded(self) -> InputRefused:
        if self._of_no_system:
            values = ", ".join(shown_name(value) for value in self._wanted())
            column = shown_name(self._rules.source_column or "")
            return InputRefused(
                f"{self._rules.path}: no record has {values} in column {column}.", "Correct `source_value`."
            )
        return InputRefused(
            f"{self._rules.path}: none of its {self._reader.records:,} records could be read.", "Export it again."
        )

    def _landed(self, staging: Staging, *, is_first: bool) -> Landed:
        """One system's landing. The first system also answers for records that belong to no system."""
        unreadable = self._faults if is_first else []
        index, key_faults, unchanged = staging.finish()
        rows_in = staging.rows + len(unreadable)
        quarantined = len(unreadable) + len(key_faults)
        if not index.height:
            raise InputRefused(
                f"{self._rules.path}: all {rows_in:,} records of {shown_name(staging.system)} would be quarantined.",
                f"Is {shown_name(self._rules.key)} the right key?",
            )
        if rows_in != index.height + unchanged + quarantined:
            raise InputRefused(
                f"{self._rules.path}: the records of {staging.system} do not add up.", "Nothing was loaded."
            )
        orphans = {
            f"{child.rules.name}.orphans": child.orphans(met)
            for child, met in zip(self._children, self._met, strict=True)
        }
        counts = {
            "rows_in": rows_in,
            "loaded": index.height,
            "unchanged": unchanged,
            "quarantined": quarantined,
            **orphans,
        }
        tables = [_quarantine(staging.system, self._rules.path, [*unreadable, *key_faults])]
        tables += [_quarantine(staging.system, c.rules.path, c.faults) for c in self._children if is_first]
        return Landed(
            system=staging.system,
            parquet=staging.path,
            columns=self._columns,
            index=index,
            quarantine=pl.concat(tables),
            files=(self._main_facts(counts), *(child.facts for child in self._children)),
            counts=counts,
            source_value=self._value_of.get(staging.system),
        )

    def _main_facts(self, counts: dict[str, int]) -> FileFacts:
        found = self._reader.found
        return FileFacts(
            path=self._rules.path,
            table=MAIN,
            type=found.type,
            sha256=found.sha256,
            size=found.size,
            encoding=found.encoding,
            separator=found.separator,
            rows_in=counts["rows_in"],
            loaded=counts["loaded"],
            unchanged=counts["unchanged"],
            quarantined=counts["quarantined"],
        )


def _quarantine(system: str, file: str, faults: Sequence[Fault]) -> pl.DataFrame:
    if not faults:
        return empty(QUARANTINE)
    ordered = sorted(faults, key=lambda fault: (fault.record_number, fault.reason))
    return conform(
        pl.DataFrame(
            {
                "system": [system] * len(ordered),
                "file": [file] * len(ordered),
                "record_number": [fault.record_number for fault in ordered],
                "key": [fault.key for fault in ordered],
                "column": [fault.column for fault in ordered],
                "reason": [fault.reason for fault in ordered],
                "raw": [fault.raw for fault in ordered],
            },
            schema_overrides={"key": pl.String, "column": pl.String},
        ),
        QUARANTINE,
        "quarantine",
    )
