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
LINK: Final = (*PAIR, "weight", "probability", "band", "veto", "levels")


@dataclass(frozen=True, slots=True)
class Between:
    """Every link between two customers of one scan: LINK with `master_id_l`, `master_id_r`, heaviest first."""

    links: pl.DataFrame

    def owner(self, key: RecordKey) -> str | None:
        """Whose record this is; None when no link leads from it to another customer."""
        for side in ("l", "r"):
            mine = (pl.col(f"system_{side}") == key.system) & (pl.col(f"key_{side}") == key.key)
            found = self.links.filter(mine)
            if found.height:
                return str(found[f"master_id_{side}"][0])
        return None


def links_between(links: pl.DataFrame, crosswalk: pl.DataFrame) -> Between:
    """The links whose two records ended in different customers. A record without a customer has no question."""
    for side in ("l", "r"):
        owners = crosswalk.rename({name: f"{name}_{side}" for name in ("system", "key", "master_id")})
        links = links.join(owners, on=[f"system_{side}", f"key_{side}"])
    apart = links.filter(pl.col("master_id_l") != pl.col("master_id_r"))
    return Between(apart.sort("weight", *PAIR, descending=[True, False, False, False, False]))


def open_questions(between: Between, decisions: pl.DataFrame) -> pl.DataFrame:
    """The links of `between` that ask for a decision, heaviest first: one for every two customers, none of those about
    whom a decision stands. `decisions` is DECISIONS.
    """
    one = pl.min_horizontal("master_id_l", "master_id_r").alias("one")
    other = pl.max_horizontal("master_id_l", "master_id_r").alias("other")
    asked = between.links.with_columns(one, other)
    standing = decisions.filter(pl.col("stands") & (pl.col("kind") != "withdrawn")).select(PAIR)
    answered = asked.join(standing, on=list(PAIR), how="semi").select("one", "other").unique()
    questions = asked.unique(["one", "other"], keep="first", maintain_order=True)
    return questions.join(answered, on=["one", "other"], how="anti", maintain_order="left").drop("one", "other")


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
