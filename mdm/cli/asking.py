"""Asking a person about two records, key by key, in a terminal."""

from __future__ import annotations

import sys
from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from mdm.app.desk_difference import Line
from mdm.app.desk_records import Sheet, Verdict
from mdm.app.label import Answer
from mdm.cli import show

KEYS: Final = "y same customer   n not the same   u unsure   s skip   b back   q quit"
ANSWERS: Final[dict[str, Answer]] = {"y": "match", "n": "do_not_match", "u": "unsure"}
SIGNS: Final[dict[Verdict, str]] = {"same": "=", "written otherwise": "≈", "differs": "≠", "only one": "", "": ""}
SIDE: Final = 30
"""Columns of a terminal for each record: with the labels and the sign, 80 in all."""


def read_key() -> str:
    """The next key; of a line from elsewhere than a terminal its first letter. The end of input quits."""
    if sys.stdin.isatty():
        try:
            return typer.getchar().lower()
        except EOFError:
            return "q"
    line = sys.stdin.readline()
    return line.strip()[:1].lower() if line else "q"


def show_pair(names: tuple[str, str], sheet: Sheet, number: str) -> None:
    """The two records side by side, a sign and other letters where they differ; not what the model thinks of them."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column(number, width=14, overflow="fold")
    table.add_column("", width=1)
    for name in names:
        table.add_column(Text(name), width=SIDE, overflow="fold")
    for row in sheet.rows:
        table.add_row(row.label, SIGNS[row.verdict], *(_marked(cell) for cell in row.cells))
    show.out.print()
    show.out.print(table)
    show.lines(["", "Is this one customer?", f"  {KEYS}"])


def _marked(values: tuple[Line, ...]) -> Text:
    lines = (Text.assemble(*((part.text, "bold reverse" if part.differs else "") for part in line)) for line in values)
    return Text("\n").join(lines)
