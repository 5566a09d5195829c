"""A small sales office's customer list: a spreadsheet with Dutch headings under two lines of banner."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sample_data.draws import Draws
from sample_data.files import write_sheet
from sample_data.keys import sequence
from sample_data.lists import load_countries
from sample_data.spoiling import blank


def write_office(records: pl.DataFrame, draws: Draws, folder: Path) -> pl.Series:
    """Write the workbook into the folder; gives the customer number of every record."""
    ids = records["record"].to_numpy()
    key = "K" + sequence(len(records), 1, 1, 5)
    names = pl.Series([c["names"][2] for c in load_countries().facts])
    contact = records["given"] + " " + records["family_name"]
    note = pl.Series(["belt elke maand", "offerte sturen", "betaalt laat", "let op: nieuwe inkoper"])
    sheet = records.select(
        key.alias("Klantnr"),
        pl.col("name").alias("Bedrijfsnaam"),
        blank(contact, draws.hits("no contact", ids, 600)).alias("Contactpersoon"),
        pl.col("line_written").alias("Adres"),
        pl.col("postcode_written").alias("Postcode"),
        pl.col("city_written").alias("Plaats"),
        names.gather(records["country"]).alias("Land"),
        pl.col("phone_written").alias("Telefoon"),
        pl.col("email").alias("E-mail"),
        pl.col("website").alias("Website"),
        pl.col("vat_written").alias("BTW-nummer"),
        blank(note.gather(draws.below("note", ids, 4)), draws.hits("no note", ids, 800)).alias("Opmerkingen"),
        pl.col("changed").dt.to_string("%d-%m-%Y").alias("Laatst gewijzigd"),
    )
    banner = ("Klantenlijst verkoopkantoor - niet verspreiden", "")
    write_sheet(sheet, folder / "klantenlijst.xlsx", sheet="Klanten", banner=banner)
    return key
