"""Countries: any usual name or code to its two letters of ISO 3166-1."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global

from mdm.standardise.text import fold_text
from mdm.standardise.wordlists import word_list

LANGUAGES: Final = (
    "en",
    "de",
    "nl",
    "fr",
    "es",
    "it",
    "pl",
    "cs",
    "pt",
    "sv",
    "da",
    "nb",
    "fi",
    "hu",
    "ro",
    "sk",
    "tr",
    "ru",
    "ja",
    "zh",
    "ko",
)
_NOT_ALPHA_2: Final = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})


@cache
def country_names() -> dict[str, str]:
    """Folded name or code to ISO 3166-1 alpha-2: names in many languages, alpha-3 and numeric codes, short forms."""
    codes = [c for c in map(str, Locale("en").territories) if len(c) == 2 and c.isalpha() and c not in _NOT_ALPHA_2]
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code in codes:
            name = Locale(language).territories.get(code)
            if name:
                found.setdefault(fold_text(name), code)
    for alias, now in get_global("territory_aliases").items():
        if len(now) == 1 and now[0] in codes and (alias.isdigit() or len(alias) == 3):
            found.setdefault(alias.lower(), now[0])
    found.update({code.lower(): code for code in codes})
    found.update({fold_text(n): code for code, names in word_list("countries")["names"].items() for n in names})
    found.pop("", None)
    return found


@cache
def country_words() -> frozenset[str]:
    """Folded names of countries, without their codes."""
    return frozenset(name for name in country_names() if len(name) > 3)


def country_code(text: str) -> str | None:
    """The two letters of a country by its name or code in any usual form; null when it is none."""
    folded = fold_text(text)
    names = country_names()
    code = names.get(folded) or names.get(folded.removeprefix("the ").replace(" and ", " "))
    return code or names.get(folded.replace(" ", "")) if len(folded) < 80 else None
