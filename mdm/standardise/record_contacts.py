"""The contact columns of STANDARD: phones, e-mails and domains."""

from __future__ import annotations

import polars as pl

from mdm.standardise.distinct import lists_of
from mdm.standardise.domains import domain_keys, host_of
from mdm.standardise.emails import email_keys
from mdm.standardise.phones import phone_keys


def contact_columns(frame: pl.DataFrame, region: pl.Series, shared: frozenset[str]) -> pl.DataFrame:
    """phones, emails and domains of each record of `frame` (MAPPED with its rid), row for row.

    `region` is the country whose national telephone numbers the record writes. A telefax is no phone.
    """
    rid = frame["rid"]
    phones = _long(frame.with_columns(region.alias("region")), "phone", "region")
    numbers = phones.select("rid", phone_keys(phones).alias("value"))
    written = _long(frame, "email")
    emails = (
        written.select("rid", email_keys(written["email"]).alias("value"))
        .filter(pl.col("value").list.len() > 0)
        .explode("value")
    )
    websites = _long(frame, "website").select("rid", host_of(pl.col("website")).alias("host"))
    hosts = pl.concat([websites, emails.select("rid", host_of(pl.col("value")).alias("host"))]).drop_nulls().unique()
    domains = hosts.select("rid", domain_keys(hosts["host"], shared).alias("value"))
    return pl.DataFrame(
        {"phones": lists_of(rid, numbers), "emails": lists_of(rid, emails), "domains": lists_of(rid, domains)}
    )


def _long(frame: pl.DataFrame, column: str, *beside: str) -> pl.DataFrame:
    """One row a value of a list column, with rid and further columns."""
    filled = frame.select("rid", column, *beside).filter(pl.col(column).list.len() > 0)
    return filled.explode(column)
