"""Stewards' decisions by rid: what they say about the records that live now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.resolve import smallest_of_each

Record = tuple[str, str]

PAIR: Final = ("system_l", "key_l", "system_r", "key_r")
BY_RID: Final = {"left": pl.Int32(), "right": pl.Int32(), "decision_id": pl.String()}


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions as (left, right, decision_id) by rid: records that are one customer, and records that are not."""

    must: pl.DataFrame
    cannot: pl.DataFrame


def decide(must: pl.DataFrame, cannot: pl.DataFrame, standard: pl.DataFrame) -> Decided:
    """What the match and do-not-match decisions say about the records of `standard`.

    Matches hold through chains: with A = B and B = C, A and C stay one customer while B is gone; and with B not D
    neither is D. So a living record of the same chain, the smallest, speaks for one that is gone. A decision for which
    nobody speaks rests. `must` and `cannot` have system_l, key_l, system_r, key_r and decision_id.
    """
    rids = _rids(pl.concat([must, cannot]), standard)
    speakers = _speakers(must, rids)
    return Decided(_by_rid(must, speakers), _by_rid(cannot, speakers))


def _rids(decisions: pl.DataFrame, standard: pl.DataFrame) -> dict[Record, int]:
    """The rids of the decided records that live."""
    sides = [decisions.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    found = standard.select("system", "key", "rid").join(pl.concat(sides), on=["system", "key"], how="semi")
    return {(system, key): rid for system, key, rid in found.iter_rows()}


def _speakers(must: pl.DataFrame, rids: Mapping[Record, int]) -> dict[Record, int]:
    """For each decided record the rid that stands for it: its own, or else the smallest living one of its chain."""
    chains: dict[Record, set[Record]] = {}
    for system_l, key_l, system_r, key_r in must.select(PAIR).iter_rows():
        one, other = (chains.setdefault(record, {record}) for record in ((system_l, key_l), (system_r, key_r)))
        small, large = sorted((one, other), key=len)
        large |= small
        chains.update(dict.fromkeys(small, large))
    gone = [record for record in chains if record not in rids]
    living = {record: [rids[member] for member in chains[record] if member in rids] for record in gone}
    return dict(rids) | {record: min(members) for record, members in living.items() if members}


def _by_rid(decisions: pl.DataFrame, speakers: Mapping[Record, int]) -> pl.DataFrame:
    rows = [
        (speakers.get((system_l, key_l)), speakers.get((system_r, key_r)), decision_id)
        for system_l, key_l, system_r, key_r, decision_id in decisions.select(*PAIR, "decision_id").iter_rows()
    ]
    frame = pl.DataFrame(rows, schema=BY_RID, orient="row").drop_nulls(["left", "right"])
    return frame.filter(pl.col("left") != pl.col("right"))


def with_pins(decided: Decided, pins: pl.DataFrame, standard: pl.DataFrame, linked: pl.DataFrame) -> Decided:
    """The same with what pins say: records pinned to one id are one customer, those pinned to two are two.

    Without this links could join or part pinned records, and one of two pins would have to give way. `linked` are the
    pairs (left, right) that scored as one customer: only what they connect can meet at all.
    """
    mine = standard.select("rid", "system", "key").join(pins, on=["system", "key"]).sort("master_id", "rid")
    first = pl.col("rid").first().over("master_id")
    one = mine.select(left=first, right="rid", decision_id=pl.col("id").cast(pl.String)).filter(
        pl.col("left") != pl.col("right")
    )
    must = pl.concat([decided.must, one])
    ties = pl.concat([linked.select("left", "right"), must.select("left", "right")])
    meet = smallest_of_each(standard.height, ties["left"].to_numpy(), ties["right"].to_numpy())
    here = mine.select("rid", "master_id").with_columns(part=pl.Series(meet[mine["rid"].to_numpy()]))
    pairs = here.join(here, on="part", suffix="_other")
    pairs = pairs.filter(pl.col("rid") < pl.col("rid_other"), pl.col("master_id") != pl.col("master_id_other"))
    # Without a number, like a guard of the rules: a pin contradicts no match.
    two = pairs.select(left="rid", right="rid_other", decision_id=pl.lit(None, dtype=pl.String))
    return Decided(must, pl.concat([decided.cannot, two.sort("left", "right")]))


def apart_from_parents(parents: npt.NDArray[np.int32]) -> pl.DataFrame:
    """A guard (left, right, decision_id null) for each record and its parent, -1 where it has none.

    A system that names a record as the parent of another says that they are two customers. Held as a guard, this holds
    through records of other systems, too; only a steward's match overrules it.
    """
    rids = np.arange(len(parents), dtype=np.int32)
    known = (parents >= 0) & (parents != rids)
    pairs = pl.DataFrame(
        {
            "left": np.minimum(rids, parents)[known],
            "right": np.maximum(rids, parents)[known],
        }
    )
    return guards(pairs)


def guards(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs (left, right) that the rules hold apart, as guards: each once, without a decision, so a match overrules."""
    return pairs.unique().sort("left", "right").with_columns(decision_id=pl.lit(None, dtype=pl.String))
