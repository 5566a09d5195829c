"""The page of the rules: what is in force, and a change that is tried without being made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from mdm.app import Watch
from mdm.app.desk import Trial, TrialJob
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
D = project.DOUBTFUL.start
HOSTILE = "<img src=x onerror=alert(1)>"


def edit(page: Page, name: str, old: str, new: str) -> None:
    """Change the text of a rules file on the page."""
    page.app.selectbox(key="rules_file").select(name)
    page.run()
    (area,) = page.app.text_area
    assert old in area.value
    area.set_value(area.value.replace(old, new))
    page.run()


def tried(page: Page) -> Page:
    """The page once the work behind it has ended."""
    page.press("trial")
    job: TrialJob = page.app.session_state["rules_job"]
    assert job.look(120)
    page.run()
    return page


def test_what_is_in_force_is_shown_in_tables(opened: Opener) -> None:
    text = opened("rules").text
    for shown in ("Sources", "Survivorship", "crm.csv", "Joined by itself", "never: one person decides", "MDM_ID"):
        assert shown in text


def test_a_change_shows_what_it_would_do_and_does_nothing(opened: Opener, folder: Path) -> None:
    rules = (folder / "rules" / "match.yaml").read_text(encoding="utf-8")
    page = opened("rules")
    edit(page, "match.yaml", "\nauto_from:", "\nauto_from: 0.999999999999")
    assert "Changed here: match.yaml." in page.texts
    tried(page)
    assert "A scan with the changed match.yaml would do this. Nothing of it has happened." in page.texts
    assert f"Customers split: {len(project.CERTAIN)}" in page.texts
    assert (folder / "rules" / "match.yaml").read_text(encoding="utf-8") == rules
    assert opened("runs").text.count("Show the scan of revision") == 1
    edit(page, "match.yaml", "largest_cluster: 100", "largest_cluster: 99")
    assert "The texts were changed after this was computed." in page.texts
    page.press("put_back")
    assert "What would change" not in page.text


def test_a_text_that_does_not_load_is_told_with_its_line(opened: Opener) -> None:
    page = opened("rules")
    edit(page, "match.yaml", "version: 1", f'version: 1\n"{HOSTILE}": 1')
    page.press("trial")
    assert "These rules do not load." in page.texts
    told = next(text for text in page.texts if text.startswith("rules/match.yaml:"))
    assert HOSTILE in told
    assert HOSTILE not in page.markdown


def test_hostile_names_are_shown_as_text(opened: Opener, folder: Path) -> None:
    lines = (folder / "crm.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "crm.csv").write_text("".join([*lines[: D + 1], *lines[project.DOUBTFUL.stop + 1 :]]), encoding="utf-8")
    sources = folder / "rules" / "sources"
    text = (sources / "crm.yaml").read_text(encoding="utf-8")
    (sources / "crm.yaml").write_text(f"label: '{HOSTILE}'\nshrink_limit: 1\n{text}", encoding="utf-8")
    page = opened("rules")
    assert f"crm ({HOSTILE})" in page.texts
    edit(page, "survivorship.yaml", "source_order: []", "source_order: [crm]")
    tried(page)
    assert f"Customers retired: {len(project.DOUBTFUL)}" in page.texts
    assert project.name(D) in page.texts
    assert HOSTILE not in page.markdown


def test_rules_files_that_stop_loading_are_told(opened: Opener, folder: Path) -> None:
    page = opened("rules")
    (folder / "rules" / "match.yaml").write_text("version: 1\nblock_cap: none\n", encoding="utf-8")
    page.run()
    assert "The rules in the files do not load, so no scan runs." in page.texts
    assert any(text.startswith("rules/match.yaml:2: block_cap: ") for text in page.texts)


def test_work_is_stopped_when_the_page_is_left(opened: Opener) -> None:
    page = tried(opened("rules"))
    job: TrialJob = page.app.session_state["rules_job"]
    assert not job._told_to_stop.is_set()
    page.app.switch_page("screens/runs.py")
    page.run()
    assert job._told_to_stop.is_set()
    assert "rules_job" not in page.app.session_state


def test_work_that_takes_long_tells_its_stage_and_can_be_stopped(opened: Opener) -> None:
    begun, go = Event(), Event()

    def work(watch: Watch) -> Trial:
        with watch.stage("first"):
            begun.set()
            assert go.wait(60)
        with watch.stage("second"):
            raise AssertionError

    page = opened("rules")
    job = page.app.session_state["rules_job"] = TrialJob(work)
    assert begun.wait(60)
    page.run()
    assert "At work: first …" in page.texts
    assert page.app.button(key="trial").disabled
    page.press("trial_stop")
    assert "At work" not in page.text
    go.set()
    assert job.look(60)
    assert "stopped" in str(job.error)
