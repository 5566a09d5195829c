"""The name columns of STANDARD: names, cores, legal forms, further names, persons, and the kind of each record."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.standardise.dates import iso_dates
from mdm.standardise.distinct import lists_of, map_distinct, spread
from mdm.standardise.kinds import PERSON, kind_of, told_kind
from mdm.standardise.names import core_tokens, split_name
from mdm.standardise.persons import person_words, split_person
from mdm.standardise.placeholders import Placeholders

_PARTS: Final = {
    "value": pl.String,
    "name": pl.String,
    "core": pl.String,
    "legal_form": pl.String,
    "others": pl.List(pl.String),
}


def name_columns(frame: pl.DataFrame, hidden: Placeholders) -> pl.DataFrame:
    """kind, name, name_core, name_tokens, legal_form, other_names, given_name, family_name and birth_date of each
    record of `frame` (MAPPED with its rid), row for row. A record without a name is called by its legal name."""
    raw = frame.select("rid", pl.coalesce("name", "legal_name").alias("name"), "legal_name", "other_name")
    parts = _parts_table(raw, hidden)
    own = spread(raw["name"], parts)
    legal = spread(raw["legal_name"], parts)
    found = pl.DataFrame(
        {
            "rid": frame["rid"],
            "told": map_distinct(frame["kind"], told_kind),
            "name": own["name"].fill_null(legal["name"]),
            "core": own["core"].fill_null(legal["core"]),
            "legal_form": own["legal_form"].fill_null(legal["legal_form"]),
            "given_name": _person_part(frame["given_name"], hidden),
            "family_name": _person_part(frame["family_name"], hidden),
            "birth_date": iso_dates(frame["birth_date"]),
        }
    )
    found = found.with_columns(kind_of(found)).with_columns(_other_names(raw, own, legal, parts, found["core"]))
    found = _with_persons(found, raw["name"], hidden)
    is_person = pl.col("kind") == PERSON
    return found.select(
        "kind",
        "name",
        pl.col("core").alias("name_core"),
        _tokens(found["core"]).alias("name_tokens"),
        pl.when(~is_person).then("legal_form").alias("legal_form"),
        "other_names",
        *(pl.when(is_person).then(c).alias(c) for c in ("given_name", "family_name", "birth_date")),
    )


def _parts_table(raw: pl.DataFrame, hidden: Placeholders) -> pl.DataFrame:
    """Every distinct name of the records taken apart, placeholders with nulls."""
    texts = (
        pl.concat([raw["name"], raw["legal_name"], raw["other_name"].explode(empty_as_null=True)]).drop_nulls().unique()
    )
    names: list[str | None] = []
    cores: list[str | None] = []
    forms: list[str | None] = []
    others: list[list[str]] = []
    for text in texts.to_list():
        name, core, form, further = split_name(text)
        shown = not (hidden.hides(name) or hidden.hides_core(core))
        names.append(name if shown else None)
        cores.append(core if shown else None)
        forms.append(form if shown else None)
        others.append([o for o in further if not hidden.hides(o)] if further and shown else [])
    return pl.DataFrame(
        {"value": texts, "name": names, "core": cores, "legal_form": forms, "others": others}, schema=_PARTS
    )


def _other_names(
    raw: pl.DataFrame, own: pl.DataFrame, legal: pl.DataFrame, parts: pl.DataFrame, core: pl.Series
) -> pl.Series:
    given = (
        raw.select("rid", pl.col("other_name").alias("value")).filter(pl.col("value").list.len() > 0).explode("value")
    )
    given_parts = spread(given["value"], parts)
    rid = raw["rid"]
    lists = [
        pl.DataFrame({"rid": of, "value": table["others"]}).filter(pl.col("value").list.len() > 0).explode("value")
        for of, table in ((rid, own), (rid, legal), (given["rid"], given_parts))
    ]
    cores = [
        pl.DataFrame({"rid": of, "value": table["core"]}) for of, table in ((rid, legal), (given["rid"], given_parts))
    ]
    named = pl.concat([*lists, *cores]).drop_nulls()
    own_core = pl.DataFrame({"rid": rid, "core": core})
    different = named.join(own_core, on="rid", how="left", maintain_order="left").filter(
        pl.col("value").ne_missing(pl.col("core"))
    )
    return lists_of(rid, different.select("rid", "value")).alias("other_names")


def _with_persons(found: pl.DataFrame, raw: pl.Series, hidden: Placeholders) -> pl.DataFrame:
    """The same with the names of persons in the order given, family, and taken apart where a part is missing."""
    is_person = found["kind"] == PERSON
    if not is_person.any():
        return found
    people = pl.DataFrame({"rid": found["rid"], "raw": raw}).filter(is_person)
    texts = people["raw"].drop_nulls().unique()
    split = [split_person(text) for text in texts.to_list()]
    table = pl.DataFrame(
        {
            "raw": texts,
            "p_core": [None if hidden.hides(s.whole) else s.whole for s in split],
            "p_given": [s.given or None for s in split],
            "p_family": [s.family or None for s in split],
        },
        schema=dict.fromkeys(("raw", "p_core", "p_given", "p_family"), pl.String),
    )
    people = people.join(table, on="raw", how="left", maintain_order="left").drop("raw")
    joined = found.join(people, on="rid", how="left", maintain_order="left")
    neither = pl.col("given_name").is_null() & pl.col("family_name").is_null()
    split_known = neither & pl.col("p_core").is_not_null()
    joined = joined.with_columns(
        pl.when(split_known).then("p_given").otherwise("given_name").alias("given_name"),
        pl.when(split_known).then("p_family").otherwise("family_name").alias("family_name"),
    )
    both = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    person_core = pl.coalesce("p_core", pl.when(both != "").then(both))
    person = pl.col("kind") == PERSON
    return joined.with_columns(
        pl.when(person).then(pl.coalesce("name", person_core)).otherwise("name").alias("name"),
        pl.when(person).then(person_core).otherwise("core").alias("core"),
    )


def _person_part(values: pl.Series, hidden: Placeholders) -> pl.Series:
    def fold(text: str) -> str | None:
        folded = person_words(text)
        return None if hidden.hides(folded) else folded

    return map_distinct(values, fold)


def _tokens(cores: pl.Series) -> pl.Series:
    """The words of each core; an empty list where there is no core."""
    native = cores.filter(cores.str.contains(r"[^\x00-\x7f]")).unique()
    table = pl.DataFrame(
        {"value": native, "tokens": [core_tokens(text) for text in native.to_list()]},
        schema={"value": pl.String, "tokens": pl.List(pl.String)},
    )
    words = spread(cores, table).select(
        pl.coalesce("tokens", pl.col("value").str.split(" "), pl.lit([], dtype=pl.List(pl.String)))
    )
    return words.to_series()
