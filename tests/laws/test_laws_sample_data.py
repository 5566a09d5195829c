"""Laws of the generated world: chance that repeats, numbers that check."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import stdnum.bg.vat
import stdnum.ch.vat
import stdnum.cn.uscc
import stdnum.eu.vat
import stdnum.gb.vat
import stdnum.iban
import stdnum.jp.cn
import stdnum.lei
import stdnum.us.ein
from hypothesis import given, settings
from hypothesis import strategies as st

from sample_data.draws import Draws
from sample_data.identifiers import BBAN, duns_numbers, ibans, lei_codes
from sample_data.keys import salesforce_ids
from sample_data.presence import subset_weights
from sample_data.vat import VAT, vat_numbers

SEEDS = st.integers(min_value=0, max_value=2**31)
ENTITIES = st.lists(st.integers(min_value=0, max_value=600_000), min_size=1, max_size=40, unique=True)
KNOWN = [923, 451, 500, 174, 179, 204]
CHECKS = {
    "CH": stdnum.ch.vat.is_valid,
    "GB": stdnum.gb.vat.is_valid,
    "US": stdnum.us.ein.is_valid,
    "JP": stdnum.jp.cn.is_valid,
    "CN": stdnum.cn.uscc.is_valid,
}


@given(SEEDS, ENTITIES)
@settings(max_examples=40, deadline=None)
def test_a_draw_depends_on_its_own_number_only(seed: int, entities: list[int]) -> None:
    draws = Draws(seed)
    together = draws.below("anything", np.array(entities), 1000)
    alone = [int(draws.below("anything", np.array([entity]), 1000)[0]) for entity in entities]
    assert together.tolist() == alone


@given(SEEDS, st.integers(min_value=1, max_value=2**30))
@settings(max_examples=40, deadline=None)
def test_draws_stay_below_their_limit(seed: int, limit: int) -> None:
    drawn = Draws(seed).below("limit", np.arange(200), limit)
    assert drawn.min() >= 0
    assert drawn.max() < limit


def test_draws_are_the_same_on_every_machine() -> None:
    assert Draws(1).below("known", np.arange(6), 1000).tolist() == KNOWN


@pytest.mark.parametrize("code", sorted(VAT))
@given(seed=SEEDS, entities=ENTITIES)
@settings(max_examples=10, deadline=None)
def test_every_tax_number_has_its_check_digit(code: str, seed: int, entities: list[int]) -> None:
    country = pl.Series([code]).new_from_index(0, len(entities))
    numbers = vat_numbers(Draws(seed), np.array(entities), country)
    valid = CHECKS.get(code, stdnum.eu.vat.is_valid)
    assert [number for number in numbers if not valid(number)] == []


@given(SEEDS, ENTITIES)
@settings(max_examples=20, deadline=None)
def test_every_bank_account_and_entity_code_checks(seed: int, entities: list[int]) -> None:
    ids = np.array(entities)
    for code in sorted(BBAN):
        accounts = ibans(Draws(seed), ids, pl.Series([code]).new_from_index(0, len(ids)))
        assert all(stdnum.iban.is_valid(account) for account in accounts)
    assert all(stdnum.lei.is_valid(code) for code in lei_codes(Draws(seed), ids))


@given(SEEDS, ENTITIES)
@settings(max_examples=20, deadline=None)
def test_numbers_of_different_customers_differ(seed: int, entities: list[int]) -> None:
    ids = np.array(entities)
    assert duns_numbers(Draws(seed), ids).n_unique() == len(ids)
    assert lei_codes(Draws(seed), ids).n_unique() == len(ids)
    assert salesforce_ids(Draws(seed), ids, "001").n_unique() == len(ids)


@given(SEEDS, ENTITIES)
@settings(max_examples=20, deadline=None)
def test_a_salesforce_id_checks_its_own_capitals(seed: int, entities: list[int]) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    for key in salesforce_ids(Draws(seed), np.array(entities), "001"):
        chunks = [key[start : start + 5] for start in (0, 5, 10)]
        assert key[15:] == "".join(letters[sum("A" <= c <= "Z" and 1 << n for n, c in enumerate(s))] for s in chunks)


@given(st.integers(min_value=0, max_value=31))
def test_no_customer_misses_a_system_it_must_stand_in(required: int) -> None:
    weights = subset_weights(required)
    assert all(weight == 0 or subset & required == required for subset, weight in enumerate(weights))
