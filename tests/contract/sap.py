"""A little SAP ECC as a replica has it: KNA1 and its child tables, change documents, and how they are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from mdm.connect import Extract, open_source, refresh
from mdm.rulebook import SourceRules

NOW = "2026-03-01T00:00:00+00:00"
LATER = "2026-03-02T00:00:00+00:00"

TABLES = (
    "CREATE TABLE kna1 (mandt varchar(3), kunnr varchar(10), name1 varchar(35), adrnr varchar(10), loevm varchar(1))",
    """CREATE TABLE adrc (client varchar(3), addrnumber varchar(10), nation varchar(1), street varchar(60),
    city1 varchar(40), post_code1 varchar(10), country varchar(3))""",
    "CREATE TABLE knvp (mandt varchar(3), kunnr varchar(10), vkorg varchar(4), parvw varchar(2), kunn2 varchar(10))",
    "CREATE TABLE knbk (mandt varchar(3), kunnr varchar(10), banks varchar(3), bankn varchar(18))",
    "CREATE TABLE tiban (mandt varchar(3), banks varchar(3), bankn varchar(18), iban varchar(34))",
    "CREATE TABLE cdhdr (mandant varchar(3), objectclas varchar(15), objectid varchar(90), udate varchar(8))",
)

ADRC: dict[str, Any] = {
    "name": "adrc",
    "table": "adrc",
    "on": {"mandt": "client", "adrnr": "addrnumber"},
    "where": {"nation": ""},
    "columns": ["street", "city1", "post_code1", "country"],
    "many": False,
}
KNVP: dict[str, Any] = {
    "name": "partners",
    "table": "knvp",
    "on": {"mandt": "mandt", "kunnr": "kunnr"},
    "columns": ["vkorg", "parvw", "kunn2"],
    "order_by": ["-parvw"],
}
KNBK: dict[str, Any] = {
    "name": "bank",
    "table": "knbk",
    "on": {"mandt": "mandt", "kunnr": "kunnr"},
    "columns": ["bankn"],
    "joins": [
        {
            "name": "tiban",
            "table": "tiban",
            "on": {"mandt": "mandt", "banks": "banks", "bankn": "bankn"},
            "columns": "iban",
        }
    ],
}
CHANGES: dict[str, Any] = {
    "name": "changes",
    "table": "cdhdr",
    "on": {"mandt": "mandant", "kunnr": "objectid"},
    "where": {"objectclas": "DEBI"},
    "columns": [],
    "changed_at": "udate",
}


@dataclass
class Sap:
    """The tables, the rules that read them, and the folder of the extract."""

    engine: sa.Engine
    rules: SourceRules
    folder: Path

    def execute(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def insert(self, table: str, *values: str) -> None:
        names = ", ".join(f"'{value}'" for value in values)
        self.execute(f"INSERT INTO {table} VALUES ({names})")  # noqa: S608 - a test

    def customer(self, number: int, name: str, changed: str = "20260201") -> None:
        kunnr, adrnr = f"{number:010d}", f"{9000 + number:010d}"
        self.insert("kna1", "100", kunnr, name, adrnr, "")
        self.insert("adrc", "100", adrnr, "", f"Hauptstr. {number}", "Bonn", "53111", "DE")
        self.insert("adrc", "100", adrnr, "I", f"Main St {number}", "Bonn", "53111", "DE")
        self.insert("knvp", "100", kunnr, "1000", "AG", kunnr)
        self.insert("knvp", "100", kunnr, "1000", "WE", f"{number + 500:010d}")
        self.insert("knbk", "100", kunnr, "DE", str(number))
        self.insert("tiban", "100", "DE", str(number), f"DE00{number}")
        self.changed(number, changed)

    def changed(self, number: int, day: str) -> None:
        self.insert("cdhdr", "100", "DEBI", f"{number:010d}", day)

    def read_by(self, *children: dict[str, Any], **options: Any) -> None:
        connector = {
            "type": "sql",
            "url": self.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""),
            "table": "kna1",
            "where": {"mandt": "100"},
            "children": list(children),
            **options,
        }
        data = {"system": "sap", "key": "mandt+kunnr", "connector": connector, "columns": {"name": "name1"}}
        self.rules = SourceRules.model_validate(data)

    def refresh(self, now: str = NOW) -> Extract:
        return refresh(open_source(self.rules, {}), self.rules, self.folder, now)

    def extract(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "extract.parquet").sort("kunnr")

    def listed(self, column: str) -> list[Any]:
        return [json.loads(text) for text in self.extract()[column]]
