"""Blocks of a page that show data: headings, tables, facts, notices.

Names of customers are untrusted, and most of Streamlit's elements read their text as Markdown. So whatever comes from a
record is drawn by `draw.js`, which makes a text node of every text; Streamlit's own elements only get words of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from mdm.app.desk import Line, shown
from mdm.errors import MdmError

HERE: Final = Path(__file__).parent
Block = dict[str, Any]
Cell = dict[str, Any]
Column = Literal["label", "value", "words", "record", "number", "code", "word", "bar"]


def text(*lines: str, note: str = "") -> Cell:
    """A cell with plain lines, and a smaller note below them."""
    return _filled(**_lines([[[line, False]] for line in lines if line]), note=note)


def marked(lines: Sequence[Line]) -> Cell:
    """A cell with a line for each value, marked where it differs."""
    return _lines([[[part.text, part.differs] for part in line] for line in lines])


def link(words: str, to: str, *, says: str = "", note: str = "") -> Cell:
    """A cell that leads to an address of `ui.places`; `says` is what a screen reader says in place of the words."""
    return _filled(text=words, to=to, says=says, note=note)


def column(label: str, kind: Column, *, note: str = "", note_to: str = "", pick: Cell | None = None) -> Cell:
    """The head of a column; the note below it may lead somewhere, and `pick` lets its record be chosen."""
    return _filled(text=label, kind=kind, note=note, note_to=note_to, pick=pick)


def row(*cells: Cell, to: str = "", kind: Literal["", "chosen", "total"] = "") -> Block:
    """A row of a table; with `to`, a click anywhere in it follows that address."""
    return _filled(cells=list(cells), to=to, kind=kind)


def table(caption: str, columns: Sequence[Cell], rows: Sequence[Block], *, row_heads: bool = False) -> Block:
    """A table; its caption is for screen readers. With `row_heads` the first column names the rows and stays put."""
    return {
        "kind": "table",
        "caption": caption,
        "columns": list(columns),
        "rows": list(rows),
        "row_heads": row_heads,
    }


def heading(words: str, *, level: Literal[1, 2] = 2) -> Block:
    return {"kind": "heading", "text": words, "level": level}


def note(words: str) -> Block:
    return {"kind": "note", "text": words}


def paragraph(words: str) -> Block:
    return {"kind": "text", "text": words}


def facts(*items: tuple[str, Cell]) -> Block:
    return {"kind": "facts", "items": list(items)}


def numbered(items: Sequence[str]) -> Block:
    return {"kind": "list", "items": list(items)}


def beside(left: Sequence[Block], right: Sequence[Block]) -> Block:
    """Two columns where there is room for them; the right one stays in view while the left one is scrolled."""
    return {"kind": "beside", "left": list(left), "right": list(right)}


def folded(words: str, blocks: Sequence[Block], *, opened: bool) -> Block:
    """Blocks that are shown when somebody asks for them, or at once when `opened`."""
    return {"kind": "folded", "text": words, "blocks": list(blocks), "opened": opened}


def status(words: str) -> Block:
    """A line that is read out when it appears."""
    return {"kind": "status", "text": words}


def footer(*lines: str) -> Block:
    return {"kind": "footer", "lines": list(lines)}


def notice(
    words: str, next_step: str = "", *, tone: Literal["plain", "problem"] = "plain", links: Sequence[Cell] = ()
) -> Block:
    """Something to know, and what to do next; a problem is read out at once."""
    return {"kind": "notice", "text": words, "next": next_step, "tone": tone, "links": list(links)}


def problem(error: MdmError) -> Block:
    return notice(shown(error.what), shown(error.next_step), tone="problem")


def show(*blocks: Block, key: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """Draw the blocks."""
    _component()(data={"blocks": list(blocks)}, key=key, width=width)


@st.cache_resource(show_spinner=False)
def _component() -> Any:  # noqa: ANN401 - Streamlit's type of it is not public
    return st.components.v2.component(
        "mdm_view", html='<div class="view"></div>', css=source("view.css"), js=source("draw.js", "view.js")
    )


def _lines(lines: list[list[list[Any]]]) -> Cell:
    """Lines of parts, each with whether it differs; the common case, one plain text, in the shortest way."""
    if len(lines) == 1 and len(lines[0]) == 1 and not lines[0][0][1]:
        return {"text": lines[0][0][0]}
    return {"lines": lines} if lines else {}


def _filled(**parts: Any) -> Cell:  # noqa: ANN401 - parts of a cell or row as they are sent
    """Without the empty ones: a page that is sent ahead has thousands of cells."""
    return {name: part for name, part in parts.items() if part}


def source(*names: str) -> str:
    """The text of scripts or styles of ours, one behind the other."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
