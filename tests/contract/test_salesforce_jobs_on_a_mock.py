"""Jobs of Bulk 2.0 that tell accounts their master id, on a stand-in that simple-salesforce runs jobs on: a mock."""

from __future__ import annotations

import pytest

from mdm.connect import Order, apply
from tests.contract.faulty_http import Faulty
from tests.contract.salesforce_server import Salesforce
from tests.contract.salesforce_told import FIELD, A, B, kinds, planned, reference, target


@pytest.fixture
def jobs_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job is asked for again at once."""
    monkeypatch.setattr("mdm.connect.salesforce_bulk.PAUSE", 0.01)


@pytest.mark.usefixtures("jobs_are_quick")
def test_a_job_tells_more_accounts_than_a_collection_takes_on_the_mock(crm: Salesforce) -> None:
    accounts = crm.add(*(f"Customer {number}" for number in range(210)))
    orders = planned(crm.url, dict.fromkeys(accounts, A))
    outcomes = apply(target(crm.url, bulk=True), orders)
    assert set(kinds(outcomes)) == {"confirmed"}
    assert {crm.get(account, FIELD) for account in accounts} == {A}
    assert [call for call in crm.calls if "composite" in call] == []
    assert set(kinds(apply(target(crm.url, bulk=True), orders))) == {"confirmed"}
    assert (len(crm.log), len(crm.jobs)) == (210, 1)


@pytest.mark.usefixtures("jobs_are_quick")
def test_one_record_that_a_job_refuses_stops_no_other_on_the_mock(crm: Salesforce) -> None:
    accounts = crm.add("Nordlicht GmbH", "Twin AG", "Locked AG", "Falkenbach AG")
    wishes = dict(zip(accounts, ("POISON", A, A, B), strict=True))
    outcomes = apply(target(crm.url, bulk=True), planned(crm.url, wishes))
    assert kinds(outcomes) == ["refused", "conflict", "later", "confirmed"]
    assert "This is no master id" in outcomes[accounts[0]].told


@pytest.mark.usefixtures("jobs_are_quick")
def test_records_by_an_external_id_are_changed_by_a_job_on_the_mock(crm: Salesforce) -> None:
    keys = ("4711", 'it"s, 4712')
    for number in keys:
        crm.add("Nordlicht GmbH", ERP_No__c=number)
    orders = planned(crm.url, dict(zip(keys, (A, B), strict=True)), key="ERP_No__c")
    assert kinds(apply(target(crm.url, key="ERP_No__c", bulk=True), orders)) == ["confirmed"] * 2
    assert len(crm.accounts) == 2


@pytest.mark.usefixtures("jobs_are_quick")
def test_what_a_failed_job_left_alone_is_told_with_its_reason_on_the_mock(crm: Salesforce) -> None:
    accounts = crm.add("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG")
    orders = planned(crm.url, dict.fromkeys(accounts, A))
    crm.job_error, crm.job_stops_at = "InvalidBatch : the lights went out", 1
    outcomes = apply(target(crm.url, bulk=True), orders)
    assert kinds(outcomes) == ["confirmed", "refused", "refused"]
    assert "the lights went out" in outcomes[accounts[2]].told


@pytest.mark.usefixtures("jobs_are_quick")
def test_a_job_that_does_not_end_is_read_back_by_the_next_run_on_the_mock(
    crm: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    (account,) = crm.add("Nordlicht GmbH")
    orders = planned(crm.url, {account: A})
    crm.polls = 1_000_000
    monkeypatch.setattr("mdm.connect.salesforce_bulk.LONGEST", 0.05)
    assert kinds(apply(target(crm.url, bulk=True), orders)) == ["silent"]
    crm._run(next(iter(crm.jobs.values())))
    assert kinds(apply(target(crm.url, bulk=True), orders)) == ["confirmed"]
    assert (len(crm.log), len(crm.jobs)) == (1, 1)


@pytest.mark.usefixtures("jobs_are_quick")
@pytest.mark.parametrize("fault", ["cut after", "500 after"])
@pytest.mark.parametrize("step", ["/batches", "jobs/ingest/", "Results"])
def test_a_job_of_which_an_answer_is_lost_writes_nothing_twice_on_the_mock(
    crm: Salesforce, faulty: Faulty, step: str, fault: str
) -> None:
    (account,) = crm.add("Nordlicht GmbH")
    orders = planned(crm.url, {account: A})
    connected = target(faulty.url, bulk=True)
    faulty.faults = [(step, fault)]
    assert kinds(apply(connected, orders)) in (["silent"], ["confirmed"])
    for job in crm.jobs.values():
        if job["state"] == "UploadComplete":
            crm._run(job)
    assert kinds(apply(target(crm.url, bulk=True), orders)) == ["confirmed"]
    assert len(crm.log) == 1


@pytest.mark.usefixtures("jobs_are_quick")
def test_a_text_that_would_empty_a_field_is_never_loaded_on_the_mock(crm: Salesforce) -> None:
    (account,) = crm.add("Nordlicht GmbH", BillingCity="Bonn")
    order = Order(account, {"BillingCity": "#N/A"}, {"BillingCity": "Bonn"})
    (outcome,) = apply(target(crm.url, allow={"city": "BillingCity"}, bulk=True), [order]).values()
    assert (outcome.kind, crm.get(account, "BillingCity")) == ("refused", "Bonn")


@pytest.mark.usefixtures("jobs_are_quick")
def test_over_tls_a_job_of_ours_says_what_one_of_simple_salesforce_says(over_tls: Salesforce) -> None:
    ours, theirs = over_tls.add("Nordlicht GmbH", "Falkenbach AG")
    over_tls.polls = 0
    assert kinds(apply(target(over_tls.url, bulk=True), planned(over_tls.url, {ours: A}))) == ["confirmed"]
    said = reference(over_tls).bulk2.Account.update(records=[{"Id": theirs, FIELD: A}])
    assert (said[0]["numberRecordsProcessed"], said[0]["numberRecordsFailed"]) == (1, 0)
    (our_fields, their_fields) = (fields for _, fields in over_tls.log)
    assert our_fields == their_fields
    first, second = ({n: job[n] for n in ("object", "operation", "lineEnding")} for job in over_tls.jobs.values())
    assert first == second


def test_over_tls_the_mock_bears_an_upsert_job_of_the_reference_client(over_tls: Salesforce) -> None:
    over_tls.add("Nordlicht GmbH", **{FIELD: A})
    over_tls.polls = 0
    rows = [{FIELD: A, "Name": "Nordlicht AG"}, {FIELD: B, "Name": "Falkenbach AG"}]
    bulk = reference(over_tls).bulk2.Account
    (said,) = bulk.upsert(records=rows, external_id_field=FIELD)
    assert (said["numberRecordsProcessed"], said["numberRecordsFailed"]) == (2, 0)
    assert sorted(str(a["Name"]) for a in over_tls.accounts.values()) == ["Falkenbach AG", "Nordlicht AG"]
    assert bulk.get_successful_records(said["job_id"]).count("true") == 1
