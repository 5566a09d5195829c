"""`labels.csv`: what people answered about pairs. Rows are only ever added; of a pair the last row counts.

A label is knowledge to learn from, not a decision: it changes no customer by itself.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import polars as pl

from mdm.errors import InputRefused, SettingsInvalid
from mdm.publish.guard import guard_key
from mdm.records import RecordKey

Word = Literal["match", "do_not_match", "unsure", "withdrawn"]
"""`unsure` is not asked again and teaches nothing; `withdrawn` takes the answer before it back."""

WORDS: Final = get_args(Word)


@dataclass(frozen=True, slots=True)
class Label:
    """One row: two records, what was said of them, by whom, and when (ISO text in UTC)."""

    left: RecordKey
    right: RecordKey
    word: Word
    author: str
    at: str

    @property
    def cells(self) -> tuple[str, ...]:
        one, other = self.left, self.right
        return (one.system, one.key, other.system, other.key, self.word, self.author, self.at)


COLUMNS: Final = ("source_system_l", "source_key_l", "source_system_r", "source_key_r", "label", "author", "at")
NEEDED: Final = COLUMNS[:5]
PAIR: Final = ("system_l", "key_l", "system_r", "key_r")


def append_label(path: Path, label: Label) -> None:
    """Add one row and put it on the disk before returning; a row that a crash had torn off is cut away first.

    Raises SettingsInvalid where nothing can be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            head = _mend(handle)
            os.write(handle, (head + _row(_guarded(label.cells))).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        reason = error.strerror or "it could not be written"
        raise SettingsInvalid(f"{path}: {reason}. The answer was not saved.", "Name another file: --labels.") from error


def _mend(handle: int) -> str:
    """What must stand before a new row: the header in an empty file. A torn last line is cut away."""
    size = os.fstat(handle).st_size
    text = os.pread(handle, size, 0)
    if not text.strip():
        return _row(COLUMNS)
    if text.endswith(b"\n"):
        return ""
    last = text.rfind(b"\n") + 1
    if _is_whole(text[last:].decode(errors="replace")):
        return "\n"
    os.ftruncate(handle, last)
    return "" if last else _row(COLUMNS)


def _is_whole(line: str) -> bool:
    """Whether a last line without its end is a full row of ours all the same, as an editor may leave it."""
    row = next(csv.reader([line]), [])
    return (len(row) == len(COLUMNS) and row[COLUMNS.index("label")] in WORDS and line.endswith('"')) or row == [
        *COLUMNS
    ]


def read_labels(path: Path) -> pl.DataFrame:
    """The label that counts for each pair (system_l, key_l, system_r, key_r, label), sorted; no withdrawn ones.

    The left record is the smaller key. The file needs the first five columns only, so that it may come from elsewhere.
    Raises InputRefused for a file that cannot be read and for a row that means nothing, naming its line.
    """
    found: dict[tuple[str, ...], str] = {}
    for pair, word in _rows(path):
        one, other = sorted((pair[:2], pair[2:]))
        found[*one, *other] = word
    kept = sorted((*pair, word) for pair, word in found.items() if word != "withdrawn")
    return pl.DataFrame(kept, schema=dict.fromkeys((*PAIR, "label"), pl.String()), orient="row")


def _rows(path: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    text = _text(path)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise InputRefused(f"{path}: no column {', '.join(missing)}.", f"It needs {', '.join(NEEDED)}.")
        for row in reader:
            pair, word = tuple(_raw(row[name] or "") for name in NEEDED[:4]), (row["label"] or "").strip()
            if word not in WORDS or pair[:2] == pair[2:]:
                wrong = "two different records are needed" if word in WORDS else f"{word!r} is not a label"
                raise InputRefused(f"{path}:{reader.line_num}: {wrong}.", f"A label is one of {', '.join(WORDS)}.")
            yield pair, word
    except csv.Error as error:
        raise InputRefused(f"{path}:{reader.line_num}: {error}.", "Correct that line.") from None


def _text(path: Path) -> str:
    """The file's text without a torn last line, which no writer had finished."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputRefused(f"{path}: not UTF-8.", "Save it as CSV in UTF-8.") from None
    except OSError as error:
        raise InputRefused(f"{path}: {error.strerror}.", "Make one with mdm label, or name it: --labels.") from None
    head, _, last = text.rpartition("\n")
    torn = last.startswith('"') and not _is_whole(last)
    return head + "\n" if torn else text


def _row(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _guarded(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells that no spreadsheet runs (decision 0070)."""
    return tuple(pl.DataFrame({"cell": list(cells)}).select(guard_key(pl.col("cell"))).to_series().to_list())


def _raw(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if cell.startswith("'") and _guarded((cell[1:],)) == (cell,) else cell
