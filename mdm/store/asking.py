"""What is asked of a person: of every two customers that may be one, one of the links between them.

A link is a question only while its records belong to two customers: most doubtful links lie inside a customer that
other links hold together. Which questions are answered is not kept: it follows from the decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.records import CROSSWALK, conform, worth
from mdm.store import bulk, tables
from mdm.store.difference import difference
from mdm.store.effects import replace_rows
from mdm.store.frames import STORED_LINKS, STORED_QUESTIONS
from mdm.store.reading import read_of_keys, read_standing
from mdm.store.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Collection

    from mdm.store.snapshot import Snapshot

PAIR: Final = ("system_l", "key_l", "system_r", "key_r")
SIDES: Final = ("l", "r")
GOLDEN: Final = {"master_id": bulk.TEXT, "country": bulk.TEXT, "records": bulk.NUMBER}
NO_VALUES: Final = pl.DataFrame(schema={"master_id": bulk.TEXT, "value": bulk.NUMBER})


def ask(
    links: pl.DataFrame,
    crosswalk: pl.DataFrame,
    golden: pl.DataFrame,
    first: pl.DataFrame,
    values: pl.DataFrame = NO_VALUES,
) -> pl.DataFrame:
    """The questions in STORED_LINKS: STORED_QUESTIONS but for `asked_at`, by record keys.

    `golden` has the country of each master id and the number of its records, `values` what customers are worth. Of
    several links between the same two customers one stands for all: one of the pairs of `first`, else the heaviest,
    ties by record keys. A record without a customer has no question.
    """
    named = links
    for side in SIDES:
        owners = crosswalk.rename({name: f"{name}_{side}" for name in ("system", "key", "master_id")})
        named = named.join(owners, on=[f"system_{side}", f"key_{side}"])
    before = first.select(PAIR).unique().with_columns(before=pl.lit(value=True))
    chosen = (
        named.filter(pl.col("master_id_l") != pl.col("master_id_r"))
        .with_columns(
            one=pl.min_horizontal("master_id_l", "master_id_r"), other=pl.max_horizontal("master_id_l", "master_id_r")
        )
        .join(before, on=PAIR, how="left")
        .sort("before", "weight", *PAIR, descending=[False, True, False, False, False, False], nulls_last=True)
        .unique(["one", "other"], keep="first", maintain_order=True)
    )
    for side in SIDES:
        about = golden.select(
            pl.col("master_id").alias(f"master_id_{side}"),
            pl.col("country").alias(f"country_{side}"),
            pl.col("records").cast(pl.Int64).alias(f"records_{side}"),
        )
        worth_ = values.select(pl.col("master_id").alias(f"master_id_{side}"), pl.col("value").alias(f"value_{side}"))
        chosen = chosen.join(about, on=f"master_id_{side}", how="left")
        chosen = chosen.join(worth_, on=f"master_id_{side}", how="left")
    asked = chosen.with_columns(
        records=pl.col("records_l") + pl.col("records_r"),
        value=pl.col("value_l").fill_null(0) + pl.col("value_r").fill_null(0),
    )
    return asked.select([name for name in STORED_QUESTIONS if name != "asked_at"]).sort(PAIR)


def since(questions: pl.DataFrame, former: pl.DataFrame, now: str) -> pl.DataFrame:
    """STORED_QUESTIONS: those that were asked before with the time at which that was, the others since now."""
    before = former.select(*PAIR, "asked_at")
    found = questions.join(before, on=PAIR, how="left", maintain_order="left")
    return conform(found.with_columns(pl.col("asked_at").fill_null(now)), STORED_QUESTIONS, "questions")


def ask_anew(connection: sa.Connection, master_ids: Collection[str], at: tuple[int, str]) -> None:
    """Bring the questions about some customers up to what has become of them; `at` is that revision and its time.

    Belongs into the transaction that changed them.
    """
    rev, now = at
    seen, ids = snapshot(connection), sorted(master_ids)
    table = tables.question
    about = sa.or_(table.c.master_id_l.in_(ids), table.c.master_id_r.in_(ids))
    former = read_standing(connection, seen, tables.QUESTIONS, STORED_QUESTIONS, about)
    links = _links_of(connection, seen, ids)
    ends = pl.concat(links.select(system=f"system_{side}", key=f"key_{side}") for side in SIDES).unique()
    crosswalk = read_of_keys(connection, seen, tables.CROSSWALKS, CROSSWALK, ends)
    golden = read_of_keys(connection, seen, tables.GOLDENS, GOLDEN, crosswalk.select("master_id"))
    values = worth_of(connection, seen, golden["master_id"].to_list())
    asked = since(ask(links, crosswalk, golden, former, values), former, now)
    changed, gone = difference(asked, former, key=PAIR)
    replace_rows(connection, tables.QUESTIONS, changed, gone, rev=rev)


def worth_of(connection: sa.Connection, seen: Snapshot, ids: list[str]) -> pl.DataFrame:
    """What these customers are worth: master_id and value, as far as a record says so."""
    crosswalk, record = tables.crosswalk, tables.source_record
    columns = [crosswalk.c.master_id, record.c.system, record.c.key, record.c.body]
    same = sa.and_(record.c.system == crosswalk.c.system, record.c.key == crosswalk.c.key)
    query: sa.Select[Any] = sa.select(*columns).select_from(crosswalk.join(record, same))
    query = query.where(crosswalk.c.master_id.in_(ids), seen.stands(crosswalk), seen.stands(record))
    found = bulk.read(connection, query, dict.fromkeys(("master_id", "system", "key", "body"), bulk.TEXT))
    records = found.with_columns(value=pl.col("body").str.json_path_match("$.value"))
    return worth(records, found)


def _links_of(connection: sa.Connection, seen: Snapshot, ids: list[str]) -> pl.DataFrame:
    """STORED_LINKS of the records that are these customers' now."""
    link, crosswalk = tables.link, tables.crosswalk
    mine = sa.select(crosswalk.c.system, crosswalk.c.key).where(crosswalk.c.master_id.in_(ids), seen.stands(crosswalk))
    here = mine.subquery()
    parts = []
    for side in SIDES:
        same = sa.and_(link.c[f"system_{side}"] == here.c.system, link.c[f"key_{side}"] == here.c.key)
        query: sa.Select[Any] = sa.select(*[link.c[name] for name in STORED_LINKS]).select_from(here.join(link, same))
        parts.append(bulk.read(connection, query.where(seen.stands(link)), STORED_LINKS))
    return pl.concat(parts).unique(PAIR).sort(PAIR)
