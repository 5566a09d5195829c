"""Samples of alike cases: drawn by the seed alone, and what is stated of all cases holds."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, hypergeom

from mdm.steward import CONFIDENCE, bound, draw, sample_size

DOUBT = 1 - CONFIDENCE / 100
KEYS = [("a", f"l{n}", "b", f"r{n}") for n in range(40)]
sizes = st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


def counted(wrong: int, drawn: int, among: int) -> int:
    """The bound by going through every number of wrong cases and every sample of them: no formula."""
    found = wrong
    for bad in range(wrong, among - drawn + wrong + 1):
        samples = combinations(range(among), drawn)
        few = sum(sum(case < bad for case in sample) <= wrong for sample in samples)
        if Fraction(few, comb(among, drawn)) > Fraction(100 - CONFIDENCE, 100):
            found = max(found, bad)
    return found


@pytest.mark.parametrize(("among", "drawn"), [(5, 2), (8, 3), (10, 6), (12, 4), (9, 9)])
def test_the_bound_is_what_counting_every_sample_says(among: int, drawn: int) -> None:
    for wrong in range(drawn + 1):
        assert bound(wrong, drawn, among).most == counted(wrong, drawn, among)


@settings(deadline=None)
@given(sizes, st.data())
def test_the_bound_is_the_largest_that_the_distribution_allows(size: tuple[int, int], data: st.DataObject) -> None:
    among, drawn = size
    wrong = data.draw(st.integers(0, drawn))
    possible = range(wrong, among - drawn + wrong + 1)
    expected = max(bad for bad in possible if bad == wrong or hypergeom.cdf(wrong, among, bad, drawn) > DOUBT + 1e-12)
    assert bound(wrong, drawn, among).most == expected


@pytest.mark.parametrize(("wrong", "drawn"), [(0, 60), (1, 60), (3, 200)])
def test_among_very_many_the_bound_is_clopper_and_pearsons(wrong: int, drawn: int) -> None:
    limit = beta.ppf(CONFIDENCE / 100, wrong + 1, drawn - wrong)
    assert float(bound(wrong, drawn, 1_000_000).share) == pytest.approx(limit, rel=1e-3)


def test_none_wrong_of_sixty_is_at_most_four_point_nine_per_cent() -> None:
    assert 0.0485 < float(bound(0, 60, 100_000).share) < 0.049


@settings(deadline=None)
@given(sizes, st.data())
def test_more_wrong_ones_never_lower_the_bound(size: tuple[int, int], data: st.DataObject) -> None:
    among, drawn = size
    wrong = data.draw(st.integers(0, drawn - 1))
    assert bound(wrong, drawn, among).most <= bound(wrong + 1, drawn, among).most


@pytest.mark.parametrize("bad", [2, 9, 20, 45, 100])
def test_a_stated_bound_holds_at_least_as_often_as_promised(bad: int) -> None:
    """Coverage, simulated: how often the true number of wrong cases is above what the sample says."""
    among, drawn, rounds = 400, 60, 4_000
    found = np.random.default_rng(bad).hypergeometric(bad, among - bad, drawn, rounds)
    stated = {wrong: bound(wrong, drawn, among).most for wrong in set(found.tolist())}
    exceeded = np.mean([stated[wrong] < bad for wrong in found.tolist()])
    assert exceeded <= DOUBT + 3 * (DOUBT * CONFIDENCE / 100 / rounds) ** 0.5


@pytest.mark.parametrize(("among", "per_mille"), [(200, 50), (1_000, 20), (4_000, 10)])
def test_a_cohort_with_just_too_many_wrong_ones_is_seldom_accepted(among: int, per_mille: int) -> None:
    share, rounds = Fraction(per_mille, 1_000), 4_000
    bad, drawn = int(share * among) + 1, sample_size(among, share)
    found = np.random.default_rng(among).hypergeometric(bad, among - bad, drawn, rounds)
    stated = {wrong: bound(wrong, drawn, among).share for wrong in set(found.tolist())}
    accepted = np.mean([stated[wrong] <= share for wrong in found.tolist()])
    assert accepted <= DOUBT + 3 * (DOUBT * CONFIDENCE / 100 / rounds) ** 0.5


@pytest.mark.parametrize(
    ("among", "per_mille", "sizes_for"),
    [
        (200, 50, (47, 72, 93)),
        (1_000, 20, (132, 206, 269)),
        (1_000, 10, (238, 364, 469)),
        (4_000, 20, (144, 228, 301)),
    ],
)
def test_the_size_of_a_sample_is_known_before_the_first_look(
    among: int, per_mille: int, sizes_for: tuple[int, int, int]
) -> None:
    found = tuple(sample_size(among, Fraction(per_mille, 1_000), wrong) for wrong in range(3))
    assert found == sizes_for


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2))
def test_the_size_of_a_sample_is_the_smallest_that_suffices(among: int, per_mille: int, wrong: int) -> None:
    share, wrong = Fraction(per_mille, 1_000), min(wrong, among)
    size = sample_size(among, share, wrong)
    if size < among:
        assert bound(wrong, size, among).share <= share
    if size > wrong + 1:
        assert bound(wrong, size - 1, among).share > share


@settings(deadline=None)
@given(st.permutations(KEYS), st.text(max_size=8), st.integers(0, 45))
def test_a_sample_follows_from_the_seed_whatever_the_order_of_the_pairs(
    turned: list[tuple[str, str, str, str]], seed: str, size: int
) -> None:
    found = draw(seed, turned, size)
    assert found == draw(seed, KEYS, size)
    assert len(set(found)) == min(size, len(KEYS))
    assert set(found) <= set(KEYS)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_a_larger_sample_of_a_seed_begins_with_the_smaller(number: int) -> None:
    assert draw(str(number), KEYS, 30)[:10] == draw(str(number), KEYS, 10)


def test_over_the_seeds_every_pair_is_drawn_equally_often() -> None:
    rounds, size = 3_000, 10
    times = dict.fromkeys(KEYS, 0)
    for seed in range(rounds):
        for key in draw(str(seed), KEYS, size):
            times[key] += 1
    share = size / len(KEYS)
    spread = 4.5 * (rounds * share * (1 - share)) ** 0.5
    assert all(abs(count - rounds * share) < spread for count in times.values())
