"""How numbers, times and links are written on the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mdm.app.desk import Link, shown
from mdm.records import RecordKey

MINUS: Final = "\N{MINUS SIGN}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 record`, `1,047 records`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(probability: float) -> str:
    """A probability with as many digits as tell it from certainty: `72.9 %`, `99.98 %`, `over 99.99 %`."""
    if probability > 0.9999:
        return "over 99.99 %"
    return f"{probability:.2%}".replace("%", " %") if probability > 0.99 else f"{probability:.1%}".replace("%", " %")


def weight(bits: float) -> str:
    """A match weight with its sign, as a minus and no hyphen: `+7.44`."""
    return f"{bits:+.2f}".replace("-", MINUS)


def moment(iso: str) -> str:
    """A time of the store, in UTC, as a person writes it; as it is when it cannot be read."""
    try:
        return datetime.fromisoformat(iso).strftime("%-d %b %Y, %H:%M UTC")
    except ValueError:
        return iso


def pair(left: RecordKey, right: RecordKey) -> str:
    """Two records by their keys, which are as untrusted as names."""
    return f"{shown(str(left))} and {shown(str(right))}"


def band(link: Link) -> str:
    """What the score of a link means by itself."""
    if link.held_back:
        return "held back: a contradiction, see the pair"
    return "joins the two by itself" if link.band == "auto" else "doubtful by itself"
