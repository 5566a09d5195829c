"""The page for those who run the desk says what the program does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from mdm.app.rights import MATRIX, ROLES, Right
from mdm.settings import sign_in

PAGE = (Path(__file__).parents[2] / "docs" / "sign-in.md").read_text(encoding="utf-8")
ROWS = {
    "look at customers, pairs and scans": Right.LOOK,
    "see personal data of persons": Right.SEE_PERSONAL,
    "decide, correct customers, take back": Right.DECIDE,
    "read the rules' files, see what a change of them would do": Right.TRY_RULES,
    "approve and send what systems are told": Right.APPROVE,
    "give roles, read the audit, see sources": Right.ADMINISTER,
}


def test_the_table_of_roles_is_the_matrix() -> None:
    table = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")
    ]
    assert ["may", *ROLES] in table
    found = {row[0]: row[1:] for row in table if row[0] in ROWS}
    assert {name: MATRIX[right] for name, right in ROWS.items()} == {
        name: {role for role, says in zip(ROLES, cells, strict=True) if says == "yes"} for name, cells in found.items()
    }
    assert set(ROWS.values()) == set(Right)


def test_every_variable_of_sign_in_is_documented() -> None:
    read = set(re.findall(r"MDM_SIGN_IN_[A-Z_]+", inspect.getsource(sign_in)))
    assert read == set(re.findall(r"`(MDM_SIGN_IN_[A-Z_]+)` \|", PAGE))
