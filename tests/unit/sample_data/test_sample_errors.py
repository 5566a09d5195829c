"""The planted errors, one by one."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample_data.draws import Draws
from sample_data.lists import load_countries
from sample_data.native import in_native_script
from sample_data.spoiling import capitals, cut, last_word_first, misread, mistype

DRAWS = Draws(1)
IDS = np.arange(200, dtype=np.int64)


def test_a_slip_changes_one_place_of_a_name() -> None:
    name = pl.Series(["Veltron Logistik"]).new_from_index(0, 200)
    slips = mistype(name, DRAWS, "slip", IDS)
    assert slips.n_unique() > 30
    assert slips.str.len_chars().is_between(15, 17).all()
    assert (slips.str.slice(0, 1) == "V").all()


def test_short_names_are_not_mistyped() -> None:
    assert mistype(pl.Series(["KVB"]), DRAWS, "slip", IDS[:1]).to_list() == ["KVB"]


def test_a_scanner_reads_m_for_rn() -> None:
    read = misread(pl.Series(["Bernhard"]).new_from_index(0, 200), DRAWS, "scan", IDS)
    assert "Bemhard" in read.to_list()


def test_capitals_know_no_umlauts() -> None:
    assert capitals(pl.Series(["Müller & Søn", "Łódź"])).to_list() == ["MUELLER & SOEN", "LODZ"]


def test_a_cut_leaves_no_blank_at_the_end() -> None:
    assert cut(pl.Series(["Veltron Logistik"]), 8).to_list() == ["Veltron"]


def test_words_change_places() -> None:
    assert last_word_first(pl.Series(["Veltron Bau"])).to_list() == ["Bau Veltron"]


def test_greek_names_end_in_a_final_sigma() -> None:
    codes = [facts["code"] for facts in load_countries().facts]
    country = np.array([codes.index("GR")])
    written = in_native_script(pl.Series(["Pappas Trofima"]), country, np.array([True]))
    assert written.to_list() == ["\u03a0\u03b1\u03c0\u03c0\u03b1\u03c2 \u03a4\u03c1\u03bf\u03c6\u03b9\u03bc\u03b1"]
