"""What stewards do to customers is in effect at once, can be taken back, and is what every later scan finds."""

from __future__ import annotations

import re
from typing import Any

import pytest

Record = tuple[str, str]
A0, A1, A2 = (("crm", f"A{n:03d}") for n in range(3))
B2 = ("crm", "B002")
E0, E1, E2 = (("erp", f"{n + 1:010d}") for n in range(3))
KEPT = ("records", "crosswalk", "masters", "lineage", "golden", "changes", "links")
PUBLISH = """version: 1
targets:
- system: crm
  allow: {phone: Phone, email: Email, name: Account Name, city: Billing City}
- system: erp
  crosswalk_field: ZZMDM
  allow: {phone: TELF1, name: NAME1, street: STRAS}
- system: shop
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, project: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A scanned project that tells its systems what is golden, on either engine."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        monkeypatch.setenv("MDM_STORE_URL", url)
        monkeypatch.setattr(type(project), "url", url)
    (project.folder / "rules" / "publish.yaml").write_text(PUBLISH, encoding="utf-8")
    project.scan()
    return project


def said(record: Record) -> str:
    return ":".join(record)


def number(ran: Any) -> str:
    assert ran.code == 0, ran.words
    found = re.search(r"mdm undo (\d+)", ran.words)
    assert found is not None
    return found[1]


def state(project: Any) -> dict[str, Any]:
    seen = project.seen()
    return {name: seen[name] for name in KEPT}


def keeps(project: Any) -> None:
    """A scan of the same files changes nothing, and the store is sound."""
    before = state(project)
    project.scan("--full")
    assert state(project) == before
    verified = project.mdm("verify", project.folder)
    assert verified.code == 0, verified.words


def act(project: Any, *words: str) -> Any:
    return project.mdm(*words, "--project", project.folder, "--author", "ann")


def test_merged_customers_are_one_at_once_and_stay_so(desk: Any) -> None:
    ids = desk.ids()
    number(act(desk, "merge", ids[A0], ids[A1]))
    now = desk.ids()
    assert {now[r] for r in (A0, E0, A1, E1)} == {ids[A0]}
    assert ids[A0] in desk.mdm("resolve", ids[A1], "--project", desk.folder).words
    keeps(desk)


def test_a_merge_taken_back_leaves_customers_as_they_were(desk: Any) -> None:
    before = state(desk)
    merged = number(act(desk, "merge", desk.ids()[A0], desk.ids()[A1]))
    number(act(desk, "unmerge", merged))
    after = state(desk)
    assert {name: after[name] for name in KEPT if name != "lineage"} == {n: before[n] for n in KEPT if n != "lineage"}
    keeps(desk)


def test_a_record_split_off_is_a_customer_of_its_own_for_ever(desk: Any) -> None:
    ids = desk.ids()
    number(act(desk, "split", ids[A2], said(B2)))
    now = desk.ids()
    assert now[B2] not in ids.values()
    assert now[A2] == now[E2] == ids[A2]
    keeps(desk)


def test_what_a_split_leaves_said_keeps_what_it_was_made_on(desk: Any) -> None:
    """So that who says the same of the same values says nothing new."""
    number(act(desk, "split", desk.ids()[A2], said(B2)))
    with desk.store() as store:
        left = store.decisions()
    apart = left.filter(left["deed"].is_not_null() & (left["kind"] == "do_not_match")).row(0, named=True)
    ends = [f"{apart[f'system_{side}']}:{apart[f'key_{side}']}" for side in "lr"]
    again = desk.mdm("decide", *ends, "do-not-match", "--project", desk.folder)
    assert f"Decision {apart['id']}" in again.words
    with desk.store() as store:
        assert store.decisions().height == left.height


def test_a_split_taken_back_puts_the_record_where_it_was(desk: Any) -> None:
    ids = desk.ids()
    done = number(act(desk, "split", ids[A2], said(B2)))
    assert act(desk, "undo", done).code == 0
    assert desk.ids() == ids
    keeps(desk)


def test_a_moved_record_stays_with_its_new_customer_and_can_go_back(desk: Any) -> None:
    ids = desk.ids()
    done = number(act(desk, "move", said(B2), ids[A0]))
    assert desk.ids()[B2] == ids[A0]
    keeps(desk)
    assert act(desk, "undo", done).code == 0
    assert desk.ids() == ids
    keeps(desk)


def test_what_systems_are_to_be_told_follows_a_merge_at_once(desk: Any) -> None:
    ids = desk.ids()
    act(desk, "merge", ids[A0], ids[A1])
    with desk.store() as store:
        told = store.read_publish_changes()
    new = told.filter((told["target"] == "erp") & (told["key"] == E1[1]) & (told["field"] == "ZZMDM"))["new"]
    assert new.to_list() == [ids[A0]]


def test_a_steward_s_own_word_stands_against_a_merge_and_is_named(desk: Any) -> None:
    ids = desk.ids()
    merged = number(act(desk, "merge", ids[A0], ids[A1]))
    number(act(desk, "unmerge", merged))
    refused = act(desk, "unmerge", merged)
    assert refused.code != 0
    assert "was taken back by number" in refused.words


def test_merging_is_refused_while_a_scan_is_at_work(desk: Any) -> None:
    ids = desk.ids()
    with desk.store() as store, store.begin_scan("night shift", "2026-01-01T00:00:00+00:00"):
        refused = act(desk, "merge", ids[A0], ids[A1])
    assert refused.code != 0
    assert "night shift is at work since" in refused.words
    assert desk.ids() == ids


def test_an_id_that_is_no_more_is_refused_with_what_became_of_it(desk: Any) -> None:
    ids = desk.ids()
    act(desk, "merge", ids[A0], ids[A1])
    refused = act(desk, "merge", ids[A2], ids[A1])
    assert refused.code != 0
    assert f"{ids[A1]} is not active but merged; it leads to {ids[A0]}" in refused.words
