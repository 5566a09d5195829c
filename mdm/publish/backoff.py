"""When something that found no answer is tried again: later each time, and not for ever."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

FIRST_SECONDS: Final = 30
LONGEST_SECONDS: Final = 3600
MOST_ATTEMPTS: Final = 8
"""Then a person looks at it: some two hours after the first attempt."""

PARTS: Final = 2**32


def next_try(now: str, attempt: int, number: int, wait: float = 0.0) -> str:
    """The moment of the next attempt (ISO text) after that many: twice as late each time, but for what is asked for.

    Half of it is spread over the letters by their number, so that those that failed together do not come together.
    """
    longest = min(FIRST_SECONDS * 2 ** (max(attempt, 1) - 1), LONGEST_SECONDS)
    digest = hashlib.sha256(f"{number}:{attempt}".encode()).digest()
    share = int.from_bytes(digest[:4], "big")
    seconds = longest // 2 + longest * share // (2 * PARTS)
    later = datetime.fromisoformat(now) + timedelta(seconds=max(seconds, int(wait) + 1 if wait else 0))
    return later.isoformat()


def is_last(attempt: int) -> bool:
    """Whether no attempt follows that one."""
    return attempt >= MOST_ATTEMPTS
