"""Measures what the values of each column look like: shares of its distinct values, all columns at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from babel import Locale

from mdm.standardise.columns.blanks import trimmed
from mdm.standardise.columns.headers import fold

MOST_DISTINCT: Final = 200
"""Distinct values looked at in each column, picked evenly from all in order: enough for shares, the same every time."""

LEGAL_FORMS: Final = (
    r"(?i)(^|[\s,.(])(gmbh|ag|kg|kgaa|ohg|gbr|e\.?\s?k\.?|ug|mbh|e\.?v\.?|se|inc|incorporated|corp|corporation|ltd|limited|"
    r"llc|llp|plc|pty|co|company|b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|s\.?a\.?|s\.?a\.?s\.?|s\.?a\.?r\.?l\.?|eurl|sasu|sci|"
    r"s\.?l\.?|s\.?l\.?u\.?|s\.?a\.?u\.?|s\.?p\.?a\.?|s\.?r\.?l\.?|a/s|aps|ab|oyj?|as|asa|kft|zrt|d\.o\.o|sp\.? z o\.?o|"
    r"s\.?r\.?o|a\.?s|holding|group|bhd|k\.k|tbk|jsc|ooo)\.?([\s,.)]|$)"
)
DATES: Final = (
    r"(?i)^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([t ]\d{1,2}:.*)?|(18|19|20)\d{2}[01]\d[0-3]\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}([ ,].*)?|"
    r"[a-z]{3,9}\.? \d{1,2},? \d{4}.*|\d{1,2}\.? [a-zé]{3,10}\.? \d{4}.*|/date\(.*|[12]\d{9}(\d{3})?|[1-5]\d{4}(\.\d+)?)$"
)
DOMAIN_ENDS: Final = (
    "com|net|org|info|biz|eu|de|at|ch|nl|be|lu|fr|es|pt|it|uk|ie|dk|se|no|fi|pl|cz|sk|hu|ro|us|ca|mx|br|au|jp|cn|in|io"
)
SHAPES: Final[Mapping[str, str]] = {
    "letters": r"\p{L}.*\p{L}",
    "digits": r"[0-9]",
    "email": r"[^@\s<>]+@[^@\s<>]+\.\p{L}{2,}",
    "url": r"(?i)^(https?://|www\.)\S+\.\S+$",
    "domain": r"(?i)^([\p{L}0-9-]+\.)+\p{L}{2,24}(/\S*)?$",
    "known_domain": rf"(?i)^[a-z0-9-]+(\.[a-z0-9-]+)*\.({DOMAIN_ENDS})/?$",
    "date": DATES,
    "dotted_phone": r"^(\+|00|\(?0)[1-9(][0-9 ()./–-]{5,}$|^\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}$",
    "postcode": r"^[A-Za-z0-9][A-Za-z0-9 .–-]{2,9}$",
    "lettered_postcode": r"(?i)^([A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}|[A-Z][0-9][A-Z] [0-9][A-Z][0-9]|[1-9][0-9]{3} [A-Z]{2})$",
    "five_digits": r"^[0-9]{5}(-[0-9]{4})?$",
    "house": r"^[0-9]{1,5}\s?\p{L}?(\s?[-/–+]\s?[0-9]{0,5}\s?\p{L}?)?$",
    "numbered_street": r"^\d+[a-zA-Z]?[ ,]+(.*\p{L}){3}|^(.*\p{L}){3}.*\s\d+\s?[a-zA-Z]?([-/]\d+\s?[a-zA-Z]?)?$",
    "whole_address": r"\p{L}[\s\S]*[,\n][\s\S]*\d{3,}|\d[\s\S]*[,\n][\s\S]*\p{L}",
    "vat": r"(?i)^[A-Z]{2}[ .-]?[0-9A-Z][0-9A-Z .-]{6,14}$",
    "iban": r"(?i)^[A-Z]{2}[0-9]{2}[ ]?([A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}$",
    "lei": r"(?i)^[A-Z0-9]{18}[0-9]{2}$",
    "duns": r"^[0-9]{2}-?[0-9]{3}-?[0-9]{4}$",
    "plain_number": r"^-?[0-9][0-9.,']*$",
    "legal_form": LEGAL_FORMS,
    "words": r"^\S*\p{L}\S*(\s+\S+){1,7}$",
    "one_word": r"^\S{1,64}$",
}
FLAGS: Final = (
    "yes",
    "no",
    "true",
    "false",
    "0",
    "1",
    "x",
    "y",
    "n",
    "t",
    "f",
    "ja",
    "nein",
    "nee",
    "oui",
    "non",
    "si",
    "sí",
)
KINDS: Final = tuple(
    "person organization organisation company individual business private firma unternehmen privat privatperson persoon "
    "bedrijf organisatie particulier personne societe société entreprise particulier persona empresa natuerlich natürlich "
    "juristisch b2b b2c physique morale fisica física juridica jurídica consumer partnership".split()
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One column's values. `filled` marks the rows with a value; `shares` are of the distinct values looked at."""

    filled: np.ndarray[tuple[int], np.dtype[np.bool_]]
    distinct: int
    shares: Mapping[str, float]

    @property
    def rows(self) -> int:
        return int(self.filled.sum())

    def share(self, shape: str) -> float:
        return self.shares.get(shape, 0.0)


