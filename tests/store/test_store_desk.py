"""What the desk asks for: pages, one customer, the queue, and where an id leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mdm.records import format_master_id
from mdm.store import Asked, Sought, Store, bulk, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from mdm.store import GoldenOrder

NOW = "2026-01-01T00:00:00Z"
NAMES = ["delta", "alpha", "echo", "alpha", "bravo", "charlie 50 off", "alpha beta"]
RECORDS = [1, 3, 2, 3, 9, 1, 2]
IDS = [str(format_master_id(n)) for n in range(1, len(NAMES) + 1)]


@pytest.fixture
def listed(store: Store, small: Any) -> Store:
    """Seven customers, two of one name."""
    masters = pl.DataFrame({"master_id": IDS, "sequence": range(1, 8), "state": "active", "into": None})
    lines = pl.DataFrame({"master_id": IDS, "name_search": NAMES, "records": RECORDS})
    golden = small.golden((small.a, "x", 1)).drop("master_id", "name_search", "records").join(lines, how="cross")

    def put(stage: Any) -> None:
        stage.put_masters(masters)
        stage.put_golden(golden)

    small.scan(store, put)
    return store


def walk(store: Store, order: GoldenOrder, search: str = "", limit: int = 2) -> list[str]:
    found: list[str] = []
    page = store.page_golden(Asked(search, limit=limit), order)
    found += page.rows["master_id"].to_list()
    while page.after is not None:
        page = store.page_golden(Asked(search, page.after, limit), order)
        assert page.rows.height > 0
        found += page.rows["master_id"].to_list()
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_by_name_show_each_customer_once_in_order(listed: Store, limit: int) -> None:
    assert walk(listed, "name", limit=limit) == [i for _, i in sorted(zip(NAMES, IDS, strict=True))]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_by_records_show_the_largest_first(listed: Store, limit: int) -> None:
    expected = sorted(zip(RECORDS, IDS, strict=True), key=lambda line: (-line[0], line[1]))
    assert walk(listed, "records", limit=limit) == [i for _, i in expected]


def test_pages_by_id_show_the_oldest_first(listed: Store) -> None:
    assert walk(listed, "master_id") == IDS


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ALPHA", [1, 3, 6]),
        ("beta alpha", [6]),
        ("lph", [1, 3, 6]),
        ("50%", [5]),
        ("_", [0, 1, 2, 3, 4, 5, 6]),
        ("álphà  beta!", [6]),
        ("zulu", []),
        ("m-0000003-3", [2]),
    ],
)
@pytest.mark.parametrize("order", ["name", "records", "master_id"])
def test_a_search_finds_names_and_ids(listed: Store, order: Any, search: str, found: list[int]) -> None:
    assert sorted(walk(listed, order, search)) == [IDS[n] for n in found]
    assert listed.count_golden(search) == len(found)


def test_a_page_shows_what_a_list_needs(scanned: Store, small: Any) -> None:
    page = scanned.page_golden(Asked("one"))
    assert page.rows.rows() == [(small.a, "One", None, "DE", "", 2, ["a"])]


def test_a_customer_is_shown_with_all_that_is_known(scanned: Store, small: Any) -> None:
    found = scanned.get_customer(small.a)
    assert found is not None
    assert (found.name, found.values, found.created_in) == ("One", {"name": "One"}, 1)
    assert [(m.system, m.key, m.values) for m in found.members] == [
        ("a", "1", {"name": "One"}),
        ("a", "2", {"name": "Two"}),
    ]
    assert found.links.select("key_l", "key_r").rows() == [("1", "2")]
    assert found.lineage.is_empty()


def test_a_customer_shows_what_happened_to_its_id(scanned: Store, small: Any) -> None:
    small.scan(scanned, small.put_second_scan)
    found = scanned.get_customer(small.a)
    assert found is not None
    assert found.lineage.rows() == [(2, "merge", small.b, small.a, None, None)]


def test_a_customer_is_shown_as_it_was(scanned: Store, small: Any) -> None:
    small.scan(scanned, small.put_second_scan)
    then, now = scanned.get_customer(small.a, revision=1), scanned.get_customer(small.a)
    assert then is not None
    assert now is not None
    assert (then.name, now.name) == ("One", "Zwei")
    assert [m.values["name"] for m in now.members] == ["One", "Zwei"]


def test_a_merged_or_unknown_id_is_no_customer(scanned: Store, small: Any) -> None:
    small.scan(scanned, small.put_second_scan)
    assert scanned.get_customer(small.b) is None
    assert scanned.get_customer("M-0000009-9") is None


def test_an_id_leads_to_the_active_one_in_one_hop(scanned: Store, small: Any) -> None:
    small.scan(scanned, small.put_second_scan)
    merged, active = scanned.resolve(small.b), scanned.resolve(small.a)
    assert merged is not None
    assert active is not None
    assert (merged.state, merged.active) == ("merged", small.a)
    assert (active.state, active.active) == ("active", small.a)
    assert scanned.resolve("M-0000009-9") is None
    then = scanned.resolve(small.b, revision=1)
    assert then is not None
    assert then.state == "active"


def test_a_retired_id_leads_nowhere(scanned: Store, small: Any) -> None:
    small.scan(scanned, lambda stage: stage.put_masters(small.masters((small.b, "retired", None))))
    found = scanned.resolve(small.b)
    assert found is not None
    assert (found.state, found.active) == ("retired", None)


@pytest.mark.parametrize(
    ("act", "index"),
    [
        (lambda s: s.page_golden(Asked(after=("b", IDS[0]))), "golden_by_name"),
        (lambda s: s.page_golden(Asked(after=(2, IDS[0])), "records"), "golden_by_records"),
        (lambda s: s.page_golden(Asked("zulu"), "records"), "golden_by_records"),
        (lambda s: s.page_questions(Sought()), "question_by_weight"),
        (lambda s: s.page_questions(Sought(search="zulu"), (5, "a", "1", "a", "2")), "question_by_weight"),
        (lambda s: s.page_questions(Sought(again=(1, 2))), "question_by_weight"),
        (lambda s: s.page_questions(Sought(order="records", systems=("a", "b"))), "question_by_records"),
        (lambda s: s.page_questions(Sought(order="age", country="DE", doubt="cut")), "question_by_age"),
    ],
)
def test_a_page_follows_its_index_and_is_never_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Any, index: str
) -> None:
    plans: list[str] = []
    run = bulk._run

    def explained(connection: Any, query: Any) -> Any:
        compiled = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        values = [compiled.params[name] for name in compiled.positiontup or []]
        driver = connection.connection.driver_connection
        plans.extend(line[3] for line in driver.execute("EXPLAIN QUERY PLAN " + compiled.string, values))
        return run(connection, query)

    monkeypatch.setattr(bulk, "_run", explained)
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store:
        act(store)
    assert any(index in line for line in plans)
    assert not [line for line in plans if "TEMP B-TREE FOR ORDER BY" in line]
