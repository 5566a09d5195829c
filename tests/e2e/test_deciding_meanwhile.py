"""What stewards decide while a scan is at work is obeyed by that scan, or by the next; it is never outvoted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from mdm.app import Call, Scanned, Watch, open_project
from mdm.app import scan as run_scan
from mdm.app.meanwhile import not_obeyed
from mdm.app.pipeline import nothing_before
from mdm.errors import GuardTripped
from mdm.records import CROSSWALK, RecordKey
from mdm.settings import Settings
from mdm.store import DECISIONS, Stage

NOW = "2026-01-01T00:00:00+00:00"
A0, E0 = RecordKey("crm", "A000"), RecordKey("erp", "0000000001")
A1 = RecordKey("crm", "A001")

Decide = Callable[[int], None]


@pytest.fixture
def scan_while(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, Decide], Scanned]:
    """Scan a project, calling a steward each time when all is written and before it can be seen."""
    put, rounds = Stage.put_input_files, [0]

    def last_of_all(stage: Stage, files: pl.DataFrame) -> int:
        rounds[0] += 1
        written = put(stage, files)
        decide(rounds[0])
        return written

    def run(project: Any, decide_each: Decide) -> Scanned:
        nonlocal decide
        decide = decide_each
        settings = Settings()
        with monkeypatch.context() as patch:
            patch.setattr(Stage, "put_input_files", last_of_all)
            return run_scan(open_project(project.folder, settings), settings, Call(NOW), Watch())

    def decide(_: int) -> None:
        raise NotImplementedError

    return run


def say(project: Any, kind: Any, one: RecordKey, other: RecordKey) -> None:
    with project.store() as store:
        store.add_decision(kind, one, other, author="ann", at=NOW, reason="seen")


def test_two_told_apart_while_a_scan_joins_them_are_apart_after_it(project: Any, scan_while: Any) -> None:
    scan_while(project, lambda n: say(project, "do_not_match", A0, E0) if n == 1 else None)
    ids = project.ids()
    assert ids[A0.system, A0.key] != ids[E0.system, E0.key]
    assert project.mdm("verify", project.folder).code == 0


def test_two_joined_while_a_scan_is_at_work_are_one_customer_after_it(project: Any, scan_while: Any) -> None:
    scan_while(project, lambda n: say(project, "match", A0, A1) if n == 1 else None)
    ids = project.ids()
    assert ids[A0.system, A0.key] == ids[A1.system, A1.key]


def test_a_decision_taken_back_meanwhile_is_not_obeyed_any_more(project: Any, scan_while: Any) -> None:
    project.scan()
    say(project, "match", A0, A1)

    def take_back(_: int) -> None:
        with project.store() as store:
            if store.decisions()["kind"].item(-1) == "match":
                store.supersede(1, "withdrawn", author="ann", at=NOW, reason="wrong")

    scan_while(project, take_back)
    ids = project.ids()
    assert ids[A0.system, A0.key] != ids[A1.system, A1.key]


def test_a_decision_that_agrees_with_the_scan_costs_no_further_round(project: Any, scan_while: Any) -> None:
    rounds = []

    def agree(n: int) -> None:
        rounds.append(n)
        say(project, "match", A0, E0)

    scan_while(project, agree)
    assert rounds == [1]


def change_mind(project: Any) -> None:
    """Say the contrary of what was said last of A0 and E0."""
    with project.store() as store:
        known = store.decisions()
        if known.is_empty():
            store.add_decision("do_not_match", A0, E0, author="ann", at=NOW, reason="seen")
            return
        other: Any = {"do_not_match": "match", "match": "do_not_match"}[known["kind"].item(-1)]
        store.supersede(known["id"].item(-1), other, author="ann", at=NOW, reason="seen")


def test_a_scan_that_is_outrun_every_time_is_refused_and_leaves_no_trace(project: Any, scan_while: Any) -> None:
    with pytest.raises(GuardTripped, match=r"decision 6 of ann \(crm:A000 and erp:0000000001") as refused:
        scan_while(project, lambda _: change_mind(project))
    assert "Run it again" in str(refused.value)
    assert project.ids() == {}
    project.scan()
    ids = project.ids()
    assert ids[A0.system, A0.key] == ids[E0.system, E0.key]


def test_after_one_more_round_a_decision_on_what_the_scan_leaves_alone_waits_for_the_next(
    scanned: Any, world: Any, scan_while: Any
) -> None:
    world.rows["crm"][9]["Account Name"] = "Another Name AG"
    world.write()
    pairs = [(RecordKey("crm", f"A{n:03d}"), RecordKey("crm", f"A{n + 1:03d}")) for n in (0, 2)]
    made = scan_while(scanned, lambda n: say(scanned, "match", *pairs[n - 1]))
    assert made.writes > 0
    ids = scanned.ids()
    same = [ids[one.system, one.key] == ids[other.system, other.key] for one, other in pairs]
    assert same == [True, False]
    scanned.scan()
    ids = scanned.ids()
    assert all(ids[one.system, one.key] == ids[other.system, other.key] for one, other in pairs)


def later(*rows: tuple[str, str, str]) -> pl.DataFrame:
    told = [
        (n, kind, "s", one, "s", other, "ann", NOW, "", None, None, True) for n, (kind, one, other) in enumerate(rows)
    ]
    return pl.DataFrame(told, schema=dict(DECISIONS), orient="row")


@pytest.mark.parametrize(
    ("kind", "one", "other", "disturbs"),
    [
        ("match", "1", "2", False),
        ("match", "1", "3", True),
        ("do_not_match", "1", "2", True),
        ("do_not_match", "1", "3", False),
        ("withdrawn", "1", "2", False),
        ("match", "1", "gone", True),
    ],
)
def test_only_what_a_result_does_not_obey_disturbs_it(kind: str, one: str, other: str, disturbs: bool) -> None:  # noqa: FBT001 - a column of the table
    crosswalk = pl.DataFrame([("s", "1", "M"), ("s", "2", "M"), ("s", "3", "N")], schema=dict(CROSSWALK), orient="row")
    assert not_obeyed(later((kind, one, other)), nothing_before(), crosswalk).height == disturbs
