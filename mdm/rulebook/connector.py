"""`connector:` in `rules/sources/*.yaml`: the system that a source's records are read from, and how to reach it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from mdm.rulebook.base import PathText, Rules
from mdm.rulebook.names import refuse_repeats
from mdm.rulebook.sql_tables import Filters, SqlChild, TableName, Texts

SPAN: Final = re.compile(r"(\d{1,6}) (minute|hour|day)s?")

REFERENCE: Final = ("env:", "file:", "keyring:")

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


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


def _is_reference(text: str) -> str:
    if not text.startswith(REFERENCE):
        raise ValueError(
            "must be a reference, env:NAME, file:PATH or keyring:SERVICE/USER: no secret stands in a file of rules"
        )
    return text


def _is_safe_http(text: str) -> str:
    """https, and plain http on this computer only: a login and customers travel over it."""
    parts = urlsplit(text)
    if parts.username or parts.password:
        raise ValueError("must not hold a user or a password")
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        return text.rstrip("/")
    raise ValueError("must be an https:// address; http:// is for this computer only")


Span = Annotated[str, AfterValidator(_is_span)]
Reference = Annotated[str, AfterValidator(_is_reference)]
SafeHttp = Annotated[str, AfterValidator(_is_safe_http)]


class SqlConnector(Rules):
    """A table or view of a database, and its child tables. Nothing is ever written there.

    Without `changed_at`, the columns with the time of the last change, in any of the tables every read is a full one.
    """

    type: Literal["sql"]
    url: Annotated[str, AfterValidator(_is_open_url)]
    table: TableName
    where: Filters = Field(default={})
    children: tuple[SqlChild, ...] = ()
    changed_at: Texts = ()
    overlap: Span = Field(default="1 day", description="a delta begins so long before the last one ended")
    full_every: Span = Field(default="7 days", description="change dates are not trusted for longer than this")

    @field_validator("children")
    @classmethod
    def children_differ(cls, value: tuple[SqlChild, ...]) -> tuple[SqlChild, ...]:
        refuse_repeats((child.name for child in value), "child table")
        return value


class FilesTarget(Rules):
    """Numbered files for an integration platform, in a folder of the project or elsewhere; see docs/publishing.md."""

    type: Literal["files"]
    folder: PathText


class SqlTarget(Rules):
    """A table of a database in which the fields of a target are written, in rows that are there, and nothing else.

    `key` names the columns that make the record key, joined by +; without it they are those of the source.
    """

    type: Literal["sql"]
    url: Annotated[str, AfterValidator(_is_open_url)]
    table: TableName
    key: str = ""


class TrytonTarget(Rules):
    """A Tryton server, version 8, over JSON-RPC. One identifier of each party gets `prefix` and the master id."""

    type: Literal["tryton"]
    url: Annotated[str, AfterValidator(_is_safe_http)]
    database: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,63}$")]
    user: Annotated[str, StringConstraints(pattern=r"^[^:\x00-\x1f]{1,200}$")]
    password: Annotated[str, AfterValidator(_is_reference)]
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}:$")] = "MDM:"
    timeout: int = Field(default=30, ge=1, le=120, description="seconds until an answer is given up")


class SapTarget(Rules):
    """The OData service `API_BUSINESS_PARTNER` of an SAP S/4HANA system, by the address that ends in its name.

    Each partner gets an identification of the type `identification`; null: the crosswalk field is itself a property of
    the partner. `allow` names further properties of the partner.
    """

    type: Literal["sap_odata"]
    url: Annotated[str, AfterValidator(_is_safe_http)]
    user: Annotated[str, StringConstraints(pattern=r"^[^:\x00-\x1f]{1,200}$")]
    password: Annotated[str, AfterValidator(_is_reference)]
    client: Annotated[str, StringConstraints(pattern=r"^(\d{3})?$")] = ""
    identification: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,6}$")] | None = "ZMDM"
    timeout: int = Field(default=30, ge=1, le=120, description="seconds until an answer is given up")


class SalesforceTarget(Rules):
    """The records of one object of a Salesforce organisation, by the address of its instance.

    `key` is Id, or the external id field that holds the record key. `secret` is that of `client_id`, a connected app
    with the client credentials flow; without a `client_id` it is itself an access token. `bulk`: by jobs of Bulk 2.0.
    """

    type: Literal["salesforce"]
    url: Annotated[str, AfterValidator(_is_safe_http)]
    secret: Annotated[str, AfterValidator(_is_reference)]
    client_id: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x20]{0,300}$")] = ""
    object: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,79}$")] = "Account"
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,79}$")] = "Id"
    version: Annotated[str, StringConstraints(pattern=r"^\d{2,3}\.0$")] = "59.0"
    bulk: bool = False
    timeout: int = Field(default=60, ge=1, le=120, description="seconds until an answer is given up")


class WebhookTarget(Rules):
    """An address to which changes are posted, signed with `secret`; see docs/publishing.md."""

    type: Literal["webhook"]
    url: Annotated[str, AfterValidator(_is_safe_http)]
    secret: Annotated[str, AfterValidator(_is_reference)]
    timeout: int = Field(default=20, ge=1, le=120, description="seconds until an answer is given up")


TargetConnector = Annotated[
    SqlTarget | FilesTarget | TrytonTarget | SapTarget | SalesforceTarget | WebhookTarget, Field(discriminator="type")
]
