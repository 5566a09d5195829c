"""Child tables of an SQL source: rows become lists of a record, on SQLite and PostgreSQL, in full and by delta."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from mdm.connect import open_source, sql_source
from mdm.errors import SystemRefused
from mdm.rulebook import SourceRules
from mdm.sources import land, read_columns
from mdm.standardise import map_roles
from tests.contract.sap import ADRC, CHANGES, KNBK, KNVP, LATER, TABLES, Sap

both = pytest.mark.parametrize("sap", ["sqlite", "postgresql"], indirect=True)
"""What the database itself has a part in is tried on both; the rest on SQLite."""


@pytest.fixture
def sap(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sap]:
    if getattr(request, "param", "sqlite") == "sqlite":
        url = f"sqlite:///{tmp_path}/sap.sqlite"
    else:
        url = request.getfixturevalue("postgres_url").replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    made = Sap(engine, None, tmp_path / "landing" / "sap")  # type: ignore[arg-type]  # set on the next line
    made.read_by(ADRC, KNVP, KNBK, CHANGES)
    made.execute(*TABLES)
    for number, name in enumerate(("Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"), 1):
        made.customer(number, name)
    made.execute("INSERT INTO kna1 VALUES ('200', '0000000001', 'Another client', '0000009001', '')")
    yield made
    engine.dispose()


@both
def test_an_address_is_found_by_client_and_number_and_other_scripts_of_it_are_left_out(sap: Sap) -> None:
    assert sap.refresh().rows == 3
    assert sap.extract()["adrc.street"].to_list() == ["Hauptstr. 1", "Hauptstr. 2", "Hauptstr. 3"]
    assert sap.extract()["adrc.rows"].to_list() == ["1"] * 3


@both
def test_many_rows_become_a_list_that_keeps_them_apart(sap: Sap) -> None:
    sap.refresh()
    first = sap.listed("partners")[0]
    assert first == [
        {"vkorg": "1000", "parvw": "WE", "kunn2": "0000000501"},
        {"vkorg": "1000", "parvw": "AG", "kunn2": "0000000001"},
    ]
    assert sap.extract()["partners.parvw"][0] == "WE | AG"
    assert sap.extract()["partners.vkorg"][0] == "1000"


def test_a_joined_table_adds_its_columns_to_each_row(sap: Sap) -> None:
    sap.refresh()
    assert sap.listed("bank")[1] == [{"bankn": "2", "tiban.iban": "DE002"}]


def test_a_record_without_children_has_an_empty_list(sap: Sap) -> None:
    sap.execute("DELETE FROM knvp", "DELETE FROM adrc")
    sap.refresh()
    assert sap.listed("partners") == [[], [], []]
    assert sap.extract()["partners.rows"].to_list() == ["0"] * 3
    assert sap.extract()["adrc.street"].to_list() == [None] * 3


@both
def test_pages_of_any_size_give_the_same_extract(sap: Sap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sap.refresh()
    whole = sap.extract()
    for size in (1, 2, 3):
        monkeypatch.setattr(sql_source, "PAGE", size)
        sap.folder = tmp_path / f"pages of {size}"
        sap.refresh()
        assert sap.extract().equals(whole)


def test_the_order_of_rows_in_a_child_table_makes_no_difference(sap: Sap, tmp_path: Path) -> None:
    sap.refresh()
    whole = sap.extract()
    sap.execute(
        "CREATE TABLE turned AS SELECT * FROM knvp ORDER BY parvw DESC, kunnr DESC",
        "DELETE FROM knvp",
        "INSERT INTO knvp SELECT * FROM turned",
    )
    sap.folder = tmp_path / "turned"
    sap.refresh()
    assert sap.extract().equals(whole)


def test_a_delta_without_changes_changes_nothing(sap: Sap) -> None:
    sap.refresh()
    read = sap.refresh(LATER)
    assert (read.kind, read.changed, read.gone) == ("delta", 0, 0)


def test_a_changed_child_makes_its_record_changed(sap: Sap) -> None:
    sap.refresh()
    sap.execute("UPDATE adrc SET street = 'Neue Str. 9' WHERE addrnumber = '0000009002' AND nation = ''")
    sap.changed(2, "20260202")
    read = sap.refresh(LATER)
    assert (read.kind, read.changed) == ("delta", 1)
    assert sap.extract()["adrc.street"].to_list() == ["Hauptstr. 1", "Neue Str. 9", "Hauptstr. 3"]


@both
def test_a_deleted_child_makes_its_record_changed_though_no_date_says_so(sap: Sap) -> None:
    sap.customer(4, "Grimmelt", "20260220")  # the last change: the others lie outside of what a delta looks at
    sap.refresh()
    sap.execute("DELETE FROM knvp WHERE kunnr = '0000000003' AND parvw = 'WE'")
    read = sap.refresh(LATER)
    assert (read.kind, read.changed) == ("delta", 1)
    assert [len(partners) for partners in sap.listed("partners")] == [2, 2, 1, 2]


def test_a_change_that_no_date_and_no_count_shows_waits_for_the_next_full_read(sap: Sap) -> None:
    sap.customer(4, "Grimmelt", "20260220")
    sap.refresh()
    sap.execute("UPDATE knvp SET kunn2 = '0000000777' WHERE kunnr = '0000000003' AND parvw = 'WE'")
    assert sap.refresh(LATER).changed == 0
    assert sap.refresh("2026-04-01T00:00:00+00:00").kind == "full"
    assert sap.listed("partners")[2][0]["kunn2"] == "0000000777"


def test_a_new_customer_without_a_change_document_is_read_for_its_children(sap: Sap) -> None:
    sap.refresh()
    sap.customer(7, "Wendelin", "20010101")
    read = sap.refresh(LATER)
    assert (read.kind, read.changed) == ("delta", 1)
    assert sap.extract()["name1"].to_list()[-1] == "Wendelin"


def test_dates_that_stand_for_none_do_not_end_all_deltas(sap: Sap) -> None:
    sap.changed(1, "99991231")
    sap.refresh()
    sap.execute("UPDATE kna1 SET name1 = 'Falkenbach SE' WHERE kunnr = '0000000002'")
    sap.changed(2, "20260203")
    assert sap.refresh(LATER).changed == 1


def test_the_watermark_is_kept_for_each_table(sap: Sap) -> None:
    sap.execute("ALTER TABLE kna1 ADD COLUMN aedat date")
    sap.execute("UPDATE kna1 SET aedat = '2026-02-25'")
    sap.read_by(ADRC, CHANGES, changed_at="aedat")
    assert open_source(sap.rules, {}).watermark() == '{"": "2026-02-25", "changes": "20260201"}'
    sap.refresh()
    sap.execute("UPDATE adrc SET street = 'Neue Str. 9' WHERE addrnumber = '0000009002'")
    sap.changed(2, "20260202")  # long before the last change of the main table
    assert sap.refresh(LATER).changed == 1


def test_rows_of_one_key_are_never_torn_apart_by_pages(sap: Sap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_source, "PAGE", 2)
    sap.execute("INSERT INTO kna1 VALUES ('100', '0000000002', 'Falkenbach the second', '0000009002', '')")
    assert sap.refresh().rows == 4


def test_rows_without_a_key_are_refused_and_not_left_out(sap: Sap) -> None:
    sap.execute("INSERT INTO kna1 VALUES ('100', NULL, 'Nobody', '0000009001', '')")
    with pytest.raises(SystemRefused, match="1 rows of table kna1 have no key"):
        sap.refresh()


def test_what_is_missing_in_a_child_table_is_told_with_its_table(sap: Sap) -> None:
    sap.read_by(ADRC | {"columns": ["street", "postal"]})
    with pytest.raises(SystemRefused, match=r"Table adrc .* has no column postal"):
        open_source(sap.rules, {})
    sap.read_by(ADRC | {"table": "adrd"})
    with pytest.raises(SystemRefused, match="has no table adrd"):
        open_source(sap.rules, {})


def test_a_check_tells_which_tables_have_no_time_of_changes(sap: Sap) -> None:
    notes = open_source(sap.rules, {}).describe().notes
    assert notes[0] == "adrc has no time of changes: they are seen every 7 days"
    assert len(notes) == 3


def test_values_of_many_rows_reach_their_role_one_by_one(sap: Sap, tmp_path: Path) -> None:
    sap.execute("INSERT INTO knbk VALUES ('100', '0000000001', 'DE', '77')")
    sap.execute("INSERT INTO tiban VALUES ('100', 'DE', '77', 'DE0077')")
    sap.refresh()
    data = sap.rules.model_dump(mode="json", exclude_defaults=True)
    data["columns"] = {"name": "name1", "street": "adrc.street", "iban": "bank.tiban.iban"}
    rules = SourceRules.model_validate(data)
    landed = land(rules.model_copy(update={"path": "landing/sap/extract.parquet"}), tmp_path, tmp_path / "landed")
    mapped = map_roles(read_columns(landed, ["name1", "adrc.street", "bank.tiban.iban"]), rules)
    assert mapped["iban"].to_list()[0] == ["DE001", "DE0077"]
    assert isinstance(mapped["iban"].dtype, pl.List)


def test_one_value_is_never_taken_from_many_rows(sap: Sap) -> None:
    data = sap.rules.model_dump(mode="json", exclude_defaults=True)
    data["columns"] = {"name": "name1", "city": "partners.vkorg"}
    with pytest.raises(ValueError, match="city takes one value and partners has many rows"):
        SourceRules.model_validate(data)
