"""What a steward decided is not asked about again, until what it was decided on has changed."""

from __future__ import annotations

from typing import Any

import pytest

A0, E0 = "crm:A000", "erp:0000000001"


@pytest.fixture
def asking(scanned: Any) -> Any:
    """A project that joins nothing by itself, so that every duplicate is a question."""
    rules = scanned.folder / "rules" / "match.yaml"
    rules.write_text("version: 1\nauto: false\n", encoding="utf-8")
    scanned.scan()
    return scanned


def decide(project: Any, answer: str) -> Any:
    ran = project.mdm("decide", A0, E0, answer, "--reason", "two sites", "--project", project.folder)
    assert ran.code == 0, ran.err
    return ran


def waiting(project: Any, *options: str) -> dict[tuple[str, str], str]:
    """The reason for each pair that `mdm review` lists."""
    ran = project.mdm("review", project.folder, "--json", *options)
    assert ran.code == 0, ran.err
    return {(f"{x['system_l']}:{x['key_l']}", f"{x['system_r']}:{x['key_r']}"): x["reason"] for x in ran.json()}


def change(project: Any, world: Any, column: str, value: str) -> Any:
    """Another value in the CRM's first record, and a scan."""
    world.rows["crm"][0][column] = value
    world.write()
    return project.scan()


def named(world: Any, part: str) -> str:
    return next(column for column in world.rows["crm"][0] if part in column.lower())


def test_a_do_not_match_is_silent_until_a_value_changes_then_comes_back_once(asking: Any, world: Any) -> None:
    assert (A0, E0) in waiting(asking)
    decide(asking, "do-not-match")
    asked = asking.scan()["counts"]["pairs_to_review"]
    assert (A0, E0) not in waiting(asking)
    phone = named(world, "phone")
    assert change(asking, world, phone, "+49 30 1234567")["counts"]["pairs_to_review"] == asked + 1
    assert "changed since decision 1: crm:A000 telephone: " in waiting(asking)[A0, E0]
    assert "→ +49301234567" in waiting(asking)[A0, E0]
    decide(asking, "do-not-match")
    assert (A0, E0) not in waiting(asking)
    assert asking.scan()["counts"]["pairs_to_review"] == asked
    assert asking.scan()["rows_written"] == 0
    assert asking.scan("--full")["rows_written"] == 0


def test_a_do_not_match_that_is_asked_again_goes_on_keeping_the_two_apart(scanned: Any, world: Any) -> None:
    decide(scanned, "do-not-match")
    scanned.scan()
    change(scanned, world, named(world, "phone"), "+49 30 1234567")
    assert (A0, E0) in waiting(scanned)
    ids = scanned.ids()
    assert ids["crm", "A000"] != ids["erp", "0000000001"]


def test_another_way_of_writing_the_same_value_asks_nothing(asking: Any, world: Any) -> None:
    decide(asking, "do-not-match")
    name = named(world, "name")
    change(asking, world, name, world.rows["crm"][0][name].upper())
    assert (A0, E0) not in waiting(asking)


def test_a_value_that_is_as_it_was_again_asks_nothing(asking: Any, world: Any) -> None:
    phone = named(world, "phone")
    before = world.rows["crm"][0][phone]
    decide(asking, "do-not-match")
    change(asking, world, phone, "+49 30 1234567")
    change(asking, world, phone, before)
    assert (A0, E0) not in waiting(asking)


def test_asked_again_the_answer_may_be_another(asking: Any, world: Any) -> None:
    decide(asking, "do-not-match")
    change(asking, world, named(world, "phone"), "+49 30 1234567")
    decide(asking, "match")
    asking.scan()
    ids = asking.ids()
    assert ids["crm", "A000"] == ids["erp", "0000000001"]


def test_an_unsure_pair_is_listed_for_whoever_asks_for_it(asking: Any) -> None:
    decide(asking, "unsure")
    assert (A0, E0) not in waiting(asking)
    assert list(waiting(asking, "--unsure")) == [(A0, E0)]


def test_an_unsure_pair_comes_back_when_something_changes(asking: Any, world: Any) -> None:
    decide(asking, "unsure")
    change(asking, world, named(world, "phone"), "+49 30 1234567")
    assert "changed since decision 1" in waiting(asking)[A0, E0]
    ids = asking.ids()
    assert ids["crm", "A000"] != ids["erp", "0000000001"]


def test_the_audit_holds_no_value_that_a_decision_was_made_on(asking: Any, world: Any) -> None:
    decide(asking, "do-not-match")
    told = asking.mdm("audit", asking.folder, "--json").out
    assert world.rows["crm"][0][named(world, "phone")][-6:] not in told
    assert asking.mdm("verify", asking.folder).code == 0


def test_an_answer_that_is_none_is_refused_with_those_there_are(scanned: Any) -> None:
    ran = scanned.mdm("decide", A0, E0, "maybe", "--project", scanned.folder)
    assert ran.code != 0
    assert "Say match, do-not-match or unsure." in ran.words


def test_a_decision_is_recorded_as_whoever_is_named(asking: Any) -> None:
    words = ("decide", A0, E0, "unsure", "--author", "ann", "--reason", "ask them", "--project", asking.folder)
    assert asking.mdm(*words).code == 0
    with asking.store() as store:
        row = store.decisions().row(0, named=True)
        assert (row["author"], row["kind"], row["reason"]) == ("ann", "unsure", "ask them")
        assert store.audit().row(-1, named=True)["actor"] == "ann"


def test_a_decision_on_a_record_that_is_not_there_is_refused(scanned: Any) -> None:
    ran = scanned.mdm("decide", A0, "erp:none", "match", "--project", scanned.folder)
    assert ran.code != 0
    assert "is not there" in ran.words


def test_the_list_of_waiting_pairs_can_be_read_by_a_person(asking: Any) -> None:
    ran = asking.mdm("review", asking.folder)
    assert ran.code == 0
    assert "pairs wait for a person" in ran.words
