"""An SQL table as a source, on SQLite and PostgreSQL: full and delta, cut off, changed under us."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from mdm.connect import open_source, sql_source
from mdm.errors import InputRefused, SystemRefused, SystemSilent
from mdm.rulebook import SourceRules
from mdm.sources import land

LATER = "2026-03-02T00:00:00+00:00"
WEEKS_LATER = "2026-04-02T00:00:00+00:00"


def test_the_first_read_is_full_and_all_text(erp: Any) -> None:
    read = erp.refresh()
    assert (read.kind, read.rows) == ("full", 3)
    assert erp.names() == ["Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"]
    assert set(erp.extract().schema.values()) == {pl.String()}
    assert erp.extract()["kunnr"].to_list()[0] == "0000000001"
    assert erp.extract()["kredit"].to_list() == ["1.50"] * 3


def test_an_extract_is_landed_like_a_file(erp: Any, tmp_path: Any) -> None:
    erp.refresh()
    rules = erp.rules.model_copy(update={"path": "landing/extract.parquet"})
    landed = land(rules, tmp_path, tmp_path / "landed")
    assert landed.counts["loaded"] == 3
    assert landed.index["key"].to_list() == ["100|0000000001", "100|0000000002", "100|0000000003"]


def test_a_delta_without_changes_changes_nothing(erp: Any) -> None:
    erp.refresh()
    before = erp.extract()
    read = erp.refresh(LATER)
    assert (read.kind, read.rows, read.changed, read.gone) == ("delta", 3, 0, 0)
    assert erp.extract().equals(before)


def test_a_delta_brings_changed_new_and_deleted_records(erp: Any) -> None:
    erp.refresh()
    erp.execute(
        "UPDATE kunden SET \"Name 1\" = 'Nordlicht AG', geaendert = '2026-02-02 00:00:00' WHERE kunnr = '0000000001'",
        "DELETE FROM kunden WHERE kunnr = '0000000002'",
    )
    erp.put(4, "Grimmelt", "2026-02-03 00:00:00")
    read = erp.refresh(LATER)
    assert (read.kind, read.changed, read.gone) == ("delta", 2, 1)
    assert erp.names() == ["Nordlicht AG", "Sonnhalde KG", "Grimmelt"]


def test_a_change_with_a_date_inside_the_overlap_is_seen(erp: Any) -> None:
    erp.refresh()
    erp.execute("UPDATE kunden SET \"Name 1\" = 'Late', geaendert = '2026-01-31 11:00:00' WHERE kunnr = '0000000003'")
    assert erp.refresh(LATER).changed == 1
    assert erp.names()[2] == "Late"


def test_a_record_without_a_change_date_is_always_read_again(erp: Any) -> None:
    erp.put(5, "Dateless", None)
    erp.refresh()
    erp.execute("UPDATE kunden SET \"Name 1\" = 'Still dateless' WHERE kunnr = '0000000005'")
    assert erp.refresh(LATER).changed == 1
    assert erp.names()[3] == "Still dateless"


def test_a_new_record_with_an_old_change_date_makes_the_read_full(erp: Any) -> None:
    erp.refresh()
    erp.put(6, "Imported", "2001-01-01 00:00:00")
    read = erp.refresh(LATER)
    assert (read.kind, read.rows) == ("full", 4)


def test_change_dates_are_not_trusted_for_longer_than_a_week(erp: Any) -> None:
    erp.put(9, "Wendelin", "2026-02-20 00:00:00")
    erp.refresh()
    erp.execute("UPDATE kunden SET \"Name 1\" = 'Silent change' WHERE kunnr = '0000000001'")
    assert erp.refresh(LATER).changed == 0
    assert erp.refresh(WEEKS_LATER).kind == "full"
    assert erp.names()[0] == "Silent change"


def test_a_table_without_change_dates_is_read_in_full_each_time(erp: Any) -> None:
    erp.with_connector()
    assert erp.refresh().kind == "full"
    assert erp.refresh(LATER).kind == "full"


def test_a_read_that_was_cut_off_goes_on_behind_its_last_part(erp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_source, "ROWS", 2)
    whole, asked = sql_source.SqlSource.full, []

    def cut(self: Any, after: Any) -> Any:
        asked.append(after)
        parts = whole(self, after)
        yield next(parts)
        if len(asked) == 1:
            raise SystemSilent("the line was cut")
        yield from parts

    monkeypatch.setattr(sql_source.SqlSource, "full", cut)
    with pytest.raises(SystemSilent):
        erp.refresh()
    assert not (erp.folder / "extract.parquet").exists()
    assert erp.refresh().rows == 3
    assert asked == [(), ("100", "0000000002")]
    assert erp.names() == ["Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"]


def test_what_changed_while_a_read_was_cut_off_comes_with_the_next_delta(erp: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(sql_source, "ROWS", 2)
    whole = sql_source.SqlSource.full

    def cut(self: Any, after: Any) -> Any:
        yield next(whole(self, after))
        raise SystemSilent("the line was cut")

    with monkeypatch.context() as patch:
        patch.setattr(sql_source.SqlSource, "full", cut)
        with pytest.raises(SystemSilent):
            erp.refresh()
    erp.execute("UPDATE kunden SET \"Name 1\" = 'Read too early', geaendert = '2026-02-09' WHERE kunnr = '0000000001'")
    assert erp.refresh().kind == "full"
    assert erp.names()[0] == "Nordlicht GmbH"
    assert erp.refresh(LATER).changed == 1
    assert erp.names()[0] == "Read too early"


def test_a_mapped_column_that_is_gone_stops_the_read_and_is_named(erp: Any) -> None:
    erp.refresh()
    erp.execute('ALTER TABLE kunden RENAME COLUMN "Name 1" TO name1')
    with pytest.raises(InputRefused, match="has no Name 1"):
        erp.refresh(LATER)
    assert erp.names() == ["Nordlicht GmbH", "Falkenbach AG", "Sonnhalde KG"]


def test_a_new_column_that_is_not_mapped_does_not_stop_the_read(erp: Any) -> None:
    erp.refresh()
    erp.execute("ALTER TABLE kunden ADD COLUMN branche varchar(4)")
    assert erp.refresh(LATER).kind == "full"
    assert "branche" in erp.extract().columns


def test_a_missing_table_is_refused_with_what_to_do(erp: Any) -> None:
    erp.with_connector(table="nirgends")
    with pytest.raises(SystemRefused, match="has no table nirgends"):
        erp.refresh()


def test_a_key_column_that_is_not_there_is_refused(erp: Any) -> None:
    data = erp.rules.model_dump(mode="json", exclude_defaults=True) | {"key": "kundennummer"}
    with pytest.raises(SystemRefused, match="has no column kundennummer"):
        open_source(SourceRules.model_validate(data), {})


def test_a_change_column_that_is_no_time_is_refused(erp: Any) -> None:
    erp.with_connector(changed_at="kredit")
    with pytest.raises(SystemRefused, match="no time and no date"):
        erp.refresh()


def test_values_with_quotes_line_breaks_and_separators_survive(erp: Any) -> None:
    erp.put(7, 'A "B", C\nD;E\tF\\N')
    erp.refresh()
    assert erp.names()[3] == 'A "B", C\nD;E\tF\\N'


def test_a_state_file_that_is_damaged_leads_to_a_full_read(erp: Any) -> None:
    erp.refresh()
    (erp.folder / "state.json").write_text("{", encoding="utf-8")
    assert erp.refresh(LATER).kind == "full"
