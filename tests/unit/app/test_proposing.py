"""Four eyes: proposed by one person, decided by a second, different one; contradicting proposals are listed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from mdm.app import Call, Watch, open_project, scan
from mdm.app.cohorts import Wish
from mdm.app.desk import Actor, Desk, Said, Sought, open_desk
from mdm.app.proposing import in_order
from mdm.errors import DecisionRefused, RulesInvalid
from mdm.settings import Settings
from mdm.store import open_store
from tests.ui import project

D = project.DOUBTFUL.start
PAIR = (project.left(D), project.right(D))
ANN = Said("ann", "2026-02-01T09:00:00+00:00", "same owner")
BOB = Said("bob", "2026-02-01T10:00:00+00:00", "asked them")
CY = Said("cy", "2026-02-01T11:00:00+00:00", "")
SYSTEMS = "four_eyes:\n  - systems: [erp, crm]\n"


def as_(desk: Desk, said: Said) -> Desk:
    """The desk, called by whoever says that."""
    return desk.called_by(Actor(said.author, "admin"))


@pytest.fixture
def two(folder: Path) -> Iterator[Desk]:
    """A desk where crm and erp are two systems about which two people must agree."""
    (folder / "rules" / "stewardship.yaml").write_text(SYSTEMS)
    opened = open_desk(folder, {"USER": "ann"})
    yield opened
    opened.close()


def decisions(folder: Path) -> pl.DataFrame:
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        return store.decisions()


def test_without_a_rule_one_person_decides(desk: Desk) -> None:
    number = as_(desk, ANN).decide("match", *PAIR, ANN)
    assert desk.pair(*PAIR).decision is not None
    assert desk.agreeing.all() == ()
    assert desk.agreeing.why(*PAIR) == ""
    assert number == 1


def test_the_first_answer_is_a_proposal_that_the_second_person_sees(two: Desk, folder: Path) -> None:
    number = as_(two, ANN).decide("match", *PAIR, ANN)
    assert decisions(folder).is_empty()
    (proposal,) = two.agreeing.all(PAIR)
    assert (proposal.number, proposal.author, proposal.answer, proposal.against) == (number, "ann", "match", ())
    assert proposal.told == "ann proposed match on 1 Feb 2026, 09:00 UTC: same owner"
    assert two.agreeing.why(*PAIR) == "one is known to erp, the other to crm"


def test_the_second_person_decides_and_the_decision_names_both(two: Desk, folder: Path) -> None:
    as_(two, ANN).decide("match", *PAIR, ANN)
    as_(two, BOB).decide("match", *PAIR, BOB)
    row = decisions(folder).row(0, named=True)
    assert (row["kind"], row["author"]) == ("match", "bob")
    assert row["reason"] == f"asked them (proposed by ann on {ANN.at}: same owner)"
    assert two.agreeing.all() == ()


def test_nobody_confirms_an_own_proposal(two: Desk, folder: Path) -> None:
    as_(two, ANN).decide("match", *PAIR, ANN)
    with pytest.raises(DecisionRefused, match="A second person has to confirm it"):
        as_(two, ANN).decide("match", *PAIR, ANN)
    assert decisions(folder).is_empty()


def test_contradicting_proposals_are_listed_first_until_somebody_settles_them(two: Desk, folder: Path) -> None:
    other = (project.left(D + 1), project.right(D + 1))
    as_(two, ANN).decide("match", *other, ANN)
    first = as_(two, ANN).decide("match", *PAIR, ANN)
    second = as_(two, BOB).decide("do_not_match", *PAIR, BOB)
    assert [(p.number, p.against) for p in two.agreeing.all()][:2] == [(first, (second,)), (second, (first,))]
    as_(two, CY).decide("do_not_match", *PAIR, CY)
    assert decisions(folder)["kind"].to_list() == ["do_not_match"]
    assert [p.left for p in two.agreeing.all()] == [other[0]]


class Counting(str):
    """An answer or key that counts how often it is compared."""

    __slots__ = ()
    __hash__ = str.__hash__
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counting.compared += 1
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        Counting.compared += 1
        return str.__ne__(self, other)


def comparisons(many: int) -> int:
    """How many comparisons it takes to list so many proposals, two that contradict each other for each pair."""
    rows = [
        {"id": n, "kind": Counting("match" if n % 2 else "unsure"), "author": "ann", "at": "", "reason": ""}
        | {"system_l": Counting("crm"), "key_l": Counting(f"{n // 2:05d}"), "system_r": "erp", "key_r": f"{n // 2:05d}"}
        for n in range(many)
    ]
    Counting.compared = 0
    found = in_order(rows)
    assert [(p.number, p.against) for p in found] == [(n, (n ^ 1,)) for n in range(many)]
    return Counting.compared


def test_twice_as_many_proposals_take_twice_the_work() -> None:
    assert comparisons(2_000) < 3 * comparisons(1_000)


def test_a_changed_mind_replaces_the_own_proposal(two: Desk) -> None:
    as_(two, ANN).decide("match", *PAIR, ANN)
    number = as_(two, ANN).decide("do_not_match", *PAIR, ANN)
    assert [(p.number, p.answer, p.against) for p in two.agreeing.all(PAIR)] == [(number, "do_not_match", ())]


def test_a_proposal_is_taken_back_by_its_number(two: Desk) -> None:
    number = as_(two, ANN).decide("match", *PAIR, ANN)
    as_(two, ANN).undo(number, ANN)
    assert two.agreeing.all() == ()
    with pytest.raises(DecisionRefused, match="does not stand any more"):
        as_(two, ANN).undo(number, ANN)


def test_a_proposal_lapses_when_its_records_have_changed(two: Desk, folder: Path) -> None:
    as_(two, ANN).decide("match", *PAIR, ANN)
    with (folder / "crm.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[D]["phone"] = "+49 30 1234567"
    with (folder / "crm.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, project.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    scan(open_project(folder, Settings()), Settings(), Call(BOB.at), Watch())
    as_(two, BOB).decide("match", *PAIR, BOB)
    assert decisions(folder).is_empty()
    assert [p.author for p in two.agreeing.all(PAIR)] == ["ann", "bob"]


def test_customers_are_not_merged_by_one_person(two: Desk) -> None:
    owners = [c.master_id for c in two.pair(*PAIR).customers]
    with pytest.raises(DecisionRefused, match="Two people must agree about"):
        as_(two, ANN).merge(owners[0], owners[1], ANN)
    as_(two, ANN).decide("match", *PAIR, ANN)
    with pytest.raises(DecisionRefused, match="Two people must agree about"):
        as_(two, ANN).merge(owners[0], owners[1], ANN)
    as_(two, BOB).decide("match", *PAIR, BOB)
    assert as_(two, ANN).merge(owners[0], owners[1], ANN).records[owners[0]] == 2


def test_customers_of_many_records_need_two_people(folder: Path) -> None:
    (folder / "rules" / "stewardship.yaml").write_text("four_eyes:\n  - records: 2\n")
    desk = open_desk(folder, {"USER": "ann"})
    assert desk.agreeing.why(*PAIR) == "together they have 2 records"
    desk.close()
    (folder / "rules" / "stewardship.yaml").write_text("four_eyes:\n  - records: 3\n")
    desk = open_desk(folder, {"USER": "ann"})
    assert desk.agreeing.why(*PAIR) == ""
    desk.close()


def test_bulk_leaves_out_what_needs_two_people(tmp_path: Path) -> None:
    folder = project.scan_project(project.write_alike(tmp_path / "shop"))
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        assert store.count_questions() == len(project.ALIKE)
    desk = open_desk(folder, {"USER": "ann"})
    number = desk.bulk.draw(Wish("match", Sought(), 1_000), ANN)
    for line in desk.bulk.view(number).sample:
        desk._store.add_decision("match", line.left, line.right, author="ann", at=ANN.at, reason="")
    desk.close()
    (folder / "rules" / "stewardship.yaml").write_text(SYSTEMS)
    desk = open_desk(folder, {"USER": "ann"})
    view = desk.bulk.accept(number, ANN)
    assert view.counts == {"two_people": view.rest}
    assert "Two people must agree: one is known to" in desk.bulk.rest(number, "two_people")[0].cause
    desk.close()


def test_proposals_are_bound_to_the_audit(two: Desk) -> None:
    as_(two, ANN).decide("match", *PAIR, ANN)
    as_(two, BOB).decide("match", *PAIR, BOB)
    assert two._store.verify().holds
    with two._store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE proposal SET author = 'eve' WHERE id = 1")
    assert not two._store.verify().holds


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("four_eyes:\n  - records: 1\n", "rules/stewardship.yaml:2: four_eyes[0].records"),
        ("four_eyes:\n  - {}\n", "must say records, systems, value or confirmed"),
        ("four_eyes:\n  - value: 0\n", "rules/stewardship.yaml:2: four_eyes[0].value"),
        ("four_eyes:\n  - systems: [erp, crn]\n", "crn is no source system, did you mean crm?"),
    ],
)
def test_a_rule_that_is_wrong_is_told_with_its_place(folder: Path, text: str, told: str) -> None:
    (folder / "rules" / "stewardship.yaml").write_text(text)
    with pytest.raises(RulesInvalid) as refused:
        open_project(folder, Settings())
    assert told in str(refused.value)
