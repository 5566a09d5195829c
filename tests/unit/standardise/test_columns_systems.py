"""The mapping that an expert would choose for the exports of known systems, and for small firms' own sheets."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.standardise.columns import detect_roles
from tests.unit.standardise.cells_of_exports import Exports
from tests.unit.standardise.exports_of_crms import CRMS
from tests.unit.standardise.exports_of_erps import ERPS
from tests.unit.standardise.exports_of_people import SHEETS
from tests.unit.standardise.exports_of_sap_and_oracle import LARGE_ERPS

SYSTEMS: Exports = CRMS | LARGE_ERPS | ERPS | SHEETS


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_mapping_is_the_one_an_expert_would_choose(system: str) -> None:
    table, key, roles = SYSTEMS[system]
    detected = detect_roles(pl.DataFrame(table))
    assert {role: list(rule.columns) for role, rule in detected.columns.items()} == roles
    assert detected.key == key


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_column_is_key_or_mapped_or_unknown(system: str) -> None:
    table, _, _ = SYSTEMS[system]
    detected = detect_roles(pl.DataFrame(table))
    mapped = [c for rule in detected.columns.values() for entry in rule.columns for c in entry.split("+")]
    assert sorted([*detected.key.split("+"), *mapped, *detected.unknown]) == sorted(table)


@pytest.mark.parametrize("system", SYSTEMS)
def test_headers_alone_say_the_first_column_of_nearly_every_role(system: str) -> None:
    """A file without rows still gets the roles its names say, so that the mapping can be seen before the data."""
    table, _, roles = SYSTEMS[system]
    detected = detect_roles(pl.DataFrame(schema=dict.fromkeys(table, pl.String)))
    by_values = {"kind", "vat", "tax_id", "full_address", "house_number", "name"}
    first = {role: rule.columns[0] for role, rule in detected.columns.items() if role not in by_values}
    assert first.items() >= {role: columns[0] for role, columns in roles.items() if role not in by_values}.items()
