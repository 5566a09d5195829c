"""What an exchange adds to the name of a listed company: the kind of its shares, their currency and their par value."""

from __future__ import annotations

import re
from typing import Final

_CURRENCIES: Final = "DL|EO|LS|HD|SF|YN|YC|NK|SK|DK|ZY|KC|IR|RC|AD|CD|BA|RB|MK|RK|TN|IS|FT|LT|BP|NZ|TRY|PLN"
_SHARES: Final = (
    r"(?:(?:un)?sp(?:onsored|\.)?\s?|unsp\.)?(?:adr|gdr|ads)s?(?:\s?/?[\d/]*)?"
    r"|(?:class|cl\.?|series|ser\.?)\s(?:[a-z]|[1-9])(?:\s(?:ordinary|common))?(?:\s(?:shares|stock|shs))?"
    r"|(?:ordinary|common|registered|preferred|preference|ord|reg|pref)\.?\s(?:shares|stock|shs)"
    r"|(?:ord|shs|inh|vz|vzo|mifid eligible security)\.?"
)
_SUFFIX: Final = re.compile(
    rf"(?:\s+|(?<=[A-Z.]{{2}}))(?:{_CURRENCIES})\s?-?\s?[\d,./]+$"
    r"|\s*-?,\d+$"
    r"|\s(?:NA|INH\.?|VZO?|ST|NAM\.|N\.|Z)?\s?(?:O\.\s?N\.|ON)$"
    rf"|\s(?i:{_SHARES})$"
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
    }
)


def strip_security(text: str) -> str:
    """The name without that: 'NEWMONT CORP. DL 1,60', 'Airbnb, Inc. Class A', 'ADIDAS AG NA O.N.'."""
    for _ in range(2):
        if not _may_end_so(text):
            break
        bare = _SUFFIX.sub("", text).rstrip()
        if bare == text or not bare:
            break
        text = bare
    return text


def _may_end_so(text: str) -> bool:
    """A quick look at the last word, because few names of customers end so."""
    if text[-1:].isdigit():
        return True
    last = text[-9:].rsplit(None, 1)[-1:]
    return bool(last) and (len(last[0]) == 1 or last[0].lower().rstrip(".") in _LAST_WORDS)
