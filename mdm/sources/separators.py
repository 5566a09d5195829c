"""Which sign separates the fields of a CSV text: the one that gives most records as many fields as the header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mdm.errors import InputRefused
from mdm.sources.splitting import split

CANDIDATES: Final = (";", ",", "\t", "|")
NAMES: Final = {";": "semicolon", ",": "comma", "\t": "tab", "|": "pipe"}


@dataclass(frozen=True, slots=True)
class Vote:
    """A separator, the fields it gives the header, and the records (of those looked at) that have as many."""

    separator: str
    fields: int
    agreeing: int
    records: int

    @property
    def note(self) -> str:
        if self.fields == 1:
            return "No separator was found: the file has one column."
        share = f"{self.agreeing:,} of {self.records:,} records have {self.fields} fields"
        return f"The separator was guessed: {separator_name(self.separator)}; {share}."


def vote_on_separator(text: bytes, *, final: bool) -> Vote:
    """The separator of a text that begins at the header; `final` says that the text is complete.

    Most agreeing records win, then more fields, then the order of CANDIDATES.
    """
    votes = [_vote(text, separator, final=final) for separator in CANDIDATES]
    several = [vote for vote in votes if vote.fields > 1]
    if not several:
        return votes[1]
    return max(several, key=lambda vote: (vote.agreeing, vote.fields))


def _vote(text: bytes, separator: str, *, final: bool) -> Vote:
    found = split(text, separator.encode(), final=final)
    fields = found.fields[found.ends > found.begins]
    if not fields.size:
        return Vote(separator, 1, 0, 0)
    return Vote(separator, int(fields[0]), int((fields[1:] == fields[0]).sum()), fields.size - 1)


def checked_separator(separator: str) -> str:
    """Raises InputRefused for a sign that cannot separate fields."""
    if not separator.isascii() or separator in '"\r\n\x00':
        raise InputRefused(f"{separator!r} cannot separate fields.", "Declare one of ; , tab | or another plain sign.")
    return separator


def separator_name(separator: str) -> str:
    """A word for a separator, for messages."""
    return NAMES.get(separator, f"{separator!r}")
