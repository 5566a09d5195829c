"""Precision, recall and F1 of a clustering, pair by pair and record by record (B-cubed)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction

import polars as pl

from mdm.evaluate.pairing import pair_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The figures of one clustering, shares rounded to four places.

    `missing` counts records of the truth without a cluster; each counts as a cluster of its own.
    """

    precision: float
    recall: float
    f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float
    records: int
    missing: int
    clusters: int
    entities: int
    largest_cluster: int

    def as_dict(self) -> dict[str, float | int]:
        """The figures by name, in the order in which they are shown."""
        return asdict(self)


def score(clusters: pl.DataFrame, truth: pl.DataFrame) -> Scores:
    """Score clusters (system, key, master_id) against the truth (source, id, entity_id).

    Pairwise: of all pairs of records put together, how many belong together, and the reverse. B-cubed: the same
    share for each record, averaged over records (Bagga and Baldwin 1998). With no pair at all a pairwise figure is 1.
    Raises InputRefused for records that stand twice or that the truth does not know.
    """
    records = pair_up(clusters, truth)
    both = records.group_by("cluster", "entity_id").agg(shared=pl.len().cast(pl.Int64))
    of_cluster = records.group_by("cluster").agg(size=pl.len().cast(pl.Int64))
    of_entity = records.group_by("entity_id").agg(size=pl.len().cast(pl.Int64))
    hit, said, true = _pairs(both["shared"]), _pairs(of_cluster["size"]), _pairs(of_entity["size"])
    precision, recall = hit / said if said else 1.0, hit / true if true else 1.0
    b3_precision = _b_cubed(both.join(of_cluster, on="cluster"), records.height)
    b3_recall = _b_cubed(both.join(of_entity, on="entity_id"), records.height)
    return Scores(
        precision=round(precision, 4),
        recall=round(recall, 4),
        f1=round(_f1(precision, recall), 4),
        b3_precision=round(b3_precision, 4),
        b3_recall=round(b3_recall, 4),
        b3_f1=round(_f1(b3_precision, b3_recall), 4),
        records=records.height,
        missing=records["master_id"].null_count(),
        clusters=of_cluster.height,
        entities=of_entity.height,
        largest_cluster=int(of_cluster["size"].to_numpy().max()),
    )


def _pairs(sizes: pl.Series) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _b_cubed(both: pl.DataFrame, records: int) -> float:
    """The mean over records of shared / size; summed in whole numbers by size, so that no order of rows shows."""
    by_size = both.group_by("size").agg(squares=(pl.col("shared") ** 2).sum())
    return float(sum((Fraction(squares, size) for size, squares in by_size.iter_rows()), Fraction(0)) / records)


def _f1(x: float, y: float) -> float:
    return 2 * x * y / (x + y) if x + y else 0.0
