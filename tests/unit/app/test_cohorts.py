"""Cohorts from drawing to taking back, on a scanned project: the sample decided, the rest accepted, each undoable."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from mdm.app import Call, Watch, open_project, scan
from mdm.app.cohorts import CohortState, CohortView, Wish
from mdm.app.desk import Answer, Desk, Said, Sought, open_desk
from mdm.errors import DecisionRefused, SettingsInvalid
from mdm.settings import Settings
from mdm.store import open_store
from tests.ui import project

NOW = "2026-02-01T09:00:00+00:00"
ME = Said("tester", NOW, "the same firm")
ALL = len(project.ALIKE)
WISH = Wish("match", Sought(doubt="contradicted"), 1_000)


@pytest.fixture(scope="session")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.scan_project(project.write_alike(tmp_path_factory.mktemp("alike") / "shop"))


@pytest.fixture
def folder(alike: Path, tmp_path: Path) -> Path:
    return project.copy_project(alike, tmp_path / "shop")


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    opened = open_desk(folder, {"USER": "tester"})
    yield opened
    opened.close()


def decide_sample(desk: Desk, number: int, wrong: int = 0) -> CohortView:
    for n, line in enumerate(desk.bulk.view(number).sample):
        answer: Answer = "do_not_match" if n < wrong else "match"
        said = {"author": ME.author, "at": ME.at, "reason": ME.reason}
        desk._store.add_decision(answer, line.left, line.right, **said)  # the desk reads each pair in full before
    return desk.bulk.view(number)


def decisions(folder: Path) -> pl.DataFrame:
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        return store.decisions()


def test_the_size_of_the_sample_is_known_before_the_first_look(desk: Desk) -> None:
    found = desk.bulk.fitting(WISH)
    assert (found.among, found.sample) == (ALL, desk.bulk.view(desk.bulk.draw(WISH, ME)).row.drawn)
    assert 0 < found.sample < ALL


def test_the_same_seed_draws_the_same_sample(desk: Desk) -> None:
    samples = []
    for _ in range(2):
        number = desk.bulk.draw(WISH, ME, seed="seven")
        samples.append([line.left for line in desk.bulk.view(number).sample])
        desk.bulk.close(number, ME)
    assert samples[0] == samples[1]


def test_after_each_decision_the_bound_is_stated(desk: Desk) -> None:
    number = desk.bulk.draw(WISH, ME)
    view = desk.bulk.view(number)
    size = view.row.drawn
    assert view.told.startswith(f"{size} to decide. If none of these is wrong: at most ")
    desk.decide("unsure", view.sample[0].left, view.sample[0].right, ME)
    told = desk.bulk.view(number).told
    assert told.startswith(f"1 of 1 wrong so far, {size - 1} to decide.")
    desk.undo(1, ME)
    whole = decide_sample(desk, number, wrong=1)
    assert whole.told.startswith(f"1 of {size} wrong: at most ")
    assert whole.told.endswith(f" % of all {ALL} are wrong (95 % sure).")


def test_the_rest_is_accepted_with_a_reason_and_evidence_for_each(desk: Desk, folder: Path) -> None:
    number = desk.bulk.draw(WISH, ME)
    view = decide_sample(desk, number)
    done: list[tuple[int, int]] = []
    after = desk.bulk.accept(number, ME, lambda *now: done.append(now))
    assert after.row.state is CohortState.ACCEPTED
    assert after.counts == {"accepted": view.rest}
    assert done[-1] == (view.rest, view.rest)
    made = decisions(folder).tail(view.rest)
    assert set(made["kind"]) == {"match"}
    assert set(made["reason"]) == {f"cohort {number}: {after.row.stated}; the same firm"}
    assert after.row.stated.startswith(f"0 of {view.row.drawn} wrong: at most ")
    assert desk.overview().waiting == 0
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store, store._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT evidence, seen FROM decision ORDER BY id").all()
    accepted = rows[view.row.drawn :]
    assert len({evidence for evidence, _ in accepted}) == view.rest
    assert all(len(json.loads(seen)["rows"]) == 2 for _, seen in accepted)


def test_a_sample_that_waits_or_says_too_little_accepts_nothing(desk: Desk, folder: Path) -> None:
    number = desk.bulk.draw(WISH, ME)
    with pytest.raises(DecisionRefused, match="wait to be decided"):
        desk.bulk.accept(number, ME)
    assert not decide_sample(desk, number, wrong=2).may_be_accepted
    with pytest.raises(DecisionRefused, match=r"2 of \d+ wrong: at most .* are wrong .*; 10.0 % are allowed"):
        desk.bulk.accept(number, ME)
    assert decisions(folder).height == desk.bulk.view(number).row.drawn


def test_accepting_that_was_stopped_goes_on_and_twice_changes_nothing(desk: Desk, folder: Path) -> None:
    number = desk.bulk.draw(WISH, ME)
    decide_sample(desk, number)

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt(done, of)

    with pytest.raises(KeyboardInterrupt):
        desk.bulk.accept(number, ME, stop)
    assert desk.bulk.view(number).row.state is CohortState.ACCEPTING
    assert 0 < desk.bulk.view(number).counts["accepted"] < desk.bulk.view(number).rest
    desk.bulk.accept(number, ME)
    before = decisions(folder)
    desk.bulk.accept(number, ME)
    assert before.height == ALL
    assert decisions(folder).equals(before)


def test_a_record_that_changed_since_the_drawing_leaves_its_pair_out(desk: Desk, folder: Path) -> None:
    number = desk.bulk.draw(WISH, ME)
    sampled = {line.left for line in decide_sample(desk, number).sample}
    moved = next(n for n in project.ALIKE if project.left(n) not in sampled)
    with (folder / "crm.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[moved]["phone"] = "+49 30 1234567"
    with (folder / "crm.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, project.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    scan(open_project(folder, Settings()), Settings(), Call(NOW), Watch())
    view = desk.bulk.accept(number, ME)
    assert view.counts == {"accepted": view.rest - 1, "changed": 1}
    (line,) = desk.bulk.rest(number, "changed")
    assert (line.left, line.cause) == (project.left(moved), "A record has changed since the drawing.")


def test_a_whole_cohort_is_taken_back_and_its_pairs_wait_again(desk: Desk) -> None:
    number = desk.bulk.draw(WISH, ME)
    view = decide_sample(desk, number)
    desk.bulk.accept(number, ME)
    after = desk.bulk.take_back(number, ME)
    assert after.row.state is CohortState.TAKEN_BACK
    assert after.counts == {"taken_back": view.rest}
    assert desk.bulk.fitting(WISH).among == view.rest


def test_one_pair_of_a_cohort_is_undone_like_any_decision(desk: Desk) -> None:
    number = desk.bulk.draw(WISH, ME)
    decide_sample(desk, number)
    desk.bulk.accept(number, ME)
    line = desk.bulk.rest(number, "accepted")[0]
    assert line.decision is not None
    desk.undo(line.decision, ME)
    assert desk.pair(line.left, line.right).decision is None
    assert desk.bulk.fitting(WISH).among == 1


def test_too_few_pairs_and_no_cohort_are_refused(desk: Desk) -> None:
    with pytest.raises(DecisionRefused, match="a sample would be all of them"):
        desk.bulk.draw(Wish("match", Sought(search=project.name(project.ALIKE[0])), 1_000), ME)
    with pytest.raises(SettingsInvalid, match="There is no cohort 7"):
        desk.bulk.view(7)


def test_a_cohort_is_of_pairs_that_are_alike(desk: Desk) -> None:
    heavy = Wish("match", Sought(weights=(0, 10**9), systems=("crm", "erp"), doubt="contradicted"), 1_000)
    assert desk.bulk.fitting(heavy).among == ALL
    assert desk.bulk.fitting(Wish("match", Sought(weights=(10**9, 10**10)), 1_000)).among == 0
    number = desk.bulk.draw(heavy, ME)
    told = "crm and erp · strong, but contradicted · weight +0.0 to +1000.0"
    assert desk.bulk.view(number).row.about == told
