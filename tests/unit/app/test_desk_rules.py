"""The rules at the desk: what is in force, and that a tried change is what a real scan then does."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from threading import Event

import pytest

from mdm.app import Watch, open_project
from mdm.app.desk import Desk, Said, Trial, TrialJob
from mdm.errors import InputRefused, RulesInvalid, SettingsInvalid
from mdm.settings import Settings
from mdm.store import Store
from tests.ui import project

LATER = "2026-02-02T08:00:00+00:00"
ERP_FIRST = ("survivorship.yaml", "source_order: []", "source_order: [erp, crm]")
NAME_BY_SYSTEM = ("survivorship.yaml", "[well_written, most_frequent, source_order, longest", "[source_order, longest")
STRICT = ("match.yaml", "auto_from:", "auto_from: 0.999999999999")


def changed(desk: Desk, *changes: tuple[str, str, str]) -> dict[str, str]:
    """Texts of rules files with something replaced in each."""
    texts, found = desk.rules.texts(), {}
    for name, old, new in changes:
        text = found.get(name, texts[name])
        assert f"\n{old}" in text or f" {old}" in text
        found[name] = re.sub(rf"(?<=[\n ]){re.escape(old)}", new, text, count=1)
    return found


def tried(desk: Desk, texts: dict[str, str]) -> Trial:
    job = desk.rules.begin(texts, {}, LATER)
    assert job.look(120)
    found = desk.rules.look(job).result
    assert found is not None
    return found


def golden(store: Store) -> dict[str, dict[str, str | None]]:
    return {row["master_id"]: json.loads(row["body"]) for row in store.read_golden().iter_rows(named=True)}


def changes(store: Store) -> set[tuple[str | None, ...]]:
    return set(store.read_publish_changes().select("target", "key", "field", "new").iter_rows())


def scanned_with(folder: Path, texts: dict[str, str]) -> dict[str, int]:
    """What a real scan does in this project once its rules are those texts, counted by what its store then says."""
    for name, text in texts.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    with open_project(folder, Settings()).open_store() as store:
        told, values = changes(store), golden(store)
    project.scan_project(folder, LATER)
    with open_project(folder, Settings()).open_store() as store:
        run = store.last_run()
        assert run is not None
        now, ids = golden(store), run.counts["ids"]
        fields = [(old, now[customer]) for customer, old in values.items() if customer in now]
        return {
            "Customers merged away": ids["merged"],
            "Customers split": ids["split"] + ids["split_up"],
            "New master ids": len(set(now) - set(values)),
            "Customers retired": ids["retired"],
            "Golden values changed": sum(old.get(f) != new.get(f) for old, new in fields for f in {*old, *new}),
            "Changes to publish": len(changes(store) - told),
            "customers": len(now),
            "waiting": run.counts["pairs_to_review"],
        }


def fingerprints(folder: Path) -> dict[str, str]:
    """Every file of a project by its content, but for what SQLite keeps beside an open database."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(
    ("rules", "moved"),
    [
        ((ERP_FIRST, NAME_BY_SYSTEM), "Golden values changed"),
        ((STRICT,), "Customers split"),
    ],
)
def test_a_trial_counts_what_a_real_scan_then_does(
    desk: Desk, folder: Path, tmp_path: Path, rules: tuple[tuple[str, str, str], ...], moved: str
) -> None:
    texts = changed(desk, *rules)
    before, revision = fingerprints(folder), desk.overview()
    found = tried(desk, texts)
    assert fingerprints(folder) == before
    assert desk.overview() == revision
    real = scanned_with(project.copy_project(folder, tmp_path / "copy"), texts)
    told = {effect.title: effect.count for effect in found.effects}
    assert {name: told[name] for name in real if name in told} == {n: c for n, c in real.items() if n in told}
    assert (found.customers[1], found.waiting[1]) == (real["customers"], real["waiting"])
    assert told[moved] >= len(project.CERTAIN)
    assert found.besides == ()
    for effect in found.effects:
        assert len(effect.examples) == min(effect.count, 12)


def test_rules_as_they_are_would_change_nothing(desk: Desk) -> None:
    found = tried(desk, {})
    assert found.effects == ()
    assert found.customers == (project.FIRMS + len(project.DOUBTFUL),) * 2


