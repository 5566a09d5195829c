"""The queue of the desk: of every two customers that may be one, the strongest link between them, as one question.

A link is a question only while its records belong to two customers: most doubtful links lie inside a customer that
other links hold together. A standing decision answers the question of the two customers it speaks about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.records import RecordKey, SystemName

PAIR: Final = ("system_l", "key_l", "system_r", "key_r")
SIDES: Final = ("l", "r")
LINK: Final = (*PAIR, "weight", "probability", "band", "veto", "levels")


@dataclass(frozen=True, slots=True)
class Between:
    """Every link between two customers of one scan: LINK with `master_id_l`, `master_id_r`, heaviest first.

    `owners` is the part of the crosswalk that these links and the decisions speak about.
    """

    links: pl.DataFrame
    owners: pl.DataFrame

    def owner(self, key: RecordKey) -> str | None:
        """Whose record this is; None when no link and no decision speaks about it."""
        found = self.owners.filter((pl.col("system") == key.system) & (pl.col("key") == key.key))
        return str(found["master_id"][0]) if found.height else None


def links_between(links: pl.DataFrame, crosswalk: pl.DataFrame, decisions: pl.DataFrame) -> Between:
    """The links whose two records ended in different customers. A record without a customer has no question."""
    named = _with_owners(links, crosswalk)
    apart = named.filter(pl.col("master_id_l") != pl.col("master_id_r"))
    spoken = pl.concat([*_ends(apart), *_ends(decisions)]).unique()
    owners = crosswalk.join(spoken, on=["system", "key"], how="semi")
    return Between(apart.sort("weight", *PAIR, descending=[True, False, False, False, False]), owners)


def _ends(pairs: pl.DataFrame) -> list[pl.DataFrame]:
    return [pairs.select(system=f"system_{side}", key=f"key_{side}") for side in SIDES]


def _with_owners(pairs: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    for side in SIDES:
        owners = crosswalk.rename({name: f"{name}_{side}" for name in ("system", "key", "master_id")})
        pairs = pairs.join(owners, on=[f"system_{side}", f"key_{side}"])
    return pairs


def open_questions(between: Between, decisions: pl.DataFrame) -> pl.DataFrame:
    """The links of `between` that ask for a decision, heaviest first: one for every two customers, none of those about
    whom a decision stands, on whichever of their records. `decisions` is DECISIONS.
    """
    one = pl.min_horizontal("master_id_l", "master_id_r").alias("one")
    other = pl.max_horizontal("master_id_l", "master_id_r").alias("other")
    standing = decisions.filter(pl.col("stands") & (pl.col("kind") != "withdrawn")).select(PAIR)
    answered = _with_owners(standing, between.owners).select(one, other).unique()
    asked = between.links.with_columns(one, other).unique(["one", "other"], keep="first", maintain_order=True)
    return asked.join(answered, on=["one", "other"], how="anti", maintain_order="left").drop("one", "other")


def of_customers(questions: pl.DataFrame, master_ids: pl.Series) -> pl.DataFrame:
    """The questions about at least one of these customers."""
    wanted = master_ids.implode()
    return questions.filter(pl.col("master_id_l").is_in(wanted) | pl.col("master_id_r").is_in(wanted))


def behind(questions: pl.DataFrame, place: tuple[int, str, str, str, str]) -> pl.DataFrame:
    """The questions that follow a place in the order, whether or not that place is a question (still)."""
    weight, *keys = place
    later = pl.lit(False)
    for name, key in zip(reversed(PAIR), reversed(keys), strict=True):
        later = (pl.col(name) > key) | ((pl.col(name) == key) & later)
    return questions.filter((pl.col("weight") < weight) | ((pl.col("weight") == weight) & later))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a pair stands in the queue: its number from 1 (0 when it is no question), and the pairs around it."""

    number: int
    total: int
    previous: tuple[RecordKey, RecordKey] | None
    following: tuple[RecordKey, RecordKey] | None


def neighbours(questions: pl.DataFrame, place: tuple[int, str, str, str, str] | None) -> Neighbours:
    """The questions around a place; without one, the whole queue lies ahead."""
    if place is None:
        return Neighbours(0, questions.height, None, _pair_at(questions, 0))
    later = behind(questions, place)
    here = questions.height - later.height - 1
    itself = _pair_at(questions, here) == _keys(place[1:])
    previous = _pair_at(questions, here - 1 if itself else here)
    return Neighbours(here + 1 if itself else 0, questions.height, previous, _pair_at(later, 0))


def _pair_at(questions: pl.DataFrame, place: int) -> tuple[RecordKey, RecordKey] | None:
    return _keys(questions.select(PAIR).row(place)) if 0 <= place < questions.height else None


def _keys(pair: tuple[str, ...]) -> tuple[RecordKey, RecordKey]:
    system_l, key_l, system_r, key_r = pair
    return RecordKey(SystemName(system_l), key_l), RecordKey(SystemName(system_r), key_r)
