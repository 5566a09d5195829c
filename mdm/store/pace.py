"""How many rows one transaction of a scan writes: fewer where a transaction holds the write lock for too long."""

from __future__ import annotations

from typing import Final

LONGEST_SECONDS: Final = 0.05
"""A transaction that took longer makes the next ones smaller; half the figure to hold, for the next may be slower."""

FIRST_SHARE: Final = 0.25
SMALLEST_SHARE: Final = 0.05
GROWTH: Final = 1.25


class Pace:
    """The share of its table's chunk that a transaction writes, by how long the last ones took.

    Disks and tables differ, and an index in the order of names gets slower while it grows; so the size is measured as
    it goes and not only once for all. What is written does not depend on it.
    """

    def __init__(self) -> None:
        self._share = FIRST_SHARE

    def rows(self, chunk: int) -> int:
        """How many rows the next transaction may write into a table with that chunk."""
        return max(1, int(chunk * self._share))

    def took(self, seconds: float) -> None:
        """Learn from a transaction that held the lock for so long."""
        if seconds > LONGEST_SECONDS:
            self._share = max(SMALLEST_SHARE, self._share * max(0.25, LONGEST_SECONDS / seconds / 2))
        elif seconds < LONGEST_SECONDS / 2:
            self._share = min(1.0, self._share * GROWTH)
