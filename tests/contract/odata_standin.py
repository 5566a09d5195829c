"""A stand-in for an OData service as S/4HANA has it, version 2 or 4, with its behaviours and with faults on demand.

It answers as the documentation of the service and a running imitation of it say; it proves our client, and nothing
about the vendor's system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.contract.stand_in import Asked, Said, Tables, as_json, serving_app

BASE = "/sap/opu/odata/sap/API_BUSINESS_PARTNER"
PAGE = b"<!doctype html><title>Log on</title>"
UNKNOWN = {"error": {"code": "X", "message": {"lang": "en", "value": "Property X is unknown"}}}
FIELDS = {
    "A_BusinessPartner": {
        "BusinessPartner": "Edm.String",
        "OrganizationBPName1": "Edm.String",
        "LastChangeDate": "Edm.DateTime",
        "CreationDate": "Edm.DateTime",
        "BusinessPartnerIsBlocked": "Edm.Boolean",
    },
    "A_BusinessPartnerAddress": {
        "BusinessPartner": "Edm.String",
        "AddressID": "Edm.String",
        "CityName": "Edm.String",
        "StreetName": "Edm.String",
    },
    "A_AddressEmailAddress": {"AddressID": "Edm.String", "EmailAddress": "Edm.String"},
}
LEADS = {
    "A_BusinessPartner": {"to_BusinessPartnerAddress": ("A_BusinessPartnerAddress", "BusinessPartner")},
    "A_BusinessPartnerAddress": {"to_EmailAddress": ("A_AddressEmailAddress", "AddressID")},
    "A_AddressEmailAddress": {},
}


@dataclass
class StandIn(Tables):
    """The service's entities, how much it gives at once, and what it does wrong next."""

    version: str = "2"
    most: int = 1_000
    tells_next: bool = True
    login: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        self.make(FIELDS)

    def answer(self, asked: Asked) -> Said:
        """Reads alone: a source that sent anything else would get 501."""
        self.asked.append(asked.line)
        if asked.method != "GET":
            return Said(501)
        if self.login and asked.headers.get("authorization") != self.login:
            return Said(401, PAGE)
        if (fault := self.fault(PAGE, UNKNOWN)) is not None:
            return fault
        if asked.path.endswith("$metadata"):
            return Said(200, self.metadata())
        return as_json(self.page(asked.path.rpartition("/")[2], dict(asked.query)))

    def metadata(self) -> bytes:
        kinds, sets, associations = [], [], []
        for name, fields in FIELDS.items():
            given = [(n, t) for n, t in fields.items() if n not in self.gone]
            properties = "".join(f'<Property Name="{n}" Type="{self._type(t)}" MaxLength="60"/>' for n, t in given)
            leads = ""
            for step, (to, _) in LEADS[name].items():
                if self.version == "4":
                    leads += f'<NavigationProperty Name="{step}" Type="Collection(S.{to}Type)"/>'
                else:
                    leads += f'<NavigationProperty Name="{step}" Relationship="S.{step}" ToRole="To"/>'
                    associations.append(
                        f'<Association Name="{step}"><End Type="S.{to}Type" Role="To" Multiplicity="*"/></Association>'
                    )
            key = f'<Key><PropertyRef Name="{next(iter(fields))}"/></Key>'
            kinds.append(f'<EntityType Name="{name}Type">{key}{properties}{leads}</EntityType>')
            sets.append(f'<EntitySet Name="{name}" EntityType="S.{name}Type"/>')
        container = f'<EntityContainer Name="C">{"".join(sets)}</EntityContainer>'
        schema = f'<Schema Namespace="S" xmlns="urn:s">{"".join(kinds + associations)}{container}</Schema>'
        return f'<edmx:Edmx xmlns:edmx="urn:e"><edmx:DataServices>{schema}</edmx:DataServices></edmx:Edmx>'.encode()

    def page(self, entity: str, options: dict[str, str]) -> dict[str, Any]:
        """One page of a list, with a link to the next where there is more."""
        where = self._condition(options.get("$filter", ""))
        order = options.get("$orderby", "rowid").replace(",", ", ")
        begin = int(options.get("$skiptoken", 0))
        most = min(self.most, int(options.get("$top", self.most)) - begin)
        query = f"SELECT * FROM {entity} WHERE {where} ORDER BY {order}"  # noqa: S608 - a test
        found = [dict(zip(FIELDS[entity], row, strict=True)) for row in self.tables.execute(query)]
        wanted = found[: int(options["$top"])] if "$top" in options else found
        rows = [self._told(entity, row, options) for row in wanted[begin : begin + most]]
        more = begin + most < len(wanted) and self.tells_next
        kept = "&".join(f"{n}={v}" for n, v in options.items() if n != "$skiptoken")
        link = f"https://elsewhere.example{BASE}/{entity}?{kept}&$skiptoken={begin + most}"
        if self.version == "4":
            return {"value": rows, **({"@odata.nextLink": link} if more else {})}
        return {"d": {"results": rows, **({"__next": link} if more else {})}}

    def _type(self, kind: str) -> str:
        return "Edm.Date" if self.version == "4" and kind == "Edm.DateTime" else kind

    def _told(self, entity: str, row: dict[str, Any], options: dict[str, str]) -> dict[str, Any]:
        """A row as JSON: dates as ticks in version 2, what is not expanded deferred."""
        told = {n: self._value(FIELDS[entity][n], v) for n, v in row.items()}
        if "$select" in options:
            chosen = options["$select"].split(",")
            told = {name: value for name, value in told.items() if name in chosen}
        steps = re.split(r"[,/(=)]|\$expand", options.get("$expand", ""))
        for step, (to, by) in LEADS[entity].items():
            if step not in steps:
                told |= {step: {"__deferred": {"uri": step}}} if self.version == "2" else {}
                continue
            below = [
                self._told(to, dict(zip(FIELDS[to], found, strict=True)), {"$expand": options["$expand"]})
                for found in self.tables.execute(f"SELECT * FROM {to} WHERE {by} = ?", (row[by],))  # noqa: S608 - a test
            ]
            told[step] = below if self.version == "4" else {"results": below}
        return told

    def _value(self, kind: str, value: Any) -> Any:
        if value is None or kind == "Edm.String":
            return value
        if kind == "Edm.Boolean":
            return bool(value)
        if self.version == "4":
            return value
        return f"/Date({int(datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp() * 1000)})/"

    def _condition(self, text: str) -> str:
        """A filter as SQL; dates are kept as days."""
        text = re.sub(r"datetime'([0-9-]{10})[^']*'", r"'\1'", text)
        text = re.sub(r"(?<![\w'])(\d{4}-\d\d-\d\d)(?![\w'])", r"'\1'", text)
        text = re.sub(r"(\w+) eq null", r"\1 IS NULL", text)
        for word, sign in (("eq", "="), ("gt", ">"), ("ge", ">="), ("lt", "<"), ("le", "<=")):
            text = re.sub(rf" {word} ", f" {sign} ", text)
        return text or "1"


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    with serving_app(stand_in.answer) as address:
        stand_in.url = f"{address}{BASE}"
        yield stand_in
    stand_in.tables.close()
