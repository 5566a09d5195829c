"""How alike two names are, in bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.match import encode_records
from mdm.match.compare_names import compare_names
from mdm.match.likeness import likeness, shipped_scale
from mdm.match.words import NUMBER_AT_MOST

FALLING = ("fewer", "more")


def test_more_alike_never_counts_less() -> None:
    lines = shipped_scale().lines
    assert all(gain >= 0 for name, (_, gains) in lines.items() if name not in FALLING for gain in gains)
    assert all(gain <= 0 for name in FALLING for gain in lines[name][1])


def test_a_cut_name_is_more_alike_than_another_name(make_standard: Any) -> None:
    names = ["veltron maschinenbau", "veltron maschinenb", "veltron getraenke", "zimara getraenke"]
    encoded = encode_records(make_standard(*({"name": name} for name in names)))
    left = np.zeros(3, dtype=np.int32)
    cut, half, other = likeness(compare_names(encoded, left, np.arange(1, 4, dtype=np.int32)))
    assert cut > half > other


def test_a_number_in_a_name_never_says_much(make_standard: Any) -> None:
    encoded = encode_records(make_standard(*({"name": f"veltron {n}"} for n in range(40))))
    bits = dict(zip(encoded.tokens.values, encoded.words.bits, strict=True))
    assert bits["17"] == NUMBER_AT_MOST


def test_two_names_with_one_acronym_have_no_name_in_common(make_standard: Any) -> None:
    names = ["bowne office chairs", "berlin orchestra club", "boc"]
    encoded = encode_records(make_standard(*({"name": name} for name in names)))
    pairs = np.array([0, 0], dtype=np.int32), np.array([1, 2], dtype=np.int32)
    acronyms, short = compare_names(encoded, *pairs).alias
    assert acronyms == 0
    assert short > 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-30_000, 30_000), min_size=7, max_size=7), st.integers(0, 6), st.integers(0, 5_000))
def test_a_piece_of_evidence_moves_the_likeness_its_own_way_only(values: list[int], which: int, step: int) -> None:
    scale = shipped_scale()
    evidence = {name: np.array([value]) for name, value in zip(scale.lines, values, strict=True)}
    name = list(scale.lines)[which]
    before, after = scale.likeness(evidence)[0], scale.likeness(evidence | {name: evidence[name] + step})[0]
    assert after <= before if name in FALLING else after >= before
