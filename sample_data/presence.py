"""Which customer stands in which system, and how often."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints, Mask
from sample_data.families import is_kind

SAP: Final = 0b00010
ODOO: Final = 0b01000
SYSTEMS: Final = ("salesforce", "sap", "oracle", "odoo", "office")
SHARES: Final = (46, 36, 11, 10, 4)
"""How likely each system is, among those a customer stands in."""

IN_SYSTEMS: Final = (500, 270, 140, 60, 30)
"""How many of a thousand customers stand in one, two, ... five systems."""

DUPLICATES: Final = (75, 60, 70, 65, 50)
"""How many of a thousand records of each system have a second one for the same customer there."""

RECORDS_PER_CUSTOMER: Final = 1.953
OFFICE_LIMIT: Final = 19_000
"""A small office keeps no larger sheet, however large the world: about 20,000 rows with its duplicates."""


def subset_weights(required: int = 0) -> list[int]:
    """The weight of each set of systems (bit s for system s); sets without the required bits weigh nothing."""
    product = [1] * 32
    for subset in range(32):
        for system, share in enumerate(SHARES):
            product[subset] *= share if subset >> system & 1 else 1
    weights = [0] * 32
    for size, per_mille in enumerate(IN_SYSTEMS, start=1):
        members = [s for s in range(1, 32) if s.bit_count() == size and s & required == required]
        total = sum(product[s] for s in members)
        for s in members:
            weights[s] = per_mille * product[s] * 10_000 // total
    return weights


def place_records(draws: Draws, world: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The records of each system; sites of a firm stand in SAP at least, contacts of a firm in Odoo only.

    They have `entity`, `twin` (1 for a duplicate) and `record`, a number unique in the world.
    """
    entity = world["entity"].to_numpy()
    site = is_kind(world, "plant") & (world["place"].to_numpy() > 0)
    anywhere = draws.weighted("systems", entity, subset_weights())
    sap_first = draws.weighted("site systems", entity, subset_weights(required=SAP))
    team = is_kind(world, "team")
    contact = team & (world["place"].to_numpy() > 0)
    odoo_first = draws.weighted("team systems", entity, subset_weights(required=ODOO))
    anywhere = np.where(site, sap_first, np.where(team, odoo_first, anywhere))
    subset = _cap_office(np.where(contact, ODOO, anywhere))
    placed = {}
    for system, name in enumerate(SYSTEMS):
        here = entity[(subset >> system & 1) == 1]
        twice = here[draws.hits(f"twin {name}", here, DUPLICATES[system])]
        both = np.concatenate([here, twice])
        twin = np.concatenate([np.zeros(len(here), np.int64), np.ones(len(twice), np.int64)])
        record = both * 16 + system * 2 + twin
        placed[name] = pl.DataFrame({"entity": both, "twin": twin, "record": record})
    return placed


def _cap_office(subset: Ints) -> Ints:
    """Customers beyond the office's limit stand in one of the other systems instead."""
    office: Mask = (subset & 16) == 16
    beyond = office & (np.cumsum(office) > OFFICE_LIMIT)
    others = subset & 0b01111
    first_free = ~others & (others + 1)
    return np.where(beyond, np.where(others == 0b01111, others, others | first_free), subset)
