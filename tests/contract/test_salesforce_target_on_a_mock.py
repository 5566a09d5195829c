"""The accounts of Salesforce as a target, on a stand-in that simple-salesforce works with unmodified: no Salesforce."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce.exceptions import SalesforceMoreThanOneRecord

from mdm.connect import Order, apply
from mdm.errors import SystemRefused, SystemSilent
from tests.contract.faulty_http import Faulty
from tests.contract.salesforce_server import Salesforce
from tests.contract.salesforce_told import (
    COLLECTION,
    FIELD,
    QUERY,
    A,
    B,
    kinds,
    planned,
    reference,
    target,
)


def test_each_account_gets_its_master_id_in_one_call_to_the_mock(crm: Salesforce) -> None:
    accounts = crm.add("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG", "Quellental GmbH")
    orders = planned(crm.url, dict(zip(accounts, (A, B, A, B), strict=True)))
    assert kinds(apply(target(crm.url), orders)) == ["confirmed"] * 4
    assert [crm.get(account, FIELD) for account in accounts] == [A, B, A, B]
    assert [fields for _, fields in crm.log] == [{FIELD: new} for new in (A, B, A, B)]
    assert len([call for call in crm.calls if call.startswith("PATCH")]) == 1


def test_publishing_again_writes_nothing_to_the_mock(crm: Salesforce) -> None:
    orders = planned(crm.url, dict.fromkeys(crm.add("Nordlicht GmbH"), A))
    apply(target(crm.url), orders)
    assert kinds(apply(target(crm.url), orders)) == ["confirmed"]
    assert len(crm.log) == 1


def test_records_by_an_external_id_are_changed_and_none_is_created_in_the_mock(crm: Salesforce) -> None:
    for number in ("4711", "it's"):
        crm.add("Nordlicht GmbH", ERP_No__c=number)
    orders = planned(crm.url, {"4711": A, "it's": B}, key="ERP_No__c")
    orders.append(Order("4712", {FIELD: B}, {FIELD: None}))
    outcomes = apply(target(crm.url, key="ERP_No__c"), orders)
    assert kinds(outcomes) == ["confirmed", "confirmed", "refused"]
    assert len(crm.accounts) == 2


def test_a_record_that_was_created_in_place_of_one_that_went_is_a_conflict_on_the_mock(crm: Salesforce) -> None:
    (gone,) = crm.add("Nordlicht GmbH", ERP_No__c="4711")
    late = target(crm.url, key="ERP_No__c")
    write = late.write

    def delete_and_write(writes: Any) -> Any:
        crm.edit(gone, IsDeleted=True)
        return write(writes)

    late.write = delete_and_write  # type: ignore[method-assign]
    (outcome,) = apply(late, planned(crm.url, {"4711": A}, key="ERP_No__c")).values()
    assert (outcome.kind, "was created: delete it there" in outcome.told) == ("conflict", True)


def test_an_external_id_that_two_records_have_is_a_conflict_on_the_mock(crm: Salesforce) -> None:
    crm.add("Nordlicht GmbH", "Nordlicht AG", ERP_No__c="4711")
    (outcome,) = apply(target(crm.url, key="ERP_No__c"), [Order("4711", {FIELD: A}, {FIELD: None})]).values()
    assert (outcome.kind, outcome.told) == ("conflict", "2 records have this ERP_No__c.")


@pytest.mark.parametrize("unique", [True, False])
def test_a_duplicate_rule_is_a_task_and_stops_no_other_on_the_mock(crm: Salesforce, unique: bool) -> None:  # noqa: FBT001 - a case
    crm.unique = unique
    first, asked, other = crm.add("Nordlicht GmbH", "Nordlicht AG" if unique else "Twin AG", "Falkenbach AG")
    outcomes = apply(target(crm.url), planned(crm.url, {first: A, asked: A, other: B}))
    assert kinds(outcomes) == ["confirmed", "conflict", "confirmed"]
    assert ("DUPLICATE_VALUE" if unique else "DUPLICATES_DETECTED") in outcomes[asked].told
    assert crm.get(asked, FIELD) is None


def test_a_value_that_a_rule_refuses_stops_no_other_on_the_mock(crm: Salesforce) -> None:
    accounts = crm.add("Nordlicht GmbH", "Falkenbach AG", "Locked AG")
    wishes = dict(zip(accounts, ("POISON", A, B), strict=True))
    outcomes = apply(target(crm.url), planned(crm.url, wishes))
    assert kinds(outcomes) == ["refused", "confirmed", "later"]
    assert "This is no master id" in outcomes[accounts[0]].told


def test_a_field_that_is_silently_ignored_is_found_by_reading_back_on_the_mock(crm: Salesforce) -> None:
    crm.ignored = (FIELD,)
    (outcome,) = apply(target(crm.url), planned(crm.url, dict.fromkeys(crm.add("Nordlicht GmbH"), A))).values()
    assert (outcome.kind, "said yes and kept" in outcome.told) == ("refused", True)


def test_an_account_edited_since_the_plan_is_refused_alone_on_the_mock(crm: Salesforce) -> None:
    edited, other = crm.add("Nordlicht GmbH", "Falkenbach AG")
    orders = planned(crm.url, {edited: A, other: B})
    crm.edit(edited, Name="Nordlicht AG")
    outcomes = apply(target(crm.url), orders)
    assert kinds(outcomes) == ["conflict", "confirmed"]
    assert "changed since the plan" in outcomes[edited].told


def test_what_we_told_an_account_since_the_plan_is_no_edit_of_somebody_else_on_the_mock(crm: Salesforce) -> None:
    (account,) = crm.add("Nordlicht GmbH")
    first = planned(crm.url, {account: A})
    second = Order(account, {FIELD: B}, first[0].expects, first[0].token, ours={FIELD: frozenset({A})})
    apply(target(crm.url), first)
    assert kinds(apply(target(crm.url), [second])) == ["confirmed"]


def test_an_account_that_was_merged_away_is_told_with_its_survivor_on_the_mock(crm: Salesforce) -> None:
    kept, lost = crm.add("Nordlicht GmbH", "Nordlicht GmbH")
    orders = planned(crm.url, {kept: A, lost: A})
    crm.merge(kept, lost)
    outcomes = apply(target(crm.url), orders)
    assert kinds(outcomes) == ["confirmed", "conflict"]
    assert outcomes[lost].told.startswith(f"It was merged into {kept}")


def test_what_is_no_id_is_no_account_of_the_mock(crm: Salesforce) -> None:
    (account,) = crm.add("Nordlicht GmbH")
    outcomes = apply(target(crm.url), [Order(key, {FIELD: A}, {FIELD: None}) for key in ("4711", account.lower())])
    assert kinds(outcomes) == ["refused", "refused"]


@pytest.mark.parametrize("fault", ["cut after", "500 after", "504 after"])
def test_an_answer_that_is_lost_is_read_back_from_the_mock(crm: Salesforce, faulty: Faulty, fault: str) -> None:
    orders = planned(crm.url, dict.fromkeys(crm.add("Nordlicht GmbH"), A))
    faulty.faults = [(COLLECTION, fault)]
    assert kinds(apply(target(faulty.url), orders)) == ["confirmed"]
    assert len(crm.log) == 1


@pytest.mark.parametrize("fault", ["429", "503"])
def test_who_is_asked_to_wait_by_the_mock_waits(crm: Salesforce, faulty: Faulty, fault: str) -> None:
    orders = planned(crm.url, dict.fromkeys(crm.add("Nordlicht GmbH"), A))
    faulty.faults = [(COLLECTION, fault)]
    (outcome,) = apply(target(faulty.url), orders).values()
    assert (outcome.kind, outcome.wait) == ("later", 7)


@pytest.mark.parametrize("fault", ["page", "page after", "flood", "403"])
def test_what_is_no_answer_stops_and_the_next_run_confirms_on_the_mock(
    crm: Salesforce, faulty: Faulty, fault: str
) -> None:
    orders = planned(crm.url, dict.fromkeys(crm.add("Nordlicht GmbH"), A))
    faulty.faults = [(COLLECTION, fault)]
    with pytest.raises(SystemRefused):
        apply(target(faulty.url), orders)
    assert kinds(apply(target(faulty.url), orders)) == ["confirmed"]
    assert len(crm.log) == 1


def test_a_page_to_log_in_in_place_of_rows_is_refused_on_the_mock(crm: Salesforce, faulty: Faulty) -> None:
    (account,) = crm.add("Nordlicht GmbH")
    faulty.faults = [(QUERY, "page")]
    with pytest.raises(SystemRefused, match="page"):
        target(faulty.url).read([account])


def test_a_token_that_has_expired_is_got_anew_from_the_mock(crm: Salesforce) -> None:
    connected = target(crm.url, client_id="client")
    connected.check()
    crm.tokens.clear()
    assert len(connected.read(crm.add("Nordlicht GmbH"))) == 1


def test_a_wrong_login_is_refused_without_being_told_by_the_mock(crm: Salesforce) -> None:
    crm.secrets["client"] = "another"
    with pytest.raises(SystemRefused) as told:
        target(crm.url, client_id="client").check()
    assert "very secret" not in str(told.value)
    assert not isinstance(told.value, SystemSilent)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"allow": {"city": "CreatedById"}}, "CreatedById"),
        ({"allow": {"city": "Nothing__c"}}, "Nothing__c"),
        ({"field": "Short__c"}, "does not hold"),
        ({"key": "Name"}, "no external id"),
    ],
)
def test_what_cannot_be_written_stops_the_check_on_the_mock(crm: Salesforce, options: Any, match: str) -> None:
    with pytest.raises(SystemRefused, match=match):
        target(crm.url, **options).check()


def test_over_tls_the_mock_is_told_as_simple_salesforce_tells_it(over_tls: Salesforce) -> None:
    ours, theirs = over_tls.add("Nordlicht GmbH", "Falkenbach AG")
    client = reference(over_tls)
    assert kinds(apply(target(over_tls.url), planned(over_tls.url, {ours: A}))) == ["confirmed"]
    client.Account.update(theirs, {FIELD: A})
    (our_fields, their_fields) = (fields for _, fields in over_tls.log)
    assert our_fields == their_fields
    found = client.query_all(f"SELECT Id, {FIELD} FROM Account WHERE {FIELD} IN ('{A}')")  # noqa: S608 - a test
    assert [row["Id"][:15] for row in found["records"]] == [ours, theirs]


def test_over_tls_the_mock_bears_the_reference_client(over_tls: Salesforce) -> None:
    client = reference(over_tls)
    over_tls.add(*(f"Customer {number}" for number in range(8)))
    assert client.query_all("SELECT Id, Name FROM Account")["totalSize"] == 8
    assert client.Account.upsert(f"{FIELD}/{A}", {"Name": "Nordlicht GmbH"}) == 201
    assert client.Account.upsert(f"{FIELD}/{A}", {"Name": "Nordlicht AG"}) == 200
    over_tls.add("Nordlicht GmbH", **{FIELD: A})
    with pytest.raises(SalesforceMoreThanOneRecord):
        client.Account.upsert(f"{FIELD}/{A}", {"Name": "Nordlicht KG"})
    rows = [{"attributes": {"type": "Account"}, FIELD: B, "Name": "Twin"}] * 2
    said = client.restful(f"composite/sobjects/Account/{FIELD}", method="PATCH", json={"records": rows})
    assert [row["success"] for row in said] == [True, False]


def test_a_certificate_that_nobody_vouches_for_is_no_answer(
    over_tls: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(SystemSilent, match="SSLError"):
        target(over_tls.url).check()
