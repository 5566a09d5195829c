"""How commands show themselves: a progress bar, tables that fit 80 columns, one clear line at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from mdm.errors import MdmError

out: Final = Console(highlight=False, soft_wrap=False)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True)


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
    """Plain lines, exactly as they are: names of customers are never markup."""
    for text in texts:
        out.print(escape(text), soft_wrap=True)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table of at most the terminal's width; long cells are folded."""
    shown = Table(title=escape(title), title_justify="left", box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown.add_column(escape(head), overflow="fold")
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    out.print(shown)
    out.print()


def done(text: str) -> None:
    """The one clear line at the end of a command that went well."""
    out.print(f"[bold green]✓[/] {escape(text)}", soft_wrap=True)


def failed(error: MdmError) -> None:
    """The one clear message of a command that did not: what is wrong, then what to do."""
    err.print(f"[bold red]✗[/] {escape(error.what)}")
    if error.next_step:
        err.print(f"  {escape(error.next_step)}")
