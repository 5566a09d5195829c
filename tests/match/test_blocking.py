"""Which pairs are compared: those that share something rare, and never a flood of those that share something common."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from mdm.match import encode_records, find_candidates


def pairs(standard: pl.DataFrame, cap: int = 50) -> set[tuple[str, str]]:
    with duckdb.connect() as connection:
        found = find_candidates(encode_records(standard), connection, cap=cap).candidates
    keys = standard.sort("rid")["key"].to_list()
    return {(keys[a], keys[b]) for a, b in found.select("left", "right").rows()}


def test_records_with_one_rare_word_in_common_are_compared(make_standard: Any) -> None:
    standard = make_standard({"name": "veltron bau"}, {"name": "veltron handel"}, {"name": "zimara technik"})
    assert pairs(standard) == {("000000", "000001")}


def test_a_value_that_everybody_has_makes_no_pairs(make_standard: Any) -> None:
    standard = make_standard(*({"name": f"firma{i:03}x", "emails": ["info@shared.example"]} for i in range(300)))
    assert pairs(standard) == set()


def test_a_common_name_is_compared_within_its_town(make_standard: Any) -> None:
    crowd = [{"name": "schmidt bau", "city": f"ort{i // 2}"} for i in range(600)]
    found = pairs(make_standard(*crowd))
    assert ("000000", "000001") in found
    assert len(found) < 600 * 10


def test_every_rule_reports_what_the_cap_left_out(make_standard: Any) -> None:
    standard = make_standard(*({"name": f"firma{i:03}x", "emails": ["info@shared.example"]} for i in range(300)))
    with duckdb.connect() as connection:
        counts = {c.rule: c for c in find_candidates(encode_records(standard), connection, cap=50).counts}
    assert counts["same e-mail"].capped_pairs == 300 * 299 // 2


def test_no_records_give_no_pairs(make_standard: Any) -> None:
    assert pairs(make_standard({"name": "veltron"})) == set()
