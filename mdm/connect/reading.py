"""A full read on its way: its parts lie on the disk, so that a read that was cut off goes on behind the last one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from mdm.connect.parquet import none_of, settle
from mdm.connect.state import State, read_state, write_state

LONGEST: Final = timedelta(days=1)
"""A read that began longer ago is not gone on with: too much has changed since."""


class Reading:
    """The parts of a full read in a folder. `state` is that at its beginning, its watermark among it."""

    def __init__(self, folder: Path, fresh: State) -> None:
        self._folder = folder
        there = read_state(folder)
        if there is None or not _goes_on(there, fresh):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            write_state(folder, fresh)
            there = fresh
        self.state = there

    def last_key(self, key: Sequence[str]) -> tuple[str, ...]:
        """The key of the last record that was read; empty before the first one."""
        paths = self._paths()
        if not paths:
            return ()
        last = pl.read_ipc(paths[-1]).tail(1)
        return tuple(str(value) for value in last.select(key).row(0))

    def add(self, part: pl.DataFrame) -> None:
        if part.height:
            path = self._folder / f"{len(self._paths()) + 1:06d}.arrow"
            part.write_ipc(path.with_suffix(".part"), compression="lz4")
            settle(path.with_suffix(".part"), path)

    def parts(self) -> Iterator[pl.DataFrame]:
        yield none_of([column.name for column in self.state.columns])
        for path in self._paths():
            yield pl.read_ipc(path)

    def end(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("*.arrow"))


def _goes_on(there: State, fresh: State) -> bool:
    same = (there.rules, there.columns) == (fresh.rules, fresh.columns)
    return same and datetime.fromisoformat(fresh.full_at) - datetime.fromisoformat(there.full_at) < LONGEST
