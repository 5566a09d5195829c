"""Legal forms: taken off the end of a name, or off its start where the habit of the country is so."""

from __future__ import annotations

import re
from typing import Final

from mdm.standardise.form_tables import NATIVE_WORD, FormTable, glued_forms, latin_forms, native_forms
from mdm.standardise.text import fold_text
from mdm.standardise.words import join_initials

_WEAK: Final = frozenset({"co", "cia"})
LONGEST_CUT: Final = 5
_SAYS_NOTHING: Final = frozenset({"and", "und", "et", "the"})
_EDGE: Final = " .,;:-\"'\u2013\u00ab\u00bb\u201c\u201d\u201e"
_NATIVE_LETTER: Final = re.compile("[\u0370-\u1dbf\u2c00-\u2dff\u3005-\U0003ffff]")


def strip_forms(words: list[str], table: FormTable) -> tuple[list[str], str | None]:
    """The words without the legal forms at their end, then at their start, and the code of the outermost one.

    'Company' alone names the form only when nothing stronger follows. A word that says something always stays, so a
    name that is nothing but a legal form keeps it.
    """
    code: str | None = None
    if words[-1:] and words[-1] not in table.last and (cut := _cut_at_end(words, table)):
        words, code = words[: -cut[0]], cut[1]
    while words[-1:] and words[-1] in table.last and (found := _at_end(words, table)):
        words, form = words[: -found[0]], found[1]
        code = form if code is None or code in _WEAK else code
    while words[:1] and words[0] in table.first and (found := _at_start(words, table)):
        words, form = words[found[0] :], found[1]
        code = form if code is None or code in _WEAK else code
    return words, code


def strip_glued_forms(text: str) -> tuple[str, str | None]:
    """Cleaned text without the forms that are written without a blank: 株式会社, (株), จำกัด."""
    code: str | None = None
    if not _NATIVE_LETTER.search(text):
        return text, None
    for form, form_code in glued_forms():
        if form in text:
            bare = text.strip(_EDGE)
            if form[0] == "(":
                bare = bare.replace(form, " ")
            bare = bare.removesuffix(form).rstrip(_EDGE).removeprefix(form).lstrip(_EDGE)
            if bare != text.strip(_EDGE) and fold_text(bare):
                text, code = bare, code or form_code
    return text, code


def strip_native_forms(text: str) -> tuple[str, str | None]:
    """Cleaned text without the forms of its own script that stand as words: شركة, בע"מ, Russian and Greek ones."""
    if not _NATIVE_LETTER.search(text):
        return text, None
    kept, code = strip_forms(NATIVE_WORD.findall(join_initials(text)), native_forms())
    return (text, None) if code is None else (" ".join(kept), code)


def said_once(words: list[str]) -> list[str]:
    """The words up to a legal form inside the name, if what follows only says the beginning again, be it cut short:
    tarkett sa tarkett, unitedhealth group inc unitedhe. Otherwise the words as they are: acme gmbh stuttgart.
    """
    table = latin_forms()
    for at in range(1, len(words) - 1):
        if words[at] in table.end:
            again = strip_forms(words[at + 1 :], table)[0]
            if all(any(word.startswith(part) for word in words[:at]) for part in again):
                return words[: at + 1]
    return words


def _at_end(words: list[str], table: FormTable) -> tuple[int, str] | None:
    for length in range(min(table.last[words[-1]], len(words) - 1), 0, -1):
        code = table.end.get(" ".join(words[-length:]))
        if code is not None and not _SAYS_NOTHING.issuperset(words[:-length]):
            return length, code
    return None


def _cut_at_end(words: list[str], table: FormTable) -> tuple[int, str] | None:
    for length in range(min(LONGEST_CUT, len(words) - 1), 0, -1):
        code = table.cut.get(" ".join(words[-length:]))
        if code is not None and not _SAYS_NOTHING.issuperset(words[:-length]):
            return length, code
    return None


def _at_start(words: list[str], table: FormTable) -> tuple[int, str] | None:
    for length in range(min(table.first[words[0]], len(words) - 1), 0, -1):
        code = table.start.get(" ".join(words[:length]))
        if code is not None and not _SAYS_NOTHING.issuperset(words[length:]):
            return length, code
    return None
