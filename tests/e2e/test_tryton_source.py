"""A running Tryton as a source, by the shipped rules: its parties with all that belongs to them, edits and merges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.contract.tryton_server import Tryton, serve


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    yield from serve(tmp_path_factory.mktemp("tryton"))


@dataclass
class Reader:
    """A project that reads the parties from Tryton's database."""

    folder: Path
    tryton: Tryton
    mdm: Any

    def scan(self, *options: str) -> None:
        ran = self.mdm("scan", self.folder, *options)
        assert ran.code == 0, ran.words

    def record(self, party: str) -> dict[str, Any]:
        extract = pl.read_parquet(self.folder / "landing" / "tryton" / "extract.parquet")
        return extract.filter(id=party).row(0, named=True)

    def ids(self) -> dict[str, str]:
        out = self.folder / "crosswalk.csv"
        assert self.mdm("crosswalk", self.folder, "--out", out).code == 0
        rows = pl.read_csv(out, infer_schema=False)
        return dict(rows.select("source_key", "master_id").iter_rows())

    def write(self, model: str, number: object, values: dict[str, Any]) -> None:
        self.tryton.call(f"model.{model}.write", [number], values, {})

    def merge(self, lost: str, kept: str) -> None:
        session, *_ = self.tryton.call("wizard.party.replace.create", {})
        asked = {"ask": {"source": int(lost), "destination": int(kept)}}
        context = {"active_model": "party.party", "active_id": int(lost), "active_ids": [int(lost)]}
        self.tryton.call("wizard.party.replace.execute", session, asked, "replace", context)


@pytest.fixture
def reader(tmp_path: Path, tryton: Tryton, mdm: Any, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setenv("TRYTON_URL", f"sqlite:///{tryton.file}")
    assert mdm("init", tmp_path / "project", "--connect", "tryton").code == 0
    return Reader(tmp_path / "project", tryton, mdm)


def test_the_shipped_rules_fit_a_running_tryton(reader: Reader) -> None:
    checked = reader.mdm("check", reader.folder)
    assert checked.code == 0, checked.words
    assert "table party_party of sqlite" in checked.words


def test_parties_come_with_their_addresses_contacts_and_identifiers(reader: Reader) -> None:
    (party,) = reader.tryton.parties("Ostermoor Backwaren GmbH")
    vat = {"party": int(party), "type": "eu_vat", "code": "DE136695976"}
    reader.tryton.call("model.party.identifier.create", [vat], {})
    reader.scan()
    record = reader.record(party)
    assert record["main_address.city"] == "Bonn"
    assert record["phone.value"] == "+49 228 123456"
    assert record["vat.code"] == "DE136695976"
    assert '"type":"phone"' in record["contacts"]


def test_an_edited_address_is_followed_by_the_next_delta(reader: Reader) -> None:
    (party,) = reader.tryton.parties("Sonnhalde Gartenbedarf KG")
    reader.scan()
    (address,) = reader.tryton.call("model.party.address.search", [["party", "=", int(party)]], 0, None, None, {})
    reader.write("party.address", address, {"city": "Siegburg"})
    reader.scan()
    assert reader.record(party)["main_address.city"] == "Siegburg"


def test_an_identifier_alone_makes_its_party_changed(reader: Reader) -> None:
    (party,) = reader.tryton.parties("Wendelin Logistik GmbH")
    reader.scan()
    reader.tryton.call("model.party.identifier.create", [{"party": int(party), "code": "K-77"}], {})
    reader.scan()
    assert "K-77" in reader.record(party)["identifiers"]


def test_a_merge_in_tryton_moves_the_crosswalk_and_keeps_the_ids(reader: Reader) -> None:
    kept, lost, other = reader.tryton.parties("Kranichau Möbelwerk AG", "Kranichau Möbelwerk AG", "Grimmelt Stahl KG")
    reader.write("party.party", int(lost), {"name": "Kranichau Möbelwerk AG"})
    reader.scan()
    before = reader.ids()
    reader.merge(lost, kept)
    reader.scan()
    after = reader.ids()
    assert after[lost] == after[kept] == before[kept]
    assert after[other] == before[other]
    assert reader.mdm("resolve", before[lost], "--project", reader.folder).code == 0


def test_a_party_that_was_made_inactive_is_gone(reader: Reader) -> None:
    (party,) = reader.tryton.parties("Falkenbach Feinmechanik AG")
    reader.scan()
    assert party in reader.ids()
    reader.write("party.party", int(party), {"active": False})
    reader.scan("--accept-shrink", "tryton")
    assert party not in reader.ids()
