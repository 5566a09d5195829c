"""A running Tryton as a target: one identifier for each approved party, nothing else, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mdm.connect import Order, Outcome, Target, Wish, apply, open_target, plan
from mdm.errors import SystemRefused, SystemSilent
from mdm.rulebook import TargetRules
from tests.contract.faulty_http import Faulty, serving
from tests.contract.tryton_server import Tryton, serve

A, B, C = "M-0000001-1", "M-0000002-2", "M-0000003-3"
CREATE, READ = "identifier.create", "party.search_read"


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    yield from serve(tmp_path_factory.mktemp("tryton"))


@pytest.fixture
def faulty(tryton: Tryton) -> Iterator[Faulty]:
    with serving(Faulty(tryton.url)) as between:
        yield between


def target(url: str, password: str = "admin", **more: Any) -> Target:  # noqa: S107 - of the test's own server
    connector = {"type": "tryton", "url": url, "database": "tryton", "user": "admin", "password": "env:TRYTON", **more}
    rules = TargetRules.model_validate({"system": "erp", "connector": connector})
    return open_target(rules, "id", {"TRYTON": password})


def planned(url: str, wishes: dict[str, str]) -> list[Order]:
    """Orders on the state that a plan has read."""
    known = {"MDM_ID": frozenset({None})}
    outcomes = plan(target(url), {party: Wish({"MDM_ID": new}, known) for party, new in wishes.items()})
    assert {outcome.kind for outcome in outcomes.values()} == {"ready"}
    return [Order(party, {"MDM_ID": new}, outcomes[party].says, outcomes[party].token) for party, new in wishes.items()]


def kinds(outcomes: dict[str, Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes.values()]


def test_each_party_gets_one_identifier_and_no_other_table_changes(tryton: Tryton) -> None:
    parties = tryton.parties("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG")
    before = tryton.business()
    orders = planned(tryton.url, dict(zip(parties, (A, B, C), strict=True)))
    assert kinds(apply(target(tryton.url), orders)) == ["confirmed"] * 3
    assert [tryton.ids(party) for party in parties] == [[f"MDM:{new}"] for new in (A, B, C)]
    assert tryton.business() == before


def test_publishing_again_writes_nothing_to_tryton(tryton: Tryton, faulty: Faulty) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    orders = planned(tryton.url, {party: A})
    apply(target(tryton.url), orders)
    assert kinds(apply(target(faulty.url), orders)) == ["confirmed"]
    assert not [call for call in faulty.calls if CREATE in call or "identifier.write" in call]


@pytest.mark.parametrize("fault", ["cut after", "500 after", "504"])
def test_an_answer_that_is_lost_leaves_one_identifier(tryton: Tryton, faulty: Faulty, fault: str) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    orders = planned(tryton.url, {party: A})
    faulty.faults = [(CREATE, fault)]
    first = kinds(apply(target(faulty.url), orders))
    assert first == (["silent"] if fault == "504" else ["confirmed"])
    assert kinds(apply(target(tryton.url), orders)) == ["confirmed"]
    assert tryton.ids(party) == [f"MDM:{A}"]


def test_a_page_in_place_of_the_answer_stops_and_the_next_run_confirms(tryton: Tryton, faulty: Faulty) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    orders = planned(tryton.url, {party: A})
    faulty.faults = [(CREATE, "page after")]
    with pytest.raises(SystemRefused, match="no answer"):
        apply(target(faulty.url), orders)
    assert kinds(apply(target(faulty.url), orders)) == ["confirmed"]
    assert tryton.ids(party) == [f"MDM:{A}"]


def test_a_connection_that_is_lost_before_the_write_is_told_as_silence(tryton: Tryton, faulty: Faulty) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    orders = planned(tryton.url, {party: A})
    faulty.faults = [(CREATE, "cut before")]
    assert kinds(apply(target(faulty.url), orders)) == ["silent"]
    assert tryton.ids(party) == []


def test_who_is_asked_to_wait_waits(tryton: Tryton, faulty: Faulty) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    faulty.faults = [(CREATE, "429")]
    (outcome,) = apply(target(faulty.url), planned(tryton.url, {party: A})).values()
    assert (outcome.kind, outcome.wait) == ("later", 7)


def test_a_read_without_an_answer_writes_nothing(tryton: Tryton, faulty: Faulty) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    orders = planned(tryton.url, {party: A})
    faulty.faults = [(READ, "cut after")]
    assert kinds(apply(target(faulty.url), orders)) == ["later"]
    assert tryton.ids(party) == []


def test_a_party_edited_since_the_plan_is_refused_alone(tryton: Tryton) -> None:
    edited, other = tryton.parties("Nordlicht GmbH", "Falkenbach AG")
    orders = planned(tryton.url, {edited: A, other: B})
    tryton.call("model.party.party.write", [int(edited)], {"name": "Nordlicht AG"}, {})
    outcomes = apply(target(tryton.url), orders)
    assert [outcomes[party].kind for party in (edited, other)] == ["conflict", "confirmed"]
    assert "changed since the plan" in outcomes[edited].told
    assert [tryton.ids(party) for party in (edited, other)] == [[], [f"MDM:{B}"]]


def test_a_party_that_is_gone_stops_no_other(tryton: Tryton) -> None:
    gone, other = tryton.parties("Nordlicht GmbH", "Falkenbach AG")
    orders = planned(tryton.url, {gone: A, other: B})
    tryton.call("model.party.party.delete", [int(gone)], {})
    outcomes = apply(target(tryton.url), orders)
    assert [outcomes[party].kind for party in (gone, other)] == ["refused", "confirmed"]


def test_a_party_that_goes_between_reading_and_writing_stops_no_other(tryton: Tryton) -> None:
    gone, other = tryton.parties("Nordlicht GmbH", "Falkenbach AG")
    orders = planned(tryton.url, {gone: A, other: B})
    late = target(tryton.url)
    write = late.write

    def delete_and_write(writes: Any) -> Any:
        tryton.call("model.party.party.delete", [int(gone)], {})
        return write(writes)

    late.write = delete_and_write  # type: ignore[method-assign]
    outcomes = apply(late, orders)
    assert [outcomes[party].kind for party in (gone, other)] == ["refused", "confirmed"]


def test_a_changed_master_id_changes_the_identifier_that_is_there(tryton: Tryton) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    apply(target(tryton.url), planned(tryton.url, {party: A}))
    order = Order(party, {"MDM_ID": B}, {"MDM_ID": A})
    assert kinds(apply(target(tryton.url), [order])) == ["confirmed"]
    assert tryton.ids(party) == [f"MDM:{B}"]


def test_two_identifiers_of_ours_are_a_conflict(tryton: Tryton) -> None:
    (party,) = tryton.parties("Nordlicht GmbH")
    rows = [{"party": int(party), "type": None, "code": f"MDM:{new}"} for new in (A, B)]
    tryton.call("model.party.identifier.create", rows, {})
    (outcome,) = apply(target(tryton.url), [Order(party, {"MDM_ID": A}, {"MDM_ID": None})]).values()
    assert outcome.kind == "conflict"
    assert "2 identifiers of ours" in outcome.told


def test_a_party_that_was_merged_away_is_a_conflict(tryton: Tryton) -> None:
    kept, lost = tryton.parties("Nordlicht GmbH", "Nordlicht GmbH")
    orders = planned(tryton.url, {lost: A})
    session, *_ = tryton.call("wizard.party.replace.create", {})
    asked = {"ask": {"source": int(lost), "destination": int(kept)}}
    context = {"active_model": "party.party", "active_id": int(lost), "active_ids": [int(lost)]}
    tryton.call("wizard.party.replace.execute", session, asked, "replace", context)
    (outcome,) = apply(target(tryton.url), orders).values()
    assert (outcome.kind, outcome.told) == ("conflict", f"Party {lost} was merged into party {kept}.")


def test_a_key_that_is_no_number_is_no_party(tryton: Tryton) -> None:
    assert kinds(apply(target(tryton.url), [Order("K-17", {"MDM_ID": A}, {"MDM_ID": None})])) == ["refused"]


def test_a_check_tells_what_is_connected(tryton: Tryton) -> None:
    assert target(tryton.url).check() == f"Tryton, database tryton of {tryton.url}"


def test_a_wrong_password_is_refused_without_being_told(tryton: Tryton) -> None:
    with pytest.raises(SystemRefused) as told:
        target(tryton.url, "very secret").check()
    assert "login" in str(told.value)
    assert "very secret" not in str(told.value)


def test_a_session_that_has_ended_is_begun_anew(tryton: Tryton, faulty: Faulty) -> None:
    connected = target(faulty.url)
    connected.check()
    faulty.faults = [(READ, "401")]
    (party,) = tryton.parties("Nordlicht GmbH")
    assert list(connected.read([party])) == [party]


def test_a_server_that_is_not_there_is_silence_to_the_check() -> None:
    with pytest.raises(SystemSilent):
        target("http://127.0.0.1:1").check()
