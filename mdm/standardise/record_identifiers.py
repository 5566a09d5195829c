"""The identifier columns of STANDARD: those that pass their check, and those that do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from mdm.standardise.distinct import lists_of
from mdm.standardise.identifiers import (
    Identifier,
    document_identifier,
    duns_identifier,
    iban_identifier,
    lei_identifier,
    register_identifier,
    tax_identifier,
    vat_identifier,
)
from mdm.standardise.placeholders import Placeholders
from mdm.standardise.sharing import Columns, share
from mdm.standardise.text import fold_text

_READERS: Final[dict[str, Callable[[str, str | None], Identifier | None]]] = {
    "vat": vat_identifier,
    "tax_id": tax_identifier,
    "register_no": register_identifier,
    "iban": lambda raw, _: iban_identifier(raw),
    "duns": lambda raw, _: duns_identifier(raw),
    "lei": lambda raw, _: lei_identifier(raw),
    "passport": lambda raw, _: document_identifier("passport", raw),
    "driving_licence": lambda raw, _: document_identifier("licence", raw),
}
_KEYED: Final = {"scheme": pl.String, "raw": pl.String, "country": pl.String, "value": pl.String, "valid": pl.Boolean}
_NEED_COUNTRY: Final = frozenset({"vat", "tax_id", "register_no"})


def identifier_columns(frame: pl.DataFrame, country: pl.Series, hidden: Placeholders, processes: int) -> pl.DataFrame:
    """The columns identifiers and invalid_identifiers of each record of `frame` (MAPPED with its rid), row for row.

    `country` is the country of the record, or of its system where the record has none. A number is read once for
    each country it occurs in.
    """
    rows = pl.concat([_long(frame.with_columns(country.alias("home")), scheme) for scheme in _READERS])
    distinct = rows.select("scheme", "raw", "country").unique()
    values, valid = share(read_identifiers, hidden, distinct.rows(), processes)
    table = pl.DataFrame({**distinct.to_dict(), "value": values, "valid": valid}, schema=_KEYED).drop_nulls("value")
    keyed = rows.join(table, on=["scheme", "raw", "country"], how="inner", nulls_equal=True)
    return pl.DataFrame(
        {
            "identifiers": lists_of(frame["rid"], keyed.filter(pl.col("valid")).select("rid", "value")),
            "invalid_identifiers": lists_of(frame["rid"], keyed.filter(~pl.col("valid")).select("rid", "value")),
        }
    )


def read_identifiers(hidden: Placeholders, numbers: Sequence[tuple[str, str, str | None]]) -> Columns:
    """The value of each number (scheme, as written, country) and whether it passes its check; nulls for no number."""
    read = [_read(scheme, raw, home, hidden) for scheme, raw, home in numbers]
    return [r[0] if r else None for r in read], [r[1] if r else None for r in read]


def _read(scheme: str, raw: str, country: str | None, hidden: Placeholders) -> Identifier | None:
    if raw.isalpha() and hidden.hides(fold_text(raw)):
        return None
    return _READERS[scheme](raw, country)


def _long(frame: pl.DataFrame, scheme: str) -> pl.DataFrame:
    """One row a value: rid, scheme, raw, and the country where the reading depends on it."""
    if frame.schema[scheme] == pl.String:
        values = frame.select("rid", pl.col(scheme).alias("raw"), "home").drop_nulls("raw")
    else:
        filled = frame.select("rid", pl.col(scheme).alias("raw"), "home").filter(pl.col("raw").list.len() > 0)
        values = filled.explode("raw")
    home = pl.col("home") if scheme in _NEED_COUNTRY else pl.lit(None, dtype=pl.String)
    return values.select("rid", pl.lit(scheme).alias("scheme"), "raw", home.alias("country"))
