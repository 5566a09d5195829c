"""Laws of what leaves the tool: no cell of any file runs, no shown text hides, and planning twice changes nothing."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from pathlib import Path

import openpyxl
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.publish import CURRENT, plan_publish, render, write_table
from mdm.records import CROSSWALK, GOLDEN, PUBLISH_CHANGES, empty
from mdm.report.visible import fit, visible, width
from mdm.rulebook.stages import PublishRules, TargetRules

NASTY = "=+-@\t\r\n \u00a0\u200b\ufeff\u202e\uff1d\uff0b\uff0d\uff20'\"|;,<>r/&_x05AZ1😀\x00\x1b"
nasty_text = st.one_of(st.text(alphabet=NASTY, max_size=12), st.text(max_size=12))
nasty_cells = st.lists(nasty_text, min_size=1, max_size=8)

RUNS_IN_A_SPREADSHEET = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
ONLY_A_NUMBER = re.compile(r"[+-][0-9 .,()/-]*")


def read_csv(content: str) -> list[str]:
    return [row[0] if row else "" for row in csv.reader(io.StringIO(content, newline=""))][1:]


def written(cells: list[str], column: str, kind: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"t.{kind}")
        if kind == "csv":
            frame = pl.DataFrame({column: cells, "n": range(len(cells))})
            return read_csv(write_table(frame, path, format="csv").read_bytes().decode())
        write_table(pl.DataFrame({column: cells}), path, format="excel")
        return [c.value or "" for c in assert_no_formula(path)]


def assert_no_formula(path: Path) -> list[openpyxl.cell.Cell]:
    cells = [c for sheet in openpyxl.load_workbook(path) for (c,) in sheet.iter_rows(min_row=2)]
    assert {c.data_type for c in cells} <= {"s", "n", "inlineStr"}
    assert all(c.data_type != "n" or c.value is None for c in cells)
    return cells


def begins_like_a_formula(text: str) -> bool:
    return bool(RUNS_IN_A_SPREADSHEET.match(text.lstrip(" \u00a0\u200b\ufeff\u202e")) or text[:1] in {"\t", "\r", "\n"})


@settings(max_examples=150, deadline=None)
@given(nasty_cells)
def test_no_text_in_a_csv_for_people_begins_like_a_formula(cells: list[str]) -> None:
    assert not [c for c in written(cells, "name", "csv") if begins_like_a_formula(c)]


@settings(max_examples=150, deadline=None)
@given(nasty_cells)
def test_no_key_in_a_csv_begins_like_a_formula_unless_it_is_a_number(cells: list[str]) -> None:
    risky = [c for c in written(cells, "key", "csv") if begins_like_a_formula(c)]
    assert all(ONLY_A_NUMBER.fullmatch(c) for c in risky)


@settings(max_examples=150, deadline=None)
@given(nasty_cells, st.sampled_from(["name", "key"]))
def test_a_guard_adds_one_apostrophe_and_changes_nothing_else(cells: list[str], column: str) -> None:
    assert all(
        after in {before, "'" + before} for before, after in zip(cells, written(cells, column, "csv"), strict=True)
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(nasty_text, min_size=2, max_size=8, unique=True), st.sampled_from(["name", "key"]))
def test_two_different_cells_stay_different(cells: list[str], column: str) -> None:
    cells = [*cells, *("'" + c for c in cells)]
    assert len(set(written(cells, column, "csv"))) == len(set(cells))


@settings(max_examples=60, deadline=None)
@given(nasty_cells)
def test_no_cell_of_a_workbook_is_a_formula(cells: list[str]) -> None:
    kept = [re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", re.sub(r"\r\n?", "\n", c)) for c in cells]
    assert [unescape(c) for c in written(cells, "name", "xlsx")] == kept


def unescape(text: str) -> str:
    """Excel's own escape, which openpyxl hands on: `_x005F_` is an underscore."""
    return text.replace("_x005F_", "_")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(nasty_text, nasty_text.filter(str.strip), max_size=8))
def test_what_a_system_loads_is_unaltered_or_held(values: dict[str, str]) -> None:
    rules = PublishRules(targets=(TargetRules(system="crm", allow={"phone": "Phone"}),))
    rows = [("crm", key, "M-0000001-1", "Phone", None, value) for key, value in values.items()]
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder)
        render(pl.DataFrame(rows, schema=dict(PUBLISH_CHANGES), orient="row"), rules, into, run_id="r")
        sent = list(csv.reader(io.StringIO((into / "crm.csv").read_bytes().decode(), newline="")))[1:]
        held = (into / "crm.held.jsonl").read_text("utf-8") if (into / "crm.held.jsonl").exists() else ""
    assert all(values[key] == value for key, _, value in sent)
    assert len(sent) + len([line for line in held.split("\n") if line]) == len(values)
    cells = [c for row in sent for c in row if begins_like_a_formula(c)]
    assert all(ONLY_A_NUMBER.fullmatch(c) for c in cells)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.tuples(st.sampled_from(["crm", "erp"]), st.text(max_size=3)), st.integers(1, 3), max_size=8),
    st.dictionaries(st.integers(1, 3), st.one_of(st.none(), nasty_text), max_size=3),
)
def test_after_a_plan_is_written_nothing_is_left_to_plan(
    owners: dict[tuple[str, str], int], phones: dict[int, str | None]
) -> None:
    rules = PublishRules(targets=(TargetRules(system="crm", allow={"phone": "Phone"}),))
    crosswalk = pl.DataFrame([(*k, f"M-{n}") for k, n in owners.items()], schema=dict(CROSSWALK), orient="row")
    blank = {**dict.fromkeys(GOLDEN), "records": 1, "systems": []}
    rows = [{**blank, "master_id": f"M-{n}", "phone": phone} for n, phone in phones.items()]
    golden = pl.DataFrame(rows, schema=dict(GOLDEN))
    plan = plan_publish(crosswalk, golden, empty(CURRENT), rules)
    assert set(plan["target"]) <= {"crm"}
    said = plan.select("target", "key", "field", value="new")
    assert plan_publish(crosswalk, golden, said, rules).height == 0


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_text_made_visible_holds_nothing_that_a_terminal_or_page_would_obey(text: str) -> None:
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Zl", "Zp"}]
    assert not [c for c in shown if unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI"}]


@settings(max_examples=300, deadline=None)
@given(st.text(), st.integers(min_value=1, max_value=40))
def test_text_fitted_to_a_column_is_as_wide_as_the_column(text: str, columns: int) -> None:
    assert width(fit(text, columns)) == columns
