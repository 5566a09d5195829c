"""Whether a record is an organisation or a person."""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from mdm.standardise.text import fold_text
from mdm.standardise.wordlists import word_list

ORGANISATION: Final = "organisation"
PERSON: Final = "person"


@cache
def _kinds() -> dict[str, str]:
    lists = word_list("kinds")
    return {fold_text(word): kind for kind in (PERSON, ORGANISATION) for word in lists[kind]}


def told_kind(raw: str) -> str | None:
    """What a value of a column of kinds says: PERSON, Individual, is_company = false. Null when it says nothing.

    The SAP account group CPD says nothing: a one-time customer can be either.
    """
    return _kinds().get(fold_text(raw))


def kind_of(frame: pl.DataFrame) -> pl.Series:
    """Kind of each record, row for row, of `told`, `legal_form`, `name`, `given_name`, `family_name`, `birth_date`.

    What the source says counts first, then a legal form in the name. Then a person is who has a date of birth, or a
    given or family name that is found in the name; another name beside them is a company with its contact.
    """
    family = pl.coalesce("family_name", "given_name")
    named = family.is_not_null() & (
        pl.col("name").is_null() | (" " + pl.col("name") + " ").str.contains((pl.lit(" ") + family + " "), literal=True)
    )
    evidence = (
        pl.when(pl.col("legal_form").is_not_null())
        .then(pl.lit(ORGANISATION))
        .when(pl.col("birth_date").is_not_null() | named)
        .then(pl.lit(PERSON))
        .otherwise(pl.lit(ORGANISATION))
    )
    return frame.select(pl.coalesce(pl.col("told"), evidence).alias("kind")).to_series()
