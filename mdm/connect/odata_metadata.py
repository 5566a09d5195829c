"""What an OData service says of itself in $metadata: entities, their properties, what may be written, what leads on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from mdm.connect.protocols import Column
from mdm.errors import SystemRefused

SAP: Final = "{http://www.sap.com/Protocols/SAPData}"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an entity: its type in the service's words, its length, and whether a client may change it."""

    type: str
    length: int | None
    is_updatable: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """A set of entities: its key, its properties, where its navigation properties lead, what may be written there."""

    name: str
    key: tuple[str, ...]
    properties: Mapping[str, Property]
    leads: Mapping[str, str]
    is_creatable: bool = True
    is_updatable: bool = True

    @property
    def types(self) -> dict[str, str]:
        """The types of its properties with their lengths."""
        return {
            name: known.type + (f"({known.length})" if known.length is not None else "")
            for name, known in self.properties.items()
        }

    def columns(self, names: Sequence[str] | None) -> list[Column]:
        """These properties, or all. Raises SystemRefused naming those that are not there."""
        types = self.types
        missing = [name for name in names or () if name not in types]
        if missing:
            raise SystemRefused(
                f"Entity {self.name} has no property {', '.join(missing)}.",
                f"It has {', '.join(types)}. Correct the rules of the source.",
            )
        return [Column(name, types[name]) for name in (types if names is None else names)]


class _Builder(ET.TreeBuilder):
    """Metadata declares no document type, and what one could expand to is not read."""

    def doctype(self, *_: object) -> None:
        raise ValueError("a document type")


class Metadata:
    """The entities of a service, by the names of their sets."""

    def __init__(self, content: bytes, url: str) -> None:
        self._url = url
        try:
            root = ET.fromstring(content, ET.XMLParser(target=_Builder()))  # noqa: S314 - without a document type there is nothing to expand
        except (ET.ParseError, ValueError):
            raise self._unreadable() from None
        self._types: dict[str, ET.Element] = {}
        self._sets: dict[str, ET.Element] = {}
        self._ends: dict[tuple[str, str], str] = {}
        for schema in _all(root, "Schema"):
            self._take(schema)
        if not self._sets:
            raise self._unreadable()

    def entity(self, name: str) -> Entity:
        """The entities of a set. Raises SystemRefused where the service has no such set."""
        found = self._sets.get(name)
        if found is None:
            raise SystemRefused(
                f"{self._url} has no entity set {name}.", f"It has {', '.join(sorted(self._sets)[:60])}."
            )
        return self._of_type(found.get("EntityType", ""), found)

    def at(self, entity: Entity, path: str) -> Entity:
        """The type of the entities that a path of navigation properties leads to."""
        for step in path.split("/"):
            if step not in entity.leads:
                known = ", ".join(sorted(entity.leads)) or "none"
                raise SystemRefused(
                    f"Entity {entity.name} has no navigation property {step}.", f"It has {known}. Correct the rules."
                )
            entity = self._of_type(entity.leads[step])
        return entity

    def _take(self, schema: ET.Element) -> None:
        space = schema.get("Namespace", "")
        for kind in _all(schema, "EntityType"):
            self._types[f"{space}.{kind.get('Name')}"] = kind
        for of_set in _all(schema, "EntitySet"):
            self._sets[of_set.get("Name", "")] = of_set
        for association in _all(schema, "Association"):
            for end in _all(association, "End"):
                self._ends[f"{space}.{association.get('Name')}", end.get("Role", "")] = end.get("Type", "")

    def _of_type(self, name: str, of_set: ET.Element | None = None) -> Entity:
        kind = self._types.get(name)
        if kind is None:
            raise self._unreadable()
        leads = {}
        for found in _all(kind, "NavigationProperty"):
            to = found.get("Type") or self._ends.get((found.get("Relationship", ""), found.get("ToRole", "")), "")
            leads[found.get("Name", "")] = to.removeprefix("Collection(").removesuffix(")")
        return Entity(
            name.rpartition(".")[2],
            tuple(ref.get("Name", "") for ref in _all(kind, "PropertyRef")),
            {p.get("Name", ""): _property(p) for p in kind if _local(p) == "Property"},
            leads,
            of_set is None or _may(of_set, "creatable"),
            of_set is None or _may(of_set, "updatable"),
        )

    def _unreadable(self) -> SystemRefused:
        return SystemRefused(f"{self._url} gives no OData metadata.", "Check the address: it is that of the service.")


def _property(found: ET.Element) -> Property:
    length = found.get("MaxLength", "")
    return Property(found.get("Type", ""), int(length) if length.isdigit() else None, _may(found, "updatable"))


def _may(found: ET.Element, what: str) -> bool:
    """Whether the service forbids it; what it does not say is allowed, and found out when it is tried."""
    return found.get(f"{SAP}{what}", "true") != "false"


def _all(parent: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in parent.iter() if _local(element) == name]


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
