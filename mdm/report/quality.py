"""Measures what the sources deliver: fill rates, values that are no evidence, and wrong identifiers."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.records import MULTI_ROLES, conform
from mdm.report.facts import IDENTIFIERS, QUALITY

DELIVERED_AS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name", "given_name", "family_name", "legal_name"),
    "street": ("street", "full_address"),
    "postcode": ("postcode", "full_address"),
    "city": ("city", "full_address"),
    "country": ("country", "full_address"),
    "phone": ("phone",),
    "email": ("email",),
    "website": ("website",),
    "vat": ("vat",),
    "tax_id": ("tax_id",),
    "register_no": ("register_no",),
    "lei": ("lei",),
    "duns": ("duns",),
    "iban": ("iban",),
    "passport": ("passport",),
    "driving_licence": ("driving_licence",),
    "birth_date": ("birth_date",),
}
"""Attribute -> the roles of which any may deliver it, in the order in which a person reads them."""

STANDARD_COLUMN: Final = {
    **{name: name for name in ("name", "street", "postcode", "city", "country", "birth_date")},
    "phone": "phones",
    "email": "emails",
    "website": "domains",
}
"""Attribute -> the column of the standard record that holds its evidence."""

SCHEME: Final = {
    "vat": "vat",
    "tax_id": "tax",
    "register_no": "reg",
    "lei": "lei",
    "duns": "duns",
    "iban": "iban",
    "passport": "passport",
    "driving_licence": "licence",
}
"""Attribute -> the scheme of its identifiers."""


def fill_rates(standard: pl.DataFrame, mapped: pl.DataFrame | None, *, order: list[str]) -> pl.DataFrame:
    """QUALITY, with systems in the given order; attributes that no source delivers are left out.

    A value is usable when its standard form is not empty: placeholders, wrong identifiers and unreadable values are
    not. Without `mapped` an attribute counts as delivered where its standard form, right or wrong, exists.
    """
    usable = standard.group_by("system").agg(
        pl.len().alias("records"), *(_usable(name).sum().alias(name) for name in DELIVERED_AS)
    )
    source = standard if mapped is None else mapped
    seen = _seen if mapped is None else _delivered
    delivered = source.group_by("system").agg(seen(name).sum().alias(name) for name in DELIVERED_AS)
    counted = (
        _long(usable, "usable")
        .join(_long(delivered.with_columns(records=pl.lit(0)), "delivered").drop("records"), on=["system", "attribute"])
        .filter(pl.col("delivered").max().over("attribute") > 0)
        # An address in one field may give a city that no column of its own delivers; more than it has none can use.
        .with_columns(pl.min_horizontal("usable", "delivered").alias("usable"))
        .sort(_place("system", order), _place("attribute", list(DELIVERED_AS)))
    )
    return conform(counted, QUALITY, "data quality")


def usable_shares(standard: pl.DataFrame, mapped: pl.DataFrame) -> pl.DataFrame:
    """QUALITY over all systems together: a row for each attribute that any of them delivers, without the system."""
    by_system = fill_rates(standard, mapped, order=[])
    return by_system.group_by("attribute", maintain_order=True).agg(pl.col("records", "delivered", "usable").sum())


def count_identifiers(standard: pl.DataFrame) -> pl.DataFrame:
    """IDENTIFIERS: for each system and scheme the records that have one, and those that have a wrong one."""
    columns = {"identifiers": False, "invalid_identifiers": True}
    found = [
        standard.lazy()
        .select("rid", "system", one=column)
        .explode("one")
        .drop_nulls("one")
        .select("rid", "system", pl.col("one").str.extract("^([^:]*)").alias("scheme"), pl.lit(wrong).alias("wrong"))
        for column, wrong in columns.items()
    ]
    records = pl.concat(found).group_by("system", "scheme", "rid").agg(pl.col("wrong").any())
    counted = records.group_by("system", "scheme").agg(records=pl.len(), invalid=pl.col("wrong").sum())
    return conform(counted.sort("system", "scheme").collect(), IDENTIFIERS, "identifiers")


def _usable(attribute: str) -> pl.Expr:
    if attribute in SCHEME:
        return _has_scheme("identifiers", SCHEME[attribute])
    column = STANDARD_COLUMN[attribute]
    return pl.col(column).list.len() > 0 if column.endswith("s") else pl.col(column).is_not_null()


def _seen(attribute: str) -> pl.Expr:
    """Whether the standard record knows the attribute at all, be it right or wrong."""
    if attribute in SCHEME:
        return _usable(attribute) | _has_scheme("invalid_identifiers", SCHEME[attribute])
    return _usable(attribute)


def _delivered(attribute: str) -> pl.Expr:
    return pl.any_horizontal(
        pl.col(role).list.len() > 0 if role in MULTI_ROLES else pl.col(role).is_not_null()
        for role in DELIVERED_AS[attribute]
    )


def _has_scheme(column: str, scheme: str) -> pl.Expr:
    return pl.col(column).list.eval(pl.element().str.starts_with(f"{scheme}:")).list.any().fill_null(False)


def _long(wide: pl.DataFrame, value: str) -> pl.DataFrame:
    return wide.unpivot(index=["system", "records"], variable_name="attribute", value_name=value)


def _place(column: str, order: list[str]) -> pl.Expr:
    return pl.col(column).replace_strict(order, range(len(order)), default=len(order), return_dtype=pl.Int64)
