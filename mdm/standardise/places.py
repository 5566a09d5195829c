"""Cities and regions: one name for a city of many names, without districts; states by their letters."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from mdm.standardise.text import fold_text
from mdm.standardise.wordlists import word_list

_BESIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DISTRICT: Final = re.compile(
    r"(?:\d\w*|cedex|arrondissement|bezirk|[ivx]+(?: ker(?:ulet)?)?|sector(?:ul)?|distr(?:ict|ikt)?)"
)
_WORDS: Final = {
    "st": "saint",
    "ste": "sainte",
    "sankt": "saint",
    "ft": "fort",
    "mt": "mount",
    "sint": "saint",
    "szent": "saint",
}


@cache
def _cities() -> dict[str, str]:
    lists = word_list("places")["cities"]
    return {
        fold_text(other): fold_text(canonical) for canonical, others in lists.items() for other in (canonical, *others)
    }


@cache
def _regions() -> dict[str, dict[str, str]]:
    lists = word_list("places")["regions"]
    return {
        country: {fold_text(n): code.lower() for code, names in states.items() for n in (code, *names)}
        for country, states in lists.items()
    }


def fold_city(raw: str) -> str:
    """The match key of a city: folded, without brackets, districts and their numbers, exonyms in one form.

    'München', 'Munich' and 'Muenchen' are one; so are 'Paris 15e', 'PARIS CEDEX 08' and 'Paris'. What stands behind
    a comma is left out. Folding twice equals folding once.
    """
    city = fold_text(_BESIDE.sub(" ", raw).partition(",")[0]) or fold_text(raw)
    for _ in range(3):
        found = _cities().get(city)
        if found is not None:
            return found
        words = city.split()
        kept = [_WORDS.get(w, w) for at, w in enumerate(words) if at == 0 or not _DISTRICT.fullmatch(w)]
        if len(kept) > 1 and kept[0].isdigit():
            kept = kept[1:]
        if kept == words:
            break
        city = " ".join(kept)
    return city


def fold_region(raw: str, country: str | None) -> str:
    """The match key of a region: the state's letters in countries where these are usual, else the folded name."""
    folded = fold_text(raw)
    return _regions().get(country or "", {}).get(folded, folded)
