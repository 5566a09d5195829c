"""Sister firms of one house are two; one firm written in two ways is one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mdm.match import encode_records
from mdm.match.matching import Compared, compare_pairs
from mdm.match.sisters import kinds_of_words
from mdm.match.sounds import words_of
from mdm.standardise import split_name
from mdm.standardise.text import fold_text
from tests.match.conftest import MakeStandard

SHARED: dict[str, Any] = {
    "street": "ring road",
    "house_number": "5",
    "postcode": "53111",
    "city": "bonn",
    "country": "DE",
    "phones": ["+49228123456"],
    "domains": ["kelwa.example"],
}

SISTERS = [
    ("Kelwa Holding GmbH", "Kelwa Service GmbH"),
    ("Kelwa Verwaltungs GmbH", "Kelwa Immobilien GmbH & Co. KG"),
    ("Kelwa Vertriebs GmbH", "Kelwa Produktions GmbH"),
    ("Kelwa Logistik GmbH", "Kelwa Handels GmbH"),
    ("Kelwa Beteiligungs GmbH", "Kelwa Leasing GmbH"),
    ("Kelwa Finanz AG", "Kelwa Versicherungs AG"),
    ("Kelwa Stiftung", "Kelwa Verlag GmbH"),
    ("Kelwa Grundstücksverwaltung GmbH", "Kelwa Transporte GmbH"),
    ("Kelwa Zeitarbeit GmbH", "Kelwa Beratung GmbH"),
    ("Kelwa Einzelhandels GmbH", "Kelwa Großhandels GmbH"),
    ("Kelwa Logistics Ltd", "Kelwa Finance Ltd"),
    ("Kelwa Properties Inc", "Kelwa Services Inc"),
    ("Kelwa Insurance Company", "Kelwa Leasing Company"),
    ("Kelwa Foundation", "Kelwa Trading LLC"),
    ("Kelwa Training Ltd", "Kelwa Recruitment Ltd"),
    ("Kelwa Immobilier SAS", "Kelwa Services SAS"),
    ("Kelwa Transports SARL", "Kelwa Location SARL"),
    ("Kelwa Immobiliare SRL", "Kelwa Servizi SRL"),
    ("Kelwa Inmobiliaria SL", "Kelwa Distribución SL"),
    ("Kelwa Vastgoed BV", "Kelwa Beheer BV"),
    ("Kelwa Holding BV", "Kelwa Verhuur BV"),
    ("Kelwa Nieruchomości Sp. z o.o.", "Kelwa Usługi Sp. z o.o."),
]

SAME = [
    ("Kelwa Holding GmbH", "Kelwa GmbH"),
    ("Kelwa Service GmbH", "Kelwa Services GmbH"),
    ("Kelwa Immobilien GmbH", "Kelwa Properties GmbH"),
    ("Kelwa Holding Service GmbH", "Kelwa Service GmbH"),
    ("Kelwa Logistik GmbH", "Kelwa Logistics GmbH"),
    ("Kelwa Vertriebs GmbH", "Kelwa Vertrieb GmbH"),
    ("Kelwa Holding AG", "Kelwa Hldg AG"),
    ("Kelwa Beteiligungs Holding", "Kelwa Holding Beteiligungen"),
    ("Kelwa Energy Holding Ltd", "Kelwa Holdi Energy Ltd"),
    ("Kelwa Immobilien Verwaltungs GmbH", "Kelwa Immobilienverwaltung"),
    ("Kelwa Technologies Inc", "Kelwa Technology Inc"),
    ("Kelwa Consulting Service", "Kelwa Beratung Service"),
    ("Kelwa Versicherungsmakler", "Kelwa Insurance"),
    ("Kelwa Verlag GmbH", "Kelwa Publishing"),
    ("Kelwa Akademie", "Kelwa Academy GmbH"),
    ("Kelwa Stiftung", "Stiftung Kelwa"),
    ("Kelwa Finance Leasing", "Leasing Finance Kelwa"),
    ("Kelwa Werkzeuge Service", "Kelwa Tools"),
    ("Kelwa Steel Trading", "Kelwa Steel"),
    ("Kelwa Tools Logistics", "Kelwa Tools Logist"),
    ("Kelwa Transporte", "Spedition Kelwa"),
]


def compared(make_standard: MakeStandard, one: dict[str, Any], other: dict[str, Any]) -> Compared:
    rows = ({**SHARED, "name": split_name(str(row["name"])).core, **_without_name(row)} for row in (one, other))
    encoded = encode_records(make_standard(*rows))
    return compare_pairs(encoded, np.array([0, 1], dtype=np.int32), np.array([1, 0], dtype=np.int32))


def _without_name(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "name"}


def held_apart(make_standard: MakeStandard, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whichever of the two stands first."""
    found = compared(make_standard, one, other)
    assert found.veto[0] == found.veto[1]
    assert found.named_apart.tolist() == found.two.tolist() == [found.two[0]] * 2
    return bool(found.veto[0] and found.two[0])


@pytest.mark.parametrize(("one", "other"), SISTERS)
def test_sister_firms_are_two_customers(make_standard: MakeStandard, one: str, other: str) -> None:
    assert held_apart(make_standard, {"name": one}, {"name": other})


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_firm_written_in_two_ways_is_not_held_apart(make_standard: MakeStandard, one: str, other: str) -> None:
    assert not held_apart(make_standard, {"name": one}, {"name": other})


def test_a_tax_number_of_both_outweighs_their_names(make_standard: MakeStandard) -> None:
    same = {"identifiers": ["vat:DE:DE136695976"]}
    one, other = {"name": "Kelwa Holding", **same}, {"name": "Kelwa Service", **same}
    assert not held_apart(make_standard, one, other)


def test_two_persons_are_never_told_apart_by_such_words(make_standard: MakeStandard) -> None:
    rows = [{**SHARED, "name": name, "kind": "person"} for name in ("anna handel", "anna verlag")]
    encoded = encode_records(make_standard(*rows))
    found = compare_pairs(encoded, np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))
    assert not found.named_apart[0]


def test_every_word_of_a_sister_stands_in_one_kind_and_as_names_are_folded() -> None:
    lists = words_of("sister_words")
    words = [word for line in lists.values() for word in line]
    assert sorted(set(words)) == sorted(words)
    assert [word for word in words if fold_text(word) != word] == []
    assert set(kinds_of_words()) == set(words)
