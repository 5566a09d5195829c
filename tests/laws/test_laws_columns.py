"""Laws of the mapping: it never raises, no order matters, no column has two roles, no row is lost."""

from __future__ import annotations

from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.records import SystemName
from mdm.rulebook.source import SourceRules
from mdm.standardise.columns import DetectedRoles, detect_roles, map_roles

TELLING_NAMES = [
    "Id",
    "KUNNR",
    "Kundennr",
    "Nr.",
    "Name",
    "NAME1",
    "NAME2",
    "name",
    "Firma",
    "Account Name",
    "Contact Name",
    "Vorname",
    "Nombre",
    "Raison sociale",
    "Street",
    "Straße",
    "Address",
    "Address 2",
    "Billing Street",
    "Billing City",
    "Shipping City",
    "STRAS",
    "ORT01",
    "ADRC.STREET",
    "PLZ",
    "PLZ/Ort",
    "City",
    "Country",
    "State",
    "Phone",
    "Mobile",
    "Fax",
    "E-Mail",
    "Website",
    "USt-IdNr.",
    "Tax ID",
    "Parent Id",
    "Last Modified Date",
    "MANDT",
    "A+B",
    "*",
    "^.*$",
    " City ",
]
TELLING_VALUES = [
    "",
    "  ",
    "\xa0",
    "1",
    "10001",
    "0",
    "yes",
    "Alpha GmbH",
    "Beta Ltd",
    "Anna Muster",
    "Muster",
    "Musterstraße 5",
    "Musterweg",
    "12a",
    "10115",
    "Bonn",
    "DE",
    "Germany",
    "+49 30 1234567",
    "info@example.com",
    "www.example.com",
    "DE136695976",
    "2024-01-31",
    "10115 Bonn",
    "a\nb",
    "x, 10115 Bonn",
    "\u200b",
]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
headers = st.lists(st.sampled_from(TELLING_NAMES) | texts, min_size=1, max_size=9, unique=True)
cells = st.none() | st.sampled_from(TELLING_VALUES) | texts


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    names, rows = draw(headers), draw(st.integers(0, 6))
    columns = {name: draw(st.lists(cells, min_size=rows, max_size=rows)) for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def columns_of(detected: DetectedRoles) -> dict[str, tuple[str, ...]]:
    return {role: rule.columns for role, rule in detected.columns.items()}


def parts(entry: str, names: list[str]) -> list[str]:
    """The columns of an entry; rules keep no blanks at the ends of names, so the names here have none either."""
    stripped = [name.strip() for name in names]
    return [entry] if entry in stripped else entry.split("+")


@settings(max_examples=150, deadline=None)
@given(tables())
def test_every_column_is_key_or_in_one_role_or_unknown(table: pl.DataFrame) -> None:
    detected = detect_roles(table)
    key = [detected.key] if detected.key in table.columns else detected.key.split("+") if detected.key else []
    mapped = [c for columns in columns_of(detected).values() for entry in columns for c in parts(entry, table.columns)]
    found = [*(k.strip() for k in key), *mapped, *(u.strip() for u in detected.unknown)]
    assert sorted(found) == sorted(c.strip() for c in table.columns)


@settings(max_examples=100, deadline=None)
@given(tables(), st.randoms())
def test_the_order_of_columns_and_rows_makes_no_difference(table: pl.DataFrame, random: Random) -> None:
    names, order = list(table.columns), list(range(table.height))
    random.shuffle(names)
    random.shuffle(order)
    values = {name: table.get_column(name).to_list() for name in names}
    shuffled = pl.DataFrame(
        {n: [v[i] for i in order] for n, v in values.items()}, schema=dict.fromkeys(names, pl.String)
    )
    one, other = detect_roles(table), detect_roles(shuffled)
    assert (one.key, one.columns, sorted(one.unknown)) == (other.key, other.columns, sorted(other.unknown))


@settings(max_examples=100, deadline=None)
@given(tables())
def test_what_was_detected_maps_every_row(table: pl.DataFrame) -> None:
    taken = {"system", "key", "row_hash"}
    ids = pl.DataFrame(
        {name: [str(i) for i in range(table.height)] for name in taken}, schema=dict.fromkeys(taken, pl.String)
    )
    frame = pl.DataFrame([*ids.get_columns(), *(c for c in table.get_columns() if c.name not in taken)])
    rules = {str(role): rule for role, rule in detect_roles(table.drop(taken & set(table.columns))).columns.items()}
    mapped = map_roles(frame, SourceRules(system=SystemName("s"), path="p.csv", key="k", columns=rules))
    assert mapped["key"].to_list() == ids["key"].to_list()


@settings(max_examples=100, deadline=None)
@given(tables())
def test_confidence_is_a_share_and_every_role_has_a_reason(table: pl.DataFrame) -> None:
    detected = detect_roles(table)
    assert 0 <= detected.key_confidence <= 1
    assert all(0 < rule.confidence <= 1 and rule.why for rule in detected.columns.values())
