"""How alike two words are, and that words told apart by their letters alone are those without any likeness."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.match.encode import encode_lists
from mdm.match.words import Vocabulary, _measured, may_be_alike, word_similarity

WORDS = st.text(alphabet="abcdeß9ж", min_size=1, max_size=9)
LONG = st.text(alphabet="abcdefgh", min_size=5, max_size=14)


def vocabulary(words: set[str]) -> tuple[Vocabulary, dict[str, int]]:
    found = Vocabulary.of(encode_lists(pl.Series([sorted(words)], dtype=pl.List(pl.String)), width=len(words)))
    return found, {text: code for code, text in enumerate(found.texts)}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("maschinenbau", "masch", 850),
        ("ma", "maschinenbau", 650),
        ("m", "maschinenbau", 350),
        ("mfg", "manufacturing", 700),
        ("meier", "meyer", 800),
        ("schmitt", "schmidt", 857),
        ("nord", "west", 0),
        ("bau2", "bau3", 0),
    ],
)
def test_words_cut_squeezed_and_mistyped(one: str, other: str, alike: int) -> None:
    words, code = vocabulary({one, other})
    pair = np.array([code[one]], dtype=np.int32), np.array([code[other]], dtype=np.int32)
    assert word_similarity(*pair, words)[0] == alike
    assert word_similarity(*reversed(pair), words)[0] == alike


@settings(max_examples=300)
@given(st.sets(WORDS | LONG, min_size=2, max_size=30))
def test_what_letters_rule_out_has_no_likeness(texts: set[str]) -> None:
    words, _ = vocabulary(texts)
    left, right = (grid.reshape(-1).astype(np.int32) for grid in np.indices((len(texts), len(texts))))
    left, right = left[left != right], right[left != right]
    measured = np.where(words.digits[left] | words.digits[right], 0, _measured(left, right, words))
    assert word_similarity(left, right, words).tolist() == measured.tolist()


@given(st.lists(LONG, min_size=1, max_size=3), st.data())
def test_words_of_one_slip_are_asked(texts: list[str], data: st.DataObject) -> None:
    """Random words are seldom alike: here the other is made from the one, by a letter changed, lost or turned."""
    word = texts[0]
    at = data.draw(st.integers(1, len(word) - 1))
    other = data.draw(
        st.sampled_from(
            [word[:at] + "z" + word[at + 1 :], word[:at] + word[at + 1 :], word[: at - 1] + word[at] + word[at - 1]]
        )
    )
    if word != other:
        words, code = vocabulary({word, other})
        pair = np.array([code[word]], dtype=np.int32), np.array([code[other]], dtype=np.int32)
        assert may_be_alike(*pair, words)[0] or word_similarity(*pair, words)[0] == _measured(*pair, words)[0] == 0


def test_bits_of_short_words_are_bounded() -> None:
    names = pl.Series([["veltron", "ag", "7"], *[["nord"]] * 5000], dtype=pl.List(pl.String))
    words = Vocabulary.of(encode_lists(names, width=3))
    found = dict(zip(words.texts, words.bits.tolist(), strict=True))
    assert (found["7"], found["ag"]) == (2500, 6000)
    assert found["veltron"] > 12_000
    assert found["nord"] == 0
