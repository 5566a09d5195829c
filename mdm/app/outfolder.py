"""The folder of a run's results: what a run writes appears there when all of it is written, or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mdm.errors import SettingsInvalid

SUMMARY: Final = "summary.json"
"""Goes first and comes last: while it is not there, the folder is not whole. Its `written` names the run's files."""

OWN: Final = frozenset(
    {"clusters.csv", "golden.csv", "golden.parquet", "crosswalk.csv", "review.csv", "quarantine.csv", "mapping.yaml"}
    | {"report.html", "records", "publish", SUMMARY}
)
"""Files and folders of results: no input may lie there."""

PART: Final = ".part-"
"""How the folder begins in which a run gathers its results; one that is left over tells of a run that was killed."""

NEXT_STEP: Final = "Check its rights and its free space, or name another folder: --out DIR."


def refuse_unfit(into: Path, inputs: Iterable[Path]) -> None:
    """Raise SettingsInvalid when `into` cannot be the folder of results, or results could take the place of an input
    or of a file that no run of ours wrote.
    """
    if into.exists() and not into.is_dir():
        raise SettingsInvalid(f"{into} is a file, not a folder.", "Name a folder: --out DIR.")
    folder = into.resolve()
    for path in inputs:
        place = path.resolve()
        if place.is_relative_to(folder) and place.relative_to(folder).parts[0] in OWN:
            raise SettingsInvalid(f"The file {path} is in a place of the results.", "Name another folder: --out DIR.")
    _refuse_foreign(into)


def _refuse_foreign(into: Path) -> None:
    """Files with the names of results that stand in no summary of ours; a run that was killed left none."""
    if not into.is_dir() or any(into.glob(f"{PART}*")):
        return
    ours = {Path(name).parts[0] for name in _former(into)}
    foreign = sorted(name for name in OWN - ours if (into / name).is_file())
    if foreign:
        raise SettingsInvalid(
            f"{into} holds {foreign[0]}, which mdm dedupe did not write.",
            "Move it away, or name another folder: --out DIR.",
        )


@contextmanager
def filling(into: Path) -> Iterator[Path]:
    """Give an empty folder; when the block ends well, its files take their places in `into`, the summary last.

    What an earlier run wrote there and this one did not is removed; files of others stay. Raises SettingsInvalid where
    nothing can be written.
    """
    try:
        beside = into if into.is_dir() else into.parent
        beside.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=PART, dir=beside))
        try:
            yield part
            _take_places(part, into)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or "it could not be written"
        raise SettingsInvalid(f"The results were not written to {into}: {reason}.", NEXT_STEP) from error


def files_in(folder: Path) -> list[str]:
    """The names of all files below a folder, relative to it, with slashes."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _take_places(part: Path, into: Path) -> None:
    names = files_in(part)
    former = _former(into)
    (into / SUMMARY).unlink(missing_ok=True)
    for name in sorted(names, key=lambda name: (name == SUMMARY, name)):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (part / name).replace(into / name)
    for name in former - set(names):
        (into / name).unlink(missing_ok=True)


def _former(into: Path) -> set[str]:
    """What an earlier run wrote, as far as its summary is there and names files inside the folder."""
    try:
        written = json.loads((into / SUMMARY).read_text(encoding="utf-8"))["written"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    folder = into.resolve()
    names = [name for name in written if isinstance(name, str)] if isinstance(written, list) else []
    return {name for name in names if (folder / name).resolve().is_relative_to(folder) and (folder / name).is_file()}
