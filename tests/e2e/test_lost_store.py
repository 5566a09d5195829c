"""Looking makes no store; a store that was lost is never begun anew in silence; a lock that is not there is no lock."""

from __future__ import annotations

from typing import Any

from mdm.records import parse_master_id


def lose(scanned: Any) -> None:
    for path in scanned.folder.glob("mdm.sqlite*"):
        path.unlink()


def test_a_check_makes_no_store(project: Any) -> None:
    ran = project.mdm("check", project.folder)
    assert ran.code == 0
    assert "store: none yet" in ran.words
    assert not (project.folder / "mdm.sqlite").exists()


def test_a_project_whose_store_is_gone_is_not_scanned(scanned: Any) -> None:
    lose(scanned)
    ran = scanned.try_scan()
    assert ran.code == 4
    assert "the project had one, with 16 master ids" in ran.words
    assert "mdm restore" in ran.words
    assert "--new-store" in ran.words
    assert not (scanned.folder / "mdm.sqlite").exists()


def test_with_new_store_a_lost_project_begins_anew_with_ids_never_given_out(scanned: Any) -> None:
    before = set(scanned.ids().values())
    lose(scanned)
    assert scanned.scan("--new-store")["revision"] == 1
    after = set(scanned.ids().values())
    assert not after & before
    assert min(map(parse_master_id, after)) > max(map(parse_master_id, before))


def test_with_new_store_a_store_that_is_there_stays(scanned: Any) -> None:
    before = scanned.ids()
    scanned.scan("--new-store")
    assert scanned.ids() == before


def test_unlocking_without_a_lock_says_so(scanned: Any) -> None:
    assert "There was no lock." in scanned.mdm("unlock", scanned.folder).words


def test_unlocking_a_project_without_a_store_makes_none(project: Any) -> None:
    assert "There was no lock." in project.mdm("unlock", project.folder).words
    assert not (project.folder / "mdm.sqlite").exists()
