"""How commands show themselves: a progress bar, tables that fit 80 columns, one clear line at the end."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from mdm.errors import MdmError

CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line feed, and signs that turn the direction of what follows."""

WIDTH: Final = 80

out: Final = Console(highlight=False, emoji=False, soft_wrap=False)
err: Final = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


class Bars:
    """A bar over the stages of a run; when nobody watches a terminal, a line for each finished stage."""

    def __init__(self, stages: int) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<24}"),
            BarColumn(bar_width=28),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            console=err,
            transient=True,
        )
        self._task = self._progress.add_task("Starting", total=stages)
        self._depth = 0

    def __enter__(self) -> Self:
        if err.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if err.is_terminal:
            self._progress.stop()

    def begin(self, stage: str) -> None:
        self._progress.update(self._task, description=stage)

    def end(self, stage: str, seconds: float) -> None:
        self._progress.advance(self._task)
        err.print(f"  {stage:<28}{seconds:>8.1f} s", style="dim")


def lines(texts: Iterable[str]) -> None:
    """Plain lines, exactly as they are: names of customers are never markup, and never control a terminal."""
    for text in texts:
        out.print(_plain(text), soft_wrap=True)


def notes(texts: Iterable[str]) -> None:
    """Sentences, folded at 80 columns; what follows in a line goes two further in than its beginning."""
    for text in texts:
        inner = " " * (len(text) - len(text.lstrip()) + 2)
        lines(textwrap.wrap(text, WIDTH, subsequent_indent=inner, break_on_hyphens=False, break_long_words=False))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table of at most the terminal's width; long cells are folded."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown.add_column(_plain(head), overflow="fold")
    for row in rows:
        shown.add_row(*(_plain(cell) for cell in row))
    out.print(shown)
    out.print()


def done(text: str) -> None:
    """The one clear line at the end of a command that went well."""
    out.print(f"[bold green]✓[/] {_plain(text)}", soft_wrap=True)


def warn(what: str, next_step: str) -> None:
    """A warning that stands out, between the results and the last line."""
    out.print(f"[bold red]![/] [bold]{_plain(what)}[/]")
    out.print(f"  {_plain(next_step)}")


def failed(error: MdmError) -> None:
    """The one clear message of a command that did not: what is wrong, then what to do."""
    err.print(f"[bold red]✗[/] {_plain(error.what)}")
    if error.next_step:
        err.print(f"  {_plain(error.next_step)}")


def unexpected(error: Exception) -> None:
    """The message of a fault that is not ours alone to explain; the file and the cause where the system names them."""
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
        err.print(f"[bold red]✗[/] {_plain(what)}")
        err.print("  Check the file, its rights and the free space, then run it again.")
        return
    err.print(f"[bold red]✗[/] An unexpected fault: {type(error).__name__}.")
    err.print("  Run it again with MDM_DEBUG=1 and send the output with a report of the fault.")


def notice(text: str) -> None:
    """A line beside the results."""
    err.print(_plain(text))


def _plain(text: str) -> str:
    """Text without markup of ours and without signs that a terminal obeys; line ends stay."""
    return escape(CONTROLS.sub(lambda sign: f"\\x{ord(sign.group()):02x}", text))
