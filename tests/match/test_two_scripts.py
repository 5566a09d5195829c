"""Names in two scripts: by sound, by meaning, by both, and beside rivals."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.match import encode_records, find_candidates
from mdm.match.compare import NEARLY, PARTLY, UNLIKE, compare
from mdm.match.encoded import Encoded
from mdm.match.meanings import meanings
from mdm.match.sounds import words_of
from mdm.records import MAPPED, conform
from mdm.rulebook import load_shipped
from mdm.standardise import standardise
from mdm.standardise.name_words import plain_words
from mdm.standardise.text import fold_text

OTHERS = (
    *("中鋼", "台塑", "聯華電子", "日月光", "統一", "遠東新", "豐泰", "裕隆", "東和紡織", "國泰金", "宏碁"),
    *("China Steel Corp", "Asia Cement Corp", "Acer Inc", "Yulon Motor Co Ltd", "Bonny Worldwide Ltd"),
    *(
        f"{brand} {word}"
        for brand in ("Arlo", "Bexa", "Corvi", "Dunne")
        for word in ("Tools", "Foods", "Steel", "Toys")
    ),
    *("Hanwha Solutions", "Komatsu Ltd", "Kuan Hong Arts", "Tatung Co", "Feng Tay Enterprises", "Pou Chen Corp"),
)
"""Names that are in every file of these tests: what is rare is told by the others."""

SAME = (
    ("味全", "Wei Chuan Foods Corp"),
    ("正隆股份有限公司", "Cheng Loong Corp"),
    ("廣豐", "Kwong Fong Industries"),
    ("台泥", "Taiwan Cement Corp"),
    ("和泰車", "Hotai Motor Co Ltd"),
    ("大台北瓦斯", "Great Taipei Gas Corporation"),
    ("トヨタ自動車株式会社", "Toyota Motor Corporation"),
    ("パナソニック株式会社", "Panasonic Corporation"),
    ("川崎重工業株式会社", "Kawasaki Heavy Industries Ltd"),
    ("삼성전자 주식회사", "Samsung Electronics Co Ltd"),
)


def encoded(*names: str) -> Encoded:
    """Records with these names and nothing else, in this order."""
    given_ = pl.DataFrame({"system": "a", "key": [f"{at:03}" for at in range(len(names))], "name": names})
    absent = [pl.lit(None, dtype=kind).alias(role) for role, kind in MAPPED.items() if role not in given_.columns]
    mapped = conform(given_.with_columns(absent).with_columns(row_hash=pl.lit("")), MAPPED, "names")
    return encode_records(standardise(mapped, load_shipped().standardise, {}))


def level(one: str, other: str, *beside: str) -> int:
    e = encoded(one, other, *OTHERS, *beside)
    return int(compare(e, np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))["name"][0])


@pytest.mark.parametrize(("native", "latin"), SAME)
def test_a_name_and_its_spelling_in_another_script_are_nearly_the_same(native: str, latin: str) -> None:
    assert level(native, latin) >= NEARLY


@pytest.mark.parametrize(("native", "latin"), SAME)
def test_a_name_and_its_spelling_in_another_script_are_compared(native: str, latin: str) -> None:
    with duckdb.connect() as connection:
        found = find_candidates(encoded(native, latin, *OTHERS), connection, cap=50).candidates
    assert (0, 1) in set(found.select("left", "right").iter_rows())


def test_names_in_two_scripts_that_have_nothing_in_common_are_unlike() -> None:
    assert level("味全", "Taiwan Cement Corp") == UNLIKE


def test_a_word_of_business_alone_is_no_name() -> None:
    assert level("味全食品", "Yulon Foods") <= PARTLY


def test_a_second_native_name_of_the_same_sound_makes_it_less_likely() -> None:
    alone, beside = level("陸海", "Lu Hai Ltd"), level("陸海", "Lu Hai Ltd", "鹿海")
    assert beside < alone


def test_what_a_name_ends_with_tells_names_of_one_sound_apart() -> None:
    assert (
        level("和泰車", "Hotai Motor Co Ltd", "和泰食品") >= NEARLY > level("和泰食品", "Hotai Motor Co Ltd", "和泰車")
    )


def test_records_in_one_script_have_no_counterparts() -> None:
    assert not len(encoded("Veltron GmbH", "Zimara AG").scripts.pairs)


def test_every_word_of_meaning_is_written_as_names_are_folded() -> None:
    table = meanings()
    assert {w: fold_text(w) for w in (*table.latin, *table.native)} == {w: w for w in (*table.latin, *table.native)}
    assert {w: plain_words([w]) for w in table.latin} == {w: [w] for w in table.latin}


def test_every_japanese_reading_is_of_a_character_as_names_are_folded() -> None:
    read = words_of("sounds")["japanese"]
    assert [c for c in read if fold_text(c) != c] == []


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([n for pair in SAME for n in pair] + list(OTHERS)), min_size=2, max_size=12), st.data())
def test_the_order_of_records_changes_no_likeness(names: list[str], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(names))))
    one, other = encoded(*names), encoded(*(names[at] for at in order))
    left, right = (a.astype(np.int32) for a in np.triu_indices(len(names), 1))
    place = np.argsort(np.array(order)).astype(np.int32)
    assert (compare(one, left, right)["name"] == compare(other, place[left], place[right])["name"]).all()
