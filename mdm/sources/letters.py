"""Which of two Windows code pages a text was written in, judged by the letters its words would have."""

from __future__ import annotations

from collections.abc import Iterable


def central_european(words: Iterable[bytes]) -> int:
    return 0
