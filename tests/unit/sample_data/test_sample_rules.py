"""The generated project's rules fit their models and name columns that its files have."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mdm.rulebook.load import load_rulebook
from mdm.rulebook.source import SourceRules
from sample_data.presence import SYSTEMS

SMALL = Path(__file__).parents[3] / "sample_data" / "small"


@pytest.fixture(scope="module")
def sources() -> dict[str, SourceRules]:
    _, rulebook = load_rulebook(SMALL)
    return {str(source.system): source for source in rulebook.sources}


def columns_of(path: str, source: SourceRules) -> set[str]:
    if path.endswith(".xlsx"):
        options = {"header_row": source.format.header_row - 1}
        return set(pl.read_excel(SMALL / path, sheet_name=source.format.sheet, read_options=options).columns)
    encoding, separator = source.format.encoding or "utf-8", source.format.separator or ","
    return set((SMALL / path).read_bytes().split(b"\n", 1)[0].decode(encoding).split(separator))


def test_the_rules_of_all_five_systems_load(sources: dict[str, SourceRules]) -> None:
    assert set(sources) == set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_column_that_a_rule_names_is_in_the_files(system: str, sources: dict[str, SourceRules]) -> None:
    source = sources[system]
    known = columns_of(source.path, source)
    for child in source.children:
        known |= {f"{child.name}.{column}" for column in columns_of(child.path, source)}
    named = {part for role in source.columns.values() for entry in role.columns for part in entry.split("+")}
    assert named | {source.key, source.crosswalk_field} <= known


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_maps_name_address_and_time_of_change(system: str, sources: dict[str, SourceRules]) -> None:
    wanted = {"name", "street", "postcode", "city", "country", "phone", "vat", "changed_at"}
    assert wanted <= set(sources[system].columns)


def test_the_salesforce_export_has_two_hundred_columns(sources: dict[str, SourceRules]) -> None:
    assert len(columns_of(sources["salesforce"].path, sources["salesforce"])) == 200


def test_most_salesforce_columns_are_empty() -> None:
    accounts = pl.read_csv(SMALL / "data/salesforce/Account.csv", infer_schema=False)
    assert sum(accounts[column].null_count() == accounts.height for column in accounts.columns) > 100
