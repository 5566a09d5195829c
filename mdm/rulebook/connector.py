"""`connector:` in `rules/sources/*.yaml`: the system that a source's records are read from, and how to reach it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from mdm.rulebook.base import Rules

SPAN: Final = re.compile(r"(\d{1,6}) (minute|hour|day)s?")

REFERENCE: Final = ("env:", "file:")


def span_of(text: str) -> timedelta:
    """The time that `30 minutes`, `2 hours` or `7 days` stands for."""
    found = SPAN.fullmatch(text)
    if not found:
        raise ValueError("must be a time such as 30 minutes, 2 hours or 7 days")
    return timedelta(**{f"{found[2]}s": int(found[1])})


def _is_span(text: str) -> str:
    span_of(text)
    return text


def _is_open_url(text: str) -> str:
    """A URL that a file may hold: a reference, or one without a password."""
    if text.startswith(REFERENCE):
        return text
    if "://" not in text:
        raise ValueError("must be a URL such as postgresql://reader@host/name, or env:NAME that leads to one")
    if urlsplit(text).password is not None:
        raise ValueError("must not hold a password; write env:NAME or file:PATH that leads to the URL")
    return text


Span = Annotated[str, AfterValidator(_is_span)]


class SqlConnector(Rules):
    """A table or view of a database. Nothing is ever written there.

    Without `changed_at`, a column with the time of the last change, every read is a full one.
    """

    type: Literal["sql"]
    url: Annotated[str, AfterValidator(_is_open_url)]
    table: Annotated[str, StringConstraints(pattern=r"^[^.\x00-\x1f]+(\.[^.\x00-\x1f]+)?$")]
    changed_at: str | None = None
    overlap: Span = Field(default="1 day", description="a delta begins so long before the last one ended")
    full_every: Span = Field(default="7 days", description="change dates are not trusted for longer than this")
