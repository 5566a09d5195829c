"""Random histories of systems that answer with pages of JSON, and the rules shipped for them: on stand-ins alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.connect import open_source, refresh
from mdm.rulebook import shipped_rules
from tests.contract.rest_crm import KINDS, LATER, NOW, OLD, Crm
from tests.contract.rest_standins import TOKEN, serving
from tests.unit.rulebook.test_shipped_sources import load_source


@pytest.mark.parametrize("name", ["hubspot", "erpnext", "espocrm", "netsuite"])
def test_shipped_rules_read_a_system_that_has_just_what_they_name(name: str, tmp_path: Path) -> None:
    rules = load_source(shipped_rules() / "sources" / f"{name}.yaml")
    connector: Any = rules.connector
    with serving(KINDS[connector.dialect][0]()) as there:
        fill(there, connector)
        reached = connector.model_copy(update={"url": there.url, "token": "env:TOKEN"})
        placed = rules.model_copy(update={"connector": reached})
        assert refresh(open_source(placed, {"TOKEN": TOKEN}), placed, tmp_path, NOW).rows == 1
        extract = pl.read_parquet(tmp_path / "extract.parquet")
        assert not [column for column in extract.columns if extract[column].null_count()]
        assert refresh(open_source(placed, {"TOKEN": TOKEN}), placed, tmp_path, LATER).changed == 0


def fill(there: Any, connector: Any) -> None:
    """One record with one of each of its children, in tables that have the columns of the rules."""
    key = {"hubspot": "hs_object_id", "frappe": "name"}.get(connector.dialect, "id")
    wanted = {connector.object: {key: "1"} | dict.fromkeys((*connector.columns, *connector.changed_at), "1")}
    for child in connector.children:
        tables = ["customeraddressbook", "customeraddressbookentityaddress"] if " " in child.object else [child.object]
        for table in tables:
            row = wanted.setdefault(table, {key: "1"} if len(tables) == 1 else {"addressbookaddress": "1", "nkey": "1"})
            row |= dict.fromkeys((*child.columns, *child.changed_at), "1")
            row |= {} if "." in child.on else {child.on: "1"}
    if len(wanted) > 2 and connector.dialect == "suiteql":
        first, second = (wanted[n] for n in ("customeraddressbook", "customeraddressbookentityaddress"))
        wanted["customeraddressbook"] = {n: first[n] for n in ("entity", "addressbookaddress", "defaultbilling")}
        kept = ("nkey", "addr1", "addr2", "city", "state", "zip", "country")
        wanted["customeraddressbookentityaddress"] = {n: second[n] for n in kept}
    moments = {*connector.changed_at, *(n for child in connector.children for n in child.changed_at)}
    for table, row in wanted.items():
        there.run(f"DROP TABLE IF EXISTS {table}")
        there.make({table: [f"{n} integer" if n == key and n != "name" and table != "Account" else n for n in row]})
        there.put(table, *(there.moment(OLD) if n in moments else value for n, value in row.items()))
    if connector.dialect == "frappe":
        there.put("links", "1", "Customer", "1")


ACTS = st.tuples(st.sampled_from(["add", "edit", "remove", "contact", "edit contact"]), st.integers(1, 5))


@pytest.mark.parametrize("dialect", list(KINDS))
@settings(max_examples=12, deadline=None)
@given(rounds=st.lists(st.lists(ACTS, min_size=1, max_size=4), min_size=1, max_size=3), page=st.integers(1, 4))
def test_deltas_lead_to_what_a_full_read_says(
    dialect: str, rounds: list[list[tuple[str, int]]], page: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("histories")
    with stamina.set_testing(testing=True, attempts=3), serving(KINDS[dialect][0]()) as there:
        crm = Crm(dialect, there, folder / "landing", {"page": page})
        for number in (1, 2, 3):
            crm.there.company(number, f"Firm {number}", OLD)
            crm.there.contact(number, number, f"c{number}@firm.example", OLD)
        crm.refresh()
        firms, contacts = {1, 2, 3}, 3
        for second, (act, number) in enumerate((None, 0) if a is None else a for r in rounds for a in (*r, None)):
            changed = f"2026-02-20T10:00:{second:02d}.000Z"
            if act is None:
                crm.refresh(LATER)
            elif act == "add" and number not in firms:
                crm.there.company(number, f"Firm {number}", changed)
                firms.add(number)
            elif act == "edit" and number in firms:
                crm.there.edit(number, f"Firm {second} anew", changed)
            elif act == "remove" and firms > {number}:
                crm.there.remove(number)
                firms.discard(number)
            elif dialect != "suiteql" and act == "contact" and number in firms:
                contacts += 1
                crm.there.contact(contacts, number, f"c{contacts}@firm.example", changed)
            elif dialect != "suiteql" and act == "edit contact" and number <= contacts:
                crm.there.edit_contact(number, f"c{second}@anew.example", changed)
        by_deltas, crm.folder = crm.extract(), folder / "whole"
        crm.refresh(LATER)
        assert by_deltas.sort(pl.all()).equals(crm.extract().sort(pl.all()))
