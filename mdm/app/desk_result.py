"""What would become of customers that are made one: their golden record by the rules of now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from mdm.app.desk_records import Delivered
from mdm.app.explain_read import default_countries
from mdm.app.project import Project
from mdm.records import GOLDEN_ATTRIBUTES
from mdm.standardise import standardise
from mdm.store import Customer, Store, mapped_rows
from mdm.survive import choose_golden

MOST: Final = 200
"""Records of both customers; of more, no golden record is computed while somebody waits for a page."""


def golden_together(store: Store, project: Project, customers: Sequence[Customer]) -> Delivered | None:
    """The golden record that the records of these customers would have as one; values set by hand are not in it.

    None where there are too many records to wait for it.
    """
    members = [(m.system, m.key) for customer in customers for m in customer.members]
    if len(members) > MOST:
        return None
    keys = pl.DataFrame(members, schema={"system": pl.String(), "key": pl.String()}, orient="row")
    mapped = mapped_rows(store.read_records(keys))
    crosswalk = mapped.select("system", "key", master_id=pl.lit(customers[0].master_id))
    standard = standardise(mapped, project.rulebook.standardise, default_countries(store, project))
    golden = choose_golden(crosswalk, mapped, standard, project.rulebook.survivorship).golden
    values = golden.select(list(GOLDEN_ATTRIBUTES)).row(0, named=True)
    return Delivered("as one", "customer", {name: text for name, text in values.items() if text})
