"""The name columns of STANDARD: names, cores, legal forms, further names, persons, and the kind of each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.standardise.dates import birth_dates
from mdm.standardise.distinct import lists_of, map_distinct, spread
from mdm.standardise.kinds import PERSON, kind_of, told_kind
from mdm.standardise.names import core_tokens, split_name
from mdm.standardise.placeholders import Placeholders
from mdm.standardise.record_persons import person_part, with_persons
from mdm.standardise.sharing import Columns, share

_PARTS: Final[dict[str, pl.DataType]] = {
    "value": pl.String(),
    "name": pl.String(),
    "core": pl.String(),
    "legal_form": pl.String(),
}


_OTHERS: Final = {"value": pl.String, "other": pl.String}


@dataclass(frozen=True, slots=True)
class _Parts:
    """Every distinct name taken apart: `table` has a row a name, `others` one for each of its further names."""

    table: pl.DataFrame
    others: pl.DataFrame


def name_columns(frame: pl.DataFrame, hidden: Placeholders, processes: int) -> pl.DataFrame:
    """The columns kind, name, name_core, name_tokens, legal_form, other_names, given_name, family_name and birth_date
    of each record of `frame` (MAPPED with its rid), row for row. A record without a name is called by its legal name.
    """
    raw = frame.select("rid", pl.coalesce("name", "legal_name").alias("name"), "legal_name", "other_name")
    parts = _split_all(raw, hidden, processes)
    own = spread(raw["name"], parts.table)
    legal = spread(raw["legal_name"], parts.table)
    found = pl.DataFrame(
        {
            "rid": frame["rid"],
            "told": map_distinct(frame["kind"], told_kind),
            "name": own["name"].fill_null(legal["name"]),
            "core": own["core"].fill_null(legal["core"]),
            "legal_form": own["legal_form"].fill_null(legal["legal_form"]),
            "given_name": person_part(frame["given_name"], hidden),
            "family_name": person_part(frame["family_name"], hidden),
            "birth_date": birth_dates(frame["birth_date"]),
        }
    )
    found = found.with_columns(kind_of(found))
    found = found.with_columns(_other_names(raw, parts, found["core"]))
    found = with_persons(found, raw["name"], hidden)
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


def _split_all(raw: pl.DataFrame, hidden: Placeholders, processes: int) -> _Parts:
    """Every distinct name of the records taken apart, placeholders with nulls."""
    columns = [raw["name"], raw["legal_name"], raw["other_name"].explode(empty_as_null=True)]
    texts = pl.concat([column.rename("value") for column in columns]).drop_nulls().unique()
    names, cores, forms, with_others, others = share(split_names, hidden, texts.to_list(), processes)
    table = pl.DataFrame({"value": texts, "name": names, "core": cores, "legal_form": forms}, schema=_PARTS)
    return _Parts(table, pl.DataFrame({"value": with_others, "other": others}, schema=_OTHERS))


def split_names(hidden: Placeholders, texts: Sequence[str]) -> Columns:
    """The name, core and legal form of each name, nulls for placeholders; and the names with further names, one a line.

    Kept in flat lists: a million small tuples would be walked by every garbage collection.
    """
    names: list[str | None] = []
    cores: list[str | None] = []
    forms: list[str | None] = []
    with_others: list[str] = []
    others: list[str] = []
    for text in texts:
        name, core, form, further = split_name(text)
        hide = hidden.hides(name) or hidden.hides_core(core)
        names.append(None if hide else name)
        cores.append(None if hide else core)
        forms.append(None if hide else form)
        if further and not hide:
            kept = [other for other in further if not hidden.hides(other)]
            with_others += [text] * len(kept)
            others += kept
    return names, cores, forms, with_others, others


def _other_names(raw: pl.DataFrame, parts: _Parts, core: pl.Series) -> pl.Series:
    """The further names of each record: those inside its names, and the cores of its other and legal names."""
    given = raw.select("rid", pl.col("other_name").alias("value")).filter(pl.col("value").list.len() > 0)
    legal = raw.select("rid", pl.col("legal_name").alias("value")).drop_nulls()
    beside = pl.concat([given.explode("value"), legal])
    inside = pl.concat([beside, raw.select("rid", pl.col("name").alias("value")).drop_nulls()])
    named = pl.concat(
        [
            inside.join(parts.others, on="value").select("rid", "other"),
            beside.join(parts.table, on="value").select("rid", pl.col("core").alias("other")),
        ]
    ).drop_nulls()
    own = pl.DataFrame({"rid": raw["rid"], "core": core})
    different = named.join(own, on="rid").filter(pl.col("other").ne_missing(pl.col("core")))
    return lists_of(raw["rid"], different.select("rid", pl.col("other").alias("value"))).alias("other_names")


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
