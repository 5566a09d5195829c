"""How much speaks against a delivered value: placeholders and failed checks lose to anything that has none."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from mdm.survive.contributors import Contributors, IntArray

GOOD, UNKNOWN, INVALID = range(3)

_IDENTIFIERS: Final = frozenset({"vat", "tax_id", "lei", "duns", "iban", "register_no"})

_MATCH_KEY: Final = {
    "kind": "kind",
    "name": "name",
    # The legal name has no match key of its own; a record without any usable name is in doubt for both.
    "legal_name": "name",
    "given_name": "given_name",
    "family_name": "family_name",
    "birth_date": "birth_date",
    "street": "street",
    "house_number": "house_number",
    "postcode": "postcode",
    "city": "city",
    "region": "region",
    "country": "country",
}
"""The column of STANDARD that is empty where the delivered value was a placeholder or could not be read."""

_SHORTEST_TAIL: Final = 6
"""So many characters of a telephone number or an identifier must agree at its end; fewer agree by chance."""


def doubt_of(attribute: str, contributors: Contributors, rows: IntArray, values: pl.Series) -> IntArray:
    """For each value GOOD (0), UNKNOWN (1: a placeholder, or nothing we can read) or INVALID (2: a check failed)."""
    if attribute in _IDENTIFIERS:
        frame = pl.DataFrame(
            {
                "value": values.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", ""),
                "valid": _as_text(contributors.match_key("identifiers", rows)),
                "invalid": _as_text(contributors.match_key("invalid_identifiers", rows)),
            }
        )
        doubt = frame.select(
            pl.when(_ends_one_of("valid"))
            .then(GOOD)
            .when(_ends_one_of("invalid"))
            .then(INVALID)
            .otherwise(UNKNOWN)
            .cast(pl.Int64)
        )
        return doubt.to_series().to_numpy()
    good = _is_match_key(attribute, contributors, rows, values)
    return np.where(good.fill_null(value=False).to_numpy(), GOOD, UNKNOWN).astype(np.int64)


def _is_match_key(attribute: str, contributors: Contributors, rows: IntArray, values: pl.Series) -> pl.Series:
    if attribute == "email":
        known = _as_text(contributors.match_key("emails", rows))
        return _contains(known, "|" + values.str.strip_chars().str.to_lowercase() + "|")
    if attribute == "phone":
        digits = values.str.replace_all(r"[^0-9]", "")
        known = _as_text(contributors.match_key("phones", rows))
        return _contains(known, digits.str.slice(-_SHORTEST_TAIL) + "|") & (digits.str.len_bytes() >= _SHORTEST_TAIL)
    if attribute == "website":
        return _has_domain(values, _as_text(contributors.match_key("domains", rows)))
    return contributors.match_key(_MATCH_KEY[attribute], rows).is_not_null()


def _has_domain(values: pl.Series, domains: pl.Series) -> pl.Series:
    """Whether the host of an address, or what is left of it behind one or two dots, is one of the domains."""
    host = values.str.to_lowercase().str.extract(r"^\s*(?:[a-z]+:/*)?([^/:?#\s]+)")
    found = _contains(domains, "|" + host + "|")
    for _ in range(2):
        host = host.str.extract(r"^[^.]+\.(.+)$")
        found |= _contains(domains, "|" + host + "|").fill_null(value=False)
    return found


def _as_text(lists: pl.Series) -> pl.Series:
    """`|a|b|` for the list [a, b]."""
    return "|" + lists.list.join("|").fill_null("") + "|"


def _contains(text: pl.Series, part: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"text": text, "part": part})
    return frame.select(pl.col("text").str.contains(pl.col("part"), literal=True)).to_series()


def _ends_one_of(column: str) -> pl.Expr:
    """The value is one of the identifiers, maybe without its country."""
    whole = pl.col(column).str.contains(pl.concat_str(pl.lit(":"), "value", pl.lit("|")), literal=True)
    tail = pl.col(column).str.contains(pl.concat_str("value", pl.lit("|")), literal=True)
    return (pl.col("value").str.len_chars() > 0) & (
        whole | (tail & (pl.col("value").str.len_chars() >= _SHORTEST_TAIL))
    )
