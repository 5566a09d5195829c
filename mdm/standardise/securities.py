"""What an exchange adds to the name of a listed company: the kind of its shares, their currency and their par value."""

from __future__ import annotations

import re
from typing import Final

_CURRENCIES: Final = (
    "DL|EO|LS|HD|SF|YN|YC|NK|SK|DK|ZY|KC|IR|RC|AD|CD|BA|RB|MK|RK|TN|IS|FT|LT|BP|NZ|TRY|PLN|RL|RP|UF|SD|SW|TD"
)
_RECEIPT: Final = (
    r"(?:(?:un)?sp(?:on|ons|onsored)?\.?\s?)?(?:adr|gdr|ads)s?(?:\s?/?[\d/]*)?(?:\s?\(.*|\sreg\s?s)?|gds\s?\(.*"
)
"""A depositary receipt, how many shares it stands for, and what else is said of it."""
_SHARES: Final = (
    rf"{_RECEIPT}"
    r"|(?:class|cl\.?|series|ser\.?)\s(?:[a-z]|[1-9])(?:\s(?:ordinary|common))?(?:\s(?:shares|stock|shs))?"
    r"|(?:ordinary|common|registered|preferred|preference|ord|reg|pref)\.?\s(?:shares?|stock|shs?|s)"
    r"|(?:ord|shs|inh|vz|vzo|pref|regs|mifid eligible security)\.?|n[ao]m\.|-(?:fgn|nvdr)-"
    r"|(?:[a-z]|ab)[\s-][a-z]\s(?:shares?|shs)"
)
_SUFFIX: Final = re.compile(
    rf"(?:\s+|(?<=[A-Z./]{{2}})|(?<=\d/))(?:{_CURRENCIES})\s?-?\s?[\d,./]+-?$"
    r"|\s*-?,\d+$"
    r"|\s(?:NA|INH\.?|VZO?|ST|NAM\.|N\.|Z)?\s?(?:O\.\s?N\.|ON)$"
    rf"|(?:\s|(?<=[a-zA-Z]\.))(?i:{_SHARES})$"
)
_LAST_WORDS: Final = frozenset(
    {
        "on",
        "o.n",
        "n",
        "adr",
        "adrs",
        "gdr",
        "gdrs",
        "ads",
        "adss",
        "shares",
        "stock",
        "shs",
        "ord",
        "inh",
        "vz",
        "vzo",
        "security",
        "pref",
        "regs",
        "nam",
        "nom",
        "-fgn-",
        "-nvdr-",
        "sh",
        "share",
    }
)
_MOST_SUFFIXES: Final = 4
_RECEIPT_BEFORE: Final = re.compile(r"(?i)\b(?:adr|gdr|ads|gds)s?\b")


def strip_security(text: str) -> str:
    """The name without that: 'NEWMONT CORP. DL 1,60', 'Airbnb, Inc. Class A', 'ADIDAS AG NA O.N.'."""
    for _ in range(_MOST_SUFFIXES):
        if not _may_end_so(text):
            break
        bare = _SUFFIX.sub("", text).rstrip()
        if bare == text or not bare:
            break
        text = bare
    return text


def _may_end_so(text: str) -> bool:
    """A quick look at the last word, because few names of customers end so."""
    end = text[-9:]
    if end[-1:].isdigit() or end.endswith(",-"):
        return True
    last = end.rsplit(None, 1)[-1:]
    if not last:
        return False
    short = len(last[0]) == 1 or last[0].lower().rstrip(".") in _LAST_WORDS
    return short or _RECEIPT_BEFORE.search(text[-20:]) is not None
