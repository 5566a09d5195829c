"""Which customers and pairs a report shows."""

from __future__ import annotations

import polars as pl

from mdm.records import CROSSWALK, GOLDEN, LINKS, MAPPED, STANDARD, STEWARD_PAIRS, TableSchema, conform
from mdm.report import build_examples, choose_examples, choose_review_pairs

#        system, key, name, master id; one customer of each sort
RECORDS = [
    ("crm", "1", "muster", "M-ONE-SYSTEM"),
    ("crm", "2", "muster ag", "M-ONE-SYSTEM"),
    ("crm", "3", "beispiel", "M-SAME-NAME"),
    ("crm", "4", "probe", "M-BEST"),
    ("crm", "5", "allein", "M-ALONE"),
    ("erp", "3", "beispiel", "M-SAME-NAME"),
    ("erp", "4", "probe gmbh", "M-BEST"),
    ("shop", "4", "probe berlin", "M-BEST"),
]
LINKED = [(0, 1, 9), (2, 5, 9), (3, 6, 8), (3, 7, 7), (6, 7, 9)]


def filled(rows: list[dict[str, object]], schema: TableSchema) -> pl.DataFrame:
    blank = {name: [] if isinstance(dtype, pl.List) else None for name, dtype in schema.items()}
    return conform(pl.DataFrame([blank | row for row in rows], schema=dict(schema)), schema, "test")


CROSSWALK_TABLE = pl.DataFrame([(s, k, m) for s, k, _, m in RECORDS], schema=dict(CROSSWALK), orient="row")
STANDARD_TABLE = filled(
    [{"rid": i, "system": s, "key": k, "name": n} for i, (s, k, n, _) in enumerate(RECORDS)], STANDARD
)
LINK = {"probability": 0.999, "band": "auto", "veto": False}
LINK_TABLE = filled([{**LINK, "left": a, "right": b, "weight": w} for a, b, w in LINKED], LINKS)
MAPPED_TABLE = filled(
    [
        {"system": s, "key": k, "name": n.title(), "postcode": "10115", "city": "Berlin", "phone": ["1", "2"]}
        for s, k, n, _ in RECORDS
    ],
    MAPPED,
)


def chosen(limit: int = 6) -> list[str]:
    choice = choose_examples(CROSSWALK_TABLE, STANDARD_TABLE, LINK_TABLE, limit=limit)
    return choice.records["master_id"].unique(maintain_order=True).to_list()


def test_more_systems_and_more_spellings_come_first() -> None:
    assert chosen() == ["M-BEST", "M-SAME-NAME", "M-ONE-SYSTEM"]


def test_no_more_examples_than_asked_for() -> None:
    assert chosen(limit=1) == ["M-BEST"]


def test_the_links_shown_join_all_records_without_a_circle_strongest_first() -> None:
    choice = choose_examples(CROSSWALK_TABLE, STANDARD_TABLE, LINK_TABLE, limit=1)
    assert choice.links.select("left", "right").rows() == [(6, 7), (3, 6)]


def test_a_customer_of_many_records_is_no_example() -> None:
    many = [("crm", str(i), f"n{i}", "M-BIG") for i in range(10, 17)]
    crosswalk = pl.DataFrame([(s, k, m) for s, k, _, m in many], schema=dict(CROSSWALK), orient="row")
    standard = filled([{"rid": i, "system": s, "key": k, "name": n} for i, (s, k, n, _) in enumerate(many)], STANDARD)
    assert choose_examples(crosswalk, standard, LINK_TABLE).records.height == 0


def test_the_order_of_rows_makes_no_difference() -> None:
    one = choose_examples(CROSSWALK_TABLE, STANDARD_TABLE, LINK_TABLE)
    two = choose_examples(CROSSWALK_TABLE.reverse(), STANDARD_TABLE.reverse(), LINK_TABLE.reverse())
    assert one.records.equals(two.records)
    assert one.links.equals(two.links)


def test_an_example_shows_its_records_as_delivered_with_reason_and_golden_record() -> None:
    golden = filled([{"master_id": "M-BEST", "name": "Probe GmbH", "phone": "1", "records": 3}], GOLDEN)
    choice = choose_examples(CROSSWALK_TABLE, STANDARD_TABLE, LINK_TABLE, limit=1)
    (example,) = build_examples(choice, MAPPED_TABLE, golden, {(6, 7): "same street"})
    assert (example.title, example.columns) == ("Probe GmbH", ("Name", "Place", "Phone"))
    assert [r.values for r in example.records][1] == ("Probe Gmbh", "10115 Berlin", "1, 2")
    assert example.golden == ("Probe GmbH", None, "1")
    assert [(k.left, k.right, k.reason) for k in example.links] == [
        ("erp 4", "shop 4", "same street"),
        ("crm 4", "erp 4", ""),
    ]


def test_a_person_is_shown_by_given_and_family_name() -> None:
    people = MAPPED_TABLE.with_columns(
        name=pl.lit(None, dtype=pl.String), given_name=pl.lit("Erika"), family_name=pl.lit("Muster")
    )
    choice = choose_examples(CROSSWALK_TABLE, STANDARD_TABLE, LINK_TABLE, limit=1)
    (example,) = build_examples(choice, people, filled([], GOLDEN), {})
    assert (example.title, example.golden) == ("Erika Muster", ())


def test_no_links_mean_no_examples() -> None:
    choice = choose_examples(CROSSWALK_TABLE, STANDARD_TABLE, LINK_TABLE.clear())
    assert build_examples(choice, MAPPED_TABLE, filled([], GOLDEN), {}) == ()


def test_review_pairs_show_each_customer_once_the_heaviest_first() -> None:
    rows = [("A", "B", 1.0), ("A", "C", 3.0), ("D", "C", 2.0), ("E", "F", 0.5)]
    review = filled(
        [
            {"system_l": "s", "key_l": a, "master_id_l": a, "key_r": b, "master_id_r": b, "weight": w}
            for a, b, w in rows
        ],
        STEWARD_PAIRS,
    )
    assert choose_review_pairs(review, limit=5).select("key_l", "key_r").rows() == [("A", "C"), ("E", "F")]
