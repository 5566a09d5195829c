"""`type: rest`: systems that answer questions over HTTP with pages of JSON, each in its own dialect."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from mdm.rulebook.base import Rules
from mdm.rulebook.http_connector import NAME, HttpConnector, Name
from mdm.rulebook.names import refuse_repeats
from mdm.rulebook.sql_tables import PART, Filters, Texts

PLACE = r"^[A-Za-z0-9_][A-Za-z0-9_ .=-]{0,300}$"
"""The name of an object, which may have blanks; nothing that a query or an address could be ended with."""

FIELD = r"^[A-Za-z_][A-Za-z0-9_ ]{0,80}(\.[A-Za-z_][A-Za-z0-9_]{0,80})?$"

FieldName = Annotated[str, StringConstraints(pattern=FIELD)]
Dialect = Literal["hubspot", "frappe", "espocrm", "suiteql"]


class RestChild(Rules):
    """Objects that belong to a record, such as its contacts; `on` is their field with the record's key."""

    name: Annotated[str, StringConstraints(pattern=PART)]
    object: Annotated[str, StringConstraints(pattern=PLACE)]
    on: FieldName
    columns: tuple[Name, ...]
    where: Filters = Field(default={})
    changed_at: Texts = ()
    many: bool = True
    order_by: Texts = ()

    @model_validator(mode="after")
    def is_ordered_by_what_is_read(self) -> Self:
        if missing := [name for name in self.order_by if name.removeprefix("-") not in self.columns]:
            raise ValueError(f"is ordered by {', '.join(missing)}, which is none of its columns; add it")
        return self


class RestConnector(HttpConnector):
    """One kind of object of a system, in the dialect of its API. Logs in by a token; nothing but questions is sent."""

    type: Literal["rest"]
    dialect: Dialect
    object: Annotated[str, StringConstraints(pattern=NAME)]
    columns: tuple[Name, ...]
    where: Filters = Field(default={})
    children: tuple[RestChild, ...] = ()

    @model_validator(mode="after")
    def has_a_token(self) -> Self:
        if self.token is None:
            raise ValueError("needs a token: env:NAME, file:PATH or keyring:SERVICE/USER that leads to one")
        if len(self.changed_at) > 1 or any(len(child.changed_at) > 1 for child in self.children):
            raise ValueError("takes one changed_at")
        return self

    @field_validator("children")
    @classmethod
    def children_differ(cls, value: tuple[RestChild, ...]) -> tuple[RestChild, ...]:
        refuse_repeats((child.name for child in value), "child")
        return value
