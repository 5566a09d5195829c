"""A receipt: which message from a browser brought a statement, so that one that arrives twice is made once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message from a browser: the page that sent it, by a random name, and its number there, counted from 1."""

    sender: str
    message: int
