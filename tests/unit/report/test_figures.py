"""What a report counts."""

from __future__ import annotations

import polars as pl

from mdm.records import CROSSWALK, LINKS, MAPPED, STANDARD, STEWARD_PAIRS, TableSchema, conform, empty
from mdm.report import Figures, count_figures, usable_shares

OWNERS = [
    ("crm", "1", "M-A"),
    ("crm", "2", "M-A"),
    ("crm", "3", "M-B"),
    ("erp", "1", "M-A"),
    ("erp", "2", "M-C"),
    ("shop", "1", "M-A"),
    ("shop", "2", "M-C"),
    ("shop", "3", "M-D"),
]


def filled(rows: list[dict[str, object]], schema: TableSchema) -> pl.DataFrame:
    blank = {name: [] if isinstance(dtype, pl.List) else None for name, dtype in schema.items()}
    return conform(pl.DataFrame([blank | row for row in rows], schema=dict(schema)), schema, "test")


def figures(**tables: pl.DataFrame) -> Figures:
    crosswalk = pl.DataFrame(OWNERS, schema=dict(CROSSWALK), orient="row")
    standard = filled([{"rid": i, "system": s, "key": k} for i, (s, k, _) in enumerate(OWNERS)], STANDARD)
    given = {"crosswalk": crosswalk, "standard": standard, "links": empty(LINKS), "review": empty(STEWARD_PAIRS)}
    return count_figures(**{**given, **tables})


def test_duplicates_within_a_system_are_its_records_minus_its_customers() -> None:
    counted = {row["system"]: row["repeats"] for row in figures().systems.iter_rows(named=True)}
    assert counted == {"crm": 1, "erp": 0, "shop": 0}
    assert figures().repeats_within == 1


def test_duplicates_across_systems_are_customers_in_two_or_more() -> None:
    assert figures().shared_customers == 2


def test_records_are_customers_and_repeats_of_both_kinds() -> None:
    found = figures()
    assert (found.records, found.customers, found.repeats_within, found.repeats_across) == (8, 4, 1, 3)


def test_the_overlap_counts_customers_and_not_records() -> None:
    assert figures().overlap.rows() == [("crm", "erp", 1), ("crm", "shop", 1), ("erp", "shop", 2)]


def test_a_shared_customer_counts_once_in_its_system() -> None:
    assert dict(figures().systems.select("system", "shared").rows()) == {"crm": 1, "erp": 2, "shop": 2}


def test_sizes_count_the_records_of_all_systems() -> None:
    assert figures().sizes.rows() == [(1, 2), (2, 1), (4, 1)]


def test_systems_stand_in_the_order_of_their_records_then_names() -> None:
    assert figures().systems["system"].to_list() == ["crm", "shop", "erp"]


def test_the_order_of_rows_makes_no_difference() -> None:
    crosswalk = pl.DataFrame(OWNERS, schema=dict(CROSSWALK), orient="row")
    one, two = figures(crosswalk=crosswalk), figures(crosswalk=crosswalk.reverse())
    for name in ("systems", "overlap", "sizes", "quality", "identifiers"):
        assert getattr(one, name).equals(getattr(two, name))


def test_only_pairs_joined_without_asking_are_links() -> None:
    row = {"weight": 1, "probability": 0.5, "veto": False}
    links = [{**row, "left": 0, "right": i, "band": b} for i, b in enumerate(("auto", "review", "auto", "no"), 1)]
    assert figures(links=filled(links, LINKS)).links == 2


def test_a_run_without_records_counts_nothing() -> None:
    found = figures(crosswalk=empty(CROSSWALK), standard=empty(STANDARD))
    assert (found.records, found.customers, found.shared_customers, found.repeats_across) == (0, 0, 0, 0)
    assert found.systems.height == found.quality.height == 0


def test_a_placeholder_is_delivered_but_not_usable() -> None:
    mapped = filled(
        [
            {"system": "crm", "key": "1", "city": "N/A", "email": ["none@example.com"]},
            {"system": "crm", "key": "2", "city": "Köln"},
            {"system": "crm", "key": "3"},
        ],
        MAPPED,
    )
    standard = filled(
        [{"rid": i, "system": "crm", "key": str(i + 1), "city": "koln" if i == 1 else None} for i in range(3)], STANDARD
    )
    found = figures(
        crosswalk=pl.DataFrame(OWNERS[:3], schema=dict(CROSSWALK), orient="row"), standard=standard, mapped=mapped
    )
    assert found.quality.rows() == [("crm", "city", 3, 2, 1), ("crm", "email", 3, 1, 0)]


def test_a_name_in_two_fields_counts_as_delivered() -> None:
    mapped = filled([{"system": "crm", "key": "1", "family_name": "Muster"}], MAPPED)
    standard = filled([{"rid": 0, "system": "crm", "key": "1", "name": "muster"}], STANDARD)
    found = figures(standard=standard, mapped=mapped).quality
    assert found.row(0) == ("crm", "name", 1, 1, 1)


def test_without_delivered_values_the_standard_record_tells_what_there_is() -> None:
    row = {"rid": 0, "system": "crm", "key": "1", "phones": ["+4930"], "invalid_identifiers": ["vat:DE1"]}
    assert figures(standard=filled([row], STANDARD)).quality.rows() == [
        ("crm", "phone", 1, 1, 1),
        ("crm", "vat", 1, 1, 0),
    ]


def test_a_record_with_two_wrong_identifiers_of_one_kind_counts_once() -> None:
    rows = [
        {"rid": 0, "system": "crm", "key": "1", "invalid_identifiers": ["vat:DE1", "vat:DE2", "lei:X"]},
        {"rid": 1, "system": "crm", "key": "2", "identifiers": ["vat:DE3"], "invalid_identifiers": ["vat:DE4"]},
        {"rid": 2, "system": "crm", "key": "3", "identifiers": ["vat:DE5", "tax:DE:7"]},
    ]
    found = figures(standard=filled(rows, STANDARD)).identifiers
    assert found.rows() == [("crm", "lei", 1, 1), ("crm", "tax", 1, 0), ("crm", "vat", 3, 2)]


def test_usable_shares_count_the_records_of_all_systems_together() -> None:
    """A placeholder is delivered and cannot be used; what nobody delivers is left out."""
    rows = [("crm", "1", "12203"), ("crm", "2", "00000"), ("erp", "1", "10115"), ("erp", "2", None)]
    mapped = filled([{"system": s, "key": k, "postcode": p} for s, k, p in rows], MAPPED)
    usable = [p if p != "00000" else None for _, _, p in rows]
    known = [
        {"rid": i, "system": s, "key": k, "postcode": u}
        for i, ((s, k, _), u) in enumerate(zip(rows, usable, strict=True))
    ]
    assert usable_shares(filled(known, STANDARD), mapped).rows() == [("postcode", 4, 3, 2)]
