"""When single odd records become a file that must be refused as a whole."""

from __future__ import annotations

from typing import Final

from mdm.errors import InputRefused

ODD_PER_HUNDRED: Final = 1
ODD_ALWAYS_TOLERATED: Final = 10
"""In a small file a few odd records are more than one in a hundred and yet no sign of a wrong separator."""


def check_odd_share(name: str, odd: int, records: int, advice: str) -> None:
    """Raises InputRefused when more than 1 % of the records are odd (and more than ten, or more than half)."""
    if odd * 100 <= records * ODD_PER_HUNDRED or (odd <= ODD_ALWAYS_TOLERATED and odd * 2 <= records):
        return
    raise InputRefused(
        f"{name}: {odd:,} of {records:,} records do not have the shape the header promises ({advice}).",
        "Check the separator and the quotes, then load it again; nothing was loaded.",
    )
