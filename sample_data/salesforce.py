"""The Salesforce Account export: 200 columns, most of them empty, as in life."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws
from sample_data.files import write_csv
from sample_data.keys import parent_keys, salesforce_ids
from sample_data.lists import load_countries
from sample_data.spoiling import blank, empty_texts, where

FIELDS: Final = Path(__file__).parent / "account_fields.txt"
"""The columns of the export in order, one a line: field, how many of a thousand rows fill it, and with what."""


def write_salesforce(records: pl.DataFrame, draws: Draws, folder: Path) -> pl.Series:
    """Write the export into the folder; gives the 18-character Id of every record."""
    key = salesforce_ids(draws, records["record"].to_numpy(), "001")
    filled = _filled(records, key, draws)
    columns: list[pl.Series] = []
    for line in FIELDS.read_text(encoding="utf-8").splitlines():
        name, rate, *values = line.split("|")
        columns.append(filled.get(name, _sparse(draws, records, name, int(rate or 0), values)).alias(name))
    write_csv(pl.DataFrame(columns), folder / "Account.csv")
    return key


def _sparse(draws: Draws, records: pl.DataFrame, name: str, rate: int, values: list[str]) -> pl.Series:
    """A field that few people fill, with one of a few values; a rate of nought leaves it empty."""
    nothing = empty_texts(len(records))
    if not values or not rate:
        return nothing
    ids = records["record"].to_numpy()
    value = pl.Series(values, dtype=pl.String).gather(draws.below(f"value {name}", ids, len(values)))
    return where(draws.hits(f"fill {name}", ids, rate), value, nothing)


def _filled(records: pl.DataFrame, key: pl.Series, draws: Draws) -> dict[str, pl.Series]:
    """The fields that say who the account is."""
    ids = records["record"].to_numpy()
    billing_country = _known_country(records, draws)
    street = records["line_written"]
    owner = salesforce_ids(draws, draws.below("owner", ids, 40), "005")
    changed = records["changed"].dt.to_string("%Y-%m-%dT%H:%M:%S.000+0000")
    created = records["created"].dt.to_string("%Y-%m-%dT%H:%M:%S.000+0000")
    ships = draws.hits("ships elsewhere", ids, 300)
    nothing = empty_texts(len(records))
    person = records["person"].to_numpy()
    return {
        "Id": key,
        "Name": records["name"],
        "IsDeleted": pl.Series(["false"]).new_from_index(0, len(records)),
        "ParentId": parent_keys(records, key),
        "BillingStreet": street,
        "BillingCity": records["city_written"],
        "BillingPostalCode": records["postcode_written"],
        "BillingState": where(draws.hits("state", ids, 300), records["region"], nothing),
        "BillingCountry": billing_country,
        "ShippingStreet": where(ships, records["old_street"] + " " + records["old_house"], nothing),
        "ShippingCity": where(ships, records["old_city"], nothing),
        "ShippingPostalCode": where(ships, records["old_postcode"], nothing),
        "ShippingCountry": where(ships, billing_country, nothing),
        "Phone": records["phone_written"],
        "Fax": records["fax_written"],
        "Website": records["website"],
        "DunsNumber": records["duns_written"],
        "VAT__c": records["vat_written"],
        "Tax_Number__c": records["tax_written"],
        "IBAN__c": records["iban_written"],
        "LEI__c": records["lei_written"],
        "Email__c": records["email"],
        "Department__c": records["name_extra"],
        "CurrencyIsoCode": records["currency"],
        "IsPersonAccount": pl.Series(["false", "true"]).gather(records["person"].cast(pl.UInt32)),
        "FirstName": where(person, records["given_written"], nothing),
        "LastName": where(person, records["family_written"], nothing),
        "PersonBirthdate": records["birth_written"],
        "AnnualRevenue": _thousands(draws, ids, "revenue", 600),
        "NumberOfEmployees": _thousands(draws, ids, "staff", 2),
        "OwnerId": owner,
        "CreatedDate": created,
        "CreatedById": owner,
        "LastModifiedDate": changed,
        "LastModifiedById": owner,
        "SystemModstamp": changed,
    }


def _known_country(records: pl.DataFrame, draws: Draws) -> pl.Series:
    """The country by its English name or its code, sometimes not at all."""
    names = load_countries().column("names").list.get(0).gather(records["country"])
    as_code = draws.hits("country as code", records["record"].to_numpy(), 250)
    return blank(where(as_code, records["code"], names), (~records["country_known"]).to_numpy())


def _thousands(draws: Draws, ids: np.ndarray[tuple[int], np.dtype[np.int64]], what: str, factor: int) -> pl.Series:
    value = pl.Series((draws.below(what, ids, 900) + 1) * factor * 10).cast(pl.String)
    nothing = empty_texts(len(ids))
    return where(draws.hits(f"knows {what}", ids, 350), value, nothing)