def test_what_else_has_changed_since_the_last_scan_is_told(desk: Desk, folder: Path) -> None:
    lines = (folder / "crm.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "crm.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    desk.decide("match", project.left(8), project.right(8), Said("tester", LATER, ""))
    (folder / "rules" / "match.yaml").write_text(changed(desk, STRICT)["match.yaml"], encoding="utf-8")
    assert desk.rules.in_force({}).changed_since
    assert tried(desk, changed(desk, NAME_BY_SYSTEM)).besides == (
        "the files of the sources have changed",
        "1 decision was made",
        "the rules in the files have changed",
    )


def test_a_file_that_does_not_load_is_refused_with_its_line(desk: Desk) -> None:
    texts = {"match.yaml": "version: 1\nauto_from: 2\n", "survivorship.yaml": "a: [\n"}
    with pytest.raises(RulesInvalid) as refused:
        desk.rules.begin(texts, {}, LATER)
    assert "rules/match.yaml:2: auto_from: must be between 0" in str(refused.value)
    assert "rules/survivorship.yaml:" in str(refused.value)


@pytest.mark.parametrize("name", ["../mdm.yaml", "/etc/passwd", "sources/other.yaml", "mdm.yaml"])
def test_a_file_that_is_none_of_the_rules_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(SettingsInvalid, match="no rules file"):
        desk.rules.begin({name: "version: 1\n"}, {}, LATER)


def test_a_source_that_cannot_be_read_ends_the_trial_with_its_reason(desk: Desk) -> None:
    text = desk.rules.texts()["sources/crm.yaml"].replace("path: crm.csv", "path: gone.csv")
    job = desk.rules.begin({"sources/crm.yaml": text}, {}, LATER)
    assert job.look(60)
    with pytest.raises(InputRefused, match=r"gone\.csv"):
        desk.rules.look(job)


def test_what_is_in_force_is_told_in_words(desk: Desk, folder: Path) -> None:
    (folder / "rules" / "stewardship.yaml").write_text("four_eyes: [{systems: [erp, crm], records: 4}]\n")
    (folder / "rules" / "publish.yaml").write_text("targets: [{system: crm, allow: {vat: <img src=x onerror=1>}}]\n")
    found = {table.title: table for table in desk.rules.in_force({}).tables}
    assert [row[:4] for row in found["Sources"].rows] == [
        ("crm", "crm.csv", "id", str(len(project.ROLES))),
        ("erp", "erp.csv", "id", str(len(project.ROLES))),
    ]
    assert found["Stewardship"].rows == (
        ("together they have 4 records or more and one is known to erp, the other to crm",),
    )
    assert found["Publish"].rows[0][2] == "vat into <img src=x onerror=1>"
    match = dict(found["Match"].rows)
    assert re.fullmatch(r"from \+\d+\.\d\d bits on, a probability of .* %", match["Joined by itself"])
    assert all(table.own for table in found.values())
    (folder / "rules" / "match.yaml").unlink()
    assert not next(t for t in desk.rules.in_force({}).tables if t.title == "Match").own


def test_a_stage_that_the_project_has_no_file_of_is_tried_all_the_same(desk: Desk, folder: Path) -> None:
    texts = changed(desk, STRICT)
    (folder / "rules" / "match.yaml").unlink()
    assert tried(desk, texts).effects


class Work:
    """Work of two stages, the first of which lasts until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go, self.second = Event(), Event(), False

    def __call__(self, watch: Watch) -> Trial:
        with watch.stage("first"):
            self.begun.set()
            assert self.go.wait(60)
        with watch.stage("second"):
            self.second = True
        return Trial((), (0, 0), (0, 0), (), ())


def test_a_trial_tells_its_stage_and_is_the_only_one() -> None:
    work = Work()
    job = TrialJob(work)
    assert work.begun.wait(60)
    assert (job.look(), job.stage) == (False, "first")
    with pytest.raises(SettingsInvalid, match="Another change"):
        TrialJob(work)
    work.go.set()
    assert job.look(60)
    assert (work.second, job.error) == (True, None)


def test_a_stopped_trial_goes_no_further_and_makes_room() -> None:
    work = Work()
    job = TrialJob(work)
    assert work.begun.wait(60)
    job.stop()
    work.go.set()
    assert job.look(60)
    assert (work.second, job.result) == (False, None)
    assert "stopped" in str(job.error)
    assert TrialJob(work).look(60)


def test_a_trial_at_which_nobody_looks_any_more_stops() -> None:
    work, now = Work(), [0.0]
    job = TrialJob(work, lambda: now[0])
    assert work.begun.wait(60)
    now[0] = 181.0
    work.go.set()
    assert job._ended.wait(60)
    assert not work.second


def test_rules_text_that_is_read_in_place_of_a_file_loads_as_that_file_would(folder: Path) -> None:
    text = "version: 1\nlargest_cluster: 7\n"
    instead = open_project(folder, Settings(), {"match.yaml": text}).rulebook
    (folder / "rules" / "match.yaml").write_text(text, encoding="utf-8")
    assert instead == open_project(folder, Settings()).rulebook
