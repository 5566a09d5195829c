"""Result tables as CSV, Parquet and Excel."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import get_args

import openpyxl
import polars as pl
import pytest

from mdm.errors import SettingsInvalid
from mdm.publish import TableFormat, workbook, write_table

FORMATS = get_args(TableFormat)

THIRTEEN_FORMS = [
    "=cmd|' /C calc'!A0",
    "+49 30 1234",
    "-5",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u200b=1",
    "\uff1d1",
    "a\n=1",
    '"=1',
    ";=1+1",
    "%0A=1",
]
GUARDED = THIRTEEN_FORMS[:9]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def cells(path: Path) -> list[tuple[object, str]]:
    book = openpyxl.load_workbook(path)
    return [(c.value, c.data_type) for sheet in book for row in sheet.iter_rows(min_row=2) for c in row]


@pytest.mark.parametrize("text", GUARDED)
def test_a_text_that_looks_like_a_formula_is_guarded_in_csv(text: str, tmp_path: Path) -> None:
    assert rows(write_table(pl.DataFrame({"name": [text]}), tmp_path / "t.csv", format="csv")) == [["'" + text]]


@pytest.mark.parametrize("text", [*THIRTEEN_FORMS[9:], "O'Brien", "'s-Hertogenbosch BV", "100 % = 1", "Müller & Söhne"])
def test_any_other_text_is_left_as_it_is_in_csv(text: str, tmp_path: Path) -> None:
    assert rows(write_table(pl.DataFrame({"name": [text]}), tmp_path / "t.csv", format="csv")) == [[text]]


@pytest.mark.parametrize("column", ["key", "source_key", "source_system", "key_l", "key_r", "keep", "merge"])
@pytest.mark.parametrize("key", ["-5", "+49 30 1234", "0000100001", "-", "-00017/2"])
def test_a_key_that_is_only_a_number_joins_back(column: str, key: str, tmp_path: Path) -> None:
    assert rows(write_table(pl.DataFrame({column: [key]}), tmp_path / "t.csv", format="csv")) == [[key]]


@pytest.mark.parametrize("key", ["=1", "@A1", "+A1", "-2+cmd|'x'!A0", "\t-5", "+1\n=A1"])
def test_a_key_that_could_run_is_guarded(key: str, tmp_path: Path) -> None:
    assert rows(write_table(pl.DataFrame({"key": [key]}), tmp_path / "t.csv", format="csv")) == [["'" + key]]


def test_every_text_is_quoted_and_a_number_is_a_number(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ['Say "x", ö', None], "records": [2, None], "tags": [["a", "b"], []]})
    path = write_table(frame, tmp_path / "t.csv", format="csv")
    assert path.read_bytes() == '"name","records","tags"\n"Say ""x"", ö",2,"a | b"\n,,""\n'.encode()


def test_a_heading_is_guarded_like_a_text(tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"=A1": ["x"]}), tmp_path / "t.csv", format="csv")
    assert path.read_text() == '"\'=A1"\n"x"\n'


def test_a_workbook_holds_texts_as_texts_and_no_formula(tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"name": THIRTEEN_FORMS}), tmp_path / "t.xlsx", format="excel")
    expected = [text.replace("\r", "\n") for text in THIRTEEN_FORMS]
    assert cells(path) == [(text, "s") for text in expected]


def test_a_workbook_makes_no_link_of_an_address(tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"website": ["https://example.com"]}), tmp_path / "t.xlsx", format="excel")
    assert openpyxl.load_workbook(path).active["A2"].hyperlink is None


@pytest.mark.parametrize("text", ["<r><t>1</t></r>", "<r></r>", "<r></is></c><c><f>1+1</f></c></r>"])
def test_text_that_looks_like_the_markup_of_a_workbook_stays_text(text: str, tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"name": [text]}), tmp_path / "t.xlsx", format="excel")
    assert cells(path) == [(text, "s")]


def test_control_characters_are_left_out_of_a_workbook(tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"name": ["a\x00\x1b[31mb\uffff"]}), tmp_path / "t.xlsx", format="excel")
    assert cells(path) == [("a[31mb", "s")]


@pytest.mark.parametrize("sign", ["x", "😀"])
def test_a_text_longer_than_a_cell_ends_in_an_ellipsis(sign: str, tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"name": [sign * 40_000]}), tmp_path / "t.xlsx", format="excel")
    value = str(cells(path)[0][0])
    assert value.endswith("…")
    assert 32_760 < len(value.encode("utf-16-le")) / 2 <= 32_767


def test_a_number_that_excel_would_round_is_written_as_text(tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"n": [12345678901234567]}), tmp_path / "t.xlsx", format="excel")
    assert cells(path) == [("12345678901234567", "s")]


def test_endless_numbers_are_empty(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [float("nan"), float("inf"), 0.5]})
    assert rows(write_table(frame, tmp_path / "t.csv", format="csv")) == [[""], [""], ["0.5"]] or rows(
        tmp_path / "t.csv"
    ) == [[], [], ["0.5"]]
    assert [value for value, _ in cells(write_table(frame, tmp_path / "t.xlsx", format="excel"))] == [None, None, 0.5]


def test_a_long_table_goes_on_with_a_further_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS_A_SHEET", 2)
    path = write_table(pl.DataFrame({"n": list("abcde")}), tmp_path / "golden.xlsx", format="excel")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["golden", "golden (2)", "golden (3)"]
    assert [[c.value for c in sheet["A"]] for sheet in book] == [["n", "a", "b"], ["n", "c", "d"], ["n", "e"]]


def test_parquet_keeps_lists_types_and_every_byte(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["=1\x00", None], "systems": [["a", "b"], []], "n": [1, 2]})
    assert pl.read_parquet(write_table(frame, tmp_path / "t.parquet", format="parquet")).equals(frame)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_table_without_rows_can_be_written(kind: TableFormat, tmp_path: Path) -> None:
    frame = pl.DataFrame(schema={"name": pl.String, "tags": pl.List(pl.String), "n": pl.Float64})
    assert write_table(frame, tmp_path / "t.xlsx", format=kind).stat().st_size > 0


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_table_gives_the_same_bytes(kind: TableFormat, tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": [f"n{i}" for i in range(500)], "n": range(500), "tags": [["a"]] * 500})
    one, two = (write_table(frame, tmp_path / name / "t.xlsx", format=kind).read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("kind", FORMATS)
def test_a_failed_export_leaves_the_former_file_and_no_remains(kind: TableFormat, tmp_path: Path) -> None:
    path = write_table(pl.DataFrame({"name": ["old"]}), tmp_path / "t.xlsx", format=kind)
    before = path.read_bytes()
    unfit = pl.DataFrame({"name": [object()]}, schema={"name": pl.Object})
    with pytest.raises(BaseException):  # noqa: B017, PT011 - a panic of the engine is no Exception
        write_table(unfit, path, format=kind)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["t.xlsx"]


def test_a_file_gets_the_mode_that_new_files_have_here(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    path = write_table(pl.DataFrame({"n": [1]}), tmp_path / "t.csv", format="csv")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_place_that_cannot_be_written_is_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(SettingsInvalid, match=r"^t\.csv was not written: "):
        write_table(pl.DataFrame({"n": [1]}), tmp_path / "t.csv", format="csv")
    assert os.listdir(tmp_path / "t.csv") == []  # noqa: PTH208 - the folder in the way is untouched
