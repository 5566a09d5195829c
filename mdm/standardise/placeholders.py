"""Values that say nothing: n/a, test, unknown, xxx. They are no match key anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mdm.standardise.text import fold_text
from mdm.standardise.wordlists import word_list

REPEATED: Final = r"^(?:(.)(?:\s?\1){3,}|([xz09])(?:\s?\2){2,})$"
"""One sign four times or more, or x, z, 0, 9 three times, blanks aside: xxxx, 000, a a a a. AAA is a company."""

_REPEATED: Final = re.compile(REPEATED)


@dataclass(frozen=True, slots=True)
class Placeholders:
    """Folded values that say nothing: `values` when they stand alone, `words` also before a legal form."""

    values: frozenset[str]
    words: frozenset[str]

    def hides(self, folded: str) -> bool:
        """Whether a whole folded value is empty or a placeholder."""
        return not folded or folded in self.values or (len(folded) < 64 and _REPEATED.match(folded) is not None)

    def hides_core(self, core: str) -> bool:
        """Whether a name core, its legal form taken off, says nothing: Test GmbH, XXXX Ltd."""
        return core in self.words or (len(core) < 64 and _REPEATED.match(core) is not None)


def placeholders(added: Iterable[str] = ()) -> Placeholders:
    """The shipped list and the added values, which count as words."""
    shipped = word_list("placeholders")
    words = frozenset(filter(None, (fold_text(v) for v in (*shipped["words"], *added))))
    return Placeholders(words | frozenset(filter(None, map(fold_text, shipped["values"]))), words)
