"""Which two persons are surely two: what a household shares does not outweigh another given name.

Members of a household share family name, house, telephone, often the e-mail address, and twins their birth date; a
father and his son share their name too. Only a number of the person's own makes them one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from mdm.match.compare_persons import BORN_LEVELS, FAMILY_LEVELS, GIVEN_LEVELS
from mdm.match.compare_values import Flags, Levels
from mdm.match.encode import MISSING, Ints
from mdm.match.encoded import Encoded
from mdm.match.homes import HOME_LEVELS
from mdm.match.personal_numbers import PERSONAL_NUMBER_LEVELS

GIVEN_ALIKE: Final = GIVEN_LEVELS.index("alike")
FAMILY_IN_PART: Final = FAMILY_LEVELS.index("the same in part")
FAMILY_RARE: Final = FAMILY_LEVELS.index("the same, and rare")
BORN_NEARLY: Final = BORN_LEVELS.index("nearly the same")
BORN_SAME: Final = BORN_LEVELS.index("the same")
HOME_TOWN: Final = HOME_LEVELS.index("the same town or postcode area")
NUMBER_NEARLY: Final = PERSONAL_NUMBER_LEVELS.index("nearly the same")
SHARED_BY_FEW: Final = 2
DIFFERENT: Final = 0


def two_of_a_family(e: Encoded, left: Ints, right: Ints, levels: Mapping[str, Levels]) -> Flags:
    """Pairs of persons with something that no household shares, and no number of theirs that agrees.

    The generations differ; the family name is the same and the birth dates differ; or the given names are others: in a
    register of households always, in one without them only where the birth date is not the same.
    """
    given, born = levels["given_name"], levels["born"]
    differ = (given == DIFFERENT) & (born < BORN_SAME)
    if e.persons.households:
        differ |= _other_given_names(e, left, right, given)
    differ |= (born == DIFFERENT) & (levels["family_name"] >= FAMILY_IN_PART)
    differ |= levels["generation"] == DIFFERENT
    return np.asarray(differ & (levels["personal_number"] < NUMBER_NEARLY))


def _other_given_names(e: Encoded, left: Ints, right: Ints, given: Levels) -> Flags:
    """Whether both given names are names beyond doubt, and neither is a form or a slip of the other.

    Names that are alike may be slips, but not where both stand in the table of names: Mark and Mary.
    """
    known, named = (np.append(flags, False) for flags in (e.persons.known, e.persons.named))
    a, b = e.persons.given.codes[left], e.persons.given.codes[right]
    return np.asarray(((given == DIFFERENT) & named[a] & named[b]) | ((given == GIVEN_ALIKE) & known[a] & known[b]))


def only_names_agree(levels: Mapping[str, Levels]) -> Flags:
    """Pairs of persons of whom nothing agrees but names, and these are not rare."""
    named = (levels["given_name"] != MISSING) | (levels["family_name"] != MISSING)
    apart = (levels["born"] < BORN_NEARLY) & (levels["home"] < HOME_TOWN) & (levels["email"] < SHARED_BY_FEW)
    apart &= (levels["phone"] <= 0) & (levels["other_name"] <= 0) & (levels["personal_number"] < NUMBER_NEARLY)
    return np.asarray(named & apart & (levels["family_name"] < FAMILY_RARE))
