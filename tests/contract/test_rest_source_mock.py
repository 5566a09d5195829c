"""HubSpot, ERPNext, EspoCRM and NetSuite as sources, on stand-ins with their documented limits: our client alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import stamina

from mdm.connect import open_source
from mdm.errors import InputRefused, SettingsInvalid, SystemRefused, SystemSilent
from tests.contract.rest_crm import KINDS, LATER, OLD, RECENT, Crm
from tests.contract.rest_standins import TOKEN, serving

DATED = pytest.mark.parametrize("crm", ["hubspot", "frappe", "espocrm"], indirect=True)
"""Those whose children have a time of changes."""


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
