"""The rules that are shipped for known systems: each loads, names its secrets by reference, and can be read by."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from mdm.connect import open_source, refresh
from mdm.rulebook import SourceRules, load_rulebook, shipped_rules
from mdm.rulebook.connector import SqlConnector
from mdm.rulebook.sql_tables import SqlJoin

SHIPPED = sorted((shipped_rules() / "sources").glob("*.yaml"))
SQL = [path for path in SHIPPED if "  type: sql" in path.read_text(encoding="utf-8")]


def load_source(path: Path) -> SourceRules:
    """The rules as a project that consists of them loads them."""
    with TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "rules" / "sources").mkdir(parents=True)
        (project / "mdm.yaml").write_text("version: 1\n", encoding="utf-8")
        shutil.copy(path, project / "rules" / "sources")
        return load_rulebook(project)[1].sources[0]


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_shipped_rules_of_a_system_load_and_hold_no_secret(path: Path) -> None:
    rules = load_source(path)
    assert rules.system == path.stem
    assert rules.path if rules.connector is None else rules.connector.url.startswith("env:")
    assert "name" in rules.columns


@pytest.mark.parametrize("path", SQL, ids=name_of)
def test_shipped_rules_read_tables_that_have_just_what_they_name(path: Path, tmp_path: Path) -> None:
    rules = load_source(path)
    assert isinstance(rules.connector, SqlConnector)
    file = tmp_path / "system.sqlite"
    make_tables(rules, file)
    bare = without_schemas(rules.connector)
    connected = rules.model_copy(update={"connector": bare.model_copy(update={"url": f"sqlite:///{file}"})})
    assert refresh(open_source(connected, {}), connected, tmp_path, "2026-03-01T00:00:00+00:00").rows == 1
    extract = pl.read_parquet(tmp_path / "extract.parquet")
    empty = [name for name in extract.columns if extract[name].is_null().any()]
    assert not empty, "a join that finds nothing"
    assert refresh(open_source(connected, {}), connected, tmp_path, "2026-03-02T00:00:00+00:00").changed == 0


def make_tables(rules: SourceRules, file: Path) -> None:
    """A database with all tables and columns that the rules name, and one row in each that they find."""
    columns: dict[str, dict[str, str]] = {}
    for table, named in tables_of(rules):
        columns.setdefault(table, {}).update(dict.fromkeys(named - columns.get(table, {}).keys(), "varchar(80)"))
    connector: Any = rules.connector
    times = [(bare(t.table), c) for t in (connector, *joins_of(connector.children)) for c in t.changed_at]
    for table, column in times:
        columns[table][column] = "timestamp" if column != "UDATE" else "varchar(8)"
    with closing(sa.create_engine(f"sqlite:///{file}").connect()) as database:
        for table, typed in columns.items():
            database.exec_driver_sql(f"CREATE TABLE {table} ({', '.join(f'{n} {t}' for n, t in typed.items())})")
        for row in rows_of(rules, columns):
            table = str(row.pop("table"))
            marks = ", ".join("?" * len(row))
            database.exec_driver_sql(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - a test
        database.commit()


def rows_of(rules: SourceRules, columns: dict[str, dict[str, str]]) -> Iterator[dict[str, str]]:
    """One row for the main table, and for each child and join one that belongs to the row above it."""
    connector: Any = rules.connector
    main = filled(connector, columns) | dict.fromkeys(parents(connector), "9")
    seen = []
    for row in (main, *(found for child in connector.children for found in below(child, main, columns, connector))):
        if row not in seen:
            seen.append(row)
            yield {**row}


def below(join: Any, above: dict[str, str], columns: dict[str, dict[str, str]], main: Any) -> Iterator[dict[str, str]]:
    row = filled(join, columns)
    if row["table"] == bare(main.table):  # of the main table's own kind, which the main table leaves out
        row |= dict.fromkeys(main.where, "0") | {"id": "2"}
    row |= {ours: above[column] for column, ours in join.on.items()}
    yield row
    for inner in join.joins:
        yield from below(inner, row, columns, main)


def filled(table: Any, columns: dict[str, dict[str, str]]) -> dict[str, str]:
    values = {"timestamp": "2026-01-01 00:00:00", "varchar(8)": "20260101"}
    name = bare(table.table)
    row = {"table": name} | {column: values.get(kind, "1") for column, kind in columns[name].items()}
    return row | {column: texts[0] for column, texts in table.where.items()}


def parents(connector: Any) -> set[str]:
    """Columns by which rows of the main table's own kind belong to one of its rows."""
    return {ours for child in connector.children if child.table == connector.table for ours in child.on.values()}


def tables_of(rules: SourceRules) -> Iterator[tuple[str, set[str]]]:
    connector: Any = rules.connector
    names = {part for entry in rules.entries for part in entry.split("+") if "." not in part}
    above = {column for child in connector.children for column in child.on}
    yield bare(connector.table), names | above | set(connector.where) | set(connector.changed_at)
    for join in joins_of(connector.children):
        order = {name.removeprefix("-") for name in getattr(join, "order_by", ())}
        below = {column for inner in join.joins for column in inner.on}
        named = {*join.on.values(), *join.where, *(join.columns or ()), *join.changed_at}
        yield bare(join.table), named | order | below


def joins_of(tables: tuple[SqlJoin, ...]) -> Iterator[SqlJoin]:
    for table in tables:
        yield table
        yield from joins_of(table.joins)


def bare(table: str) -> str:
    return table.rpartition(".")[2]


def without_schemas(connector: SqlConnector) -> SqlConnector:
    def changed(join: Any) -> Any:
        return join.model_copy(update={"table": bare(join.table), "joins": tuple(changed(j) for j in join.joins)})

    children = tuple(changed(child) for child in connector.children)
    return connector.model_copy(update={"table": bare(connector.table), "children": children})
