"""How the tables of the stages become rows of the store: compact JSON bodies, hashes, folded names, keys for rids."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import duckdb
import polars as pl

from mdm.records import GOLDEN, GOLDEN_ATTRIBUTES, LINKS, MAPPED, PROVENANCE, conform
from mdm.store.frames import BODY_COLUMNS, STORED_GOLDEN, STORED_LINKS, STORED_RECORDS

HASH_DIGITS: Final = 32
"""128 bits of a SHA-256 tell rows of one key apart; nothing rests on them being hard to forge."""

FEW: Final = 5_000
"""To open a DuckDB takes as long as to hash so many rows without it."""

SPECIAL_LETTERS: Final = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "þ": "th",
    "\u0131": "i",
}
"""Letters that Unicode does not take apart into a base letter and a mark."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The record a golden value comes from, and the survivorship rule that chose it.

    A value that a steward set comes from no record: system and key are empty, and the rule names the decision.
    """

    system: str
    key: str
    rule: str | None


def record_rows(mapped: pl.DataFrame) -> pl.DataFrame:
    """MAPPED as STORED_RECORDS."""
    frame = conform(mapped, MAPPED, "mapped")
    return conform(frame.with_columns(body=json_object(frame, BODY_COLUMNS)), STORED_RECORDS, "stored records")


def mapped_rows(records: pl.DataFrame) -> pl.DataFrame:
    """STORED_RECORDS as MAPPED: what `record_rows` was given, an empty list being null."""
    body = pl.Struct({name: MAPPED[name] for name in BODY_COLUMNS})
    frame = records.with_columns(pl.col("body").str.json_decode(body)).unnest("body")
    return conform(frame, MAPPED, "mapped")


def golden_rows(golden: pl.DataFrame, provenance: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """GOLDEN and, row for row, PROVENANCE as STORED_GOLDEN; `records` has the system and key of each rid.

    The body holds the values; provenance is written once for all values of one record and rule (`provenance_of`).
    """
    values = conform(golden, GOLDEN, "golden")
    given = conform(provenance, PROVENANCE, "provenance")
    person = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    shown = pl.coalesce("name", "legal_name", pl.when(person != "").then(person), pl.lit(""))
    frame = values.with_columns(
        body=json_object(values, GOLDEN_ATTRIBUTES), provenance=_provenance(given, records), name=shown
    )
    frame = frame.with_columns(name_search=search_text(pl.col("name")))
    kept = [name for name in STORED_GOLDEN if name != "row_hash"]
    return conform(frame.with_columns(row_hash=row_hash(frame.select(kept))), STORED_GOLDEN, "stored golden")


def link_rows(links: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """The LINKS of the bands auto and review as STORED_LINKS; `records` has the system and key of each rid."""
    frame = conform(links, LINKS, "links").filter(pl.col("band").is_in(["auto", "review"]))
    for side, letter in (("left", "l"), ("right", "r")):
        named = records.select(
            pl.col("rid").alias(side), pl.col("system").alias(f"system_{letter}"), pl.col("key").alias(f"key_{letter}")
        )
        frame = frame.join(named, on=side, how="left")
    return conform(frame, STORED_LINKS, "stored links").sort("system_l", "key_l", "system_r", "key_r")


def search_text(name: pl.Expr) -> pl.Expr:
    """A name as it is searched by: lower case, without accents, only letters and digits with single blanks."""
    folded = name.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    folded = folded.str.replace_many(list(SPECIAL_LETTERS), list(SPECIAL_LETTERS.values()))
    return folded.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def json_object(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.Series:
    """Each row as a compact JSON object in the order of the columns, without nulls and empty lists."""
    members = [_member(frame, name) for name in columns]
    joined = pl.concat_str(members, separator=",", ignore_nulls=True)
    return frame.select(pl.concat_str(pl.lit("{"), joined, pl.lit("}")).alias("json")).to_series()


def _member(frame: pl.DataFrame, name: str) -> pl.Expr:
    filled = pl.col(name).is_not_null()
    if isinstance(frame.schema[name], pl.List):
        filled &= pl.col(name).list.len() > 0
    # A struct of one field is written as {"name":value}; without the braces that is a member.
    written = pl.struct(name).struct.json_encode()
    return pl.when(filled).then(written.str.slice(1).str.head(-1))


def _provenance(given: pl.DataFrame, records: pl.DataFrame) -> pl.Series:
    """For each row [["system","key","rule",["attribute",...]],...], in the order of the attributes.

    A value with a rule and without a record is one that a steward set; system and key are empty.
    """
    rows = given.with_row_index("row")
    values = pl.concat(
        rows.select(
            "row",
            pl.lit(1 << place, pl.Int32).alias("attributes"),  # a set of attributes as a number, one bit for each
            pl.col(f"{attribute}_rid").alias("rid"),
            pl.col(f"{attribute}_rule").alias("rule"),
        ).filter(pl.col("rule").is_not_null() | pl.col("rid").is_not_null())
        for place, attribute in enumerate(GOLDEN_ATTRIBUTES)
    )
    grouped = values.group_by("row", "rid", "rule").agg(pl.col("attributes").sum())
    origins = (
        grouped.join(_attribute_lists(grouped["attributes"]), on="attributes")
        .join(records.select("rid", "system", "key"), on="rid", how="left")
        .sort("row", "first")
    )
    cells = [
        _json_text("system").fill_null('""'),
        _json_text("key").fill_null('""'),
        _json_text("rule").fill_null("null"),
    ]
    written = pl.concat_str(
        pl.lit("["), *[x for c in cells for x in (c, pl.lit(","))], pl.lit("["), "names", pl.lit("]]")
    )
    lists = origins.group_by("row", maintain_order=True).agg(written.str.join(",").alias("list"))
    whole = pl.concat_str(pl.lit("["), pl.col("list").fill_null(""), pl.lit("]"))
    return rows.select("row").join(lists, on="row", how="left", maintain_order="left").select(whole).to_series()


def _attribute_lists(sets: pl.Series) -> pl.DataFrame:
    """For each distinct set of attributes its JSON and the place of its first one."""
    distinct = sets.unique().sort()
    members = [[p for p in range(len(GOLDEN_ATTRIBUTES)) if number >> p & 1] for number in distinct]
    return pl.DataFrame(
        {
            "attributes": distinct,
            "first": pl.Series([places[0] for places in members], dtype=pl.Int32),
            "names": pl.Series(
                [",".join(f'"{GOLDEN_ATTRIBUTES[p]}"' for p in places) for places in members], dtype=pl.String
            ),
        }
    )


def _json_text(name: str) -> pl.Expr:
    written = pl.struct(pl.col(name).alias("x")).struct.json_encode()
    return pl.when(pl.col(name).is_not_null()).then(written.str.slice(len('{"x":')).str.head(-1))


def provenance_of(written: str) -> dict[str, Origin]:
    """What `golden_rows` wrote as provenance: for each attribute that has a value, where it comes from."""
    return {
        attribute: Origin(system, key, rule)
        for system, key, rule, attributes in json.loads(written)
        for attribute in attributes
    }


def values_given(written: pl.Series) -> pl.DataFrame:
    """How many golden values each record gave, by system and key; `written` is the provenance of golden records."""
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.register("written", written.to_frame("provenance"))
        found: pl.DataFrame = connection.sql(
            "select origin->>0 as system, origin->>1 as key, sum(json_array_length(origin, '$[3]'))::int as given "
            "from (select unnest(provenance::json[]) as origin from written) group by all order by all"
        ).pl()
    return found


def row_hash(frame: pl.DataFrame) -> pl.Series:
    """A digest of each row: half a SHA-256 of its JSON, in hex."""
    texts = frame.select(pl.struct(pl.all()).struct.json_encode().alias("text"))
    if texts.height <= FEW:
        digests = [sha256(text.encode()).hexdigest()[:HASH_DIGITS] for text in texts["text"]]
        return pl.Series("row_hash", digests, dtype=pl.String)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.register("texts", texts)
        many: pl.DataFrame = connection.sql(f"select sha256(text)[:{HASH_DIGITS}] as row_hash from texts").pl()  # noqa: S608 - a constant
    return many.to_series()
