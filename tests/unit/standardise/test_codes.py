from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mdm.standardise import with_codes

COLUMNS = ("master_id", "country", "phone", "email")
TEXT = st.one_of(
    st.none(), st.text(max_size=20), st.sampled_from(["Germany", "DE", "Schweiz", "+49 30 1234567", "030 90"])
)


def coded(*rows: tuple[str | None, str | None]) -> list[tuple[Any, ...]]:
    table = pl.DataFrame(
        [(str(n), *row, "a@b.example") for n, row in enumerate(rows)],
        schema=dict.fromkeys(COLUMNS, pl.String),
        orient="row",
    )
    return with_codes(table).select("country_code", "phone_e164").rows()


def test_a_country_in_any_spelling_has_its_iso_code() -> None:
    assert [code for code, _ in coded(("Schweiz", None), ("GERMANY", None), ("gb", None))] == ["CH", "DE", "GB"]


def test_a_national_number_is_completed_by_the_golden_country() -> None:
    assert coded(("Deutschland", "(0228) 5501-71")) == [("DE", "+49228550171")]


def test_a_number_whose_country_nobody_says_has_no_e164() -> None:
    assert coded((None, "0228 550171"), ("Atlantis", "0228 550171")) == [(None, None), (None, None)]


def test_an_international_number_needs_no_country() -> None:
    assert coded((None, "+41 81 785 18 23")) == [(None, "+41817851823")]


def test_each_code_stands_behind_what_it_is_of() -> None:
    table = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    assert with_codes(table).columns == ["master_id", "country", "country_code", "phone", "phone_e164", "email"]


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_whatever_was_delivered_stays_as_it_was(rows: list[tuple[str | None, str | None]]) -> None:
    table = pl.DataFrame(
        [(str(n), *row, None) for n, row in enumerate(rows)], schema=dict.fromkeys(COLUMNS, pl.String), orient="row"
    )
    assert with_codes(table).select(COLUMNS).equals(table)
