"""Oracle's trading community: accounts of parties that sit at sites with locations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from sample_data.draws import Draws
from sample_data.files import write_csv
from sample_data.keys import sequence
from sample_data.spoiling import empty_texts, where


def write_oracle(records: pl.DataFrame, draws: Draws, folder: Path) -> pl.Series:
    """Write the tables into the folder; gives CUST_ACCOUNT_ID of every record.

    Half of the customers that stand here twice are one party with two accounts, the others two parties.
    """
    ids, size = records["record"].to_numpy(), len(records)
    account = sequence(size, 300_000_010, 10)
    own = pl.Series("party", 40_000 + np.arange(size, dtype=np.int64) * 3)
    first = records.select("entity", "twin").with_columns(own).filter(pl.col("twin") == 0).drop("twin")
    shared = records.select("entity").join(first, on="entity", how="left", maintain_order="left")["party"]
    joins = (records["twin"] == 1).to_numpy() & draws.hits("one party", ids, 500)
    party = where(joins, shared, own).cast(pl.String)
    changed = records["changed"].dt.to_string("%Y-%m-%dT00:00:00Z")
    accounts = pl.DataFrame(
        {
            "CUST_ACCOUNT_ID": account,
            "PARTY_ID": party,
            "ACCOUNT_NUMBER": sequence(size, 1_001, 1),
            "ACCOUNT_NAME": records["latin_name"],
            "STATUS": pl.Series(["A", "I"]).gather(draws.hits("inactive", ids, 40).astype(np.uint32)),
            "CUSTOMER_TYPE": "R",
            "CUSTOMER_CLASS_CODE": pl.Series(["OEM", "RETAIL", "DIRECT"]).gather(draws.below("class", ids, 3)),
            "ORIG_SYSTEM_REFERENCE": "LEGACY-" + sequence(size, 77_001, 3),
            "ATTRIBUTE1": empty_texts(size),
            "CREATION_DATE": records["created"].dt.to_string("%Y-%m-%dT00:00:00Z"),
            "LAST_UPDATE_DATE": changed,
        }
    )
    write_csv(accounts, folder / "HZ_CUST_ACCOUNTS.csv")
    _write_parties(records.with_columns(party=party, changed_text=changed).filter(pl.Series(~joins)), draws, folder)
    return account


def _write_parties(heads: pl.DataFrame, draws: Draws, folder: Path) -> None:
    kind = pl.Series(["ORGANIZATION", "PERSON"]).gather(heads["person"].cast(pl.UInt32))
    parties = heads.select(
        PARTY_ID="party",
        PARTY_NUMBER=sequence(len(heads), 900_100, 1),
        PARTY_TYPE=kind,
        PARTY_NAME="name",
        DUNS_NUMBER_C="duns_written",
        JGZZ_FISCAL_CODE="tax_written",
        TAX_REFERENCE="vat_written",
        ADDRESS1="line_written",
        CITY="city_written",
        POSTAL_CODE="postcode_written",
        STATE=pl.when(pl.col("code") == "US").then("region"),
        COUNTRY="code",
        EMAIL_ADDRESS="email",
        URL="website",
        STATUS=pl.lit("A"),
        LAST_UPDATE_DATE="changed_text",
    )
    write_csv(parties, folder / "HZ_PARTIES.csv")
    _write_sites(heads, draws, folder)
    phones = heads.filter(pl.col("phone_written").is_not_null())
    points = phones.select(
        CONTACT_POINT_ID=sequence(len(phones), 8_001, 1),
        CONTACT_POINT_TYPE=pl.lit("PHONE"),
        OWNER_TABLE_NAME=pl.lit("HZ_PARTIES"),
        OWNER_TABLE_ID="party",
        PHONE_NUMBER="phone_written",
    )
    write_csv(points, folder / "HZ_CONTACT_POINTS.csv")


def _write_sites(heads: pl.DataFrame, draws: Draws, folder: Path) -> None:
    """Each party's identifying site, and for one in seven a second one elsewhere."""
    common = ["party", "code", "region", "name_extra"]
    first = heads.select(
        *common, line="line_written", city="city_written", postcode="postcode_written", flag=pl.lit("Y")
    )
    elsewhere = pl.Series(draws.hits("second site", heads["record"].to_numpy(), 140))
    old_line = pl.col("old_street") + " " + pl.col("old_house")
    second = heads.filter(elsewhere).select(
        *common, line=old_line, city="old_city", postcode="old_postcode", flag=pl.lit("N")
    )
    both = pl.concat([first, second])
    location = sequence(len(both), 5_001, 2)
    sites = both.select(
        PARTY_SITE_ID=sequence(len(both), 60_010, 5),
        PARTY_ID="party",
        LOCATION_ID=location,
        PARTY_SITE_NUMBER=sequence(len(both), 1, 1, 7),
        IDENTIFYING_ADDRESS_FLAG="flag",
        STATUS=pl.lit("A"),
    )
    write_csv(sites, folder / "HZ_PARTY_SITES.csv")
    locations = both.select(
        LOCATION_ID=location,
        ADDRESS1="line",
        ADDRESS2="name_extra",
        ADDRESS3=pl.lit(None, dtype=pl.String),
        CITY="city",
        POSTAL_CODE="postcode",
        STATE=pl.when(pl.col("code") == "US").then("region"),
        PROVINCE=pl.lit(None, dtype=pl.String),
        COUNTRY="code",
    )
    write_csv(locations, folder / "HZ_LOCATIONS.csv")