def profile_columns(texts: pl.DataFrame) -> dict[str, Profile]:
    """The profile of every column of an all-text frame; neither the order of rows nor of columns matters."""
    values = texts.select(trimmed(name) for name in texts.columns)
    samples = [values[name].drop_nulls().unique().sort() for name in values.columns]
    shares = _shares(samples)
    return {
        name: Profile(values[name].is_not_null().to_numpy(), samples[i].len(), shares.get(i, {}))
        for i, name in enumerate(values.columns)
    }


def _shares(samples: list[pl.Series]) -> dict[int, dict[str, float]]:
    """Shares by position of the column, over at most MOST_DISTINCT of its distinct values."""
    picked = [s.gather_every(max(1, -(-s.len() // MOST_DISTINCT))) for s in samples]
    lengths = [s.len() for s in picked]
    if not sum(lengths):
        return {}
    text = pl.concat([s.rename("text") for s in picked if s.len()])
    column = np.repeat(np.arange(len(picked), dtype=np.int32), lengths)
    long = pl.DataFrame({"column": column, "text": text}).with_columns(short=pl.col("text").str.slice(0, 200))
    measured = long.lazy().select("column", *_measures(), ibans=_checked("iban"), leis=_checked("lei")).collect()
    means = measured.group_by("column").agg(pl.exclude("column").mean())
    return {row.pop("column"): row for row in means.iter_rows(named=True)}


def _measures() -> list[pl.Expr]:
    text, digits = pl.col("short"), pl.col("short").str.count_matches("[0-9]")
    letters, folded = pl.col("short").str.count_matches(r"\p{L}"), pl.col("short").str.to_lowercase()
    shapes = {name: text.str.contains(pattern) for name, pattern in SHAPES.items()}
    no_date = ~shapes["date"] | text.str.contains(r"^[0-9]{5,}$")
    codes, names = country_words()
    return [
        *(expr.alias(name) for name, expr in shapes.items() if name not in {"postcode", "vat"}),
        (digits.is_between(5, 20) & (letters <= 6) & no_date).alias("phone"),
        (shapes["postcode"] & (digits >= 2)).alias("postcode"),
        (shapes["vat"] & (digits >= 7) & text.str.slice(0, 2).str.to_uppercase().is_in(codes)).alias("vat"),
        ((digits >= 5) & (letters <= 6)).alias("mostly_digits"),
        (folded.is_in(names) | text.str.to_uppercase().is_in(codes)).alias("country"),
        folded.is_in(names).alias("country_name"),
        folded.is_in(FLAGS).alias("flag"),
        folded.str.split(" ").list.set_intersection(list(KINDS)).list.len().gt(0).alias("kind"),
        (pl.col("text").str.len_chars() > 100).alias("long"),
    ]


def _checked(shape: str) -> pl.Expr:
    """Whether a value has the shape and its ISO 7064 remainder modulo 97 is 1, as an IBAN's and an LEI's is."""
    text = pl.when(pl.col("short").str.contains(SHAPES[shape])).then(pl.col("short").str.replace_all(" ", ""))
    turned = text if shape == "lei" else text.str.slice(4) + text.str.slice(0, 4)
    return turned.map_elements(_is_97_1, return_dtype=pl.Boolean).fill_null(value=False)


def _is_97_1(text: str) -> bool:
    digits = "".join(str(int(c, 36)) for c in text.upper() if c.isascii() and c.isalnum())
    return bool(digits) and int(digits) % 97 == 1


@lru_cache(maxsize=1)
def country_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISO codes of two letters in capitals, and names (also codes of three letters) in small letters, five languages."""
    territories = [Locale(language).territories for language in ("en", "de", "nl", "fr", "es")]
    codes = sorted(code for code in territories[0] if len(code) == 2 and code.isalpha() and code not in {"ZZ", "QO"})
    names = {t[code].lower() for t in territories for code in codes if code in t}
    names |= {fold(name) for name in names} | set(COUNTRY_ALIASES)
    return tuple(codes), tuple(sorted(names))


COUNTRY_ALIASES: Final = tuple(
    "usa,u.s.a.,uk,great britain,england,scotland,turkey,holland,russia,south korea,korea,czech republic,hong kong,macau,"
    "taiwan,brd,deutschland,united states of america,deu,aut,che,nld,bel,fra,esp,gbr,ita,pol,prt,lux,irl,dnk,swe,nor,fin,"
    "can,mex,bra,aus,jpn,chn,ind,sgp,d,republic of korea,viet nam,ivory coast,macedonia,swaziland,burma".split(",")
)
