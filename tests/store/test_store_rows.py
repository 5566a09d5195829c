"""Tables of the stages as rows of the store, and back."""

from __future__ import annotations

import json

import polars as pl
import pytest

from mdm.records import GOLDEN, LINKS, MAPPED, PROVENANCE, conform
from mdm.store import golden_rows, link_rows, mapped_rows, record_rows
from mdm.store.rows import provenance_of, row_hash, search_text

RECORDS = pl.DataFrame({"rid": [0, 1, 2], "system": ["a", "a", "b"], "key": ['1"', "2", "1"]}).with_columns(
    pl.col("rid").cast(pl.Int32)
)


def table(schema: object, *rows: dict[str, object]) -> pl.DataFrame:
    whole = dict(schema)  # type: ignore[call-overload]
    return pl.DataFrame([{name: row.get(name) for name in whole} for row in rows], schema=whole)


def test_a_body_is_compact_json_without_nulls_and_empty_lists() -> None:
    row = {"system": "a", "key": "1", "row_hash": "h", "name": 'Müller "& Söhne"\n', "city": "", "phone": ["1", "2"]}
    mapped = table(MAPPED, row | {"email": []})
    assert record_rows(mapped)["body"].to_list() == ['{"name":"Müller \\"& Söhne\\"\\n","city":"","phone":["1","2"]}']


def test_a_record_without_any_value_has_an_empty_body() -> None:
    mapped = table(MAPPED, {"system": "a", "key": "1", "row_hash": "h"})
    assert record_rows(mapped)["body"].to_list() == ["{}"]
    assert mapped_rows(record_rows(mapped)).equals(mapped)


def test_mapped_values_come_back_as_they_were() -> None:
    values: list[dict[str, object]] = [
        {"name": 'a "quoted" \\ name', "email": ["x@example.org"], "birth_date": "2000-02-30"},
        {"name": "", "vat": ["", "\u2028", "🙂"], "phone": None},
        {"kind": "null", "region": "{}", "iban": ["[]"]},
    ]
    mapped = table(MAPPED, *[{"system": "a", "key": str(n), "row_hash": "h"} | row for n, row in enumerate(values)])
    assert mapped_rows(record_rows(mapped)).equals(mapped)


def golden_of(values: dict[str, object], origins: dict[str, tuple[int, str | None]]) -> pl.DataFrame:
    row = {"master_id": "M-1", "kind": "organisation", "records": 2, "systems": ["a", "b"]}
    given: dict[str, object] = {"master_id": "M-1"}
    for attribute, (rid, rule) in origins.items():
        given |= {f"{attribute}_rid": rid, f"{attribute}_rule": rule}
    return golden_rows(table(GOLDEN, row | values), table(PROVENANCE, given), RECORDS)


def test_a_golden_row_holds_the_values_and_where_they_come_from() -> None:
    origins = {"name": (2, "longest"), "street": (0, "most_recent"), "city": (0, "most_recent"), "iban": (2, "longest")}
    row = golden_of({"name": "Ä GmbH", "street": "s", "city": "c", "iban": "i"}, origins).row(0, named=True)
    assert json.loads(row["body"]) == {"name": "Ä GmbH", "street": "s", "city": "c", "iban": "i"}
    found = {name: (o.system, o.key, o.rule) for name, o in provenance_of(row["provenance"]).items()}
    assert found == {
        "name": ("b", "1", "longest"),
        "iban": ("b", "1", "longest"),
        "street": ("a", '1"', "most_recent"),
        "city": ("a", '1"', "most_recent"),
    }
    assert (row["name"], row["name_search"]) == ("Ä GmbH", "a gmbh")


def test_a_golden_row_without_provenance_or_name_is_whole() -> None:
    row = golden_of({}, {}).row(0, named=True)
    assert (row["name"], row["body"], row["provenance"]) == ("", "{}", "[]")


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"name": "Shop", "legal_name": "Shop Ltd"}, "Shop"),
        ({"legal_name": "Shop Ltd"}, "Shop Ltd"),
        ({"given_name": "Ann", "family_name": "Lee"}, "Ann Lee"),
        ({"family_name": "Lee"}, "Lee"),
    ],
)
def test_a_customer_is_shown_by_the_best_name_there_is(values: dict[str, object], shown: str) -> None:
    assert golden_of(values, {})["name"].to_list() == [shown]


def test_the_hash_of_a_golden_row_covers_values_and_provenance() -> None:
    hashes = [
        golden_of({"name": "x"}, {"name": (0, "longest")})["row_hash"][0],
        golden_of({"name": "y"}, {"name": (0, "longest")})["row_hash"][0],
        golden_of({"name": "x"}, {"name": (1, "longest")})["row_hash"][0],
        golden_of({"name": "x"}, {"name": (0, "most_recent")})["row_hash"][0],
        golden_of({"name": "x", "records": 3}, {"name": (0, "longest")})["row_hash"][0],
    ]
    assert len(set(hashes)) == len(hashes)
    assert golden_of({"name": "x"}, {"name": (0, "longest")})["row_hash"][0] == hashes[0]


def test_few_rows_hash_as_many_do(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame(
        {"name": ["Ä GmbH", '"\n', None, "東京"], "records": [1, 2, None, -4], "of": [["a"], [], None, [""]]}
    )
    few = row_hash(frame)
    monkeypatch.setattr("mdm.store.rows.FEW", 0)
    assert row_hash(frame).equals(few)
    assert few.n_unique() == frame.height


def test_links_are_kept_by_key_and_without_those_that_were_refused() -> None:
    link = {"weight": 1, "probability": 0.5, "veto": False, "levels": [1]}
    links = table(
        LINKS,
        {"left": 1, "right": 2, "band": "review"} | link,
        {"left": 0, "right": 2, "band": "no"} | link,
        {"left": 0, "right": 1, "band": "auto"} | link,
    )
    kept = link_rows(links, RECORDS).select("system_l", "key_l", "system_r", "key_r", "band").rows()
    assert kept == [("a", '1"', "a", "2", "auto"), ("a", "2", "b", "1", "review")]


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("  Müller & Söhne GmbH ", "muller sohne gmbh"),
        ("Großhandel", "grosshandel"),
        ("ŁÓDŹ", "lodz"),
        ("Ærø", "aero"),
        ("\u0130STANBUL \u0131l\u0131ca", "istanbul ilica"),
        ("50% off_now", "50 off now"),
        ("\uff26\uff55ll", "full"),
        ("東京 株式会社", "東京 株式会社"),
        ("---", ""),
    ],
)
def test_a_name_is_found_without_accents_case_and_signs(name: str, found_by: str) -> None:
    assert pl.select(search_text(pl.lit(name))).item() == found_by


def test_rows_fit_their_declared_tables() -> None:
    rows = golden_of({"name": "x"}, {"name": (0, "longest")})
    assert conform(rows, rows.schema, "golden").equals(rows)
