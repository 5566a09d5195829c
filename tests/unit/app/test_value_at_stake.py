"""What customers are worth: the dearest questions first, and two people where much is at stake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mdm.app import Call, Watch, open_project, scan
from mdm.app.desk import Actor, Desk, Said, Sought, Wanted, open_desk
from mdm.errors import DecisionRefused
from mdm.settings import Settings
from tests.ui import project

D = project.DOUBTFUL.start
PAIR = (project.left(D), project.right(D))
WORTH = {n: 1_000 * n + 100 * n for n in project.DOUBTFUL}
ANN = Said("ann", "2026-02-01T09:00:00+00:00", "same owner")
BOB = Said("bob", "2026-02-01T10:00:00+00:00", "asked them")


@pytest.fixture
def valued(tmp_path: Path) -> Path:
    return project.scan_project(project.write_valued(tmp_path / "shop"))


@pytest.fixture
def desk(valued: Path) -> Iterator[Desk]:
    opened = open_desk(valued, {"USER": "ann"})
    yield opened
    opened.close()


def ruled(folder: Path, rule: str) -> Desk:
    (folder / "rules" / "stewardship.yaml").write_text(f"four_eyes:\n{rule}")
    return open_desk(folder, {"USER": "ann"})


def listed(desk: Desk, sought: Sought) -> list[tuple[str, int]]:
    rows = desk.questions(Wanted("", None, 50), sought).rows
    return list(rows.select("key_l", "value").iter_rows())


def test_the_dearest_question_comes_first(desk: Desk) -> None:
    dearest = [(f"C{n:03d}", WORTH[n]) for n in sorted(WORTH, reverse=True)]
    assert listed(desk, Sought(order="value")) == dearest
    assert listed(desk, Sought(order="value", least_value=WORTH[12])) == dearest[:4]


def test_pages_by_value_follow_each_other(desk: Desk) -> None:
    found, after = [], None
    for _ in range(4):
        page = desk.questions(Wanted("", after, 2), Sought(order="value"))
        found += page.rows["value"].to_list()
        after = page.after
    assert found == sorted(WORTH.values(), reverse=True)
    assert after is None


def test_neighbours_by_value(desk: Desk) -> None:
    around = desk.neighbours(project.left(14), project.right(14), Sought(order="value"))
    assert (around.number, around.total) == (2, len(WORTH))
    assert around.previous == (project.left(15), project.right(15))
    assert around.following == (project.left(13), project.right(13))


def test_today_adds_up_what_waits(desk: Desk) -> None:
    assert desk.overview().value == sum(WORTH.values())
    assert desk.choices().most_value == max(WORTH.values())


def test_a_merge_brings_what_both_are_worth(desk: Desk) -> None:
    owners = [c.master_id for c in desk.pair(*PAIR).customers]
    desk.called_by(Actor("ann", "admin")).merge(owners[0], owners[1], ANN)
    assert desk.overview().value == sum(WORTH.values()) - WORTH[D]


def test_another_amount_changes_the_question_and_nothing_else(valued: Path) -> None:
    def known() -> tuple[list[tuple[str, int]], list[str]]:
        desk = open_desk(valued, {"USER": "ann"})
        rows = desk.questions(Wanted("", None, 50), Sought()).rows
        desk.close()
        return list(rows.select("key_l", "value").iter_rows()), rows["asked_at"].to_list()

    before, since = known()
    text = (valued / "crm.csv").read_text(encoding="utf-8")
    (valued / "crm.csv").write_text(text.replace(f"{D},000.00", "2.000.000,00"), encoding="utf-8")
    scan(open_project(valued, Settings()), Settings(), Call("2026-02-02T08:00:00+00:00"), Watch())
    after, still = known()
    assert [key for key, _ in after] == [key for key, _ in before]
    assert dict(after)[f"C{D:03d}"] == 2_000_000 + 100 * D
    assert {k: v for k, v in after if k != f"C{D:03d}"} == {k: v for k, v in before if k != f"C{D:03d}"}
    assert still == since


def test_much_at_stake_needs_two_people(valued: Path) -> None:
    desk = ruled(valued, f"  - value: {WORTH[12]}\n")
    assert desk.agreeing.why(*PAIR) == ""
    dear = (project.left(12), project.right(12))
    assert desk.agreeing.why(*dear) == "together they are worth 13,200"
    desk.called_by(Actor("ann", "admin")).decide("match", *dear, ANN)
    assert desk.pair(*dear).decision is None
    desk.called_by(Actor("bob", "admin")).decide("match", *dear, BOB)
    found = desk.pair(*dear).decision
    assert found is not None
    assert found.author == "bob"
    desk.close()


def test_two_systems_with_open_balances_need_two_people(valued: Path) -> None:
    desk = ruled(valued, "  - systems: [crm, erp]\n    value: 1\n")
    assert desk.agreeing.why(*PAIR) == "one is known to crm, the other to erp, worth 8,000 and 800 there"
    desk.close()
    desk = ruled(valued, "  - systems: [crm, erp]\n    value: 900\n")
    assert desk.agreeing.why(*PAIR) == ""
    desk.close()


def test_a_confirmed_customer_needs_two_people(valued: Path) -> None:
    desk = ruled(valued, "  - confirmed: true\n")
    two = desk.called_by(Actor("ann", "admin"))
    assert desk.agreeing.why(*PAIR) == ""
    two.decide("match", *PAIR, ANN)
    desk.close()
    scan(open_project(valued, Settings()), Settings(), Call("2026-02-02T08:00:00+00:00"), Watch())
    desk = open_desk(valued, {"USER": "ann"})
    other = project.left(D + 1)
    assert desk.agreeing.why(project.left(D), other) == "a steward has confirmed a match in one of them"
    owners = [desk.pair(project.left(D), other).customers[side].master_id for side in (0, 1)]
    with pytest.raises(DecisionRefused, match="Two people must agree about"):
        desk.called_by(Actor("ann", "admin")).merge(owners[0], owners[1], ANN)
    desk.close()
