"""The desk's use cases on a small project: lists, one customer, one pair."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from mdm.app.desk import CustomerView, Desk, Order, Said, Wanted, identity, open_desk
from mdm.errors import SettingsInvalid
from mdm.records import RecordKey, SystemName
from tests.ui import project

D = project.DOUBTFUL.start


def pairs(desk: Desk, **wanted: object) -> list[tuple[str, str]]:
    rows = desk.questions(Wanted(**wanted)).rows  # type: ignore[arg-type]
    return [(left, right) for left, right in rows.select("key_l", "key_r").iter_rows()]


def customer_of(desk: Desk, n: int) -> CustomerView:
    found = desk.customer(desk.customers(Wanted(project.name(n))).rows["master_id"][0])
    assert isinstance(found, CustomerView)
    return found


def test_the_overview_counts_records_customers_and_waiting_pairs(desk: Desk) -> None:
    seen = desk.overview()
    erp = len(project.CERTAIN) + len(project.DOUBTFUL)
    assert (seen.records, seen.waiting) == (project.FIRMS + erp, len(project.DOUBTFUL))
    assert seen.customers == project.FIRMS + len(project.DOUBTFUL)
    assert [(s.system, s.records) for s in seen.systems] == [("crm", project.FIRMS), ("erp", erp)]
    assert seen.finished_at.startswith("2026-02-01T08:00")
    assert len(seen.result_hash) == 64


def test_the_overview_of_a_project_that_was_never_scanned_is_empty(tmp_path: Path) -> None:
    opened = open_desk(project.write_project(tmp_path / "new"), {})
    assert opened.overview().finished_at == ""
    assert opened.questions(Wanted()).total == 0
    assert opened.customers(Wanted()).total == 0
    opened.close()


@pytest.mark.parametrize("order", ["name", "records", "master_id"])
def test_turning_pages_shows_every_customer_once(desk: Desk, order: Order) -> None:
    page = desk.customers(Wanted(limit=7), order)
    seen = page.rows["master_id"].to_list()
    while page.after is not None:
        page = desk.customers(Wanted(after=page.after, limit=7), order)
        seen += page.rows["master_id"].to_list()
    assert len(seen) == len(set(seen)) == page.total


def test_a_place_from_another_order_counts_as_the_beginning(desk: Desk) -> None:
    first = desk.customers(Wanted(limit=3), "records").rows
    assert desk.customers(Wanted(after=("bral", "M-0000001-1"), limit=3), "records").rows.equals(first)
    assert desk.customers(Wanted(after=("x", "y", "z"), limit=3), "records").rows.equals(first)


def test_customers_are_found_by_words_whatever_their_case(desk: Desk) -> None:
    assert desk.customers(Wanted("WERKE bralagon")).rows["name"].to_list() == ["Bralagon Werke GmbH"]


def test_turning_pages_of_the_queue_shows_every_pair_once(desk: Desk) -> None:
    page = desk.questions(Wanted(limit=3))
    numbers, seen = [page.first], page.rows["key_l"].to_list()
    while page.after is not None:
        page = desk.questions(Wanted(after=page.after, limit=3))
        numbers.append(page.first)
        seen += page.rows["key_l"].to_list()
    assert numbers == [1, 4, 7]
    assert sorted(seen) == [f"C{n:03d}" for n in project.DOUBTFUL]


def test_the_queue_is_what_the_scan_left_for_review(desk: Desk) -> None:
    with desk.project.open_store() as store:
        run = store.last_run()
    assert run is not None
    assert desk.questions(Wanted()).total == run.counts["pairs_to_review"]


def test_the_strongest_pair_comes_first(desk: Desk) -> None:
    weights = desk.questions(Wanted()).rows["weight"].to_list()
    assert weights == sorted(weights, reverse=True)


def test_the_queue_is_searched_by_the_name_of_a_customer(desk: Desk) -> None:
    assert pairs(desk, search="feuerwerk") == [(f"C{D + 4:03d}", f"E{D + 4:03d}")]
    assert pairs(desk, search="nobody has this") == []


def test_direction_characters_are_shown_as_markers(desk: Desk) -> None:
    names = desk.questions(Wanted()).rows["name_l"].to_list()
    assert "⟨U+202E⟩GmbH Thcerknü" in names
    assert not any("\u202e" in name for name in names)


def test_each_golden_value_names_its_record_column_and_rule(desk: Desk) -> None:
    found = customer_of(desk, 0)
    street = next(v for v in found.golden if v.label == "street")
    assert (street.text, street.system, street.key, street.field) == ("Bralweg 1", "crm", "C000", "street")
    assert street.rule in {"most recent", "most frequent"}
    assert {v.label for v in found.golden} >= {"name", "VAT number", "telephone", "e-mail"}


def test_records_stand_side_by_side_with_every_role_marked_where_it_differs(desk: Desk) -> None:
    sheet = customer_of(desk, 0).sheet
    assert [(r.system, r.key) for r in sheet.records] == [("crm", "C000"), ("erp", "E000")]
    rows = {row.label: row for row in sheet.rows}
    assert rows["VAT number"].verdict == "same"
    assert rows["street"].verdict == "differs"
    assert [part.text for part in rows["street"].cells[1][0] if part.differs] == ["a"]
    assert rows["name"].verdict == "same"


def test_a_customer_hangs_by_the_link_between_its_two_records(desk: Desk) -> None:
    found = customer_of(desk, 0)
    assert found.weakest is not None
    assert (found.weakest.left, found.weakest.right) == (project.left(0), project.right(0))
    assert "name:" in found.weakest.reason


def test_the_bars_of_a_link_add_up_to_its_weight(desk: Desk) -> None:
    link = desk.pair(project.left(D), project.right(D)).link
    assert link is not None
    assert link.bars[-1].total == pytest.approx(link.weight, abs=0.001)
    assert sum(bar.weight for bar in link.bars) == pytest.approx(link.weight, abs=0.001)


def test_reasons_of_another_model_are_not_told(folder: Path) -> None:
    model = json.loads((Path(__file__).parents[3] / "mdm/match/models/shipped.json").read_text())
    (folder / "model.json").write_text(json.dumps({**model, "version": "another"}))
    rules = folder / "rules" / "match.yaml"
    rules.write_text(rules.read_text().replace("model: shipped", "model: model.json"))
    opened = open_desk(folder, {})
    assert not opened.can_explain()
    assert set(opened.questions(Wanted()).rows["reason"]) == {""}
    link = opened.pair(project.left(D), project.right(D)).link
    assert link is not None
    assert link.bars == ()
    opened.close()


def test_the_history_begins_with_the_scan_that_gave_out_the_id(desk: Desk) -> None:
    history = customer_of(desk, 0).history
    assert [(e.at, e.text) for e in history] == [("2026-02-01T08:00:00+00:00", "The id was given out.")]


@pytest.mark.parametrize("typed", ["", "nonsense", "M-0000001-2", "M-ZZZZZZZ-1"])
def test_an_id_that_was_never_given_out_is_refused(desk: Desk, typed: str) -> None:
    with pytest.raises(SettingsInvalid):
        desk.customer(typed)


def test_a_pair_is_the_same_whichever_record_is_named_first(desk: Desk) -> None:
    assert desk.pair(project.right(D), project.left(D)) == desk.pair(project.left(D), project.right(D))


def test_a_pair_shows_both_records_and_both_customers(desk: Desk) -> None:
    pair = desk.pair(project.left(D), project.right(D))
    assert [r.key for r in pair.records.records] == ["C008", "E008"]
    assert [c.records for c in pair.customers] == [1, 1]
    assert {row.label: row.verdict for row in pair.records.rows}["VAT number"] == "differs"
    assert pair.link is not None
    assert pair.link.held_back


def test_a_pair_of_one_customer_says_so(desk: Desk) -> None:
    pair = desk.pair(project.left(0), project.right(0))
    assert pair.already_one
    assert pair.link is not None


def test_two_records_that_were_never_linked_are_still_shown(desk: Desk) -> None:
    pair = desk.pair(project.left(20), project.left(30))
    assert pair.link is None
    assert len(pair.customers) == 2


def test_a_record_that_is_not_there_is_refused(desk: Desk) -> None:
    with pytest.raises(SettingsInvalid, match="no record crm:nobody"):
        desk.pair(project.left(0), RecordKey(SystemName("crm"), "nobody"))


def test_a_pair_knows_its_neighbours_in_the_queue(desk: Desk) -> None:
    rows = desk.questions(Wanted()).rows
    keys = [
        (RecordKey(r["system_l"], r["key_l"]), RecordKey(r["system_r"], r["key_r"])) for r in rows.iter_rows(named=True)
    ]
    beside = desk.neighbours(*keys[1])
    assert (beside.number, beside.previous, beside.following) == (2, keys[0], keys[2])
    assert desk.neighbours(*keys[0]).previous is None
    assert desk.neighbours(*keys[-1]).following is None


def test_the_author_is_the_account_where_the_environment_names_nobody(folder: Path) -> None:
    opened = open_desk(folder, {})
    assert opened.actor.name
    opened.close()


def test_another_project_in_the_same_folder_has_another_identity(folder: Path, scanned: Path) -> None:
    before = identity(folder)
    text = (folder / "mdm.yaml").read_text()
    (folder / "mdm.yaml").unlink()
    assert identity(folder) == ()
    (folder / "mdm.yaml").write_text(text)
    assert identity(folder) != before
    assert identity(scanned) != identity(folder)


def test_a_pair_shows_all_records_of_both_customers_and_what_they_would_be_as_one(desk: Desk) -> None:
    row = desk.questions(Wanted()).rows.row(0, named=True)
    left, right = (RecordKey(row[f"system_{side}"], row[f"key_{side}"]) for side in "lr")
    desk.merge(row["master_id_l"], customer_of(desk, 0).master_id, Said("tester", "2026-02-01T09:00:00+00:00", ""))
    found = desk.pair(left, right)
    assert [r.system for r in found.golden.records] == ["customer", "customer", "as one"]
    assert found.members_count == len(found.members.records) == sum(c.records for c in found.customers) > 3
    assert [(r.system, r.key) for r in found.members.records[:2]] == [(k.system, k.key) for k in (left, right)]


def test_a_pair_of_two_records_in_all_shows_them_once(desk: Desk) -> None:
    row = desk.questions(Wanted()).rows.row(0, named=True)
    found = desk.pair(*(RecordKey(row[f"system_{side}"], row[f"key_{side}"]) for side in "lr"))
    assert found.members_count == 2
    assert found.members.records == ()


def test_pairs_read_together_are_what_each_is_when_read_alone(desk: Desk, folder: Path) -> None:
    asked = [(project.left(n), project.right(n)) for n in project.DOUBTFUL]
    asked.append((project.left(D), project.left(D + 1)))  # one of the customers is asked about twice
    together = desk.pairs(asked)
    for keys, pair in zip(asked, together, strict=True):
        with closing(open_desk(folder, {})) as fresh:
            assert fresh.pair(*keys) == pair
    assert [(pair.left, pair.right) for pair in together] == asked


def test_a_pair_with_many_records_stands_side_by_side_with_all_its_links(desk: Desk) -> None:
    ids = [desk.pair(project.left(n), project.right(n)).customers[0].master_id for n in range(8)]
    for other in ids[1:]:
        desk.merge(ids[0], other, Said("tester", "2026-02-01T09:00:00+00:00", ""))
    pair = desk.pair(project.left(0), project.left(D))
    assert len(pair.members.records) == pair.members_count == 17
    assert pair.stays == ids[0]
    assert {link.reason != "" for link in pair.links} == {True}
    assert len(pair.tree) == 8
