"""A table of customers in a database, on both engines, with the rules of a source; and a stand-in for Salesforce."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from mdm.connect import Extract, open_source, refresh
from mdm.rulebook import SourceRules
from tests.contract.faulty_http import Faulty, serving
from tests.contract.salesforce_server import Salesforce, serving_salesforce, serving_salesforce_over_tls

NOW = "2026-03-01T00:00:00+00:00"

TABLE = """
CREATE TABLE kunden (
  mandt varchar(3), kunnr varchar(10), "Name 1" varchar(80), kredit numeric(12, 2), gesperrt boolean, angelegt date,
  geaendert timestamp, primary key (mandt, kunnr)
)
"""


@dataclass
class Erp:
    """An ERP's customer table, the rules that read it, and the folder of its extract."""

    engine: sa.Engine
    rules: SourceRules
    folder: Path

    def execute(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def put(self, number: int, name: str, changed: str | None = "2026-02-01 10:00:00") -> None:
        moment = f"'{changed}'" if changed else "NULL"
        self.execute(
            f"INSERT INTO kunden VALUES ('100', '{number:010d}', '{name}', 1.50, false, '2025-01-01', {moment})"  # noqa: S608 - a test
        )

    def refresh(self, now: str = NOW) -> Extract:
        return refresh(open_source(self.rules, {}), self.rules, self.folder, now)

    def extract(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "extract.parquet").sort("mandt", "kunnr")

    def names(self) -> list[str]:
        return self.extract()["Name 1"].to_list()

    def with_connector(self, **options: Any) -> None:
        connector = {"type": "sql", "url": "env:X", "table": "kunden", **options}
        data = {"system": "erp", "key": "mandt+kunnr", "connector": connector, "columns": {"name": "Name 1"}}
        url = self.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        self.rules = SourceRules.model_validate(data | {"connector": connector | {"url": url}})


@pytest.fixture(params=["sqlite", "postgresql"])
def erp(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Erp]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/erp.sqlite"
    else:
        url = request.getfixturevalue("postgres_url").replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    made = Erp(engine, None, tmp_path / "landing")  # type: ignore[arg-type]  # set on the next line
    made.with_connector(changed_at="geaendert")
    made.execute(TABLE)
    made.put(1, "Nordlicht GmbH")
    made.put(2, "Falkenbach AG")
    made.put(3, "Sonnhalde KG")
    yield made
    engine.dispose()


@pytest.fixture
def crm() -> Iterator[Salesforce]:
    with serving_salesforce() as made:
        yield made


@pytest.fixture
def faulty(crm: Salesforce) -> Iterator[Faulty]:
    with serving(Faulty(crm.url)) as between:
        yield between


@pytest.fixture
def over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Salesforce]:
    with serving_salesforce_over_tls(tmp_path) as made:
        monkeypatch.setenv("SSL_CERT_FILE", made.certificate)
        yield made
