"""Telephone numbers to E.164, in columns: calling codes, trunk prefixes and possible lengths come from phonenumbers."""

from __future__ import annotations

from functools import cache
from typing import Final

import phonenumbers
import polars as pl
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_EXTENSION: Final = (
    r"\s*(?:ext\.?|extension|extn\.?|xt|x|durchwahl|dw|poste|toestel|tst|anexo|ramal|int\.?|#|;ext=)"
    r"\s*[:.]?\s*\d{1,6}\s*$"
)
_SEQUENCES: Final = [
    s[:n] for s in ("12345678901234", "01234567890123", "98765432109876", "09876543210987") for n in range(5, 15)
]
_SHORTEST: Final = 5
_ANY_LENGTH: Final = sum(1 << n for n in range(5, 16))

REGION_SCHEMA: Final = {
    "region": pl.String,
    "code": pl.String,
    "trunk": pl.String,
    "abroad": pl.String,
    "lengths": pl.Int64,
    "special": pl.Boolean,
}


@cache
def region_table() -> pl.DataFrame:
    """For each region: calling code, trunk prefix, prefix for calls abroad, possible lengths of the national number
    (bit n for n digits), and whether its national form follows rules of its own.
    """
    rows = []
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        for region in regions:
            if region == "001":
                continue
            data = PhoneMetadata.metadata_for_region(region)
            if data is None or data.general_desc is None:
                continue
            abroad = data.international_prefix or ""
            rows.append(
                {
                    "region": region,
                    "code": str(code),
                    "trunk": data.national_prefix or "",
                    "abroad": abroad if abroad.isdigit() else ("810" if region in {"RU", "KZ"} else "00"),
                    "lengths": sum(1 << int(n) for n in data.general_desc.possible_length),
                    "special": data.national_prefix_transform_rule is not None,
                }
            )
    return pl.DataFrame(rows, schema=REGION_SCHEMA).unique("region", keep="first", maintain_order=True)


