"""An OData service as a source, version 2 and 4, against a stand-in for S/4HANA: it proves our client alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import stamina

from mdm.connect import Extract, open_source, refresh
from mdm.errors import InputRefused, SettingsInvalid, SystemRefused, SystemSilent
from mdm.rulebook import SourceRules
from tests.contract.odata_standin import StandIn, serving

NOW = "2026-03-01T00:00:00+00:00"
LATER = "2026-03-02T00:00:00+00:00"
ADDRESSES = {
    "name": "addresses",
    "path": "to_BusinessPartnerAddress",
    "columns": ["AddressID", "StreetName", "CityName"],
    "order_by": ["AddressID"],
}
EMAILS = {"name": "email", "path": "to_BusinessPartnerAddress/to_EmailAddress", "columns": ["EmailAddress"]}
both = pytest.mark.parametrize("s4", ["2", "4"], indirect=True)


@dataclass
class S4:
    """The stand-in, the rules that read it, and the folder of the extract."""

    service: StandIn
    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def rules(self) -> SourceRules:
        connector = {
            "type": "odata",
            "version": self.service.version,
            "url": self.service.url,
            "entity": "A_BusinessPartner",
            "changed_at": ["LastChangeDate", "CreationDate"],
            "children": [ADDRESSES, EMAILS],
            **self.options,
        }
        roles = {"name": "OrganizationBPName1", "email": "email.EmailAddress"}
        return SourceRules.model_validate(
            {"system": "s4", "key": "BusinessPartner", "connector": connector, "columns": roles}
        )

    def partner(self, number: int, name: str, changed: str | None, created: str = "2026-01-01") -> None:
        key, address = f"{number:010d}", str(900 + number)
        self.service.put("A_BusinessPartner", key, name, changed, created, 0)
        self.service.put("A_BusinessPartnerAddress", key, address, "Bonn", f"Hauptstr. {number}")
        self.service.put("A_AddressEmailAddress", address, f"info@c{number}.example")

    def refresh(self, now: str = NOW) -> Extract:
        return refresh(open_source(self.rules, self.env), self.rules, self.folder, now)

    def extract(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "extract.parquet").sort("BusinessPartner")

    def names(self) -> list[str]:
        return self.extract()["OrganizationBPName1"].to_list()


@pytest.fixture(autouse=True)
def waits_are_short() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=3):
        yield


@pytest.fixture
def s4(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[S4]:
    with serving(StandIn(version=getattr(request, "param", "2"))) as service:
        made = S4(service, tmp_path / "landing")
        for number, name in enumerate(("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"), 1):
            made.partner(number, name, "2026-02-01")
        yield made


@both
def test_partners_come_with_what_belongs_to_them(s4: S4) -> None:
    assert s4.refresh().rows == 3
    first = s4.extract().row(0, named=True)
    assert first["BusinessPartner"] == "0000000001"
    assert json.loads(first["addresses"]) == [{"AddressID": "901", "StreetName": "Hauptstr. 1", "CityName": "Bonn"}]
    assert first["email.EmailAddress"] == "info@c1.example"
    assert first["BusinessPartnerIsBlocked"] == "false"
    assert first["LastChangeDate"][:10] == "2026-02-01"


@both
@pytest.mark.parametrize("page", [1, 2, 3, 1000])
@pytest.mark.parametrize("most", [1, 2, 1000])
def test_pages_of_any_size_and_next_links_give_the_same_extract(s4: S4, page: int, most: int) -> None:
    s4.service.most, s4.options = most, {"page": page}
    assert s4.refresh().rows == 3
    assert s4.names() == ["Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"]


def test_a_service_that_cuts_lists_off_and_does_not_say_so_is_read_whole(s4: S4) -> None:
    s4.service.most, s4.service.tells_next = 2, False
    assert s4.refresh().rows == 3


def test_a_next_link_to_another_host_is_followed_at_the_address_we_know(s4: S4) -> None:
    s4.service.most = 1
    s4.refresh()
    assert any("$skiptoken" in asked for asked in s4.service.asked)


@both
def test_a_delta_reads_what_changed_within_the_overlap(s4: S4) -> None:
    s4.partner(4, "Wendelin", "2026-02-20")
    s4.refresh()
    s4.service.run(
        "UPDATE A_BusinessPartner SET OrganizationBPName1 = 'Old change' WHERE BusinessPartner = '0000000001'"
    )
    s4.service.run(
        "UPDATE A_BusinessPartner SET OrganizationBPName1 = 'Wendelin AG', LastChangeDate = '2026-02-19' "
        "WHERE BusinessPartner = '0000000004'"
    )
    read = s4.refresh(LATER)
    assert (read.kind, read.changed) == ("delta", 1)
    assert s4.names() == ["Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG", "Wendelin AG"]


def test_a_new_partner_that_was_never_changed_is_seen_by_its_creation(s4: S4) -> None:
    s4.refresh()
    s4.partner(5, "Grimmelt", None, "2026-02-03")
    assert s4.refresh(LATER).changed == 1


def test_a_partner_that_is_gone_is_missed(s4: S4) -> None:
    s4.refresh()
    s4.service.run("DELETE FROM A_BusinessPartner WHERE BusinessPartner = '0000000002'")
    read = s4.refresh(LATER)
    assert (read.kind, read.gone) == ("delta", 1)


def test_dates_that_stand_for_none_do_not_end_all_deltas(s4: S4) -> None:
    s4.partner(6, "Forever", "9999-12-31")
    assert open_source(s4.rules, {}).watermark() == "2026-02-01 00:00:00"


@pytest.mark.parametrize("fault", ["429", "503", "500", "cut"])
def test_a_service_that_asks_to_come_again_is_asked_again(s4: S4, fault: str) -> None:
    s4.service.faults = [fault, fault]
    assert s4.refresh().rows == 3


def test_a_service_that_stays_silent_is_told_as_such(s4: S4) -> None:
    s4.service.faults = ["503"] * 20
    with pytest.raises(SystemSilent, match="answers 503"):
        s4.refresh()


def test_a_login_page_with_status_200_is_no_data(s4: S4) -> None:
    source = open_source(s4.rules, {})
    s4.service.faults = ["200"]
    with pytest.raises(SystemRefused, match="a page, as for a login"):
        source.watermark()


def test_a_login_page_in_place_of_the_metadata_is_told(s4: S4) -> None:
    s4.service.faults = ["200"]
    with pytest.raises(SystemRefused, match="gives no OData metadata"):
        open_source(s4.rules, {})


def test_a_refusal_is_told_in_the_words_of_the_service(s4: S4) -> None:
    s4.service.faults = ["400"]
    with pytest.raises(SystemRefused, match="400: Property X is unknown"):
        open_source(s4.rules, {})


def test_a_mapped_property_that_is_gone_stops_the_read_and_is_named(s4: S4) -> None:
    s4.refresh()
    s4.service.gone = ["OrganizationBPName1"]
    with pytest.raises(InputRefused, match="has no OrganizationBPName1"):
        s4.refresh(LATER)


def test_what_the_rules_name_and_the_metadata_does_not_is_told(s4: S4) -> None:
    s4.options = {"children": [ADDRESSES | {"path": "to_Nowhere"}]}
    with pytest.raises(SystemRefused, match="no navigation property to_Nowhere"):
        open_source(s4.rules, {})
    s4.options = {"entity": "A_Nothing"}
    with pytest.raises(SystemRefused, match="no entity set A_Nothing"):
        open_source(s4.rules, {})
    s4.options = {"changed_at": "LastChange"}
    with pytest.raises(SystemRefused, match="has no property LastChange"):
        open_source(s4.rules, {})


def test_a_login_is_sent_and_never_told(s4: S4) -> None:
    s4.service.login = "Basic " + base64.b64encode(b"reader:very secret").decode()
    s4.options = {"user": "reader", "password": "env:S4_PASSWORD"}
    s4.env = {"S4_PASSWORD": "very secret"}
    assert s4.refresh().rows == 3
    s4.env = {"S4_PASSWORD": "quite wrong"}
    with pytest.raises(SystemRefused) as told:
        s4.refresh(LATER)
    assert "does not accept the login (401)" in str(told.value)
    assert "quite wrong" not in str(told.value)
    s4.env = {}
    with pytest.raises(SettingsInvalid, match="S4_PASSWORD is not set"):
        s4.refresh(LATER)


def test_rules_that_hold_a_password_are_refused(s4: S4) -> None:
    s4.options = {"user": "reader", "password": "very secret"}
    with pytest.raises(ValueError, match="no secret stands in a file of rules"):
        assert s4.rules


def test_a_read_that_was_cut_off_goes_on_behind_its_last_page(s4: S4) -> None:
    s4.options = {"page": 1}
    source = open_source(s4.rules, {})
    parts = source.full(())
    first = next(parts)
    rest = pl.concat([first, *open_source(s4.rules, {}).full((first["BusinessPartner"][0],))])
    assert rest["BusinessPartner"].to_list() == ["0000000001", "0000000002", "0000000003"]


def test_keys_are_asked_for_alone(s4: S4) -> None:
    s4.refresh()
    s4.service.asked.clear()
    assert pl.concat(open_source(s4.rules, {}).snapshot()).columns == ["BusinessPartner"]
    assert all("$expand" not in asked for asked in s4.service.asked)


def test_only_named_properties_are_asked_for(s4: S4) -> None:
    s4.options = {"columns": ["OrganizationBPName1"], "children": []}
    source = open_source(s4.rules, {})
    assert pl.concat(source.full(())).columns == [
        "BusinessPartner",
        "OrganizationBPName1",
        "LastChangeDate",
        "CreationDate",
    ]
