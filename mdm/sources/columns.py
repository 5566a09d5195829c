"""Names of columns: what a header must be like, and which columns an entry of the rules means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from mdm.errors import InputRefused
from mdm.rulebook.source import SourceRules

MOST_COLUMNS: Final = 5_000
"""More than any export has: beyond it, values were taken for names."""


def checked_header(names: Sequence[str], where: str) -> tuple[str, ...]:
    """The names without surrounding blanks. Raises InputRefused for an empty name or one that stands twice."""
    trimmed = tuple(name.strip() for name in names)
    if not any(trimmed):
        raise InputRefused(f"{where} has no column names.", "Check `header_row` in its format.")
    if len(trimmed) > MOST_COLUMNS:
        raise InputRefused(f"{where} has {len(trimmed):,} columns.", f"Export at most {MOST_COLUMNS:,}.")
    unnamed = [str(at) for at, name in enumerate(trimmed, 1) if not name]
    if unnamed:
        raise InputRefused(f"{where}: column {', '.join(unnamed)} has no name.", "Give every column a name.")
    twice = [name for name, n in Counter(trimmed).items() if n > 1]
    if twice:
        raise InputRefused(f"{where}: {_listed(twice)} stands twice in the header.", "Rename one of the columns.")
    broken = [name for name in trimmed if "\x00" in name or any("\ud800" <= c <= "\udfff" for c in name)]
    if broken:
        raise InputRefused(f"{where}: {_listed(broken)} is no readable column name.", "Export the file again.")
    return trimmed


def named_columns(entry: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns an entry means: one of exactly that name, else the parts between `+`."""
    if entry in columns or "+" not in entry:
        return (entry,)
    return tuple(part.strip() for part in entry.split("+"))


def check_required(source: SourceRules, columns: Sequence[str], where: str) -> None:
    """Raises InputRefused when a column that the rules name is not there; what was renamed a person confirms."""
    check_present([name for entry in source.entries for name in named_columns(entry, columns)], columns, where)


def check_present(needed: Sequence[str], columns: Sequence[str], where: str) -> None:
    """Raises InputRefused for the first names that are not among the columns, with the nearest that are."""
    missing = [name for name in dict.fromkeys(needed) if name not in columns]
    if not missing:
        return
    near = [match for name in missing for match in get_close_matches(name, columns, n=1)]
    hint = f" Was it renamed to {_listed(near)}?" if near else ""
    only = " The file has one column only: is the declared separator right?" if len(columns) == 1 else ""
    raise InputRefused(
        f"{where} has no column {_listed(missing)}; it has {_listed(columns)}.{hint}{only}",
        "Correct the names in the source rules or export the column again.",
    )


def _listed(names: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(shown_name(name) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def shown_name(name: str) -> str:
    """A name for a message: in quotes, cut, control characters escaped."""
    short = name if len(name) <= 60 else name[:57] + "..."
    return '"' + "".join(c if c.isprintable() else repr(c)[1:-1] for c in short) + '"'
