"""The records of a customer on a circle and the links between them, the one it hangs by told apart."""

from __future__ import annotations

import math
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
    """The picture; nothing for a customer of too few or too many records."""
    if customer.records not in WORTH:
        return []
    places = {key: _place(at, customer.records) for at, key in enumerate(customer.members)}
    links = [link for link in (*customer.further, *reversed(customer.holding)) if link.left in places]
    links = [link for link in links if link.right in places]
    edges = [_edge(link, places, _kind(link, customer)) for link in links]
    nodes = [{"x": x, "y": y, "text": _name(key), "side": _side(x)} for key, (x, y) in places.items()]
    told = f"{words.count(customer.records, 'record')}, {words.count(len(links), 'link')}"
    weakest = customer.weakest
    if weakest is not None:
        told += f"; it hangs by the link between {words.pair(weakest.left, weakest.right)}, "
        told += probability(weakest.probability)
    picture = {"kind": "graph", "label": told, "nodes": nodes, "edges": edges, "width": WIDTH, "height": HEIGHT}
    return [picture, view.note(THICK)]


def _place(at: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * at / count - math.pi / 2
    return round(WIDTH / 2 + ACROSS * math.cos(angle), 1), round(HEIGHT / 2 + UP * math.sin(angle), 1)


def _side(x: float) -> str:
    if abs(x - WIDTH / 2) < 1:
        return "middle"
    return "start" if x > WIDTH / 2 else "end"


def _kind(link: Link, customer: CustomerView) -> str:
    if link == customer.weakest:
        return "weakest"
    return "holds" if link in customer.holding else "further"


def _edge(link: Link, places: dict[RecordKey, tuple[float, float]], kind: str) -> view.Cell:
    (x1, y1), (x2, y2) = places[link.left], places[link.right]
    says = f"{words.pair(link.left, link.right)}: {probability(link.probability)}"
    return {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "kind": kind, "says": says}


def _name(key: RecordKey) -> str:
    text = shown(str(key))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
