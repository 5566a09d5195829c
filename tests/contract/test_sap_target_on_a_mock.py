"""The business partners of SAP as a target, on a stand-in and on a Node service of `@sap/cds`: no real S/4HANA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mdm.connect import Order, Outcome, Target, Wish, apply, open_target, plan
from mdm.errors import SystemRefused, SystemSilent
from mdm.rulebook import TargetRules
from tests.contract.cap_server import serving_cap
from tests.contract.faulty_http import Faulty, serving
from tests.contract.s4_server import METADATA, ROOT, S4, serving_s4

A, B, C = "M-0000001-1", "M-0000002-2", "M-000003A-*"
BATCH, PARTNERS = "$batch", "A_BusinessPartner?"
BY_PROPERTY: dict[str, Any] = {"field": "BusinessPartnerIDByExtSystem", "identification": None}


@pytest.fixture(scope="module", params=["stand-in", pytest.param("cap", marks=pytest.mark.deep)])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if request.param == "cap":
        with serving_cap(tmp_path_factory.mktemp("cap")) as cap:
            yield cap
    else:
        with serving_s4() as s4:
            yield s4


@pytest.fixture
def s4() -> Iterator[S4]:
    with serving_s4() as made:
        yield made


@pytest.fixture
def faulty(s4: S4) -> Iterator[Faulty]:
    with serving(Faulty(s4.url)) as between:
        yield between


def target(url: str, field: str = "MDM_ID", allow: Any = None, **more: Any) -> Target:
    connector = {"type": "sap_odata", "url": f"{url}{ROOT}", "user": "MDM", "password": "env:S4", **more}
    data = {"system": "s4", "crosswalk_field": field, "allow": allow or {}, "connector": connector}
    return open_target(TargetRules.model_validate(data), "id", {"S4": "very secret"})


def planned(url: str, wishes: dict[str, str], field: str = "MDM_ID", **more: Any) -> list[Order]:
    """Orders on the state that a plan has read."""
    known = {field: frozenset({None})}
    outcomes = plan(target(url, field, **more), {n: Wish({field: new}, known) for n, new in wishes.items()})
    assert {outcome.kind for outcome in outcomes.values()} == {"ready"}
    return [Order(n, {field: new}, outcomes[n].says, outcomes[n].token) for n, new in wishes.items()]


def kinds(outcomes: dict[str, Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes.values()]


def test_each_partner_gets_one_identification_on_the_mock(system: Any) -> None:
    partners = system.add("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG", "Quellental GmbH", "Ostermoor AG")
    wishes = dict(zip(partners, (A, B, C, C, A), strict=True))
    assert kinds(apply(target(system.url), planned(system.url, wishes))) == ["confirmed"] * 5
    assert [system.ids(partner) for partner in partners] == [[new] for new in wishes.values()]


def test_a_changed_master_id_takes_the_place_of_the_former_on_the_mock(system: Any) -> None:
    (partner,) = system.add("Nordlicht GmbH")
    apply(target(system.url), planned(system.url, {partner: C}))
    order = Order(partner, {"MDM_ID": B}, {"MDM_ID": C})
    assert kinds(apply(target(system.url), [order])) == ["confirmed"]
    assert system.ids(partner) == [B]


def test_a_property_is_written_on_the_state_that_was_read_on_the_mock(system: Any) -> None:
    (partner,) = system.add("Nordlicht GmbH")
    orders = planned(system.url, {partner: A}, **BY_PROPERTY)
    assert kinds(apply(target(system.url, **BY_PROPERTY), orders)) == ["confirmed"]
    assert system.get(partner, "BusinessPartnerIDByExtSystem") == A
    assert system.ids(partner) == []


def test_a_partner_edited_since_the_plan_is_refused_alone_on_the_mock(system: Any) -> None:
    edited, other = system.add("Nordlicht GmbH", "Falkenbach AG")
    orders = planned(system.url, {edited: A, other: B})
    system.edit(edited, OrganizationBPName1="Nordlicht AG")
    outcomes = apply(target(system.url), orders)
    assert [outcomes[partner].kind for partner in (edited, other)] == ["conflict", "confirmed"]
    assert "changed since the plan" in outcomes[edited].told
    assert [system.ids(partner) for partner in (edited, other)] == [[], [B]]


def test_a_partner_edited_between_reading_and_writing_keeps_the_edit_on_the_mock(system: Any) -> None:
    edited, other = system.add("Nordlicht GmbH", "Falkenbach AG")
    orders = planned(system.url, {edited: A, other: B}, **BY_PROPERTY)
    late = target(system.url, **BY_PROPERTY)
    write = late.write

    def edit_and_write(writes: Any) -> Any:
        system.edit(edited, OrganizationBPName1="Nordlicht AG")
        return write(writes)

    late.write = edit_and_write  # type: ignore[method-assign]
    outcomes = apply(late, orders)
    assert [outcomes[partner].kind for partner in (edited, other)] == ["conflict", "confirmed"]
    assert "(412)" in outcomes[edited].told
    assert system.get(edited, "BusinessPartnerIDByExtSystem") is None
    assert system.get(edited, "OrganizationBPName1") == "Nordlicht AG"


def test_a_property_that_is_silently_ignored_is_found_by_reading_back_on_the_mock(system: Any) -> None:
    (partner,) = system.add("Nordlicht GmbH")
    is_cap = not isinstance(system, S4)
    name = "CreatedByUser" if is_cap else "FormOfAddress"
    before = system.get(partner, name)
    connected = target(system.url, allow={"city": name})
    token = connected.read([partner])[partner].token
    outcomes = apply(connected, [Order(partner, {"MDM_ID": A, name: "0003"}, {"MDM_ID": None, name: before}, token)])
    assert kinds(outcomes) == ["refused"]
    assert "said yes and kept" in outcomes[partner].told
    assert system.get(partner, name) == before


def test_a_value_that_is_too_long_stops_no_other_on_the_mock(system: Any) -> None:
    partners = system.add("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG")
    connected = target(system.url, allow={"city": "SearchTerm1"})
    seen = connected.read(partners)
    values = ("Bonn", "Llanfairpwllgwyngyllgogery", "Köln")
    orders = [
        Order(n, {"MDM_ID": A, "SearchTerm1": v}, {"MDM_ID": None, "SearchTerm1": None}, seen[n].token)
        for n, v in zip(partners, values, strict=True)
    ]
    outcomes = apply(connected, orders)
    assert [outcomes[partner].kind for partner in partners] == ["confirmed", "refused", "confirmed"]
    assert [system.ids(partner) for partner in partners] == [[A], [], [A]]  # the refused one as a whole


def test_two_identifications_of_ours_are_a_conflict_on_the_mock(system: Any) -> None:
    (partner,) = system.add("Nordlicht GmbH")
    system.identify(partner, A)
    system.identify(partner, B)
    (outcome,) = apply(target(system.url), [Order(partner, {"MDM_ID": A}, {"MDM_ID": None})]).values()
    assert (outcome.kind, "has 2 ZMDM numbers" in outcome.told) == ("conflict", True)


def test_a_partner_marked_for_archiving_is_left_alone_on_the_mock(system: Any) -> None:
    (partner,) = system.add("Nordlicht GmbH")
    system.edit(partner, IsMarkedForArchiving=True)
    (outcome,) = apply(target(system.url), [Order(partner, {"MDM_ID": A}, {"MDM_ID": None})]).values()
    assert (outcome.kind, "archiving" in outcome.told) == ("conflict", True)


def test_a_partner_that_is_not_there_stops_no_other_on_the_mock(system: Any) -> None:
    (partner,) = system.add("Nordlicht GmbH")
    orders = [Order(key, {"MDM_ID": A}, {"MDM_ID": None}) for key in ("4711", "K-17'", partner)]
    assert sorted(kinds(apply(target(system.url), orders))) == ["confirmed", "refused", "refused"]


def test_a_check_tells_what_is_connected_on_the_mock(system: Any) -> None:
    assert target(system.url, allow={"city": "SearchTerm1"}).check() == f"business partners of {system.url}{ROOT}"


@pytest.mark.parametrize("name", ["CreatedByUser", "Nothing"])
def test_a_property_that_cannot_be_written_stops_the_check_on_the_mock(s4: S4, name: str) -> None:
    with pytest.raises(SystemRefused, match=name):
        target(s4.url, allow={"city": name}).check()


def test_identifications_that_nobody_may_write_stop_the_check_on_the_mock(s4: S4) -> None:
    s4.creatable = ' sap:creatable="false"'
    with pytest.raises(SystemRefused, match="A_BuPaIdentification"):
        target(s4.url).check()


def test_publishing_again_writes_nothing_to_the_mock(s4: S4) -> None:
    (partner,) = s4.add("Nordlicht GmbH")
    orders = planned(s4.url, {partner: A})
    apply(target(s4.url), orders)
    written = len(s4.log)
    assert kinds(apply(target(s4.url), orders)) == ["confirmed"]
    assert len(s4.log) == written


def test_a_token_that_has_expired_is_fetched_anew_from_the_mock(s4: S4) -> None:
    partners = s4.add("Nordlicht GmbH", "Falkenbach AG")
    connected = target(s4.url)
    orders = planned(s4.url, dict(zip(partners, (A, B), strict=True)))
    apply(connected, orders[:1])
    s4.expire_tokens()
    assert kinds(apply(connected, orders[1:])) == ["confirmed"]


def test_a_service_that_stops_at_what_it_refuses_is_sent_the_rest_of_the_mock(s4: S4) -> None:
    s4.stops_at_refusals = True
    partners = s4.add(*"ABCD")
    wishes = dict(zip(partners, (A, "POISON", B, C), strict=True))
    outcomes = apply(target(s4.url), planned(s4.url, wishes))
    assert [outcomes[partner].kind for partner in partners] == ["confirmed", "refused", "confirmed", "confirmed"]
    assert "valid identification" in outcomes[partners[1]].told


@pytest.mark.parametrize("fault", ["cut after", "500 after", "504 after"])
def test_an_answer_that_is_lost_leaves_one_identification_on_the_mock(s4: S4, faulty: Faulty, fault: str) -> None:
    (partner,) = s4.add("Nordlicht GmbH")
    orders = planned(s4.url, {partner: A})
    faulty.faults = [(BATCH, fault)]
    assert kinds(apply(target(faulty.url), orders)) == ["confirmed"]
    assert kinds(apply(target(faulty.url), orders)) == ["confirmed"]
    assert s4.ids(partner) == [A]
    assert len(s4.log) == 1


@pytest.mark.parametrize("fault", ["page", "page after", "flood", "302", "403"])
def test_what_is_no_answer_stops_and_the_next_run_confirms_on_the_mock(s4: S4, faulty: Faulty, fault: str) -> None:
    (partner,) = s4.add("Nordlicht GmbH")
    orders = planned(s4.url, {partner: A})
    faulty.faults = [(BATCH, fault)]
    with pytest.raises(SystemRefused):
        apply(target(faulty.url), orders)
    assert kinds(apply(target(faulty.url), orders)) == ["confirmed"]
    assert s4.ids(partner) == [A]


@pytest.mark.parametrize("fault", ["429", "503"])
def test_who_is_asked_to_wait_by_the_mock_waits(s4: S4, faulty: Faulty, fault: str) -> None:
    (partner,) = s4.add("Nordlicht GmbH")
    faulty.faults = [(BATCH, fault)]
    (outcome,) = apply(target(faulty.url), planned(s4.url, {partner: A})).values()
    assert (outcome.kind, outcome.wait) == ("later", 7)


def test_a_slow_drip_of_the_mock_is_given_up_and_read_back(s4: S4, faulty: Faulty) -> None:
    (partner,) = s4.add("Nordlicht GmbH")
    orders = planned(s4.url, {partner: A})
    faulty.faults = [(BATCH, "drip after")]
    assert kinds(apply(target(faulty.url, timeout=1), orders)) == ["confirmed"]


def test_a_page_to_log_in_in_place_of_rows_is_refused_on_the_mock(s4: S4, faulty: Faulty) -> None:
    (partner,) = s4.add("Nordlicht GmbH")
    connected = target(faulty.url)
    connected.check()
    faulty.faults = [(PARTNERS, "page")]
    with pytest.raises(SystemRefused, match="page"):
        connected.read([partner])


def test_a_wrong_login_is_refused_without_being_told_by_the_mock(faulty: Faulty) -> None:
    faulty.faults = [("$metadata", "401")]
    with pytest.raises(SystemRefused) as told:
        target(faulty.url).check()
    assert "very secret" not in str(told.value)
    assert not isinstance(told.value, SystemSilent)


def test_a_list_is_read_through_all_its_pages_on_the_mock(s4: S4) -> None:
    partners = s4.add(*"ABCDEFGH")
    assert set(target(s4.url).read(partners)) == set(partners)


def test_a_list_that_goes_on_elsewhere_is_not_followed_from_the_mock(s4: S4) -> None:
    partners = s4.add(*"ABCDEFGH")
    s4.continues_at = "http://elsewhere.example"
    with pytest.raises(SystemRefused, match="elsewhere"):
        target(s4.url).read(partners)


def test_metadata_with_a_document_type_of_its_own_is_refused(s4: S4, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + METADATA.partition("?>")[2]
    monkeypatch.setattr("tests.contract.s4_server.METADATA", bomb)
    with pytest.raises(SystemRefused, match="no OData metadata"):
        target(s4.url).check()
