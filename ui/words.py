"""How numbers, times and links are written on the desk."""

from __future__ import annotations

from typing import Final

from mdm.app.desk import Link, shown
from mdm.records import RecordKey

MINUS: Final = "\N{MINUS SIGN}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 record`, `1,047 records`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def weight(bits: float) -> str:
    """A match weight with its sign, as a minus and no hyphen: `+7.44`."""
    return f"{bits:+.2f}".replace("-", MINUS)


def pair(left: RecordKey, right: RecordKey) -> str:
    """Two records by their keys, which are as untrusted as names."""
    return f"{shown(str(left))} and {shown(str(right))}"


def band(link: Link) -> str:
    """What the score of a link means by itself."""
    if link.held_back:
        return "held back: a contradiction, see the pair"
    return "joins the two by itself" if link.band == "auto" else "doubtful by itself"
