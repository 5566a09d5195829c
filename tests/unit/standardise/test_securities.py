"""What an exchange adds to a name goes; what a firm is called stays."""

from __future__ import annotations

import pytest

from mdm.standardise.securities import strip_security


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("NORDSEE AG NA O.N.", "NORDSEE AG"),
        ("Beispiel, Inc. Class A", "Beispiel, Inc."),
        ("BEISPIEL CORP. DL 1,60", "BEISPIEL CORP."),
        ("BEISPIEL S.A. EO 1,-", "BEISPIEL S.A."),
    ],
)
def test_share_class_and_par_value_are_taken_off(listed: str, name: str) -> None:
    assert strip_security(listed) == name


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("BEISPIEL  ADR 1/SF 4", "BEISPIEL"),
        ("BEISPIEL SPONS.ADRS 1/3", "BEISPIEL"),
        ("BEISPIEL ENER.UNSP.ADR 1/5", "BEISPIEL ENER."),
        ("BEISPIEL SP.ADR RL-,025", "BEISPIEL"),
        ("Beispiel Ltd. Sponsored GDR RegS", "Beispiel Ltd."),
        ("BEISPIEL INC GDS(REPR 1/2", "BEISPIEL INC"),
    ],
)
def test_depositary_receipts_are_taken_off(listed: str, name: str) -> None:
    assert strip_security(listed) == name


@pytest.mark.parametrize("name", ["Studio 54", "Metro GDS", "Ads Media", "GADR Ltd", "Blue Share", "Ads", "ADR 1/2"])
def test_a_name_that_only_looks_so_stays(name: str) -> None:
    assert strip_security(name) == name
