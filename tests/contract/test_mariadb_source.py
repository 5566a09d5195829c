"""A running MariaDB as a source: by key, with child tables, by delta, in all scripts, by a user that may only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mdm.connect import open_source, sql_source
from mdm.errors import SystemRefused
from tests.contract.mariadb_server import serving
from tests.contract.sap import ADRC, CHANGES, KNBK, KNVP, LATER, TABLES, Sap


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("mariadb")) as url:
        yield url


@pytest.fixture
def sap(mariadb: str, tmp_path: Path) -> Iterator[Sap]:
    engine = sa.create_engine(mariadb, poolclass=sa.NullPool)
    made = Sap(engine, None, tmp_path / "landing" / "sap")  # type: ignore[arg-type]  # set on the next line
    made.read_by(ADRC, KNVP, KNBK, CHANGES)
    made.execute(*TABLES)
    for number, name in enumerate(("Nordlicht GmbH", "Fałkenbach ЯЦ", "日光 株式会社"), 1):
        made.customer(number, name)
    yield made
    made.execute(*(f"DROP TABLE {table.split()[2]}" for table in TABLES))
    engine.dispose()


def test_records_come_with_their_children_in_every_script(sap: Sap) -> None:
    assert sap.refresh().rows == 3
    assert sap.extract()["name1"].to_list() == ["Nordlicht GmbH", "Fałkenbach ЯЦ", "日光 株式会社"]
    assert sap.extract()["adrc.street"].to_list() == ["Hauptstr. 1", "Hauptstr. 2", "Hauptstr. 3"]
    assert sap.listed("bank")[1] == [{"bankn": "2", "tiban.iban": "DE002"}]


def test_pages_of_any_size_give_the_same_extract(sap: Sap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sap.refresh()
    whole = sap.extract()
    for size in (1, 2):
        monkeypatch.setattr(sql_source, "PAGE", size)
        sap.folder = tmp_path / f"pages of {size}"
        sap.refresh()
        assert sap.extract().equals(whole)


def test_a_delta_reads_what_a_child_says(sap: Sap) -> None:
    sap.refresh()
    sap.execute("UPDATE adrc SET street = 'Neue Str. 9' WHERE addrnumber = '0000009002' AND nation = ''")
    sap.changed(2, "20260202")
    sap.execute("DELETE FROM knvp WHERE kunnr = '0000000003' AND parvw = 'WE'")
    read = sap.refresh(LATER)
    assert (read.kind, read.changed) == ("delta", 2)


def test_a_user_that_may_only_read_is_enough(sap: Sap) -> None:
    sap.execute("CREATE USER reader IDENTIFIED BY 'r'", "GRANT SELECT ON src.* TO reader")
    data = sap.rules.model_dump(mode="json", exclude_defaults=True)
    url = sap.rules.connector.url.replace("root@", "reader:r@")  # type: ignore[union-attr]
    data["connector"]["url"] = "env:URL"
    sap.rules = type(sap.rules).model_validate(data)
    assert len(list(open_source(sap.rules, {"URL": url}).full(()))) == 1
    with pytest.raises(SystemRefused) as told:
        open_source(sap.rules, {"URL": url.replace(":r@", ":wrong-secret@")})
    assert "wrong-secret" not in str(told.value)


def test_values_of_all_types_are_text(sap: Sap, tmp_path: Path) -> None:
    sap.execute(
        """CREATE TABLE kinds (id int primary key, amount decimal(12,2), born date, at datetime(3), yes tinyint(1),
        note text)""",
        "INSERT INTO kinds VALUES (7, 1.50, '2025-01-31', '2026-02-01 10:00:00.250', 1, 'a;\"b\"\\nc')",
    )
    sap.read_by(table="kinds", where={}, changed_at="at")
    data: dict[str, Any] = sap.rules.model_dump(mode="json", exclude_defaults=True)
    sap.rules = type(sap.rules).model_validate(data | {"key": "id", "columns": {"name": "note"}})
    sap.folder = tmp_path / "kinds"
    (frame,) = open_source(sap.rules, {}).full(())
    assert frame.row(0) == ("7", "1.50", "2025-01-31", "2026-02-01 10:00:00.250000", "1", 'a;"b"\nc')
    sap.execute("DROP TABLE kinds")
