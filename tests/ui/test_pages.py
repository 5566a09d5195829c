"""The pages of the desk: what they show, what they open, what they say when there is nothing to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from mdm.app.desk import Said, Wanted, open_desk
from tests.ui import project
from tests.ui.conftest import DESK, Page

Opener = Callable[..., Page]
D = project.DOUBTFUL.start
PAIR = {"left": str(project.left(D)), "right": str(project.right(D))}


def master_id(folder: Path, n: int) -> str:
    desk = open_desk(folder, {})
    try:
        return str(desk.customers(Wanted(project.name(n))).rows["master_id"][0])
    finally:
        desk.close()


def test_the_overview_shows_the_numbers_of_the_last_scan(opened: Opener) -> None:
    page = opened("overview")
    shown = {m.label: m.value for m in page.app.metric}
    assert shown["Source records"] == str(project.FIRMS + len(project.CERTAIN) + len(project.DOUBTFUL))
    assert shown["Pairs waiting for a person"] == str(len(project.DOUBTFUL))
    assert "1 Feb 2026, 08:00 UTC" in page.texts
    assert "erp" in page.texts


def test_every_page_says_whom_it_is_for_and_who_can_open_it(opened: Opener) -> None:
    for name in ("overview", "customers", "review"):
        assert "For data stewards. The desk listens on this computer only (127.0.0.1)" in opened(name).text


def test_the_list_of_customers_shows_one_page_and_the_number_of_all(opened: Opener) -> None:
    page = opened("customers")
    total = project.FIRMS + len(project.DOUBTFUL)
    assert f"{total} customers" in page.texts
    assert len({a for a in page.addresses if a.startswith("customer?")}) == 50
    page.press("customers_next")
    assert len({a for a in page.addresses if a.startswith("customer?")}) == total - 50
    page.press("customers_previous")
    assert len({a for a in page.addresses if a.startswith("customer?")}) == 50


def test_a_page_of_the_list_can_be_opened_by_its_address(opened: Opener) -> None:
    first = opened("customers")
    first.press("customers_next")
    after = first.app.query_params["after"]
    again = opened("customers", after=after[0] if isinstance(after, list) else after)
    assert again.addresses == first.addresses


@pytest.mark.parametrize("after", ["nonsense", "[1]", '["x"]', "{}", '[["a"],"b"]', "null", "[1,2,3]"])
def test_an_address_with_no_place_in_it_shows_the_first_page(opened: Opener, after: str) -> None:
    assert opened("customers", after=after).addresses == opened("customers").addresses
    assert opened("review", after=after).addresses == opened("review").addresses


def test_a_search_shows_only_what_fits_and_begins_at_the_first_page(opened: Opener) -> None:
    page = opened("customers")
    page.press("customers_next")
    page.app.text_input(key="search").set_value("bralagon").run()
    assert "Bralagon Werke GmbH" in page.texts
    assert "1 customer" in page.texts
    assert "after" not in page.app.query_params


def test_a_search_without_a_hit_says_what_to_do(opened: Opener) -> None:
    page = opened("customers", search="nobody")
    assert "No customer's name has all of these words: nobody" in page.texts
    assert "Try fewer words" in page.text


def test_customers_can_be_ordered_by_their_number_of_records(opened: Opener) -> None:
    page = opened("customers", order="Most records")
    assert page.app.selectbox(key="order").value == "records"
    assert page.texts.index("Dorvebius Werke GmbH") < page.texts.index(project.HOSTILE[-1])
    page.app.selectbox(key="order").set_value("name").run()
    assert page.texts.index("Dorvebius Werke GmbH") > page.texts.index(project.HOSTILE[-1])


def test_a_customer_shows_golden_values_records_reasons_and_history(opened: Opener, folder: Path) -> None:
    page = opened("customer", id=master_id(folder, 0))
    for text in (
        "Bralagon Werke GmbH",
        "Golden record",
        "Chosen by rule",
        "Source records as delivered",
        "BRALAGON WERKE GMBH",
        "crm:C000 and erp:E000",
        "Weights of the comparisons",
        "1 Feb 2026, 08:00 UTC: The id was given out.",
    ):
        assert text in page.texts
    assert any("name: the same" in text for text in page.texts)


def test_a_chosen_link_shows_its_weights(opened: Opener, folder: Path) -> None:
    page = opened("customer", id=master_id(folder, 0), left="crm:C000", right="erp:E000")
    assert "total" in page.texts
    rows = [row for block in page.blocks if block["kind"] == "beside" for t in block["left"] for row in t["rows"]]
    assert [row["kind"] for row in rows] == ["chosen"]


def test_a_customer_of_one_record_says_so(opened: Opener, folder: Path) -> None:
    assert "There is only this one record." in opened("customer", id=master_id(folder, 30)).texts


@pytest.mark.parametrize("typed", ["nonsense", "M-0000001-2", "M-ZZZZZZZ-1", "<b>x</b>", "M-0000001-1\u202e"])
def test_a_wrong_customer_id_is_told_in_words(opened: Opener, typed: str) -> None:
    page = opened("customer", id=typed)
    assert any(block["kind"] == "notice" and block["tone"] == "problem" for block in page.blocks)
    assert "\u202e" not in page.text


def test_no_customer_named_says_what_to_do(opened: Opener) -> None:
    assert "Choose one in the list of customers." in opened("customer").texts


def test_an_id_merged_away_leads_on(opened: Opener, folder: Path) -> None:
    page = opened("pair", **PAIR)
    ids = [parse_qs(a.partition("?")[2])["id"][0] for a in _note_addresses(page) if a.startswith("customer?")]
    with closing(open_desk(folder, {})) as desk:
        desk.decide("match", project.left(D), project.right(D), Said("tester", "2026-02-01T09:00:00+00:00", ""))
    project.scan_project(folder, "2026-02-02T08:00:00+00:00")
    told = [opened("customer", id=each).text for each in ids]
    assert sum("was merged into" in text and "Correct this customer" not in text for text in told) == 1


def _note_addresses(page: Page) -> list[str]:
    beside = next(block for block in page.blocks if block["kind"] == "beside" and block["left"])
    return [c["note_to"] for block in beside["left"] for c in block.get("columns", []) if c.get("note_to")]


def test_the_queue_lists_the_waiting_pairs_with_their_reasons(opened: Opener) -> None:
    page = opened("review")
    assert f"{len(project.DOUBTFUL)} pairs waiting, strongest first." in page.texts
    assert len({a for a in page.addresses if a.startswith("pair?")}) == len(project.DOUBTFUL)
    assert any("tax or register number: conflict" in text for text in page.texts)


def test_the_queue_is_searched_and_keeps_the_search_in_its_links(opened: Opener) -> None:
    page = opened("review", find="feuerwerk")
    pairs = {a for a in page.addresses if a.startswith("pair?")}
    assert len(pairs) == 1
    assert "find=feuerwerk" in pairs.pop()


def test_a_pair_shows_both_records_the_weights_and_the_way_on(opened: Opener) -> None:
    page = opened("pair", **PAIR)
    for text in ("crm C008", "erp E008", "Why it is asked: ", "The two customers as they are now, and as one"):
        assert text in page.text
    assert "held back" in page.text
    given = page.review
    assert (given["where"]["number"], given["where"]["total"]) == (2, len(project.DOUBTFUL))
    assert len(given["queue"]) == 4
    assert [case["id"] for case in given["cases"]] == [given["where"]["start"], *given["queue"]]


@pytest.mark.parametrize(
    "query", [{}, {"left": "crm:C008"}, {"left": "x", "right": "y"}, {"left": "a:1", "right": "a:1"}]
)
def test_a_pair_that_is_none_says_what_to_do(opened: Opener, query: dict[str, str]) -> None:
    assert "Choose one in the list of waiting pairs." in opened("pair", **query).texts


def test_a_pair_with_a_record_that_is_gone_is_told_in_words(opened: Opener) -> None:
    assert "There is no record crm:gone." in opened("pair", left="crm:gone", right="erp:E008").texts


def test_keys_of_the_review_are_none_that_streamlit_keeps_for_itself_and_none_twice() -> None:
    source = (DESK.parent / "screen.js").read_text(encoding="utf-8")
    keys = re.findall(r'^  \["\w+", "[^"]+", "(\w)"', source, re.MULTILINE)
    keys += re.findall(r'button\("[^"]+", "(\w)"', source)
    assert {"m", "n", "s", "k", "j", "u", "x", "g", "a"} == set(keys)
    assert len(keys) == len(set(keys))
    assert not {"c", "r"} & set(keys)


def test_names_never_reach_what_streamlit_reads_as_markdown(opened: Opener, folder: Path) -> None:
    pages = [opened("customers"), opened("review"), opened("overview")]
    for n in project.DOUBTFUL:
        pages.append(opened("pair", left=str(project.left(n)), right=str(project.right(n))))
        pages.append(opened("customer", id=_id_of(pages[-1])))
    for page in pages:
        for name in ("onerror", "javascript", "Thcerknü", "النور", "Feuerwerk", "LangLang", "fett", "script>"):
            assert name not in page.markdown
    text = "\n".join(page.text for page in pages)
    for name in ("<img src=x onerror=alert(1)> Handel", "[x](javascript:alert(1))", "شركة النور للتجارة", "Lang" * 75):
        assert name in text
    assert "\u202e" not in text
    assert folder.exists()


def _id_of(page: Page) -> str:
    return parse_qs(_note_addresses(page)[0].partition("?")[2])["id"][0]


def test_addresses_made_of_data_lead_to_pages_of_the_desk_only(opened: Opener) -> None:
    for name in ("customers", "review"):
        for address in opened(name).addresses:
            assert address.partition("?")[0] in {"customer", "pair"}
            assert "<" not in address
            assert ":" not in address


def test_a_project_never_scanned_says_what_to_do_on_every_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDM_PROJECT", str(project.write_project(tmp_path / "new")))
    assert "Run mdm scan on the project's folder, then reload this page." in Page("overview").texts
    assert "There are no customers yet." in Page("customers").texts
    assert "No pair waits for a person." in Page("review").texts


def test_a_desk_without_a_project_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MDM_PROJECT", raising=False)
    app = AppTest.from_file(str(DESK), default_timeout=30).run()
    assert not app.exception
    assert "Start it with: mdm ui DIR" in app.get("bidi_component")[0].proto.json


def test_a_new_project_in_the_same_folder_is_opened_anew(opened: Opener, folder: Path) -> None:
    opened("overview")
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
    project.write_project(folder)
    assert "Run mdm scan on the project's folder, then reload this page." in opened("overview").texts


def test_a_customer_is_shown_as_it_was_on_a_day(opened: Opener, folder: Path) -> None:
    page = opened("pair", **PAIR)
    ids = [parse_qs(a.partition("?")[2])["id"][0] for a in _note_addresses(page) if a.startswith("customer?")]
    with closing(open_desk(folder, {})) as desk:
        desk.decide("match", project.left(D), project.right(D), Said("tester", "2026-02-01T09:00:00+00:00", ""))
    project.scan_project(folder, "2026-02-02T08:00:00+00:00")
    gone = next(each for each in ids if "Correct this customer" not in opened("customer", id=each).text)
    then = opened("customer", id=gone, day="2026-02-01")
    assert "As it was at the end of 1 Feb 2026, in UTC." in then.text
    assert "Golden record" in then.text
    assert "Correct this customer" not in then.text
    assert "was merged into" in opened("customer", id=gone, day="2026-02-02").text
    assert "Nothing had been scanned by 2020-01-01." in opened("customer", id=gone, day="2020-01-01").text


def test_a_day_is_chosen_and_left_again(opened: Opener, folder: Path) -> None:
    page = opened("customer", id=master_id(folder, 0))
    page.app.date_input[0].set_value(date(2026, 2, 1))
    page.run()
    assert "As it was at the end of 1 Feb 2026" in page.text
    del page.app.query_params["day"]
    page.run()
    assert "Correct this customer" in page.text


def test_a_customer_of_three_records_shows_its_links_as_a_picture_with_words(opened: Opener, folder: Path) -> None:
    kept, other = master_id(folder, 0), master_id(folder, D)
    assert not [block for block in _all(opened("customer", id=kept).blocks) if block["kind"] == "graph"]
    desk = open_desk(folder, {})
    desk.merge(kept, other, Said("tester", "2026-02-01T09:00:00+00:00", ""))
    desk.close()
    picture = next(block for block in _all(opened("customer", id=kept).blocks) if block["kind"] == "graph")
    assert len(picture["nodes"]) == 3
    assert "weakest" in {edge["kind"] for edge in picture["edges"]}
    assert picture["label"].startswith("3 records, ")
    assert "it hangs by the link between crm:C000 and erp:E000, " in picture["label"]


def _all(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield block
        yield from _all([*block.get("blocks", ()), *block.get("left", ()), *block.get("right", ())])
