"""Connectors that read a system over HTTP: where it is, how to log in without a secret in the rules, what to read."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, field_validator, model_validator

from mdm.rulebook.base import Rules
from mdm.rulebook.connector import REFERENCE, Reference, SafeHttp, Span
from mdm.rulebook.names import refuse_repeats
from mdm.rulebook.sql_tables import PART, Texts

NAME = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"
PATH = r"^[A-Za-z_][A-Za-z0-9_]{0,127}(/[A-Za-z_][A-Za-z0-9_]{0,127}){0,5}$"

Name = Annotated[str, StringConstraints(pattern=NAME)]


_SAFE: Final = TypeAdapter[str](SafeHttp)


def safe_address(text: str) -> str:
    """An address that a login may be sent to. Raises ValueError where it is none."""
    return _SAFE.validate_python(text)


def _is_address(text: str) -> str:
    return text if text.startswith(REFERENCE) else safe_address(text)


class HttpConnector(Rules):
    """What every HTTP system needs. `ca` is a file with the certificates of whoever signed the system's own.

    The URL may be a reference; password and token must be. A token stands in place of user and password.
    """

    url: Annotated[str, AfterValidator(_is_address)]
    user: str = ""
    password: Reference | None = None
    token: Reference | None = None
    ca: str = ""
    timeout: int = Field(default=60, ge=1, le=600, description="seconds until an answer is given up")
    page: int = Field(default=1_000, ge=1, le=50_000, description="records asked for at once")
    changed_at: Texts = ()
    overlap: Span = Field(default="1 day", description="a delta begins so long before the last one ended")
    full_every: Span = Field(default="7 days", description="change dates are not trusted for longer than this")

    @model_validator(mode="after")
    def has_one_login(self) -> Self:
        if bool(self.user) != (self.password is not None):
            raise ValueError("needs both a user and a password")
        if self.token is not None and self.user:
            raise ValueError("has a token and a user; keep one")
        return self


class ODataChild(Rules):
    """Entities that belong to a record: `path` are the navigation properties that lead there.

    They become columns as the rows of a child table of an SQL source do.
    """

    name: Annotated[str, StringConstraints(pattern=PART)]
    path: Annotated[str, StringConstraints(pattern=PATH)]
    columns: tuple[Name, ...] | None = None
    many: bool = True
    order_by: Texts = ()


class ODataConnector(HttpConnector):
    """An entity set of an OData service, version 2 or 4, and what is expanded with it."""

    type: Literal["odata"]
    version: Literal["2", "4"] = "2"
    entity: Name
    filter: str = ""
    columns: tuple[Name, ...] | None = None
    children: tuple[ODataChild, ...] = ()

    @field_validator("children")
    @classmethod
    def children_differ(cls, value: tuple[ODataChild, ...]) -> tuple[ODataChild, ...]:
        refuse_repeats((child.name for child in value), "child")
        return value


class SalesforceChild(Rules):
    """Objects that look up to a record, such as its contacts; `on` is their field with the record's Id."""

    name: Annotated[str, StringConstraints(pattern=PART)]
    object: Name
    on: Name
    columns: tuple[Name, ...]
    many: bool = True
    order_by: Texts = ()


class SalesforceConnector(HttpConnector):
    """An object of Salesforce over its REST API, with Bulk 2.0 for full reads where `bulk` says so.

    Logs in by `token`, or by `client_id` and `client_secret` of a connected app with the client credentials flow.
    """

    type: Literal["salesforce"]
    api: Annotated[str, StringConstraints(pattern=r"^\d{2,3}\.0$")] = "62.0"
    object: Name = "Account"
    columns: tuple[Name, ...] | None = None
    children: tuple[SalesforceChild, ...] = ()
    client_id: str = ""
    client_secret: Reference | None = None
    bulk: bool = False
    changed_at: Texts = ("SystemModstamp",)

    @model_validator(mode="after")
    def logs_in_one_way(self) -> Self:
        if bool(self.client_id) != (self.client_secret is not None):
            raise ValueError("needs both client_id and client_secret")
        if bool(self.client_id) == (self.token is not None) or self.user:
            raise ValueError("needs a token, or client_id and client_secret")
        return self

    @field_validator("children")
    @classmethod
    def children_differ(cls, value: tuple[SalesforceChild, ...]) -> tuple[SalesforceChild, ...]:
        refuse_repeats((child.name for child in value), "child")
        return value
