"""`rules/sources/*.yaml`: where a source system's records come from and what its columns mean."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from mdm.records import ROLES, SINGLE_ROLES, SystemName
from mdm.rulebook.base import PathText, Rules, Version
from mdm.rulebook.connector import SqlConnector
from mdm.rulebook.http_connector import ODataConnector, SalesforceConnector
from mdm.rulebook.names import one_of, refuse_repeats
from mdm.rulebook.rest_connector import RestConnector
from mdm.rulebook.sql_tables import Filters

SYSTEM_NAME = r"^\w[\w.-]{0,63}$"
"""Letters, digits and `_ . -`, up to 64: a system's name is also the name of its files."""

RoleName = Annotated[str, one_of(ROLES, "role")]

SourceConnector = Annotated[
    SqlConnector | ODataConnector | SalesforceConnector | RestConnector, Field(discriminator="type")
]

VCARD_LISTS = {"tel", "email", "url"}
"""What stands several times on a card: the values of `tel.value` and its like are joined as those of child tables."""

FileFormat = Literal["csv", "excel", "parquet", "jsonl", "fixed", "se16", "vcard"]
Encoding = Literal["utf-8", "utf-16", "cp1252", "cp1250"]


class FileFormatRules(Rules):
    """How to read a file. What is left out is found out from the file and reported."""

    type: FileFormat | None = None
    encoding: Encoding | None = None
    separator: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1)] | None = None
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1, description="of fixed columns the first line with a record")
    fixed: dict[str, tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]] = Field(
        default={}, description="column -> the place where it begins, from 0, and the one behind its end"
    )

    @model_validator(mode="after")
    def fixed_columns_have_places(self) -> Self:
        if (self.type == "fixed") != bool(self.fixed):
            raise ValueError("fixed columns need both `type: fixed` and their places in `fixed`")
        for name, (begin, end) in self.fixed.items():
            if begin >= end:
                raise ValueError(f"{name} of `fixed` ends at {end}, before it begins")
        return self


class ChildTable(Rules):
    """A further table of the same system, joined to the main table.

    `on` maps a column of the main table to the column of this table that holds the same value. With `many: false` the
    first row (by `order_by`, then by all columns) adds its columns as `NAME.COLUMN`; with `many: true` the rows are
    counted as `NAME.rows` and each column becomes `NAME.COLUMN`, its distinct values sorted and joined by ` | `.
    """

    name: str = Field(min_length=1)
    path: PathText
    format: FileFormatRules = FileFormatRules()
    on: dict[str, str] = Field(min_length=1)
    many: bool = False
    order_by: tuple[str, ...] = ()


class RoleRule(Rules):
    """The source columns of one role.

    Each entry of `columns` is a column, or several joined by `+` whose values are put together with a blank. A role
    with one value takes the first entry that is not empty; a role with many takes all.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    confidence: float = Field(default=1.0, ge=0, le=1)
    why: str = "set by rule"

    @field_validator("columns", mode="before")
    @classmethod
    def one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Merging(Rules):
    """What a system lets its users do about records that are one customer: told to them, never done in their place.

    `most` records go into one merge, the surviving one among them; 1: the system has no merge. Without it there is no
    limit that is known of.
    """

    most: int | None = Field(default=None, ge=1, le=1_000)
    how: str = Field(min_length=1, description="where and by what a user merges two records")
    follow_up: str = Field(default="", description="what is to be done besides, and what becomes of the other record")
    is_final: bool = Field(default=False, description="it cannot be taken back there")


class SourceRules(Rules):
    """One source system: its tables, its key, and the role of each column that matters.

    Its records come from a file (`path`) or from the system itself (`connector`); `path` is then where the last read
    lies, and not written by a person.
    """

    system: Annotated[SystemName, StringConstraints(pattern=SYSTEM_NAME)]
    label: str = ""
    path: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        default="", description="file of the main table, relative to the project folder"
    )
    connector: SourceConnector | None = None
    format: FileFormatRules = FileFormatRules()
    key: str = Field(min_length=1, description="column, or columns joined by +, that identify a record")
    source_column: str | None = None
    source_value: str | None = None
    children: tuple[ChildTable, ...] = ()
    columns: dict[RoleName, RoleRule] = Field(default={})
    deleted: Filters = Field(default={}, description="column -> values of records that are there and count as deleted")
    merged_into: str | None = Field(default=None, description="column with the key of the record it was merged into")
    merged_from: str | None = Field(default=None, description="column with the keys of records merged into this one")
    merging: Merging | None = None
    duplicate_free: bool = False
    default_country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    shrink_limit: float = Field(default=0.10, ge=0, le=1)
    crosswalk_field: str | None = None

    @property
    def entries(self) -> tuple[str, ...]:
        """Every entry of the rules that names a column, or several joined by `+`."""
        given = (self.key, self.source_column, self.merged_into, self.merged_from)
        of_roles = (entry for rule in self.columns.values() for entry in rule.columns)
        return (*(entry for entry in given if entry), *self.deleted, *of_roles)

    @property
    def lists(self) -> frozenset[str]:
        """The names of further tables with many rows for a record: their columns hold several values."""
        connected = self.connector.children if self.connector is not None else ()
        of_files = {child.name for child in self.children if child.many}
        if self.format.type == "vcard" or self.path.lower().endswith(".vcf"):
            of_files |= VCARD_LISTS
        return frozenset(of_files | {child.name for child in connected if child.many})

    @model_validator(mode="after")
    def one_value_is_of_one_row(self) -> Self:
        """An address of a street of one row and a city of another is none."""
        for child in self.connector.children if self.connector is not None else ():
            for role, rule in self.columns.items() if child.many else ():
                if role in SINGLE_ROLES and any(entry.startswith(f"{child.name}.") for entry in rule.columns):
                    raise ValueError(
                        f"{role} takes one value and {child.name} has many rows; add a table with many: false"
                    )
        return self

    @model_validator(mode="after")
    def has_one_origin(self) -> Self:
        if bool(self.path) == (self.connector is not None):
            raise ValueError("needs a path or a connector" if not self.path else "has a path and a connector; keep one")
        return self

    @field_validator("columns", mode="before")
    @classmethod
    def short_forms(cls, value: object) -> object:
        """`name: NAME1+NAME2` and `phone: [TELF1, TELF2]` are short for the long form."""
        if not isinstance(value, dict):
            return value
        return {k: {"columns": v} if isinstance(v, str | list | tuple) else v for k, v in value.items()}

    @field_validator("children")
    @classmethod
    def children_differ(cls, value: tuple[ChildTable, ...]) -> tuple[ChildTable, ...]:
        refuse_repeats((child.name for child in value), "child table")
        return value


class Mapping(Rules):
    """`mapping.yaml`: what `mdm dedupe` found out about its files; the next run can take it."""

    version: Version = 1
    sources: tuple[SourceRules, ...]

    @field_validator("sources")
    @classmethod
    def systems_differ(cls, value: tuple[SourceRules, ...]) -> tuple[SourceRules, ...]:
        refuse_repeats((source.system for source in value), "source system")
        return value
