"""Text of fixed columns and lists of SE16: layouts that a person declares, with records set aside and not cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.errors import InputRefused
from mdm.rulebook import FileFormatRules
from mdm.sources.facts import TableReader
from mdm.sources.readers import open_table

FIXED = FileFormatRules.model_validate(
    {"type": "fixed", "fixed": {"KUNNR": [0, 10], "NAME1": [10, 30], "ORT01": [30, 40]}, "encoding": "cp1252"}
)
SE16 = FileFormatRules(type="se16", encoding="cp1252")
LIST = """Table:          KNA1
Displayed Fields:  4 of  4   Fixed Columns:                 2  List Width 0250
-----------------------------------------
|  |MANDT|KUNNR     |NAME1               |
-----------------------------------------
|  |100  |0000000001|Müller & Söhne      |
|  |100  |0000000002|Falkenbach AG       |
-----------------------------------------
|  |MANDT|KUNNR     |NAME1               |
-----------------------------------------
|  |100  |0000000003|                    |
-----------------------------------------
"""


def opened(path: Path, text: str, rules: FileFormatRules) -> TableReader:
    path.write_bytes(text.encode("cp1252"))
    return open_table(path, rules)


def read(reader: TableReader) -> tuple[list[tuple[str | None, ...]], list[str]]:
    batches = list(reader.batches())
    rows = [row for batch in batches for row in batch.frame.rows()]
    return rows, [f"{fault.record_number}: {fault.reason}" for batch in batches for fault in batch.faults]


def line(*cells: str) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(cells, (10, 20, 10), strict=True)).rstrip()


def test_columns_are_cut_at_their_places_and_keep_their_zeros(tmp_path: Path) -> None:
    text = line("0000000001", "Müller & Söhne", "Köln") + "\r\n" + line("0000000002", "Falkenbach AG", "") + "\r\n"
    reader = opened(tmp_path / "kna1.txt", text, FIXED)
    assert reader.columns == ("KUNNR", "NAME1", "ORT01")
    assert read(reader)[0] == [("0000000001", "Müller & Söhne", "Köln"), ("0000000002", "Falkenbach AG", None)]


def test_a_line_that_is_too_long_is_set_aside_and_never_cut(tmp_path: Path) -> None:
    lines = [line(f"{n:010d}", "Nordlicht", "Bonn") for n in range(300)]
    lines[4] += "          more"
    rows, faults = read(opened(tmp_path / "kna1.txt", "\n".join(lines), FIXED))
    assert len(rows) == 299
    assert faults == ["5: the line has 48 characters where the last column ends at 40"]


def test_lines_above_the_records_are_left_out(tmp_path: Path) -> None:
    rules = FIXED.model_copy(update={"header_row": 3})
    rows, _ = read(opened(tmp_path / "kna1.txt", "List of customers\n\n" + line("1", "Nordlicht", "Bonn"), rules))
    assert rows == [("1", "Nordlicht", "Bonn")]


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="has no records"):
        read(opened(tmp_path / "kna1.txt", "\n\n", FIXED))


@given(st.lists(st.tuples(*[st.text("abcäöü0123 ", min_size=1, max_size=9)] * 3), min_size=1, max_size=20))
def test_what_was_written_at_its_places_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: object) -> None:
    given_rows = [tuple(cell.strip() for cell in row) for row in rows if "".join(row).strip()]  # type: ignore[attr-defined]
    if not given_rows:
        return
    path = tmp_path_factory.mktemp("fixed") / "kna1.txt"
    found, faults = read(opened(path, "\n".join(line(*row) for row in given_rows), FIXED))
    assert found == [tuple(cell or None for cell in row) for row in given_rows]
    assert not faults


def test_a_list_of_se16_is_read_over_its_pages(tmp_path: Path) -> None:
    reader = opened(tmp_path / "kna1.txt", LIST, SE16)
    assert reader.columns == ("MANDT", "KUNNR", "NAME1")
    assert read(reader)[0] == [
        ("100", "0000000001", "Müller & Söhne"),
        ("100", "0000000002", "Falkenbach AG"),
        ("100", "0000000003", None),
    ]


def test_a_value_with_a_bar_sets_its_line_aside(tmp_path: Path) -> None:
    lines = "".join(f"|  |100  |{n:010d}|Nordlicht           |\n" for n in range(300))
    text = LIST + lines.replace("|0000000007|Nordlicht  ", "|0000000007|Nord|licht ")
    rows, faults = read(opened(tmp_path / "kna1.txt", text, SE16))
    assert len(rows) == 302
    assert faults == ["11: 5 cells where the header has 4; a value may hold a bar"]


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no list of SE16"):
        opened(tmp_path / "kna1.txt", "KUNNR;NAME1\n1;Nordlicht\n", SE16)


def test_places_are_checked_with_the_rules() -> None:
    with pytest.raises(ValueError, match="need both"):
        FileFormatRules(type="fixed")
    with pytest.raises(ValueError, match="before it begins"):
        FileFormatRules.model_validate({"type": "fixed", "fixed": {"KUNNR": [10, 10]}})
