"""What a steward decides at the desk: shown, refused, taken back, and in effect after the next scan."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mdm.app.desk import CustomerView, Desk, Forwarded, Said, Sought, Wanted
from mdm.errors import DecisionRefused
from tests.ui import project

NOW = "2026-02-01T09:00:00+00:00"
LATER = "2026-02-02T08:00:00+00:00"
ME = Said("tester", NOW, "looked at both")
D = project.DOUBTFUL.start


def pairs(desk: Desk, **wanted: object) -> list[tuple[str, str]]:
    rows = desk.questions(Wanted(**wanted)).rows  # type: ignore[arg-type]
    return [(left, right) for left, right in rows.select("key_l", "key_r").iter_rows()]


def test_a_decided_pair_leaves_the_queue_at_once_and_keeps_its_neighbours(desk: Desk) -> None:
    before = desk.neighbours(project.left(D), project.right(D))
    desk.decide("match", project.left(D), project.right(D), ME)
    after = desk.neighbours(project.left(D), project.right(D))
    assert (f"C{D:03d}", f"E{D:03d}") not in pairs(desk)
    assert after.number == 0
    assert (after.previous, after.following) == (before.previous, before.following)


def test_a_decision_is_shown_with_its_author_time_and_reason(desk: Desk) -> None:
    number = desk.decide("do_not_match", project.left(D), project.right(D), ME)
    decision = desk.pair(project.left(D), project.right(D)).decision
    assert decision is not None
    assert (decision.number, decision.answer) == (number, "do_not_match")
    assert (decision.author, decision.at, decision.reason) == ("tester", NOW, "looked at both")
    assert desk.overview().decided_since == 1


def test_a_decision_taken_back_is_asked_again(desk: Desk) -> None:
    before = pairs(desk)
    number = desk.decide("match", project.left(D), project.right(D), ME)
    desk.undo(number, ME)
    assert pairs(desk) == before
    assert desk.pair(project.left(D), project.right(D)).decision is None


def test_the_same_answer_twice_is_one_decision(desk: Desk) -> None:
    first = desk.decide("match", project.left(D), project.right(D), ME)
    assert desk.decide("match", project.right(D), project.left(D), ME) == first


def test_the_opposite_answer_is_refused_and_names_who_decided(desk: Desk) -> None:
    desk.decide("match", project.left(D), project.right(D), ME)
    with pytest.raises(DecisionRefused, match="tester"):
        desk.decide("do_not_match", project.left(D), project.right(D), ME)


def test_a_decision_cannot_be_taken_back_twice(desk: Desk) -> None:
    number = desk.decide("match", project.left(D), project.right(D), ME)
    desk.undo(number, ME)
    with pytest.raises(DecisionRefused):
        desk.undo(number, ME)


@pytest.mark.parametrize("last", [0, 1, 2])
def test_the_third_of_three_contradicting_answers_is_refused(desk: Desk, last: int) -> None:
    a, b, c = project.left(D), project.right(D), project.left(D + 1)
    answers = [("match", a, b), ("match", b, c), ("do_not_match", a, c)]
    third = answers.pop(last)
    for answer, one, other in answers:
        desk.decide(answer, one, other, ME)  # type: ignore[arg-type]
    with pytest.raises(DecisionRefused, match=r"decision [12]\b"):
        desk.decide(*third, ME)  # type: ignore[arg-type]


def test_a_match_survives_the_next_scan(desk: Desk, folder: Path) -> None:
    desk.decide("match", project.left(D), project.right(D), ME)
    project.scan_project(folder, LATER)
    pair = desk.pair(project.left(D), project.right(D))
    assert pair.already_one
    assert (f"C{D:03d}", f"E{D:03d}") not in pairs(desk)
    assert desk.overview().decided_since == 0


def test_a_do_not_match_survives_the_next_scan(desk: Desk, folder: Path) -> None:
    desk.decide("do_not_match", project.left(D), project.right(D), ME)
    project.scan_project(folder, LATER)
    assert len(desk.pair(project.left(D), project.right(D)).customers) == 2
    assert (f"C{D:03d}", f"E{D:03d}") not in pairs(desk)


def test_a_do_not_match_parts_what_a_scan_had_joined(desk: Desk, folder: Path) -> None:
    assert desk.pair(project.left(0), project.right(0)).already_one
    desk.decide("do_not_match", project.left(0), project.right(0), ME)
    project.scan_project(folder, LATER)
    assert len(desk.pair(project.left(0), project.right(0)).customers) == 2
    assert ("C000", "E000") not in pairs(desk)


def test_an_id_merged_away_leads_to_the_one_in_use_and_its_history_says_so(desk: Desk, folder: Path) -> None:
    before = [c.master_id for c in desk.pair(project.left(D), project.right(D)).customers]
    desk.decide("match", project.left(D), project.right(D), ME)
    project.scan_project(folder, LATER)
    kept = desk.pair(project.left(D), project.right(D)).customers[0].master_id
    gone = next(m for m in before if m != kept)
    assert desk.customer(gone) == Forwarded(gone, kept, f"{gone} was merged into {kept}.")
    found = desk.customer(kept)
    assert isinstance(found, CustomerView)
    assert any(f"{gone} was merged into {kept}" in e.text and e.at == LATER for e in found.history)


def test_one_decision_answers_every_link_between_the_two_customers(desk: Desk, folder: Path) -> None:
    desk.decide("match", project.left(D), project.right(D), ME)
    project.scan_project(folder, LATER)
    with desk.project.open_store() as store:
        between = store.read_links().filter((pl.col("key_l") == f"C{D:03d}") | (pl.col("key_r") == f"E{D:03d}"))
    assert between.height >= 1
    assert all(f"{D:03d}" not in left and f"{D:03d}" not in right for left, right in pairs(desk))


def test_a_decided_pair_comes_back_to_the_desk_with_what_changed(desk: Desk, folder: Path) -> None:
    left, right = project.left(D), project.right(D)
    desk.decide("do_not_match", left, right, ME)
    file = folder / "crm.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(project.firm(D)["phone"], "+49 221 999999"), encoding="utf-8")
    project.scan_project(folder, LATER)
    assert (left.key, right.key) in pairs(desk)
    found = desk.pair(left, right)
    assert found.again is not None
    assert [(c.side, c.field, c.new) for c in found.again.changes] == [(0, "telephone", "+49221999999")]
    desk.decide("do_not_match", left, right, ME)
    assert (left.key, right.key) not in pairs(desk)
    assert desk.pair(left, right).again is None


def test_the_desk_lists_pairs_that_somebody_was_unsure_of(desk: Desk) -> None:
    desk.decide("unsure", project.left(D), project.right(D), ME)
    unsure = desk.questions(Wanted(), Sought(state="unsure")).rows
    assert unsure.select("key_l", "key_r").rows() == [(f"C{D:03d}", f"E{D:03d}")]
    assert (f"C{D:03d}", f"E{D:03d}") not in pairs(desk)
