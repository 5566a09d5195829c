"""Names that the rules may use: which are known, which is nearest to one that is not, how a value is quoted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from pydantic import AfterValidator


def show(value: object) -> str:
    """A value as it is quoted in messages: short, on one line."""
    if isinstance(value, Mapping):
        return "keys with values"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:40]}…"


def nearest(name: str, known: Iterable[str]) -> str:
    """What a person may have meant: the nearest known name, or all of them where none is near."""
    names = list(known)
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}"


def one_of(known: Sequence[str], what: str) -> AfterValidator:
    """A validator of single names, so that each unknown one is told at its own place."""

    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"{show(name)} is no {what}, {nearest(name, known)}")
        return name

    return AfterValidator(check)


def refuse_repeats(named: Iterable[str], what: str) -> None:
    """Raise when a name that must be given once is given again."""
    seen: set[str] = set()
    for name in named:
        if name in seen:
            raise ValueError(f"the {what} {show(name)} stands twice")
        seen.add(name)
