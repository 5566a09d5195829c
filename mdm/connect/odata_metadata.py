"""What an OData service says of itself in $metadata: its entities, their properties, what leads to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from mdm.connect.protocols import Column
from mdm.errors import SystemRefused


@dataclass(frozen=True, slots=True)
class Entity:
    """The type of an entity: its key, its properties with their types, and where its navigation properties lead."""

    name: str
    key: tuple[str, ...]
    types: Mapping[str, str]
    leads: Mapping[str, str]

    def columns(self, names: Sequence[str] | None) -> list[Column]:
        """These properties, or all. Raises SystemRefused naming those that are not there."""
        missing = [name for name in names or () if name not in self.types]
        if missing:
            raise SystemRefused(
                f"Entity {self.name} has no property {', '.join(missing)}.",
                f"It has {', '.join(self.types)}. Correct the rules of the source.",
            )
        return [Column(name, self.types[name]) for name in (self.types if names is None else names)]


class Metadata:
    """The entities of a service, by the names of their sets."""

    def __init__(self, content: bytes, url: str) -> None:
        self._url = url
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise self._unreadable()
        try:
            root = ET.fromstring(content)  # noqa: S314 - without a document type there is nothing to expand
        except ET.ParseError:
            raise self._unreadable() from None
        self._types: dict[str, ET.Element] = {}
        self._sets: dict[str, str] = {}
        self._ends: dict[tuple[str, str], str] = {}
        for schema in _all(root, "Schema"):
            self._take(schema)
        if not self._sets:
            raise self._unreadable()

    def entity(self, name: str) -> Entity:
        """The type of the entities in a set. Raises SystemRefused where the service has no such set."""
        if name not in self._sets:
            raise SystemRefused(
                f"{self._url} has no entity set {name}.", f"It has {', '.join(sorted(self._sets)[:60])}."
            )
        return self._of_type(self._sets[name])

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
            self._sets[of_set.get("Name", "")] = of_set.get("EntityType", "")
        for association in _all(schema, "Association"):
            for end in _all(association, "End"):
                self._ends[f"{space}.{association.get('Name')}", end.get("Role", "")] = end.get("Type", "")

    def _of_type(self, name: str) -> Entity:
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
            {p.get("Name", ""): _type_of(p) for p in kind if _local(p) == "Property"},
            leads,
        )

    def _unreadable(self) -> SystemRefused:
        return SystemRefused(f"{self._url} gives no OData metadata.", "Check the address: it is that of the service.")


def _type_of(found: ET.Element) -> str:
    length = found.get("MaxLength")
    return found.get("Type", "") + (f"({length})" if length else "")


def _all(parent: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in parent.iter() if _local(element) == name]


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
