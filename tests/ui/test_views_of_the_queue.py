"""The queue by value, by whom pairs are assigned to, and views of it that people keep."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mdm.app.desk import Actor, Desk, Said, open_desk
from mdm.errors import SettingsInvalid
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
HOSTILE = "<b>[x](javascript:alert(1))</b> \u202eevil"


@pytest.fixture(scope="module")
def valued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.scan_project(project.write_valued(tmp_path_factory.mktemp("ui") / "shop"))


@pytest.fixture
def dear(valued: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Page]:
    """The desk opened on a project whose records say what they are worth."""
    monkeypatch.setenv("MDM_PROJECT", str(project.copy_project(valued, tmp_path / "dear")))
    monkeypatch.setenv("USER", "tester")
    return Page


def test_the_queue_is_narrowed_and_ordered_by_value(dear: Opener) -> None:
    page = dear("review")
    page.app.selectbox(key="by").set_value("value")
    page.app.selectbox(key="worth").set_value("10000")
    page.run()
    worth = [1_100 * n for n in sorted(project.DOUBTFUL, reverse=True) if 1_100 * n >= 10_000]
    assert f"{len(worth)} pairs waiting, most value first." in page.texts
    assert [t for t in page.texts if t in {f"{w:,}" for w in worth}] == [f"{w:,}" for w in worth]
    assert all("worth=10000" in a for a in page.addresses if a.startswith("pair?"))
    assert {m.label: m.value for m in dear("overview").app.metric}["Value at stake"] == f"{1_100 * sum(range(8, 16)):,}"


def test_without_amounts_nothing_is_said_of_value(opened: Opener) -> None:
    page = opened("review")
    assert "worth" not in [s.key for s in page.app.selectbox]
    assert "Value" not in page.texts
    assert "Value at stake" not in [m.label for m in opened("overview").app.metric]


def test_pairs_assigned_to_somebody_are_found(opened: Opener, folder: Path) -> None:
    n = project.DOUBTFUL.start
    with closing(open_desk(folder, {"USER": "tester"})) as desk:
        desk.claims.assign((project.left(n), project.right(n)), "zoe", Said("", "2026-02-01T09:00:00+00:00", ""))
    page = opened("review")
    page.app.selectbox(key="whose").set_value("to:zoe")
    page.run()
    assert "1 pair waiting, strongest first." in page.texts
    assert any("whose=to%3Azoe" in a for a in page.addresses if a.startswith("pair?"))


def test_a_view_is_kept_opened_renamed_and_deleted(opened: Opener) -> None:
    page = opened("review")
    page.app.selectbox(key="by").set_value("age")
    page.app.selectbox(key="why").set_value("contradicted")
    page.app.toggle(key="unsure").set_value(True)
    page.run()
    page.app.text_input(key="view_name").set_value(HOSTILE)
    page.press("view_save")
    assert "review?by=Longest+waiting+first&unsure=true&why=Strong%2C+but+contradicted" in page.addresses
    assert HOSTILE not in page.markdown
    assert any("javascript:alert(1)" in text for text in page.texts)
    page.app.text_input(key="view_name").set_value("Oldest")
    page.press("view_rename")
    assert "Oldest" in page.texts
    page.press("view_delete")
    assert "Oldest" not in page.texts


@pytest.fixture
def desk(folder: Path) -> Desk:
    return open_desk(folder, {"USER": "ann"})


def as_(desk: Desk, name: str, role: str = "steward") -> Desk:
    return desk.called_by(Actor(name, role))  # type: ignore[arg-type]


def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner_alone(desk: Desk) -> None:
    as_(desk, "ann").saved_views.share("Ours", {"by": "age"})
    as_(desk, "ann").saved_views.save("Mine", {})
    bob = as_(desk, "bob").saved_views
    assert [(v.owner, v.name, dict(v.address)) for v in bob.all()] == [("ann", "Ours", {"by": "age"})]
    bob.delete("Ours")
    with pytest.raises(SettingsInvalid, match="You have no view Ours"):
        bob.rename("Ours", "Theirs")
    bob.save("Ours", {"by": "records"})
    assert [(v.owner, dict(v.address)) for v in bob.all()] == [("bob", {"by": "records"}), ("ann", {"by": "age"})]
    assert [v.name for v in as_(desk, "ann").saved_views.all()] == ["Mine", "Ours"]
    desk.close()


@pytest.mark.parametrize(("name", "told"), [(" ", "needs a name"), ("x" * 61, "has 61 letters")])
def test_a_view_without_a_fitting_name_is_refused(desk: Desk, name: str, told: str) -> None:
    with pytest.raises(SettingsInvalid, match=told):
        as_(desk, "ann").saved_views.save(name, {})
    desk.close()


def test_nobody_keeps_more_views_than_can_be_looked_through(desk: Desk) -> None:
    views = as_(desk, "ann").saved_views
    for n in range(100):
        views.save(f"View {n}", {})
    views.save("View 7", {"by": "age"})
    with pytest.raises(SettingsInvalid, match="that is the most"):
        views.save("One more", {})
    desk.close()
