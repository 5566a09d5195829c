"""Record keys in each system's own fashion, and the keys of parents."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws

CHECK: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def sequence(count: int, start: int, step: int, width: int = 1) -> pl.Series:
    """Ascending numbers as text of a least width, in the order of the file."""
    return pl.Series(start + np.arange(count, dtype=np.int64) * step).cast(pl.String).str.zfill(width)


def salesforce_ids(draws: Draws, numbers: np.ndarray[tuple[int], np.dtype[np.int64]], prefix: str) -> pl.Series:
    """18-character ids: 15 characters that may differ in case only, and three that check their capitals."""
    letters = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
    raw = np.empty((len(numbers), 18), dtype=np.uint8)
    raw[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    # The number itself keeps ids apart; the multiplier, prime to 62^9, hides its order.
    mixed = numbers.astype(np.uint64) * np.uint64(7_700_000_000_003) % np.uint64(62**9)
    pod = int(draws.bits("salesforce pod", np.zeros(1, dtype=np.int64))[0] % 62**3)
    for place in range(len(prefix), 6):
        raw[:, place] = letters[pod // 62 ** (5 - place) % 62]
    for place in range(14, 5, -1):
        raw[:, place] = letters[(mixed % np.uint64(62)).astype(np.int64)]
        mixed = mixed // np.uint64(62)
    checks = np.frombuffer(CHECK.encode(), dtype=np.uint8)
    capital = (raw[:, :15] >= ord("A")) & (raw[:, :15] <= ord("Z"))
    for part in range(3):
        value = capital[:, part * 5 : part * 5 + 5] @ (1 << np.arange(5))
        raw[:, 15 + part] = checks[value]
    return pl.Series(raw.view("S18").ravel().astype("U18").tolist(), dtype=pl.String)


def parent_keys(records: pl.DataFrame, key: pl.Series) -> pl.Series:
    """The key of each record's parent customer in the same system, null where it has none or stands elsewhere."""
    mine = records.select("entity", "twin").with_columns(parent=key).filter(pl.col("twin") == 0).drop("twin")
    return records.select("above").join(mine, left_on="above", right_on="entity", how="left", maintain_order="left")[
        "parent"
    ]
