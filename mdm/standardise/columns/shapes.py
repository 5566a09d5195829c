"""What values look like: patterns for text of each kind, and the few words that are told by a list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale

from mdm.standardise.columns.headers import fold

LEGAL_FORMS: Final = (
    r"(?i)(^|[\s,.(])(gmbh|ag|kg|kgaa|ohg|gbr|e\.?\s?k\.?|ug|mbh|e\.?v\.?|se|inc|incorporated|corp|corporation|ltd|"
    r"limited|llc|llp|plc|pty|co|company|b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|s\.?a\.?|s\.?a\.?s\.?|s\.?a\.?r\.?l\.?|eurl|"
    r"sasu|sci|s\.?l\.?|s\.?l\.?u\.?|s\.?a\.?u\.?|s\.?p\.?a\.?|s\.?r\.?l\.?|a/s|aps|ab|oyj?|as|asa|kft|zrt|d\.o\.o|"
    r"sp\.? z o\.?o|s\.?r\.?o|holding|group|bhd|k\.k|tbk|jsc|ooo)\.?([\s,.)]|$)"
)
DATES: Final = (
    r"(?i)^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([t ]\d{1,2}:.*)?|(18|19|20)\d{2}[01]\d[0-3]\d|"
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}([ ,].*)?|[a-z]{3,9}\.? \d{1,2},? \d{4}.*|\d{1,2}\.? \p{L}{3,10}\.? \d{4}.*|"
    r"/date\(.*|[12]\d{9}(\d{3})?|[1-5]\d{4}(\.\d+)?)$"
)
"""ISO, year first or last, with the month in words, Microsoft's JSON, seconds since 1970, and Excel's day numbers."""

EU_VAT: Final = (
    r"(?i)^(ATU\d{8}|BE ?[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE ?\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|"
    r"ES[A-Z\d]\d{7}[A-Z\d]|FI\d{8}|FR ?[A-Z\d]{2} ?\d{9}|GB(\d{9}|\d{12})|HR\d{11}|HU\d{8}|"
    r"IE\d[A-Z\d+*]\d{5}[A-Z]{1,2}|IT ?\d{11}|LT(\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL ?\d{9}B\d{2}|PL\d{10}|"
    r"PT\d{9}|RO\d{6,10}|SE\d{12}|SI\d{8}|SK\d{10}|CHE-?\d{3}\.?\d{3}\.?\d{3}.*)$"
)
"""VAT numbers country by country, tight enough to tell them from securities and articles."""

DOMAIN_ENDS: Final = (
    "com|net|org|info|biz|eu|de|at|ch|nl|be|lu|fr|es|pt|it|uk|ie|dk|se|no|fi|pl|cz|sk|hu|ro|us|ca|mx|br|au|jp|cn|in|io"
)
SHAPES: Final[Mapping[str, str]] = {
    "letters": r"\p{L}[\s\S]*\p{L}",
    "digits": r"[0-9]",
    "email": r"[^@\s<>]+@[^@\s<>]+\.\p{L}{2,}",
    "url": r"(?i)^(https?://|www\.)\S+\.\S+$",
    "domain": r"(?i)^([\p{L}0-9-]+\.)+\p{L}{2,24}(/\S*)?$",
    "known_domain": rf"(?i)^[a-z0-9-]+(\.[a-z0-9-]+)*\.({DOMAIN_ENDS})/?$",
    "date": DATES,
    "plain_integer": r"^[0-9]{5,}$",
    "dotted_phone": r"^(\+|00|\(?0)[1-9(][0-9 ()./-]{5,}$|^\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}$",
    "postcode": r"^[A-Za-z0-9][A-Za-z0-9 .-]{2,9}$",
    "lettered_postcode": r"(?i)^([A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d|[1-9]\d{3} [A-Z]{2})$",
    "five_digits": r"^[0-9]{5}(-[0-9]{4})?$",
    "category": r"^[123]$",
    "house": r"^[0-9]{1,5}\s?\p{L}?(\s?[-/+]\s?[0-9]{0,5}\s?\p{L}?)?$",
    "numbered_street": r"^\d+[a-zA-Z]?[ ,]+(.*\p{L}){3}|^(.*\p{L}){3}.*\s\d+\s?[a-zA-Z]?([-/]\d+\s?[a-zA-Z]?)?$",
    "whole_address": r"\p{L}[\s\S]*[,\n][\s\S]*\d{3,}|\d[\s\S]*[,\n][\s\S]*\p{L}",
    "vat": r"(?i)^[A-Z]{2}[ .-]?[0-9A-Z][0-9A-Z .-]{6,14}$",
    "eu_vat": EU_VAT,
    "iban": r"(?i)^[A-Z]{2}[0-9]{2}[ ]?([A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}$",
    "lei": r"(?i)^[A-Z0-9]{18}[0-9]{2}$",
    "duns": r"^[0-9]{2}-?[0-9]{3}-?[0-9]{4}$",
    "legal_form": LEGAL_FORMS,
    "words": r"^\S*\p{L}\S*(\s+\S+){1,7}$",
    "one_word": r"^\S{1,64}$",
}
"""Shape to pattern, in the dialect of Rust's regex crate."""

FLAGS: Final = (
    *("yes", "no", "true", "false", "0", "1", "x", "y", "n", "t", "f", "ja", "nein", "nee", "oui", "non", "si", "sí"),
)
KINDS: Final = (
    *("person", "organization", "organisation", "company", "individual", "business", "private", "firma", "unternehmen"),
    *("privat", "privatperson", "persoon", "bedrijf", "organisatie", "particulier", "personne", "societe", "société"),
    *("entreprise", "persona", "empresa", "natürlich", "juristisch", "b2b", "b2c", "physique", "morale"),
    *(
        "fisica",
        "física",
        "juridica",
        "jurídica",
        "consumer",
        "partnership",
        "privatkunde",
        "geschäftskunde",
        "firmenkunde",
        "corporate",
        "corporation",
    ),
)
COUNTRY_ALIASES: Final = frozenset(
    {
        *("usa", "u.s.a.", "united states of america", "uk", "great britain", "england", "scotland", "brd", "d"),
        *("turkey", "holland", "russia", "korea", "south korea", "republic of korea", "czech republic", "viet nam"),
        *("hong kong", "macau", "taiwan", "ivory coast", "macedonia", "swaziland", "burma", "deu", "aut", "che", "nld"),
        *("bel", "fra", "esp", "gbr", "ita", "pol", "prt", "lux", "irl", "dnk", "swe", "nor", "fin", "can", "mex"),
        *("bra", "aus", "jpn", "chn", "ind", "sgp"),
    }
)


@cache
def country_codes() -> tuple[str, ...]:
    """ISO 3166-1 codes of two letters, in capitals."""
    return tuple(sorted(_territories("en").keys() - {"ZZ", "QO", "EU", "UN", "EZ", "XA", "XB"}))


@cache
def country_names() -> tuple[str, ...]:
    """Names of countries in five languages and a few codes of three letters, in small letters."""
    spoken = [_territories(language) for language in ("en", "de", "nl", "fr", "es")]
    names = {names[code].lower() for names in spoken for code in country_codes() if code in names}
    return tuple(sorted(names | {fold(name) for name in names} | COUNTRY_ALIASES))


def _territories(language: str) -> dict[str, str]:
    found = Locale(language).territories.items()
    return {str(code): str(name) for code, name in found if len(str(code)) == 2 and str(code).isalpha()}
