"""E-mail addresses: lower case, one address a value, impossible ones and placeholders left out."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.standardise.wordlists import word_list

_ADDRESS: Final = r"([^\s<>()\[\]\\,;:\"'|/@]+@(?:[^\s<>()\[\]\\,;:\"'|/@.]+\.)+[^\s<>()\[\]\\,;:\"'|/@.\d]{2,})"


def email_keys(values: pl.Series) -> pl.Series:
    """A list of addresses for each delivered value, in the order in which they stand; empty where there is none.

    'mailto:' and names around an address are left out. No mailbox is asked whether it exists.
    """
    lists = word_list("domains")
    found = (
        values.rename("value")
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace("mailto:", "", literal=True)
        .str.extract_all(_ADDRESS)
    )
    labels = pl.element().str.extract(r"@([^.]+)\.").is_in(lists["placeholder_labels"])
    placeholder = (
        labels
        | pl.element().str.extract(r"^([^@]+)@").is_in(lists["placeholder_local"])
        | pl.element().str.extract(r"@(.+)$").is_in(lists["placeholder"])
    )
    tidy = found.to_frame().select(pl.col("value").list.eval(pl.element().str.strip_chars(".-").filter(~placeholder)))
    return tidy["value"].rename(values.name)
