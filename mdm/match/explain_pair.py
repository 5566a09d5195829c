"""One pair in full: its evidence, and which blocking rules found it or why none did, whether it was compared or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import polars as pl

from mdm.match.blocking import RULES, BlockingRule
from mdm.match.encode import MISSING, Column, Ints, Lists
from mdm.match.encode_persons import PersonCodes
from mdm.match.encoded import Encoded
from mdm.match.explain import TITLES
from mdm.match.matching import weigh_pairs
from mdm.match.model import MatchModel

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A blocking rule of which both records have a key: how many records have it, and how many may."""

    rule: str
    records: int
    limit: int

    @property
    def found(self) -> bool:
        """Whether the rule made the two a candidate pair; else the key was left to finer rules."""
        return self.records <= self.limit


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """What the model says of two records, and the blocking rules whose keys they share, in the order of the rules."""

    levels: tuple[int, ...]
    weight: int
    veto: bool
    keys: tuple[SharedKey, ...]

    @property
    def compared(self) -> bool:
        """Whether a scan of the same records compares the two."""
        return any(key.found for key in self.keys)


def compare_pair(encoded: Encoded, pair: tuple[int, int], model: MatchModel, *, cap: int) -> ComparedPair:
    """Weigh two records by rid as a scan would have, and look up the keys that they share. `weight` is in micro bits.

    The order of the two makes no difference. Takes seconds for a million records: only shared keys are counted.
    """
    left, right = (np.array([rid], dtype=np.int32) for rid in sorted(pair))
    weighed = weigh_pairs(encoded, left, right, model)
    return ComparedPair(
        levels=tuple(int(level[0]) for level in weighed.levels.values()),
        weight=int(weighed.weight[0]),
        veto=bool(weighed.veto[0]),
        keys=tuple(key for rule in RULES if (key := _shared(rule, encoded, pair, cap))),
    )


def heaviest(encoded: Encoded, pairs: tuple[Ints, Ints], model: MatchModel) -> int:
    """The place of the heaviest of the pairs (left[i], right[i]), the first of equal ones."""
    return int(np.argmax(weigh_pairs(encoded, *pairs, model).weight))


def _shared(rule: BlockingRule, encoded: Encoded, pair: tuple[int, int], cap: int) -> SharedKey | None:
    """The key of the rule that the fewest records share beside these two; None where the two share none."""
    left, right = rule.keys(_only(encoded, np.array(pair, dtype=np.int32)))
    shared = [key for key in np.intersect1d(left, right) if key != MISSING]
    if not shared:
        return None
    everyone = rule.keys(encoded)
    return SharedKey(
        rule.name, min(int((everyone == key).any(axis=1).sum()) for key in shared), rule.largest_block(cap)
    )


def _only(encoded: Encoded, rids: Ints) -> Encoded:
    """Some records among the values and counts of all; their parents are still rids of all."""
    some: dict[str, Any] = {}
    for field in fields(encoded):
        value = getattr(encoded, field.name)
        if isinstance(value, PersonCodes):
            some[field.name] = value.of(rids)
        elif isinstance(value, Column | Lists):
            some[field.name] = replace(value, codes=value.codes[rids])
        elif isinstance(value, np.ndarray):
            some[field.name] = value[rids]
    return replace(encoded, **some)


def _listed(column: str) -> Callable[[Values], list[str | None]]:
    return lambda record: record[column]


def _further_names(record: Values) -> list[str | None]:
    """Other names; of a firm also the words that its web addresses are made of, which may be its name."""
    if record["kind"] == "person":
        return list(record["other_names"] or ())
    words = (domain.partition(".")[0] for domain in record["domains"] or ())
    return [*(record["other_names"] or ()), *(f"{word} (of its web address)" for word in words)]


def _number_words(record: Values) -> list[str | None]:
    return [word for word in record["name_tokens"] or () if word.isdecimal()]


def _address(record: Values) -> list[str | None]:
    street = " ".join(record[part] for part in ("street", "house_number") if record[part])
    town = " ".join(record[part] for part in ("postcode", "city") if record[part])
    return [street, town, record["region"]]


def _numbers(record: Values) -> list[str | None]:
    doubtful = [f"{number} (not verified)" for number in record["invalid_identifiers"] or ()]
    return [*(record["identifiers"] or ()), *doubtful]


def _one(column: str) -> Callable[[Values], list[str | None]]:
    return lambda record: [record[column]]


def _of_person(values: Callable[[Values], list[str | None]]) -> Callable[[Values], list[str | None]]:
    return lambda record: values(record) if record["kind"] == "person" else []


COMPARED: Final[Mapping[str, Callable[[Values], list[str | None]]]] = {
    "name": _one("name_core"),
    "other_name": _further_names,
    "number": _number_words,
    "place": _address,
    "country": _one("country"),
    "phone": _listed("phones"),
    "web": _listed("domains"),
    "email": _listed("emails"),
    "identifier": _numbers,
    "legal_form": _one("legal_form"),
    "birth_date": _one("birth_date"),
    "given_name": _one("given_name"),
    "family_name": _one("family_name"),
    "born": _one("birth_date"),
    "home": _of_person(_address),
    "personal_number": _of_person(_numbers),
}
"""What each comparison looks at in a standard record."""


def compared_values(standard: pl.DataFrame) -> list[dict[str, str]]:
    """For each row of STANDARD the values that each comparison looked at, by its title; empty where there are none."""
    return [
        {TITLES.get(name, name): ", ".join(v for v in values(row) or () if v) for name, values in COMPARED.items()}
        for row in standard.iter_rows(named=True)
    ]
