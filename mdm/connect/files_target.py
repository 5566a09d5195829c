"""Numbered files as a target, for integration platforms and nightly scripts: what was told, in the order it was told.

Each call's changes are one file, `SYSTEM.000017.jsonl`, and its manifest `SYSTEM.000017.manifest.json`, written last: a
file without one is not finished. No file is ever written again. What a record was told is read back from the files, so
that a publisher which died after it had written one does not write it again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from mdm.connect.target import Answer, Seen, Values, Write
from mdm.errors import SystemRefused

MOST: Final = 10_000
CURSOR: Final = "acknowledged.json"
READABLE: Final = 0o644


@dataclass(frozen=True, slots=True)
class Feed:
    """The files of one system: their form, the columns beside `key`, and which rows must not stand in a CSV.

    `unfit` marks rows with a cell that a spreadsheet would run.
    """

    system: str
    form: Literal["csv", "jsonl"]
    fields: Sequence[str]
    unfit: Callable[[pl.DataFrame], pl.Series]


class FilesTarget:
    """The files of one system in one folder."""

    most = MOST

    def __init__(self, folder: Path, feed: Feed) -> None:
        self._folder, self._feed = folder, feed
        self._system, self._form, self._fields = feed.system, feed.form, list(feed.fields)
        self._loaded = 0
        self._told: dict[str, Values] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._refused(error) from None

    def check(self) -> str:
        cursor = self._acknowledged()
        last = self._load()
        if cursor > last:
            raise SystemRefused(
                f"{CURSOR} of {self._folder} says {cursor}, but the last file is {last}.",
                "Bring the missing files back, or correct the number.",
            )
        return f"files in {self._folder}: {last} written, {cursor} acknowledged"

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        """What the files told of each record last; a record of which they told nothing says nothing yet."""
        self._load()
        return {record: Seen(self._values(record)) for record in records}

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        """All in one file, but for those of which another publisher told something meanwhile."""
        number = self._load() + 1
        answers, fit = {write.order.record: Answer("done") for write in writes}, []
        for write, is_unfit in zip(writes, self._unfit(writes), strict=True):
            if is_unfit:
                answers[write.order.record] = Answer("refused", "A spreadsheet would run its cells; take jsonl.")
            elif self._values(write.order.record) != write.seen.values:
                answers[write.order.record] = Answer("moved")
            else:
                fit.append(write)
        if fit:
            self._finish(number, self._put(number, self._table(fit)))
        return answers

    def _table(self, writes: Sequence[Write]) -> pl.DataFrame:
        rows = [{"key": write.order.record, **write.order.fields} for write in writes]
        return pl.DataFrame(rows, schema=dict.fromkeys(("key", *self._fields), pl.String()))

    def _unfit(self, writes: Sequence[Write]) -> list[bool]:
        return self._feed.unfit(self._table(writes)).to_list() if self._form == "csv" else [False] * len(writes)

    def _values(self, record: str) -> Values:
        nothing: Values = dict.fromkeys(self._fields)
        return self._told.get(record, nothing)

    def _load(self) -> int:
        """Read the files that are new; returns the number of the last. One without a manifest gets it now."""
        while (path := self._path(self._loaded + 1)).exists():
            if not self._manifest(self._loaded + 1).exists():
                self._finish(self._loaded + 1, path)
            for row in self._rows(path):
                said = {n: row[n] for n in self._fields if row.get(n) is not None}
                self._told[row["key"]] = {**self._values(row["key"]), **said}
            self._loaded += 1
        return self._loaded

    def _rows(self, path: Path) -> list[dict[str, Any]]:
        try:
            if self._form == "csv":
                return pl.read_csv(path, infer_schema=False).to_dicts()
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError, pl.exceptions.PolarsError):
            raise SystemRefused(
                f"{path.name} in {self._folder} is not as it was written.", "Bring it back from a backup."
            ) from None

    def _put(self, number: int, table: pl.DataFrame) -> Path:
        """Write a file whole, under a name that nobody has; raises SystemRefused where somebody took it meanwhile."""
        if self._form == "csv":
            content = table.write_csv(quote_style="non_numeric", line_terminator="\n")
        else:
            rows = [{name: value for name, value in row.items() if value is not None} for row in table.to_dicts()]
            content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self._link(content.encode(), self._path(number))
        return self._path(number)

    def _finish(self, number: int, path: Path) -> None:
        content = path.read_bytes()
        told = {
            "system": self._system,
            "sequence": number,
            "file": path.name,
            "format": self._form,
            "rows": len(self._rows(path)),
            "fields": ["key", *self._fields],
            "empty_cell": "the field stays as it is",
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        self._link((json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode(), self._manifest(number))

    def _link(self, content: bytes, path: Path) -> None:
        """Give a finished file its name, unless there is one of that name: a file is never written over."""
        try:
            handle, name = tempfile.mkstemp(prefix=".part-", dir=self._folder)
            part = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                part.chmod(READABLE)
                os.link(part, path)
            finally:
                part.unlink()
        except FileExistsError:
            raise SystemRefused(f"{path} was written by another publisher.", "Send again; nothing was lost.") from None
        except OSError as error:
            raise self._refused(error) from None

    def _acknowledged(self) -> int:
        """Up to which file the platform has taken everything, as it says in a file of its own; 0 before that."""
        try:
            said = json.loads((self._folder / CURSOR).read_text(encoding="utf-8"))
            return int(said[self._system])
        except (FileNotFoundError, KeyError):
            return 0
        except (OSError, ValueError, TypeError):
            raise SystemRefused(
                f"{CURSOR} of {self._folder} cannot be read.", f'Its form is {{"{self._system}": 17}}.'
            ) from None

    def _refused(self, error: OSError) -> SystemRefused:
        return SystemRefused(
            f"{self._folder} cannot be written: {error.strerror or error}.", "Check the folder and its free space."
        )

    def _path(self, number: int) -> Path:
        return self._folder / f"{self._system}.{number:06}.{self._form}"

    def _manifest(self, number: int) -> Path:
        return self._folder / f"{self._system}.{number:06}.manifest.json"
