"""Personal data at the desk: a viewer gets none of it in clear from any use case, and everybody else does (I26)."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mdm.app.desk import Actor, Desk, Said, Sought, Wanted, open_desk
from mdm.app.veil import is_organisation
from mdm.errors import MdmError
from mdm.records import RecordKey
from tests.ui import people, project

LATER = "2026-02-02T08:00:00+00:00"
DECIDED = people.left(3), people.right(3)
ALL = Wanted(limit=100)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Two scans; between them somebody decided on records that the second one brings with a telephone number."""
    folder = project.scan_project(people.write_people(tmp_path_factory.mktemp("people") / "shop"))
    opened = open_desk(folder, {"USER": "tester"})
    opened.decide("do_not_match", *DECIDED, Said("", "2026-02-01T09:00:00+00:00", "by phone, +49 151 731934836"))
    opened.close()
    rows = [people.in_club(n) for n in people.PEOPLE]
    rows[3] = {**rows[3], "phone": people.person(3)["phone"]}
    people.write_system(folder, "club", rows)
    project.scan_project(folder, LATER)
    opened = open_desk(folder, {"USER": "tester"})
    yield opened
    opened.close()


def attempts(desk: Desk) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Everything that can be looked at, and searches for every canary."""
    ids = desk.customers(ALL).rows["master_id"].to_list()
    pairs = [DECIDED, *((people.left(n), people.right(n)) for n in people.PEOPLE)]
    yield "customers", lambda: desk.customers(ALL)
    for state in ("waiting", "unsure"):
        yield f"questions {state}", lambda state=state: desk.questions(ALL, Sought(state=state))
    for master_id in ids:
        yield f"customer {master_id}", lambda master_id=master_id: desk.customer(master_id)
        yield f"customer {master_id} then", lambda master_id=master_id: desk.customer(master_id, "2026-02-01")
    for pair in pairs:
        yield f"pair {pair}", lambda pair=pair: desk.pair(*pair)
        yield f"neighbours {pair}", lambda pair=pair: desk.neighbours(*pair)
    for name in ("choices", "overview", "runs", "plan_waiting", "can_explain"):
        yield name, getattr(desk, name)
    for revision in range(5):
        yield f"run {revision}", lambda revision=revision: desk.run(revision)
    yield "set aside", lambda: desk.set_aside(50)
    yield "no record", lambda: desk.pair(people.left(0), RecordKey(people.left(0).system, "gone"))


def bytes_of(result: Any) -> str:
    return f"{result!r} {pickle.dumps(result).decode('latin-1')}"


def found_in(said: str) -> set[str]:
    return {canary for canary in people.canaries() if canary in said}


def seen(desk: Desk) -> dict[str, set[str]]:
    """The canaries in the answers, errors and all."""
    shown = {}
    for name, attempt in attempts(desk):
        try:
            shown[name] = found_in(bytes_of(attempt()))
        except MdmError as error:
            shown[name] = found_in(str(error))
    return {name: found for name, found in shown.items() if found}


def test_a_viewer_gets_no_canary_from_any_use_case(desk: Desk) -> None:
    assert seen(desk.called_by(Actor("vic", "viewer"))) == {}


@pytest.mark.parametrize("role", ["steward", "approver", "admin"])
def test_every_other_role_sees_them_so_the_test_can_fail(desk: Desk, role: str) -> None:
    shown = seen(desk.called_by(Actor("ann", role)))
    everything = set().union(*shown.values())
    assert {
        people.person(n)[field] for n in people.PEOPLE for field in ("born", "email", "iban", "street", *people.NUMBERS)
    } <= everything
    assert {name.split(" ")[0] for name in shown} >= {"customer", "pair", "questions", "set"}


def test_a_search_for_a_private_value_finds_nothing_and_counts_nothing(desk: Desk) -> None:
    viewer = desk.called_by(Actor("vic", "viewer"))
    for canary in people.canaries():
        assert (viewer.customers(Wanted(canary)).total, viewer.questions(Wanted(canary)).total) == (0, 0)
    assert viewer.customers(Wanted("Wolkenstein")).total == 1


def test_what_is_masked_still_says_what_it_is(desk: Desk) -> None:
    rows = {row.label: row for row in desk.called_by(Actor("vic", "viewer")).pair(*DECIDED).golden.rows}
    shown = {label: "".join(part.text for part in row.cells[1][0]) for label, row in rows.items() if row.cells[1]}
    assert shown["date of birth"] == "1964-••-••"
    assert shown["e-mail"] == "•••@post.example"
    assert shown["telephone"] == "••• 36"
    assert shown["IBAN"] == "••• 13"
    assert shown["street"] == "•••"
    assert shown["family name"] == "Finkenau"


def test_what_changed_is_told_to_a_viewer_by_its_field_alone(desk: Desk) -> None:
    again = desk.called_by(Actor("vic", "viewer")).pair(*DECIDED).again
    assert again is not None
    assert {change.old for change in again.changes} | {change.new for change in again.changes} <= {"•••", ""}
    mine = desk.pair(*DECIDED).again
    assert mine is not None
    assert "49151731934836" in mine.told


def test_what_is_read_for_a_steward_is_not_kept_for_a_viewer(desk: Desk) -> None:
    desk.called_by(Actor("ann", "steward")).pair(people.left(0), people.right(0))
    pair = desk.called_by(Actor("vic", "viewer")).pair(people.left(0), people.right(0))
    assert found_in(bytes_of(pair)) == set()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "Bralagon GmbH"}, True),
        ({"name": "Bralagon", "vat": ["DE136695976"]}, True),
        ({"name": "Bralagon", "kind": "company"}, True),
        ({"name": "Bralagon"}, False),
        ({"name": "Anna Schmidt"}, False),
        ({"name": "Anna Schmidt", "kind": "private"}, False),
        ({"name": "Schmidt GmbH", "given_name": "Anna"}, False),
        ({"name": "Schmidt GmbH", "passport": ["C01X00T47"]}, False),
        ({"name": "Schmidt GmbH", "driving_licence": ["B072RRE2I55"]}, False),
        ({"name": "Schmidt GmbH", "kind": "natural person"}, False),
        ({}, False),
    ],
)
def test_only_what_is_evidently_an_organisation_is_shown_in_clear(values: dict[str, object], expected: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_organisation(values) is expected


def test_firms_are_the_same_to_a_viewer(scanned: Path, tmp_path: Path) -> None:
    desk = open_desk(project.copy_project(scanned, tmp_path / "firms"), {"USER": "tester"})
    pair = project.left(0), project.right(0)
    assert desk.called_by(Actor("vic", "viewer")).pair(*pair) == desk.pair(*pair)
    desk.close()
