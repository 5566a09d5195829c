"""Many alike pairs at a terminal: drawn, the sample decided key by key, the rest accepted and taken back."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mdm.store import open_store
from tests.ui import project

ALL = len(project.ALIKE)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.scan_project(project.write_alike(tmp_path_factory.mktemp("alike") / "shop"))


@pytest.fixture
def bulk(scanned: Path, tmp_path: Path, mdm: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call `mdm bulk` as ann on a project of one's own, with these keys."""
    folder = project.copy_project(scanned, tmp_path / "shop")

    def run(*words: str, keys: str = "") -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(keys)))
        who = () if words[0] in ("list", "show") else ("--author", "ann")
        return mdm("bulk", *words, "--project", folder, *who)

    run.folder = folder  # type: ignore[attr-defined]
    return run


def decided(bulk: Any) -> Counter[tuple[str, str]]:
    with open_store(f"sqlite:///{bulk.folder / 'mdm.sqlite'}") as store:
        rows = store.decisions().iter_rows(named=True)
        return Counter((row["author"], row["kind"]) for row in rows if row["stands"])


def drawn(bulk: Any) -> int:
    """Draw a cohort of all pairs; how many its sample has."""
    ran = bulk("draw", "match", "--wrong", "10", "--systems", "crm+erp", "--why", "contradicted")
    assert ran.code == 0, ran.words
    found = re.search(rf"Cohort 1: (\d+) of {ALL} pairs", ran.words)
    assert found, ran.words
    return int(found[1])


def test_a_sample_is_decided_by_key_and_the_rest_accepted_and_taken_back(bulk: Any) -> None:
    size = drawn(bulk)
    assert 0 < size < ALL
    ran = bulk("decide", "1", keys="y" * size)
    assert f"0 of {size} wrong: at most" in ran.words
    assert "mdm bulk accept 1" in ran.words
    assert decided(bulk) == {("ann", "match"): size}
    accepted = bulk("accept", "1", "--reason", "one import")
    assert "Cohort 1 is accepted." in accepted.words
    assert decided(bulk) == {("ann", "match"): ALL}
    back = bulk("undo", "1")
    assert "Cohort 1 is taken back." in back.words
    assert decided(bulk)["ann", "match"] == size
    assert "taken back" in bulk("list").words


def test_back_takes_the_last_answer_back_and_the_pair_is_asked_again(bulk: Any) -> None:
    size = drawn(bulk)
    ran = bulk("decide", "1", keys="ybnq")
    assert ran.out.count(f"1 of {size}") == 2
    assert "back to the pair before" in ran.words
    assert decided(bulk)["ann", "do_not_match"] == 1
    assert decided(bulk)["ann", "match"] == 0
    assert "Too many are wrong" in ran.words


def test_the_rest_is_not_accepted_while_the_sample_waits_or_says_too_little(bulk: Any) -> None:
    size = drawn(bulk)
    assert f"{size} of the {size} pairs of the sample wait" in bulk("accept", "1").words
    wrong = bulk("decide", "1", keys="nnn" + "y" * size)
    assert "Too many are wrong: this cohort cannot be accepted." in wrong.words
    refused = bulk("accept", "1")
    assert refused.code != 0
    assert decided(bulk) == {("ann", "do_not_match"): 3, ("ann", "match"): size - 3}
    assert "Cohort 1 is closed." in bulk("close", "1").words


def test_a_pair_that_was_skipped_waits_and_an_unknown_key_asks_again(bulk: Any) -> None:
    size = drawn(bulk)
    ran = bulk("decide", "1", keys="sx" + "y" * size)
    assert "1 of the sample wait" in ran.words
    assert decided(bulk) == {("ann", "match"): size - 1}


def test_a_dry_run_says_how_many_fit_and_draws_nothing(bulk: Any) -> None:
    assert f"{ALL} pairs fit. Nothing was drawn." in bulk("draw", "match", "--wrong", "10", "--dry-run").words
    assert "0 cohorts." in bulk("list").words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("draw", "perhaps"), "Say match or do-not-match."),
        (("draw", "match", "--wrong", "3"), "Choose one of 0.5, 1, 2, 5, 10."),
        (("draw", "match", "--systems", "crm"), "Write them as crm+erp"),
        (("draw", "match", "--why", "mood"), "Say doubtful, contradicted, cut."),
        (("draw", "match", "--country", "XX"), "a sample would be all of them"),
        (("decide", "7"), "There is no cohort 7."),
    ],
)
def test_what_cannot_be_says_what_to_do(bulk: Any, words: tuple[str, ...], told: str) -> None:
    ran = bulk(*words)
    assert ran.code != 0
    assert told in ran.words
