"""The acquired company's Odoo: an export of its partners under German headings, in an old encoding."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sample_data.draws import Draws
from sample_data.files import write_csv
from sample_data.keys import parent_keys, sequence
from sample_data.lists import load_countries


def write_odoo(records: pl.DataFrame, draws: Draws, folder: Path) -> pl.Series:
    """Write the export into the folder; gives the ID of every record."""
    ids = records["record"].to_numpy()
    key = sequence(len(records), 15, 2)
    names = pl.Series([c["names"][1] for c in load_countries().facts])
    export = records.select(
        pl.lit(key).alias("ID"),
        pl.col("name").alias("Name"),
        pl.Series("Ist ein Unternehmen", ["Wahr", "Falsch"]).gather(records["person"].cast(pl.UInt32)),
        parent_keys(records, key).alias("Zugehöriges Unternehmen/ID"),
        pl.col("line_written").alias("Straße"),
        pl.col("name_extra").alias("Straße 2"),
        pl.col("postcode_written").alias("PLZ"),
        pl.col("city_written").alias("Ort"),
        names.gather(records["country"]).alias("Land"),
        pl.col("phone_written").alias("Telefon"),
        pl.lit(None, dtype=pl.String).alias("Mobil"),
        pl.col("email").alias("E-Mail"),
        pl.col("website").alias("Website"),
        pl.col("vat_written").alias("USt-IdNr."),
        pl.lit(None, dtype=pl.String).alias("Interne Referenz"),
        pl.Series("Schlagwörter", [None, "A-Kunde", "Stammkunde"]).gather(draws.below("tags", ids, 3)),
        pl.col("changed").dt.to_string("%Y-%m-%d %H:%M:%S").alias("Zuletzt aktualisiert am"),
        pl.lit(None, dtype=pl.String).alias("MDM-Nummer"),
    )
    write_csv(export, folder / "res_partner.csv", separator=";", encoding="cp1252")
    return key
