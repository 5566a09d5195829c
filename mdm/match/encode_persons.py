"""What is compared of persons only: names in parts that can be held against each other, birth dates, streets.

Given and family names share one list of values, so that fields which were swapped still meet. Where no record is a
person, all of this is empty and costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.encode import MISSING, Column, Ints, Lists, encode_column, encode_lists, encode_within
from mdm.match.households import holds_households
from mdm.match.name_forms import given_forms
from mdm.match.person_sounds import sounds_of

Digits = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

ALIAS_WIDTH: Final = 4
SCHEME: Final = r"^(.+):"
GENERATIONS: Final = r" (jr|sr|i|ii|iii|iv)$"


@dataclass(frozen=True, slots=True)
class PersonCodes:
    """Codes of every record that is a person, by rid; all others have none.

    `given` and `family` are ranks in one list of values, `sounds` has the sound of both, `aliases` the words of
    all names in rising order, `turned` the birth date with
    day and month in rising order. `dates` has the eight digits of each value of the birth dates, `kinds` the kind of
    each value of the identifiers.
    """

    given: Column
    family: Column
    generation: Column
    sounds: Lists
    aliases: Lists
    turned: Column
    street: Column
    dates: Digits
    kinds: pl.Series
    known: Flags
    named: Flags
    households: bool

    def of(self, rids: Ints) -> PersonCodes:
        """The codes of some records, among the values and counts of all."""
        some: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Column | Lists):
                some[field.name] = replace(value, codes=value.codes[rids])
        return replace(self, **some)


def encode_persons(standard: pl.DataFrame, dates: pl.Series, numbers: pl.Series) -> PersonCodes:
    """The codes of persons in a STANDARD table; nothing depends on the order of its rows."""
    person = pl.col("kind") == "person"
    frame = standard.select(
        pl.when(person).then(pl.col(name)).alias(name)
        for name in ("given_name", "family_name", "name_core", "birth_date", "street", "house_number", "other_names")
    )
    names = _names(frame)
    known = pl.concat([names["given"], names["family"]]).drop_nulls().unique().sort()
    heard = names.select(
        pl.concat_list(
            pl.col(part).replace_strict(known, sounds_of(known), default="", return_dtype=pl.String)
            for part in ("given", "family")
        )
    )
    date = pl.col("birth_date")
    day, month = date.str.slice(8, 2), date.str.slice(5, 2)
    turned = pl.concat_str(date.str.slice(0, 4), pl.min_horizontal(day, month), pl.max_horizontal(day, month))
    given = encode_within(names["given"], known)
    return PersonCodes(
        given=given,
        family=encode_within(names["family"], known),
        generation=encode_column(names["generation"]),
        sounds=encode_lists(heard.to_series(), width=2),
        aliases=encode_lists(_aliases(frame), width=ALIAS_WIDTH),
        turned=encode_column(frame.select(turned).to_series()),
        street=encode_column(frame["street"]),
        dates=_digits(dates),
        kinds=numbers.str.extract(SCHEME).rank("dense").cast(pl.Int32) - 1,
        known=_known_names(given),
        named=_known_names(given) | _held_by_several(given),
        households=holds_households(frame.select("street", "house_number", birth_date=date), names),
    )


def _names(frame: pl.DataFrame) -> pl.DataFrame:
    """given, family and generation; a whole name in the field of the given name is divided, and one that nobody
    divides counts as a family name.
    """
    given, family = pl.col("given_name"), pl.col("family_name")
    bare = frame.select(
        *(pl.col(part).str.replace(GENERATIONS, "") for part in ("given_name", "family_name", "name_core")),
        generation=pl.coalesce(pl.col(part).str.extract(GENERATIONS) for part in ("family_name", "given_name")),
    )
    whole = family.is_null() & given.str.contains(" ")
    return bare.select(
        "generation",
        given=pl.when(whole).then(given.str.extract(r"^(.+) \S+$")).otherwise(given),
        family=pl.when(whole)
        .then(given.str.extract(r"(\S+)$"))
        .when(given.is_null() & family.is_null())
        .then("name_core")
        .otherwise(family),
    )


def _known_names(given: Column) -> Flags:
    """Whether the first word of each value stands in the table of given names."""
    forms = given_forms()["form"].unique().implode()
    return np.asarray(given.values.str.split(" ").list.first().is_in(forms).to_numpy())


def _held_by_several(given: Column) -> Flags:
    """Whether so many records have the first word of each value for a given name that it is no slip of the finger.

    In a hundred records one will do, in ten thousand three, in a million five.
    """
    counted = pl.DataFrame({"first": given.values.str.split(" ").list.first(), "records": given.counts})
    holders = counted.select(pl.col("records").sum().over("first")).to_series().to_numpy()
    records = int((given.codes != MISSING).sum())
    return np.asarray(holders >= max(1, round(np.log10(max(records, 1))) - 1))


def _aliases(frame: pl.DataFrame) -> pl.Series:
    """All names of each record, words in rising order: a family name may stand first or last."""
    whole = pl.concat_list(pl.col("name_core").fill_null(""), pl.col("other_names").fill_null([]))
    ordered = whole.list.eval(pl.element().str.split(" ").list.sort().list.join(""))
    return frame.select(ordered).to_series()


def _digits(dates: pl.Series) -> Digits:
    """Each ISO date as eight digits, a row a date."""
    digits = dates.str.replace_all("-", "")
    rows = [digits.str.slice(place, 1).cast(pl.Int8, strict=False).fill_null(MISSING).to_numpy() for place in range(8)]
    return np.stack(rows, axis=1).astype(np.int8)
