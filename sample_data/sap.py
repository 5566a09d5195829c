"""The SAP customer master as its narrow tables: KNA1 and ADRC, KNB1, KNVV, KNVP beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Mask
from sample_data.files import write_csv
from sample_data.keys import parent_keys
from sample_data.spoiling import blank, capitals, cut, empty_texts, where

WIDTH: Final = 35
"""NAME1 to NAME4, STRAS and ORT01 hold 35 characters."""

GROUPS: Final = ["0001", "0001", "0001", "KUNA", "CPDA"]


def is_ship_to(records: pl.DataFrame) -> Mask:
    """Sites whose firm is a customer too: SAP keeps them as customers of their own."""
    return np.asarray((records["site"].is_not_null() & (records["above"] >= 0)).to_numpy(), dtype=np.bool_)


def write_sap(records: pl.DataFrame, draws: Draws, folder: Path) -> pl.Series:
    """Write the tables into the folder; gives KUNNR of every record."""
    kunnr = _keys(records)
    ids = records["record"].to_numpy()
    parent = parent_keys(records, kunnr)
    address = pl.Series("ADRNR", 10_000_000 + np.arange(len(records), dtype=np.int64) * 7).cast(pl.String).str.zfill(10)
    names = _names(records, draws)
    write_csv(_kna1(records, kunnr, address, names, draws), folder / "KNA1.csv", separator=";")
    write_csv(_adrc(records, address, names), folder / "ADRC.csv", separator=";")
    sold_to = ~is_ship_to(records)
    legacy = pl.Series(draws.below("legacy number", ids, 90_000) + 10_000).cast(pl.String)
    knb1 = pl.DataFrame(
        {
            "MANDT": "100",
            "KUNNR": kunnr,
            "BUKRS": pl.Series(["1000", "1000", "1000", "2000", "3000"]).gather(draws.below("BUKRS", ids, 5)),
            "AKONT": "0000140000",
            "ZTERM": pl.Series(["ZB30", "ZB14", "ZB60"]).gather(draws.below("ZTERM", ids, 3)),
            "KNRZE": parent,
            "ALTKN": blank(legacy, draws.hits("no ALTKN", ids, 600)),
            "LOEVM": None,
        }
    )
    write_csv(knb1.filter(sold_to), folder / "KNB1.csv", separator=";")
    write_csv(_knvv(records, kunnr, draws), folder / "KNVV.csv", separator=";")
    write_csv(_knvp(records, kunnr, parent), folder / "KNVP.csv", separator=";")
    return kunnr


def _keys(records: pl.DataFrame) -> pl.Series:
    """KUNNR: sold-to parties from 100000, ship-to parties from 700000000, zero-padded to ten places."""
    ship_to = is_ship_to(records)
    rank = np.where(ship_to, np.cumsum(ship_to), np.cumsum(~ship_to))
    number = np.where(ship_to, 700_000_000, 100_000) + rank * 3
    return pl.Series("KUNNR", number).cast(pl.String).str.zfill(10)


def _names(records: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Names of 35 characters: what is longer goes on in NAME2 or is lost; NAME2 holds departments, too."""
    ids, name = records["record"].to_numpy(), records["name"]
    wraps = draws.hits("name wraps", ids, 550)
    head = name.str.extract(r"^(.{1,35})(?:\s|$)", 1).fill_null(cut(name, WIDTH))
    over = (name.str.len_chars() > WIDTH).to_numpy()
    tail = (
        pl.DataFrame({"n": name, "h": head})
        .select(pl.col("n").str.strip_prefix(pl.col("h")))
        .to_series()
        .str.strip_chars()
    )
    name1 = where(over & wraps, head, cut(name, WIDTH))
    name2 = where(over & wraps, cut(tail, WIDTH), records["name_extra"])
    return pl.DataFrame({"NAME1": name1, "NAME2": name2})


