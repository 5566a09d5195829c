"""Laws of master ids, over random histories of nine records in three sources."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.records import format_master_id, parse_master_id
from mdm.resolve import Assignment, IdPolicy, assign_master_ids
from mdm.resolve.new_ids import format_master_ids
from mdm.store import Run, Store, difference, open_store
from tests.laws.histories import (
    FAST,
    KEYS,
    Key,
    beside,
    clusters,
    histories,
    members,
    partitions,
    policies,
    scans,
    scans_of,
)


@FAST
@given(histories, policies)
def test_every_record_has_one_active_id_and_every_active_id_a_record(
    history: list[list[int]], policy: IdPolicy
) -> None:
    for labels, after in zip(history, scans(history, policy), strict=True):
        live = [key for key, label in zip(KEYS, labels, strict=True) if label]
        active = after.masters.filter(pl.col("state") == "active")["master_id"]
        assert after.crosswalk.select("system", "key").rows() == live
        assert set(after.crosswalk["master_id"]) == set(active)


@FAST
@given(histories, policies)
def test_records_share_an_id_exactly_when_they_share_a_cluster(history: list[list[int]], policy: IdPolicy) -> None:
    for labels, after in zip(history, scans(history, policy), strict=True):
        together = clusters(labels).join(after.crosswalk, on=["system", "key"]).select("cluster", "master_id").unique()
        assert together["cluster"].n_unique() == together["master_id"].n_unique() == together.height


@FAST
@given(histories, policies)
def test_an_id_is_never_given_out_twice_and_never_forgotten(history: list[list[int]], policy: IdPolicy) -> None:
    ever: dict[str, int] = {}
    for after in scans(history, policy):
        now = dict(after.masters.select("master_id", "sequence").rows())
        begun = after.lineage.filter(pl.col("kind").is_in(["create", "split"]))["to_id"].unique()
        assert now.items() >= ever.items()
        assert set(begun) == now.keys() - ever.keys()
        assert sorted(now.values()) == list(range(1, len(now) + 1))
        assert all(parse_master_id(m) == n for m, n in now.items())
        ever = now


@FAST
@given(histories, policies)
def test_every_id_ever_given_out_leads_to_an_active_one_in_one_hop_or_is_retired(
    history: list[list[int]], policy: IdPolicy
) -> None:
    for after in scans(history, policy):
        state = {m: (s, into) for m, s, into in after.masters.select("master_id", "state", "into").rows()}
        for now, into in state.values():
            assert (into is not None) == (now in ("merged", "split"))
            assert into is None or state[into][0] == "active"


@FAST
@given(histories, policies, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(
    history: list[list[int]], policy: IdPolicy, chance: random.Random
) -> None:
    done = scans([[0] * 9, *history], policy)
    before, after = done[-2], done[-1]
    tables = [clusters(history[-1]), before.crosswalk, before.masters]
    mixed = [t[chance.sample(range(t.height), t.height)] for t in tables]
    again = assign_master_ids(mixed[0], mixed[1], mixed[2], policy=policy)
    assert again.crosswalk.equals(after.crosswalk)
    assert again.masters.equals(after.masters)
    assert again.lineage.equals(after.lineage)
    assert again.churn == after.churn


@FAST
@given(histories, policies)
def test_assigning_the_same_clusters_again_does_nothing(history: list[list[int]], policy: IdPolicy) -> None:
    after = scans(history, policy)[-1]
    renamed = clusters([5 - label if label else 0 for label in history[-1]])
    again = assign_master_ids(renamed, after.crosswalk, after.masters, policy=policy)
    assert again.lineage.is_empty()
    assert again.crosswalk.equals(after.crosswalk)
    assert again.masters.equals(after.masters)
    assert again.churn.share == 0


@FAST
@given(histories, partitions, policies)
def test_a_cluster_without_a_change_keeps_its_id(history: list[list[int]], today: list[int], policy: IdPolicy) -> None:
    before = scans(history, policy)[-1]
    after = assign_master_ids(clusters(today), before.crosswalk, before.masters, policy=policy)
    was, now = ({records: m for m, records in members(x).items()} for x in (before, after))
    same = was.keys() & now.keys()
    assert {records: was[records] for records in same} == {records: now[records] for records in same}


@FAST
@given(histories, partitions, policies)
def test_what_happens_in_one_place_changes_no_id_in_another(
    history: list[list[int]], today: list[int], policy: IdPolicy
) -> None:
    # Two places that share no record: in the second, every id is what it is when the first does not change.
    before = scans_of([beside(labels, labels) for labels in history], policy)[-1]
    still = assign_master_ids(beside(history[-1], today), before.crosswalk, before.masters, policy=policy)
    both = assign_master_ids(beside(today, today), before.crosswalk, before.masters, policy=policy)
    known = set(before.masters["master_id"])
    there = pl.col("system").str.starts_with("there-")
    ids = [[(*key, m if m in known else "new") for *key, m in x.crosswalk.filter(there).rows()] for x in (still, both)]
    assert ids[0] == ids[1]


@FAST
@given(histories, partitions, policies, st.integers(0, 40))
def test_new_numbers_are_above_all_that_were_ever_issued(
    history: list[list[int]], today: list[int], policy: IdPolicy, issued: int
) -> None:
    before = scans(history, policy)[-1]
    after = assign_master_ids(clusters(today), before.crosswalk, before.masters, policy=policy, issued=issued)
    usual = assign_master_ids(clusters(today), before.crosswalk, before.masters, policy=policy)
    last = max(issued, before.masters.height)
    fresh = after.masters["sequence"].to_list()[before.masters.height :]
    assert fresh == list(range(last + 1, last + 1 + len(fresh)))
    assert len(fresh) == usual.masters.height - before.masters.height
    assert usual.masters["state"].to_list() == after.masters["state"].to_list()


@FAST
@given(histories, policies)
def test_moves_and_churn_tell_exactly_the_records_whose_id_changed(history: list[list[int]], policy: IdPolicy) -> None:
    before: dict[Key, str] = {}
    for after in scans(history, policy):
        now = {(s, k): m for s, k, m in after.crosswalk.rows()}
        changed = {(before[r], now[r], *r) for r in before.keys() & now.keys() if before[r] != now[r]}
        moves = after.lineage.filter(pl.col("kind") == "move").select("from_id", "to_id", "system", "key").rows()
        assert moves == sorted(moves, key=lambda row: row[2:])
        assert set(moves) == changed
        assert (after.churn.moved, after.churn.records_in_both) == (len(changed), len(before.keys() & now.keys()))
        assert after.churn.writes == len(now.items() - before.items())
        before = now


@settings(max_examples=15, deadline=None)
@given(histories)
def test_the_store_tells_the_ids_that_hold_what_an_id_ever_held(history: list[list[int]]) -> None:
    # A record that leaves and comes back is a new one, so only histories in which all stay tell what an id ever held.
    done = scans([[label or 1 for label in labels] for labels in history], "overlap")
    held: dict[str, set[Key]] = {}
    for after in done:
        for system, key, master in after.crosswalk.rows():
            held.setdefault(master, set()).add((system, key))
    now = {(s, k): m for s, k, m in done[-1].crosswalk.rows()}
    with stored(done) as store:
        for master, records in held.items():
            found = store.resolve(master)
            assert found is not None
            shares = Counter(now[r] for r in records)
            assert {s.master_id: s.records for s in found.successors} == shares
            assert found.active == master if master in now.values() else shares[found.active] == max(shares.values())


@contextmanager
def stored(done: list[Assignment]) -> Iterator[Store]:
    """A store that has seen these scans."""
    with open_store("sqlite://", rest=lambda _: None) as store:
        for after in done:
            with store.begin_scan("law", "t") as lease:
                stage = store.stage_scan(lease)
                stage.put_masters(difference(after.masters, store.read_masters(), key=["master_id"])[0])
                stage.put_crosswalk(*difference(after.crosswalk, store.read_crosswalk(), key=["system", "key"]))
                stage.put_lineage(after.lineage)
                stage.apply(Run("t", "t"))
        yield store


@FAST
@given(st.lists(st.integers(1, 32**7 - 1), max_size=20))
def test_ids_made_in_bulk_are_the_ids_made_one_by_one(numbers: list[int]) -> None:
    assert format_master_ids(np.array(numbers, dtype=np.int64)).to_list() == [format_master_id(n) for n in numbers]
