"""What other systems ask for beside a golden record as delivered: its country by ISO 3166, its telephone by E.164."""

from __future__ import annotations

import polars as pl

from mdm.standardise.countries import country_code
from mdm.standardise.phones import phone_keys

INTERNATIONAL = r"^\+[1-9][0-9]{4,14}$"


def with_codes(golden: pl.DataFrame) -> pl.DataFrame:
    """The table with `country_code` behind `country` and `phone_e164` behind `phone`, row for row.

    Takes any table with the text columns country and phone. Null where the country is not known by that name, or where
    neither the number nor the golden country says which country's number it is.
    """
    names = golden["country"].unique().drop_nulls()
    codes = pl.DataFrame(
        {"country": names, "country_code": [country_code(name) for name in names]},
        schema={"country": pl.String, "country_code": pl.String},
    )
    known = golden.join(codes, on="country", how="left", maintain_order="left")
    dialled = phone_keys(known.select("phone", region="country_code"))
    known = known.with_columns(
        phone_e164=dialled.set(~dialled.str.contains(INTERNATIONAL).fill_null(value=False), None)
    )
    behind = {"country": "country_code", "phone": "phone_e164"}
    order = [name for column in golden.columns for name in (column, behind.get(column)) if name is not None]
    return known.select(order)
