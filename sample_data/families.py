"""Who belongs together in the world: groups, sister firms, sites, franchises, households, shared offices."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Mask

KINDS: Final[dict[str, tuple[int, tuple[int, ...]]]] = {
    "solo": (640, (1,)),
    "person": (78, (1,)),
    "trader": (45, (1,)),
    "household": (16, (2,)),
    "common": (38, (1,)),
    "group": (40, (2, 3, 3, 4, 5)),
    "sisters": (24, (2, 2, 3)),
    "plant": (55, (2, 2, 3, 4)),
    "franchise": (5, (3, 4, 6)),
    "centre": (12, (3, 4)),
    "team": (18, (2,)),
}
"""Kind of family: how often of a thousand or so, and its possible sizes."""

KIND_NUMBER: Final = {kind: number for number, kind in enumerate(KINDS)}


def lay_out_families(draws: Draws, customers: int) -> pl.DataFrame:
    """One row for each customer: its number, family, place in the family (0 is the head) and kind of family.

    `roof` numbers what shares an address, `line` a telephone line, `brand` a firm's distinctive word, `web` a domain
    and `tax` a VAT registration; members of a family share some of these and not others, by its kind.
    """
    families = np.arange(customers, dtype=np.int64)
    kind = draws.weighted("family kind", families, [weight for weight, _ in KINDS.values()])
    size = np.ones(customers, dtype=np.int64)
    for number, (_, sizes) in enumerate(KINDS.values()):
        of_kind = kind == number
        size[of_kind] = np.array(sizes)[draws.below("family size", families[of_kind], len(sizes))]
    family = np.repeat(families, size)[:customers]
    entity = np.arange(customers, dtype=np.int64)
    place = entity - np.searchsorted(family, family, side="left")
    frame = pl.DataFrame({"entity": entity, "family": family, "place": place, "kind": kind[family]})
    return frame.with_columns(_shared(frame))


def _shared(frame: pl.DataFrame) -> list[pl.Series]:
    entity, family = frame["entity"].to_numpy(), frame["family"].to_numpy()
    kind = frame["kind"].to_numpy()

    def shared_by(name: str, *kinds: str) -> pl.Series:
        """The head's number for members of these kinds of family, their own for all others."""
        head = entity - frame["place"].to_numpy()
        return pl.Series(name, np.where(np.isin(kind, [KIND_NUMBER[k] for k in kinds]), head, entity))

    return [
        shared_by("roof", "household", "sisters", "centre", "team"),
        shared_by("line", "household", "sisters", "centre"),
        shared_by("brand", "group", "sisters", "plant", "franchise"),
        shared_by("web", "group", "sisters", "plant", "franchise", "household", "team"),
        shared_by("tax", "sisters", "plant", "team"),
        shared_by("home", *KINDS),
        pl.Series("above", np.where(frame["place"].to_numpy() > 0, entity - frame["place"].to_numpy(), -1)),
        pl.Series("family", family),
    ]


def is_kind(world: pl.DataFrame, *kinds: str) -> Mask:
    """True where the row's family is of one of these kinds."""
    return np.isin(world["kind"].to_numpy(), [KIND_NUMBER[k] for k in kinds])
