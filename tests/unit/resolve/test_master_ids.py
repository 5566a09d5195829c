"""Master ids over scans, by example."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.errors import DecisionRefused, SchemaMismatch
from mdm.records import CROSSWALK, MASTERS, empty, format_master_id
from mdm.resolve import Assignment, assign_master_ids

M1, M2, M3 = (format_master_id(n) for n in (1, 2, 3))


def clusters(*parts: str) -> pl.DataFrame:
    """One cluster for each text, one record of the system crm for each letter in it."""
    rows = [("crm", key, number) for number, part in enumerate(parts) for key in part]
    return pl.DataFrame(rows, schema={"system": pl.String, "key": pl.String, "cluster": pl.Int32}, orient="row")


def scan(before: Assignment | None, *parts: str, policy: str = "overlap") -> Assignment:
    crosswalk, masters = (before.crosswalk, before.masters) if before else (empty(CROSSWALK), empty(MASTERS))
    return assign_master_ids(clusters(*parts), crosswalk, masters, policy="oldest" if policy == "oldest" else "overlap")


def owners(after: Assignment) -> dict[str, str]:
    return {key: master for _, key, master in after.crosswalk.rows()}


def events(after: Assignment) -> list[tuple[str, str | None, str | None]]:
    return [row[:3] for row in after.lineage.rows()]


def test_new_clusters_get_numbers_in_the_order_of_their_smallest_record() -> None:
    after = scan(None, "dc", "ba")
    assert owners(after) == {"a": M1, "b": M1, "c": M2, "d": M2}
    assert events(after) == [("create", None, M1), ("create", None, M2)]


def test_the_biggest_share_keeps_the_id() -> None:
    after = scan(scan(None, "ab", "cdefg"), "abcdefg")
    assert set(owners(after).values()) == {M2}
    assert events(after) == [("merge", M1, M2), ("move", M1, M2), ("move", M1, M2)]


def test_the_oldest_id_stays_where_the_policy_says_so() -> None:
    after = scan(scan(None, "ab", "cdefg"), "abcdefg", policy="oldest")
    assert set(owners(after).values()) == {M1}
    assert after.churn.moved == 5


def test_of_equal_shares_the_oldest_id_stays() -> None:
    after = scan(scan(None, "ab", "cd"), "abcd")
    assert set(owners(after).values()) == {M1}


def test_a_union_keeps_one_id_and_a_split_gives_the_other_part_a_new_one() -> None:
    # Vector 3: one old id stays, the other redirects; at the split one part inherits.
    first = scan(None, "ab", "cd")
    joined = scan(first, "abcd")
    parted = scan(joined, "ab", "cd")
    assert joined.masters.rows() == [(M1, 1, "active", None), (M2, 2, "merged", M1)]
    assert owners(parted) == {"a": M1, "b": M1, "c": M3, "d": M3}
    assert ("split", M1, M3) in events(parted)


def test_a_merged_id_leads_straight_to_the_end_when_its_target_merges_too() -> None:
    after = scan(scan(scan(None, "a", "bc", "defg"), "abc", "defg"), "abcdefg")
    assert after.masters.rows() == [(M1, 1, "merged", M3), (M2, 2, "merged", M3), (M3, 3, "active", None)]
    assert ("redirect", M1, M3) in events(after)


def test_an_id_without_records_is_retired_with_all_that_leads_to_it() -> None:
    after = scan(scan(scan(None, "a", "bc"), "abc"))
    assert after.masters.select("state", "into").rows() == [("retired", None), ("retired", None)]


def test_a_record_that_comes_back_gets_a_new_id() -> None:
    after = scan(scan(scan(None, "a")), "a")
    assert owners(after) == {"a": M2}
    assert after.masters.rows() == [(M1, 1, "retired", None), (M2, 2, "active", None)]


def test_a_pinned_id_stays_against_a_larger_share() -> None:
    first = scan(None, "ab", "cdefg")
    pins = pl.DataFrame([("crm", "a", M1)], schema=dict(CROSSWALK), orient="row")
    after = assign_master_ids(clusters("abcdefg"), first.crosswalk, first.masters, pins=pins)
    assert set(owners(after).values()) == {M1}


def test_a_pinned_id_of_the_cluster_itself_goes_before_one_pinned_from_elsewhere() -> None:
    first = scan(None, "abc", "d")
    pins = pl.DataFrame([("crm", "a", M1), ("crm", "b", M2), ("crm", "c", M2)], schema=dict(CROSSWALK), orient="row")
    after = assign_master_ids(clusters("abc", "d"), first.crosswalk, first.masters, pins=pins)
    assert owners(after) == {"a": M1, "b": M1, "c": M1, "d": M2}


def test_a_pin_brings_a_merged_id_back() -> None:
    joined = scan(scan(None, "ab", "cd"), "abcd")
    pins = pl.DataFrame([("crm", "c", M2)], schema=dict(CROSSWALK), orient="row")
    after = assign_master_ids(clusters("ab", "cd"), joined.crosswalk, joined.masters, pins=pins)
    assert owners(after) == {"a": M1, "b": M1, "c": M2, "d": M2}
    assert ("revive", None, M2) in events(after)


def test_a_pin_to_an_id_never_given_out_is_refused() -> None:
    pins = pl.DataFrame([("crm", "a", M3)], schema=dict(CROSSWALK), orient="row")
    with pytest.raises(DecisionRefused, match=f"crm:a is pinned to {M3}, which was never given out"):
        assign_master_ids(clusters("a"), empty(CROSSWALK), empty(MASTERS), pins=pins)


def test_churn_counts_records_of_both_scans_only() -> None:
    after = scan(scan(None, "ab", "cdx"), "abcd", "e")
    assert (after.churn.records_before, after.churn.records_after, after.churn.records_in_both) == (5, 5, 4)
    assert after.churn.share == pytest.approx(0.5)


def test_an_erased_id_stays_erased_and_takes_no_pin() -> None:
    masters = pl.DataFrame([(M1, 1, "erased", None)], schema=dict(MASTERS), orient="row")
    after = assign_master_ids(clusters("a"), empty(CROSSWALK), masters)
    assert after.masters.rows() == [(M1, 1, "erased", None), (M2, 2, "active", None)]
    pins = pl.DataFrame([("crm", "a", M1)], schema=dict(CROSSWALK), orient="row")
    with pytest.raises(DecisionRefused, match=f"crm:a is pinned to {M1}, which was erased"):
        assign_master_ids(clusters("a"), empty(CROSSWALK), masters, pins=pins)


def test_numbers_burned_by_a_stopped_scan_are_left_out() -> None:
    first = scan(None, "a")
    after = assign_master_ids(clusters("a", "b"), first.crosswalk, first.masters, issued=2)
    assert owners(after) == {"a": M1, "b": M3}


def test_a_record_in_two_clusters_is_refused() -> None:
    with pytest.raises(SchemaMismatch, match="clusters has the record crm:a twice"):
        scan(None, "a", "a")


def test_a_crosswalk_with_an_unknown_id_is_refused() -> None:
    crosswalk = pl.DataFrame([("crm", "a", M1)], schema=dict(CROSSWALK), orient="row")
    with pytest.raises(SchemaMismatch, match=f"{M1}, which is no active master id"):
        assign_master_ids(clusters("a"), crosswalk, empty(MASTERS))


def test_redirects_in_a_circle_are_refused() -> None:
    masters = pl.DataFrame([(M1, 1, "merged", M2), (M2, 2, "merged", M1)], schema=dict(MASTERS), orient="row")
    with pytest.raises(SchemaMismatch, match="in a circle"):
        assign_master_ids(clusters("a"), empty(CROSSWALK), masters)
