"""How a system's people write the names of their customers."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.native import has_native, in_native_script
from sample_data.spoiling import (
    blank,
    capitals,
    joined,
    last_word_first,
    misread,
    mistype,
    plain_letters,
    where,
)
from sample_data.writer import Writer

REMARKS: Final = (" (alt)", " - GESPERRT", " *inaktiv*", " DO NOT USE", " (neu)", " - siehe Konzern")
NO_NAMES: Final = ("n/a", "unbekannt", "test", "TEST KUNDE", "???", "Neukunde")
PERSON_WAYS: Final = (620, 170, 70, 60, 40, 40)
"""Peter Schmidt; Schmidt, Peter; P. Schmidt; Schmidt Peter; Dr. Peter Schmidt; Schmidt."""


def written_names(w: Writer) -> list[pl.Series]:
    """name, latin_name, name_extra (department or care-of), given_written, family_written, native_written."""
    person = w.mask("person")
    name = where(person, _person_name(w), _firm_name(w))
    country = w["country"].to_numpy()
    native = has_native(country) & w.habit("native")
    latin = name
    name = where(native, in_native_script(name, country, native), _slipped(w, name))
    name = where(w.chance("no name", 2), w.any_of("which no name", NO_NAMES), name)
    department = blank(w.word("departments"), ~w.habit("department") | person)
    care_of = "c/o " + w.word("family")
    extra = where(w.chance("care of", 9), care_of, department)
    swapped = w.chance("given and family swapped", 25)
    return [
        name.alias("name"),
        where(native, latin, name).alias("latin_name"),
        extra.alias("name_extra"),
        where(swapped, w["family_name"], w["given"]).alias("given_written"),
        where(swapped, w["given"], w["family_name"]).alias("family_written"),
        pl.Series("native_written", native),
    ]


def _slipped(w: Writer, name: pl.Series) -> pl.Series:
    """The name with slips of finger and scanner, remarks, and the letters of old terminals."""
    name = where(w.habit("typo"), mistype(name, w.draws, "name", w.ids), name)
    name = where(w.habit("misread"), misread(name, w.draws, "scan", w.ids), name)
    name = where(w.habit("remark"), name + w.any_of("which remark", REMARKS), name)
    name = where(w.habit("plain"), plain_letters(name), name)
    return where(w.habit("capitals"), capitals(name), name)


def _firm_name(w: Writer) -> pl.Series:
    renamed = w.mask("renamed") & w.habit("old_name")
    head = where(renamed, w["old_head"], w["head"])
    trade = where(w.habit("abbreviated"), w["trade_short"], w["trade"])
    # A name of three letters or of a city is none without its trade.
    short = head.str.len_chars().to_numpy() < 5
    trade_first = w.mask("trade_first")
    trade = blank(trade, w.habit("trade_missing") & ~short & ~trade_first).fill_null("")
    stem = joined(where(trade_first, trade, head), where(trade_first, head, trade))
    stem = where(w.habit("reordered"), last_word_first(stem), stem)
    trading = w["brand_name"].is_not_null().to_numpy() & w.habit("trade_name")
    full = where(trading, w["brand_name"], joined(stem, _legal_form(w)))
    full = joined(full, w["site"].fill_null(""))
    city_added = w["site"].is_null().to_numpy() & w.habit("city_added")
    return where(city_added, full + ", " + w["city"], full)


def _legal_form(w: Writer) -> pl.Series:
    other = where(w.chance("long form", 300), w["legal_third"], w["legal_second"])
    legal = where(w.habit("legal_other"), other, w["legal"])
    return blank(legal, w.habit("legal_missing")).fill_null("")


def _person_name(w: Writer) -> pl.Series:
    family, given = w["family_name"], w["given"]
    first = given.str.extract(r"^(\S+)", 1)
    given = where(w.chance("one given name", 450), first, given)
    way = w.way("person written", PERSON_WAYS)
    ways = [
        given + " " + family,
        family + ", " + given,
        first.str.slice(0, 1) + ". " + family,
        family + " " + given,
        "Dr. " + given + " " + family,
        first.str.slice(0, 1) + "." + family,
    ]
    name = ways[0]
    for number, written in enumerate(ways):
        name = where(np.equal(way, number), written, name)
    return name
