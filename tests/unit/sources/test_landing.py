"""Landing: files, keys, shared files, and what stands on disk afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl
import pytest

from mdm.errors import InputRefused
from mdm.sources import land, land_many, read_columns

SHARED = "source;id;name\nA;1;Anna\nB;1;Bert\nA;2;Carl\nC;1;Dora\nA;2;Carl\n"


def shared(work: Any, system: str, **rules: Any) -> Any:
    return work.source("shared.csv", system=system, source_column="source", **rules)


def test_the_parquet_holds_the_loaded_records_in_the_order_of_the_index(work: Any) -> None:
    landed = work.land("id;name\n2;Bert\n;x\n1;Anna\n2;Bert\n")
    assert pl.read_parquet(landed.parquet).to_dicts() == [{"id": "2", "name": "Bert"}, {"id": "1", "name": "Anna"}]
    assert landed.index.select("system", "key", "record_number").rows() == [("erp", "2", 1), ("erp", "1", 3)]


def test_every_column_of_the_parquet_is_text(work: Any) -> None:
    assert set(pl.read_parquet_schema(work.land("id;n\n1;2\n").parquet).values()) == {pl.String()}


def test_a_refused_file_leaves_the_older_landing_as_it_was(work: Any) -> None:
    first = work.land("id;name\n1;Anna\n")
    before = first.parquet.read_bytes()
    with pytest.raises(InputRefused):
        work.land("id;name\n")
    assert first.parquet.read_bytes() == before


def test_a_key_of_several_columns_is_joined(work: Any) -> None:
    assert work.land("client;nr\n100;7\n200;7\n", key="client+nr").index["key"].to_list() == ["100|7", "200|7"]


def test_a_key_column_whose_name_has_a_plus_is_taken_first(work: Any) -> None:
    assert work.land("a+b;a;b\nx;1;2\n", key="a+b").index["key"].to_list() == ["x"]


def test_columns_are_read_back_with_their_index(work: Any) -> None:
    landed = work.land("id;name;city\n1;Anna;Ulm\n2;Bert;\n")
    frame = read_columns(landed, ["city"])
    assert frame.columns == ["system", "key", "row_hash", "city"]
    assert frame["city"].to_list() == ["Ulm", None]
    assert frame["row_hash"].to_list() == landed.index["row_hash"].to_list()


def test_no_columns_give_the_index_alone(work: Any) -> None:
    assert read_columns(work.land("id\n1\n"), []).columns == ["system", "key", "row_hash"]


def test_a_column_that_was_not_landed_is_refused(work: Any) -> None:
    with pytest.raises(InputRefused, match="no column"):
        read_columns(work.land("id\n1\n"), ["nam"])


def test_a_source_takes_only_its_own_records_of_a_shared_file(work: Any) -> None:
    work.write("shared.csv", SHARED)
    landed = land(shared(work, "a", source_value="A"), work.project, work.into)
    assert landed.counts == {"rows_in": 3, "loaded": 2, "unchanged": 1, "quarantined": 0}
    assert landed.index.select("system", "key").rows() == [("a", "1"), ("a", "2")]


def test_sources_that_share_a_file_land_each_their_own(work: Any) -> None:
    work.write("shared.csv", SHARED)
    sources = [shared(work, "bee", source_value="B"), shared(work, "a", source_value="A")]
    landed = land_many(sources, work.project, work.into)
    assert [(x.system, x.counts["loaded"]) for x in landed] == [("bee", 1), ("a", 2)]


def test_the_values_of_a_source_column_become_systems(work: Any) -> None:
    work.write("shared.csv", SHARED.replace("C;", "Süd & West;"))
    landed = land_many([shared(work, "all")], work.project, work.into)
    assert [(x.system, x.counts["rows_in"]) for x in landed] == [("A", 3), ("B", 1), ("Süd_West", 1)]


def test_two_values_that_name_one_system_are_refused(work: Any) -> None:
    work.write("shared.csv", "source;id\nA&B;1\nA+B;2\n")
    with pytest.raises(InputRefused, match="both name the system A_B"):
        land_many([shared(work, "all")], work.project, work.into)
    assert work.leftovers() == []


def test_an_odd_record_of_a_shared_file_is_quarantined_once(work: Any) -> None:
    work.write("shared.csv", SHARED + "A;3;x;y\n")
    sources = [shared(work, "b", source_value="B"), shared(work, "a", source_value="A")]
    assert [x.quarantine.height for x in land_many(sources, work.project, work.into)] == [1, 0]


def test_an_empty_source_column_is_quarantined(work: Any) -> None:
    work.write("shared.csv", SHARED + ";3;x\n")
    landed = land_many([shared(work, "all")], work.project, work.into)
    assert [x.quarantine["reason"].to_list() for x in landed] == [["the source system is empty"], [], []]


def test_a_source_value_that_never_occurs_is_refused(work: Any) -> None:
    work.write("shared.csv", SHARED)
    with pytest.raises(InputRefused, match='no record has "Z"'):
        land(shared(work, "z", source_value="Z"), work.project, work.into)


def test_one_refused_source_leaves_nothing_of_the_others(work: Any) -> None:
    work.write("good.csv", "id\n1\n")
    work.write("bad.csv", "id\n")
    sources = [work.source("good.csv", system="good"), work.source("bad.csv", system="bad")]
    with pytest.raises(InputRefused):
        land_many(sources, work.project, work.into)
    assert work.leftovers() == []


def test_many_records_land_in_the_order_of_the_file(work: Any) -> None:
    rows = "".join(f"{n};{'x' * (n % 50)}\n" for n in range(120_000))
    landed = work.land(f"id;name\n{rows}5;other\n")
    assert landed.counts == {"rows_in": 120_001, "loaded": 119_999, "unchanged": 0, "quarantined": 2}
    expected = [str(n) for n in range(120_000) if n != 5]
    assert landed.index["key"].to_list() == expected
    assert read_columns(landed, ["id"])["id"].to_list() == expected


def test_the_hash_of_a_file_is_that_of_its_bytes(work: Any) -> None:
    facts = work.land("id\n1\n").files[0]
    assert facts.sha256 == hashlib.sha256(b"id\n1\n").hexdigest()
    assert facts.size == 5
