"""The acquired company's Odoo: an export of its partners under German headings, in an old encoding."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sample_data.draws import Draws
from sample_data.files import write_csv
from sample_data.keys import parent_keys, sequence
from sample_data.lists import load_countries
from sample_data.spoiling import blank, plain_letters, where


def write_odoo(records: pl.DataFrame, draws: Draws, folder: Path) -> pl.Series:
    """Write the export into the folder; gives the ID of every record.

    The export knows Western European letters only: most others lost their accents, some became question marks.
    """
    ids = records["record"].to_numpy()
    key = sequence(len(records), 15, 2)
    at_home = (records["code"] == "DE").to_numpy()
    country = load_countries().column("names").list.get(1).gather(records["country"])
    vat = records["vat_written"].fill_null(records["tax_written"])
    tag = pl.Series(["A-Kunde", "Stammkunde"]).gather(draws.below("tag", ids, 2))
    export = records.select(
        key.alias("ID"),
        _western("name", records, draws).alias("Name"),
        pl.Series(["True", "False"]).gather(records["person"].cast(pl.UInt32)).alias("Ist ein Unternehmen"),
        parent_keys(records, key).alias("Zugehöriges Unternehmen/ID"),
        _western("line_written", records, draws).alias("Straße"),
        pl.col("name_extra").alias("Straße 2"),
        pl.col("postcode_written").alias("PLZ"),
        _western("city_written", records, draws).alias("Ort"),
        blank(country, at_home & draws.hits("home country left out", ids, 300)).alias("Land"),
        pl.col("phone_written").alias("Telefon"),
        pl.col("email").alias("E-Mail"),
        pl.col("website").alias("Website"),
        vat.alias("USt-IdNr."),
        pl.col("iban_written").alias("Bankkonten/Kontonummer"),
        pl.col("birth_written").alias("Geburtsdatum"),
        pl.lit(None, dtype=pl.String).alias("Interne Referenz"),
        blank(tag, draws.hits("no tag", ids, 400)).alias("Schlagwörter"),
        pl.col("changed").dt.to_string("%Y-%m-%d %H:%M:%S").alias("Zuletzt aktualisiert am"),
        pl.lit(None, dtype=pl.String).alias("MDM-Nummer"),
    )
    write_csv(export, folder / "res_partner.csv", separator=";", encoding="cp1252")
    return key


def _western(column: str, records: pl.DataFrame, draws: Draws) -> pl.Series:
    """The column with letters such as ł and ř made plain, but for a quarter of the records that lose them."""
    texts = records[column]
    eastern = texts.str.contains(r"[\u0100-\u0151\u0154-\u015F\u0162-\u0177\u0179-\u017C]").fill_null(value=False)
    kept = draws.hits("letters became question marks", records["record"].to_numpy(), 250)
    return where(eastern.to_numpy() & ~kept, plain_letters(texts), texts)
