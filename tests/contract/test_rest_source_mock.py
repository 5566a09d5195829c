"""HubSpot, ERPNext, EspoCRM and NetSuite as sources, on stand-ins with their documented limits: our client alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.connect import Extract, open_source, refresh
from mdm.errors import InputRefused, SettingsInvalid, SystemRefused, SystemSilent
from mdm.rulebook import SourceRules, shipped_rules
from tests.contract.rest_standins import TOKEN, ErpNext, EspoCrm, HubSpot, NetSuite, RestStandIn, serving
from tests.unit.rulebook.test_shipped_sources import load_source

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
DATED = pytest.mark.parametrize("crm", ["hubspot", "frappe", "espocrm"], indirect=True)
"""Those whose children have a time of changes."""


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


@pytest.fixture(autouse=True)
def waits_are_short() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=3):
        yield


@pytest.fixture(params=list(KINDS))
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crm]:
    with serving(KINDS[request.param][0]()) as there:
        made: Any = there
        for number in range(1, 26):
            made.company(number, f"Firm {number:02d}", OLD)
            made.contact(number, number, f"info@c{number:02d}.example", OLD)
        yield Crm(request.param, made, tmp_path / "landing")


def test_all_records_come_with_what_belongs_to_them(crm: Crm) -> None:
    assert crm.refresh().rows == 25
    assert crm.names() == [f"Firm {n:02d}" for n in range(1, 26)]
    listed = [json.loads(text) for text in crm.extract()["contacts"]]
    assert [list(rows[0].values()) for rows in listed] == [[f"info@c{n:02d}.example"] for n in range(1, 26)]
    assert crm.extract()["contacts.rows"].to_list() == ["1"] * 25


@pytest.mark.parametrize("page", [1, 7, 24, 25])
def test_pages_of_any_size_give_the_same_extract(crm: Crm, page: int, tmp_path: Path) -> None:
    crm.there.contact(99, 7, "second@c07.example", OLD)
    crm.refresh()
    whole = crm.extract()
    crm.options, crm.folder = {"page": page}, tmp_path / "again"
    crm.refresh()
    assert crm.extract().equals(whole)


def test_a_delta_reads_what_changed(crm: Crm) -> None:
    crm.refresh()
    crm.there.edit(3, "Firm 03 AG", RECENT)
    read = crm.refresh(LATER)
    assert (read.kind, read.changed, crm.names()[2]) == ("delta", 1, "Firm 03 AG")
    assert crm.refresh(LATER).changed == 0


@DATED
def test_a_changed_contact_makes_its_record_changed(crm: Crm) -> None:
    crm.refresh()
    crm.there.edit_contact(4, "new@c04.example", RECENT)
    read = crm.refresh(LATER)
    assert (read.kind, read.changed) == ("delta", 1)
    assert "new@c04.example" in crm.extract()["contacts"][3]


def test_what_is_no_longer_in_the_snapshot_is_gone(crm: Crm) -> None:
    crm.refresh()
    crm.there.remove(5)
    read = crm.refresh(LATER)
    assert (read.kind, read.rows, read.gone) == ("delta", 24, 1)


def test_a_new_record_is_found_by_the_delta(crm: Crm) -> None:
    crm.refresh()
    crm.there.company(26, "Firm 26", RECENT)
    read = crm.refresh(LATER)
    assert (read.kind, read.rows, read.changed) == ("delta", 26, 1)


def test_a_read_that_was_cut_off_goes_on_where_it_was(crm: Crm) -> None:
    crm.options = {"page": 10}
    source = open_source(crm.rules, {"TOKEN": TOKEN})
    first = next(source.full(()))
    rest = pl.concat(source.full((first[crm.rules.key][-1],)))
    assert pl.concat([first, rest])[crm.name].to_list() == [f"Firm {n:02d}" for n in range(1, 26)]


@pytest.mark.parametrize("fault", ["429", "503", "500", "cut"])
def test_a_system_that_asks_to_come_again_is_asked_again(crm: Crm, fault: str) -> None:
    crm.there.faults = [fault, fault]
    assert crm.refresh().rows == 25


def test_a_system_that_stays_silent_is_told_so(crm: Crm) -> None:
    crm.there.faults = ["503"] * 20
    with pytest.raises(SystemSilent, match="answers 503"):
        crm.refresh()


def test_a_login_page_in_place_of_data_is_told(crm: Crm) -> None:
    crm.there.faults = ["200"]
    with pytest.raises(SystemRefused, match="a page, as for a login"):
        crm.refresh()


def test_a_wrong_token_is_refused_and_not_shown(crm: Crm) -> None:
    with pytest.raises(SystemRefused, match="does not accept the login") as told:
        crm.refresh(token="quite wrong")  # noqa: S106 - a test
    assert "quite wrong" not in str(told.value)


def test_a_token_that_is_nowhere_is_told(crm: Crm) -> None:
    with pytest.raises(SettingsInvalid, match="TOKEN"):
        open_source(crm.rules, {})


def test_a_field_that_is_not_there_is_named_before_anything_is_read(crm: Crm) -> None:
    crm.refresh()
    crm.there.gone = [crm.name]
    with pytest.raises((SystemRefused, InputRefused), match=f"has no {crm.name}"):
        crm.refresh(LATER)


def test_nothing_but_questions_is_sent(crm: Crm) -> None:
    crm.refresh()
    crm.there.edit(3, "Firm 03 AG", RECENT)
    crm.refresh(LATER)
    posted = {asked for asked in crm.there.asked if not asked.startswith("GET ")}
    assert all("/search" in asked or "/suiteql" in asked for asked in posted)


@pytest.mark.parametrize("name", ["hubspot", "erpnext", "espocrm", "netsuite"])
def test_shipped_rules_read_a_system_that_has_just_what_they_name(name: str, tmp_path: Path) -> None:
    rules = load_source(shipped_rules() / "sources" / f"{name}.yaml")
    connector: Any = rules.connector
    with serving(KINDS[connector.dialect][0]()) as there:
        fill(there, connector)
        reached = connector.model_copy(update={"url": there.url, "token": "env:TOKEN"})
        placed = rules.model_copy(update={"connector": reached})
        assert refresh(open_source(placed, {"TOKEN": TOKEN}), placed, tmp_path, NOW).rows == 1
        extract = pl.read_parquet(tmp_path / "extract.parquet")
        assert not [column for column in extract.columns if extract[column].null_count()]
        assert refresh(open_source(placed, {"TOKEN": TOKEN}), placed, tmp_path, LATER).changed == 0


def fill(there: Any, connector: Any) -> None:
    """One record with one of each of its children, in tables that have the columns of the rules."""
    key = {"hubspot": "hs_object_id", "frappe": "name"}.get(connector.dialect, "id")
    wanted = {connector.object: {key: "1"} | dict.fromkeys((*connector.columns, *connector.changed_at), "1")}
    for child in connector.children:
        tables = ["customeraddressbook", "customeraddressbookentityaddress"] if " " in child.object else [child.object]
        for table in tables:
            row = wanted.setdefault(table, {key: "1"} if len(tables) == 1 else {"addressbookaddress": "1", "nkey": "1"})
            row |= dict.fromkeys((*child.columns, *child.changed_at), "1")
            row |= {} if "." in child.on else {child.on: "1"}
    if len(wanted) > 2 and connector.dialect == "suiteql":
        first, second = (wanted[n] for n in ("customeraddressbook", "customeraddressbookentityaddress"))
        wanted["customeraddressbook"] = {n: first[n] for n in ("entity", "addressbookaddress", "defaultbilling")}
        kept = ("nkey", "addr1", "addr2", "city", "state", "zip", "country")
        wanted["customeraddressbookentityaddress"] = {n: second[n] for n in kept}
    moments = {*connector.changed_at, *(n for child in connector.children for n in child.changed_at)}
    for table, row in wanted.items():
        there.run(f"DROP TABLE IF EXISTS {table}")
        there.make({table: [f"{n} integer" if n == key and n != "name" and table != "Account" else n for n in row]})
        there.put(table, *(there.moment(OLD) if n in moments else value for n, value in row.items()))
    if connector.dialect == "frappe":
        there.put("links", "1", "Customer", "1")


@pytest.mark.parametrize("crm", ["hubspot"], indirect=True)
def test_more_companies_than_one_search_gives_are_read_behind_the_last_key(crm: Crm) -> None:
    crm.there.results = 10
    crm.options = {"page": 5}
    assert crm.refresh().rows == 25


@pytest.mark.parametrize("crm", ["hubspot"], indirect=True)
def test_a_merged_company_is_gone_and_stands_with_the_one_that_is_left(crm: Crm) -> None:
    crm.refresh()
    crm.there.merge(kept=2, lost=9, changed=RECENT)
    read = crm.refresh(LATER)
    assert (read.changed, read.gone) == (1, 1)
    assert crm.extract().filter(hs_object_id="2")["hs_merged_object_ids"].to_list() == ["9"]


@pytest.mark.parametrize("crm", ["frappe"], indirect=True)
def test_an_address_of_two_customers_stands_with_both(crm: Crm) -> None:
    crm.there.link(1, 2)
    crm.options = {"page": 2}
    crm.refresh()
    assert crm.extract()["contacts.rows"].to_list()[:3] == ["1", "2", "1"]


@pytest.mark.parametrize("crm", ["suiteql"], indirect=True)
def test_a_text_with_a_quote_ends_no_question(crm: Crm) -> None:
    crm.options = {"where": {"companyname": ["Firm 01", "O'Neill' OR '1'='1"]}}
    assert crm.refresh().rows == 1


ACTS = st.tuples(st.sampled_from(["add", "edit", "remove", "contact", "edit contact"]), st.integers(1, 5))


@pytest.mark.parametrize("dialect", list(KINDS))
@settings(max_examples=12, deadline=None)
@given(rounds=st.lists(st.lists(ACTS, min_size=1, max_size=4), min_size=1, max_size=3), page=st.integers(1, 4))
def test_deltas_lead_to_what_a_full_read_says(
    dialect: str, rounds: list[list[tuple[str, int]]], page: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("histories")
    with stamina.set_testing(testing=True, attempts=3), serving(KINDS[dialect][0]()) as there:
        crm = Crm(dialect, there, folder / "landing", {"page": page})
        for number in (1, 2, 3):
            crm.there.company(number, f"Firm {number}", OLD)
            crm.there.contact(number, number, f"c{number}@firm.example", OLD)
        crm.refresh()
        firms, contacts = {1, 2, 3}, 3
        for second, (act, number) in enumerate((None, 0) if a is None else a for r in rounds for a in (*r, None)):
            changed = f"2026-02-20T10:00:{second:02d}.000Z"
            if act is None:
                crm.refresh(LATER)
            elif act == "add" and number not in firms:
                crm.there.company(number, f"Firm {number}", changed)
                firms.add(number)
            elif act == "edit" and number in firms:
                crm.there.edit(number, f"Firm {second} anew", changed)
            elif act == "remove" and firms > {number}:
                crm.there.remove(number)
                firms.discard(number)
            elif dialect != "suiteql" and act == "contact" and number in firms:
                contacts += 1
                crm.there.contact(contacts, number, f"c{contacts}@firm.example", changed)
            elif dialect != "suiteql" and act == "edit contact" and number <= contacts:
                crm.there.edit_contact(number, f"c{second}@anew.example", changed)
        by_deltas, crm.folder = crm.extract(), folder / "whole"
        crm.refresh(LATER)
        assert by_deltas.sort(pl.all()).equals(crm.extract().sort(pl.all()))
