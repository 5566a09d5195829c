"""Salesforce as a source, against a TLS server of our own with which unmodified simple-salesforce can talk."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import requests
import stamina
from simple_salesforce import Salesforce

from mdm.connect import Extract, open_source, refresh
from mdm.connect.salesforce_service import SalesforceService
from mdm.errors import InputRefused, SystemRefused
from mdm.rulebook import SourceRules
from tests.contract.salesforce_standin import TOKEN, StandIn, serving
from tests.contract.stand_in import Certified, certified

NOW = "2026-03-01T00:00:00+00:00"
LATER = "2026-03-02T00:00:00+00:00"
OLD, RECENT = "2026-02-01T10:00:00.000+0000", "2026-02-20T10:00:00.000+0000"
CONTACTS = {"name": "contacts", "object": "Contact", "on": "AccountId", "columns": ["LastName", "Email"]}
SECRETS = {"SF_TOKEN": TOKEN, "SF_SECRET": "app secret"}


def account(number: int) -> str:
    return f"001{number:012d}AAA"


@dataclass
class Crm:
    """The stand-in, the rules that read it, and the folder of the extract."""

    org: StandIn
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def rules(self) -> SourceRules:
        connector = {
            "type": "salesforce",
            "url": self.org.url,
            "ca": str(self.org.certificate),
            "children": [CONTACTS],
            **({"token": "env:SF_TOKEN"} if "client_id" not in self.options else {}),
            **self.options,
        }
        roles = {"name": "Name", "city": "BillingCity", "email": "contacts.Email"}
        return SourceRules.model_validate({"system": "crm", "key": "Id", "connector": connector, "columns": roles})

    def put(self, number: int, name: str, changed: str = OLD) -> None:
        self.org.put("Account", account(number), 0, None, name, "Bonn", 7, changed)
        person = (f"003{number}", 0, account(number), f"info@c{number}.example", f"Person {number}")
        self.org.put("Contact", *person, changed)

    def change(self, table: str, which: str, said: str) -> None:
        said = f"{said}, SystemModstamp = '{RECENT}'"
        self.org.run(f"UPDATE {table} SET {said} WHERE {which}")  # noqa: S608 - a test

    def refresh(self, now: str = NOW) -> Extract:
        return refresh(open_source(self.rules, SECRETS), self.rules, self.folder, now)

    def extract(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "extract.parquet").sort("Id")


@pytest.fixture(autouse=True)
def waits_are_short() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=3):
        yield


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def crm(tls: Certified, tmp_path: Path) -> Iterator[Crm]:
    with serving(tls) as org:
        made = Crm(org, tmp_path / "landing")
        for number, name in enumerate(("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"), 1):
            made.put(number, name)
        made.put(9, "Wendelin", RECENT)
        yield made


def test_simple_salesforce_reads_the_same_records_from_the_same_server(crm: Crm) -> None:
    crm.org.most = 2
    crm.refresh()
    with requests.Session() as session:
        client = reference(crm, session)
        records = client.query_all("SELECT Id, Name FROM Account ORDER BY Id")["records"]
    assert [(r["Id"], r["Name"]) for r in records] == list(crm.extract().select("Id", "Name").iter_rows())


def test_simple_salesforce_runs_a_query_job_of_several_parts_on_the_same_server(crm: Crm) -> None:
    crm.refresh()
    with requests.Session() as session:
        bulk = reference(crm, session).bulk2.Account
        parts = list(bulk.query("SELECT Id, Name FROM Account ORDER BY Id", max_records=2))
    found = pl.concat(pl.read_csv(io.StringIO(part), infer_schema=False) for part in parts)
    assert len(parts) == 2
    assert found.rows() == crm.extract().select("Id", "Name").rows()


def reference(crm: Crm, session: requests.Session) -> Salesforce:
    """The client of the Salesforce community, as it is."""
    session.trust_env, session.verify = False, str(crm.org.certificate)
    return Salesforce(instance_url=crm.org.url, session_id=TOKEN, session=session, version="62.0")


@pytest.mark.parametrize("most", [1, 2, 3, 2000])
def test_pages_of_any_size_give_the_same_extract(crm: Crm, most: int) -> None:
    crm.org.most = most
    assert crm.refresh().rows == 4
    first = crm.extract().row(0, named=True)
    assert json.loads(first["contacts"]) == [{"LastName": "Person 1", "Email": "info@c1.example"}]
    assert first["NumberOfEmployees"] == "7"
    assert first["IsDeleted"] == "false"


def test_a_bulk_job_gives_the_same_extract_as_queries(crm: Crm, tmp_path: Path, monkeypatch: Any) -> None:
    crm.refresh()
    by_query = crm.extract()
    begun = SalesforceService.__init__
    monkeypatch.setattr(SalesforceService, "__init__", lambda self, client, api: begun(self, client, api, 0.01))
    crm.options, crm.folder = {"bulk": True}, tmp_path / "by job"
    assert crm.refresh().rows == 4
    assert crm.extract().equals(by_query)
    assert sum("results?" in asked for asked in crm.org.asked) == 2


def test_a_delta_reads_what_changed(crm: Crm) -> None:
    crm.refresh()
    crm.change("Account", "Name = 'Wendelin'", "Name = 'Wendelin AG'")
    read = crm.refresh(LATER)
    assert (read.kind, read.changed) == ("delta", 1)


def test_a_changed_contact_makes_its_account_changed(crm: Crm) -> None:
    crm.refresh()
    crm.change("Contact", "Id = '0031'", "Email = 'new@c1.example'")
    assert crm.refresh(LATER).changed == 1
    assert crm.extract()["contacts.Email"][0] == "new@c1.example"


def test_a_deleted_contact_makes_its_account_changed(crm: Crm) -> None:
    crm.refresh()
    crm.change("Contact", "Id = '0031'", "IsDeleted = 1")
    assert crm.refresh(LATER).changed == 1
    assert crm.extract()["contacts.rows"].to_list() == ["0", "1", "1", "1"]


def test_a_merged_account_tells_its_survivor(crm: Crm) -> None:
    crm.refresh()
    crm.change("Account", "Name = 'Nordlicht GmbH'", f"IsDeleted = 1, MasterRecordId = '{account(2)}'")
    assert crm.refresh(LATER).changed == 1
    assert crm.extract().select("IsDeleted", "MasterRecordId").row(0) == ("true", account(2))


def test_only_named_fields_are_asked_for_beside_what_tells_changes_and_merges(crm: Crm) -> None:
    crm.options = {"columns": ["Name", "BillingCity"]}
    names = [column.name for column in open_source(crm.rules, SECRETS).describe().columns]
    assert names[:6] == ["Id", "IsDeleted", "MasterRecordId", "SystemModstamp", "Name", "BillingCity"]


def test_a_field_that_this_user_may_not_read_is_named(crm: Crm) -> None:
    crm.options = {"columns": ["Name", "VAT__c"]}
    with pytest.raises(SystemRefused, match="has no field VAT__c that this user may read"):
        open_source(crm.rules, SECRETS)


def test_a_mapped_field_that_is_gone_stops_the_read(crm: Crm) -> None:
    crm.refresh()
    crm.org.gone = ["BillingCity"]
    with pytest.raises(InputRefused, match="has no BillingCity"):
        crm.refresh(LATER)


def test_fewer_records_than_promised_are_refused(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = StandIn.page
    monkeypatch.setattr(StandIn, "page", lambda *a: whole(*a) | {"totalSize": 5})
    with pytest.raises(SystemRefused, match=r"promised 5 records and gave \d"):
        crm.refresh()


def test_a_connected_app_logs_in_by_its_secret(crm: Crm) -> None:
    crm.options = {"client_id": "app", "client_secret": "env:SF_SECRET"}
    assert crm.refresh().rows == 4
    with pytest.raises(SystemRefused) as told:
        open_source(crm.rules, SECRETS | {"SF_SECRET": "quite wrong"})
    assert "quite wrong" not in str(told.value)


def test_a_token_that_has_expired_is_told_and_not_shown(crm: Crm) -> None:
    with pytest.raises(SystemRefused, match="does not accept the login") as told:
        open_source(crm.rules, SECRETS | {"SF_TOKEN": "expired token"})
    assert "expired token" not in str(told.value)


@pytest.mark.parametrize("fault", ["429", "503"])
def test_an_organisation_that_asks_to_come_again_is_asked_again(crm: Crm, fault: str) -> None:
    crm.org.faults = [fault]
    assert crm.refresh().rows == 4


def test_a_certificate_that_nobody_signed_is_not_taken(crm: Crm) -> None:
    crm.options = {"ca": ""}
    with pytest.raises(SystemRefused, match="gives no answer"):
        open_source(crm.rules, SECRETS)
