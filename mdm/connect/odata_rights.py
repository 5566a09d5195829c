"""What an OData service says of itself: the properties of its entities, their lengths, and what may be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from mdm.errors import SystemRefused

SAP: Final = "http://www.sap.com/Protocols/SAPData"
APART: Final = " "
"""What stands between a namespace and a name: no address holds a blank."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an entity: its type in the service's words, its length, and whether a client may change it."""

    type: str
    length: int | None
    is_updatable: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """A set of entities: its properties, and whether new ones may be written there."""

    properties: Mapping[str, Property]
    is_creatable: bool = True
    is_updatable: bool = True


@dataclass
class _Reading:
    """The types and sets found so far."""

    types: dict[str, dict[str, Property]] = field(default_factory=dict)
    sets: dict[str, tuple[str, bool, bool]] = field(default_factory=dict)
    current: str = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(APART)[2]
        if kind == "EntityType":
            self.current = attributes.get("Name", "")
            self.types[self.current] = {}
        elif kind == "Property" and self.current:
            self.types[self.current][attributes.get("Name", "")] = _property(attributes)
        elif kind == "EntitySet":
            type_name = attributes.get("EntityType", "").rpartition(".")[2]
            self.sets[attributes.get("Name", "")] = (type_name, _may(attributes, "creatable"), _may(attributes))

    def end(self, name: str) -> None:
        if name.rpartition(APART)[2] == "EntityType":
            self.current = ""


def read_metadata(content: bytes, place: str) -> dict[str, Entity]:
    """The entities of a `$metadata` document by the name of their set.

    Raises SystemRefused for what is no such document. A document that declares a type of its own is refused too:
    metadata has none, and what it could expand to is not read.
    """
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=APART)
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        raise SystemRefused(f"{place} answers with a page or what else is no metadata.", "Check the address.") from None
    return {
        name: Entity(reading.types.get(type_name, {}), creatable, updatable)
        for name, (type_name, creatable, updatable) in reading.sets.items()
    }


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type")


def _property(attributes: Mapping[str, str]) -> Property:
    length = attributes.get("MaxLength", "")
    return Property(attributes.get("Type", ""), int(length) if length.isdigit() else None, _may(attributes))


def _may(attributes: Mapping[str, str], what: str = "updatable") -> bool:
    """Whether the service forbids it; what it does not say is allowed, and found out when it is tried."""
    return attributes.get(f"{SAP}{APART}{what}", "true") != "false"
