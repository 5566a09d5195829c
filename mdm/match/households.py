"""Whether a register holds households: several people of one family name in one house.

Where it does, another given name with the same family name, house and birth date is a twin as likely as not; where it
holds no two people of one house, it is a name that was written down wrong.
"""

from __future__ import annotations

from typing import Final

import polars as pl

LARGEST: Final = 10
"""More records than so many of one family name in one house say nothing: the house is a block, or a default value."""

ONLY_NAMES_DIFFER: Final = 10
NO_HOUSEHOLDS: Final = 5
"""A register is without households where so many pairs of one birth date differ in the given name, and they are so many
times as many as the pairs of people who surely are two. Generated registers of households: .04; febrl3_people: 24."""

HOUSE: Final = ["family", "street", "house_number"]


def holds_households(homes: pl.DataFrame, names: pl.DataFrame) -> bool:
    """Whether households are to be reckoned with; yes where too little is known to say.

    `homes` has street, house_number and birth_date, `names` given and family of each person, row for row. Two are
    surely two people where year, month, day and the first letters of the given names all differ.
    """
    people = pl.concat([homes, names.select("given", "family")], how="horizontal").drop_nulls()
    people = people.filter(pl.len().over(HOUSE).is_between(2, LARGEST)).with_row_index("person")
    pairs = people.join(people, on=HOUSE, suffix="_other").filter(pl.col("person") < pl.col("person_other"))
    parts = [pl.col("given").str.slice(0, 1) != pl.col("given_other").str.slice(0, 1)]
    parts += [_part("birth_date", *p) != _part("birth_date_other", *p) for p in ((0, 4), (5, 2), (8, 2))]
    counted = pairs.select(
        two=pl.all_horizontal(parts).sum(),
        doubtful=(parts[0] & (pl.col("birth_date") == pl.col("birth_date_other"))).sum(),
    )
    two, doubtful = counted.row(0)
    return bool(doubtful < max(ONLY_NAMES_DIFFER, NO_HOUSEHOLDS * two))


def _part(date: str, start: int, length: int) -> pl.Expr:
    return pl.col(date).str.slice(start, length)
