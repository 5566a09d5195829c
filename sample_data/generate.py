"""`python -m sample_data.generate`: write a ready project of any size with its truth beside it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from sample_data.documents import write_documents
from sample_data.draws import Draws
from sample_data.files import write_csv
from sample_data.odoo import write_odoo
from sample_data.office import write_office
from sample_data.oracle import write_oracle
from sample_data.presence import RECORDS_PER_CUSTOMER, place_records
from sample_data.records import write_records
from sample_data.salesforce import write_salesforce
from sample_data.sap import is_ship_to, write_sap
from sample_data.world import build_world

PROJECT: Final = Path(__file__).parent / "project"
LAYOUTS: Final[dict[str, Callable[[pl.DataFrame, Draws, Path], pl.Series]]] = {
    "salesforce": write_salesforce,
    "sap": write_sap,
    "oracle": write_oracle,
    "odoo": write_odoo,
    "office": write_office,
}


def generate(seed: int, customers: int, out: Path) -> pl.DataFrame:
    """Write the project into `out` and give its truth (source, id, entity_id).

    Equal seeds and numbers of customers give equal bytes in every file, on any machine.
    """
    draws = Draws(seed)
    world = build_world(draws, customers)
    found = []
    for system, placed in place_records(draws, world).items():
        records = write_records(system, draws, placed, world)
        key = LAYOUTS[system](records, draws, out / "data" / system)
        facts = records.select("record", "currency", "entity", ship_to=pl.Series(is_ship_to(records)))
        found.append(facts.with_columns(key.alias("key"), system=pl.lit(system)))
    everything = pl.concat(found)
    write_documents(everything.filter(~pl.col("ship_to")), draws, out)
    entity = "C" + pl.col("entity").cast(pl.String).str.zfill(7)
    truth = everything.select(source="system", id="key", entity_id=entity).sort("source", "id")
    write_csv(truth, out / "truth.csv")
    shutil.copytree(PROJECT, out, dirs_exist_ok=True)
    return truth


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sample_data.generate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--customers", type=int, help="number of true customers")
    size.add_argument("--records", type=int, help="number of records to aim at, over all systems")
    parser.add_argument("--out", type=Path, required=True, help="folder of the new project")
    given = parser.parse_args(arguments)
    customers = given.customers or round(given.records / RECORDS_PER_CUSTOMER)
    truth = generate(given.seed, customers, given.out)
    sys.stdout.write(f"{len(truth)} records of {truth['entity_id'].n_unique()} customers in {given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
