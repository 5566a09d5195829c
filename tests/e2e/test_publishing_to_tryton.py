"""From a scan to a running Tryton: its parties and a CRM's accounts, one customer each, told back to the parties."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.faulty_http import Faulty, serving
from tests.contract.tryton_business import TABLES, do_business
from tests.contract.tryton_server import Tryton, serve, serve_on_postgres

NAMES = ("Nordlicht Handels GmbH", "Falkenbach Stahlbau AG", "Sonnhalde Obst KG", "Quellental Medizin GmbH")
RARER = ("page after", "500 after", "flood after")
PUBLISH = """version: 1
targets:
- system: erp
  connector: {{type: tryton, url: "{url}", database: {database}, user: admin, password: "env:TRYTON_PASSWORD"}}
"""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)])
def tryton(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    scratch = tmp_path_factory.mktemp("tryton")
    if request.param == "sqlite":
        yield from serve(scratch)
    else:
        server = request.getfixturevalue("postgres_server")
        yield from serve_on_postgres(scratch, server.new_database())


@dataclass
class Erp:
    """A project on an extract of the parties and an overlapping one of a CRM."""

    folder: Path
    tryton: Tryton
    parties: list[str]
    mdm: Any

    def connect_to(self, url: str) -> None:
        (self.folder / "rules" / "publish.yaml").write_text(
            PUBLISH.format(url=url, database=self.tryton.database), encoding="utf-8"
        )

    def publish(self, *options: str) -> Any:
        ran = self.mdm("publish", self.folder, *options)
        assert ran.code == 0, ran.words
        return ran

    def identifiers(self) -> list[list[str]]:
        return [self.tryton.ids(party) for party in self.parties]

    def wanted(self) -> list[list[str]]:
        """The master id of each party, as the crosswalk says."""
        out = self.folder / "crosswalk.csv"
        assert self.mdm("crosswalk", self.folder, "--out", out).code == 0
        with out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        ids = {row["source_key"]: row["master_id"] for row in rows if row["source_system"] == "erp"}
        return [[f"MDM:{ids[party]}"] for party in self.parties]


@pytest.fixture
def erp(tmp_path: Path, tryton: Tryton, mdm: Any, monkeypatch: pytest.MonkeyPatch) -> Erp:
    monkeypatch.setenv("TRYTON_PASSWORD", "admin")
    folder, parties = tmp_path / "project", tryton.parties(*NAMES)
    for system, keys in (("erp", parties), ("crm", ["A1", "A2"])):
        rows = [(key, name, "Hauptstr. 1", "53111", "Bonn") for key, name in zip(keys, NAMES, strict=False)]
        with (tmp_path / f"{system}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "name", "street", "postal_code", "city"), *rows])
    files = (tmp_path / f"{system}.csv" for system in ("crm", "erp"))
    assert mdm("init", folder, *files).code == 0
    assert mdm("scan", folder).code == 0
    made = Erp(folder, tryton, parties, mdm)
    made.connect_to(tryton.url)
    return made


def test_each_approved_party_has_its_master_id_and_nothing_else_changed(erp: Erp) -> None:
    do_business(erp.tryton, erp.parties)
    before = erp.tryton.business()
    assert all(len(before[name]) >= len(erp.parties) for name in TABLES)
    others = erp.tryton.sql("SELECT * FROM party_identifier WHERE code NOT LIKE 'MDM:%'")
    erp.publish()
    assert erp.identifiers() == [[], [], [], []]
    erp.publish("--approve", "--send")
    assert erp.identifiers() == erp.wanted()
    assert erp.tryton.business() == before
    assert erp.tryton.sql("SELECT * FROM party_identifier WHERE code NOT LIKE 'MDM:%'") == others != []
    rows = erp.tryton.sql("SELECT * FROM party_identifier ORDER BY id")
    erp.publish()
    erp.publish("--approve", "--send")
    assert erp.tryton.sql("SELECT * FROM party_identifier ORDER BY id") == rows


@pytest.mark.parametrize("fault", ["cut after", *(pytest.param(name, marks=pytest.mark.deep) for name in RARER)])
def test_an_answer_that_is_lost_after_the_commit_leaves_one_identifier_each(erp: Erp, fault: str) -> None:
    with serving(Faulty(erp.tryton.url)) as between:
        erp.connect_to(between.url)
        erp.publish()
        between.faults = [("identifier.create", fault)]
        ran = erp.mdm("publish", erp.folder, "--approve", "--send")
        assert ran.code in (0, 7), ran.words
    erp.connect_to(erp.tryton.url)
    erp.publish("--send")
    assert erp.identifiers() == erp.wanted()
    status = erp.publish("--status", "--json").json()
    assert status[0]["confirmed"] == "4"


def test_a_party_edited_between_plan_and_sending_is_left_alone_until_somebody_looked(erp: Erp) -> None:
    erp.publish()
    erp.tryton.call("model.party.party.write", [int(erp.parties[0])], {"name": "Nordlicht AG"}, {})
    assert "changed since the plan" in erp.publish("--approve", "--send").words + erp.publish().words
    assert erp.identifiers() == [[], *erp.wanted()[1:]]
    erp.publish("--retry")
    erp.publish("--approve", "--send")
    assert erp.identifiers() == erp.wanted()
