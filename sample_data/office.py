"""A small sales office's customer list: a spreadsheet with Dutch headings under two lines of banner."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from sample_data.draws import Draws
from sample_data.files import write_sheet
from sample_data.keys import sequence
from sample_data.lists import load_countries
from sample_data.spoiling import blank, cut

WIDTH: Final = 40
"""The office's list came from a program that kept 40 characters of a name."""

BANNER: Final = ("Klantenlijst verkoopkantoor - niet verspreiden", "")
NOTES: Final = ("belt elke maand", "offerte sturen", "betaalt laat", "let op: nieuwe inkoper")


def write_office(records: pl.DataFrame, draws: Draws, folder: Path) -> pl.Series:
    """Write the workbook into the folder; gives the customer number of every record."""
    ids = records["record"].to_numpy()
    key = "K" + sequence(len(records), 1, 1, 5)
    at_home = (records["code"] == "NL").to_numpy()
    country = load_countries().column("names").list.get(2).gather(records["country"])
    contact = records["given"] + " " + records["family_name"]
    note = pl.Series(NOTES).gather(draws.below("note", ids, len(NOTES)))
    sheet = records.select(
        key.alias("Klantnr"),
        cut(records["name"], WIDTH).alias("Bedrijfsnaam"),
        blank(contact, draws.hits("no contact", ids, 600)).alias("Contactpersoon"),
        pl.col("line_written").alias("Adres"),
        pl.col("postcode_written").alias("Postcode"),
        pl.col("city_written").alias("Plaats"),
        blank(country, at_home & draws.hits("home country left out", ids, 400)).alias("Land"),
        pl.col("phone_written").alias("Telefoon"),
        pl.col("email").alias("E-mail"),
        pl.col("website").alias("Website"),
        pl.col("vat_written").alias("BTW-nummer"),
        pl.col("iban_written").alias("IBAN"),
        blank(note, draws.hits("no note", ids, 800)).alias("Opmerkingen"),
        pl.col("changed").dt.to_string("%d-%m-%Y").alias("Laatst gewijzigd"),
        pl.lit(None, dtype=pl.String).alias("MDM-nr"),
    )
    write_sheet(sheet, folder / "klantenlijst.xlsx", sheet="Klanten", banner=BANNER)
    return key
