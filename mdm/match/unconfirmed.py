"""How many of the pairs of persons that would join have no birth date to confirm them, and are likely to be wrong.

Without labels: pairs with both birth dates are weighed as if they had none. Of those that would join, the ones whose
dates differ are wrong, but for slips; pairs that lack a date will be wrong as often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from mdm.match.compare_persons import BORN_LEVELS
from mdm.match.encode import MISSING
from mdm.match.model import PopulationModel

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

DATE: Final = "born"
CONFIRMING: Final = frozenset({DATE, "personal_number"})
HOLDING_APART: Final = ("given_name", "generation")
NEARLY: Final = BORN_LEVELS.index("nearly the same")
LEAST_DATED: Final = 100


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """`dated` pairs would join without their birth dates, of which the share `wrong` has others.

    `share` is that of the pairs that lack a date and are wrong, if they are wrong as often, among all that would join.
    """

    dated: int
    wrong: float
    share: float

    @property
    def told(self) -> bool:
        """Whether there are dates enough to say anything."""
        return self.dated >= LEAST_DATED


def unconfirmed(rows: Rows, counts: tuple[Floats, Floats], model: PopulationModel, *, auto_from: float) -> Unconfirmed:
    """What joins on `auto_from` bits would be worth; `rows` are distinct patterns of levels in the model's order.

    `counts` has for each pattern the pairs whose answer is open, and those who are surely two.
    """
    names = [c.name for c in model.comparisons]
    if DATE not in names:
        return Unconfirmed(0, 0.0, 0.0)
    open_, two = counts
    born = rows[:, names.index(DATE)]
    kept_apart = np.any([rows[:, names.index(name)] == 0 for name in HOLDING_APART], axis=0)
    blind = (_weights(rows, model, without=CONFIRMING) >= auto_from) & ~kept_apart
    same = ((open_ + two) * (blind & (born >= NEARLY))).sum()
    other = ((open_ + two) * (blind & (born == 0))).sum()
    wrong = float(other / (same + other)) if same + other else 0.0
    joins = open_ * (_weights(rows, model, without=frozenset()) >= auto_from)
    undated = float(joins[born == MISSING].sum())
    return Unconfirmed(int(same + other), wrong, undated * wrong / max(float(joins.sum()), 1.0))


def _weights(rows: Rows, model: PopulationModel, *, without: frozenset[str]) -> Floats:
    """The match weight of each pattern in bits, as if some comparisons had not been made."""
    total = np.full(len(rows), model.prior_weight)
    for at, c in enumerate(model.comparisons):
        if c.name not in without:
            total += np.append([x.weight for x in c.levels], 0.0)[rows[:, at]]
    return total
