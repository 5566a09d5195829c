"""What the tests of systems that answer with pages of JSON share: rules for each dialect, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from mdm.connect import Extract, open_source, refresh
from mdm.rulebook import SourceRules
from tests.contract.rest_standins import TOKEN, ErpNext, EspoCrm, HubSpot, NetSuite, RestStandIn

NOW, LATER = "2026-03-01T00:00:00+00:00", "2026-03-02T00:00:00+00:00"
OLD, RECENT = "2026-02-01T10:00:00.000Z", "2026-02-20T10:00:00.000Z"
LINKED = {"on": "Dynamic Link.link_name", "where": {"Dynamic Link.link_doctype": "Customer"}}
BOOK = "customeraddressbook b JOIN customeraddressbookentityaddress a ON a.nkey = b.addressbookaddress"
KINDS: dict[str, tuple[type[RestStandIn], str, str, dict[str, Any]]] = {
    "hubspot": (
        HubSpot,
        "hs_object_id",
        "name",
        {
            "object": "companies",
            "columns": ["name", "city", "hs_merged_object_ids"],
            "changed_at": "hs_lastmodifieddate",
            "children": [
                {
                    "name": "contacts",
                    "object": "contacts",
                    "on": "associatedcompanyid",
                    "columns": ["email"],
                    "changed_at": "lastmodifieddate",
                }
            ],
        },
    ),
    "frappe": (
        ErpNext,
        "name",
        "customer_name",
        {
            "object": "Customer",
            "columns": ["customer_name", "tax_id", "disabled"],
            "changed_at": "modified",
            "children": [
                {"name": "contacts", "object": "Address", "columns": ["email_id"], "changed_at": "modified", **LINKED}
            ],
        },
    ),
    "espocrm": (
        EspoCrm,
        "id",
        "name",
        {
            "object": "Account",
            "columns": ["name", "billingAddressCity"],
            "changed_at": "modifiedAt",
            "children": [
                {
                    "name": "contacts",
                    "object": "Contact",
                    "on": "accountId",
                    "columns": ["emailAddress"],
                    "changed_at": "modifiedAt",
                }
            ],
        },
    ),
    "suiteql": (
        NetSuite,
        "id",
        "companyname",
        {
            "object": "customer",
            "columns": ["companyname", "email", "isinactive"],
            "changed_at": "lastmodifieddate",
            "children": [{"name": "contacts", "object": BOOK, "on": "entity", "columns": ["city"]}],
        },
    ),
}


@dataclass
class Crm:
    """A stand-in, the rules that read it, and the folder of the extract."""

    dialect: str
    there: Any
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return KINDS[self.dialect][2]

    @property
    def rules(self) -> SourceRules:
        _, key, name, connector = KINDS[self.dialect]
        reached = {"type": "rest", "dialect": self.dialect, "url": self.there.url, "token": "env:TOKEN"}
        said = {"system": "crm", "key": key, "connector": {**reached, **connector, **self.options}}
        return SourceRules.model_validate(said | {"columns": {"name": name}})

    def refresh(self, now: str = NOW, token: str = TOKEN) -> Extract:
        return refresh(open_source(self.rules, {"TOKEN": token}), self.rules, self.folder, now)

    def extract(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "extract.parquet").sort(self.name)

    def names(self) -> list[str]:
        return self.extract()[self.name].to_list()
