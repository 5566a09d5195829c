"""`mdm explain` says why, why not, and why nobody asked."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.app import Question, Watch, explain, open_project
from mdm.records import RecordKey, SystemName
from mdm.settings import Settings
from tests.e2e.little_systems import crm_row

A0, A1, E0 = "crm:A000", "crm:A001", f"erp:{1:010d}"
B2, A2 = "crm:B002", "crm:A002"


def ask(project: Any, *words: str) -> Any:
    ran = project.mdm("explain", *words, "--project", project.folder)
    assert ran.code == 0, ran.err
    return ran


def ask_json(project: Any, *words: str) -> Any:
    ran = project.mdm("explain", *words, "--project", project.folder, "--json")
    assert ran.code == 0, ran.err
    return ran.json()


def decide(project: Any, kind: Any, one: str, other: str) -> None:
    left, right = (RecordKey(SystemName(text.split(":")[0]), text.split(":")[1]) for text in (one, other))
    with open_project(project.folder, Settings()).open_store() as store:
        store.add_decision(kind, left, right, author="ann", at="2026-02-01T00:00:00+00:00", reason="seen")


def test_duplicates_are_one_customer_with_the_weights_that_say_so(scanned: Any) -> None:
    found = ask_json(scanned, A0, E0)
    assert found["verdict"] == "one customer"
    assert found["line"].startswith("One customer, weight ")
    assert found["steps"][-1]["total"] == pytest.approx(found["weight"], abs=0.001)
    assert sum(step["weight"] for step in found["steps"]) == pytest.approx(found["weight"], abs=0.001)
    assert found["weight"] >= found["auto_from"] > found["review_from"]
    assert found["master_ids"][0] == found["master_ids"][1] == scanned.ids()["crm", "A000"]
    assert any(rule["found"] for rule in found["blocking"])


def test_the_line_says_what_is_the_same_and_what_is_missing(scanned: Any) -> None:
    found = ask_json(scanned, A0, E0)
    assert "telephone" in found["outcome"]["same"]
    assert "web site" in found["outcome"]["missing"]
    assert "Same: name" in found["line"]


def test_each_step_shows_the_two_values(scanned: Any) -> None:
    steps = {step["comparison"]: step for step in ask_json(scanned, A0, E0)["steps"]}
    assert steps["name"]["left"] == steps["name"]["right"] == "nordlicht maschinenbau"
    assert "50667" in steps["place"]["left"]


def test_the_table_for_a_person_fits_80_columns(scanned: Any) -> None:
    ran = ask(scanned, A0, E0)
    assert "One customer, weight" in ran.out
    assert "Found by: " in ran.words
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_strangers_that_share_no_key_were_never_compared(scanned: Any) -> None:
    found = ask_json(scanned, A0, "crm:A003")
    assert found["verdict"] == "never compared"
    assert found["line"].startswith("Never compared: no blocking rule hit; it would have scored -")
    assert found["blocking"] == []


def test_the_order_of_the_two_makes_no_difference(scanned: Any) -> None:
    assert ask_json(scanned, A0, E0) == ask_json(scanned, E0, A0)


def test_a_decision_is_told_with_who_and_when_before_and_after_the_scan(scanned: Any) -> None:
    decide(scanned, "do_not_match", A0, E0)
    before = ask_json(scanned, A0, E0)
    assert before["verdict"] == "one customer"
    assert "But decision 1 of ann on 2026-02-01 says" in before["line"]
    assert "in effect with the next scan" in before["line"]
    scanned.scan()
    after = ask_json(scanned, A0, E0)
    assert after["verdict"] == "two customers"
    assert "because decision 1 of ann on 2026-02-01 says" in after["line"]
    assert [d["author"] for d in after["decisions"]] == ["ann"]


def test_records_joined_through_others_name_the_chain(scanned: Any) -> None:
    decide(scanned, "match", A0, A1)
    scanned.scan()
    found = ask_json(scanned, E0, A1)
    assert found["verdict"] == "one customer"
    assert "through crm:A000" in found["line"]
    assert [(t["left"], t["right"]) for t in found["chain"]] == [("crm:A001", "crm:A000"), ("crm:A000", E0)]
    assert [t["decision"] for t in found["chain"]] == [1, None]


def test_a_master_id_stands_for_its_best_linked_record(scanned: Any) -> None:
    ids = scanned.ids()
    found = ask_json(scanned, A0, ids["erp", E0.split(":")[1]])
    assert (found["left"], found["right"]) == (A0, E0)
    stranger = ask_json(scanned, A0, ids["crm", "A003"])
    assert stranger["verdict"] == "never compared"
    assert scanned.ids()[tuple(stranger["right"].split(":"))] == ids["crm", "A003"]


def test_a_duplicate_inside_one_system_is_explained_too(scanned: Any) -> None:
    assert ask_json(scanned, A2, B2)["verdict"] == "one customer"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((A0, "crm:nobody"), "There is no record crm:nobody"),
        ((A0, "nobody"), "neither a record nor a master id"),
        ((A0, A0), "Both name the same record"),
        ((A0, "M-0000001-2"), "neither a record nor a master id"),
    ],
)
def test_a_record_that_is_not_there_is_told_in_a_sentence(scanned: Any, words: tuple[str, str], said: str) -> None:
    ran = scanned.mdm("explain", *words, "--project", scanned.folder)
    assert ran.code == 2
    assert said in ran.words


def test_a_project_without_a_scan_has_nothing_to_explain(project: Any) -> None:
    ran = project.mdm("explain", A0, E0, "--project", project.folder)
    assert ran.code == 4
    assert "a first scan" in ran.words


def test_a_stored_link_answers_without_reading_everything(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdm.app.explaining.AT_ONCE", 0)
    watch = Watch()
    found = explain(open_project(scanned.folder, Settings()), Question(A0, E0), watch)
    assert (found.verdict, found.keys, watch.timings) == ("one customer", None, [])
    full = explain(open_project(scanned.folder, Settings()), Question(A0, E0, full=True), watch)
    assert full.link == found.link
    assert full.keys


def test_a_pair_below_the_bands_is_two_customers_because_too_little_agrees(scanned: Any) -> None:
    rows = scanned.world.rows["crm"]
    rows.append({**crm_row(0, "Z1"), "Account Name": "Ganz Anders AG", "Email": "", "VAT Number": "", "Phone": ""})
    scanned.world.write()
    scanned.scan()
    found = ask_json(scanned, A0, "crm:Z1")
    assert found["compared"]
    assert found["verdict"] in {"two customers", "in review"}
    assert ("too little agrees" in found["line"]) == (found["weight"] < found["review_from"])
