"""Tables of records side by side, of links and of the weights behind a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mdm.app.desk import Link, Sheet, SheetRow, probability, shown
from ui import places, view, words

VERDICTS: Final = {"only one": "only in one", "written otherwise": "same, written otherwise"}


def sheet(caption: str, among: Sheet, *, owners: bool = False, picks: bool = False, edits: bool = False) -> view.Block:
    """Records side by side; with `owners` the id of each one's customer stands below its key, as a link.

    With `picks` each record can be chosen, with `edits` each value of the last column can be changed.
    """
    several = len(among.records) > 1
    columns = [view.column("Field", "label"), *([view.column("Compared", "word")] if several else [])]
    for number, record in enumerate(among.records, start=1):
        mine = record.master_id if owners and record.master_id else ""
        to = places.to_customer(mine) if mine else ""
        key = {"key": f"{record.system}:{record.key}", "owner": record.master_id or "", "number": number}
        head = f"{record.system} {shown(record.key)}"
        columns.append(view.column(head, "record", note=mine, note_to=to, pick=key if picks else None))
    rows = [
        view.row(
            view.text(r.label),
            *([view.text(VERDICTS.get(r.verdict, r.verdict))] if several else []),
            *map(view.marked, r.cells[:-1]),
            _last(r, edits=edits),
        )
        for r in among.rows
    ]
    return view.table(caption, columns, rows, row_heads=True)


def _last(row: SheetRow, *, edits: bool) -> view.Cell:
    cell = view.marked(row.cells[-1])
    if edits:
        text = "".join(part.text for line in row.cells[-1] for part in line)
        cell["edit"] = {"field": row.role, "label": row.label, "value": text}
    return cell


def waterfall(link: Link) -> list[view.Block]:
    """What each comparison found and what it weighs, as a bar from the total before it to the total with it."""
    if not link.bars:
        return [view.note("The weights of this link are not known.")]
    totals = [0.0, *(b.total for b in link.bars)]
    low, high = min(totals), max(totals)
    span = (high - low) or 1.0

    def drawn(start: float, end: float, kind: str) -> view.Cell:
        left, right = min(start, end), max(start, end)
        place = {"start": 100 * (left - low) / span, "size": 100 * (right - left) / span, "zero": -100 * low / span}
        return {"bar": {**{k: round(v, 2) for k, v in place.items()}, "kind": kind}}

    rows = [
        view.row(
            view.text(b.comparison),
            view.text(b.finding),
            view.text(words.weight(b.weight)),
            drawn(before, b.total, "for" if b.weight >= 0 else "against"),
        )
        for before, b in zip(totals, link.bars, strict=False)
    ]
    total = view.row(
        view.text("total"),
        view.text(probability(link.probability)),
        view.text(words.weight(link.weight)),
        drawn(0.0, link.weight, "sum"),
        kind="total",
    )
    columns = [
        view.column("Compared", "label"),
        view.column("Found", "words"),
        view.column("Weight", "number"),
        view.column("For, or against (striped)", "bar"),
    ]
    blocks = [view.table("Weights of the comparisons", columns, [*rows, total], row_heads=True)]
    if link.missing:
        blocks.append(view.note(f"Nothing to compare: {', '.join(link.missing)}."))
    return blocks


def links(caption: str, among: Sequence[Link], master_id: str, chosen: Link | None) -> view.Block:
    """Links among the records of a customer; each opens its weights."""
    rows = []
    for link in among:
        to = places.to_link(master_id, link.left, link.right)
        pair = words.pair(link.left, link.right)
        rows.append(
            view.row(
                view.link(pair, to, says=f"Show the weights between {pair}", note=words.band(link)),
                view.text(probability(link.probability)),
                view.text(link.reason),
                to=to,
                kind="chosen" if link == chosen else "",
            )
        )
    columns = [view.column("Link", "value"), view.column("Probability", "number"), view.column("Reason", "value")]
    return view.table(caption, columns, rows)
