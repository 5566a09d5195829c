"""One suite over every reader: the same records, whatever the file they come in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter ships no types

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules, SourceRules
from mdm.sources import Landed, land, preview, read_columns

Row = dict[str, str | None]

RECORDS: list[Row] = [
    {"id": "0001", "name": 'Müller "Bau" & Co; KG', "city": "Köln", "note": None},
    {"id": "0002", "name": "Société Générale,\nParis", "city": None, "note": "1.234,56"},
    {"id": "0003", "name": " Acme | Inc. ", "city": "東京", "note": "1E5"},
    {"id": "0004", "name": "NULL", "city": "'=1+1", "note": "true"},
]


def write_csv(path: Path, rows: list[Row]) -> None:
    pl.DataFrame(rows).write_csv(path, separator=";")


def write_excel(path: Path, rows: list[Row]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for column, name in enumerate(rows[0]):
            sheet.write_string(0, column, name)
            for at, row in enumerate(rows, 1):
                sheet.write_string(at, column, row[name] or "")


def write_parquet(path: Path, rows: list[Row]) -> None:
    pl.DataFrame(rows).write_parquet(path)


def write_jsonl(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


WRITERS: dict[str, Callable[[Path, list[Row]], None]] = {
    "csv": write_csv,
    "xlsx": write_excel,
    "parquet": write_parquet,
    "jsonl": write_jsonl,
}
every_reader = pytest.mark.parametrize("kind", WRITERS)


def landed(folder: Path, kind: str, rows: list[Row]) -> Landed:
    WRITERS[kind](folder / f"customers.{kind}", rows)
    source = SourceRules.model_validate({"system": "erp", "path": f"customers.{kind}", "key": "id"})
    return land(source, folder, folder / f"landing {kind}")


@every_reader
def test_every_reader_gives_every_value_as_it_was_written(kind: str, tmp_path: Path) -> None:
    result = landed(tmp_path, kind, RECORDS)
    assert read_columns(result, result.columns).select(result.columns).to_dicts() == RECORDS


@every_reader
def test_every_reader_gives_the_same_index(kind: str, tmp_path: Path) -> None:
    assert landed(tmp_path, kind, RECORDS).index.equals(landed(tmp_path, "csv", RECORDS).index)


@every_reader
def test_every_reader_tells_where_the_records_went(kind: str, tmp_path: Path) -> None:
    rows = [*RECORDS, RECORDS[0], {**RECORDS[1], "city": "Lyon"}, {**RECORDS[0], "id": None}]
    facts = landed(tmp_path, kind, rows).files[0]
    assert (facts.rows_in, facts.loaded, facts.unchanged, facts.quarantined) == (7, 3, 1, 3)


@every_reader
def test_every_reader_previews_columns_and_records(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"customers.{kind}"
    WRITERS[kind](path, RECORDS)
    look = preview(path, FileFormatRules())
    assert look.columns == ("id", "name", "city", "note")
    assert look.sample.to_dicts() == RECORDS


@every_reader
def test_every_reader_sets_over_long_cells_aside(kind: str, tmp_path: Path) -> None:
    if kind == "xlsx":
        pytest.skip("a cell of Excel holds 32,767 characters")
    result = landed(tmp_path, kind, [*RECORDS, {**RECORDS[0], "id": "5", "name": "x" * 70_000}])
    assert result.quarantine["record_number"].to_list() == [5]


@every_reader
def test_every_reader_refuses_a_column_that_stands_twice(kind: str, tmp_path: Path) -> None:
    if kind in {"parquet", "jsonl"}:
        pytest.skip("the format cannot hold two columns of exactly one name")
    with pytest.raises(InputRefused, match="stands twice"):
        landed(tmp_path, kind, [{"id": "1", "name": "a", " name": "b"}])


@every_reader
def test_every_reader_refuses_a_table_without_records(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"customers.{kind}"
    WRITERS[kind](path, RECORDS)
    if kind == "jsonl":
        path.write_text("\n \n", encoding="utf-8")
    elif kind == "parquet":
        pl.DataFrame(schema={"id": pl.String}).write_parquet(path)
    elif kind == "csv":
        path.write_text("id;name\n", encoding="utf-8")
    else:
        write_excel(path, [dict.fromkeys(RECORDS[0])])
    source = SourceRules.model_validate({"system": "erp", "path": path.name, "key": "id"})
    with pytest.raises(InputRefused):
        land(source, tmp_path, tmp_path / "landing")


@every_reader
def test_every_reader_leaves_nothing_behind_when_it_refuses(kind: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no column"):
        landed(tmp_path, kind, [{"nr": "1", "name": "Anna"}])
    assert list((tmp_path / f"landing {kind}").iterdir()) == []