def _kna1(
    records: pl.DataFrame, kunnr: pl.Series, address: pl.Series, names: pl.DataFrame, draws: Draws
) -> pl.DataFrame:
    ids = records["record"].to_numpy()
    nothing = empty_texts(len(records))
    person = records["person"].to_numpy()
    group = where(
        is_ship_to(records),
        pl.Series(["0002"]).new_from_index(0, len(records)),
        pl.Series(GROUPS).gather(draws.below("KTOKD", ids, 5)),
    )
    mark = pl.Series(["X"]).new_from_index(0, len(records))
    return pl.DataFrame(
        {
            "MANDT": pl.Series(["100"]).new_from_index(0, len(records)),
            "KUNNR": kunnr,
            "KTOKD": group,
            "ANRED": pl.Series(["Firma", "Privatperson"]).gather(records["person"].cast(pl.UInt32)),
            "NAME1": names["NAME1"],
            "NAME2": names["NAME2"],
            "NAME3": nothing,
            "NAME4": nothing,
            "SORTL": capitals(records["name"]).str.replace_all(r"[^A-Z0-9]", "").str.slice(0, 10),
            "STRAS": cut(records["line_written"], WIDTH),
            "ORT01": cut(records["city_written"], WIDTH),
            "ORT02": nothing,
            "PSTLZ": records["postcode_written"],
            "REGIO": nothing,
            "LAND1": records["code"],
            "TELF1": records["phone_written"],
            "TELF2": nothing,
            "TELFX": records["fax_written"],
            "STCD1": records["tax_written"],
            "STCEG": records["vat_written"].str.replace_all(" ", ""),
            "BBBNR": records["duns_written"],
            "BRSCH": pl.Series(["0001", "0004", "0010", "0017"]).gather(draws.below("BRSCH", ids, 4)),
            "KONZS": nothing,
            "LIFNR": nothing,
            "VBUND": nothing,
            "ADRNR": address,
            "SPRAS": pl.Series(["D", "E"]).gather(records["code"].is_in(["DE", "AT", "CH"]).not_().cast(pl.UInt32)),
            "LOEVM": blank(mark, ~draws.hits("LOEVM", ids, 20)),
            "AUFSD": blank(pl.Series(["01"]).new_from_index(0, len(records)), ~draws.hits("AUFSD", ids, 25)),
            "STKZN": where(person, mark, nothing),
            "ERDAT": records["created"].dt.to_string("%Y%m%d"),
            "ERNAM": pl.Series(["MIGRATION", "KSCHULZ", "VTEAM02", "BATCH"]).gather(draws.below("ERNAM", ids, 4)),
            "ZZ_LASTCHG": records["changed"].dt.to_string("%Y%m%d"),
            "ZZ_MDM_ID": nothing,
        }
    )


def _adrc(records: pl.DataFrame, address: pl.Series, names: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "ADDRNUMBER": address,
            "DATE_FROM": "00010101",
            "NATION": None,
            "NAME1": names["NAME1"],
            "NAME2": names["NAME2"],
            "STREET": records["street_written"],
            "HOUSE_NUM1": records["house_written"],
            "CITY1": records["city_written"],
            "POST_CODE1": records["postcode_written"],
            "PO_BOX": None,
            "REGION": None,
            "COUNTRY": records["code"],
            "TEL_NUMBER": records["phone_written"],
            "SMTP_ADDR": records["email"],
            "URI_ADDR": records["website"],
        },
        schema_overrides={"NATION": pl.String, "PO_BOX": pl.String, "REGION": pl.String},
    )


def _knvv(records: pl.DataFrame, kunnr: pl.Series, draws: Draws) -> pl.DataFrame:
    ids = records["record"].to_numpy()
    first = pl.DataFrame(
        {
            "MANDT": pl.Series(["100"]).new_from_index(0, len(records)),
            "KUNNR": kunnr,
            "VKORG": pl.Series(["1000", "1000", "2000"]).gather(draws.below("VKORG", ids, 3)),
            "VTWEG": "10",
            "SPART": "00",
            "KDGRP": pl.Series(["01", "02", "05"]).gather(draws.below("KDGRP", ids, 3)),
            "WAERS": records["currency"],
            "ZTERM": "ZB30",
            "LOEVM": None,
        },
        schema_overrides={"LOEVM": pl.String},
    )
    second = first.filter(pl.Series(draws.hits("second sales area", ids, 180))).with_columns(VTWEG=pl.lit("20"))
    return pl.concat([first, second]).sort("KUNNR", "VTWEG")


def _knvp(records: pl.DataFrame, kunnr: pl.Series, parent: pl.Series) -> pl.DataFrame:
    """Partner functions: sold-to, bill-to, payer and ship-to of each customer, itself or its sites."""
    base = pl.DataFrame({"KUNNR": kunnr, "KUNN2": kunnr, "parent": parent, "ship_to": pl.Series(is_ship_to(records))})
    own = pl.concat([base.filter(~pl.col("ship_to")).with_columns(PARVW=pl.lit(f)) for f in ("AG", "RE", "RG", "WE")])
    sites = base.filter(pl.col("ship_to") & pl.col("parent").is_not_null())
    sites = sites.with_columns(KUNNR=pl.col("parent"), PARVW=pl.lit("WE"))
    rows = pl.concat([own, sites]).sort("KUNNR", "PARVW", "KUNN2")
    counter = pl.int_range(pl.len()).over("KUNNR", "PARVW").cast(pl.String).str.zfill(3)
    constants = [pl.lit(v).alias(c) for c, v in (("MANDT", "100"), ("VKORG", "1000"), ("VTWEG", "10"), ("SPART", "00"))]
    return rows.with_columns(*constants, PARZA=counter).select(
        "MANDT", "KUNNR", "VKORG", "VTWEG", "SPART", "PARVW", "PARZA", "KUNN2"
    )
