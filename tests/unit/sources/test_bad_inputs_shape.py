"""Cases 21 to 37 of the catalogue of bad inputs: the shape of a CSV file."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources.readers import open_table

GOOD = "".join(f"{n};name {n}\n" for n in range(1, 301))


def test_bad_21_too_many_columns(work: Any) -> None:
    landed = work.land(f"id;name\n{GOOD}x;y;z\n")
    assert landed.counts == {"rows_in": 301, "loaded": 300, "unchanged": 0, "quarantined": 1}
    assert landed.quarantine.select("record_number", "reason", "raw").rows() == [
        (301, "3 fields where the header has 2", "x;y;z")
    ]


def test_bad_22_too_few_columns(work: Any) -> None:
    landed = work.land(f"id;name\n{GOOD}x\n")
    assert landed.counts["quarantined"] == 1
    assert landed.quarantine["reason"].to_list() == ["1 fields where the header has 2"]


def test_bad_23_two_columns_with_one_name(work: Any) -> None:
    with pytest.raises(InputRefused, match='"name" stands twice'):
        work.land("id;name;name\n1;a;b\n")


def test_bad_24_empty_column_name(work: Any) -> None:
    with pytest.raises(InputRefused, match="column 2 has no name"):
        work.land("id;;name\n1;a;b\n")


def test_bad_25_file_of_zero_bytes(work: Any) -> None:
    with pytest.raises(InputRefused, match="zero bytes"):
        work.land("")


def test_bad_26_header_only(work: Any) -> None:
    with pytest.raises(InputRefused, match="no records"):
        work.land("id;name\n")


def test_bad_27_quote_never_closed(work: Any) -> None:
    rows = "".join(f"{n};name {n}\n" for n in range(200_000))
    with pytest.raises(InputRefused, match="opens in record 2"):
        work.land(f'id;name\n1;Anna\n2;"Bert\n{rows}')
    assert work.leftovers() == []


def test_bad_27_quote_closed_by_a_later_record(work: Any) -> None:
    with pytest.raises(InputRefused, match="opens in record 2"):
        work.land(f'id;name\n1;Anna\n2;"Bert\n3;"Carl"\n{GOOD}')


def test_bad_28_line_ends_of_cr_only(work: Any) -> None:
    assert work.land("id;name\r1;Anna\r2;Bert\r").index["key"].to_list() == ["1", "2"]


def test_bad_29_a_few_rows_with_another_separator_are_quarantined(work: Any) -> None:
    assert work.land(f"id;name\n{GOOD}a,b\nc,d\n").counts["quarantined"] == 2


def test_bad_29_many_rows_with_another_separator_refuse_the_file(work: Any) -> None:
    odd = "".join(f"{n},name\n" for n in range(20))
    with pytest.raises(InputRefused, match=r"20 of 320 records.*semicolon"):
        work.land(f"id;name\n{GOOD}{odd}")


def test_bad_29_a_wrong_declared_separator_is_told(work: Any) -> None:
    with pytest.raises(InputRefused, match="separator"):
        work.land(f"id;name\n{GOOD}", format={"separator": ","})


def test_bad_29_mixed_line_ends_are_read(work: Any) -> None:
    assert work.land("id;name\r\n1;Anna\n2;Bert\r3;Carl\r\n").counts["loaded"] == 3


def test_bad_30_a_decimal_comma_is_kept_as_text(work: Any) -> None:
    assert work.values(work.land("id;amount\n1;1.234,56\n"))[0]["amount"] == "1.234,56"


def test_bad_31_file_name_with_quote_and_semicolon(work: Any) -> None:
    assert work.land("id;name\n1;Anna\n", name="a'; drop table t; --.csv").counts["loaded"] == 1


@pytest.mark.parametrize("name", ["q*.csv", "q[1].csv", "q?.csv"])
def test_bad_32_a_wildcard_in_a_file_name_is_a_letter(work: Any, name: str) -> None:
    work.write("q1.csv", "id;name\n1;wrong\n")
    assert work.values(work.land("id;name\n1;right\n", name=name))[0]["name"] == "right"


def test_bad_32_the_landed_file_has_letters_and_digits_only(work: Any) -> None:
    landed = work.land("id;name\n1;Anna\n", system="erp.q-1")
    assert landed.parquet.stem.isalnum()


def test_bad_33_file_changes_while_it_is_read(work: Any) -> None:
    path = work.write("customers.csv", "id;name\n1;Anna\n")
    reader = open_table(path, FileFormatRules())
    work.write("customers.csv", "id;name\n1;Bert\n")
    with pytest.raises(InputRefused, match="changed while it was read"):
        list(reader.batches())


def test_bad_35_the_same_file_twice_lands_the_same(work: Any) -> None:
    content = f"id;name\n{GOOD}"
    first, second = work.land(content), work.land(content)
    assert first.index.equals(second.index)
    assert first.files == second.files


def test_bad_37_reordered_columns_are_read_by_name(work: Any) -> None:
    one = work.land("id;name;city\n1;Anna;Ulm\n")
    other = work.land("city;id;name\nUlm;1;Anna\n")
    assert one.index.equals(other.index)


def test_bad_37_a_missing_mapped_column_is_refused_with_the_nearest_name(work: Any) -> None:
    with pytest.raises(InputRefused, match=r'no column "Name1".*Name_1'):
        work.land("id;Name_1\n1;Anna\n", columns={"name": "Name1"})
