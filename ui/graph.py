"""The records of a customer on a circle and the links between them, the one it hangs by told apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from mdm.app.desk import CustomerView, Link, probability, shown
from mdm.records import RecordKey
from ui import view, words

WORTH: Final = range(3, 17)
"""Numbers of records that are worth a picture, and that can be told apart in one."""
WIDTH: Final = 560
HEIGHT: Final = 300
ACROSS: Final = 130
UP: Final = 110
"""Half of the circle's width (ACROSS) and height; the rest is for names."""
LONGEST: Final = 22
THICK: Final = "Thick: holds the records together. Striped: the weakest of these. Thin: further links."


def of_customer(customer: CustomerView) -> list[view.Block]:
    """The picture of a customer; nothing for one of too few or too many records."""
    return of_records(customer.members, customer.records, customer.holding, customer.further)


def of_records(
    members: Sequence[RecordKey], count: int, holding: Sequence[Link], further: Sequence[Link]
) -> list[view.Block]:
    """The picture of so many records: the links that hold them together, strongest first, and the others."""
    if count not in WORTH or len(members) < count:
        return []
    places = {key: _place(at, count) for at, key in enumerate(members)}
    links = [link for link in (*further, *reversed(holding)) if link.left in places and link.right in places]
    edges = [_edge(link, places, _kind(link, holding)) for link in links]
    nodes = [{"x": x, "y": y, "text": _name(key), "side": _side(x)} for key, (x, y) in places.items()]
    told = f"{words.count(count, 'record')}, {words.count(len(links), 'link')}"
    if holding:
        told += f"; it hangs by the link between {words.pair(holding[-1].left, holding[-1].right)}, "
        told += probability(holding[-1].probability)
    picture = {"kind": "graph", "label": told, "nodes": nodes, "edges": edges, "width": WIDTH, "height": HEIGHT}
    return [picture, view.note(THICK)]


def _place(at: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * at / count - math.pi / 2
    return round(WIDTH / 2 + ACROSS * math.cos(angle), 1), round(HEIGHT / 2 + UP * math.sin(angle), 1)


def _side(x: float) -> str:
    if abs(x - WIDTH / 2) < 1:
        return "middle"
    return "start" if x > WIDTH / 2 else "end"


def _kind(link: Link, holding: Sequence[Link]) -> str:
    if holding and link == holding[-1]:
        return "weakest"
    return "holds" if link in holding else "further"


def _edge(link: Link, places: dict[RecordKey, tuple[float, float]], kind: str) -> view.Cell:
    (x1, y1), (x2, y2) = places[link.left], places[link.right]
    says = f"{words.pair(link.left, link.right)}: {probability(link.probability)}"
    return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "kind": kind, "says": says}


def _name(key: RecordKey) -> str:
    text = shown(str(key))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
