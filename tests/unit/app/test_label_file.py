"""The file of labels: only added to, whole after a crash, readable again whatever a key looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from mdm.app.label_file import COLUMNS, Label, Word, append_label, read_labels
from mdm.errors import InputRefused, SettingsInvalid
from mdm.records import RecordKey, SystemName

CRM, ERP = SystemName("crm"), SystemName("erp")
NOW = "2026-01-02T03:04:05+00:00"


def label(word: Word, *, left: str = "A1", right: str = "7") -> Label:
    return Label(RecordKey(CRM, left), RecordKey(ERP, right), word, "steward", NOW)


def rows(path: Path) -> list[tuple[str, ...]]:
    return read_labels(path).rows()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "labels.csv"


def test_a_label_is_read_as_it_was_written(path: Path) -> None:
    append_label(path, label("match"))
    assert rows(path) == [("crm", "A1", "erp", "7", "match")]


def test_the_file_begins_with_its_columns(path: Path) -> None:
    append_label(path, label("match"))
    assert path.read_text().splitlines()[0] == ",".join(f'"{name}"' for name in COLUMNS)


def test_author_and_moment_stand_in_the_file(path: Path) -> None:
    append_label(path, label("match"))
    assert path.read_text().endswith(f'"steward","{NOW}"\n')


def test_of_a_pair_the_last_label_counts(path: Path) -> None:
    append_label(path, label("match"))
    append_label(path, label("do_not_match"))
    assert rows(path) == [("crm", "A1", "erp", "7", "do_not_match")]


def test_the_order_of_the_two_records_makes_no_difference(path: Path) -> None:
    append_label(path, label("match"))
    append_label(path, Label(RecordKey(ERP, "7"), RecordKey(CRM, "A1"), "unsure", "steward", NOW))
    assert rows(path) == [("crm", "A1", "erp", "7", "unsure")]


def test_a_withdrawn_label_is_gone(path: Path) -> None:
    append_label(path, label("match"))
    append_label(path, label("withdrawn"))
    assert rows(path) == []


@pytest.mark.parametrize("key", ['a"b', "a,b", "a\nb", "=cmd|calc", "'=cmd", "-5", "Ä 株", "'"])
def test_any_key_comes_back_as_it_was(path: Path, key: str) -> None:
    append_label(path, label("match", left=key))
    assert rows(path) == [("crm", key, "erp", "7", "match")]


def test_no_cell_runs_in_a_spreadsheet(path: Path) -> None:
    append_label(path, label("match", left="=cmd|calc"))
    assert '"=' not in path.read_text()


@pytest.mark.parametrize("torn", ['"crm","A', '"crm","A2","erp","8","mat', '"', '"crm","A2","erp","8","match"'])
def test_a_torn_last_row_does_not_count(path: Path, torn: str) -> None:
    append_label(path, label("match"))
    path.write_text(path.read_text() + torn)
    assert len(rows(path)) == 1


def test_after_a_torn_row_the_file_goes_on_whole(path: Path) -> None:
    append_label(path, label("match"))
    path.write_text(path.read_text() + '"crm","A')
    append_label(path, label("unsure", left="A2"))
    assert [row[1] for row in rows(path)] == ["A1", "A2"]


def test_a_last_row_without_its_line_end_counts(path: Path) -> None:
    append_label(path, label("match"))
    path.write_text(path.read_text().rstrip("\n"))
    append_label(path, label("unsure", left="A2"))
    assert [row[1] for row in rows(path)] == ["A1", "A2"]


def test_labels_from_elsewhere_need_no_author(path: Path) -> None:
    path.write_text(",".join(COLUMNS[:5]) + "\ncrm,A1,erp,7,match\n")
    assert rows(path) == [("crm", "A1", "erp", "7", "match")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "no column source_system_l"),
        (",".join(COLUMNS) + "\ncrm,A1,erp,7,yes,,\n", ":2: 'yes' is not a label"),
        (",".join(COLUMNS) + "\ncrm,A1,crm,A1,match,,\n", "two different records"),
        (",".join(COLUMNS) + "\ncrm,A1\n", "is not a label"),
        (",".join(COLUMNS) + '\ncrm,"A"1,erp,7,match,,\n', "Correct that line"),
    ],
)
def test_a_file_that_means_nothing_is_refused(path: Path, text: str, says: str) -> None:
    path.write_text(text)
    with pytest.raises(InputRefused, match=says):
        read_labels(path)


def test_a_file_that_is_not_utf8_is_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputRefused, match="UTF-8"):
        read_labels(path)


def test_an_answer_that_cannot_be_saved_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="not saved"):
        append_label(tmp_path, label("match"))
