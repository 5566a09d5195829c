"""The desk's queue: links that a person must look at, heaviest first, without those already decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.records import CROSSWALK
from mdm.store import bulk, tables
from mdm.store.desk import Asked, Page, matches_search, one_page
from mdm.store.frames import REVIEW_PAGE, STORED_LINKS
from mdm.store.reading import read_of_keys, read_records

if TYPE_CHECKING:
    from mdm.store.snapshot import Snapshot

ENDS: Final = ("l", "r")


def page_review(connection: sa.Connection, seen: Snapshot, asked: Asked) -> Page:
    """REVIEW_PAGE lines by weight, ties by the two record keys; `search` fits the name of either customer."""
    link = tables.link
    keys = [link.c[name] for name in tables.LINK_ROWS.key]
    query: sa.Select[Any] = sa.select(*[link.c[name] for name in STORED_LINKS]).where(*_open(seen, asked.search))
    if asked.after is not None:
        weight, *pair = asked.after
        query = query.where(
            link.c.weight <= weight, sa.or_(link.c.weight < weight, sa.tuple_(*keys) > sa.tuple_(*pair))
        )
    query = query.order_by(link.c.weight.desc(), *keys).limit(asked.limit + 1)
    found = bulk.read(connection, query, STORED_LINKS)
    page = one_page(found, asked.limit, ["weight", *tables.LINK_ROWS.key], STORED_LINKS)
    return Page(_with_names(connection, seen, page.rows), page.after)


def count_review(connection: sa.Connection, seen: Snapshot, search: str) -> int:
    query = sa.select(sa.func.count()).select_from(tables.link).where(*_open(seen, search))
    return int(connection.execute(query).scalar_one())


def _open(seen: Snapshot, search: str) -> list[sa.ColumnElement[bool]]:
    link = tables.link
    # The word itself and not a bound value: only so may the engines use the index of links in review.
    in_review = link.c.band == sa.literal_column("'review'")
    wanted = [in_review, seen.stands(link), sa.not_(_decided(seen))]
    fits = matches_search(search)
    if fits:
        golden, crosswalk = tables.golden, tables.crosswalk
        found = sa.select(golden.c.master_id).where(seen.stands(golden), *fits)
        theirs = sa.select(crosswalk.c.system, crosswalk.c.key).where(
            seen.stands(crosswalk), crosswalk.c.master_id.in_(found)
        )
        hits = theirs.cte("hits").select()
        # Either end, said without OR: SQLite would leave the order of weights and sort all that it finds.
        neither = [sa.tuple_(link.c[f"system_{e}"], link.c[f"key_{e}"]).not_in(hits) for e in ENDS]
        wanted.append(sa.not_(sa.and_(*neither)))
    return wanted


def _decided(seen: Snapshot) -> sa.ColumnElement[bool]:
    """A decision stands on the pair of the link."""
    link, decision, later = tables.link, tables.decision, tables.decision.alias("later")
    replaced = sa.exists().where(later.c.supersedes == decision.c.id, seen.includes(later.c.rev))
    return sa.exists().where(
        *[decision.c[name] == link.c[name] for name in tables.LINK_ROWS.key],
        decision.c.kind != "withdrawn",
        seen.includes(decision.c.rev),
        sa.not_(replaced),
    )


def _with_names(connection: sa.Connection, seen: Snapshot, links: pl.DataFrame) -> pl.DataFrame:
    keys = pl.concat(
        links.select(pl.col(f"system_{e}").alias("system"), pl.col(f"key_{e}").alias("key")) for e in ENDS
    ).unique()
    names = read_records(connection, seen, keys).select("system", "key", name=_delivered_name())
    owners = read_of_keys(connection, seen, tables.CROSSWALKS, CROSSWALK, keys)
    known = names.join(owners, on=["system", "key"], how="full", coalesce=True)
    for e in ENDS:
        side = known.rename({name: f"{name}_{e}" for name in known.columns})
        links = links.join(side, on=[f"system_{e}", f"key_{e}"], how="left", maintain_order="left")
    return links.select(list(REVIEW_PAGE))


def _delivered_name() -> pl.Expr:
    body = pl.col("body").str
    parts = [body.json_path_match(f"$.{role}") for role in ("given_name", "family_name")]
    person = pl.concat_str(parts, separator=" ", ignore_nulls=True)
    return pl.coalesce(body.json_path_match("$.name"), body.json_path_match("$.legal_name"), person)
