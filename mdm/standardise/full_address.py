"""Addresses in one field: street, postcode, city, region and country told apart by simple rules."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from mdm.standardise.countries import country_code
from mdm.standardise.text import fold_text

_PARTS: Final = re.compile(r"\s*[,;\n\r|]\s*|\s+-\s+")
_POSTCODES: Final[dict[str, str]] = {
    "GB": r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}",
    "IE": r"[A-Z]\d[\dW]\s?[A-Z\d]{4}",
    "CA": r"[A-Z]\d[A-Z]\s?\d[A-Z]\d",
    "NL": r"\d{4}\s?[A-Z]{2}",
    "US": r"\d{5}(?:-\d{4})?",
    "BR": r"\d{5}-?\d{3}",
    "JP": r"〒?\d{3}-\d{4}",
    "PT": r"\d{4}-\d{3}",
    "PL": r"\d{2}-\d{3}",
    "SE": r"(?:SE?-)?\d{3}\s?\d{2}",
    "CZ": r"\d{3}\s?\d{2}",
    "SK": r"\d{3}\s?\d{2}",
    "GR": r"\d{3}\s?\d{2}",
    **dict.fromkeys(
        ("DE", "FR", "IT", "ES", "FI", "MX", "TR", "KR", "MY", "UA", "HR", "EE", "TH", "LT", "RS"),
        r"(?:[A-Z]{1,2}-)?\d{5}",
    ),
    **dict.fromkeys(
        ("AT", "CH", "BE", "DK", "NO", "HU", "LU", "SI", "BG", "AU", "NZ", "ZA", "LV", "PH", "CY"),
        r"(?:[A-Z]{1,2}-)?\d{4}",
    ),
    **dict.fromkeys(("IN", "CN", "RU", "RO", "SG", "VN", "KZ", "CO"), r"\d{3}\s?\d{3}"),
}
_ANY: Final = (
    r"[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{5}-\d{3,4}|〒?\d{3}-\d{4}|\d{4}-\d{3}|\d{2}-\d{3}"
    r"|\d{4}\s[A-Z]{2}(?=\s[^\W\d_]{2})|(?:[A-Z]{1,2}-)?\d{4,6}"
)
_REGION_BEFORE: Final = re.compile(r"(?:^|\s)([A-Z]{2,3})\.?$")
_WORD: Final = re.compile(r"[^\W\d_]{2}")


class Address(NamedTuple):
    """The parts of an address as they were written; a part that was not found is empty. `country` is ISO alpha-2."""

    street: str
    postcode: str
    city: str
    region: str
    country: str


def split_address(raw: str, country: str | None) -> Address:
    """An address told apart: the country at the end, the postcode by the pattern of the country, the city beside it.

    Without anything to go by, the first part is the street and the last the city. `country` is that of the record.
    """
    parts = [part for part in _PARTS.split(raw.strip()) if part]
    named = (
        country_code(parts[-1])
        if len(parts) > 1 and _WORD.search(parts[-1]) and not _is_state(parts[-1], country)
        else None
    )
    parts = parts[:-1] if named else parts
    where = country or named
    found = _find_postcode(parts, where)
    if found is None:
        city = parts[-1] if len(parts) > 1 else ""
        return Address(", ".join(parts[: len(parts) - bool(city)]), "", city, "", where or "")
    at, postcode, before, behind = found
    region = _REGION_BEFORE.search(before)
    if region is not None:
        before = before[: region.start()].strip(" ,.")
    before = "" if fold_text(before) in {"", "d", "f", "i", "ch", "a"} else before
    if len(parts) == 1:
        return Address(before, postcode, behind, region[1] if region else "", where or "")
    city, rest = behind or before, parts[:at]
    if behind and before:
        rest = [*rest, before]
    if not city and len(rest) > 1:
        last_street = next((n for n, part in enumerate(rest) if re.search(r"\d", part)), 0)
        city_at = min(last_street + 1, len(rest) - 1)
        city, rest = rest[city_at], rest[:city_at]
    if not city and at + 1 < len(parts):
        city = parts[at + 1]
    return Address(", ".join(rest), postcode, city, region[1] if region else "", where or "")


def _find_postcode(parts: list[str], country: str | None) -> tuple[int, str, str, str] | None:
    """The part with the postcode, the postcode, and what stands before and behind it in that part: the last one that
    is not the house number at the start of the address.
    """
    pattern = re.compile(rf"(?<![\w-])(?:{_POSTCODES.get(country or '', _ANY)})(?![\w-])")
    for at in range(len(parts) - 1, -1, -1):
        for match in reversed(list(pattern.finditer(parts[at].upper()))):
            if at == 0 and match.start() == 0 and len(parts) > 1:
                continue
            if len(parts[at].upper()) != len(parts[at]):
                continue
            before, behind = parts[at][: match.start()].strip(" ,."), parts[at][match.end() :].strip(" ,.")
            return at, match[0], before, behind
    return None


def _is_state(part: str, country: str | None) -> bool:
    """Two letters at the end of an American address are a state, not a country (CA, DE, IN)."""
    return len(part) == 2 and country in {None, "US", "CA", "AU", "BR", "IN", "IT"}
