"""The names of persons in STANDARD: in the order given, family, and taken apart where a part is missing."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.standardise.distinct import map_distinct
from mdm.standardise.kinds import PERSON
from mdm.standardise.persons import person_words, split_person
from mdm.standardise.placeholders import Placeholders

_SPLIT: Final = dict.fromkeys(("raw", "p_core", "p_given", "p_family"), pl.String)


def with_persons(found: pl.DataFrame, raw: pl.Series, hidden: Placeholders) -> pl.DataFrame:
    """The frame `found` with name, core, given_name and family_name of its persons; `raw` is the delivered name.

    The core of a person is the name in the order given, family; the source's own given and family name go before
    what is read out of the name.
    """
    if not (found["kind"] == PERSON).any():
        return found
    people = pl.DataFrame({"rid": found["rid"], "raw": raw}).filter(found["kind"] == PERSON)
    people = people.join(_split_table(people["raw"], hidden), on="raw", how="left", maintain_order="left").drop("raw")
    joined = found.join(people, on="rid", how="left", maintain_order="left")
    untold = pl.col("given_name").is_null() & pl.col("family_name").is_null() & pl.col("p_core").is_not_null()
    joined = joined.with_columns(
        pl.when(untold).then("p_given").otherwise("given_name").alias("given_name"),
        pl.when(untold).then("p_family").otherwise("family_name").alias("family_name"),
    )
    both = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True).replace("", None)
    core = pl.coalesce("p_core", both)
    person = pl.col("kind") == PERSON
    return joined.with_columns(
        pl.when(person).then(pl.coalesce("name", core)).otherwise("name").alias("name"),
        pl.when(person).then(core).otherwise("core").alias("core"),
    ).select(found.columns)


def person_part(values: pl.Series, hidden: Placeholders) -> pl.Series:
    """The folded given or family names, without titles; placeholders are null."""

    def fold(text: str) -> str | None:
        folded = person_words(text)
        return None if hidden.hides(folded) else folded

    return map_distinct(values, fold)


def _split_table(names: pl.Series, hidden: Placeholders) -> pl.DataFrame:
    texts = names.drop_nulls().unique()
    split = [split_person(text) for text in texts.to_list()]
    shown = [None if hidden.hides(s.whole) else s for s in split]
    return pl.DataFrame(
        {
            "raw": texts,
            "p_core": [s and s.whole for s in shown],
            "p_given": [s and (s.given or None) for s in shown],
            "p_family": [s and (s.family or None) for s in shown],
        },
        schema=_SPLIT,
    )