def phone_keys(frame: pl.DataFrame) -> pl.Series:
    """The match key of each `phone` with its `region` (ISO alpha-2 or null), row for row.

    E.164 where the country is told by the number or the region, else the digits. Null: fewer than five digits, one
    digit all through, a run such as 123456789, or six zeros at the end. Extensions are left out.
    """
    distinct = frame.select("phone", "region").unique()
    keyed = _by_columns(distinct)
    hard = keyed.filter(pl.col("hard"))
    asked = _settled([_ask_library(phone, region) for phone, region in hard.select("phone", "region").iter_rows()])
    table = pl.concat(
        [
            keyed.filter(~pl.col("hard")).select("phone", "region", "key"),
            hard.select("phone", "region", asked),
        ]
    )
    joined = frame.select("phone", "region").join(
        table, on=["phone", "region"], how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["key"].rename("phone")


def _settled(asked: list[str | None]) -> pl.Series:
    """The numbers of the library as the columns write them: it keeps zeros that a number cannot begin with."""
    frame = pl.DataFrame(
        {"phone": asked, "region": [None] * len(asked)}, schema={"phone": pl.String, "region": pl.String}
    )
    known = frame.unique()
    read = _by_columns(known).select("phone", "key", own="hard")
    joined = frame.join(read, on="phone", how="left", nulls_equal=True, maintain_order="left")
    international = pl.col("phone").str.starts_with("+") & ~pl.col("own")
    return joined.select(key=pl.when(international).then("key").otherwise("phone"))["key"]


def _by_columns(distinct: pl.DataFrame) -> pl.DataFrame:
    regions = region_table()
    main = regions.unique("code", keep="first", maintain_order=True).select(
        "code", pl.col("trunk").alias("code_trunk"), pl.col("lengths").alias("code_lengths")
    )
    codes = "|".join(str(c) for c in sorted(COUNTRY_CODE_TO_REGION_CODE))
    text = pl.col("phone").str.normalize("NFKC").str.to_lowercase().str.strip_chars().str.replace(_EXTENSION, "")
    raw = text.str.replace("(0)", "", literal=True).str.replace(
        r"^(?:tel|phone|ph|fon|t|p|m|mob|mobile|fax|f)[.:]?\s*", ""
    )
    frame = distinct.with_columns(raw.alias("raw")).with_columns(
        pl.col("raw").str.replace_all(r"[^0-9]", "").alias("digits"),
        pl.col("raw").str.contains(r"^[^0-9]{0,3}\+").alias("plus"),
        pl.col("raw").str.contains(r"[a-z]{3}").alias("letters"),
    )
    frame = frame.join(regions, on="region", how="left", maintain_order="left")
    digits, abroad, code, trunk = pl.col("digits"), pl.col("abroad").fill_null("00"), pl.col("code"), pl.col("trunk")
    own_code = code.is_not_null() & digits.str.starts_with(code) & (trunk != "") & (trunk != "1")
    frame = frame.with_columns(
        pl.when(pl.col("plus"))
        .then(digits.str.strip_prefix("00"))
        .when(digits.str.starts_with(abroad) & (digits.str.len_bytes() > 9))
        .then(digits.str.strip_prefix(abroad))
        .when(digits.str.starts_with("00") & (digits.str.len_bytes() > 9))
        .then(digits.str.strip_prefix("00"))
        .when(own_code & (digits.str.len_bytes() >= code.str.len_bytes() + 8))
        .then(digits)
        .alias("world")
    ).with_columns(pl.col("world").str.extract(f"^({codes})").alias("world_code"))
    frame = frame.join(main, left_on="world_code", right_on="code", how="left", maintain_order="left")
    frame = frame.with_columns(
        _without_trunk(pl.col("world").str.strip_prefix(pl.col("world_code")), "code_trunk", "code_lengths").alias(
            "world_number"
        ),
        _without_trunk(pl.when(code.is_not_null()).then(digits), "trunk", "lengths").alias("national"),
    )
    world_fits = pl.col("world_code").is_not_null() & _fits(pl.col("world_number"), "code_lengths")
    national_fits = pl.col("world").is_null() & _fits(pl.col("national"), "lengths")
    number = pl.when(world_fits).then("world_number").when(national_fits).then("national").otherwise("digits")
    prefix = (
        pl.when(world_fits).then("+" + pl.col("world_code")).when(national_fits).then("+" + code).otherwise(pl.lit(""))
    )
    once_more = (
        pl.when(world_fits)
        .then(_without_trunk(pl.col("world_number"), "code_trunk", "code_lengths"))
        .when(national_fits)
        .then(_without_trunk(pl.col("national"), "trunk", "lengths"))
        .otherwise("digits")
    )
    hard = pl.col("letters") | (pl.col("special").fill_null(False) & ~world_fits & pl.col("region").is_not_null())
    return frame.with_columns(number.alias("number")).select(
        "phone",
        "region",
        (hard & (digits != "")).fill_null(False).alias("hard"),
        # No number goes on with a trunk prefix behind its trunk prefix.
        pl.when(~_bogus(pl.col("number")) & (once_more == pl.col("number")))
        .then(prefix + pl.col("number"))
        .alias("key"),
    )


def _without_trunk(number: pl.Expr, trunk: str, lengths: str) -> pl.Expr:
    """The number without its trunk prefix, where it has one and is a possible number without it."""
    bare = number.str.strip_prefix(pl.col(trunk).fill_null(""))
    return (
        pl.when(number.str.starts_with(pl.col(trunk)) & (pl.col(trunk) != "") & _fits(bare, lengths))
        .then(bare)
        .otherwise(number)
    )


def _fits(number: pl.Expr, lengths: str) -> pl.Expr:
    size = number.str.len_bytes().cast(pl.Int64)
    bit = pl.lit(2, dtype=pl.Int64).pow(size.clip(0, 20)).cast(pl.Int64)
    return ((pl.col(lengths).fill_null(_ANY_LENGTH) // bit) % 2 == 1).fill_null(False) & (size >= _SHORTEST)


def _bogus(number: pl.Expr) -> pl.Expr:
    same = number.str.strip_chars_start(number.str.head(1)) == ""
    return (number.str.len_bytes() < _SHORTEST) | same | number.is_in(_SEQUENCES) | number.str.contains("0{6}$|^0*$")


def _ask_library(phone: str, region: str | None) -> str | None:
    """What phonenumbers reads, for letters and for regions whose national form follows rules of its own."""
    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = "".join(c for c in phone if c in "0123456789")
    return digits if len(digits) >= _SHORTEST and len(set(digits)) > 1 and digits not in _SEQUENCES else None
